//! A page of text: headings, paragraphs and tables that keep to a width.

use anstyle::{AnsiColor, Style as Ansi};
use comfy_table::{ContentArrangement, Row, Table, presets};

use super::Style;
use crate::text::printable;

/// Text being laid out.
pub(crate) struct Page {
    style: Style,
    text: String,
}

impl Page {
    pub(crate) const fn new(style: Style) -> Self {
        Self { style, text: String::new() }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// `current → wanted`.
    pub(crate) const fn arrow(&self) -> &'static str {
        if self.style.unicode { " → " } else { " -> " }
    }

    pub(crate) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    pub(crate) fn line(&mut self, line: &str) {
        self.text.push_str(&self.ascii(line));
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
        for line in self.wrap(line) {
            if self.style.color {
                self.text.push_str(&format!("{paint}{line}{paint:#}"));
            } else {
                self.text.push_str(&line);
            }
            self.text.push('\n');
        }
    }

    /// A sentence or more, wrapped.
    pub(crate) fn paragraph(&mut self, text: &str) {
        for line in self.wrap(&printable(text)) {
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    fn wrap(&self, text: &str) -> Vec<String> {
        let text = self.ascii(text);
        textwrap::wrap(&text, usize::from(self.style.width))
            .into_iter()
            .map(std::borrow::Cow::into_owned)
            .collect()
    }

    /// Rows of a label and a text, without lines; the text is wrapped beside its label.
    pub(crate) fn list(&mut self, rows: &[(String, String)]) {
        let label_width =
            rows.iter().map(|(label, _)| textwrap::core::display_width(label)).max().unwrap_or_default();
        let label_width = label_width.min(usize::from(self.style.width) / 3);
        let indent = " ".repeat(label_width + 4);
        for (label, text) in rows {
            let label = printable(label);
            let first = format!(
                "  {label}{}  ",
                " ".repeat(label_width.saturating_sub(textwrap::core::display_width(&label)))
            );
            let options = textwrap::Options::new(usize::from(self.style.width))
                .initial_indent(&first)
                .subsequent_indent(&indent);
            let text = self.ascii(&printable(text));
            for line in textwrap::wrap(&text, options) {
                self.text.push_str(line.trim_end());
                self.text.push('\n');
            }
        }
    }

    /// A table with lines.
    pub(crate) fn table(&mut self, header: Vec<String>, rows: Vec<Vec<String>>) {
        let mut table = Table::new();
        table
            .load_style(if self.style.unicode {
                presets::UTF8_FULL_CONDENSED
            } else {
                presets::ASCII_FULL_CONDENSED
            })
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(self.style.width)
            .set_header(Row::from(header));
        for row in rows {
            table.add_row(row.iter().map(|cell| self.ascii(&printable(cell))).collect::<Vec<_>>());
        }
        for line in table.lines() {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    /// Our own arrows and dashes in ASCII where the page must be; names stay as they are.
    fn ascii(&self, text: &str) -> String {
        if self.style.unicode { text.to_owned() } else { text.replace('→', "->").replace('…', "...") }
    }
}
