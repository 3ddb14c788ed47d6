//! How text for a terminal may look: its width, its characters, its colours.

/// How a table may look.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Columns.
    pub width: u16,
    /// Whether boxes and arrows may leave ASCII.
    pub unicode: bool,
    /// Whether headings may have colour.
    pub color: bool,
}

impl Style {
    /// For a pipe or a file: ASCII, no colour, 80 columns.
    pub const PLAIN: Self = Self { width: 80, unicode: false, color: false };
}
