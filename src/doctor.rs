//! The doctor: why does an integration not work? It asks as the integration's own member, step by step,
//! and names the first thing that is off with the click that mends it.
//!
//! `collect` asks and only asks; everything else concludes from the [`Facts`] and is pure, so that a
//! bundle is the same conclusion over the same facts with other names.

mod bundle;
mod collect;
mod connection;
mod facts;
mod identity;
mod json;
mod other;
mod probes;
mod pseudonyms;
mod rights;
mod roles;
mod step;
mod table;
mod tables;

use jiff::civil::Date;

use crate::access::Requirements;
use crate::audit::{Audit, Request};
use crate::checks::{Finding, Status};
use crate::exit::Exit;
use crate::model::CheckId;
use crate::model::MemberId;
use crate::policy::{DeclaredBinding, Policy};
use crate::rules::{Library, RuleFile};

pub(crate) use crate::rules::{Causes, Meaning};
pub(crate) use bundle::{Scope, bundle};
pub(crate) use collect::{Clients, collect_role, visit};
pub(crate) use facts::{Auditor, Facts, Probe, SettingsFacts};
pub(crate) use json::{write as write_json, write_error as write_error_json};
pub(crate) use rights::evidence_to_keep;
pub(crate) use roles::{Round, Rounds};
pub(crate) use step::{Step, StepId, Verdict};
pub(crate) use table::{write as write_table, write_error as write_error_table};

/// What the doctor is asked to look at, and what it knows beforehand.
#[derive(Clone, Debug)]
pub(crate) struct Doctor<'a> {
    /// The integration's rule file.
    pub rules: &'a RuleFile,
    /// What is known and needed.
    pub library: &'a Library,
    /// Known symptoms.
    pub causes: &'a Causes,
    /// What the tenant's owner declared, for all integrations.
    pub policy: Policy,
    /// What is declared for this integration; `--member` and `--role` take its place.
    pub declared: Vec<DeclaredBinding>,
    /// `--member`.
    pub member: Option<String>,
    /// `--role`.
    pub role: Option<String>,
    /// The day.
    pub as_of: Date,
    /// `--company-id`.
    pub company_id: Option<String>,
}

impl<'a> Doctor<'a> {
    /// Prepares a visit for one integration.
    #[must_use]
    pub(crate) fn new(
        rules: &'a RuleFile,
        library: &'a Library,
        causes: &'a Causes,
        policy: Policy,
        as_of: Date,
    ) -> Self {
        let declared = policy.bindings.iter().filter(|own| own.rules == rules.id).cloned().collect();
        let policy = Policy { bindings: policy.bindings, ..Policy::default() };
        Self { rules, library, causes, policy, declared, member: None, role: None, as_of, company_id: None }
    }

    /// Names the integration's member or role, whatever the config says.
    #[must_use]
    pub(crate) fn naming(mut self, member: Option<String>, role: Option<String>) -> Self {
        if member.is_some() || role.is_some() {
            let features = self.features();
            self.declared = vec![DeclaredBinding {
                rules: self.rules.id.clone(),
                member: member.clone(),
                role: role.clone(),
                features,
                ..DeclaredBinding::default()
            }];
        }
        (self.member, self.role) = (member, role);
        self
    }

    fn audit<'b>(&'b self, policy: &'b Policy, request: &'b Request) -> Audit<'b> {
        Audit { library: self.library, policy, request, as_of: self.as_of }
    }

    /// The request that finds what serves the integration.
    fn request(&self) -> Request {
        Request {
            integrations: vec![self.rules.id.clone()],
            member: self.member.clone(),
            role: self.role.clone(),
            ..Request::default()
        }
    }

    /// The request that judges one member.
    fn request_for(&self, member: MemberId) -> Request {
        Request {
            integrations: vec![self.rules.id.clone()],
            member: Some(member.to_string()),
            ..Request::default()
        }
    }

    /// The features that are declared.
    fn features(&self) -> Vec<String> {
        self.declared.iter().flat_map(|own| own.features.clone()).collect()
    }

    /// The last day of set-up, where one is declared.
    fn setup_until(&self) -> Option<Date> {
        self.declared.iter().filter_map(|own| own.setup_until).max()
    }

    /// What the integration needs.
    fn requirements(&self) -> Requirements {
        Requirements::of(self.rules, &self.features(), self.setup_until(), self.as_of)
    }
}

/// What the doctor concludes.
#[derive(Clone, Debug)]
pub(crate) struct Diagnosis {
    /// The first line: what is wrong, or that nothing is.
    pub headline: String,
    /// Every step, in order.
    pub steps: Vec<Step>,
    /// Results of checks.
    pub results: Vec<Finding>,
    /// What this could not tell, a sentence each.
    pub unchecked: Vec<String>,
    /// How the program ends.
    pub exit: Exit,
}

impl Diagnosis {
    /// The step that the headline is about.
    #[must_use]
    pub(crate) fn first(&self) -> Option<&Step> {
        first(&self.steps)
    }
}

/// Concludes from the facts.
#[must_use]
pub(crate) fn diagnose(facts: &Facts, doctor: &Doctor<'_>) -> Diagnosis {
    conclude(facts, doctor, rights::judge(facts, doctor))
}

/// Concludes from the facts and from what the checks said of them.
fn conclude(facts: &Facts, doctor: &Doctor<'_>, results: Vec<Finding>) -> Diagnosis {
    let mut steps: Vec<Step> = Vec::new();
    for id in StepId::ALL {
        let stopped = steps.iter().any(|step| step.stops.is_some());
        let step = if stopped { None } else { look(id, facts, doctor, &results) };
        steps.push(step.unwrap_or_else(|| Step::skipped(id)));
    }
    let exit = exit(&steps, &results);
    let headline = headline(&doctor.rules.id, &steps, exit);
    let unchecked = unchecked(facts, doctor, &results, &steps);
    Diagnosis { headline, steps, results, unchecked, exit }
}

