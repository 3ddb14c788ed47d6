//! LW101: the role grants less than an integration needs.

use super::lw102_excessive_permission::no_list;
use super::{Binding, Case, Certainty, Check, Draft, Found, RoleCase, Run};
use crate::access::{Requirement, Rights, Row};
use crate::model::{DatasetName, FunctionRef, Grant, Grants, Level, Severity, Verb};
use crate::rules::Basis;

pub(super) static CHECK: Check = Check {
    id: "LW101",
    name: "missing-permission",
    severity: Severity::High,
    summary: "the role grants less than the integration needs",
    clear: "the role grants everything that the integration needs",
    page: include_str!("../../docs/checks/lw101-missing-permission.md"),
    data: &[DatasetName::Roles, DatasetName::Settings, DatasetName::ApiMembers],
    run: Run::Grant(run),
};

fn run(case: &Case<'_>, binding: &Binding<'_>, role: &RoleCase<'_>) -> Found {
    let rights = role.rights()?;
    if binding.rules.asks_admin() {
        return Ok(vec![Draft::not_applicable(no_list(binding))]);
    }
    if binding.requirements.is_empty() {
        return Ok(vec![undecided(binding)]);
    }
    let mut drafts = function_needs(case, binding, role, rights);
    drafts.extend(module_needs(case, binding, role, rights));
    if drafts.is_empty() {
        // Everything is there; whether the integration's member holds this role is part of the answer.
        case.api_members()?;
    }
    Ok(drafts)
}

/// Every need of this file belongs to a feature, and the binding names none.
fn undecided(binding: &Binding<'_>) -> Draft {
    let features: Vec<_> = binding.rules.features.keys().map(String::as_str).collect();
    Draft::manual(format!(
        "what {} needs depends on what it is used for, and no binding says so",
        binding.rules.title()
    ))
    .fix(format!(
        "name the features in use in leastwise.toml, in the integration's table: features = [\"{}\"]",
        features.join("\", \"")
    ))
}

fn function_needs(
    case: &Case<'_>,
    binding: &Binding<'_>,
    role: &RoleCase<'_>,
    rights: &Rights<'_>,
) -> Vec<Draft> {
    let needs = binding.requirements.functions();
    needs
        .filter_map(|(id, verb, own)| {
            let module = case.catalog().function(id).module;
            let need = binding.requirements.requirement(id, module, verb).unwrap_or(own);
            let cell = Cell { binding, role, function: case.function(id), verb, need };
            match rights.known.get(&id) {
                None => Some(cell.absent()),
                Some(row) => cell.judge_row(row),
            }
        })
        .collect()
}

/// A whole module is needed as far as the tenant shows it: PSAs differ in add-on rows.
fn module_needs(
    case: &Case<'_>,
    binding: &Binding<'_>,
    role: &RoleCase<'_>,
    rights: &Rights<'_>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (module, verb, need) in binding.requirements.modules() {
        let known: Vec<_> = rights.of_module(module, case.catalog()).collect();
        let unknown: Vec<_> = rights.unknown_of(module, case.catalog()).collect();
        if known.is_empty() && unknown.is_empty() {
            let name = case.catalog().module_name(module);
            let message =
                format!("{} needs all of {name}, of which the PSA shows no row", binding.rules.title());
            let function = FunctionRef { module: name.to_owned(), function: "*".to_owned() };
            drafts.push(Draft::unknown(message).on(function).verb(verb).required(need.level));
        }
        for id in known {
            if binding.requirements.functions().any(|(other, own_verb, _)| other == id && own_verb == verb) {
                continue; // judged with the single functions
            }
            let cell = Cell { binding, role, function: case.function(id), verb, need };
            drafts.extend(rights.known.get(&id).and_then(|row| cell.judge_offered(row)));
        }
        for row in unknown {
            let cell = Cell { binding, role, function: row.function(), verb, need };
            drafts.extend(cell.judge_offered(row));
        }
    }
    drafts
}

/// One verb of one function that is needed.
struct Cell<'c> {
    binding: &'c Binding<'c>,
    role: &'c RoleCase<'c>,
    function: FunctionRef,
    verb: Verb,
    need: &'c Requirement,
}

