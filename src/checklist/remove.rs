//! Removing an integration: keys, member, role, old login, callbacks, and what to ask the vendor. What somebody else
//! uses too is left as it is.

use std::collections::{BTreeSet, HashSet};
use std::io::{self, Write};

use super::list;
use super::numbered::Numbered;
use super::ticket::SIGNED;
use crate::audit::Key;
use crate::checks::{Binding, Holders};
use crate::model::{LoginRef, MemberId, MemberRef, RoleRef, Tenant, fold_name};
use crate::rules::RuleFile;
use crate::term::text::{count, join_and};
use crate::term::{Page, Style};

/// The click path to the API members.
const API_MEMBERS: &str = "System > Members > API Members";

/// What is to be removed, and who else uses it.
struct Removal<'r> {
    rules: &'r RuleFile,
    /// The integration's keys that the tenant has.
    keys: &'r [Key],
    /// Of every integration of the tenant.
    bindings: &'r [Binding<'r>],
    tenant: &'r Tenant,
    holders: Holders<'r>,
}

/// What to click, and what not to.
#[derive(Default)]
struct Clicks {
    today: Vec<String>,
    afterwards: Vec<String>,
    /// What stays as it is, and for whom.
    kept: Vec<String>,
    /// What is set inactive.
    inactive: Vec<String>,
    /// Whether keys are deleted.
    deletes_keys: bool,
}

