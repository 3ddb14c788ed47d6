//! Applies the checks: the one place that turns what a check answers into findings.

use std::collections::{BTreeMap, BTreeSet};

use super::Request;
use super::bind;
use super::waivers;
use crate::checks::{
    Answer, Answers, Applied, Binding, BoundMember, Case, Check, CheckId, Detail, Finding, RoleCase, Run,
    Status, Subject, reference,
};
use crate::model::{Gap, MemberRef, Role, RoleRef};

/// The results of the checks that were applied so far.
pub(super) struct Runner<'c> {
    case: &'c Case<'c>,
    pub(super) results: Vec<Finding>,
}

impl<'c> Runner<'c> {
    pub(super) const fn new(case: &'c Case<'c>, results: Vec<Finding>) -> Self {
        Self { case, results }
    }

    /// Applies a check that needs no settings.
    pub(super) fn apply(&mut self, check: &'static Check, request: &Request) {
        let case = self.case;
        match check.run {
            Run::Tenant(run) => self.record(check, &Subject::default(), run(case)),
            Run::Integration(run) => {
                for integration in case.integrations {
                    let subject = Subject {
                        integration: Some(reference(integration.rules)),
                        place: integration.bindings.iter().find_map(|binding| binding.place.clone()),
                        ..Subject::default()
                    };
                    self.record(check, &subject, run(case, integration));
                }
            }
            Run::Bound(run) => self.apply_to_bound(check, request, run),
            Run::Member(run) => match case.api_members() {
                Err(gap) => self.record(check, &Subject::default(), Err(gap)),
                Ok(_) => {
                    for &member in case.members {
                        let role = member.role.and_then(|id| case.tenant.role(id)).map(RoleRef::shared);
                        let member_ref = Some(MemberRef::shared(member));
                        let subject = Subject { role, member: member_ref, ..Subject::default() };
                        self.record(check, &subject, run(case, member));
                    }
                }
            },
            Run::AnyRole(run) => self.apply_to_any_role(check, request, run),
            // The waivers come last.
            Run::Waiver(_) => {}
            // Which roles there are to judge follows from these lists.
            Run::Role(_) | Run::Settings(_) | Run::Permissions(_) => {
                let lists = case.roles().map(drop).and_then(|()| case.api_members().map(drop));
                if let Err(gap) = lists {
                    self.record(check, &Subject::default(), Err(gap));
                }
            }
        }
    }

