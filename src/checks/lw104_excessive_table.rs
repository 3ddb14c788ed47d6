//! LW104: a customise list allows a table that no bound integration needs. One result for each list.

use std::collections::BTreeSet;

use super::case::Seen;
use super::detail::{ExcessiveTable, Remark};
use super::lw103_missing_table::{certainty, customize_path, with_remark};
use super::witness::Witness;
use super::{
    Answer, Answers, Binding, Case, Certainty, Check, CheckId, Detail, Finding, RoleCase, Run, Status, Words,
};
use crate::access::Row;
use crate::evidence::{RoleEvidence, TABLE_SETUP};
use crate::model::{DatasetName, Grant, Level, Setting, Severity, fold_function};
use crate::rules::FunctionId;
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: CheckId::ExcessiveTable,
    name: "excessive-table",
    severity: Severity::Medium,
    summary: "a customise list allows a table that no bound integration needs",
    clear: "no customise list allows more than the bound integrations need",
    data: &[DatasetName::Roles, DatasetName::Settings],
    run: Run::Role(run),
    ..Check::OF_PERMISSIONS
};

/// The API shows a customise list only to a member that it applies to: without evidence from such a
/// member, a person has to look.
fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Answers {
    if !role.serves_an_integration() {
        return Ok(vec![Answer::not_applicable(Detail::ExcessiveTable(Box::new(
            ExcessiveTable::NoIntegration,
        )))]);
    }
    let rights = role.rights()?;
    let customised: Vec<_> = rights
        .known
        .iter()
        .filter(|(id, row)| case.catalog().function(**id).customize.is_some() && opens(row))
        .map(|(&id, _)| id)
        .collect();
    if customised.is_empty() {
        return Ok(vec![Answer::not_applicable(Detail::ExcessiveTable(Box::new(
            ExcessiveTable::NothingCustomised,
        )))]);
    }
    let (seen, remark) = match case.seen(role) {
        Seen::Valid(seen, witness) => (Some((seen, witness)), Some(Remark::Silent)),
        Seen::Lapsed(lapsed) => (None, Some(Remark::Lapsed(lapsed))),
        Seen::Nothing => (None, None),
    };
    Ok(customised
        .into_iter()
        .flat_map(|id| judge_list(case, role, seen.as_ref(), id, remark.as_ref()))
        .collect())
}

fn judge_list(
    case: &Case<'_>,
    role: &RoleCase<'_>,
    seen: Option<&(&RoleEvidence, Witness)>,
    id: FunctionId,
    remark: Option<&Remark>,
) -> Vec<Answer> {
    let needed = named(case, role, id);
    let Judged { beyond, complete } =
        seen.map_or_else(Judged::default, |(seen, _)| judge(case, role, seen, id));
    let mut answers = Vec::new();
    if let Some((_, witness)) = seen {
        let allowed = beyond.iter().map(|(entry, probed)| {
            Answer::fail(Detail::ExcessiveTable(Box::new(ExcessiveTable::Allowed(witness.clone()))))
                .table(entry.as_str())
                .certainty(certainty(*probed))
        });
        answers.extend(allowed);
        if complete && beyond.is_empty() {
            let exact = Answer::new(
                Status::Pass,
                Detail::ExcessiveTable(Box::new(ExcessiveTable::Exact(witness.clone()))),
            );
            answers.push(exact.certainty(Certainty::Likely));
        }
    }
    if !complete {
        let needed = needed.map(|needed| needed.iter().cloned().collect());
        let detail = ExcessiveTable::NotShown { needed, remark: remark.cloned() };
        answers.push(Answer::manual(Detail::ExcessiveTable(Box::new(detail))));
    }
    answers.into_iter().map(|answer| answer.on(case.function(id))).collect()
}

/// The entries that are needed, where everybody on the role who needs the function names some.
fn named<'r>(case: &Case<'_>, role: &'r RoleCase<'_>, id: FunctionId) -> Option<&'r BTreeSet<String>> {
    let module = case.catalog().function(id).module;
    let names_none = |binding: &&Binding<'_>| binding.allowance().names_no_entry(id, module);
    role.needs.allow().get(&id).filter(|_| !role.bindings.iter().any(names_none))
}