/// Writes every click that removes an integration. `keys` are those of the integration that the tenant has,
/// `bindings` those of all integrations.
///
/// # Errors
/// Whatever `out` answers.
pub(crate) fn write(
    rules: &RuleFile,
    keys: &[Key],
    bindings: &[Binding<'_>],
    tenant: &Tenant,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let clicks = Removal { rules, keys, bindings, tenant, holders: Holders::of(tenant) }.clicks();
    let mut page = Page::new(style);
    page.heading(&format!("{} ({}): remove it", rules.title(), rules.id));
    page.paragraph("First, so that you can go back: leastwise snapshot -o before.json, and a picture of the API Keys tab of each member below.");
    let console = rules.checklist.as_ref().and_then(|checklist| checklist.console.as_deref());
    if clicks.today.is_empty() && clicks.afterwards.is_empty() && clicks.kept.is_empty() {
        page.blank();
        page.paragraph("Nothing in this tenant is named for it, or bound to it.");
    }
    let undo = clicks.undo();
    let mut steps = Numbered::on(&mut page);
    steps.step("In the PSA, today", clicks.today);
    steps.step("In the PSA, after a month without complaints", clicks.afterwards);
    steps.step(
        "At the vendor, after that month",
        vec![
            format!("in {}: disconnect the PSA", console.unwrap_or("the vendor's console")),
            "ask the vendor to delete the keys and the data that it holds, and its callbacks (/system/callbacks): with them the PSA sends records at every save, even after the keys are gone".to_owned(),
        ],
    );
    steps.step(
        "In your files",
        vec![
            format!("leastwise.toml: remove the binding and the waivers of {}", rules.id),
            "leastwise snapshot -o after.json, then leastwise diff before.json after.json: keep both with the ticket".to_owned(),
        ],
    );
    list(&mut page, "Leave as it is", "-", &clicks.kept);
    page.blank();
    page.heading("For the change ticket");
    if let Some(undo) = undo {
        page.paragraph(&undo);
    }
    page.paragraph(SIGNED);
    out.write_all(page.into_text().as_bytes())
}

impl Clicks {
    /// How to undo what these clicks touch, and nothing else.
    fn undo(&self) -> Option<String> {
        let inactive = match self.inactive.as_slice() {
            [] => None,
            some => Some(format!("clear Inactive on {}", join_and(some))),
        };
        let keys = self.deletes_keys.then(|| "deleted keys do not come back: make new ones".to_owned());
        let ways: Vec<_> = inactive.into_iter().chain(keys).collect();
        (!ways.is_empty()).then(|| format!("Undo: {}.", ways.join("; ")))
    }
}

impl<'r> Removal<'r> {
    fn clicks(&self) -> Clicks {
        let mut clicks = Clicks::default();
        for key in self.keys {
            if let Some(member) = &key.member {
                self.member(key, member, &mut clicks);
            }
        }
        let own = self.keys.iter().filter(|key| !key.person && key.member.is_some());
        let roles: BTreeSet<_> =
            own.filter_map(|key| key.role.clone().map(|role| (role, key.admin))).collect();
        for (role, is_admin) in roles {
            self.role(&role, is_admin, &mut clicks);
        }
        for key in self.keys {
            if let Some(login) = &key.login {
                self.login(key, login, &mut clicks);
            }
        }
        clicks
    }

    /// Bindings of other integrations.
    fn others(&self) -> impl Iterator<Item = &'r Binding<'r>> {
        let own = &self.rules.id;
        self.bindings.iter().filter(move |binding| binding.rules.id != *own)
    }

    /// The other integrations that a member serves.
    fn also_served(&self, member: MemberId) -> Vec<String> {
        let others = self.others().filter(|binding| binding.member_id() == Some(member));
        others.map(|binding| binding.rules.title()).collect()
    }

    fn member(&self, key: &Key, member: &MemberRef, clicks: &mut Clicks) {
        if key.person {
            clicks.today.push(format!("System > Members > {member} > API Keys: set the integration's keys inactive (the person keeps working)"));
            return;
        }
        let path = format!("{API_MEMBERS} > {member}");
        let others = self.also_served(member.id);
        clicks.deletes_keys = true;
        if !others.is_empty() {
            let others = join_and(&others);
            clicks
                .today
                .push(format!("{path} > API Keys: set the integration's keys inactive, and no others"));
            clicks
                .afterwards
                .push(format!("{path} > API Keys: delete these keys (they cannot be brought back)"));
            clicks.kept.push(format!("{path}: it also serves {others}"));
            return;
        }
        if key.active != Some(false) {
            clicks.today.push(format!("{path}: set Inactive, then Save (one click back if something stops)"));
            clicks.inactive.push(format!("API member {member}"));
        }
        clicks.afterwards.push(format!("{path} > API Keys: delete each key (it cannot be brought back)"));
    }

    fn role(&self, role: &RoleRef, is_admin: bool, clicks: &mut Clicks) {
        let path = format!("System > Security Roles > {role}");
        if is_admin {
            clicks.kept.push(format!("{path}: do not change it, it is the Admin role"));
        } else if let Some(others) = self.other_holders(role) {
            clicks.kept.push(format!("{path}: {others}"));
        } else if self.tenant.role(role.id).is_none_or(|role| role.active != Some(false)) {
            clicks.afterwards.push(format!("{path}: set Inactive, then Save (nobody else holds it)"));
            clicks.inactive.push(format!("role {role}"));
        }
    }

    /// Who holds a role apart from the members that are removed, where anybody does or that is not known.
    fn other_holders(&self, role: &RoleRef) -> Option<String> {
        let own = self.keys.iter().filter_map(|key| key.member.as_ref()).map(|member| member.id);
        let removed: HashSet<_> = own.filter(|member| self.also_served(*member).is_empty()).collect();
        let api = self.holders.api(role.id).iter().filter(|member| !removed.contains(&member.id));
        let mut names: Vec<_> = api
            .map(|member| {
                let inactive = if member.active == Some(false) { " (inactive)" } else { "" };
                format!("{}{inactive}", MemberRef::from(*member))
            })
            .collect();
        let by_role = self.others().filter(|binding| binding.member.is_none());
        let by_role = by_role.filter(|binding| binding.role.is_some_and(|own| own.id == role.id));
        names.extend(by_role.map(|binding| format!("whatever serves {}", binding.rules.title())));
        let people = self.holders.all(role.id).iter().filter(|member| {
            member.is_person() != Some(false)
                && !removed.contains(&member.id)
                && self.tenant.api_member(member.id).is_none()
        });
        let people = people.count();
        if people > 0 {
            names.push(count(people, "person"));
        }
        match names.as_slice() {
            [] => {
                let is_known = self.tenant.api_members.rows().is_ok()
                    && self.tenant.members.rows().is_ok()
                    && !self.holders.has_unplaced();
                (!is_known).then(|| "who else holds it is not known".to_owned())
            }
            [one] => Some(format!("{one} {} it", if people > 1 { "hold" } else { "holds" })),
            several => Some(format!("{} hold it", join_and(several))),
        }
    }

    fn login(&self, key: &Key, login: &LoginRef, clicks: &mut Clicks) {
        let path = format!("System > Setup Tables > Integrator Login > {}", login.name);
        let is_named = |binding: &&Binding<'_>| {
            binding.rules.matches.logins.iter().any(|name| fold_name(name) == fold_name(&login.name))
        };
        let others: BTreeSet<_> =
            self.others().filter(is_named).map(|binding| binding.rules.title()).collect();
        if !others.is_empty() {
            let others: Vec<_> = others.into_iter().collect();
            clicks.kept.push(format!("{path}: {} may use it too", join_and(&others)));
        } else if key.active != Some(false) {
            clicks.today.push(format!("{path}: set Inactive, then Save"));
            clicks.inactive.push(format!("login {}", login.name));
        }
    }
}
