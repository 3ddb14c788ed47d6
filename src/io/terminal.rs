//! The person in front of it: the width of a terminal, a hidden question, a browser.

use std::borrow::Cow;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// A terminal.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Columns.
    pub width: u16,
    /// Whether it turns escapes into colours, rather than into characters.
    pub color: bool,
}

/// Below this, words would stand one to a line.
const NARROWEST: u16 = 40;

impl Terminal {
    /// The terminal behind standard output.
    pub(super) fn of_stdout() -> Self {
        Self::of(terminal_size::terminal_size_of(io::stdout()), &console::Term::stdout())
    }

    /// The terminal behind standard error.
    pub(super) fn of_stderr() -> Self {
        Self::of(terminal_size::terminal_size_of(io::stderr()), &console::Term::stderr())
    }

    fn of(size: Option<(terminal_size::Width, terminal_size::Height)>, terminal: &console::Term) -> Self {
        // A console of Windows shows escapes as characters until it is asked, which this does; the old ones refuse.
        let color = !cfg!(windows) || terminal.features().colors_supported();
        Self { width: size.map_or(80, |(width, _)| width.0), color }
    }

    /// A sentence in lines; a word that is longer than a line stays whole, so that it can be copied.
    pub(super) fn wrap(self, text: &str) -> Vec<Cow<'_, str>> {
        let options = textwrap::Options::new(self.width.max(NARROWEST).into())
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .subsequent_indent("  ");
        textwrap::wrap(text, options)
    }
}

/// Asks on the terminal, and does not show what is typed.
pub(super) fn ask(question: &str) -> io::Result<String> {
    let terminal = console::Term::stderr();
    terminal.write_str(question)?;
    terminal.read_secure_line()
}

/// Starts the system's own opener, without a shell: the path is one argument, whatever is in it.
pub(super) fn open(page: &Path) -> io::Result<()> {
    let none = Stdio::null;
    opener(page).stdin(none()).stdout(none()).stderr(none()).spawn().map(drop)
}

#[cfg(not(windows))]
fn opener(page: &Path) -> Command {
    let mut command = Command::new(if cfg!(target_os = "macos") { "open" } else { "xdg-open" });
    command.arg(page);
    command
}

/// Explorer takes a comma for the end of a path that is not in quotes; and no path holds quotes itself.
#[cfg(windows)]
fn opener(page: &Path) -> Command {
    use std::os::windows::process::CommandExt;
    let mut quoted = std::ffi::OsString::from("\"");
    quoted.push(page);
    quoted.push("\"");
    let mut command = Command::new("explorer.exe");
    command.raw_arg(quoted);
    command
}

#[cfg(test)]
mod tests {
    use super::Terminal;

    #[test]
    fn a_sentence_fits_the_terminal_and_a_long_word_stays_whole() {
        let text =
            format!("warning: the file {} has a name that is long, and some words follow it", "x".repeat(90));
        let lines = Terminal { width: 80, color: true }.wrap(&text);
        assert!(lines.iter().any(|line| line.contains(&"x".repeat(90))), "{lines:?}");
        assert!(lines.iter().filter(|line| !line.contains("xx")).all(|line| line.len() <= 80), "{lines:?}");
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&lines.join(" ")), words(&text), "nothing is lost");
        assert_eq!(Terminal { width: 1, color: true }.wrap("a b c"), ["a b c"]);
    }
}
