//! Readers of each format, none of them ours, that find nothing but text in a name.

use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;

/// Whether a terminal, or whoever reads one, could be steered by it.
fn steers(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Text for people, on a terminal or in the log of a CI that looks for commands in it.
#[track_caller]
pub fn assert_plain(text: &str, what: &str) {
    if let Some(at) = text.find(steers) {
        panic!("{what}: {:?}", text[at..].chars().take(40).collect::<String>());
    }
    // A name that is wrapped begins a line too, so blanks do not count.
    let joined: String = text.split_whitespace().collect();
    for (at, _) in joined.match_indices("FORGED") {
        assert!(
            joined[..at].ends_with('>'),
            "{what}: a line of its own: {}",
            &joined[at..joined.floor_char_boundary(at + 60)]
        );
    }
    for line in text.lines() {
        let line = line.trim_start();
        let is_command = line.strip_prefix("::").is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        // A spark of our own is made of #, and obeyed by nobody.
        let is_command = is_command || ["##[", "##v"].iter().any(|start| line.contains(start));
        assert!(!is_command, "{what}: a command: {line:?}");
    }
}

#[track_caller]
pub fn assert_markdown(text: &str, what: &str) {
    assert!(!text.contains(steers), "{what}");
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH;
    let (mut is_styled, mut prose) = (false, text.to_owned());
    for (event, place) in Parser::new_ext(text, options).into_offset_iter() {
        match &event {
            Event::Html(html) | Event::InlineHtml(html) => {
                // Our own; a name has no place in it.
                assert!(
                    ["<details", "</details", "<summary", "</summary", "<br"]
                        .iter()
                        .any(|tag| html.starts_with(tag)),
                    "{what}: {event:?}"
                );
                assert!(!html.contains("EVIL") && !html.contains("evil"), "{what}: {event:?}");
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                assert!(!dest_url.contains("evil"), "{what}: {event:?}");
            }
            Event::Code(code) => assert!(&**code != "c", "{what}: {event:?}"),
            Event::Text(said) if is_styled => assert!(!["b", "d"].contains(&&**said), "{what}: {event:?}"),
            // Nothing acts within a block of code.
            Event::Start(Tag::CodeBlock(_)) => prose.replace_range(place.clone(), &" ".repeat(place.len())),
            _ => {}
        }
        is_styled = matches!(event, Event::Start(Tag::Strong | Tag::Emphasis | Tag::Strikethrough));
    }
    // Readers that link whatever looks like an address, or call whoever is named, see these.
    for acts in ["://evil", "@everyone", "www.evil", "#1 "] {
        assert!(!prose.contains(acts), "{what}: {acts}");
    }
}

#[track_caller]
fn assert_csv(text: &str, what: &str) {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    let mut rows = 0;
    for record in reader.records() {
        for field in &record.expect("as many fields as the heading has") {
            let first = field.trim_start().chars().next().unwrap_or('x');
            assert!(!"=+-@".contains(first), "{what}: {}", &field[..field.floor_char_boundary(60)]);
            assert!(!field.contains(|c| steers(c) || c == '\n'), "{what}");
        }
        rows += 1;
    }
    assert!(rows > 10, "{what}: {rows}");
}

/// Every annotation is one line that begins as ours do.
#[track_caller]
fn assert_github(text: &str, what: &str) {
    const KEYS: [&str; 4] = ["title", "file", "line", "endLine"];
    for line in text.lines() {
        let rest = ["::error ", "::warning ", "::notice "].iter().find_map(|own| line.strip_prefix(own));
        let (properties, message) =
            rest.and_then(|rest| rest.split_once("::")).unwrap_or_else(|| panic!("{what}: {line:.200}"));
        assert!(
            properties.split(',').all(|own| own.split_once('=').is_some_and(|(key, _)| KEYS.contains(&key))),
            "{what}: {properties}"
        );
        assert!(!message.contains("##[") && !message.contains(steers), "{what}: {message:.200}");
    }
}

#[track_caller]
fn assert_json(text: &str, what: &str) -> Value {
    assert!(!text.contains(steers) && !text.contains("##"), "{what}");
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{what}: {error}"))
}

#[track_caller]
fn assert_html(text: &str, what: &str) {
    assert!(!text.contains("<img") && !text.contains(steers), "{what}");
    // What the page itself opens, it closes, and a name closes none of it.
    for tag in ["style", "script", "table", "html", "body"] {
        let (opened, closed) =
            (text.matches(&format!("<{tag}")).count(), text.matches(&format!("</{tag}>")).count());
        assert_eq!(opened, closed, "{what}: {tag}");
    }
    assert!(text.matches("<style").count() <= 1 && text.matches("<script").count() <= 1, "{what}");
}

#[track_caller]
pub fn assert_sound(format: &str, text: &str, what: &str) {
    match format {
        "json" | "sarif" | "sarif-full" => drop(assert_json(text, what)),
        "markdown" => assert_markdown(text, what),
        "html" => assert_html(text, what),
        "csv" => assert_csv(text, what),
        "junit" => {
            let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{what}: {error}"));
            let own = [
                "testsuites",
                "testsuite",
                "testcase",
                "failure",
                "error",
                "skipped",
                "properties",
                "property",
                "system-out",
            ];
            assert!(
                document
                    .descendants()
                    .filter(roxmltree::Node::is_element)
                    .all(|node| own.contains(&node.tag_name().name())),
                "{what}"
            );
            assert!(!text.contains(steers), "{what}");
        }
        "github" => assert_github(text, what),
        _ => assert_plain(text, what),
    }
}
