//! Client id and keys: from the environment, a file or a command; wrapped as soon as they are read.

use std::path::Path;
use std::process::{Command, Stdio};

use secrecy::{ExposeSecret, SecretString};

use super::config::{KeySource, TenantConfig};
use super::misspelt;
use crate::connectwise::Access;
use crate::error::Error;
use crate::io::Io;

/// Reads all three, or says which is missing and where it can come from.
pub(super) fn read(company: &str, own: Option<&TenantConfig>, io: &Io<'_>) -> Result<Access, Error> {
    let none = KeySource::default();
    let source = |pick: fn(&TenantConfig) -> &KeySource| own.map_or(&none, pick);
    Ok(Access {
        company: company.to_owned(),
        client_id: one("client_id", "client id", source(|own| &own.client_id), io)?,
        public_key: one("public_key", "public key", source(|own| &own.public_key), io)?,
        private_key: one("private_key", "private key", source(|own| &own.private_key), io)?,
    })
}

fn one(key: &str, name: &str, source: &KeySource, io: &Io<'_>) -> Result<SecretString, Error> {
    let variable = format!("LEASTWISE_{}", key.to_uppercase());
    let wrong = |why: String| Error::Usage(format!("the {name} should come from {why}"));
    let (secret, from) = if let Some(value) = io.var(&variable) {
        (SecretString::from(value.trim().to_owned()), format!("the variable {variable}"))
    } else if let Some(other) = &source.env {
        let value =
            io.var(other).ok_or_else(|| wrong(format!("the variable {other}, which is not set or blank")))?;
        (SecretString::from(value.trim().to_owned()), format!("the variable {other}"))
    } else if let Some(path) = &source.file {
        let from = format!("the file {}", path.display());
        let text =
            std::fs::read_to_string(io.path(path)).map_err(|error| wrong(format!("{from}: {error}")))?;
        (SecretString::from(text.trim().to_owned()), from)
    } else if !source.command.is_empty() {
        let from = format!("the command \"{}\"", source.command.first().map_or("", String::as_str));
        let secret = run(&source.command, &io.folder).map_err(|why| wrong(format!("{from}: {why}")))?;
        (secret, from)
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
