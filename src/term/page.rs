//! A page of text: headings, paragraphs, lists and grids that keep to a width.

use anstyle::{AnsiColor, Style as Ansi};
use comfy_table::{ColumnConstraint, Table, Width, presets};
use textwrap::core::display_width;
use textwrap::{Options, WordSplitter};

use super::{Paint, Style};
use crate::term::text::printable;

/// From here on there is room for spaces around arrows.
const ROOMY: u16 = 100;

/// Text being laid out.
pub(crate) struct Page {
    style: Style,
    text: String,
}

/// A row of a grid: a name, and a cell for each column.
pub(crate) struct GridRow {
    pub(crate) name: String,
    pub(crate) cells: Vec<String>,
}

impl Page {
    pub(crate) const fn new(style: Style) -> Self {
        Self { style, text: String::new() }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Columns of a line.
    pub(crate) const fn width(&self) -> u16 {
        self.style.width
    }

    /// Adds what was laid out on another page of the same style.
    pub(crate) fn append(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// `current → wanted`, tight where the page is narrow.
    pub(crate) const fn arrow(&self) -> &'static str {
        match (self.style.unicode, self.style.width >= ROOMY) {
            (true, true) => " → ",
            (true, false) => "→",
            (false, true) => " -> ",
            (false, false) => "->",
        }
    }

    pub(crate) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A line across the page, between parts that have nothing to do with each other.
    pub(crate) fn rule(&mut self) {
        let line = if self.style.unicode { "─" } else { "-" };
        self.text.push_str(&line.repeat(usize::from(self.style.width)));
        self.text.push('\n');
    }

    /// A line that stands out, where colour is allowed.
    pub(crate) fn heading(&mut self, line: &str) {
        let bold = Ansi::new().bold();
        self.painted(line, bold);
    }

    /// A heading for what needs doing at once.
    pub(crate) fn alarm(&mut self, line: &str) {
        let red = Ansi::new().bold().fg_color(Some(AnsiColor::Red.into()));
        self.painted(line, red);
    }

    fn painted(&mut self, line: &str, paint: Ansi) {
        for line in self.wrap(line, "", "") {
            if self.style.color {
                self.text.push_str(&format!("{paint}{line}{paint:#}"));
            } else {
                self.text.push_str(&line);
            }
            self.text.push('\n');
        }
    }

    /// A label in its colour, and a text beside it that keeps to the line.
    pub(crate) fn labelled(&mut self, label: &str, width: usize, paint: Paint, text: &str) {
        let gap = " ".repeat(width.saturating_sub(display_width(label)));
        let label = match (self.style.color, paint.color()) {
            (true, Some(color)) => {
                let ansi = Ansi::new().bold().fg_color(Some(color.into()));
                format!("{ansi}{label}{ansi:#}")
            }
            _ => label.to_owned(),
        };
        let room = usize::from(self.style.width).saturating_sub(width);
        let text = cut(&self.ascii(&printable(text)), room);
        self.text.push_str(&format!("{label}{gap}{text}\n"));
    }

    /// A line that is cut where the page ends.
    pub(crate) fn line(&mut self, text: &str) {
        let text = cut(&self.ascii(&printable(text)), usize::from(self.style.width));
        self.text.push_str(&text);
        self.text.push('\n');
    }

    /// A line to copy, however long.
    pub(crate) fn verbatim(&mut self, line: &str) {
        self.text.push_str(&printable(line));
        self.text.push('\n');
    }

    /// A sentence or more, wrapped.
    pub(crate) fn paragraph(&mut self, text: &str) {
        self.push(self.wrap(text, "", ""));
    }

    /// A remark to what stands above it.
    pub(crate) fn note(&mut self, text: &str) {
        self.push(self.wrap(text, "  ", "  "));
    }

    /// What belongs to a step, below its title: a mark, and a text that is wrapped beside it.
    pub(crate) fn under(&mut self, mark: &str, text: &str) {
        self.hanging(&format!("    {mark}"), text);
    }

    /// A mark, and a text whose further lines begin below its first.
    pub(crate) fn hanging(&mut self, mark: &str, text: &str) {
        let indent = " ".repeat(display_width(mark));
        self.push(self.wrap(text, mark, &indent));
    }

    fn push(&mut self, lines: Vec<String>) {
        for line in lines {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    /// Breaks text at its spaces only: a date or a name with a dash stays whole where it fits.
    fn wrap(&self, text: &str, first: &str, rest: &str) -> Vec<String> {
        let options = Options::new(usize::from(self.style.width))
            .word_splitter(WordSplitter::NoHyphenation)
            .initial_indent(first)
            .subsequent_indent(rest);
        let text = self.ascii(&printable(text));
        textwrap::wrap(&text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
    }

    /// Rows of a label and a text; the text is wrapped beside its label.
    pub(crate) fn list(&mut self, rows: &[(String, String)]) {
        let labels: Vec<_> = rows.iter().map(|(label, _)| printable(label)).collect();
        let width = usize::from(self.style.width);
        let label_width = labels.iter().map(|label| display_width(label)).max().unwrap_or_default();
        let label_width = label_width.min(width / 3);
        let indent = " ".repeat(label_width + 4);
        for (label, (_, text)) in labels.iter().zip(rows) {
            if display_width(label) > width * 2 / 3 {
                // Too long to have anything beside it.
                self.push(self.wrap(label, "  ", "  "));
                self.push(self.wrap(text, &indent, &indent));
                continue;
            }
            let gap = " ".repeat(label_width.saturating_sub(display_width(label)));
            self.push(self.wrap(text, &format!("  {label}{gap}  "), &indent));
        }
    }

    /// Rows under a heading each, with columns; a long name is wrapped within its own column, and a dot
    /// leads the eye through an empty cell.
    pub(crate) fn grid(&mut self, header: &[&str], sections: &[(String, Vec<GridRow>)]) {
        const INDENT: u16 = 2;
        let (name_header, columns) = header.split_first().unwrap_or((&"", &[]));
        let dot = if self.style.unicode { "·" } else { "." };
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_header(std::iter::once(&"").chain(columns));
        for (_, rows) in sections {
            // An empty line, where the heading goes: it is as wide as the page.
            table.add_row([""]);
            table.add_rows(rows.iter().map(|row| {
                let cells = row.cells.iter().map(|cell| shown(cell, dot));
                std::iter::once(self.ascii(&printable(&row.name))).chain(cells)
            }));
        }
        let widths = table.column_max_content_widths();
        let (names, cells) = widths.split_first().map_or((0, &[][..]), |(names, cells)| (*names, cells));
        let room = self.style.width.saturating_sub(cells.iter().map(|width| width + 2).sum()).max(INDENT + 1);
        let names = (INDENT + names).max(u16::try_from(name_header.len()).unwrap_or(u16::MAX)).min(room);
        for (place, column) in table.column_iter_mut().enumerate() {
            column.set_padding((2, 0));
            if place == 0 {
                column
                    .set_padding((INDENT, 0))
                    .set_constraint(ColumnConstraint::Absolute(Width::Fixed(names)));
            }
        }
        let mut headings = sections.iter().map(|(heading, _)| heading);
        for (place, mut line) in table.lines().enumerate() {
            if place == 0 {
                // It is not indented as the names are.
                line.replace_range(..name_header.len().min(line.len()), name_header);
            } else if line.trim().is_empty() {
                self.push(headings.next().map(|heading| self.wrap(heading, "", "  ")).unwrap_or_default());
                continue;
            }
            self.push(vec![line]);
        }
    }

    /// Our own arrows and dashes in ASCII where the page must be; names stay as they are.
    fn ascii(&self, text: &str) -> String {
        if self.style.unicode { text.to_owned() } else { text.replace('→', "->").replace('…', "...") }
    }
}

impl Paint {
    const fn color(self) -> Option<AnsiColor> {
        match self {
            Self::Plain => None,
            Self::Red => Some(AnsiColor::Red),
            Self::Yellow => Some(AnsiColor::Yellow),
            Self::Green => Some(AnsiColor::Green),
        }
    }
}

/// As much of a line as there is room for.
fn cut(text: &str, room: usize) -> String {
    if display_width(text) <= room {
        return text.trim_end().to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if display_width(&short) + display_width(&letter.to_string()) + 3 > room {
            break;
        }
        short.push(letter);
    }
    format!("{}...", short.trim_end())
}

/// A cell as it may be shown: a level is a word, and what is none is cut.
fn shown(cell: &str, empty: &str) -> String {
    const LONGEST: usize = 32;
    let cell = printable(cell);
    if cell.is_empty() {
        return empty.to_owned();
    }
    if cell.chars().count() <= LONGEST {
        return cell;
    }
    cell.chars().take(LONGEST - 3).chain("...".chars()).collect()
}
