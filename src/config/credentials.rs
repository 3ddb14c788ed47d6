//! Client id and keys: from the environment, a file or a command; wrapped as soon as they are read.

use std::path::Path;
use std::process::{Command, Stdio};

use secrecy::{ExposeSecret, SecretString};

use super::file::{KeySource, TenantConfig};
use super::missing::{self, Needed};
use super::mistyped;
use super::variables::misspelt;
use crate::error::Error;
use crate::io::{Io, read_file};
use crate::saved_text;
use crate::source::connectwise::{Access, is_guid};

/// Whether `LEASTWISE_PUBLIC_KEY` and its like are meant for the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variables {
    /// It is the only one that is asked for.
    Count,
    /// It is one of many, and has keys of its own.
    DoNotCount,
}

/// Which of the three have no source at all.
pub(super) fn missing(own: Option<&TenantConfig>, io: &Io<'_>) -> Vec<Needed> {
    let none = TenantConfig::default();
    let own = own.unwrap_or(&none);
    let all = [
        (&own.client_id, missing::CLIENT_ID),
        (&own.public_key, missing::PUBLIC_KEY),
        (&own.private_key, missing::PRIVATE_KEY),
    ];
    let is_missing =
        |(source, needed): &(&KeySource, Needed)| !source.is_set() && io.var(needed.variable).is_none();
    all.into_iter().filter(is_missing).map(|(_, needed)| needed).collect()
}

/// What is wrong with a value, if anything.
type Look = fn(&str) -> Option<&'static str>;

/// Reads all three, or says what is wrong with each of them; never with any part of a key.
pub(super) fn read(
    company: &str,
    own: Option<&TenantConfig>,
    variables: Variables,
    io: &mut Io<'_>,
) -> Result<Access, Error> {
    let none = KeySource::default();
    let mut source = |pick: fn(&TenantConfig) -> &KeySource, key: &str, name: &str| {
        let source = own.map_or(&none, pick);
        let found = one(key, name, source, variables, io)?;
        warn_of_readers(key, name, source, variables, io);
        Ok::<_, Error>(found)
    };
    let client_id = source(|own| &own.client_id, "client_id", "client id")?;
    let public = source(|own| &own.public_key, "public_key", "public key")?;
    let private = source(|own| &own.private_key, "private_key", "private key")?;
    let mut problems = Vec::new();
    let looks: [(&Found, &str, Look); 3] = [
        (&client_id, "client id", mistyped::client_id),
        (&public, "public key", mistyped::key),
        (&private, "private key", mistyped::key),
    ];
    for (found, name, wrong) in looks {
        let wrong = wrong(found.secret.expose_secret());
        problems.extend(wrong.map(|wrong| format!("the {name} in {} {wrong}", found.from)));
    }
    problems.extend(mixed_up(&client_id, &public, &private));
    if !problems.is_empty() {
        return Err(Error::Usage(problems.join("; ")));
    }
    let access = Access {
        company: company.to_owned(),
        client_id: client_id.secret,
        public_key: public.secret,
        private_key: private.secret,
    };
    if !access.has_client_id() {
        io.warn(NO_GUID);
    }
    Ok(access)
}

/// No file with one key in it is as large.
const MOST_KEY_BYTES: u64 = 64 * 1024;

/// Said of a client id that cannot be one.
const NO_GUID: &str = "the client id has not the form of one (a GUID)";

/// What is in the wrong one of the three places.
fn mixed_up(client_id: &Found, public: &Found, private: &Found) -> Option<String> {
    let text = |found: &Found| found.secret.expose_secret().to_owned();
    if text(public) == text(private) {
        let (public, private) = (&public.from, &private.from);
        return Some(format!("{public} and {private} hold the same text: one of them was pasted twice"));
    }
    let twice = [public, private].into_iter().find(|key| text(key) == text(client_id));
    if let Some(key) = twice.filter(|_| !is_guid(&text(client_id))) {
        let (id, key) = (&client_id.from, &key.from);
        return Some(format!(
            "{id} and {key} hold the same text: the client id is a GUID from developer.connectwise.com, and no key"
        ));
    }
    let is_id = |found: &&Found| is_guid(&text(found));
    let wrong = [public, private].into_iter().find(is_id)?;
    Some(format!("{} holds a client id: it names the product, and is no key", wrong.from))
}

