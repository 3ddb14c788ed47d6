//! Everything that is said on standard error. `--quiet` leaves errors and warnings, so that nothing which takes
//! from a result is kept from anybody.

use std::fmt::Display;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Io;
use crate::term::text::printable;

impl Io<'_> {
    /// Why the run failed, or a part of it.
    pub fn error(&mut self, text: impl Display) {
        self.say(&format!("error: {text}"));
    }

    /// As above, for several mistakes, one to a line.
    pub fn error_lines(&mut self, text: impl Display) {
        self.say_lines(&format!("error: {text}"));
    }

    /// What makes the result less than it seems.
    pub fn warn(&mut self, text: impl Display) {
        self.say(&format!("warning: {text}"));
    }

    /// What to do next.
    pub fn hint(&mut self, text: impl Display) {
        if !self.quiet {
            self.say(&format!("hint: {text}"));
        }
    }

    /// What is being done, or was.
    pub fn note(&mut self, text: &str) {
        if !self.quiet {
            self.say(text);
        }
    }

    /// As above, for several lines.
    pub fn note_lines(&mut self, text: &str) {
        if !self.quiet {
            self.say_lines(text);
        }
    }

    /// Says it whether quiet or not: what was asked for, such as `--verbose`. It is on one line whatever names are
    /// in it, wrapped to a terminal. A closed standard error is no reason to stop.
    pub fn say(&mut self, text: &str) {
        let text = printable(text);
        let lines = self.stderr_terminal.map_or_else(|| vec![text.clone().into()], |own| own.wrap(&text));
        for line in lines {
            let _ = writeln!(self.stderr, "{line}");
        }
    }

    /// As above, for several lines, of which no name can make more.
    pub fn say_lines(&mut self, text: &str) {
        text.lines().for_each(|line| self.say(line));
    }

    /// A bar that counts what is read, drawn on a terminal alone.
    #[must_use]
    pub fn progress_bar(&self, what: &str) -> ProgressBar {
        let is_drawn = self.stderr_terminal.is_some() && !self.quiet;
        let target = if is_drawn { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let template = format!("reading {what} {{pos}}/{{len}} {{wide_bar}} {{msg}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        bar
    }
}
