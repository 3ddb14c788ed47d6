//! Reading a TOML file that a person wrote: every value with its place, every problem collected.
//!
//! A serde derive stops at the first structural error. Whoever mends a rule file wants them all, so
//! the spanned tree is walked by hand; what is read from it is checked where it is read.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Problem, Problems, did_you_mean};
use crate::saved_text::{self, NoText};

/// A file under 1 MiB is read; the largest rule file is a hundredth of that.
const MAX_BYTES: u64 = 1024 * 1024;

/// What to write where a backslash is no escape.
pub(crate) const BACKSLASH: &str = r"a backslash begins an escape within double quotes: write a path in single quotes, 'C:\Users\me\key.txt', or with /";

/// Bytes between two counts of characters.
const BLOCK: usize = 1024;

/// A file being read: its name, its text, and the problems found so far.
#[derive(Debug)]
pub struct Document<'t> {
    file: String,
    text: &'t str,
    line_starts: Vec<usize>,
    /// How many characters stand before each block, so that a column in a line of a million is found at once.
    chars_before_block: Vec<usize>,
    problems: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<Problem>>,
    /// Whether somebody may have typed a secret where a key of the file belongs.
    discreet: bool,
}

/// What came of reading a file.
#[derive(Debug)]
pub struct Examined<R> {
    /// What was read; `None` where the text is not TOML.
    pub result: Option<R>,
    /// What is wrong: with any of these, nothing of the file may be used.
    pub problems: Vec<Problem>,
    /// What could be better.
    pub warnings: Vec<Problem>,
}

impl<'t> Document<'t> {
    /// Starts on `text`, which errors call `file`.
    pub fn new(file: impl Into<String>, text: &'t str) -> Self {
        let newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        let chars = text.as_bytes().chunks(BLOCK).scan(0, |sum, block| {
            *sum += chars_in(block);
            Some(*sum)
        });
        Self {
            file: file.into(),
            text,
            chars_before_block: std::iter::once(0).chain(chars).collect(),
            line_starts: std::iter::once(0).chain(newlines).collect(),
            problems: RefCell::default(),
            warnings: RefCell::default(),
            discreet: false,
        }
    }

    /// Repeats no key that is far from every known one: it may be a secret that landed in the wrong place.
    #[must_use]
    pub fn discreet(self) -> Self {
        Self { discreet: true, ..self }
    }

    /// Reads a file as text.
    ///
    /// # Errors
    /// A problem that says whether it is missing, too large, or not UTF-8 (and at which place).
    pub fn load(path: &Path) -> Result<String, Problem> {
        let file = path.display().to_string();
        match File::open(path) {
            Ok(mut open) => Self::load_from(&file, &mut open),
            Err(error) => Err(Self::unreadable(&file, &error)),
        }
    }

    /// Reads a stream as text, which problems call `file`.
    ///
    /// # Errors
    /// A problem that says whether it is too large, or not UTF-8 (and at which place).
    pub fn load_from(file: &str, stream: &mut dyn Read) -> Result<String, Problem> {
        let bytes = Self::bytes_from(file, stream)?;
        let problem = |line: usize, column: usize, message: &str| Problem {
            file: file.to_owned(),
            line,
            column,
            message: message.to_owned(),
            help: Some("save the file as UTF-8".to_owned()),
        };
        // UTF-16 without a mark is UTF-8 with zeros, of which each would be a problem.
        if let [first, 0, _, 0, ..] | [0, first, 0, _, ..] = bytes.as_slice()
            && *first != 0
        {
            return Err(problem(1, 1, "the text is UTF-16, not UTF-8"));
        }
        String::from_utf8(bytes).map_err(|error| {
            let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            let column = good.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
            let line = good.matches('\n').count() + 1;
            problem(line, column, "the text is not UTF-8")
        })
    }

