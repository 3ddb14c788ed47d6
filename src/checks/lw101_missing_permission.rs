//! LW101: the role gives less than an integration needs.

use std::sync::Arc;

use super::detail::{MissingPermission, NoList, Undecided};
use super::{
    Answer, Answers, Binding, Case, Certainty, Check, CheckId, Detail, Finding, RoleCase, Run, Status, Words,
};
use crate::access::{Compared, Granted, Requirement, Rights, Row};
use crate::model::{DatasetName, FunctionRef, Level, Severity, Verb};
use crate::rules::Basis;

pub(super) static CHECK: Check = Check {
    id: CheckId::MissingPermission,
    name: "missing-permission",
    severity: Severity::High,
    summary: "the role grants less than the integration needs",
    clear: "the role grants everything that the integration needs",
    data: &[DatasetName::Roles, DatasetName::Settings, DatasetName::ApiMembers],
    run: Run::Permissions(run),
    ..Check::OF_PERMISSIONS
};

fn run(case: &Case<'_>, binding: &Binding<'_>, role: &RoleCase<'_>) -> Answers {
    let rights = role.rights()?;
    if let Some(detail) = NoList::of(binding.rules) {
        return Ok(vec![Answer::not_applicable(Detail::NoList(Box::new(detail)))]);
    }
    if binding.requirements.is_empty() {
        return Ok(vec![undecided(binding)]);
    }
    let mut answers = function_needs(case, binding, rights);
    answers.extend(module_needs(case, binding, rights));
    if answers.is_empty() {
        // Everything is there; whether the integration's member holds this role is part of the answer.
        case.api_members()?;
    }
    Ok(answers)
}

/// What comes of each need of an integration that a role does not surely meet: fail or unknown.
#[must_use]
pub fn needs_met(case: &Case<'_>, binding: &Binding<'_>, role: &RoleCase<'_>) -> Vec<Status> {
    if role.is_admin() == Some(true) {
        return Vec::new();
    }
    match &role.rights {
        Err(_) => vec![Status::Unknown],
        Ok(rights) => {
            let all =
                function_needs(case, binding, rights).into_iter().chain(module_needs(case, binding, rights));
            all.map(|answer| answer.status()).collect()
        }
    }
}

/// Every need of this file belongs to a feature, and the binding names none.
pub(super) fn undecided(binding: &Binding<'_>) -> Answer {
    Answer::manual(Detail::Undecided(Box::new(Undecided {
        title: binding.rules.title(),
        features: binding.rules.features.keys().cloned().collect(),
    })))
}

fn function_needs(case: &Case<'_>, binding: &Binding<'_>, rights: &Rights<'_>) -> Vec<Answer> {
    let needs = binding.requirements.functions();
    needs
        .filter_map(|(id, verb, own)| {
            let module = case.catalog().function(id).module;
            let need = binding.requirements.requirement(id, module, verb).unwrap_or(own);
            judge(case.function(id), verb, need, rights.known.get(&id))
        })
        .collect()
}

/// A whole module is needed as far as the tenant shows it: PSAs differ in add-on rows.
fn module_needs(case: &Case<'_>, binding: &Binding<'_>, rights: &Rights<'_>) -> Vec<Answer> {
    let mut answers = Vec::new();
    for (module, verb, need) in binding.requirements.modules() {
        let known: Vec<_> = rights.of_module(module, case.catalog()).collect();
        let unknown: Vec<_> = rights.unknown_of(module, case.catalog()).collect();
        if known.is_empty() && unknown.is_empty() {
            let function =
                FunctionRef { module: case.catalog().module_name(module).into(), function: "*".into() };
            let detail = MissingPermission::NoRowOfModule { required: need.level };
            answers.push(Answer::unknown(Detail::MissingPermission(detail)).on(function).verb(verb));
        }
        for id in known {
            // A function with a need of its own is judged with the single functions.
            if !binding.requirements.functions().any(|(other, own_verb, _)| other == id && own_verb == verb) {
                answers.extend(judge_offered(case.function(id), verb, need, rights.known.get(&id)));
            }
        }
        for row in unknown {
            answers.extend(judge_offered(row.function(), verb, need, Some(row)));
        }
    }
    answers
}

fn judge(
    function: Arc<FunctionRef>,
    verb: Verb,
    need: &Requirement,
    row: Option<&Row<'_>>,
) -> Option<Answer> {
    let granted = Granted::of(row, verb);
    let answer = match granted.compare(need.level) {
        Compared::Meets | Compared::Excess(_) => return None,
        Compared::Missing(level) => {
            let detail =
                MissingPermission::Missing { granted: level, required: need.level, why: need.why.clone() };
            Answer::fail(Detail::MissingPermission(detail)).certainty(certainty(need, level))
        }
        Compared::NotOffered | Compared::Unknown => {
            let detail = MissingPermission::NotReadable { granted, required: need.level };
            Answer::unknown(Detail::MissingPermission(detail))
        }
    };
    Some(answer.on(function).verb(verb).line(row.and_then(Row::line)))
}

