//! Running a whole command in-process, and what came of it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use leastwise::io::{Ask, Io, Open, Pause, Terminal};
use serde_json::Value;

/// A command to run; starts with an empty environment, so that the caller's own keys, proxies and
/// colours never reach a test.
pub struct Leastwise {
    args: Vec<OsString>,
    env: BTreeMap<String, String>,
    folder: PathBuf,
    stdin: Vec<u8>,
    terminal: Option<Terminal>,
    now: fn() -> Timestamp,
    pause: Box<dyn FnMut(Duration) -> Pause>,
    open: Open<'static>,
    ask: Option<Ask<'static>>,
    stderr_terminal: Option<Terminal>,
}

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub code: u8,
}

/// The project's folder, where `fixtures/` is.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A day on which every built-in rule file has been read; lint refuses a day that has not come yet.
pub fn after_the_last_reading() -> Timestamp {
    "2026-11-29T12:00:00Z".parse().expect("a time")
}

/// Noon of the day that the fixtures are judged on.
pub fn noon() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("a time")
}

/// `leastwise` with these arguments, in the project's folder.
pub fn leastwise<A: Into<OsString>>(args: impl IntoIterator<Item = A>) -> Leastwise {
    let args = std::iter::once("leastwise".into()).chain(args.into_iter().map(Into::into)).collect();
    Leastwise {
        args,
        env: BTreeMap::new(),
        folder: project().to_owned(),
        stdin: Vec::new(),
        terminal: None,
        now: noon,
        pause: Box::new(|_| Pause::Interrupted),
        open: Box::new(|page| panic!("nothing was to be opened: {}", page.display())),
        ask: None,
        stderr_terminal: None,
    }
}

impl Leastwise {
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn folder(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.folder);
        self
    }

    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    pub fn terminal(mut self, width: u16) -> Self {
        self.terminal = Some(Terminal { width, color: true });
        self
    }

    /// A console that shows escapes as characters, as those before Windows 10 do.
    pub fn old_console(mut self) -> Self {
        self.terminal = Some(Terminal { width: 80, color: false });
        self
    }

    /// The terminal behind standard error.
    pub fn stderr_terminal(mut self, width: u16) -> Self {
        self.stderr_terminal = Some(Terminal { width, color: true });
        self
    }

    /// What happens when a page is opened; without it, none may be.
    pub fn open(mut self, open: impl FnMut(&Path) -> std::io::Result<()> + 'static) -> Self {
        self.open = Box::new(open);
        self
    }

    /// Somebody who answers what is asked on a terminal.
    pub fn ask(mut self, ask: impl FnMut(&str) -> std::io::Result<String> + 'static) -> Self {
        self.ask = Some(Box::new(ask));
        self
    }

    /// Standard error is a terminal, where somebody looks on.
    pub fn watched(mut self) -> Self {
        self.stderr_terminal = Some(Terminal { width: 100, color: true });
        self
    }

    /// Another time of day.
    pub fn now(mut self, now: fn() -> Timestamp) -> Self {
        self.now = now;
        self
    }

    /// What happens while the command would wait; without it, the first wait is interrupted.
    pub fn pause(mut self, pause: impl FnMut(Duration) -> Pause + 'static) -> Self {
        self.pause = Box::new(pause);
        self
    }

    pub fn run(self) -> Ran {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let mut stdin = self.stdin.as_slice();
        let mut io = Io {
            stdin: &mut stdin,
            stdout: &mut stdout,
            stderr: &mut stderr,
            env: self.env,
            folder: self.folder,
            now: self.now,
            pause: self.pause,
            terminal: self.terminal,
            open: self.open,
            ask: self.ask,
            stderr_terminal: self.stderr_terminal,
            quiet: false,
        };
        let code = leastwise::run(self.args, &mut io).code();
        drop(io);
        Ran {
            stdout: String::from_utf8(stdout).expect("stdout is text"),
            stderr: String::from_utf8(stderr).expect("stderr is text"),
            code,
        }
    }
}

impl Ran {
    /// The JSON report on standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The results of the only tenant.
    pub fn results(&self) -> Vec<Value> {
        self.json()["tenants"][0]["results"].as_array().expect("results").clone()
    }
}

/// Holds that a file of the project is what it should be; with `LEASTWISE_BLESS=1` in the environment it is
/// written instead.
pub fn blessed(path: &str, text: &str) {
    let file = project().join(path);
    if std::env::var_os("LEASTWISE_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(&file, text).expect("the file can be written");
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(found == text, "{path} is not what it should be; run the tests with LEASTWISE_BLESS=1");
}
