//! What the program is connected to: streams, environment, clock, folder. Injected, so that a whole
//! command runs in a test.

mod files;
mod printer;
mod terminal;

use std::collections::BTreeMap;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

pub use files::{MOST_BYTES, has_device_name, is_device, read_file, read_stream};
pub use terminal::Terminal;

/// What the program is connected to.
pub struct Io<'s> {
    /// Standard input, for `--snapshot -`.
    pub stdin: &'s mut dyn Read,
    /// Standard output: the report and nothing else.
    pub stdout: &'s mut dyn Write,
    /// Standard error: everything that is not the report (`io/printer.rs`).
    pub stderr: &'s mut dyn Write,
    /// The environment.
    pub env: BTreeMap<String, String>,
    /// The folder that relative paths start from.
    pub folder: PathBuf,
    /// The time of day.
    pub now: fn() -> Timestamp,
    /// Waits, for what looks again and again.
    pub pause: Box<dyn FnMut(Duration) -> Pause + 's>,
    /// Opens a page in the browser.
    pub open: Open<'s>,
    /// Asks a person for something that is not shown while it is typed; `None` where nobody could answer.
    pub ask: Option<Ask<'s>>,
    /// The terminal behind standard output, if there is one.
    pub terminal: Option<Terminal>,
    /// The terminal behind standard error, if there is one: progress may be drawn on it, and lines fit it.
    pub stderr_terminal: Option<Terminal>,
    /// Whether standard error gets errors and warnings alone (`--quiet`).
    pub quiet: bool,
}

/// Opens a page.
pub type Open<'s> = Box<dyn FnMut(&Path) -> std::io::Result<()> + 's>;

/// Puts a question, and gives what was typed.
pub type Ask<'s> = Box<dyn FnMut(&str) -> std::io::Result<String> + 's>;

/// How a pause ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// It is over.
    Over,
    /// Ctrl-C.
    Interrupted,
}

impl std::fmt::Debug for Io<'_> {
    /// Without the environment, which holds keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Io")
            .field("folder", &self.folder)
            .field("terminal", &self.terminal)
            .finish_non_exhaustive()
    }
}

impl<'s> Io<'s> {
    /// The process's own streams, environment and clock.
    pub fn real(stdin: &'s mut dyn Read, stdout: &'s mut dyn Write, stderr: &'s mut dyn Write) -> Self {
        let env = std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let stderr_terminal = std::io::stderr().is_terminal().then(Terminal::of_stderr);
        let can_ask = std::io::stdin().is_terminal() && stderr_terminal.is_some();
        Self {
            stdin,
            stdout,
            stderr,
            env,
            folder: PathBuf::new(),
            now: real_now,
            pause: Box::new(real_pause),
            open: Box::new(terminal::open),
            ask: can_ask.then(|| Box::new(terminal::ask) as _),
            terminal: std::io::stdout().is_terminal().then(Terminal::of_stdout),
            stderr_terminal,
            quiet: false,
        }
    }

    /// A path that the user gave, from the folder that relative paths start from.
    #[must_use]
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// A variable of the environment; a blank one counts as not set. On Windows, names have no case.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<&str> {
        let alike = || self.env.iter().find(|(own, _)| cfg!(windows) && own.eq_ignore_ascii_case(name));
        let value = self.env.get(name).or_else(|| alike().map(|(_, value)| value));
        value.map(String::as_str).filter(|value| !value.trim().is_empty())
    }
}

/// The one place that reads the clock; everywhere else time is given.
#[expect(clippy::disallowed_methods, reason = "the clock is read here and injected everywhere else")]
fn real_now() -> Timestamp {
    Timestamp::now()
}

/// Waits by the clock, and ends early on Ctrl-C.
fn real_pause(time: Duration) -> Pause {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return Pause::Interrupted;
    };
    runtime.block_on(async {
        tokio::select! {
            () = tokio::time::sleep(time) => Pause::Over,
            _ = tokio::signal::ctrl_c() => Pause::Interrupted,
        }
    })
}
