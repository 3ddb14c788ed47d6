//! The baseline: a snapshot of an earlier day, judged like today's, so that only what is new counts.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::checks::{
    CheckId, Detail, ExcessivePermission, Finding, Fingerprint, LegacyLogin, MissingPermission, SharedRole,
    Since, Status,
};
use crate::model::RoleId;

/// Says of each finding whether the baseline has it, and adds those that only the baseline has. `old`
/// is the audit of the baseline by today's rules and day, without waivers.
pub fn compare(results: &mut Vec<Finding>, old: &[Finding]) {
    let found: HashMap<_, _> = old
        .iter()
        .filter(|finding| finding.status == Status::Fail)
        .map(|finding| (finding.fingerprint, finding))
        .collect();
    let admins_before = admins(old);
    for finding in results.iter_mut().filter(|finding| finding.is_finding()) {
        let is_known = match found.get(&finding.fingerprint) {
            Some(before) => !is_worse(finding, before),
            None => had_everything(finding, &admins_before),
        };
        finding.baseline = Some(if is_known { Since::Unchanged } else { Since::New });
    }
    let now = Now::of(results);
    let mut resolved: Vec<_> = found.into_values().filter(|own| now.resolves(own)).map(as_resolved).collect();
    results.append(&mut resolved);
    results.sort_unstable_by(|one, other| one.order().cmp(&other.order()));
}

/// Drops what LW206 counts rather than lists, but keeps what is new: a role that is too wide already
/// can still be widened.
pub fn fold_wide_roles(results: &mut Vec<Finding>) {
    let wide: BTreeSet<_> = results
        .iter()
        .filter(|finding| finding.check == CheckId::WideRole && finding.is_finding())
        .filter_map(role_of)
        .collect();
    results.retain(|finding| {
        finding.check != CheckId::ExcessivePermission
            || is_listed_in_wide_role(finding)
            || !matches!(finding.baseline, Some(Since::Unchanged | Since::Resolved))
            || !role_of(finding).is_some_and(|role| wide.contains(&role))
    });
}

/// Whether LW102 lists it by itself even where a role is so wide that excess is counted only.
fn is_listed_in_wide_role(finding: &Finding) -> bool {
    matches!(&finding.detail, Detail::ExcessivePermission(detail) if detail.is_listed_in_wide_role(finding.severity))
}

fn role_of(finding: &Finding) -> Option<RoleId> {
    finding.role.as_ref().map(|role| role.id)
}

/// The roles that have everything, of which no single permission is judged.
fn admins(results: &[Finding]) -> BTreeSet<RoleId> {
    let found = results.iter().filter(|finding| finding.check == CheckId::AdminRole && finding.is_finding());
    found.filter_map(role_of).collect()
}

/// Whether the role had every permission before, as an admin role: then none of it is new.
fn had_everything(finding: &Finding, admins: &BTreeSet<RoleId>) -> bool {
    let is_of_excess =
        matches!(finding.check, CheckId::ExcessivePermission | CheckId::ExcessiveTable | CheckId::WideRole);
    is_of_excess && role_of(finding).is_some_and(|role| admins.contains(&role))
}

/// The fingerprint leaves levels and counts out, so that a finding stays the same when they change; what got
/// worse is new all the same.
fn is_worse(now: &Finding, before: &Finding) -> bool {
    match (&now.detail, &before.detail) {
        (
            Detail::MissingPermission(MissingPermission::Missing { granted: now, .. }),
            Detail::MissingPermission(MissingPermission::Missing { granted: before, .. }),
        ) => now < before,
        (
            Detail::ExcessivePermission(ExcessivePermission::Excess { granted: now, .. }),
            Detail::ExcessivePermission(ExcessivePermission::Excess { granted: before, .. }),
        ) => now > before,
        (Detail::SharedRole(now), Detail::SharedRole(before)) => serves_more(now, before),
        _ => false,
    }
}

/// Whether a role serves somebody that it did not serve before.
fn serves_more(now: &SharedRole, before: &SharedRole) -> bool {
    match (now, before) {
        (
            SharedRole::Shared { people, api_members, integrations },
            SharedRole::Shared { people: had_people, api_members: had_members, integrations: had },
        ) => {
            people > had_people
                || api_members > had_members
                || integrations.iter().any(|id| !had.contains(id))
        }
        _ => false,
    }
}

/// What today's results say of findings of the baseline.
struct Now {
    findings: HashSet<Fingerprint>,
    undecided: Undecided,
    admins: BTreeSet<RoleId>,
    listed: Listed,
    judged: HashSet<(CheckId, RoleId)>,
    /// Whether something is unknown that names no role: which role a member holds, for one. A role that is
    /// no longer judged may be the one.
    is_unplaced: bool,
}

