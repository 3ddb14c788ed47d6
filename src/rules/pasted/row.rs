//! A row of what was pasted: its cells with their lines, whatever the form is.

/// A cell and where it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// What it says, without marks of Markdown or HTML; a cell may have several lines.
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// One row of a table, or one line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    /// The lines that it stands on.
    pub(super) lines: (usize, usize),
    /// All of it, as a line of text.
    pub(super) whole: Cell,
    pub(super) mark: Mark,
}

/// What the form itself says of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It holds headings.
    Heading,
    /// It is a point of a list.
    Bullet,
    /// It is a point of a list, or a footnote: it begins with a star.
    Star,
    /// Nothing.
    Plain,
}
