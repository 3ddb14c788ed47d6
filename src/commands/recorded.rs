//! A snapshot that is judged: role by role where its file is laid out for it, else as a whole.

use std::path::{Path, PathBuf};

use super::input;
use super::input::Input;
use crate::audit::{Audit, Judgement, RoleResults};
use crate::config::links;
use crate::error::Error;
use crate::io::Io;
use crate::model::{Source, SourceKind};
use crate::source::snapshot::Stream;

/// A snapshot, of whose settings none need be at hand.
pub(super) struct Recorded {
    pub(super) input: Input,
    path: PathBuf,
    stream: Option<Stream>,
}

/// Says that a file has to be read as a whole.
struct Whole;

impl Recorded {
    /// Opens a snapshot; `-` is standard input, which can be read only once, and so as a whole.
    pub(super) fn open(path: &Path, io: &mut Io<'_>) -> Result<Self, Error> {
        links::check("the snapshot", path, io)?;
        let found = (!input::is_stdin(path)).then(|| Stream::open(&io.path(path))).flatten();
        let (input, stream) = match found {
            None => (input::snapshot(path, io)?, None),
            Some((tenant, stream)) => {
                let shown = path.display().to_string();
                input::check_clock(&shown, tenant.taken_at, (io.now)())?;
                input::warn_of_lost_rows(&shown, &tenant, io);
                let source =
                    Source { kind: SourceKind::Snapshot, path: Some(shown), taken_at: Some(tenant.taken_at) };
                (Input::of(tenant, source), Some(stream))
            }
        };
        Ok(Self { input, path: path.to_owned(), stream })
    }

    /// Judges it.
    ///
    /// # Errors
    /// What is wrong with the file, and where.
    pub(super) fn judge(&mut self, audit: &Audit<'_>, io: &mut Io<'_>) -> Result<Judgement, Error> {
        if let Some(stream) = self.stream.take() {
            let judgement = audit.judge_by(&self.input.tenant, |checks| {
                let check = |role, settings: Result<&[_], _>, to: &mut RoleResults| {
                    checks.check(role, settings, to);
                };
                stream.read(|role| checks.wants(role), check).ok_or(Whole)
            });
            match judgement {
                Ok(judgement) => return Ok(judgement),
                // Read as a whole, the file says what is wrong with it.
                Err(Whole) => self.input.tenant = input::snapshot(&self.path, io)?.tenant,
            }
        }
        Ok(audit.judge(&self.input.tenant))
    }
}
