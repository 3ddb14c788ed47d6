//! Reading a tenant from answers of the API that somebody saved with tools of their own: one file for
//! each list, read by the same rules as the live ones.

mod answer;
mod values;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::collect::{agree_on_own_use, dataset, forget_people, in_order, never_empty, put, version};
use super::fault::Fault;
use super::lists::checked;
use super::wire::{
    ApiMemberRow, CompanyInfo, MemberRow, OwnMemberRow, PlainRow, RoleRow, Row, SettingRow, Visit, each_plain,
};
use crate::model::{Dataset, DatasetName, Gap, RoleId, Setting, Tenant, TenantId};
use crate::saved_text;
use answer::Answer;

/// Finds a saved answer by name; `None` where there is no such file.
pub type Find<'f> = &'f dyn Fn(&str) -> io::Result<Option<Vec<u8>>>;

/// Where a role's settings are saved.
fn settings_file(role: i64) -> String {
    format!("settings-{role}")
}

/// Reads saved answers. `page_size` is the number of rows that was asked for, where that is known.
/// People's logins are dropped where they are not among `member_names`, which are folded; `None`
/// keeps them all.
///
/// # Errors
/// A file that is there and cannot be read.
pub fn saved(
    id: TenantId,
    taken_at: Timestamp,
    page_size: Option<u32>,
    member_names: Option<&BTreeSet<String>>,
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
    if let (Dataset::Complete(members), Some(names)) = (&mut tenant.members, member_names) {
        forget_people(members, names);
    }
    let mut plain = Plain { answers: &answers, tenant: &mut tenant, failed: Ok(()) };
    each_plain(&mut plain);
    plain.failed?;
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
    refuse_doubles(&mut tenant.settings);
    tenant.accept_no_api_members();
    tenant.note_namesakes();
    Ok(tenant)
}

/// A row of settings belongs to one role. Where two have the same rows, one answer was saved under two
/// names, and nobody knows whose it is.
fn refuse_doubles(settings: &mut BTreeMap<RoleId, Dataset<Vec<Setting>>>) {
    let mut owner: HashMap<i64, RoleId> = HashMap::new();
    let mut shared: BTreeMap<RoleId, (RoleId, i64)> = BTreeMap::new();
    for (&role, own) in settings.iter() {
        for row in own.rows().into_iter().flatten().filter_map(|setting| setting.id) {
            let first = *owner.entry(row).or_insert(role);
            if first != role {
                shared.entry(role).or_insert((first, row));
                shared.entry(first).or_insert((role, row));
            }
        }
    }
    for (role, (other, row)) in shared {
        let why = format!(
            "{}.json and {}.json have the same rows (id {row}): one answer was saved under two names; save both again",
            settings_file(role.0),
            settings_file(other.0)
        );
        settings.insert(role, Dataset::Unavailable(Gap::of_role(role, Fault::Saved(why).cause())));
    }
}

/// Reads each plain list from the file of its name.
struct Plain<'a> {
    answers: &'a Answers<'a>,
    tenant: &'a mut Tenant,
    failed: io::Result<()>,
}

impl Visit for Plain<'_> {
    fn visit<R: PlainRow>(&mut self) {
        if self.failed.is_err() {
            return;
        }
        let dataset = R::endpoint().dataset;
        match self.answers.list::<R>(dataset.as_str()) {
            Err(error) => self.failed = Err(error),
            // Nobody is asked to save it.
            Ok(Err(Fault::NotSaved(_))) if dataset.is_optional() => {}
            Ok(rows) => put::<R>(self.tenant, rows),
        }
    }
}

struct Answers<'f> {
    find: Find<'f>,
    taken_at: Timestamp,
    page_size: Option<u32>,
}