fn look(id: StepId, facts: &Facts, doctor: &Doctor<'_>, results: &[Finding]) -> Option<Step> {
    match id {
        StepId::Settings => Some(connection::settings(facts, doctor)),
        StepId::Connection => connection::connection(facts, doctor),
        StepId::Clock => connection::clock(facts),
        StepId::Company => connection::company(facts),
        StepId::ClientId => identity::client_id(facts, doctor),
        StepId::Key => identity::key(facts, doctor),
        StepId::Owner => identity::owner(facts, doctor),
        StepId::Member => identity::member(facts),
        StepId::Role => rights::role(facts, doctor, results),
        StepId::Rights => rights::rights(facts, results),
        StepId::Tables => tables::tables(facts, results),
        StepId::Endpoints => probes::endpoints(facts, doctor, results),
        StepId::Other => other::other(facts, doctor, results),
    }
}

/// The step that matters most: the first for which something is refused, else the first that leaves a need
/// unmet, else the first that is off, else the first that could not be told.
fn first(steps: &[Step]) -> Option<&Step> {
    let failing = |step: &&Step| step.verdict == Verdict::Fail;
    let gating = || steps.iter().filter(failing).filter(|step| step.gates);
    gating()
        .find(|step| !step.narrows)
        .or_else(|| gating().next())
        .or_else(|| steps.iter().find(failing))
        .or_else(|| steps.iter().find(|step| step.verdict == Verdict::Unknown))
}

fn headline(integration: &str, steps: &[Step], exit: Exit) -> String {
    match first(steps) {
        Some(step) if step.verdict == Verdict::Fail && step.gates => {
            format!("{integration} FAILS: {}", step.says)
        }
        Some(step) if step.verdict == Verdict::Fail && exit == Exit::Partial => {
            format!("{integration}: whether every need is met is not known, and {}", step.says)
        }
        Some(step) if step.verdict == Verdict::Fail => {
            format!("{integration}: every need is met, but {}", step.says)
        }
        Some(step) => format!("{integration}: not all is known: {}", step.says),
        None => format!("{integration}: every need that can be checked is met"),
    }
}

fn exit(steps: &[Step], results: &[Finding]) -> Exit {
    if let Some(exit) = steps.iter().find_map(|step| step.stops) {
        return exit;
    }
    if steps.iter().any(|step| step.verdict == Verdict::Fail && step.gates) {
        return Exit::Findings;
    }
    let is_unknown = |id: StepId| steps.iter().any(|step| step.id == id && step.verdict == Verdict::Unknown);
    let unknown = results.iter().any(|finding| {
        finding.status == Status::Unknown
            && matches!(finding.check, CheckId::MissingPermission | CheckId::MissingTable)
    });
    if unknown || is_unknown(StepId::Role) || is_unknown(StepId::Endpoints) || rights_unread(steps) {
        return Exit::Partial;
    }
    Exit::Clean
}

/// Rights that could not be read, or not be judged, leave no result that says so.
fn rights_unread(steps: &[Step]) -> bool {
    steps
        .iter()
        .any(|step| step.id == StepId::Rights && step.verdict == Verdict::Unknown && step.fix.is_none())
}

/// What could not be checked, so that nobody takes silence for a pass.
fn unchecked(facts: &Facts, doctor: &Doctor<'_>, results: &[Finding], steps: &[Step]) -> Vec<String> {
    if steps.iter().any(|step| step.stops.is_some()) {
        return Vec::new();
    }
    let mut all = vec![
        "Add, Edit and Delete were not tried, because leastwise sends only GET; their levels were read from the role"
            .to_owned(),
    ];
    let manual = results.iter().filter(|finding| {
        finding.status == Status::Manual
            && matches!(finding.check, CheckId::MissingTable | CheckId::ExcessiveTable)
    });
    // Where no vendor names the entries of a list, there is nothing to do about it.
    let lists = doctor.requirements();
    let names_list = |finding: &Finding| {
        let function = finding.function.as_ref().and_then(|own| doctor.library.catalog.find(own));
        function.is_some_and(|id| lists.allow().contains_key(&id))
    };
    all.extend(
        manual.map(|finding| {
            finding.fix().filter(|_| names_list(finding)).unwrap_or_else(|| finding.message())
        }),
    );
    match &facts.auditor {
        Auditor::Absent => all.push("who else holds the role, and whether the role is active: only the auditor's key sees it (LEASTWISE_PUBLIC_KEY and _PRIVATE_KEY)".to_owned()),
        Auditor::Unusable(why) => all.push(format!("the auditor's key could not be used: {}", why.text)),
        Auditor::Refused => {}
        Auditor::Read(_) => {
            if let Some(number) = rights::differences(facts).filter(|&number| number > 0) {
                all.push(format!("the permissions that the member is shown differ from its role's settings in {number} rows; the member's own were judged"));
            }
        }
    }
    match &facts.boards {
        Some(Err(trouble)) => all.push(format!("whether boards have a default team: {}", trouble.text)),
        Some(Ok(boards)) if boards.iter().any(|fact| fact.default_team.is_none()) => {
            all.push("whether each board has a default team: the PSA did not say for all".to_owned());
        }
        _ => {}
    }
    if doctor.company_id.is_none() {
        all.push("whether customers are mapped: name one with --company-id ID".to_owned());
    }
    all.push("what the vendor's console has stored: its keys, Company IDs and boards".to_owned());
    all
}
