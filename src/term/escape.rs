//! Third-party text in formats that would take part of it for a command: names of roles and members
//! are typed by people whom a report must not obey.

use std::fmt::Write;
use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

use crate::term::text::{is_unsafe, printable};

/// Text within Markdown: every character that GitHub or GitLab gives a meaning is a number, so that a
/// name can neither format, link nor call anybody. Not for the start of a line, where a dash would do.
pub(crate) fn markdown(text: &str) -> String {
    let safe = printable(text);
    let mut escaped = String::with_capacity(safe.len());
    for (at, c) in safe.char_indices() {
        let is_link = c == ':' && safe[at..].starts_with("://") || c == '.' && safe[..at].ends_with("www");
        if is_link || "&<>|*_`[]\\#@~!$".contains(c) {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "&#{};", u32::from(c));
            if "@#".contains(c) {
                // GitHub and GitLab look for names and numbers once the text is rendered, where an entity
                // is the character again; a space of no width keeps them apart.
                escaped.push_str("&#8203;");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// The message of a workflow command of GitHub Actions.
pub(crate) fn command_data(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command of GitHub Actions.
pub(crate) fn command_property(text: &str) -> String {
    command_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Text or an attribute of XML 1.0, which has no place for control characters.
pub(crate) fn xml(text: &str) -> String {
    printable(text).chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Not characters of XML, and not control characters either.
            '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
        escaped
    })
}

/// Writes JSON for programs that a person or a runner may see too: the same document, with what could steer
/// a display or begin a runner's command as numbers.
pub(crate) fn write_json(out: &mut dyn io::Write, document: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Quiet(PrettyFormatter::new()));
    document.serialize(&mut serializer).map_err(io::Error::from)
}

/// Pretty, and quiet in its texts.
struct Quiet(PrettyFormatter<'static>);

impl Formatter for Quiet {
    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        if is_plain(text) {
            return out.write_all(text.as_bytes());
        }
        let (mut start, mut before) = (0, ' ');
        let mut units = [0; 2];
        for (at, c) in text.char_indices() {
            if is_unsafe(c) || (c == '#' && before == '#') {
                out.write_all(&text.as_bytes()[start..at])?;
                for unit in c.encode_utf16(&mut units) {
                    write!(out, "\\u{unit:04x}")?;
                }
                start = at + c.len_utf8();
            }
            before = c;
        }
        out.write_all(&text.as_bytes()[start..])
    }

    fn begin_array<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: io::Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

/// Whether nothing in a text needs an escape, as in nearly all.
fn is_plain(text: &str) -> bool {
    let mut before = b' ';
    for &byte in text.as_bytes() {
        if !matches!(byte, b' '..=b'~') || (byte == b'#' && before == b'#') {
            return false;
        }
        before = byte;
    }
    true
}

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: &str = "=+-@＝＋－＠";

/// Where a spreadsheet may part cells, whatever the file means: it goes by the settings of the machine.
const PARTS_CELLS: [char; 3] = [',', ';', '\t'];

/// Stands before a table of CSV: without it, spreadsheets read the bytes of UTF-8 as letters of an older encoding.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A row of CSV. RFC 4180 ends lines with both.
pub(crate) fn csv_row(fields: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let fields: Vec<_> = fields.into_iter().map(|field| csv(field.as_ref())).collect();
    format!("{}\r\n", fields.join(","))
}

/// A field of CSV (RFC 4180), always in quotes. What a spreadsheet would take for a formula, at the start or
/// after what may part cells, gets an apostrophe in front, which spreadsheets show as text.
fn csv(text: &str) -> String {
    let safe = printable(text);
    let mut field = String::with_capacity(safe.len() + 2);
    field.push('"');
    for part in safe.split_inclusive(PARTS_CELLS) {
        // A quote within a cell may be read as its end or its beginning.
        let first = part.trim_start_matches(|c: char| c.is_whitespace() || c == '"').chars().next();
        if first.is_some_and(|c| FORMULA.contains(c)) {
            field.push('\'');
        }
        field.push_str(&part.replace('"', "\"\""));
    }
    field.push('"');
    field
}

#[cfg(test)]
mod tests {
    use super::{FORMULA, command_data, command_property, csv, markdown, write_json, xml};

    #[test]
    fn a_name_cannot_format_link_or_call_anybody() {
        assert_eq!(markdown("a|b *c* @all #1"), "a&#124;b &#42;c&#42; &#64;&#8203;all &#35;&#8203;1");
        assert_eq!(markdown("<img> [x](https://e.org)"), "&#60;img&#62; &#91;x&#93;(https&#58;//e.org)");
        assert_eq!(markdown("www.e.org"), "www&#46;e.org");
        assert_eq!(markdown("a\nb"), "a<U+000A>b".replace('<', "&#60;").replace('>', "&#62;"));
    }

    #[test]
    fn a_name_cannot_give_the_runner_a_command() {
        assert_eq!(command_data("100%\n::error::x"), "100%25<U+000A><U+003A>:error<U+003A>:x");
        assert_eq!(command_data("##[error]x"), "#<U+0023>[error]x");
        assert_eq!(command_property("a:b,c%"), "a%3Ab%2Cc%25");
    }

    #[test]
    fn a_name_cannot_leave_its_element() {
        assert_eq!(xml("</failure>&\"'"), "&lt;/failure&gt;&amp;&quot;&#39;");
        assert_eq!(xml("a\u{1}\u{FFFF}"), "a&lt;U+0001&gt;\u{FFFD}");
    }

    #[test]
    fn json_stays_the_same_document_and_steers_nothing() {
        let document = serde_json::json!({"a##[b": ["\u{202e}b\u{9b}\u{e0041}ö###", {}, [], 7, null], "c": "\u{1b}\\##"});
        let mut shown = Vec::new();
        write_json(&mut shown, &document).unwrap();
        let shown = String::from_utf8(shown).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), document);
        assert!(shown.contains("\\u202eb\\u009b\\udb40\\udc41ö#\\u0023\\u0023"), "{shown}");
        assert!(!shown.contains("##"), "{shown}");
        let plain = serde_json::json!({"a": [1, {"b": ["ö", {}]}], "c": []});
        let mut written = Vec::new();
        write_json(&mut written, &plain).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), serde_json::to_string_pretty(&plain).unwrap());
    }

    #[test]
    fn a_name_cannot_become_a_formula() {
        assert_eq!(csv("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        for text in ["+1", "-1", "@x", " =1", "＝1"] {
            assert!(csv(text).starts_with("\"'"), "{text}");
        }
        assert_eq!(csv("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(csv("a; -1"), "\"a;' -1\"");
    }

    /// Readers that know of quotes, and those that do not, wherever they part cells.
    #[test]
    fn no_cell_begins_a_formula_wherever_a_reader_parts_cells() {
        let starts = ["", " ", "\"", "\"\"", "\" \"", "\u{a0}", ",", "; ;", "\t"];
        for separator in [',', ';', '\t'] {
            for (start, formula) in starts.iter().flat_map(|start| FORMULA.chars().map(move |c| (start, c))) {
                let name = format!("x{separator}{start}{formula}cmd|' /C calc'!A0{separator}");
                let row = [csv("acme"), csv(&name), csv(&name)].join(",");
                for delimiter in [b',', b';', b'\t'] {
                    for quoting in [true, false] {
                        let mut reader = ::csv::ReaderBuilder::new()
                            .has_headers(false)
                            .flexible(true)
                            .quoting(quoting)
                            .delimiter(delimiter)
                            .from_reader(row.as_bytes());
                        for cell in &reader.records().next().unwrap().unwrap() {
                            let bare = cell.trim_start_matches(|c: char| c == '"' || c.is_whitespace());
                            assert!(!bare.starts_with(|c| FORMULA.contains(c)), "{name}: {cell} in {row}");
                        }
                    }
                }
            }
        }
    }
}
