//! Keys that are set nowhere, asked for where a person sits in front of it. Nothing of them is kept.

use super::credentials;
use super::file::TenantConfig;
use super::missing::Needed;
use crate::error::Error;
use crate::io::Io;

/// Asks for each key that neither the environment nor the config gives. What is typed counts as set in the
/// environment, and is checked as if it were; an answer that is empty leaves the key missing.
///
/// # Errors
/// The terminal went away.
pub(super) fn ask_for_missing(own: Option<&TenantConfig>, io: &mut Io<'_>) -> Result<(), Error> {
    let Some(mut ask) = io.ask.take() else { return Ok(()) };
    for Needed { name, variable, .. } in credentials::missing(own, io) {
        let answer =
            ask(&format!("{name} (instead of {variable}; not shown, not kept): ")).map_err(|why| {
                Error::Usage(format!("the {name} could not be asked for: {why}; set {variable}"))
            })?;
        io.env.insert(variable.to_owned(), answer);
    }
    io.ask = Some(ask);
    Ok(())
}
