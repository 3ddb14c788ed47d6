//! LW104: a customise list allows a table that no bound integration needs.

use super::case::Seen;
use super::lw101_missing_permission::grants_anything;
use super::lw103_missing_table::{certainty, path};
use super::{Case, Certainty, Check, Draft, Found, RoleCase, Run, Status};
use crate::access::Row;
use crate::evidence::{RoleEvidence, TABLE_SETUP};
use crate::model::{DatasetName, FunctionRef, Grant, Setting, Severity, fold_function};
use crate::rules::FunctionId;
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: "LW104",
    name: "excessive-table",
    severity: Severity::Medium,
    summary: "a customise list allows a table that no bound integration needs",
    clear: "no customise list allows more than the bound integrations need",
    page: include_str!("../../docs/checks/lw104-excessive-table.md"),
    data: &[DatasetName::Roles, DatasetName::Settings],
    run: Run::Role(run),
};

/// The API shows a customise list only to a member that it applies to: without evidence from such a
/// member, this is for eyes.
fn run(case: &Case<'_>, role: &RoleCase<'_>) -> Found {
    if !role.serves_an_integration() {
        return Ok(vec![Draft::not_applicable(
            "no integration with a rule file is bound to the role, so which tables it needs is not known",
        )]);
    }
    let rights = role.rights()?;
    let customised: Vec<_> = rights
        .known
        .iter()
        .filter(|(id, row)| case.catalog().function(**id).customize.is_some() && opens(row))
        .map(|(&id, _)| id)
        .collect();
    if customised.is_empty() {
        return Ok(vec![Draft::not_applicable("the role opens no function that has a customise list")]);
    }
    let seen = match case.seen(role) {
        Seen::Valid(seen) => seen,
        Seen::Lapsed(remark) => return Ok(vec![by_eye(case, role, &customised, Some(&remark))]),
        Seen::Nothing => return Ok(vec![by_eye(case, role, &customised, None)]),
    };
    let (mut drafts, mut untold, mut clear) = (Vec::new(), Vec::new(), Vec::new());
    for id in customised {
        let judged = judge(case, role, seen, id);
        if !judged.complete {
            untold.push(id);
        } else if judged.beyond.is_empty() {
            clear.push(case.function(id));
        }
        drafts.extend(judged.beyond);
    }
    if drafts.is_empty() && !clear.is_empty() {
        let message =
            format!("the customise list of {} allows no more than is needed", join_and(&words(&clear)));
        drafts.push(Draft::new(Status::Pass, message).certainty(Certainty::Likely));
    }
    if !untold.is_empty() {
        drafts.push(by_eye(case, role, &untold, Some("the evidence does not tell of these")));
    }
    Ok(drafts)
}

/// What evidence says of one function's customise list.
struct Judged {
    /// Entries that are allowed and not needed.
    beyond: Vec<Draft>,
    /// Whether that is all of them.
    complete: bool,
}