impl Answers<'_> {
    fn answer(&self, name: &str) -> io::Result<Option<Result<Answer, Fault>>> {
        let bytes = (self.find)(&format!("{name}.json"))?;
        let read = |bytes: Vec<u8>| {
            let text = saved_text::read(&bytes).map_err(|error| misshapen(name, &error.to_string()))?;
            match answer::forbidden(&text) {
                Some(body) => Err(Fault::of_status(403, None, body, None)),
                None => answer::read(&text).map_err(|why| misshapen(name, &why)),
            }
        };
        Ok(bytes.map(read))
    }

    /// An answer that is one object and no list.
    fn single<T: DeserializeOwned>(&self, name: &str) -> io::Result<Option<Result<T, Fault>>> {
        let only = |answer: Answer| {
            let mut rows: Vec<_> = answer.pages.into_iter().flatten().collect();
            match (rows.pop(), rows.len()) {
                (Some(row), 0) => values::row(row, 1).map_err(|why| misshapen(name, &why)),
                (_, more) => Err(misshapen(
                    name,
                    &format!("it has {} objects, not one", if more == 0 { 0 } else { more + 1 }),
                )),
            }
        };
        Ok(self.answer(name)?.map(|answer| answer.and_then(only)))
    }

    fn own_member(&self) -> io::Result<Result<<OwnMemberRow as Row>::Into, Fault>> {
        let row = self.single::<OwnMemberRow>("own-member")?;
        Ok(row.unwrap_or_else(|| Err(Fault::NotSaved("own-member.json".to_owned()))).and_then(|row| {
            let id = row.id().ok_or_else(|| misshapen("own-member", "it has no id"))?;
            row.convert(id, self.taken_at)
                .map_err(|field| misshapen("own-member", &format!("it has no {field}")))
        }))
    }

    /// A list: `NAME.json` or `NAME-page1.json`, and `NAME-page2.json` and so on where there are more pages.
    fn list<R: Row + DeserializeOwned>(&self, name: &str) -> io::Result<Result<Vec<R::Into>, Fault>> {
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        let (mut sizes, mut more) = (Vec::new(), None);
        for page in 1.. {
            let numbered = format!("{name}-page{page}");
            let first = if page == 1 { self.answer(name)? } else { None };
            if first.is_some() && self.answer(&numbered)?.is_some() {
                let why = format!("{numbered}.json is there, too: leave the one that is meant");
                return Ok(Err(misshapen(name, &why)));
            }
            let (file, answer) = match first {
                Some(answer) => (name.to_owned(), Some(answer)),
                None => (numbered.clone(), self.answer(&numbered)?),
            };
            let answer = match answer {
                Some(Ok(answer)) => answer,
                Some(Err(fault)) => return Ok(Err(fault)),
                None if page == 1 => return Ok(Err(Fault::NotSaved(format!("{name}.json")))),
                None => {
                    let next = format!("{name}-page{}", page + 1);
                    if self.answer(&next)?.is_some() {
                        let why = format!("{numbered}.json is missing, and {next}.json is there");
                        return Ok(Err(misshapen(name, &why)));
                    }
                    break;
                }
            };
            sizes.extend(answer.pages.iter().map(Vec::len));
            more = answer.more;
            for (index, row) in answer.pages.into_iter().flatten().enumerate() {
                let row = match values::row::<R>(row, index + 1) {
                    Ok(row) => row,
                    Err(why) => return Ok(Err(misshapen(&file, &why))),
                };
                match checked(row, &mut seen, index + 1, self.taken_at) {
                    Ok(row) => all.push(row),
                    Err(fault) => return Ok(Err(in_file(&file, fault))),
                }
            }
        }
        Ok(match self.cut(name, &sizes, more) {
            Some(fault) => Err(fault),
            None => Ok(all),
        })
    }

    /// Why a list of these pages may go on.
    fn cut(&self, name: &str, sizes: &[usize], more: Option<bool>) -> Option<Fault> {
        let next = sizes.len() + 1;
        let last = sizes.last().copied().unwrap_or_default();
        match more {
            Some(true) => {
                let why = format!(
                    "it says itself that more rows follow: save them, too, as {name}-page{next}.json"
                );
                return Some(misshapen(name, &why));
            }
            Some(false) => return None,
            None => {}
        }
        // Of several pages, the first shows how many were asked for.
        let asked = self.page_size.map(|size| size as usize).or_else(|| {
            let (first, rest) = sizes.split_first().filter(|(_, rest)| !rest.is_empty())?;
            let (_, middle) = rest.split_last()?;
            middle.iter().all(|size| size == first).then_some(*first)
        });
        let is_full = last > 0 && asked.map_or_else(|| is_round(last), |asked| last.is_multiple_of(asked));
        is_full.then(|| {
            misshapen(
                name,
                &format!(
                    "it ends with {last} rows, which may be a full page: save the next one as {name}-page{next}.json ([] where there is none), or write into meta.json how many rows were asked for (\"page_size\":1000)"
                ),
            )
        })
    }
}

/// Whether so many rows may be a page that somebody asked for, or several of them put together.
const fn is_round(rows: usize) -> bool {
    rows.is_multiple_of(25) || rows.is_multiple_of(999)
}

fn misshapen(name: &str, what: &str) -> Fault {
    Fault::Saved(format!("{name}.json: {what}"))
}

/// What is wrong with a row, with the file that it is in.
fn in_file(name: &str, fault: Fault) -> Fault {
    match fault {
        Fault::Misshapen(why) | Fault::Paging(why) => misshapen(name, &why),
        other => other,
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
    fn the_first_page_may_have_a_number_and_one_that_is_missing_is_named() {
        let rows = |ids: &[i64]| {
            let rows: Vec<_> = ids.iter().map(|id| format!("{{\"id\":{id},\"name\":\"r{id}\"}}")).collect();
            format!("[{}]", rows.join(","))
        };
        let (one, two, three) = (rows(&[1, 2]), rows(&[3, 4]), rows(&[5]));
        let tenant =
            read(&[("roles-page1.json", &one), ("roles-page2.json", &two), ("roles-page3.json", &three)]);
        assert_eq!(tenant.roles.rows().map(Vec::len), Ok(5));
        let tenant = read(&[("roles.json", &one), ("roles-page1.json", &two)]);
        let gap = tenant.roles.rows().expect_err("a gap").to_string();
        assert!(gap.contains("roles-page1.json is there, too"), "{gap}");
        let tenant = read(&[("roles-page1.json", &one), ("roles-page3.json", &three)]);
        let gap = tenant.roles.rows().expect_err("a gap").to_string();
        assert!(gap.contains("roles-page2.json is missing"), "{gap}");
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
