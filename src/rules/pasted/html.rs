//! The rows of tables and lists in pasted HTML.

use super::markup::{plain, tag};
use super::row::{Cell, Mark, Row};

/// A cell that reaches over rows below takes its place in them.
struct Held {
    column: usize,
    rows: usize,
}

#[derive(Default)]
struct Reader {
    rows: Vec<Row>,
    cells: Vec<Cell>,
    /// Text since the last cell, row or line.
    text: String,
    text_line: usize,
    line: usize,
    /// Columns and rows that the cell being read reaches over.
    span: (usize, usize),
    headings: usize,
    in_row: bool,
    is_point: bool,
    held: Vec<Held>,
}

/// Reads rows, points of lists and lines of text, in the order of the page.
pub(super) fn rows(text: &str) -> Vec<Row> {
    let mut reader = Reader { line: 1, text_line: 1, span: (1, 1), ..Reader::default() };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("<!--") {
            let end = after.find("-->").map_or(after.len(), |end| end + 3);
            reader.line += after[..end].matches('\n').count();
            rest = &after[end..];
            continue;
        }
        if let Some((name, closes, after)) = tag(rest) {
            let written = &rest[..rest.len() - after.len()];
            reader.tag(&name, closes, written);
            reader.line += written.matches('\n').count();
            rest = after;
            // What a page does is no text of it.
            if !closes && (name == "script" || name == "style") {
                let end = rest.to_ascii_lowercase().find(&format!("</{name}")).unwrap_or(rest.len());
                reader.line += rest[..end].matches('\n').count();
                rest = &rest[end..];
            }
            continue;
        }
        reader.push(c);
        rest = &rest[c.len_utf8()..];
    }
    reader.end_row();
    reader.end_text();
    reader.rows
}

/// The number that an attribute has, or 1.
fn number(tag: &str, attribute: &str) -> usize {
    const MOST: usize = 100;
    let lower = tag.to_ascii_lowercase();
    let value = lower.split_once(attribute).map(|(_, rest)| rest.trim_start_matches(['=', '"', '\'', ' ']));
    let digits = value.map(|value| value.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(1).clamp(1, MOST)
}

impl Reader {
    fn push(&mut self, c: char) {
        if self.text.trim().is_empty() {
            self.text_line = self.line;
        }
        if c == '\n' {
            self.line += 1;
        }
        // In HTML a line break is a blank; only a tag makes another line.
        self.text.push(if c == '\n' || c == '\r' { ' ' } else { c });
    }

    fn tag(&mut self, name: &str, closes: bool, written: &str) {
        match (name, closes) {
            ("td" | "th", false) => {
                self.end_cell();
                self.in_row = true;
                self.text.clear();
                self.text_line = self.line;
                self.span = (number(written, "colspan"), number(written, "rowspan"));
                self.headings += usize::from(name == "th");
            }
            ("td" | "th", true) => self.end_cell(),
            ("tr", false) => {
                self.end_row();
                self.end_text();
                self.in_row = true;
                self.span = (0, 1);
            }
            ("tr" | "table", true) => self.end_row(),
            ("table", false) => {
                self.end_row();
                self.end_text();
                self.held.clear();
            }
            ("br" | "p" | "li" | "div" | "ul" | "ol", _) if self.in_row => self.text.push_str("<br>"),
            ("li", false) => {
                self.end_text();
                self.is_point = true;
            }
            (
                "br" | "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "li" | "caption"
                | "hr" | "dt" | "dd",
                _,
            ) => self.end_text(),
            _ => self.text.push_str(written),
        }
    }

    fn end_cell(&mut self) {
        if self.span.0 == 0 || !self.in_row {
            return;
        }
        self.fill_held();
        let cell = Cell { text: plain(&self.text), line: self.text_line, column: 1 };
        if self.span.1 > 1 {
            self.held.push(Held { column: self.cells.len(), rows: self.span.1 });
        }
        let blank = Cell { text: String::new(), ..cell.clone() };
        self.cells.push(cell);
        self.cells.extend(std::iter::repeat_n(blank, self.span.0 - 1));
        self.text.clear();
        self.span = (0, 1);
    }

    /// Blank cells where a cell above reaches into this row.
    fn fill_held(&mut self) {
        while self.held.iter().any(|held| held.column == self.cells.len()) {
            self.cells.push(Cell { text: String::new(), line: self.line, column: 1 });
        }
    }

    fn end_row(&mut self) {
        if !self.in_row {
            return;
        }
        self.end_cell();
        self.in_row = false;
        for held in &mut self.held {
            held.rows -= 1;
        }
        self.held.retain(|held| held.rows > 0);
        let cells = std::mem::take(&mut self.cells);
        let headings = std::mem::take(&mut self.headings);
        let Some(first) = cells.first() else { return };
        let texts: Vec<_> =
            cells.iter().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty()).collect();
        let whole = Cell { text: texts.join(" "), line: first.line, column: 1 };
        let mark = if headings > 1 && headings >= cells.len() - 1 { Mark::Heading } else { Mark::Plain };
        self.rows.push(Row { lines: (first.line, self.line), cells, whole, mark });
    }

    /// A line of text between tables.
    fn end_text(&mut self) {
        let text = std::mem::take(&mut self.text);
        let mark = if std::mem::take(&mut self.is_point) { Mark::Bullet } else { Mark::Plain };
        for line in plain(&text).lines() {
            let whole = Cell { text: line.to_owned(), line: self.text_line, column: 1 };
            self.rows.push(Row {
                cells: vec![whole.clone()],
                lines: (self.text_line, self.line),
                whole,
                mark,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::Mark;
    use super::rows;

    fn read(html: &str) -> Vec<(Mark, Vec<String>)> {
        let texts = |row: super::Row| (row.mark, row.cells.into_iter().map(|cell| cell.text).collect());
        rows(html).into_iter().map(texts).collect()
    }

    #[test]
    fn rows_cells_headings_points_and_text_are_told_apart() {
        let html = "<p>What is needed</p>\n<table><thead><tr><th>Function</th><th>Inquire</th></tr></thead>\n\
            <tr><td><b>Contacts</b></td><td>All<br>My</td></tr></table><ul><li>one</li><li>two</li></ul>";
        let plain = |texts: &[&str]| (Mark::Plain, texts.iter().map(|&text| text.to_owned()).collect());
        let read = read(html);
        assert_eq!(read[0], plain(&["What is needed"]));
        assert_eq!((read[1].0, read[1].1.len()), (Mark::Heading, 2));
        assert_eq!(read[2], plain(&["Contacts", "All\nMy"]));
        assert_eq!([read[3].0, read[4].0], [Mark::Bullet; 2]);
        assert_eq!(rows(html)[2].lines, (3, 3));
    }

    #[test]
    fn cells_that_reach_over_others_leave_blank_ones() {
        let read = read(
            "<table><tr><td rowspan=\"2\">Companies</td><td>Contacts</td><td>All</td></tr>\
             <tr><td>Notes</td><td>My</td></tr><tr><td colspan=2>Finance</td><td>x</td></tr></table>",
        );
        let texts: Vec<_> = read.iter().map(|(_, texts)| texts.join("|")).collect();
        assert_eq!(texts, ["Companies|Contacts|All", "|Notes|My", "Finance||x"]);
    }

    #[test]
    fn scripts_comments_and_what_is_never_closed_end() {
        for html in ["<td>a<td>b", "<!-- x", "<script>x", "<tr><td>a<table><tr><td>b"] {
            let read = read(html);
            assert!(read.iter().all(|(_, texts)| !texts.iter().any(|text| text.contains('x'))), "{html}");
        }
    }
}
