//! Which keys are due for a review, in ten lines.

use std::collections::BTreeSet;

use super::judged::Judged;
use crate::checks::ReviewDue;
use crate::policy::review::State;
use crate::term::text::{count, join_few};
use crate::term::{Page, Style};

/// So many keys are named, so that all of it is ten lines.
const NAMED: usize = 7;

/// So many names stand in a line.
const IN_A_LINE: usize = 3;

/// Which keys are due.
pub(crate) struct Due {
    tenant: String,
    keys: usize,
    overdue: Vec<(String, ReviewDue)>,
    /// Keys of which nobody knows whether their decision holds.
    unread: Vec<String>,
}

impl Due {
    pub(crate) fn new(of: &Judged<'_>) -> Self {
        let (mut seen, mut overdue, mut unread) = (BTreeSet::new(), Vec::new(), Vec::new());
        for key in &of.judgement.keys {
            if key.active == Some(false) || !key.subject().is_some_and(|own| seen.insert(own)) {
                continue;
            }
            if key.decided.as_ref().is_some_and(|decided| decided.state == State::NotRead) {
                unread.push(key.name());
            }
            let why = ReviewDue::of_key(key.decided.as_deref(), of.policy, of.as_of);
            overdue.extend(why.map(|why| (key.name(), why)));
        }
        Self { tenant: of.tenant.id.to_string(), keys: seen.len(), overdue, unread }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.overdue.is_empty()
    }

    pub(crate) const fn is_partial(&self) -> bool {
        !self.unread.is_empty()
    }

    pub(crate) fn write(&self, style: Style) -> String {
        let mut page = Page::new(style);
        let keys = count(self.keys, "active key");
        page.line(&format!("{}: {} of {keys} due for a review", self.tenant, self.overdue.len()));
        // A line that counts one more key has room for its name.
        let shown = if self.overdue.len() == NAMED + 1 { NAMED + 1 } else { NAMED };
        for (name, why) in self.overdue.iter().take(shown) {
            page.line(&format!("  {name}: {}", why.sentence()));
        }
        if self.overdue.len() > shown {
            page.line(&format!("  and {} more", self.overdue.len() - shown));
        }
        if !self.unread.is_empty() {
            page.line(&format!("Not read in full: {}", join_few(&self.unread, IN_A_LINE)));
        }
        page.into_text()
    }
}