/// What evidence says of one function's customise list.
#[derive(Default)]
struct Judged {
    /// Entries that are allowed and not needed, and whether their own endpoint answered.
    beyond: Vec<(String, bool)>,
    /// Whether that is all of them.
    complete: bool,
}

fn judge(case: &Case<'_>, role: &RoleCase<'_>, seen: &RoleEvidence, id: FunctionId) -> Judged {
    let Some(list) = case.catalog().function(id).customize.as_deref() else {
        return Judged::default();
    };
    // Where no vendor says which entries are needed, none is known to be in excess.
    let Some(needed) = named(case, role, id) else {
        return Judged::default();
    };
    let is_needed = |table: &str| needed.iter().any(|need| fold_function(need) == fold_function(table));
    let mut beyond: Vec<(String, bool)> = Vec::new();
    if list == TABLE_SETUP {
        let open = seen.open_tables().filter(|table| !is_needed(table));
        beyond.extend(open.map(|table| (table.to_owned(), true)));
    }
    let by_list = seen.beyond(list, needed, case.catalog());
    let complete = by_list.is_some();
    for entry in by_list.unwrap_or_default() {
        if beyond.iter().all(|(known, _)| fold_function(known) != fold_function(&entry)) {
            beyond.push((entry, false));
        }
    }
    Judged { beyond, complete }
}

/// Whether the row gives anything, or may: what was not understood is no None.
fn opens(row: &Row<'_>) -> bool {
    let may_open = |setting: &Setting| {
        setting
            .grants
            .iter()
            .any(|(_, grant)| *grant > Level::None || matches!(grant, Grant::Unknown(_) | Grant::Absent))
    };
    row.settings().iter().any(|setting| may_open(setting))
}

