//! `leastwise snapshot --from-responses DIR`: a tenant from answers of the API that an admin saved, so
//! that nobody hands over a key.

mod folder;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use folder::Folder;

use super::input::Input;
use crate::audit::member_names;
use crate::config::{Common, Settings};
use crate::error::Error;
use crate::io::Io;
use crate::model::{Source, SourceKind, TenantId};
use crate::saved_text;
use crate::source::connectwise::{Site, saved};
use crate::term::text::join_few;

/// The file that says which tenant the answers are of, and when they were saved.
const META: &str = "meta.json";

/// The one answer without which there is nothing to keep.
const ROLES: &str = "roles.json";

/// Its first page, where all have a number.
const FIRST_ROLES: &str = "roles-page1.json";

/// `meta.json`; every field is optional.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Meta {
    site: Option<String>,
    company: Option<String>,
    taken_at: Option<String>,
    page_size: Option<u32>,
}

/// Reads the folder. `with_people` keeps people's logins.
pub(super) fn read(
    folder: &Path,
    with_people: bool,
    settings: &Settings,
    common: &Common,
    io: &mut Io<'_>,
) -> Result<Input, Error> {
    let shown = folder.display().to_string();
    let unreadable = |source| Error::Unreadable { path: shown.clone(), source };
    let folder = match Folder::open(io.path(folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(no_roles(&shown, &[])),
        opened => opened.map_err(unreadable)?,
    };
    let find = |name: &str| folder.find(name);
    let roles = match folder.path_of(ROLES).map_err(unreadable)? {
        None => folder.path_of(FIRST_ROLES).map_err(unreadable)?,
        whole => whole,
    };
    let Some(roles) = roles else {
        return Err(no_roles(&shown, folder.names()));
    };
    let meta = meta(&shown, find(META).map_err(unreadable)?)?;
    let (site, company) = settings.place(common, io)?;
    let site = site.or(meta.site).ok_or_else(|| missing("site", &shown))?;
    let site: Site = site.parse().map_err(|error| Error::Usage(format!("{error}")))?;
    let company = company.or(meta.company).ok_or_else(|| missing("company", &shown))?;
    let taken_at = match meta.taken_at {
        Some(at) => at.parse().map_err(|_| {
            Error::Usage(format!(
                "`taken_at` in {shown}/{META} is \"{at}\", which is no time such as 2026-11-22T02:00:00Z"
            ))
        })?,
        None => modified(&roles).map_err(unreadable)?,
    };
    let id = TenantId { site: site.identity(), company };
    let (_, policy) = settings.of_snapshot(common, &id)?;
    let names = (!with_people).then(|| member_names(&settings.library, &policy));
    let tenant = saved(id, taken_at, meta.page_size, names.as_ref(), &find).map_err(unreadable)?;
    for name in folder.unread() {
        let why = match folder::role_of(name) {
            // Without roles, nobody asked for any settings.
            Some(_) if tenant.roles.rows().is_err() => continue,
            Some(role) => format!("no role of {ROLES} has the id {role}"),
            None => "no answer that is looked for has this name".to_owned(),
        };
        io.warn(format_args!("{shown}/{name} was not read: {why}"));
    }
    let failure = tenant.roles.rows().err().map(ToString::to_string);
    let source = Source { kind: SourceKind::Snapshot, path: Some(shown), taken_at: Some(taken_at) };
    Ok(Input { failure, ..Input::of(tenant, source) })
}

/// Without roles there is nothing to judge; what is there may be it, under another name.
fn no_roles(shown: &str, names: &[String]) -> Error {
    const NAMED: usize = 8;
    let there =
        if names.is_empty() { String::new() } else { format!(" (it has {})", join_few(names, NAMED)) };
    Error::Usage(format!(
        "there is no {ROLES} in {shown}{there}: docs/snapshot.md names the files and has the commands that save them"
    ))
}

fn meta(shown: &str, bytes: Option<Vec<u8>>) -> Result<Meta, Error> {
    let Some(bytes) = bytes else {
        return Ok(Meta::default());
    };
    let wrong = |why: &dyn std::fmt::Display| {
        Error::Usage(format!(
            "{shown}/{META} is not understood ({why}); it may say {{\"site\":…,\"company\":…,\"taken_at\":\"2026-11-22T02:00:00Z\"}}"
        ))
    };
    let text = saved_text::read(&bytes).map_err(|error| wrong(&error))?;
    if text.trim().is_empty() {
        return Err(wrong(&"it is empty"));
    }
    let lower = serde_json::from_str::<BTreeMap<String, Value>>(&text).map_err(|error| wrong(&error))?;
    let lower = lower.into_iter().map(|(key, value)| (key.to_lowercase(), value)).collect();
    serde_json::from_value(Value::Object(lower)).map_err(|error| wrong(&error))
}

/// When the answers were saved, for want of a better word.
fn modified(path: &Path) -> io::Result<Timestamp> {
    let at = std::fs::metadata(path)?.modified()?;
    let at = Timestamp::try_from(at).map_err(io::Error::other)?;
    Timestamp::from_second(at.as_second()).map_err(io::Error::other)
}

fn missing(what: &str, shown: &str) -> Error {
    Error::Usage(format!(
        "the {what} of the saved answers is not known: give --{what}, or write it into {shown}/{META}"
    ))
}
