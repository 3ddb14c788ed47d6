//! A page of text: headings, paragraphs, lists and grids that keep to a width.

use anstyle::{AnsiColor, Style as Ansi};
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
        const INDENT: usize = 2;
        let (name_header, columns) = header.split_first().unwrap_or((&"", &[]));
        let sections: Vec<(&str, Vec<GridRow>)> = sections
            .iter()
            .map(|(section, rows)| (section.as_str(), rows.iter().map(shown).collect()))
            .collect();
        let rows = || sections.iter().flat_map(|(_, rows)| rows);
        let widths: Vec<_> = columns
            .iter()
            .enumerate()
            .map(|(i, title)| {
                let cells = rows().filter_map(|row| row.cells.get(i)).map(|cell| display_width(cell));
                cells.chain([display_width(title)]).max().unwrap_or_default()
            })
            .collect();
        let room = usize::from(self.style.width)
            .saturating_sub(widths.iter().map(|width| width + 2).sum::<usize>())
            .max(INDENT + 1);
        let names = rows().map(|row| INDENT + display_width(&row.name));
        let name_width = names.chain([display_width(name_header)]).max().unwrap_or_default().min(room);
        self.grid_line(name_header, name_width, columns.iter().copied(), &widths);
        for (section, rows) in &sections {
            self.push(self.wrap(section, "", "  "));
            for row in rows {
                let options = Options::new(name_width)
                    .word_splitter(WordSplitter::NoHyphenation)
                    .initial_indent("  ")
                    .subsequent_indent("  ");
                let name = self.ascii(&row.name);
                let lines = textwrap::wrap(&name, options);
                let first = lines.first().map_or("", |line| line);
                let dot = if self.style.unicode { "·" } else { "." };
                let cells = row.cells.iter().map(|cell| if cell.is_empty() { dot } else { cell.as_str() });
                self.grid_line(first, name_width, cells, &widths);
                for line in lines.iter().skip(1) {
                    self.text.push_str(line);
                    self.text.push('\n');
                }
            }
        }
    }

    fn grid_line<'c>(
        &mut self,
        name: &str,
        name_width: usize,
        cells: impl Iterator<Item = &'c str>,
        widths: &[usize],
    ) {
        let mut line = padded(name, name_width);
        for (cell, width) in cells.zip(widths) {
            line.push_str("  ");
            line.push_str(&padded(cell, *width));
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
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

/// A row as it may be shown: a level is a word, and what is none is cut.
fn shown(row: &GridRow) -> GridRow {
    const LONGEST: usize = 32;
    let cell = |cell: &String| {
        let cell = printable(cell);
        if cell.chars().count() <= LONGEST {
            return cell;
        }
        cell.chars().take(LONGEST - 3).chain("...".chars()).collect()
    };
    GridRow { name: printable(&row.name), cells: row.cells.iter().map(cell).collect() }
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(display_width(text))))
}
