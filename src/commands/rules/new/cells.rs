//! A table as text: cells between commas, semicolons, tabs or bars, each with its place.

/// A cell and where it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// One row of cells.
pub(super) type Record = Vec<Cell>;

/// Reads the rows that hold anything; a text in double quotes may hold separators and line breaks.
///
/// # Errors
/// The line of a quote that does not end.
pub(super) fn read(text: &str) -> Result<Vec<Record>, usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = separator(text);
    let mut reader =
        Reader { separator, records: Vec::new(), record: Vec::new(), cell: None, line: 1, column: 1 };
    let mut chars = text.chars().peekable();
    let mut quoted_since = None;
    while let Some(c) = chars.next() {
        match (c, quoted_since) {
            ('"', Some(_)) if chars.peek() == Some(&'"') => {
                chars.next();
                reader.push('"');
                reader.column += 1;
            }
            ('"', Some(_)) => quoted_since = None,
            ('"', None) if reader.is_at_start() => {
                quoted_since = Some(reader.line);
                reader.open();
            }
            (c, None) if c == separator => reader.end_cell(),
            ('\n', None) => reader.end_record(),
            ('\r', None) => {}
            (c, _) => reader.push(c),
        }
        reader.step(c);
    }
    if let Some(line) = quoted_since {
        return Err(line);
    }
    reader.end_record();
    Ok(reader.records)
}

/// What separates the cells: what most lines have at least two of, since prose beside a table has
/// commas too; in a table of two columns, what most lines have at all.
fn separator(text: &str) -> char {
    const SEPARATORS: [char; 4] = ['|', '\t', ';', ','];
    let lines_with = |separator: char, number: usize| {
        text.lines().filter(|line| line.matches(separator).count() >= number).count()
    };
    // Of two that are as frequent, the rarer character in ordinary text comes first.
    let best = |number| {
        let counts = SEPARATORS.map(|separator| (lines_with(separator, number), separator));
        counts.into_iter().rev().max_by_key(|(lines, _)| *lines).filter(|(lines, _)| *lines > 0)
    };
    best(2).or_else(|| best(1)).map_or(',', |(_, separator)| separator)
}

struct Reader {
    separator: char,
    records: Vec<Record>,
    record: Record,
    cell: Option<Cell>,
    line: usize,
    column: usize,
}

impl Reader {
    fn step(&mut self, c: char) {
        if c == '\n' {
            (self.line, self.column) = (self.line + 1, 1);
        } else {
            self.column += 1;
        }
    }

    fn is_at_start(&self) -> bool {
        self.cell.as_ref().is_none_or(|cell| cell.text.trim().is_empty())
    }

    fn open(&mut self) -> &mut Cell {
        let (line, column) = (self.line, self.column);
        self.cell.get_or_insert_with(|| Cell { text: String::new(), line, column })
    }

    fn push(&mut self, c: char) {
        self.open().text.push(c);
    }

    fn end_cell(&mut self) {
        self.open();
        if let Some(cell) = self.cell.take() {
            self.record.push(Cell { text: cell.text.trim().to_owned(), ..cell });
        }
    }

    fn end_record(&mut self) {
        self.end_cell();
        let mut record = std::mem::take(&mut self.record);
        // A row of bars starts and ends with one.
        if self.separator == '|' {
            if record.first().is_some_and(|cell| cell.text.is_empty()) {
                record.remove(0);
            }
            if record.last().is_some_and(|cell| cell.text.is_empty()) {
                record.pop();
            }
        }
        let is_rule = |cell: &Cell| cell.text.chars().all(|c| matches!(c, '-' | ':' | ' '));
        if !record.iter().all(is_rule) {
            self.records.push(record);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    fn texts(text: &str) -> Vec<Vec<String>> {
        let records = read(text).expect("quotes end");
        records.into_iter().map(|record| record.into_iter().map(|cell| cell.text).collect()).collect()
    }

    #[test]
    fn quotes_hold_separators_line_breaks_and_quotes() {
        assert_eq!(
            texts("a,\"b, \"\"c\"\"\nd\",e\r\n\nf,,\n"),
            [vec!["a", "b, \"c\"\nd", "e"], vec!["f", "", ""]]
        );
        assert_eq!(read("a,\"b\nc"), Err(1));
    }

    #[test]
    fn tabs_semicolons_and_bars_separate_too() {
        assert_eq!(texts("a\tb, c\n"), [["a", "b, c"]]);
        assert_eq!(texts("a;b, c\n"), [["a", "b, c"]]);
        assert_eq!(texts("| a | b |\n|---|:-:|\n|  | c |\n"), [["a", "b"], ["", "c"]]);
    }

    #[test]
    fn cells_know_their_place() {
        let records = read("a,b\n\"x\ny\",c\n").expect("quotes end");
        assert_eq!((records[1][1].line, records[1][1].column), (3, 4));
        assert_eq!((records[1][0].line, records[1][0].column), (2, 1));
    }
}
