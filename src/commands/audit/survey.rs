//! What an earlier survey of this PSA says, read for an audit: `--survey FILE`.

use std::path::Path;

use crate::config::links;
use crate::error::Error;
use crate::io::{Io, read_file};
use crate::rules::Assumptions;
use crate::survey::Survey;

/// A survey has some hundred bytes for each assumption.
const LONGEST: u64 = 4 * 1024 * 1024;

/// Reads the survey.
pub(super) fn read(path: &Path, io: &Io<'_>) -> Result<Survey, Error> {
    let wrong = |why: String| Error::Usage(format!("the survey {} cannot be used: {why}", path.display()));
    links::check("the survey", path, io)?;
    let bytes = read_file(&io.path(path), LONGEST).map_err(|error| wrong(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8".to_owned()))?;
    Survey::parse(&text).map_err(|error| wrong(error.to_string()))
}

/// Says what does not hold on this PSA, and what that means for the report.
///
/// # Errors
/// The embedded file of assumptions; a test holds that it has none.
pub(super) fn say(survey: &Survey, io: &mut Io<'_>) -> Result<(), Error> {
    let assumptions = Assumptions::built_in()?;
    for failed in survey.failed() {
        if let Some(own) = assumptions.all().iter().find(|own| own.id == failed) {
            io.warn(format_args!(
                "the survey of this PSA says that {failed} does not hold: {}; it matters for {}",
                own.otherwise,
                own.rests.join(", ")
            ));
        }
    }
    Ok(())
}
