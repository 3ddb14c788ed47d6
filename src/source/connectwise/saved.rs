//! Reading a tenant from answers of the API that somebody saved with tools of their own: one file for
//! each list, read by the same rules as the live ones.

use std::collections::{BTreeSet, HashSet};
use std::io;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::collect::{agree_on_own_use, dataset, forget_people, in_order, never_empty, sorted, version};
use super::fault::{Fault, said};
use super::lists::{PAGE_SIZE, checked, shape};
use super::wire::{
    ApiMemberRow, CompanyInfo, LoginRow, MemberRow, MemberUseRow, Object, OwnMemberRow, RoleRow, Row,
    SettingRow,
};
use crate::model::{Dataset, DatasetName, Gap, Setting, Tenant, TenantId};

/// Page sizes that a list may have been cut at: the most that the PSA gives, and what it gives when
/// nobody asks for a size.
const PAGES: [u32; 2] = [PAGE_SIZE, 25];

/// Finds a saved answer by name; `None` where there is no such file.
pub type Find<'f> = &'f dyn Fn(&str) -> io::Result<Option<Vec<u8>>>;

/// Where a role's settings are saved.
#[must_use]
pub fn settings_file(role: i64) -> String {
    format!("settings-{role}")
}

/// Reads saved answers. `page_size` is the number of rows that was asked for, where that is known.
/// People's logins are dropped where they are not among `integration_names`, which are folded; `None`
/// keeps them all.
///
/// # Errors
/// A file that is there and cannot be read.
pub fn saved(
    id: TenantId,
    taken_at: Timestamp,
    page_size: Option<u32>,
    integration_names: Option<&BTreeSet<String>>,
    find: Find<'_>,
) -> io::Result<Tenant> {
    let answers = Answers { find, taken_at, page_size };
    let mut tenant = Tenant::unread(id, taken_at);
    if let Some(Ok(info)) = answers.single::<CompanyInfo>("companyinfo")? {
        tenant.psa_version = version(info.version_code);
    }
    tenant.roles = never_empty(DatasetName::Roles, answers.list::<RoleRow>("roles")?, |role| role.id.0);
    tenant.api_members =
        never_empty(DatasetName::ApiMembers, answers.list::<ApiMemberRow>("api-members")?, |own| own.id.0);
    tenant.members = never_empty(DatasetName::Members, answers.list::<MemberRow>("members")?, |own| own.id.0);
    if let (Dataset::Complete(members), Some(names)) = (&mut tenant.members, integration_names) {
        forget_people(members, names);
    }
    tenant.member_use =
        never_empty(DatasetName::MemberUse, answers.list::<MemberUseRow>("member-use")?, |own| own.id.0);
    let logins = answers.list::<LoginRow>("integrator-logins")?;
    tenant.logins = dataset(DatasetName::IntegratorLogins, logins.map(|rows| sorted(rows, |login| login.id)));
    tenant.own_member = dataset(DatasetName::OwnMember, answers.own_member()?);
    agree_on_own_use(&mut tenant);
    let roles: Vec<_> = tenant.roles.rows().into_iter().flatten().map(|role| role.id).collect();
    for role in roles {
        let rows = answers.list::<SettingRow>(&settings_file(role.0))?;
        let settings: Dataset<Vec<Setting>> = match rows {
            Ok(rows) => Dataset::never_empty(DatasetName::Settings, in_order(rows)),
            Err(fault) => Dataset::Unavailable(Gap::of_role(role, fault.cause())),
        };
        tenant.settings.insert(role, settings);
    }
    Ok(tenant)
}

struct Answers<'f> {
    find: Find<'f>,
    taken_at: Timestamp,
    page_size: Option<u32>,
}

