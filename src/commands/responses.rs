//! `leastwise snapshot --from-responses DIR`: a tenant from answers of the API that an admin saved, so
//! that nobody hands over a key.

use std::io;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;

use super::input;
use super::input::Input;
use crate::config::{Common, Settings};
use crate::error::Error;
use crate::io::{Io, MOST_BYTES, read_file};
use crate::model::{Source, SourceKind, TenantId};
use crate::source::connectwise::{Site, saved};

/// The file that says which tenant the answers are of, and when they were saved.
const META: &str = "meta.json";

/// The one answer without which there is nothing to keep.
const ROLES: &str = "roles.json";

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
    io: &Io<'_>,
) -> Result<Input, Error> {
    let shown = folder.display().to_string();
    let root = io.path(folder);
    let unreadable = |source| Error::Unreadable { path: shown.clone(), source };
    let find = |name: &str| find(&root, name);
    if find(ROLES).map_err(unreadable)?.is_none() {
        return Err(Error::Usage(format!(
            "there is no {ROLES} in {shown}: docs/snapshot.md names the files and has the commands that save them"
        )));
    }
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
        None => modified(&root.join(ROLES)).map_err(unreadable)?,
    };
    let id = TenantId { site: site.identity(), company };
    let (_, policy) = settings.of_snapshot(common, &id)?;
    let names = (!with_people).then(|| input::integration_names(&settings.library, &policy));
    let tenant = saved(id, taken_at, meta.page_size, names.as_ref(), &find).map_err(unreadable)?;
    let failure = tenant.roles.rows().err().map(ToString::to_string);
    let source = Source { kind: SourceKind::Snapshot, path: Some(shown), taken_at: Some(taken_at) };
    Ok(Input { tenant, source, requests: Vec::new(), failure, waited: Duration::ZERO })
}

fn find(root: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
    match read_file(&root.join(name), MOST_BYTES) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn meta(shown: &str, bytes: Option<Vec<u8>>) -> Result<Meta, Error> {
    let Some(bytes) = bytes else {
        return Ok(Meta::default());
    };
    let plain = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    serde_json::from_slice(plain).map_err(|error| {
        Error::Usage(format!(
            "{shown}/{META} is not understood ({error}); it may say {{\"site\":…,\"company\":…,\"taken_at\":\"2026-11-22T02:00:00Z\"}}"
        ))
    })
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