/// As [`judge`], but a verb that a row of a whole module does not offer is not missed.
fn judge_offered(
    function: Arc<FunctionRef>,
    verb: Verb,
    need: &Requirement,
    row: Option<&Row<'_>>,
) -> Option<Answer> {
    let is_offered = Granted::of(row, verb) != Granted::NotOffered;
    is_offered.then(|| judge(function, verb, need, row)).flatten()
}

fn certainty(need: &Requirement, granted: Level) -> Certainty {
    match need.basis {
        Basis::Inferred => Certainty::Inferred,
        // Where the vendor states no level, My may be enough.
        _ if need.implied && granted == Level::My => Certainty::Inferred,
        _ if need.implied => Certainty::Likely,
        Basis::Stated | Basis::Shown => Certainty::Certain,
    }
}

impl Words for MissingPermission {
    fn message(&self, finding: &Finding) -> String {
        let function = finding.function.as_ref().map(ToString::to_string).unwrap_or_default();
        match self {
            Self::Missing { granted, required, why } => {
                let verb = finding.verb.map_or("", Verb::title);
                let needs = format!(
                    "{} needs {verb} = {required} on {function}; the role has {granted}",
                    finding.title()
                );
                why.as_ref().map_or(needs.clone(), |why| format!("{needs} (what for: {why})"))
            }
            Self::NoRowOfModule { .. } => {
                let module = finding.function.as_ref().map_or("", |function| &function.module);
                format!("{} needs all of {module}, of which the PSA shows no row", finding.title())
            }
            Self::NotReadable { granted, .. } => {
                let what = match granted {
                    Granted::NoRow => {
                        return format!(
                            "the PSA shows no row for {function} in this role, so whether it is granted is unknown"
                        );
                    }
                    Granted::Conflicting => "is listed twice, with levels that disagree".to_owned(),
                    Granted::NotOffered => "does not offer this verb on this PSA".to_owned(),
                    Granted::Word(word) => format!("has the level \"{word}\", which leastwise does not know"),
                    Granted::NoLevel | Granted::Level(_) => "came without this verb's level".to_owned(),
                };
                format!("{function} {what}, so whether it meets the need is unknown")
            }
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        match self {
            Self::Missing { required, .. } => Some(set_level(finding, *required)),
            Self::NotReadable { .. } => Some(format!("{}: look at this row yourself", finding.row_path())),
            Self::NoRowOfModule { .. } => None,
        }
    }

    fn actual(&self) -> Option<String> {
        match self {
            Self::Missing { granted, .. } => Some(granted.to_string()),
            Self::NotReadable { granted: Granted::Conflicting | Granted::NoLevel, .. }
            | Self::NoRowOfModule { .. } => None,
            Self::NotReadable { granted, .. } => Some(granted.to_string()),
        }
    }

    fn required(&self) -> Option<String> {
        match self {
            Self::Missing { required, .. }
            | Self::NotReadable { required, .. }
            | Self::NoRowOfModule { required } => Some(required.to_string()),
        }
    }
}

/// The clicks that set one verb of one function.
pub(super) fn set_level(finding: &Finding, level: Level) -> String {
    let verb = finding.verb.map_or("", Verb::title);
    format!("{}: set {verb} Level to {level}, then Save", finding.row_path())
}

#[cfg(test)]
mod tests {
    use super::{CHECK, MissingPermission, set_level};
    use crate::checks::testing::role;
    use crate::checks::{Answer, Detail, Subject};
    use crate::model::{FunctionRef, Level, RoleRef, TenantId, Verb};

    #[test]
    fn the_click_path_names_role_module_function_verb_and_level() {
        let tenant = TenantId { site: "na.example".to_owned(), company: "acme".to_owned() };
        let subject = Subject { role: Some(RoleRef::shared(&role("Odd"))), ..Subject::default() };
        let contacts = FunctionRef { module: "Companies".into(), function: "Contacts".into() };
        let detail = MissingPermission::Missing { granted: Level::None, required: Level::My, why: None };
        let answer = Answer::fail(Detail::MissingPermission(detail)).on(contacts).verb(Verb::Edit);
        let finding = CHECK.finding(&tenant, &subject, answer);
        assert_eq!(finding.row_path(), "System > Security Roles > Odd > Companies > Contacts");
        let clicks = |level| {
            format!(
                "System > Security Roles > Odd > Companies > Contacts: set Edit Level to {level}, then Save"
            )
        };
        assert_eq!(finding.fix(), Some(clicks("My")));
        assert_eq!(set_level(&finding, Level::None), clicks("None"));
    }
}
