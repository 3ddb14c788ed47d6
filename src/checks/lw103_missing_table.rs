//! LW103: a table that an integration needs is refused by a customise list.

use super::case::Seen;
use super::{Binding, Case, Certainty, Check, Draft, Found, RoleCase, Run, Status};
use crate::evidence::{RoleEvidence, Ruling};
use crate::model::{DatasetName, FunctionRef, Level, Severity, Verb};
use crate::rules::FunctionId;
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: "LW103",
    name: "missing-table",
    severity: Severity::High,
    summary: "a customise list refuses a table that the integration needs",
    clear: "every table that the integration needs is allowed",
    page: include_str!("../../docs/checks/lw103-missing-table.md"),
    data: &[DatasetName::Roles],
    run: Run::Grant(run),
};

/// The API shows a customise list only to a member that it applies to: without evidence from such a
/// member, this is for eyes.
#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(case: &Case<'_>, binding: &Binding<'_>, role: &RoleCase<'_>) -> Found {
    let allow = binding.requirements.allow();
    if allow.is_empty() {
        let message = format!("the rule file of {} names no tables", binding.rules.title());
        return Ok(vec![Draft::not_applicable(message)]);
    }
    let entries: Vec<Entry<'_>> =
        allow.iter().flat_map(|(&id, names)| names.iter().map(move |name| Entry { id, name })).collect();
    let seen = match case.seen(role) {
        Seen::Valid(seen) => seen,
        Seen::Lapsed(remark) => return Ok(vec![by_eye(case, role, &entries, Some(&remark))]),
        Seen::Nothing => return Ok(vec![by_eye(case, role, &entries, None)]),
    };
    let (mut drafts, mut untold, mut by_list) = (Vec::new(), Vec::new(), false);
    for entry in entries {
        match ruling(case, role, seen, &entry) {
            None => untold.push(entry),
            Some(Ruling { allowed: true, probed }) => by_list |= !probed,
            Some(Ruling { allowed: false, probed }) => {
                drafts.push(refused(case, binding, role, &entry).certainty(certainty(probed)));
            }
        }
    }
    if !untold.is_empty() {
        drafts.push(by_eye(case, role, &untold, Some("the evidence does not tell of these")));
    } else if drafts.is_empty() && by_list {
        drafts.push(Draft::new(Status::Pass, CHECK.clear).certainty(Certainty::Likely));
    }
    Ok(drafts)
}

/// An entry of a function's customise list that is needed.
struct Entry<'a> {
    id: FunctionId,
    name: &'a String,
}

fn ruling(case: &Case<'_>, role: &RoleCase<'_>, seen: &RoleEvidence, entry: &Entry<'_>) -> Option<Ruling> {
    let list = case.catalog().function(entry.id).customize.as_deref()?;
    seen.rules_on(list, entry.name, inquires(role, entry.id))
}

/// Whether the role's own row lets its holder read the function's tables at all.
fn inquires(role: &RoleCase<'_>, id: FunctionId) -> bool {
    let Ok(rights) = &role.rights else { return false };
    let row = rights.known.get(&id);
    row.and_then(|row| row.grant(Verb::Inquire)).is_some_and(|grant| *grant > Level::None)
}

/// How sure a ruling is: an endpoint that answered, or a list and a reading of it.
pub(super) const fn certainty(probed: bool) -> Certainty {
    if probed { Certainty::Certain } else { Certainty::Likely }
}

fn refused(case: &Case<'_>, binding: &Binding<'_>, role: &RoleCase<'_>, entry: &Entry<'_>) -> Draft {
    let function = case.function(entry.id);
    Draft::fail(format!(
        "{} needs the table {}, which the customise list of {function} refuses",
        binding.rules.title(),
        entry.name
    ))
    .levels("refused", "allowed")
    .table(entry.name)
    .fix(format!(
        "{}: move {} to the left, under \"Allow Access to these\", then Save",
        path(role, &function),
        entry.name
    ))
    .on(function)
}

/// The click path to a customise list.
pub(super) fn path(role: &RoleCase<'_>, function: &FunctionRef) -> String {
    format!("{} > {} > {} > customize", Case::role_path(role.role), function.module, function.function)
}