    /// Reads what somebody pasted or saved, in whichever encoding; problems call it `file`.
    ///
    /// # Errors
    /// A problem that says that it is too large, or what it is instead of a text.
    pub(crate) fn load_pasted(file: &str, stream: &mut dyn Read) -> Result<String, Problem> {
        let bytes = Self::bytes_from(file, stream)?;
        saved_text::read(&bytes).map_err(|error| {
            let (line, column) = match error {
                NoText::NotUtf8 { line, column, .. } => (line, column),
                _ => (1, 1),
            };
            Problem { file: file.to_owned(), line, column, message: error.to_string(), help: None }
        })
    }

    /// All bytes of a file that is not too large.
    fn bytes_from(file: &str, stream: &mut dyn Read) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        // One byte more than is accepted, so that the size of a pipe is found out too.
        stream.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Self::unreadable(file, &error))?;
        if bytes.len() as u64 > MAX_BYTES {
            let message = format!("the file is larger than {MAX_BYTES} bytes, the most that is read");
            let help = "write one product to a file; such a file has a few thousand bytes".to_owned();
            return Err(Problem { file: file.to_owned(), line: 1, column: 1, message, help: Some(help) });
        }
        Ok(bytes)
    }

    /// The problem that a file cannot be read.
    pub(crate) fn unreadable(file: &str, error: &std::io::Error) -> Problem {
        let message = format!("the file cannot be read: {error}");
        Problem { file: file.to_owned(), line: 1, column: 1, message, help: None }
    }

    /// Reads the whole file with `read`.
    ///
    /// # Errors
    /// Every problem of the file: syntax errors if there are any, else those that `read` noted.
    pub fn read<R>(self, read: impl FnOnce(&Section<'_, 't>) -> R) -> Result<R, Problems> {
        let examined = self.examine(read);
        match examined.result {
            Some(result) if examined.problems.is_empty() => Ok(result),
            _ => Err(Problems(examined.problems)),
        }
    }

    /// Reads the whole file with `read`, whatever is wrong with it.
    pub fn examine<R>(self, read: impl FnOnce(&Section<'_, 't>) -> R) -> Examined<R> {
        let (root, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            let help = self.habit_of_windows(span.start);
            self.note(span, format!("not valid TOML: {}", one_line(error.message())), help);
        }
        let result = errors.is_empty().then(|| {
            let section = Section::new(&self, String::new(), root.span(), root.get_ref());
            let result = read(&section);
            section.finish();
            result
        });
        let in_order = |notes: RefCell<Vec<Problem>>| {
            let mut notes = notes.into_inner();
            notes.sort();
            notes.dedup();
            notes
        };
        Examined { result, problems: in_order(self.problems), warnings: in_order(self.warnings) }
    }

    /// What is often behind a line that is no TOML, and what to write instead.
    fn habit_of_windows(&self, at: usize) -> Option<String> {
        let line = self.line(self.text.floor_char_boundary(at));
        let line = self.text.lines().nth(line - 1)?;
        if line.contains(['“', '”', '„', '‘', '’', '«', '»']) {
            return Some("quotes are straight in TOML: \" or '".to_owned());
        }
        let value = line.split_once('=').map_or(line, |(_, value)| value);
        (value.contains('\\') && value.contains('"')).then(|| BACKSLASH.to_owned())
    }

    /// Notes a problem at a place of the text.
    pub fn note(&self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.problems.borrow_mut().push(self.problem(&span, message.into(), help));
    }

    /// Notes what could be better at a place of the text.
    pub fn warn(&self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.warnings.borrow_mut().push(self.problem(&span, message.into(), help));
    }

    /// A problem at a place of the text, without noting it.
    pub fn problem(&self, span: &Range<usize>, message: String, help: Option<String>) -> Problem {
        let (line, column) = self.place(span.start);
        Problem { file: self.file.clone(), line, column, message, help }
    }

    /// Line and column of a byte offset, from 1.
    fn place(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.line(offset);
        (line, self.chars_before(offset) - self.chars_before(self.line_starts[line - 1]) + 1)
    }

    /// Line of a byte offset, from 1.
    fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= offset)
    }

    fn chars_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        self.chars_before_block[block] + chars_in(&self.text.as_bytes()[block * BLOCK..offset])
    }
}