fn judge(case: &Case<'_>, role: &RoleCase<'_>, seen: &RoleEvidence, id: FunctionId) -> Judged {
    let nothing = Judged { beyond: Vec::new(), complete: false };
    let Some(list) = case.catalog().function(id).customize.as_deref() else {
        return nothing;
    };
    // Where no vendor says which entries are needed, none is beyond need.
    let Some(needed) = role.needs.allow().get(&id) else {
        return nothing;
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
    let draft =
        |(entry, probed): &(String, bool)| allowed(case, role, id, entry).certainty(certainty(*probed));
    Judged { beyond: beyond.iter().map(draft).collect(), complete }
}

fn allowed(case: &Case<'_>, role: &RoleCase<'_>, id: FunctionId, entry: &str) -> Draft {
    let function = case.function(id);
    Draft::fail(format!(
        "the customise list of {function} allows {entry}, which nothing bound to the role needs"
    ))
    .levels("allowed", "refused")
    .table(entry)
    .fix(format!("{}: move {entry} to the right, then Save", path(role, &function)))
    .on(function)
}

fn words(functions: &[FunctionRef]) -> Vec<String> {
    functions.iter().map(ToString::to_string).collect()
}

fn by_eye(case: &Case<'_>, role: &RoleCase<'_>, ids: &[FunctionId], remark: Option<&str>) -> Draft {
    let customised: Vec<_> = ids.iter().map(|&id| case.function(id)).collect();
    let needed: Vec<_> = ids.iter().filter_map(|id| role.needs.allow().get(id)).flatten().collect();
    let only = if needed.is_empty() { "what the vendor names".to_owned() } else { join_and(&needed) };
    let paths: Vec<_> = customised.iter().map(|function| format!("{function} > customize")).collect();
    let mut message = format!(
        "the API does not show another role's customise lists; look whether those of {} allow more than is needed",
        join_and(&words(&customised))
    );
    if let Some(remark) = remark {
        message = format!("{message} ({remark})");
    }
    let fix = format!(
        "look at {} > {}: on the left, under \"Allow Access to these\", only {only}",
        Case::role_path(role.role),
        join_and(&paths)
    );
    Draft::manual(message).fix(fix)
}

/// Whether the row grants anything, or may: what was not understood is no None.
fn opens(row: &Row<'_>) -> bool {
    let may_open = |setting: &Setting| {
        grants_anything(&setting.grants)
            || setting.grants.iter().any(|(_, grant)| matches!(grant, Grant::Unknown(_) | Grant::Absent))
    };
    row.settings().iter().any(|setting| may_open(setting))
}

#[cfg(test)]
mod tests {
    use super::run;
    use crate::checks::testing::{Bench, binding, evidence, lines, role, rule_file, setting};
    use crate::checks::{Case, RoleCase};
    use crate::evidence::{Evidence, TABLE_SETUP};
    use crate::model::{Grant, Level, Setting};

    const NEEDED: &str = "Company / Company Status";
    const CLOSED: &str = "Company / Company Type";
    const OPEN: &str = "Company / Country";
    const LISTED: &str = "Company / Currency";
    const CONFIGURATIONS: &str = "CompanyConfigurations";
    const NEEDS: &str = "[needs.System]\n\"Table Setup\" = { inquire = \"All\", allow = [\"Company / Company Status\"] }\n\
        [needs.Companies]\nConfigurations = { inquire = \"All\", allow = [\"Server\"] }";
    const CLEAR: &str = "allows no more than is needed => -";

    fn rows(tables: &Grant, configurations: &Grant) -> [Setting; 2] {
        [setting("System", "Table Setup", tables), setting("Companies", "Configurations", configurations)]
    }

    /// What is said of a role with these settings, of which this was seen.
    fn told(settings: &[Setting], seen: &[Evidence]) -> Vec<String> {
        let (rules, own) = (rule_file("a", NEEDS), role("Odd"));
        let bench = Bench::new(vec![own.clone()]);
        let bindings = [binding(&rules, &own)];
        let case = Case { evidence: seen, bindings: &bindings, ..bench.case() };
        lines(&run(&case, &RoleCase::new(&case, &own, Ok(settings))).expect("the settings are there"))
    }

    /// The same where Table Setup alone is open, and this was seen of it.
    fn of_tables(probes: &[(&str, u16)], lists: &[(&str, &[&str])]) -> Vec<String> {
        let settings = rows(&Grant::Level(Level::All), &Grant::Level(Level::None));
        told(&settings, &[evidence(&settings, probes, lists)])
    }

    fn allowed(certainty: &str, table: &str) -> String {
        format!(
            "fail {certainty} {table}: the customise list of System / Table Setup allows {table}, which nothing bound \
             to the role needs => System > Security Roles > Odd > System > Table Setup > customize: move {table} to \
             the right, then Save"
        )
    }

    fn by_eye(remark: &str, lists: &str, paths: &str, only: &str) -> String {
        format!(
            "manual certain -: the API does not show another role's customise lists; look whether those of {lists} \
             allow more than is needed{remark} => look at System > Security Roles > Odd > {paths}: on the left, under \
             \"Allow Access to these\", only {only}"
        )
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
        assert_eq!(seen, [format!("pass likely -: the customise list of System / Table Setup {CLEAR}")]);
    }

    #[test]
    fn where_the_lists_cannot_be_read_what_answered_is_said_and_the_rest_is_for_eyes() {
        let rest = by_eye(
            " (the evidence does not tell of these)",
            "System / Table Setup",
            "System / Table Setup > customize",
            NEEDED,
        );
        assert_eq!(of_tables(&[(NEEDED, 200)], &[]), [rest.as_str()], "and no pass");
        assert_eq!(of_tables(&[(OPEN, 200)], &[]), [allowed("certain", OPEN), rest]);
    }

    #[test]
    fn of_several_lists_each_is_judged_and_a_clear_one_makes_no_pass_beside_a_finding() {
        let settings = rows(&Grant::Level(Level::All), &Grant::Level(Level::All));
        let probes = [(NEEDED, 200), (CLOSED, 403)];
        let seen = |tables: &[&str], configurations: &[&str]| {
            let lists = [(TABLE_SETUP, tables), (CONFIGURATIONS, configurations)];
            told(&settings, &[evidence(&settings, &probes, &lists)])
        };
        assert_eq!(seen(&[NEEDED, LISTED], &["Server"]), [allowed("likely", LISTED)]);
        let clear = "Companies / Configurations and System / Table Setup";
        assert_eq!(
            seen(&[NEEDED], &["Server"]),
            [format!("pass likely -: the customise list of {clear} {CLEAR}")]
        );
        let beyond = seen(&[NEEDED], &["Server", "Laptop"]);
        assert_eq!(beyond.len(), 1);
        assert!(beyond[0].starts_with(
            "fail likely Laptop: the customise list of Companies / Configurations allows Laptop, "
        ));
    }

    #[test]
    fn only_lists_of_functions_that_are_open_or_may_be_are_for_eyes() {
        let tables = by_eye("", "System / Table Setup", "System / Table Setup > customize", NEEDED);
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