impl Words for ExcessiveTable {
    fn message(&self, finding: &Finding) -> String {
        let function = finding.function.as_ref().map(ToString::to_string).unwrap_or_default();
        match self {
            Self::NoIntegration => {
                "no integration with a rule file is bound to the role, so which tables it needs is not known"
                    .to_owned()
            }
            Self::NothingCustomised => "the role opens no function that has a customise list".to_owned(),
            Self::Allowed(witness) => format!(
                "the customise list of {function} allows {}, which nothing bound to the role needs ({witness})",
                finding.table.as_deref().unwrap_or_default()
            ),
            Self::Exact(witness) => {
                format!("the customise list of {function} allows no more than is needed ({witness})")
            }
            Self::NotShown { needed: Some(_), remark } => with_remark(
                &format!(
                    "the API does not show another role's customise lists; check in the PSA whether that of {function} allows more than is needed"
                ),
                remark.as_ref(),
            ),
            Self::NotShown { needed: None, remark } => with_remark(
                &format!(
                    "the vendor does not say which entries of the customise list of {function} are needed"
                ),
                remark.as_ref(),
            ),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        let path = customize_path(finding);
        match self {
            Self::Allowed(_) => Some(format!(
                "{path}: move {} to the right, then Save",
                finding.table.as_deref().unwrap_or_default()
            )),
            Self::NotShown { needed: Some(needed), .. } => Some(format!(
                "look at {path}: on the left, under \"Allow Access to these\", only {}",
                join_and(needed)
            )),
            Self::NotShown { needed: None, .. } => Some(format!("leave {path} as it is")),
            _ => None,
        }
    }

    fn actual(&self) -> Option<String> {
        matches!(self, Self::Allowed(_)).then(|| "allowed".to_owned())
    }

    fn required(&self) -> Option<String> {
        matches!(self, Self::Allowed(_)).then(|| "refused".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{CHECK, run};
    use crate::checks::testing::{Bench, api_member, binding, evidence, lines, role, rule_file, setting};
    use crate::checks::{Bindings, Case, RoleCase, Subject};
    use crate::evidence::{Evidence, TABLE_SETUP};
    use crate::model::{ApiMember, Grant, Level, Setting};

    const NEEDED: &str = "Company / Company Status";
    const CLOSED: &str = "Company / Company Type";
    const OPEN: &str = "Company / Country";
    const LISTED: &str = "Company / Currency";
    const CONFIGURATIONS: &str = "CompanyConfigurations";
    const NEEDS: &str = "[needs.System]\n\"Table Setup\" = { inquire = \"All\", allow = [\"Company / Company Status\"] }\n\
        [needs.Companies]\nConfigurations = { inquire = \"All\", allow = [\"Server\"] }";
    const SEEN: &str = "seen with a key of key-251 on 2026-11-21";
    const TABLES: &str = "System / Table Setup";
    const CONFIGURATIONS_LIST: &str = "Companies / Configurations";

    fn rows(tables: &Grant, configurations: &Grant) -> [Setting; 2] {
        [setting("System", "Table Setup", tables), setting("Companies", "Configurations", configurations)]
    }

    /// What is said of a role with these settings, of which this was seen.
    fn told(settings: &[Setting], seen: &[Evidence]) -> Vec<String> {
        let (rules, own) = (rule_file("a", NEEDS), role("Odd"));
        let holder = ApiMember { role: Some(own.id), ..api_member(251) };
        let bench = Bench::new(vec![own.clone()]).members(vec![holder], Vec::new());
        let bindings = [binding(&rules, &own)];
        let of_role = Bindings::of(&bindings);
        let case = Case { evidence: seen, bindings: &of_role, ..bench.case() };
        let odd = RoleCase::new(&case, &own, Ok(settings));
        let subject = Subject { role: Some(odd.reference()), ..Subject::default() };
        lines(&CHECK, &subject, run(&case, &odd).expect("the settings are there"))
    }

    /// The same where Table Setup alone is open, and this was seen of it.
    fn of_tables(probes: &[(&str, u16)], lists: &[(&str, &[&str])]) -> Vec<String> {
        let settings = rows(&Grant::Level(Level::All), &Grant::Level(Level::None));
        told(&settings, &[evidence(&settings, probes, lists)])
    }

    fn allowed(certainty: &str, table: &str) -> String {
        format!(
            "fail {certainty} {table}: the customise list of System / Table Setup allows {table}, which nothing bound \
             to the role needs ({SEEN}) => System > Security Roles > Odd > System > Table Setup > customize: move {table} to \
             the right, then Save"
        )
    }

    fn not_shown(list: &str, remark: &str, only: &str) -> String {
        let path = list.replace(" / ", " > ");
        format!(
            "manual certain -: the API does not show another role's customise lists; check in the PSA whether that of \
             {list} allows more than is needed{remark} => look at System > Security Roles > Odd > {path} > customize: on \
             the left, under \"Allow Access to these\", only {only}"
        )
    }

    fn exact(list: &str) -> String {
        format!("pass likely -: the customise list of {list} allows no more than is needed ({SEEN}) => -")
    }

    #[test]
    fn an_entry_beyond_need_is_certain_where_its_endpoint_answered_and_said_once() {
        let seen = of_tables(
            &[(NEEDED, 200), (OPEN, 200), (CLOSED, 403)],
            &[(TABLE_SETUP, &[NEEDED, OPEN, LISTED])],
        );
        assert_eq!(seen, [allowed("certain", OPEN), allowed("likely", LISTED)]);
    }

    #[test]
    fn a_list_of_no_more_than_what_is_needed_is_clear() {
        let seen = of_tables(&[(NEEDED, 200), (CLOSED, 403)], &[(TABLE_SETUP, &[NEEDED])]);
        assert_eq!(seen, [exact(TABLES)]);
    }

    #[test]
    fn where_the_lists_cannot_be_read_what_answered_is_said_and_the_rest_is_to_be_looked_at() {
        let rest = not_shown(TABLES, " (the evidence does not speak of these)", NEEDED);
        assert_eq!(of_tables(&[(NEEDED, 200)], &[]), [rest.as_str()], "and no pass");
        assert_eq!(of_tables(&[(OPEN, 200)], &[]), [allowed("certain", OPEN), rest]);
    }

    #[test]
    fn of_several_lists_each_has_a_result_of_its_own() {
        let settings = rows(&Grant::Level(Level::All), &Grant::Level(Level::All));
        let probes = [(NEEDED, 200), (CLOSED, 403)];
        let seen = |tables: &[&str], configurations: &[&str]| {
            let lists = [(TABLE_SETUP, tables), (CONFIGURATIONS, configurations)];
            told(&settings, &[evidence(&settings, &probes, &lists)])
        };
        let of_configurations = exact(CONFIGURATIONS_LIST);
        assert_eq!(
            seen(&[NEEDED, LISTED], &["Server"]),
            [of_configurations.clone(), allowed("likely", LISTED)]
        );
        assert_eq!(seen(&[NEEDED], &["Server"]), [of_configurations, exact(TABLES)]);
        let beyond = seen(&[NEEDED], &["Server", "Laptop"]);
        assert_eq!((beyond.len(), &beyond[1]), (2, &exact(TABLES)));
        assert!(beyond[0].starts_with(
            "fail likely Laptop: the customise list of Companies / Configurations allows Laptop, "
        ));
        let both = [not_shown(CONFIGURATIONS_LIST, "", "Server"), not_shown(TABLES, "", NEEDED)];
        assert_eq!(told(&settings, &[]), both, "each names only what can be in it");
    }

    #[test]
    fn a_list_of_which_no_vendor_names_an_entry_is_left_as_it_is() {
        let open = setting("Finance", "Agreements", &Grant::Level(Level::All));
        assert_eq!(
            told(&[open], &[]),
            [
                "manual certain -: the vendor does not say which entries of the customise list of Finance / Agreements are \
              needed => leave System > Security Roles > Odd > Finance > Agreements > customize as it is"
            ]
        );
    }

    #[test]
    fn a_list_is_left_where_another_on_the_role_needs_the_function_and_names_no_entry() {
        let own = role("Odd");
        let (a, b) = (
            rule_file("a", NEEDS),
            rule_file("b", "[needs.System]\n\"Table Setup\" = { inquire = \"All\" }"),
        );
        let settings = rows(&Grant::Level(Level::All), &Grant::Level(Level::None));
        let holder = ApiMember { role: Some(own.id), ..api_member(251) };
        let bench = Bench::new(vec![own.clone()]).members(vec![holder], Vec::new());
        let both = [binding(&a, &own), binding(&b, &own)];
        let said = |bindings: &[crate::checks::Binding<'_>]| {
            let of_role = Bindings::of(bindings);
            let seen = [evidence(&settings, &[(OPEN, 200)], &[])];
            let case = Case { evidence: &seen, bindings: &of_role, ..bench.case() };
            let odd = RoleCase::new(&case, &own, Ok(settings.as_slice()));
            let subject = Subject { role: Some(odd.reference()), ..Subject::default() };
            lines(&CHECK, &subject, run(&case, &odd).expect("the settings are there"))
        };
        assert!(said(&both[..1]).iter().any(|line| line.contains("to the right, then Save")));
        let shared = said(&both);
        assert_eq!(shared.len(), 1, "{shared:?}");
        assert!(shared[0].starts_with("manual") && !shared[0].contains("only"), "{shared:?}");
    }

    #[test]
    fn only_lists_of_functions_that_are_open_or_may_be_are_to_be_looked_at() {
        let tables = not_shown(TABLES, "", NEEDED);
        let none = Grant::Level(Level::None);
        assert_eq!(told(&rows(&Grant::Level(Level::My), &none), &[]), [tables.as_str()]);
        for maybe in [Grant::Unknown("Some".into()), Grant::Absent] {
            assert_eq!(told(&rows(&maybe, &none), &[]), [tables.as_str()], "{maybe}");
        }
        let closed = "notApplicable certain -: the role opens no function that has a customise list => -";
        assert_eq!(told(&rows(&none, &Grant::NotOffered), &[]), [closed]);
        let other = setting("Companies", "Contacts", &Grant::Level(Level::All));
        assert_eq!(told(&[other], &[]), [closed], "a function without a list");
    }
}