impl Cell<'_> {
    fn judge_row(&self, row: &Row<'_>) -> Option<Draft> {
        let Some(grant) = row.grant(self.verb) else {
            return Some(self.unknown("is listed twice, with levels that disagree", row));
        };
        match grant {
            Grant::Level(level) if *level >= self.need.level => None,
            Grant::Level(level) => Some(self.missing(*level, row)),
            Grant::NotOffered => {
                Some(self.unknown("does not offer this verb on this PSA", row).actual("not offered"))
            }
            Grant::Unknown(word) => Some(
                self.unknown(&format!("has the level \"{word}\", which leastwise does not know"), row)
                    .actual(word),
            ),
            Grant::Absent => Some(self.unknown("came without this verb's level", row)),
        }
    }

    /// As [`Self::judge_row`], but a verb that a row of a whole module does not offer is not missed.
    fn judge_offered(&self, row: &Row<'_>) -> Option<Draft> {
        let not_offered = row.grant(self.verb) == Some(&Grant::NotOffered);
        if not_offered { None } else { self.judge_row(row) }
    }

    fn missing(&self, actual: Level, row: &Row<'_>) -> Draft {
        let title = self.binding.rules.title();
        let verb = self.verb.title();
        let mut message =
            format!("{title} needs {verb} = {} on {}; the role has {actual}", self.need.level, self.function);
        if let Some(why) = &self.need.why {
            message = format!("{message} (what for: {why})");
        }
        Draft::fail(message)
            .on(self.function.clone())
            .verb(self.verb)
            .levels(actual, self.need.level)
            .fix(fix(self.role, &self.function, self.verb, self.need.level))
            .certainty(self.certainty(actual))
            .line(row.line())
    }

    fn certainty(&self, actual: Level) -> Certainty {
        match self.need.basis {
            Basis::Inferred => Certainty::Inferred,
            // Where the vendor states no level, My may be enough.
            _ if self.need.implied && actual == Level::My => Certainty::Inferred,
            _ if self.need.implied => Certainty::Likely,
            Basis::Stated | Basis::Shown => Certainty::Certain,
        }
    }

    fn unknown(&self, what: &str, row: &Row<'_>) -> Draft {
        let message = format!("{} {what}, so whether it meets the need cannot be told", self.function);
        self.undecided(message).line(row.line())
    }

    fn absent(&self) -> Draft {
        let message = format!(
            "the PSA shows no row for {} in this role, so whether it is granted cannot be told",
            self.function
        );
        self.undecided(message).actual("no row")
    }

    fn undecided(&self, message: String) -> Draft {
        Draft::unknown(message)
            .on(self.function.clone())
            .verb(self.verb)
            .required(self.need.level)
            .fix(format!("{}: look at this row yourself", path(self.role, &self.function)))
    }
}

fn path(role: &RoleCase<'_>, function: &FunctionRef) -> String {
    format!("{} > {} > {}", Case::role_path(role.role), function.module, function.function)
}

/// The clicks that set one verb of one function.
pub(super) fn fix(role: &RoleCase<'_>, function: &FunctionRef, verb: Verb, level: Level) -> String {
    format!("{}: set {} Level to {level}, then Save", path(role, function), verb.title())
}

/// Whether a row grants anything at all.
pub(super) fn grants_anything(grants: &Grants) -> bool {
    grants.iter().any(|(_, grant)| *grant > Level::None)
}

#[cfg(test)]
mod tests {
    use super::{fix, path};
    use crate::checks::RoleCase;
    use crate::checks::testing::{Bench, role};
    use crate::model::{FunctionRef, Level, Verb};

    #[test]
    fn the_click_path_names_role_module_function_verb_and_level() {
        let bench = Bench::new(vec![role("Odd")]);
        let case = bench.case();
        let own = role("Odd");
        let odd = RoleCase::new(&case, &own, Ok(&[]));
        let contacts = FunctionRef { module: "Companies".to_owned(), function: "Contacts".to_owned() };
        assert_eq!(path(&odd, &contacts), "System > Security Roles > Odd > Companies > Contacts");
        assert_eq!(
            fix(&odd, &contacts, Verb::Edit, Level::None),
            "System > Security Roles > Odd > Companies > Contacts: set Edit Level to None, then Save"
        );
    }
}
