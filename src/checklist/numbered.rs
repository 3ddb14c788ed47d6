//! Headings with numbers, each with its clicks.

use crate::term::Page;

/// Numbers the headings of a page.
pub(super) struct Numbered<'p> {
    page: &'p mut Page,
    number: usize,
}

impl<'p> Numbered<'p> {
    pub(super) const fn on(page: &'p mut Page) -> Self {
        Self { page, number: 0 }
    }

    /// The next one; none where there is nothing to click.
    pub(super) fn step(&mut self, title: &str, clicks: impl IntoIterator<Item = String>) {
        let clicks: Vec<_> = clicks.into_iter().map(|click| ("[ ]".to_owned(), click)).collect();
        if clicks.is_empty() {
            return;
        }
        self.number += 1;
        self.page.blank();
        self.page.heading(&format!("{}. {title}", self.number));
        self.page.list(&clicks);
    }
}