/// Says so where others than its owner may read the file that a key came from.
fn warn_of_readers(key: &str, name: &str, source: &KeySource, variables: Variables, io: &mut Io<'_>) {
    let Some(path) = &source.file else { return };
    let comes_first = variables == Variables::Count && io.var(&variable(key)).is_some();
    let is_used = !comes_first && source.env.is_none();
    if is_used && may_be_read_by_others(&io.path(path)) {
        io.warn(format_args!(
            "the {name} is in the file that `{key}_file` names, which others may read: chmod 600 that file"
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
fn variable(key: &str) -> String {
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
        Ok(found) => match mistyped::client_id(found.secret.expose_secret()) {
            Some(wrong) => key.problems.push(format!("the client id in {} {wrong}", found.from)),
            None => client_id = Some(found),
        },
        Err(error) => key.problems.push(error.to_string()),
    }
    let public = half(PUBLIC, "public key", io, &mut key);
    let private = half(PRIVATE, "private key", io, &mut key);
    if let (Some(public), Some(private), Some(client_id)) = (public, private, client_id) {
        key.problems.extend(mixed_up(&client_id, &public, &private));
        if !is_guid(client_id.secret.expose_secret()) {
            key.remarks.push(NO_GUID.to_owned());
        }
        if key.problems.is_empty() {
            key.access = Some(Access {
                company: company.to_owned(),
                client_id: client_id.secret,
                public_key: public.secret,
                private_key: private.secret,
            });
        }
    }
    key
}

/// One half of the pair, without the blanks around it.
fn half(variable: &str, name: &str, io: &Io<'_>, key: &mut IntegrationKey) -> Option<Found> {
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
    let wrong = mistyped::key(plain);
    match wrong {
        Some(wrong) => {
            key.problems.push(format!("the {name} in {variable} {wrong}"));
            None
        }
        None => Some(Found { secret: SecretString::from(plain.to_owned()), from: variable.to_owned() }),
    }
}

/// A secret, and where it was found, in words that repeat nothing that may be a key.
struct Found {
    secret: SecretString,
    from: String,
}

fn one(key: &str, name: &str, source: &KeySource, variables: Variables, io: &Io<'_>) -> Result<Found, Error> {
    let variable = variable(key);
    // Somebody may have put the key itself where its file, its variable or a command belongs: none is repeated.
    let wrong = |why: String| Error::Usage(format!("the {name} should come from {why}"));
    let counting = io.var(&variable).filter(|_| variables == Variables::Count);
    let (secret, from) = if let Some(value) = counting {
        (SecretString::from(value.trim().to_owned()), variable)
    } else if let Some(other) = &source.env {
        let from = format!("the variable that `{key}_env` names");
        let value = io.var(other).ok_or_else(|| wrong(format!("{from}, which is not set or blank")))?;
        (SecretString::from(value.trim().to_owned()), from)
    } else if let Some(path) = &source.file {
        let from = format!("the file that `{key}_file` names");
        let bytes =
            read_file(&io.path(path), MOST_KEY_BYTES).map_err(|error| wrong(format!("{from}: {error}")))?;
        (text(&bytes).ok_or_else(|| wrong(format!("{from}, which is no text: save it as UTF-8")))?, from)
    } else if !source.command.is_empty() {
        let from = format!("the command that `{key}_command` names");
        let secret = run(&source.command, &io.folder).map_err(|why| wrong(format!("{from}: {why}")))?;
        (secret, from)
    } else if variables == Variables::DoNotCount {
        return Err(Error::Usage(format!(
            "the {name} is not set: among several tenants, each says in leastwise.toml where its own comes from, with `{key}_env`, `{key}_file` or `{key}_command`"
        )));
    } else {
        let meant = misspelt(&variable, io).map(|remark| format!("; {remark}")).unwrap_or_default();
        return Err(Error::Usage(format!(
            "the {name} is not set: set {variable}, or `{key}_file` or `{key}_command` in leastwise.toml (never an argument){meant}"
        )));
    };
    if secret.expose_secret().is_empty() {
        return Err(wrong(format!("{from}, which holds nothing")));
    }
    Ok(Found { secret, from })
}

/// What a file or a command gives, without the mark and the line end that Windows puts around it.
fn text(bytes: &[u8]) -> Option<SecretString> {
    let text = saved_text::read(bytes).ok()?;
    Some(SecretString::from(text.trim_start_matches('\u{feff}').trim().to_owned()))
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
    let printed = text(&output.stdout).ok_or_else(|| "it printed no text".to_owned())?;
    let first = printed.expose_secret().lines().next().unwrap_or_default().trim();
    Ok(SecretString::from(first.to_owned()))
}