/// What a result is about; what it does not name may be anything.
#[derive(Clone, PartialEq, Eq, Hash)]
struct About {
    role: Option<RoleId>,
    member: Option<i64>,
    integration: Option<String>,
    function: Option<String>,
    verb: Option<crate::model::Verb>,
}

/// The roles and members that today's results speak of.
struct Listed {
    roles: HashSet<RoleId>,
    members: HashSet<i64>,
}

impl About {
    fn of(finding: &Finding) -> Self {
        Self {
            role: role_of(finding),
            member: finding.member.as_ref().map(|member| member.id.0),
            integration: finding.integration_id().map(str::to_owned),
            function: finding.function.as_ref().map(|function| function.key()),
            verb: finding.verb,
        }
    }

    /// Whether nothing that both name differs.
    fn may_be(&self, other: &Self) -> bool {
        fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        agree(self.role.as_ref(), other.role.as_ref())
            && agree(self.member.as_ref(), other.member.as_ref())
            && agree(self.integration.as_ref(), other.integration.as_ref())
            && agree(self.function.as_ref(), other.function.as_ref())
            && agree(self.verb.as_ref(), other.verb.as_ref())
    }
}

/// What was not decided, as far as it is said what it is about. By check, role and function, so that a
/// baseline of any size is compared in a time that grows with it and not with its square.
struct Undecided(HashMap<(CheckId, Option<RoleId>, Option<String>), HashSet<About>>);

impl Undecided {
    fn of(results: &[Finding]) -> Self {
        let is_undecided = |own: &&Finding| {
            matches!(own.status, Status::Unknown | Status::Manual)
                || matches!(own.detail, Detail::LegacyLogin(LegacyLogin::NotGranted))
        };
        let mut all: HashMap<_, HashSet<About>> = HashMap::new();
        for own in results.iter().filter(is_undecided) {
            let about = About::of(own);
            all.entry((own.check, about.role, about.function.clone())).or_default().insert(about);
        }
        Self(all)
    }

    /// Whether something that was not decided may be this finding.
    fn may_hide(&self, check: CheckId, about: &About) -> bool {
        let is_it = |all: &HashSet<About>| all.iter().any(|own| own.may_be(about));
        if about.role.is_none() || about.function.is_none() {
            // Few findings are about no role or no function.
            return self.0.iter().any(|((other, ..), all)| *other == check && is_it(all));
        }
        [None, about.role].into_iter().any(|role| {
            [None, about.function.clone()]
                .into_iter()
                .any(|function| self.0.get(&(check, role, function)).is_some_and(is_it))
        })
    }
}

impl Now {
    fn of(results: &[Finding]) -> Self {
        Self {
            findings: results.iter().filter(|own| own.is_finding()).map(|own| own.fingerprint).collect(),
            undecided: Undecided::of(results),
            admins: admins(results),
            judged: results.iter().filter_map(|own| Some((own.check, role_of(own)?))).collect(),
            is_unplaced: results.iter().any(|own| own.status == Status::Unknown && own.role.is_none()),
            listed: Listed {
                roles: results.iter().filter_map(role_of).collect(),
                members: results
                    .iter()
                    .filter_map(|own| own.member.as_ref())
                    .map(|member| member.id.0)
                    .collect(),
            },
        }
    }

    /// Whether a finding of the baseline is gone, rather than not looked at.
    fn resolves(&self, old: &Finding) -> bool {
        let about = About::of(old);
        let could_hide = self.undecided.may_hide(old.check, &about);
        let is_of_permissions = old.check.check().judges_permissions;
        let is_absorbed = is_of_permissions && role_of(old).is_some_and(|role| self.admins.contains(&role));
        let is_out_of_sight =
            self.is_unplaced && role_of(old).is_some_and(|role| !self.judged.contains(&(old.check, role)));
        !self.findings.contains(&old.fingerprint)
            && !could_hide
            && !is_absorbed
            && !is_out_of_sight
            && self.listed.speaks_of(old)
    }
}

impl Listed {
    /// Whether today's results still speak of the role and the member that the finding was about: what is no
    /// longer listed was not shown to be gone.
    fn speaks_of(&self, old: &Finding) -> bool {
        let role = role_of(old).is_none_or(|role| self.roles.contains(&role));
        let member = old.member.as_ref().is_none_or(|member| self.members.contains(&member.id.0));
        role && member
    }
}

fn as_resolved(old: &Finding) -> Finding {
    Finding {
        status: Status::Pass,
        // The line is one of the other file.
        line: None,
        baseline: Some(Since::Resolved),
        ..old.clone()
    }
}
