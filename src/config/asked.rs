//! Keys that are set nowhere, asked for where a person sits in front of it. Nothing of them is kept.

use super::credentials;
use super::file::{KeySource, TenantConfig};
use crate::error::Error;
use crate::io::Io;

/// The name and the variable of a key, and where a config says that it comes from.
type Key = (&'static str, &'static str, fn(&TenantConfig) -> &KeySource);

const KEYS: [Key; 3] = [
    ("client id", "client_id", |own| &own.client_id),
    ("public key", "public_key", |own| &own.public_key),
    ("private key", "private_key", |own| &own.private_key),
];

/// Asks for each key that neither the environment nor the config gives. What is typed counts as set in the
/// environment, and is checked as if it were; an answer that is empty leaves the key missing.
///
/// # Errors
/// The terminal went away.
pub(super) fn ask_for_missing(own: Option<&TenantConfig>, io: &mut Io<'_>) -> Result<(), Error> {
    let Some(mut ask) = io.ask.take() else { return Ok(()) };
    for (name, key, pick) in KEYS {
        let variable = credentials::variable(key);
        let is_set = io.var(&variable).is_some() || own.map(pick).is_some_and(KeySource::is_set);
        if is_set {
            continue;
        }
        let answer =
            ask(&format!("{name} (instead of {variable}; not shown, not kept): ")).map_err(|why| {
                Error::Usage(format!("the {name} could not be asked for: {why}; set {variable}"))
            })?;
        io.env.insert(variable, answer);
    }
    io.ask = Some(ask);
    Ok(())
}