fn by_eye(case: &Case<'_>, role: &RoleCase<'_>, entries: &[Entry<'_>], remark: Option<&str>) -> Draft {
    let lists: Vec<_> = entries
        .chunk_by(|one, other| one.id == other.id)
        .filter_map(|entries| {
            let function = case.function(entries.first()?.id);
            let names = join_and(&entries.iter().map(|entry| entry.name).collect::<Vec<_>>());
            Some(format!("{} > {} > customize: {names}", function.module, function.function))
        })
        .collect();
    let mut message = "the API does not show another role's customise lists; whether the needed tables are allowed is for eyes".to_owned();
    if let Some(remark) = remark {
        message = format!("{message} ({remark})");
    }
    let fix = format!(
        "look at {} > {}: on the left, under \"Allow Access to these\"",
        Case::role_path(role.role),
        lists.join("; ")
    );
    Draft::manual(message).fix(fix)
}

#[cfg(test)]
mod tests {
    use super::run;
    use crate::checks::testing::{Bench, binding, evidence, lines, role, rule_file, setting};
    use crate::checks::{Case, RoleCase};
    use crate::evidence::TABLE_SETUP;
    use crate::model::{Grant, Level};

    /// Tables with how their endpoints answered, and lists with their rows.
    type Seen<'a> = (&'a [(&'a str, u16)], &'a [(&'a str, &'a [&'a str])]);

    const OPEN: &str = "Company / Company Status";
    const CLOSED: &str = "Company / Company Type";
    const LISTED: &str = "Company / Country";
    const UNLISTED: &str = "Company / Currency";
    /// One endpoint answered and one refused, and the list agrees with both: its rows are what is allowed.
    const PROBES: &[(&str, u16)] = &[(OPEN, 200), (CLOSED, 403)];
    const LISTS: &[(&str, &[&str])] = &[(TABLE_SETUP, &[OPEN, LISTED])];
    const LIST: &str = "System > Security Roles > Odd > System > Table Setup > customize";

    /// What is said of a role that may inquire tables so far, of which this was seen, and from which these
    /// tables are needed.
    fn told(inquire: Level, seen: Option<Seen<'_>>, tables: &[&str]) -> Vec<String> {
        let needs = format!("[needs.System]\n\"Table Setup\" = {{ inquire = \"All\", allow = {tables:?} }}");
        let (rules, own) = (rule_file("a", &needs), role("Odd"));
        let bench = Bench::new(vec![own.clone()]);
        let settings = [setting("System", "Table Setup", &Grant::Level(inquire))];
        let seen: Vec<_> =
            seen.map(|(probes, lists)| evidence(&settings, probes, lists)).into_iter().collect();
        let bindings = [binding(&rules, &own)];
        let case = Case { evidence: &seen, bindings: &bindings, ..bench.case() };
        let odd = RoleCase::new(&case, &own, Ok(&settings));
        lines(&run(&case, &bindings[0], &odd).expect("nothing is missing"))
    }

    fn refused(certainty: &str, table: &str) -> String {
        format!(
            "fail {certainty} {table}: V P needs the table {table}, which the customise list of System / Table Setup \
             refuses => {LIST}: move {table} to the left, under \"Allow Access to these\", then Save"
        )
    }

    fn by_eye(remark: &str, tables: &str) -> String {
        format!(
            "manual certain -: the API does not show another role's customise lists; whether the needed tables are \
             allowed is for eyes{remark} => look at System > Security Roles > Odd > System > Table Setup > customize: \
             {tables}: on the left, under \"Allow Access to these\""
        )
    }

    #[test]
    fn a_ruling_is_certain_where_the_endpoint_answered_and_likely_where_the_list_says_so() {
        let seen = Some((PROBES, LISTS));
        let by_list = ["pass likely -: every table that the integration needs is allowed => -"];
        assert_eq!(told(Level::All, seen, &[OPEN]), [""; 0], "a pass that is certain is left to the audit");
        assert_eq!(told(Level::All, seen, &[LISTED]), by_list);
        assert_eq!(told(Level::All, seen, &[OPEN, LISTED]), by_list);
        assert_eq!(told(Level::All, seen, &[CLOSED]), [refused("certain", CLOSED)]);
        assert_eq!(told(Level::All, seen, &[UNLISTED]), [refused("likely", UNLISTED)]);
        assert_eq!(
            told(Level::All, seen, &[LISTED, UNLISTED]),
            [refused("likely", UNLISTED)],
            "no pass beside"
        );
    }

    #[test]
    fn a_refusal_is_the_lists_only_where_the_role_opens_table_setup_at_all() {
        let seen: Option<Seen<'_>> = Some((&[(CLOSED, 403)], &[]));
        let untold = by_eye(" (the evidence does not tell of these)", CLOSED);
        assert_eq!(told(Level::None, seen, &[CLOSED]), [untold]);
        for level in [Level::My, Level::All] {
            assert_eq!(told(level, seen, &[CLOSED]), [refused("certain", CLOSED)], "{level}");
        }
    }

    #[test]
    fn what_no_evidence_tells_of_is_for_eyes_list_by_list() {
        let both = format!("{OPEN} and {CLOSED}");
        assert_eq!(told(Level::All, None, &[OPEN, CLOSED]), [by_eye("", &both)]);
        let seen: Option<Seen<'_>> = Some((&[(CLOSED, 403)], &[]));
        assert_eq!(
            told(Level::All, seen, &[CLOSED, LISTED]),
            [refused("certain", CLOSED), by_eye(" (the evidence does not tell of these)", LISTED)]
        );
    }
}
