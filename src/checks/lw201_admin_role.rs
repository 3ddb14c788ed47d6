//! LW201: an API member holds a role that has everything.

use super::{BoundMember, Case, Check, Draft, Found, RoleCase, Run};
use crate::model::{DatasetName, Severity};
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: "LW201",
    name: "admin-role",
    severity: Severity::Critical,
    summary: "an API member holds the Admin role or a role with the admin flag",
    clear: "the role is not an admin role",
    page: include_str!("../../docs/checks/lw201-admin-role.md"),
    data: &[DatasetName::Roles, DatasetName::ApiMembers],
    run: Run::Role(run),
};

fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Found {
    let api = case.api_holders(role.role.id)?.iter().map(|member| member.identifier.to_string()).collect();
    let person = |member: &BoundMember<'_>| match member {
        BoundMember::Person(person) => Some(person.id.to_string()),
        BoundMember::Api(_) => None,
    };
    let bound = role.bindings.iter().filter_map(|binding| binding.member.as_ref());
    let holders = Holders { api, people: bound.filter_map(person).collect() };
    match role.is_admin() {
        _ if holders.api.is_empty() && holders.people.is_empty() => {
            Ok(vec![Draft::not_applicable("no API member holds the role")])
        }
        Some(false) => Ok(Vec::new()),
        Some(true) => Ok(vec![finding(role, &holders)]),
        None => Ok(vec![
            Draft::unknown("the PSA does not say whether the role has the admin flag")
                .fix(format!("look at {}", Case::role_path(role.role))),
        ]),
    }
}

/// Who holds the role.
struct Holders {
    /// Identifiers of API members.
    api: Vec<String>,
    /// Ids of people on whom an integration runs.
    people: Vec<String>,
}

impl Holders {
    /// "Umbrella, member 101".
    fn names(&self) -> Vec<String> {
        let people = self.people.iter().map(|id| format!("member {id}"));
        self.api.iter().cloned().chain(people).collect()
    }

    /// Where each gets another role: people stand on another screen.
    fn paths(&self) -> String {
        let on = |screen: &str, members: &[String]| {
            (!members.is_empty()).then(|| format!("{screen} > {} > Role ID", members.join(", ")))
        };
        let api = on("System > Members > API Members", &self.api);
        let people = on("System > Members", &self.people);
        join_and(&api.into_iter().chain(people).collect::<Vec<_>>())
    }
}

fn finding(role: &RoleCase<'_>, holders: &Holders) -> Draft {
    let how = if role.role.admin == Some(true) { "has the admin flag" } else { "is the Admin role" };
    let needed: Vec<_> = role.bindings.iter().map(|binding| binding.rules.title()).collect();
    let needs = match needed.as_slice() {
        [] => "the integration needs".to_owned(),
        [one] => format!("{one} needs"),
        several => format!("{} need", join_and(several)),
    };
    let names = holders.names();
    Draft::fail(format!(
        "{} {} a role that {how}: with its key everything can be read, changed and deleted",
        join_and(&names),
        if names.len() == 1 { "holds" } else { "hold" }
    ))
    .actual("admin")
    .fix(format!(
        "System > Security Roles > +: make a role with only what {needs}; then {}: choose it, and Save",
        holders.paths()
    ))
}
