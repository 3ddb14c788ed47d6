//! What a cell says without the marks of Markdown and HTML, and the footnote marks that it carries.

/// Marks that send the reader to a footnote.
const MARKS: [char; 9] = ['*', '†', '‡', '§', '¶', '¹', '²', '³', '⁴'];

/// Characters that take no room and mean nothing in a name.
const INVISIBLE: [char; 6] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}'];

/// The text as a reader of the page sees it: without emphasis, links, tags and entities. Line breaks stay.
pub(super) fn plain(text: &str) -> String {
    let text = links(&breaks(text));
    let text: String = decode(&text)
        .chars()
        .filter(|c| !INVISIBLE.contains(c))
        .map(|c| if c == '\u{a0}' || c == '\u{202f}' { ' ' } else { c })
        .collect();
    let text = emphasis(&text).replace("\\*", "*").replace("\\_", "_").replace("\\|", "|");
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Tags that change how a text looks and not what it says.
const TAGS: [&str; 31] = [
    "a",
    "b",
    "blockquote",
    "body",
    "center",
    "code",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "html",
    "i",
    "img",
    "label",
    "mark",
    "ol",
    "section",
    "small",
    "span",
    "strong",
    "table",
    "tbody",
    "thead",
    "u",
    "ul",
    "o:p",
    "input",
];

/// Tags that begin another line.
const BREAKS: [&str; 9] = ["br", "p", "li", "div", "tr", "dd", "dt", "hr", "caption"];

/// The name of the tag that the text begins with, whether it closes, and what follows it.
pub(super) fn tag(text: &str) -> Option<(String, bool, &str)> {
    let inner = text.strip_prefix('<')?;
    let end = inner.find('>')?;
    let (inside, rest) = (&inner[..end], &inner[end + 1..]);
    let name = inside.trim_start_matches('/').split(|c: char| c.is_whitespace() || c == '/').next()?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
    is_name.then(|| (name.to_lowercase(), inside.starts_with('/'), rest))
}

/// `<br>` is a line break; a raised text stands in parentheses; what is no tag of a text stays as it is.
fn breaks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        match tag(rest) {
            Some((name, closes, after)) if name == "sup" => {
                out.push_str(if closes { ")" } else { " (" });
                rest = after;
            }
            Some((name, _, after)) if BREAKS.contains(&name.as_str()) => {
                out.push('\n');
                rest = after;
            }
            Some((name, _, after)) if TAGS.contains(&name.as_str()) => rest = after,
            _ => {
                out.push('<');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// `[text](address)` is its text.
fn links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        let parts = link.split_once("](").and_then(|(label, rest)| {
            let (address, rest) = rest.split_once(')')?;
            (!label.contains(['[', '\n']) && !address.contains([' ', '\n'])).then_some((label, rest))
        });
        out.push_str(before);
        match parts {
            Some((label, after)) => {
                // A picture is its description.
                if out.ends_with('!') {
                    out.pop();
                }
                out.push_str(label);
                rest = after;
            }
            None => {
                out.push('[');
                rest = link;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Entities of HTML, as far as pages about permissions have them.
pub(super) fn decode(text: &str) -> String {
    const NAMED: [(&str, &str); 14] = [
        ("nbsp", " "),
        ("lt", "<"),
        ("gt", ">"),
        ("quot", "\""),
        ("apos", "'"),
        ("ndash", "–"),
        ("mdash", "—"),
        ("rarr", "→"),
        ("raquo", "»"),
        ("bull", "•"),
        ("dagger", "†"),
        ("check", "✓"),
        ("rsquo", "’"),
        ("amp", "&"),
    ];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, entity)) = rest.split_once('&') {
        out.push_str(before);
        let decoded = entity.split_once(';').filter(|(name, _)| name.len() <= 8).and_then(|(name, after)| {
            let number = name.strip_prefix('#').and_then(|number| {
                let hex = number.strip_prefix(['x', 'X']);
                let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
                code.and_then(char::from_u32).map(String::from)
            });
            let named = || NAMED.iter().find(|(own, _)| *own == name).map(|(_, text)| (*text).to_owned());
            Some((number.or_else(named)?, after))
        });
        match decoded {
            Some((text, after)) => {
                out.push_str(&text);
                rest = after;
            }
            None => {
                out.push('&');
                rest = entity;
            }
        }
    }
    out.push_str(rest);
    out
}

/// `**bold**`, `__bold__`, `*italic*` and `` `code` ``. A star that nothing closes is a footnote's and stays.
fn emphasis(text: &str) -> String {
    let mut text = text.replace('`', "");
    for mark in ["***", "**", "__"] {
        let places: Vec<_> = text.match_indices(mark).map(|(at, _)| at).collect();
        let paired = places.len() / 2 * 2;
        for at in places.into_iter().take(paired).rev() {
            text.replace_range(at..at + mark.len(), "");
        }
    }
    for mark in ['*', '_'] {
        let inner = text.trim().strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
        if let Some(inner) = inner.filter(|inner| {
            !inner.is_empty() && !inner.contains(mark) && !inner.starts_with(' ') && !inner.ends_with(' ')
        }) {
            text = inner.to_owned();
        }
    }
    text
}

/// A text, and the footnote marks around it: `Table Setup*` is `Table Setup` and `*`.
pub(super) fn marks(text: &str) -> (&str, String) {
    let is_mark = |c: char| MARKS.contains(&c);
    let inner = text.trim().trim_end_matches(|c: char| is_mark(c) || c == ' ');
    let inner_start = inner.trim_start_matches(|c: char| is_mark(c) || c == ' ');
    let marks = text.chars().filter(|&c| is_mark(c));
    let inside = inner_start.chars().filter(|&c| is_mark(c)).count();
    let before = inner.len() - inner_start.len();
    let around: String = if inside == 0 {
        marks.collect()
    } else {
        text[..before].chars().chain(text.trim()[inner.len()..].chars()).filter(|&c| is_mark(c)).collect()
    };
    (inner_start, around)
}

/// The mark with which a line begins that explains one.
pub(super) fn footnote(line: &str) -> Option<(String, &str)> {
    let rest = line.trim_start_matches(|c: char| MARKS.contains(&c));
    let mark = &line[..line.len() - rest.len()];
    // A raised number of HTML stands in parentheses.
    if mark.is_empty()
        && let Some((number, text)) = line.strip_prefix('(').and_then(|inner| inner.split_once(')'))
        && !number.is_empty()
        && number.chars().all(|c| c.is_ascii_digit())
        && !text.trim().is_empty()
    {
        return Some((format!("({number})"), text.trim()));
    }
    (!mark.is_empty() && !rest.trim().is_empty()).then(|| (mark.to_owned(), rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::{footnote, marks, plain};

    #[test]
    fn emphasis_links_tags_and_entities_are_no_text() {
        for (written, read) in [
            ("**Inquire Only**", "Inquire Only"),
            ("**Inquire** = __All__", "Inquire = All"),
            ("*All*", "All"),
            ("`All`", "All"),
            ("[Table Setup](https://x.example/a)", "Table Setup"),
            ("Add<br/>Edit", "Add\nEdit"),
            ("Time &amp; Expense&nbsp;", "Time & Expense"),
            ("<b>All</b>", "All"),
            ("a < b", "a < b"),
            ("Contacts <see note>", "Contacts <see note>"),
            ("All<sup>1</sup>", "All (1)"),
            ("Contacts &gt; All &#x2713;", "Contacts > All ✓"),
            ("All \\*", "All *"),
            ("R&D; x", "R&D; x"),
            ("[see below]", "[see below]"),
        ] {
            assert_eq!(plain(written), read, "{written}");
        }
    }

    #[test]
    fn a_star_that_nothing_closes_is_a_mark() {
        assert_eq!(plain("All*"), "All*");
        assert_eq!(plain("**All***"), "All*");
        assert_eq!(marks("Table Setup*"), ("Table Setup", "*".to_owned()));
        assert_eq!(marks("† Contacts ‡"), ("Contacts", "†‡".to_owned()));
        assert_eq!(marks("All"), ("All", String::new()));
        assert_eq!(marks("*"), ("", "*".to_owned()));
        assert_eq!(footnote("* only for set-up"), Some(("*".to_owned(), "only for set-up")));
        assert_eq!(footnote("(1) only for set-up"), Some(("(1)".to_owned(), "only for set-up")));
        assert_eq!(footnote("(see below) only"), None);
        assert_eq!(footnote("only"), None);
    }
}
