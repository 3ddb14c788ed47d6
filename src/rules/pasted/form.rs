//! The form of what was pasted, and its rows of cells with their lines, whatever the form is.

use super::super::catalog::Catalog;
use super::super::named::candidates;
use super::columns;
use super::html;
use super::markup::plain;
use super::row::{Cell, Mark, Row};

/// What separates cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The tags of HTML.
    Html,
    /// Bars, as in Markdown.
    Bars,
    /// A character: a tab, a semicolon or a comma.
    Separated(char),
    /// Two blanks or more, as in a text out of a PDF.
    Blanks,
    /// Nothing: each line is a text.
    Lines,
}

/// A quote that starts on this line and does not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenQuote(pub(super) usize);

/// Reads every line that holds anything.
pub(super) fn rows(text: &str, catalog: &Catalog) -> Result<(Form, Vec<Row>), OpenQuote> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let form = form(text, catalog);
    let mut rows = match form {
        Form::Html => html::rows(text),
        Form::Separated(separator) => separated(text, separator)?,
        Form::Bars | Form::Blanks | Form::Lines => lines(text, form),
    };
    let says_something =
        |cell: &Cell| cell.text.chars().any(|c| !matches!(c, '-' | ':' | '=' | '_' | '|' | ' '));
    rows.retain(|row| row.cells.iter().any(says_something));
    Ok((form, if form == Form::Lines { headings_in_one(&rows, catalog) } else { rows }))
}

/// The form in which some line is a row of headings, or a row of the PSA's own screen.
fn form(text: &str, catalog: &Catalog) -> Form {
    let lower = text.to_ascii_lowercase();
    if ["<table", "<tr", "<li", "<td"].iter().any(|tag| lower.contains(tag)) && lower.contains("</") {
        return Form::Html;
    }
    let forms = [Form::Bars, Form::Separated('\t'), Form::Separated(';'), Form::Separated(','), Form::Blanks];
    let is_table = |form: &Form| {
        text.lines().any(|line| {
            let cells = cells_of_line(line, 1, *form);
            cells.len() > 1
                && (columns::are_headings(&cells, catalog) || columns::are_of_screen(&cells, catalog))
        })
    };
    let has_rule = || text.lines().any(|line| line.contains('|') && is_rule(line));
    forms
        .into_iter()
        .find(|form| is_table(form) || (*form == Form::Bars && has_rule()))
        .unwrap_or(Form::Lines)
}

/// The line between headings and rows, or a row of nothing but dashes.
fn is_rule(line: &str) -> bool {
    line.contains('-') && line.chars().all(|c| matches!(c, '-' | ':' | '|' | ' ' | '\t' | '+' | '='))
}

/// Lines of Markdown or of plain text.
fn lines(text: &str, form: Form) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if is_rule(line) || line.trim_start().starts_with("```") {
            let headings = rows.last_mut().filter(|row| row.lines.1 + 1 == number && line.contains('|'));
            if let Some(row) = headings {
                row.mark = Mark::Heading;
            }
            continue;
        }
        rows.push(row(line, number, form));
    }
    rows
}

fn row(line: &str, number: usize, form: Form) -> Row {
    let (mark, text) = bullet(line);
    let whole = Cell { text: plain(text), line: number, column: column_of(line, text) };
    let cells = match form {
        Form::Lines | Form::Html => Vec::new(),
        Form::Bars if mark != Mark::Plain && !line.trim_start().starts_with('|') => Vec::new(),
        _ => cells_of_line(line, number, form),
    };
    let cells = if cells.len() > 1 || (form == Form::Bars && line.trim_start().starts_with('|')) {
        cells
    } else {
        vec![whole.clone()]
    };
    Row { cells, lines: (number, number), whole, mark }
}

/// A line without the dash, dot or number of a list, or the marks of a heading in Markdown.
fn bullet(line: &str) -> (Mark, &str) {
    let text = line.trim();
    let dotted = ['•', '◦', '▪', '‣', '·', '○', '●', '–', '—'];
    if let Some(rest) = text.strip_prefix(dotted) {
        return (Mark::Bullet, rest.trim_start());
    }
    if let Some(rest) = text.strip_prefix(['-', '*', '+']).filter(|rest| rest.starts_with([' ', '\t'])) {
        let mark = if text.starts_with('*') { Mark::Star } else { Mark::Bullet };
        let rest = rest.trim_start();
        return (mark, rest.strip_prefix("[ ] ").or_else(|| rest.strip_prefix("[x] ")).unwrap_or(rest));
    }
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() < text.len()
        && let Some(rest) = digits.strip_prefix(['.', ')']).filter(|rest| rest.starts_with(' '))
    {
        return (Mark::Bullet, rest.trim_start());
    }
    (Mark::Plain, text.trim_start_matches(['#', '>']).trim_start())
}

/// The column of a part of a line, in characters from 1.
fn column_of(line: &str, part: &str) -> usize {
    let at = (part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize);
    line.get(..at).map_or(1, |before| before.chars().count() + 1)
}