    fn apply_to_bound(
        &mut self,
        check: &'static Check,
        request: &Request,
        run: fn(&Case<'_>, &Binding<'_>, &BoundMember<'_>) -> Answers,
    ) {
        let case = self.case;
        if let Err(gap) = case.api_members() {
            return self.record(check, &Subject::default(), Err(gap));
        }
        for binding in case.integrations.iter().flat_map(|integration| &integration.bindings) {
            if let Some(member) = &binding.member
                && bind::is_selected(request, binding)
            {
                self.record(check, &binding.subject(), run(case, binding, member));
            }
        }
    }

    fn apply_to_any_role(
        &mut self,
        check: &'static Check,
        request: &Request,
        run: fn(&Case<'_>, &Role) -> Answers,
    ) {
        let case = self.case;
        let roles = match case.roles() {
            Ok(roles) => roles,
            Err(gap) => return self.record(check, &Subject::default(), Err(gap)),
        };
        for role in roles {
            if request.is_limited() && case.roles.binary_search(&role.id).is_err() {
                continue;
            }
            let subject = Subject { role: Some(RoleRef::shared(role)), ..Subject::default() };
            self.record(check, &subject, run(case, role));
        }
    }

    /// Applies a check that judges waivers; of those that name an integration, to the ones that were
    /// asked for.
    pub(super) fn apply_to_waivers(
        &mut self,
        check: &'static Check,
        request: &Request,
        applied: &[Applied<'_>],
    ) {
        let Run::Waiver(run) = check.run else { return };
        let mut seen = BTreeSet::new();
        for own in applied {
            let waiver = own.waiver;
            if !seen.insert(waivers::identity(waiver)) {
                continue; // word for word the same as one before
            }
            let asked = &request.integrations;
            if waiver.integration.as_ref().is_some_and(|id| !asked.is_empty() && !asked.contains(id)) {
                continue;
            }
            let rules = waiver.integration.as_ref().and_then(|id| self.case.library.get(id));
            let subject = Subject {
                integration: rules.map(reference),
                place: waiver.place.clone(),
                ..Subject::default()
            };
            let identity = |answer: Answer| answer.key(waivers::identity(waiver));
            let answers = run(self.case, own).map(|answers| match answers.as_slice() {
                [] => vec![identity(Answer::new(Status::Pass, Detail::Clear))],
                _ => answers.into_iter().map(identity).collect(),
            });
            self.record(check, &subject, answers);
        }
    }

    /// Applies every check that is about one role, or about an integration on that role.
    pub(super) fn apply_to_role(&mut self, role: &RoleCase<'_>, checks: &[&'static Check]) {
        let case = self.case;
        let judged: BTreeSet<_> =
            case.integrations.iter().map(|integration| integration.rules.id.as_str()).collect();
        let bindings = by_integration(&role.bindings);
        for &check in checks {
            match check.run {
                Run::Role(run) => {
                    let place = role.bindings.iter().find_map(|binding| binding.place.clone());
                    let subject = Subject { role: Some(role.reference()), place, ..Subject::default() };
                    self.record(check, &subject, unless_admin(check, role, || run(case, role)));
                }
                Run::Settings(run) => {
                    self.record(check, &Subject::default(), unless_admin(check, role, || run(case, role)));
                }
                Run::Permissions(run) => {
                    for binding in bindings.iter().filter(|own| judged.contains(own.rules.id.as_str())) {
                        // The finding is about the role's permissions, whoever holds it.
                        let own = Some(role.reference());
                        let subject = Subject { member: None, role: own, ..binding.subject() };
                        self.record(check, &subject, unless_admin(check, role, || run(case, binding, role)));
                    }
                }
                _ => {}
            }
        }
    }

    /// Records what a check answers: nothing is a pass, a gap is unknown. The one place where the
    /// config's severities are applied.
    fn record(&mut self, check: &'static Check, subject: &Subject, answers: Answers) {
        let answers = answers.unwrap_or_else(|gap: Gap| vec![Answer::of_gap(gap)]);
        // Only verbs that the PSA does not offer, or nothing at all.
        let is_clear = answers.iter().all(|answer| answer.is_of_verb(Status::NotApplicable));
        if is_clear {
            self.push(check, subject, Answer::new(Status::Pass, Detail::Clear));
        }
        for answer in answers {
            self.push(check, subject, answer);
        }
    }

    fn push(&mut self, check: &'static Check, subject: &Subject, answer: Answer) {
        let mut finding = check.finding(&self.case.tenant.id, subject, answer);
        if let Some(severity) = self.case.policy.severity(check.id) {
            finding.severity = severity;
        }
        self.results.push(finding);
    }
}

/// Single permissions of a role that has everything are not judged: LW201 says so.
fn unless_admin(check: &Check, role: &RoleCase<'_>, run: impl FnOnce() -> Answers) -> Answers {
    if check.judges_permissions && role.is_admin() == Some(true) {
        return Ok(vec![Answer::new(Status::NotApplicable, Detail::Admin)]);
    }
    run()
}

/// One binding for each integration of a role, with the needs of all its members' bindings.
fn by_integration<'b>(bindings: &[&Binding<'b>]) -> Vec<Binding<'b>> {
    let mut all: Vec<Binding<'b>> = Vec::new();
    for binding in bindings {
        match all.iter_mut().find(|other| other.rules.id == binding.rules.id) {
            Some(other) => {
                other.requirements.join(&binding.requirements);
                other.features.extend(binding.features.iter().cloned());
            }
            None => all.push((*binding).clone()),
        }
    }
    all
}

/// What is said once for the tenant: the same function in several roles is one finding, and one pass stands
/// for all roles.
pub(super) fn fold_tenant_wide(results: &mut Vec<Finding>) {
    let is_wide = |finding: &Finding| finding.check == CheckId::UnknownFunction;
    let any = |wanted: &[Status]| {
        results.iter().any(|finding| is_wide(finding) && wanted.contains(&finding.status))
    };
    let (open, judged) = (any(&[Status::Fail, Status::Unknown]), any(&[Status::Pass]));
    let mut seen: BTreeMap<Status, BTreeSet<String>> = BTreeMap::new();
    let mut is_first = |status, what: String| seen.entry(status).or_default().insert(what);
    let mut wide: Vec<_> = results.extract_if(.., |finding| is_wide(finding)).collect();
    // Which role was judged first depends on the threads; which line comes first does not.
    wide.sort_by_key(|finding| finding.line);
    wide.retain(|finding| match finding.status {
        Status::Fail => is_first(Status::Fail, finding.fingerprint.to_string()),
        Status::Unknown => is_first(Status::Unknown, finding.message()),
        Status::Pass => !open && is_first(Status::Pass, String::new()),
        status => !open && !judged && is_first(status, String::new()),
    });
    results.append(&mut wide);
}
