//! Client id and keys: from the environment, a file or a command; wrapped as soon as they are read.

use std::path::Path;
use std::process::{Command, Stdio};

use secrecy::{ExposeSecret, SecretString};

use super::file::{KeySource, TenantConfig};
use super::misspelt;
use crate::error::Error;
use crate::io::Io;
use crate::source::connectwise::{Access, is_guid};

/// Whether `LEASTWISE_PUBLIC_KEY` and its like are meant for the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variables {
    /// It is the only one that is asked for.
    Count,
    /// It is one of many, and has keys of its own.
    DoNotCount,
}

/// Reads all three, or says which is missing and where it can come from.
pub(super) fn read(
    company: &str,
    own: Option<&TenantConfig>,
    variables: Variables,
    io: &mut Io<'_>,
) -> Result<Access, Error> {
    let none = KeySource::default();
    let mut source = |pick: fn(&TenantConfig) -> &KeySource, key: &str, name: &str| {
        let source = own.map_or(&none, pick);
        let secret = one(key, name, source, variables, io)?;
        warn_of_readers(key, name, source, variables, io);
        Ok::<_, Error>(secret)
    };
    let client_id = source(|own| &own.client_id, "client_id", "client id")?;
    let public_key = source(|own| &own.public_key, "public_key", "public key")?;
    let private_key = source(|own| &own.private_key, "private_key", "private key")?;
    for (name, half) in [("public key", &public_key), ("private key", &private_key)] {
        if let Some(wrong) = wrong_with(half.expose_secret()) {
            return Err(Error::Usage(format!("the {name} {wrong}")));
        }
    }
    if let Some(wrong) = wrong_with_pair(&public_key, &private_key, &client_id) {
        return Err(Error::Usage(format!("public key and private key {wrong}")));
    }
    let access = Access { company: company.to_owned(), client_id, public_key, private_key };
    if !access.has_client_id() {
        io.say(&format!("warning: {NO_GUID}"));
    }
    Ok(access)
}

/// Said of a client id that cannot be one.
const NO_GUID: &str = "the client id has not the form of one (a GUID)";

/// What is wrong with one half of a key, before anybody is asked; never with any part of it.
fn wrong_with(half: &str) -> Option<&'static str> {
    if half.contains('+') {
        Some("holds a +: enter the key alone, without the company in front of it")
    } else if half.contains(':') {
        Some("holds a colon: enter one half of the pair, not both")
    } else if half.starts_with(['"', '\'']) || half.ends_with(['"', '\'']) {
        Some("stands in quotes, which are no part of it")
    } else if half.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Some("holds a blank or a line break, which no key does")
    } else if !half.is_ascii() {
        Some("holds a character that no key has")
    } else {
        None
    }
}

/// What is wrong with the two halves together.
fn wrong_with_pair(
    public: &SecretString,
    private: &SecretString,
    client_id: &SecretString,
) -> Option<&'static str> {
    if public.expose_secret() == private.expose_secret() {
        Some("hold the same text: one of them was pasted twice")
    } else if is_guid(public.expose_secret()) || public.expose_secret() == client_id.expose_secret() {
        Some("are no pair: the public one holds a client id, which names the product, and is no key")
    } else {
        None
    }
}

/// Says so where others than its owner may read the file that a key came from.
fn warn_of_readers(key: &str, name: &str, source: &KeySource, variables: Variables, io: &mut Io<'_>) {
    let Some(path) = &source.file else { return };
    let comes_first = variables == Variables::Count && io.var(&variable(key)).is_some();
    let is_used = !comes_first && source.env.is_none();
    if is_used && may_be_read_by_others(&io.path(path)) {
        io.say(&format!(
            "warning: the {name} is in the file that `{key}_file` names, which others may read: chmod 600 that file"
        ));
    }
}

#[cfg(unix)]
fn may_be_read_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let is_open = |mode: u32| {
        let (others, group, owner_may_write) = (mode & 0o004 != 0, mode & 0o040 != 0, mode & 0o200 != 0);
        // What a scheduler mounts for the group of a container is nobody's to write (0440).
        others || (group && owner_may_write)
    };
    std::fs::metadata(path).is_ok_and(|metadata| is_open(metadata.permissions().mode()))
}

/// Elsewhere, the folder says who may read a file, in ways of its own.
#[cfg(not(unix))]
const fn may_be_read_by_others(_path: &Path) -> bool {
    false
}

/// The variable that comes before any source.
pub(super) fn variable(key: &str) -> String {
    format!("LEASTWISE_{}", key.to_uppercase())
}

/// The key pair of an integration's own member, with everything that can be wrong with it before the
/// PSA is asked.
#[derive(Debug, Default)]
pub struct IntegrationKey {
    /// The pair; absent where there are problems.
    pub access: Option<Access>,
    /// What makes it unusable, a sentence each; never with any part of a key.
    pub problems: Vec<String>,
    /// What was put right, a sentence each.
    pub remarks: Vec<String>,
}

