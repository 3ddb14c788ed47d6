//! A snapshot that is judged: role by role where its file is laid out for it, else as a whole.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::input;
use super::input::Input;
use crate::audit::{Audit, Judgement};
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
        let is_file = path != Path::new("-");
        let found = is_file.then(|| Stream::open(&io.path(path))).flatten();
        let (input, stream) = match found {
            None => (input::snapshot(path, io)?, None),
            Some((tenant, stream)) => {
                let source = Source {
                    kind: SourceKind::Snapshot,
                    path: Some(path.display().to_string()),
                    taken_at: Some(tenant.taken_at),
                };
                (
                    Input { tenant, source, requests: Vec::new(), failure: None, waited: Duration::ZERO },
                    Some(stream),
                )
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
            let judgement = audit.judge_by(&self.input.tenant, |hearing| {
                let hear = |role, settings: Result<&[_], _>| hearing.hear(role, settings);
                stream.read(|role| hearing.is_about(role), hear).ok_or(Whole)
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