impl Answers<'_> {
    fn text(&self, name: &str) -> io::Result<Option<Result<String, Fault>>> {
        let bytes = (self.find)(&format!("{name}.json"))?;
        Ok(bytes.map(|bytes| text(&bytes).ok_or_else(|| misshapen(name, "it is not text"))))
    }

    fn single<T: DeserializeOwned>(&self, name: &str) -> io::Result<Option<Result<T, Fault>>> {
        let parse = |text: String| match serde_json::from_str(&text) {
            Ok(Object(value)) => Ok(value),
            Err(error) => Err(misshapen(name, &shape(&error))),
        };
        Ok(self.text(name)?.map(|text| text.and_then(parse)))
    }

    fn own_member(&self) -> io::Result<Result<<OwnMemberRow as Row>::Into, Fault>> {
        let row = self.single::<OwnMemberRow>("own-member")?;
        Ok(row.unwrap_or_else(|| Err(Fault::NotSaved("own-member.json".to_owned()))).and_then(|row| {
            let id = row.id().ok_or_else(|| misshapen("own-member", "it has no id"))?;
            row.convert(id, self.taken_at)
                .map_err(|field| misshapen("own-member", &format!("it has no {field}")))
        }))
    }

    /// A list: `NAME.json`, and `NAME-page2.json` and so on where there are more pages.
    fn list<R: Row + DeserializeOwned>(&self, name: &str) -> io::Result<Result<Vec<R::Into>, Fault>> {
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        let mut last = 0;
        for page in 1.. {
            let file = if page == 1 { name.to_owned() } else { format!("{name}-page{page}") };
            let Some(text) = self.text(&file)? else {
                if page == 1 {
                    return Ok(Err(Fault::NotSaved(format!("{name}.json"))));
                }
                break;
            };
            let rows: Vec<Object<R>> = match text.and_then(|text| rows(&file, &text)) {
                Ok(rows) => rows,
                Err(fault) => return Ok(Err(fault)),
            };
            last = rows.len();
            for Object(row) in rows {
                match checked(row, &mut seen, all.len() + 1, self.taken_at) {
                    Ok(row) => all.push(row),
                    Err(fault) => return Ok(Err(fault)),
                }
            }
        }
        Ok(if self.may_go_on(last) {
            let what = format!(
                "it ends with {last} rows, which is a full page: save the next page too ([] where there is none)"
            );
            Err(misshapen(name, &what))
        } else {
            Ok(all)
        })
    }

    /// Whether a list that ends with so many rows may have been cut there.
    fn may_go_on(&self, last: usize) -> bool {
        let is_full = |page: u32| last == page as usize;
        self.page_size.map_or_else(|| PAGES.into_iter().any(is_full), is_full)
    }
}

fn misshapen(name: &str, what: &str) -> Fault {
    Fault::Misshapen(format!("{name}.json: {what}"))
}

/// The rows of a saved list, or what the PSA said instead.
fn rows<R: DeserializeOwned>(name: &str, text: &str) -> Result<Vec<R>, Fault> {
    serde_json::from_str(text).map_err(|error| {
        let answer: Option<serde_json::Value> = serde_json::from_str(text).ok();
        if answer.is_some_and(|answer| answer.get("message").is_some()) {
            misshapen(name, &format!("the PSA did not send a list but an error{}", said(text)))
        } else {
            misshapen(name, &shape(&error))
        }
    })
}

/// UTF-8, or UTF-16 as older PowerShells write it; with or without a mark at the start.
fn text(bytes: &[u8]) -> Option<String> {
    let utf16 = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units: Vec<_> = pairs.iter().map(|pair| read(*pair)).collect();
        if rest.is_empty() { String::from_utf16(&units).ok() } else { None }
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => std::str::from_utf8(rest).ok().map(str::to_owned),
        bytes => std::str::from_utf8(bytes).ok().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::saved;
    use crate::model::{MemberId, Tenant, TenantId};
    use crate::source::snapshot;

    fn read(answers: &[(&str, &str)]) -> Tenant {
        let find = |name: &str| {
            Ok(answers.iter().find(|(own, _)| *own == name).map(|(_, text)| text.as_bytes().to_vec()))
        };
        let id = TenantId { site: "na.example".to_owned(), company: "acme".to_owned() };
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().expect("a time");
        saved(id, now, None, None, &find).expect("nothing fails to be read")
    }

    #[test]
    fn our_own_last_use_is_the_later_of_the_two_that_the_psa_tells() {
        let listed = r#"[{"id":258,"lastLogin":"2026-11-20T01:00:00Z"},{"id":251}]"#;
        for (own, days) in [
            (r#"{"id":258,"lastLogin":"2026-11-22T11:59:00Z"}"#, Some(0)),
            (r#"{"id":258,"lastLogin":"2026-10-01T00:00:00Z"}"#, Some(2)),
            (r#"{"id":258}"#, Some(2)),
            (r#"{"id":251}"#, None),
        ] {
            let tenant = read(&[("member-use.json", listed), ("own-member.json", own)]);
            let own = tenant.own_member.rows().expect("our own member");
            assert_eq!(own.days, days);
            let uses = tenant.member_use.rows().expect("both");
            assert!(uses.iter().any(|one| one.id == own.id && one.days == days));
            assert!(
                uses.iter().all(|one| one.id == own.id || one.days.is_some() == (one.id == MemberId(258)))
            );
            let mut file = Vec::new();
            snapshot::write(&tenant, "leastwise test", &mut file).expect("memory takes everything");
            let again = snapshot::parse(&file).expect("a snapshot");
            assert_eq!((&again.own_member, &again.member_use), (&tenant.own_member, &tenant.member_use));
        }
    }
}
