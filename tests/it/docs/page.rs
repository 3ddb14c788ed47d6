//! Pages: the project's Markdown files, and what stands in them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::project;

/// A Markdown file of the project.
pub struct Page {
    /// From the project's folder.
    pub path: PathBuf,
    pub text: String,
}

/// A fenced block of a page.
pub struct Block<'p> {
    /// What stands behind the fence.
    pub language: &'p str,
    /// Without the fences.
    pub text: &'p str,
}

/// One page.
pub fn page(path: &str) -> Page {
    let text = fs::read_to_string(project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    Page { path: path.into(), text }
}

/// Every page of the project, in order of path.
pub fn pages() -> Vec<Page> {
    let mut found = Vec::new();
    find(project(), &mut found);
    let relative = |path: &Path| path.strip_prefix(project()).expect("a path below the project").to_owned();
    let mut paths: Vec<_> = found.iter().map(|path| relative(path)).collect();
    paths.sort();
    paths.iter().map(|path| page(&path.display().to_string())).collect()
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !name.starts_with('.') && !["target", "node_modules"].contains(&&*name) {
            find(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

impl Page {
    /// The fenced blocks, in order.
    pub fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks = Vec::new();
        let mut rest = self.text.as_str();
        while let Some((language, text, after)) = next_block(rest) {
            blocks.push(Block { language, text });
            rest = after;
        }
        blocks
    }

    /// The blocks in one language.
    pub fn blocks_in(&self, language: &str) -> Vec<Block<'_>> {
        self.blocks().into_iter().filter(|block| block.language == language).collect()
    }

    /// What stands between a heading and the next one of its rank.
    pub fn section(&self, heading: &str) -> Self {
        let (rank, _) = heading.split_once(' ').expect("a heading");
        let start = format!("\n{heading}\n");
        let (_, rest) =
            self.text.split_once(&start).unwrap_or_else(|| panic!("no {heading} in {}", self.path.display()));
        let text = rest.split(&format!("\n{rank} ")).next().unwrap_or_default().to_owned();
        Self { path: self.path.clone(), text }
    }

    /// The rows of every table, as cells; headings and rules are left out.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let lines: Vec<_> = self.text.lines().collect();
        let is_rule = |line: Option<&&str>| {
            line.is_some_and(|line| line.starts_with("| ---") || line.starts_with("|---"))
        };
        lines
            .iter()
            .enumerate()
            .filter(|(at, line)| line.starts_with('|') && !is_rule(Some(line)) && !is_rule(lines.get(at + 1)))
            .map(|(_, line)| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
            .collect()
    }

    /// Replaces one of the page's blocks in its file, where others may have been replaced already.
    pub fn rewrite(&self, block: &str, with: &str) {
        let path = project().join(&self.path);
        let text = fs::read_to_string(&path).expect("the page").replacen(block, with, 1);
        fs::write(path, text).expect("the page can be written");
    }
}

/// The next block's language and text, and what follows it.
fn next_block(text: &str) -> Option<(&str, &str, &str)> {
    let (_, rest) = split_line(text, |line| line.starts_with("```"))?;
    let (head, body) = rest.split_once('\n')?;
    let (inside, after) = split_line(body, |line| line.trim_end() == "```")?;
    let after = after.split_once('\n').map_or("", |(_, after)| after);
    Some((head.trim_start_matches('`').trim(), inside, after))
}

/// Splits before the first line that is `wanted`.
fn split_line(text: &str, wanted: impl Fn(&str) -> bool) -> Option<(&str, &str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if wanted(line) {
            return Some(text.split_at(at));
        }
        at += line.len();
    }
    None
}

/// The words in backticks.
pub fn code_words(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Whether the pages are to be rewritten rather than compared.
pub fn is_blessing() -> bool {
    std::env::var_os("LEASTWISE_BLESS").is_some()
}