const PUBLIC: &str = "LEASTWISE_INTEGRATION_PUBLIC_KEY";
const PRIVATE: &str = "LEASTWISE_INTEGRATION_PRIVATE_KEY";

/// Reads the integration's pair from the environment and the client id from where it usually is.
pub(super) fn integration(company: &str, own: Option<&TenantConfig>, io: &Io<'_>) -> IntegrationKey {
    let none = KeySource::default();
    let mut key = IntegrationKey::default();
    let mut client_id = None;
    match one("client_id", "client id", own.map_or(&none, |own| &own.client_id), Variables::Count, io) {
        Ok(secret) => client_id = Some(secret),
        Err(error) => key.problems.push(error.to_string()),
    }
    let public = half(PUBLIC, "public key", io, &mut key);
    let private = half(PRIVATE, "private key", io, &mut key);
    if let (Some(public), Some(private), Some(client_id)) = (public, private, client_id) {
        if let Some(wrong) = wrong_with_pair(&public, &private, &client_id) {
            key.problems.push(format!("{PUBLIC} and {PRIVATE} {wrong}"));
        }
        if !is_guid(client_id.expose_secret()) {
            key.remarks.push(NO_GUID.to_owned());
        }
        if key.problems.is_empty() {
            key.access = Some(Access {
                company: company.to_owned(),
                client_id,
                public_key: public,
                private_key: private,
            });
        }
    }
    key
}

/// One half of the pair, without the blanks around it.
fn half(variable: &str, name: &str, io: &Io<'_>, key: &mut IntegrationKey) -> Option<SecretString> {
    let Some(value) = io.var(variable) else {
        key.problems.push(format!("{variable} is not set"));
        return None;
    };
    let plain = value.trim();
    if plain != value {
        key.remarks.push(format!(
            "{variable} had blanks around it, which were left out; leave them out in the vendor's console too"
        ));
    }
    match wrong_with(plain) {
        Some(wrong) => {
            key.problems.push(format!("the {name} in {variable} {wrong}"));
            None
        }
        None => Some(SecretString::from(plain.to_owned())),
    }
}

fn one(
    key: &str,
    name: &str,
    source: &KeySource,
    variables: Variables,
    io: &Io<'_>,
) -> Result<SecretString, Error> {
    let variable = variable(key);
    // Somebody may have put the key itself where its file, its variable or a command belongs: none is repeated.
    let wrong = |why: String| Error::Usage(format!("the {name} should come from {why}"));
    let counting = io.var(&variable).filter(|_| variables == Variables::Count);
    let (secret, from) = if let Some(value) = counting {
        (SecretString::from(value.trim().to_owned()), format!("the variable {variable}"))
    } else if let Some(other) = &source.env {
        let from = format!("the variable that `{key}_env` names");
        let value = io.var(other).ok_or_else(|| wrong(format!("{from}, which is not set or blank")))?;
        (SecretString::from(value.trim().to_owned()), from)
    } else if let Some(path) = &source.file {
        let from = format!("the file that `{key}_file` names");
        let text =
            std::fs::read_to_string(io.path(path)).map_err(|error| wrong(format!("{from}: {error}")))?;
        (SecretString::from(text.trim().to_owned()), from)
    } else if !source.command.is_empty() {
        let from = format!("the command that `{key}_command` names");
        let secret = run(&source.command, &io.folder).map_err(|why| wrong(format!("{from}: {why}")))?;
        (secret, from)
    } else if variables == Variables::DoNotCount {
        return Err(Error::Usage(format!(
            "the {name} is not set: among several tenants, each says in leastwise.toml where its own comes from, with `{key}_env`, `{key}_file` or `{key}_command`"
        )));
    } else {
        return Err(Error::Usage(format!(
            "the {name} is not set: set {variable}, or `{key}_file` or `{key}_command` in leastwise.toml (never an argument){}",
            misspelt(&variable, io)
        )));
    };
    if secret.expose_secret().is_empty() {
        return Err(wrong(format!("{from}, which holds nothing")));
    }
    Ok(secret)
}

/// Runs the command without a shell; the secret is the first line that it prints.
fn run(command: &[String], folder: &Path) -> Result<SecretString, String> {
    let (program, arguments) = command.split_first().ok_or_else(|| "it is empty".to_owned())?;
    let mut command = Command::new(program);
    if !folder.as_os_str().is_empty() {
        command.current_dir(folder);
    }
    let output = command
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("it ended with {}", output.status));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| "it printed no text".to_owned())?;
    Ok(SecretString::from(text.lines().next().unwrap_or_default().trim().to_owned()))
}