/// The cells of one line, where no quote holds several lines together.
pub(super) fn cells_of_line(line: &str, number: usize, form: Form) -> Vec<Cell> {
    let parts: Vec<&str> = match form {
        Form::Bars => bars(line),
        Form::Separated(separator) => line.split(separator).collect(),
        Form::Blanks => blanks(line),
        Form::Html | Form::Lines => vec![line],
    };
    // A quote alone repeats the row above, and is no quote around nothing.
    let unquoted = |part: &'_ str| match part.trim() {
        "\"" => "\"".to_owned(),
        text => plain(text.trim_matches('"')),
    };
    parts
        .into_iter()
        .map(|part| Cell { text: unquoted(part), line: number, column: column_of(line, part.trim_start()) })
        .collect()
}

/// Between bars; a bar with a backslash is a character. A row may start and end with one.
fn bars(line: &str) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    for (at, _) in line.match_indices('|') {
        if !line[..at].ends_with('\\') {
            parts.push(&line[start..at]);
            start = at + 1;
        }
    }
    parts.push(&line[start..]);
    if parts.len() > 1 && parts[0].trim().is_empty() {
        parts.remove(0);
    }
    if parts.len() > 1 && parts.last().is_some_and(|last| last.trim().is_empty()) {
        parts.pop();
    }
    parts
}

/// Between two blanks or more.
fn blanks(line: &str) -> Vec<&str> {
    line.trim().split("  ").map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Values between separators, by the rules of CSV: a text in double quotes may hold separators and line
/// breaks.
fn separated(text: &str, separator: char) -> Result<Vec<Row>, OpenQuote> {
    let delimiter = u8::try_from(separator).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut places = Places::new(text);
    let mut records = reader.records().flatten().peekable();
    let mut rows = Vec::new();
    while let Some(record) = records.next() {
        let byte_of = |record: &csv::StringRecord| {
            record.position().and_then(|own| usize::try_from(own.byte()).ok()).unwrap_or(text.len())
        };
        let end = records.peek().map_or(text.len(), byte_of);
        let raw = text.get(byte_of(&record)..end).unwrap_or_default();
        let start = byte_of(&record) + raw.len() - raw.trim_start_matches(['\r', '\n']).len();
        let raw = raw.trim_matches(['\r', '\n']);
        if raw.starts_with("sep=") && start == 0 {
            continue;
        }
        let first = places.line(start);
        // Quotes come in pairs, but for one that does not end: it takes all that follows.
        let opens = raw.split([separator, '\n']).any(|field| field.trim_start().starts_with('"'));
        if opens && records.peek().is_none() && raw.matches('"').count() % 2 == 1 {
            return Err(OpenQuote(first));
        }
        let cells = places.cells(&record, raw, start);
        let (mark, bare) = bullet(raw);
        let whole = Cell { text: plain(bare), line: first, column: 1 };
        let lines = (first, first + raw.matches('\n').count());
        let filled = cells.iter().filter(|cell| !cell.text.is_empty()).count();
        let cells = if cells.len() == 1 || (filled == 1 && mark != Mark::Plain) {
            vec![whole.clone()]
        } else {
            cells
        };
        rows.push(Row { cells, lines, whole, mark });
    }
    Ok(rows)
}

/// Lines and columns of offsets that only grow.
struct Places<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    line_start: usize,
}

impl<'t> Places<'t> {
    const fn new(text: &'t str) -> Self {
        Self { text, at: 0, line: 1, line_start: 0 }
    }

    fn line(&mut self, at: usize) -> usize {
        let between = self.text.get(self.at..at).unwrap_or_default();
        for (newline, _) in between.match_indices('\n') {
            (self.line, self.line_start) = (self.line + 1, self.at + newline + 1);
        }
        self.at = self.at.max(at);
        self.line
    }

