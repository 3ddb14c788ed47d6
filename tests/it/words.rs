//! Words that users do not have to learn: STYLE.md says which to write instead. Looked for in what the program
//! prints (string literals of src, templates), in the pages for users, and in the sentences of the rule files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::docs::page::Page;
use crate::support::project;

/// Kept out, and what to write instead; the same table stands in STYLE.md.
const WORDS: [(&str, &str); 16] = [
    ("mend", "fix"),
    ("mends", "fixes"),
    ("mended", "fixed"),
    ("cure", "fix"),
    ("told", "known, decided, said"),
    ("untold", "unknown"),
    ("stands", "is"),
    ("beyond need", "not needed"),
    ("for eyes", "to look at in the PSA"),
    ("by eye", "in the PSA"),
    ("a side", "OLD, or NEW"),
    ("hearing", "checking"),
    ("patience", "waiting time"),
    ("a grant", "a permission"),
    ("a right", "a permission"),
    ("the rights", "the permissions"),
];

/// A word, where it is, and the line.
struct Hit {
    path: PathBuf,
    line: usize,
    word: &'static str,
    instead: &'static str,
    text: String,
}

/// The words in one line, as whole words in any case.
fn words_in(line: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let folded: Vec<String> = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let spaced = format!(" {} ", folded.join(" "));
    WORDS.into_iter().filter(move |(word, _)| spaced.contains(&format!(" {word} ")))
}

/// What is in quotes in Rust, by line; comments are left out.
fn literals(code: &str) -> Vec<(usize, String)> {
    let mut texts = vec![String::new(); code.lines().count() + 1];
    let (mut at, mut rest) = (0, code);
    // Of a literal that is open: the text that ends it, and whether a backslash means something in it.
    let mut open: Option<(String, bool)> = None;
    while let Some(c) = rest.chars().next() {
        let taken = match &open {
            Some((end, _)) if rest.starts_with(end.as_str()) => {
                let length = end.len();
                open = None;
                texts[at].push(' ');
                length
            }
            Some((_, true)) if c == '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            Some(_) => {
                texts[at].push(c);
                c.len_utf8()
            }
            None if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            None if rest.starts_with("'\"'") => 3,
            None if rest.starts_with("'\\\"'") => 4,
            None => match raw(rest) {
                Some(hashes) => {
                    open = Some((format!("\"{}", "#".repeat(hashes)), false));
                    hashes + 2
                }
                None => {
                    if c == '"' {
                        open = Some(("\"".to_owned(), true));
                    }
                    c.len_utf8()
                }
            },
        };
        at += rest[..taken].matches('\n').count();
        rest = &rest[taken..];
    }
    texts.into_iter().enumerate().map(|(at, text)| (at + 1, text)).collect()
}

/// The number of hashes of a raw string that begins here.
fn raw(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('r')?;
    let hashes = inside.bytes().take_while(|byte| *byte == b'#').count();
    inside[hashes..].starts_with('"').then_some(hashes)
}

/// Without the tests at its end.
fn code(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default()
}

/// What users read of a file, by line: all of a page, the literals of Rust, the values of TOML.
fn read_by_users(path: &Path, text: &str) -> Vec<(usize, String)> {
    let extension = path.extension().unwrap_or_default();
    if extension == "rs" {
        return literals(code(text));
    }
    let value = |line: &str| match line.split_once('=') {
        Some((_, value)) if !line.starts_with('#') => value.to_owned(),
        _ => String::new(),
    };
    let keep = |line: &str| if extension == "toml" { value(line) } else { line.to_owned() };
    text.lines().enumerate().map(|(at, line)| (at + 1, keep(line))).collect()
}

fn find(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("docs/dev") {
            find(&path, extension, found);
        } else if path.extension().is_some_and(|own| own == extension) {
            found.push(path);
        }
    }
}

fn hits() -> Vec<Hit> {
    let mut files = vec![project().join("README.md"), project().join("SECURITY.md")];
    for (folder, extension) in [("src", "rs"), ("templates", "html"), ("docs", "md"), ("rules", "toml")] {
        find(&project().join(folder), extension, &mut files);
    }
    assert!(files.len() > 300, "only {} files", files.len());
    files.sort();
    let mut hits = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).expect("text");
        let path = path.strip_prefix(project()).expect("a path below the project").to_owned();
        for (line, text) in read_by_users(&path, &text) {
            for (word, instead) in words_in(&text) {
                hits.push(Hit { path: path.clone(), line, word, instead, text: text.trim().to_owned() });
            }
        }
    }
    hits
}

#[test]
fn no_text_for_users_has_a_word_of_the_house() {
    let lines: Vec<_> = hits()
        .iter()
        .map(|hit| {
            format!(
                "{}:{}: \"{}\" (write: {}): {}",
                hit.path.display(),
                hit.line,
                hit.word,
                hit.instead,
                hit.text
            )
        })
        .collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn words_are_found_where_users_read_them_and_nowhere_else() {
    let of = |text: &str| words_in(text).map(|(word, _)| word).collect::<Vec<_>>();
    assert_eq!(of("Mend this: 3 are beyond need."), ["mend", "beyond need"]);
    assert!(of("recommended, amend, a secure store, understands").is_empty());
    let rust = "let mend = '\"'; // told\nsay(\"it \\\"stands\\\" \\\n there\", r#\"by \"eye\"\"#);\n\n#[cfg(test)]\nmod tests { \"cure\" }";
    let read: String = read_by_users(Path::new("a.rs"), rust).into_iter().map(|(_, text)| text).collect();
    assert_eq!(of(&read), ["stands", "by eye"], "{read}");
    let toml = "# what mends it\ncure = \"make a key\"\nwhy = \"nobody told\"";
    let read: String = read_by_users(Path::new("a.toml"), toml).into_iter().map(|(_, text)| text).collect();
    assert!(read.contains("told") && !read.contains("mends") && !read.contains("cure"));
}

#[test]
fn the_style_guide_has_the_same_words() {
    let text = fs::read_to_string(project().join("STYLE.md")).expect("STYLE.md");
    let page = Page { path: "STYLE.md".into(), text };
    let rows = page.section("## Words that a test keeps out").rows();
    let listed: Vec<_> = rows.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    assert_eq!(listed, WORDS);
}