/// Characters that begin in these bytes of UTF-8.
fn chars_in(bytes: &[u8]) -> usize {
    const CONTINUES: u8 = 0b1000_0000;
    bytes.iter().filter(|&byte| byte & 0b1100_0000 != CONTINUES).count()
}

/// A day and no more: a time of day beside it would be passed over.
fn parse_day(text: &str) -> Option<Date> {
    if text.len() == "2026-11-22".len() { text.parse().ok() } else { None }
}

/// A name as messages repeat it, once for every problem below it.
fn shortened(name: &str) -> String {
    const LONGEST: usize = 80;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

fn one_line(message: &str) -> String {
    message.lines().map(str::trim).collect::<Vec<_>>().join(", ")
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<T> {
    /// The value.
    pub value: T,
    /// Where it stands, in bytes.
    pub span: Range<usize>,
    /// Its line, from 1.
    pub line: usize,
}

/// A table being read. Keys that nothing asked for are problems.
#[derive(Debug)]
pub struct Section<'d, 't> {
    /// The document, for noting problems.
    pub document: &'d Document<'t>,
    path: String,
    span: Range<usize>,
    table: &'d DeTable<'t>,
    asked: RefCell<BTreeSet<String>>,
    finished: Cell<bool>,
}

impl<'d, 't> Section<'d, 't> {
    fn new(document: &'d Document<'t>, path: String, span: Range<usize>, table: &'d DeTable<'t>) -> Self {
        Self { document, path, span, table, asked: RefCell::default(), finished: Cell::new(false) }
    }

    /// The line of the table's heading.
    #[must_use]
    pub fn line(&self) -> usize {
        self.document.line(self.span.start)
    }

    /// Notes a problem with the table as a whole.
    pub fn note(&self, message: impl Into<String>, help: Option<String>) {
        self.document.note(self.span.clone(), message, help);
    }

    /// Every key with its place, in the order of the file.
    pub fn keys(&self) -> Vec<Item<String>> {
        let mut keys: Vec<_> =
            self.table.keys().map(|key| self.item(key.get_ref().to_string(), key.span())).collect();
        keys.sort_by_key(|key| key.span.start);
        keys
    }

    fn item<T>(&self, value: T, span: Range<usize>) -> Item<T> {
        Item { value, line: self.document.line(span.start), span }
    }

    fn value(&self, key: &str) -> Option<&'d Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().insert(key.to_owned());
        self.table.get(key)
    }

    fn named(&self, key: &str) -> String {
        if self.path.is_empty() { format!("`{key}`") } else { format!("`{key}` in [{}]", self.path) }
    }

    fn counted(&self, key: &str) -> String {
        let name = format!("a key of {} characters", key.chars().count());
        if self.path.is_empty() { name } else { format!("{name} in [{}]", self.path) }
    }

    fn expect<T>(
        &self,
        key: &str,
        what: &str,
        read: impl FnOnce(&'d DeValue<'t>) -> Option<T>,
    ) -> Option<Item<T>> {
        let spanned = self.value(key)?;
        if let Some(value) = read(spanned.get_ref()) {
            return Some(self.item(value, spanned.span()));
        }
        let found = spanned.get_ref().type_str();
        self.document.note(spanned.span(), format!("{} is {found}, not {what}", self.named(key)), None);
        None
    }

    /// Where the key's value stands, whatever it is, if the key is there.
    pub fn place_of(&self, key: &str) -> Option<Range<usize>> {
        self.value(key).map(Spanned::span)
    }

    /// A text, if the key is there.
    pub fn text(&self, key: &str) -> Option<Item<String>> {
        self.expect(key, "a text in quotes", |value| value.as_str().map(str::to_owned))
    }

    /// A text that must be there and not be blank.
    pub fn required_text(&self, key: &str) -> Option<Item<String>> {
        if !self.table.contains_key(key) {
            self.missing(key);
        }
        let text = self.text(key)?;
        if text.value.trim().is_empty() {
            self.document.note(text.span, format!("{} is blank", self.named(key)), None);
            return None;
        }
        Some(text)
    }

    /// A text that may be absent, but not blank.
    pub fn text_if_any(&self, key: &str) -> Option<Item<String>> {
        if self.table.contains_key(key) { self.required_text(key) } else { self.text(key) }
    }

    /// Notes that a key which must be there is not.
    pub fn missing(&self, key: &str) {
        self.asked.borrow_mut().insert(key.to_owned());
        self.note(format!("{} is missing", self.named(key)), None);
    }

    /// `true` or `false`, if the key is there.
    pub fn flag(&self, key: &str) -> Option<Item<bool>> {
        self.expect(key, "true or false", DeValue::as_bool)
    }

    /// A whole number from 0, if the key is there.
    pub fn number(&self, key: &str) -> Option<Item<u32>> {
        self.expect(key, "a whole number from 0", |value| {
            let number = value.as_integer()?;
            u32::from_str_radix(number.as_str(), number.radix()).ok()
        })
    }

    /// A list of whole numbers from 0; empty if the key is not there.
    pub fn numbers(&self, key: &str) -> Vec<Item<u32>> {
        let Some(list) = self.expect(key, "a list of whole numbers", DeValue::as_array) else {
            return Vec::new();
        };
        let read = |entry: &'d Spanned<DeValue<'t>>| {
            let number = entry.get_ref().as_integer();
            let value = number.and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
            if value.is_none() {
                let message = format!("{} holds something that is no whole number", self.named(key));
                self.document.note(entry.span(), message, None);
            }
            Some(self.item(value?, entry.span()))
        };
        list.value.iter().filter_map(read).collect()
    }

    /// A day such as `2026-11-22`, if the key is there; with or without quotes.
    pub fn date(&self, key: &str) -> Option<Item<Date>> {
        self.expect(key, "a day such as 2026-11-22", |value| match value {
            DeValue::Datetime(_) => parse_day(&value.as_datetime()?.to_string()),
            _ => parse_day(value.as_str()?),
        })
    }

    /// A day, or the words that stand where one should; for what is judged rather than refused.
    pub fn lenient_date(&self, key: &str) -> Option<Result<Date, String>> {
        let value = self.value(key)?;
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            other => other.type_str().to_owned(),
        };
        Some(parse_day(&text).ok_or(text))
    }

    /// A list of texts; empty if the key is not there.
    pub fn texts(&self, key: &str) -> Vec<Item<String>> {
        let Some(list) = self.expect(key, "a list of texts", DeValue::as_array) else {
            return Vec::new();
        };
        list.value
            .iter()
            .filter_map(|entry| {
                let text = entry.get_ref().as_str().map(|text| self.item(text.to_owned(), entry.span()));
                if text.is_none() {
                    let found = entry.get_ref().type_str();
                    let message =
                        format!("{} holds {found}; every entry is a text in quotes", self.named(key));
                    self.document.note(entry.span(), message, None);
                }
                text
            })
            .collect()
    }

    /// Whether the key is there; does not count as asking for it.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether the key holds a list.
    #[must_use]
    pub fn is_list(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| value.get_ref().is_array())
    }

    /// A table below this one, if the key is there.
    pub fn section(&self, key: &str) -> Option<Section<'d, 't>> {
        let found = self.expect(key, "a table", DeValue::as_table)?;
        let key = shortened(key);
        let path = if self.path.is_empty() { key } else { format!("{}.{key}", self.path) };
        Some(Section::new(self.document, path, found.span, found.value))
    }

    /// A list of tables below this one; empty if the key is not there.
    pub fn sections(&self, key: &str) -> Vec<Section<'d, 't>> {
        let Some(list) = self.expect(key, "a list of tables", DeValue::as_array) else {
            return Vec::new();
        };
        let mut sections = Vec::new();
        for entry in list.value {
            match entry.get_ref().as_table() {
                Some(table) => {
                    sections.push(Section::new(self.document, key.to_owned(), entry.span(), table));
                }
                None => self.document.note(
                    entry.span(),
                    format!("{} holds something that is no table", self.named(key)),
                    None,
                ),
            }
        }
        sections
    }

    /// Ends the reading: a key that nothing asked for is a problem, with the nearest known one.
    pub fn finish(&self) {
        if self.finished.replace(true) {
            return;
        }
        let asked = self.asked.borrow();
        for key in self.keys().into_iter().filter(|key| !asked.contains(&key.value)) {
            let known = asked.iter().map(String::as_str);
            let near = did_you_mean(&key.value, known.clone());
            let name = if self.document.discreet && near.is_none() {
                self.counted(&key.value)
            } else {
                self.named(&key.value)
            };
            let help = near.map_or_else(
                || format!("known here: {}", known.collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.document.note(key.span, format!("{name} is not a known key"), Some(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Document};

    #[test]
    fn every_problem_of_a_file_is_named_at_its_place() {
        let text = "name = 3\ncolour = \"red\"\n[sub]\nday = \"soon\"\n";
        let problems = Document::new("a.toml", text)
            .read(|root| {
                root.required_text("name");
                root.required_text("color");
                if let Some(sub) = root.section("sub") {
                    sub.date("day");
                    sub.finish();
                }
            })
            .expect_err("the file is wrong");
        insta::assert_snapshot!(problems, @r"
        a.toml:1:1: `color` is missing
        a.toml:1:8: `name` is integer, not a text in quotes
        a.toml:2:1: `colour` is not a known key (did you mean `color`?)
        a.toml:4:7: `day` in [sub] is string, not a day such as 2026-11-22
        ");
    }

    #[test]
    fn places_are_right_on_both_sides_of_a_block() {
        for x in 0..8 {
            let text = format!("é\n{}{}\n{}", "ß".repeat(508), "x".repeat(x), "ü".repeat(520 - x));
            let text = &text[..text.floor_char_boundary(2 * BLOCK)];
            let document = Document::new("a.toml", text);
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let lines: Vec<_> = text[..offset].split('\n').collect();
                let column = lines[lines.len() - 1].chars().count() + 1;
                assert_eq!(document.place(offset), (lines.len(), column), "{offset} of {}", text.len());
            }
        }
    }

    #[test]
    fn a_day_with_a_time_is_no_day_however_leniently_it_is_read() {
        Document::new("a.toml", "a = 2026-11-22T10:00:00Z\nb = \"2026-11-22T10:00\"\nc = \"2026-11-22\"")
            .read(|root| {
                assert_eq!(root.lenient_date("a"), Some(Err("2026-11-22T10:00:00Z".to_owned())));
                assert_eq!(root.lenient_date("b"), Some(Err("2026-11-22T10:00".to_owned())));
                assert!(root.lenient_date("c").is_some_and(|day| day.is_ok()));
            })
            .expect("all three were asked for");
    }

    #[test]
    fn a_long_name_of_a_table_is_not_repeated_in_full_for_every_key_below_it() {
        let text = format!("[\"{}\"]\n{}", "é".repeat(5_000), "a1 = 1\na2 = 1\n");
        let problems = Document::new("a.toml", &text)
            .read(|root| {
                for key in root.keys() {
                    root.section(&key.value).expect("a table").finish();
                }
            })
            .expect_err("both keys are unknown");
        assert_eq!(problems.0.len(), 2);
        assert!(problems.0.iter().all(|problem| problem.message.len() < 300), "{problems}");
    }

    #[test]
    fn syntax_errors_are_all_named() {
        let problems = Document::new("a.toml", "a = \nb = 1\nc == 2\n").read(|_| ()).expect_err("broken");
        let mut lines: Vec<_> = problems.0.iter().map(|problem| problem.line).collect();
        lines.dedup();
        assert_eq!(lines, [1, 3], "{problems}");
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        let problems = Document::new("a.toml", "\"é\" = { x = 1 }\n")
            .read(|root| {
                if let Some(section) = root.section("é") {
                    section.finish();
                }
            })
            .expect_err("x is unknown");
        assert_eq!((problems.0[0].line, problems.0[0].column), (1, 9));
    }
}