    fn place(&mut self, at: usize) -> (usize, usize) {
        let line = self.line(at);
        let before = self.text.get(self.line_start..at).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// The cells of a record, which csv gives without their places: each is looked for where the one
    /// before it ended.
    fn cells(&mut self, record: &csv::StringRecord, raw: &str, start: usize) -> Vec<Cell> {
        let mut from = 0;
        let mut cells = Vec::with_capacity(record.len());
        for field in record {
            let first = field.split(['"', '\n']).next().unwrap_or_default();
            let found = raw.get(from..).and_then(|rest| rest.find(first)).unwrap_or_default() + from;
            let is_quoted = raw.get(..found).is_some_and(|before| before.ends_with('"'));
            let (line, column) = self.place(start + found - usize::from(is_quoted));
            cells.push(Cell { text: plain(field), line, column });
            // Past what was found and its separator.
            from = raw.len().min(found + field.len() + 1);
            from = raw.ceil_char_boundary(from);
        }
        cells
    }
}

/// A page that was copied one cell to a line: the lines that are headings, one after the other, are a row
/// of headings.
fn headings_in_one(rows: &[Row], catalog: &Catalog) -> Vec<Row> {
    const FEWEST: usize = 3;
    let mut out: Vec<Row> = Vec::with_capacity(rows.len());
    let mut rest = rows;
    while let Some((first, more)) = rest.split_first() {
        // "Company/Contact Group Maintenance" is no heading, though a group may be one.
        let is_name = |text: &str| text.contains(' ') && !candidates(text, catalog).is_empty();
        let is_own = |row: &&Row| columns::is_heading(&row.whole.text) && !is_name(&row.whole.text);
        let run = rest.iter().take_while(is_own).count();
        let cells: Vec<_> = rest[..run].iter().map(|row| row.whole.clone()).collect();
        if run >= FEWEST && columns::name_verbs(&cells) {
            let text: Vec<_> = cells.iter().map(|cell| cell.text.as_str()).collect();
            out.push(Row {
                lines: (first.lines.0, rest[run - 1].lines.1),
                whole: Cell { text: text.join(", "), ..first.whole.clone() },
                mark: Mark::Heading,
                cells,
            });
            rest = &rest[run..];
        } else {
            out.push(first.clone());
            rest = more;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Form, Mark, OpenQuote, rows};
    use crate::rules::built_in_catalog;

    fn read(text: &str) -> (Form, Vec<Vec<String>>) {
        let catalog = built_in_catalog().expect("the catalog");
        let (form, rows) = rows(text, &catalog).expect("quotes end");
        let texts = |row: super::Row| row.cells.into_iter().map(|cell| cell.text).collect();
        (form, rows.into_iter().map(texts).collect())
    }

    #[test]
    fn a_form_is_known_by_its_headings() {
        for (text, form) in [
            ("Function,Inquire\nContacts,All\n", Form::Separated(',')),
            ("Function;Inquire\nContacts;All, or more\n", Form::Separated(';')),
            ("First, and, then\nFunction\tInquire\nContacts\tAll\n", Form::Separated('\t')),
            ("| Function | Inquire |\n|---|:-:|\n| Contacts | All |\n", Form::Bars),
            ("Right | Of what |\n---|---\nContacts | All\n", Form::Bars),
            ("Function     Inquire\nContacts     All\n", Form::Blanks),
            ("<table><tr><td>Contacts</td></tr></table>", Form::Html),
            ("Companies > Contacts: Inquire = All, or more\n", Form::Lines),
        ] {
            assert_eq!(read(text).0, form, "{text}");
        }
    }

    #[test]
    fn quotes_hold_separators_line_breaks_and_quotes() {
        let text = "Function,Inquire,Why\n\"Contacts\",All,\"b, \"\"c\"\"\nd\"\r\n\nf,,\n";
        assert_eq!(read(text).1[1..], [vec!["Contacts", "All", "b, \"c\"\nd"], vec!["f", "", ""]]);
        let catalog = built_in_catalog().expect("the catalog");
        assert_eq!(rows("Function,Inquire\na,\"b\nc", &catalog), Err(OpenQuote(2)));
    }

    #[test]
    fn cells_know_their_place() {
        let catalog = built_in_catalog().expect("the catalog");
        let (_, rows) = rows("Function,Inquire\na,b\n\"x\ny\",c\n,,é,d\n", &catalog).expect("quotes end");
        let place = |row: usize, cell: usize| (rows[row].cells[cell].line, rows[row].cells[cell].column);
        assert_eq!([place(1, 0), place(1, 1)], [(2, 1), (2, 3)]);
        assert_eq!([place(2, 0), place(2, 1)], [(3, 1), (4, 4)]);
        assert_eq!([place(3, 2), place(3, 3)], [(5, 3), (5, 5)]);
        assert_eq!(rows[2].lines, (3, 4));
    }

    #[test]
    fn a_line_of_dashes_marks_headings_and_points_of_lists_are_known() {
        let catalog = built_in_catalog().expect("the catalog");
        let text = "| Function | Inquire |\n|---|:-:|\n| Contacts | |\n- one\n2) two\n# three\n";
        let (_, rows) = rows(text, &catalog).expect("quotes end");
        let marks: Vec<_> = rows.iter().map(|row| (row.mark, row.whole.text.as_str())).collect();
        assert_eq!(marks[0].0, Mark::Heading);
        assert_eq!(marks[2..], [(Mark::Bullet, "one"), (Mark::Bullet, "two"), (Mark::Plain, "three")]);
        assert_eq!(rows[1].cells.len(), 2);
    }

    #[test]
    fn headings_that_stand_one_to_a_line_are_one_row() {
        let (form, rows) = read("Module\nFunction\nInquire\nCompanies\nContacts\nAll\n");
        assert_eq!((form, rows.len()), (Form::Lines, 4));
        assert_eq!(rows[0], ["Module", "Function", "Inquire"]);
    }
}
