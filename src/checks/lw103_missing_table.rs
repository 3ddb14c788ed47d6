//! LW103: a table that an integration needs is refused by a customise list.

use super::case::Seen;
use super::detail::{List, MissingTable, Remark};
use super::{
    Answer, Answers, Binding, Case, Certainty, Check, CheckId, Detail, Finding, RoleCase, Run, Status, Words,
};
use crate::evidence::{RoleEvidence, Ruling};
use crate::model::{DatasetName, Level, Severity, Verb};
use crate::rules::FunctionId;
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: CheckId::MissingTable,
    name: "missing-table",
    severity: Severity::High,
    summary: "a customise list refuses a table that the integration needs",
    clear: "every table that the integration needs is allowed",
    data: &[DatasetName::Roles],
    run: Run::Permissions(run),
    ..Check::OF_PERMISSIONS
};

/// The API shows a customise list only to a member that it applies to: without evidence from such a
/// member, a person has to look.
#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(case: &Case<'_>, binding: &Binding<'_>, role: &RoleCase<'_>) -> Answers {
    let allow = binding.requirements.allow();
    if allow.is_empty() {
        return Ok(vec![Answer::not_applicable(Detail::MissingTable(Box::new(MissingTable::NoTables)))]);
    }
    let entries: Vec<Entry<'_>> =
        allow.iter().flat_map(|(&id, names)| names.iter().map(move |name| Entry { id, name })).collect();
    let (seen, witness) = match case.seen(role) {
        Seen::Valid(seen, witness) => (seen, witness),
        Seen::Lapsed(lapsed) => return Ok(vec![not_shown(case, &entries, Some(Remark::Lapsed(lapsed)))]),
        Seen::Nothing => return Ok(vec![not_shown(case, &entries, None)]),
    };
    let (mut answers, mut silent, mut by_list) = (Vec::new(), Vec::new(), false);
    for entry in entries {
        match ruling(case, role, seen, &entry) {
            None => silent.push(entry),
            Some(Ruling { allowed: true, probed }) => by_list |= !probed,
            Some(Ruling { allowed: false, probed }) => answers.push(
                Answer::fail(Detail::MissingTable(Box::new(MissingTable::Refused(witness.clone()))))
                    .on(case.function(entry.id))
                    .table(entry.name.as_str())
                    .certainty(certainty(probed)),
            ),
        }
    }
    if !silent.is_empty() {
        answers.push(not_shown(case, &silent, Some(Remark::Silent)));
    } else if answers.is_empty() {
        let certainty = if by_list { Certainty::Likely } else { Certainty::Certain };
        let pass =
            Answer::new(Status::Pass, Detail::MissingTable(Box::new(MissingTable::AllAllowed(witness))));
        answers.push(pass.certainty(certainty));
    }
    Ok(answers)
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

fn not_shown(case: &Case<'_>, entries: &[Entry<'_>], remark: Option<Remark>) -> Answer {
    let list = |entries: &[Entry<'_>]| {
        let function = case.function(entries.first()?.id);
        Some(List { function, entries: entries.iter().map(|entry| entry.name.clone()).collect() })
    };
    let lists = entries.chunk_by(|one, other| one.id == other.id).filter_map(list).collect();
    Answer::manual(Detail::MissingTable(Box::new(MissingTable::NotShown { lists, remark })))
}

/// The click path to a customise list.
pub(super) fn customize_path(finding: &Finding) -> String {
    format!("{} > customize", finding.row_path())
}

/// A sentence, with the remark behind it.
pub(super) fn with_remark(message: &str, remark: Option<&Remark>) -> String {
    remark.map_or_else(|| message.to_owned(), |remark| format!("{message} ({remark})"))
}

impl Words for MissingTable {
    fn message(&self, finding: &Finding) -> String {
        match self {
            Self::NoTables => format!("the rule file of {} names no tables", finding.title()),
            Self::AllAllowed(witness) => {
                format!("every table that the integration needs is allowed ({witness})")
            }
            Self::Refused(witness) => format!(
                "{} needs the table {}, which the customise list of {} refuses ({witness})",
                finding.title(),
                finding.table.as_deref().unwrap_or_default(),
                finding.function.as_ref().map(ToString::to_string).unwrap_or_default()
            ),
            Self::NotShown { remark, .. } => with_remark(
                "the API does not show another role's customise lists; check in the PSA that the needed tables are allowed",
                remark.as_ref(),
            ),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        match self {
            Self::NoTables | Self::AllAllowed(_) => None,
            Self::Refused(_) => Some(format!(
                "{}: move {} to the left, under \"Allow Access to these\", then Save",
                customize_path(finding),
                finding.table.as_deref().unwrap_or_default()
            )),
            Self::NotShown { lists, .. } => {
                let path = |list: &List| {
                    let List { function, entries } = list;
                    format!("{} > {} > customize: {}", function.module, function.function, join_and(entries))
                };
                let paths: Vec<_> = lists.iter().map(path).collect();
                Some(format!(
                    "look at {} > {}: on the left, under \"Allow Access to these\"",
                    finding.role_path(),
                    paths.join("; ")
                ))
            }
        }
    }

    fn actual(&self) -> Option<String> {
        matches!(self, Self::Refused(_)).then(|| "refused".to_owned())
    }

    fn required(&self) -> Option<String> {
        matches!(self, Self::Refused(_)).then(|| "allowed".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{CHECK, run};
    use crate::checks::testing::{Bench, api_member, binding, evidence, lines, role, rule_file, setting};
    use crate::checks::{Bindings, Case, RoleCase, Subject};
    use crate::evidence::TABLE_SETUP;
    use crate::model::{ApiMember, Grant, Level};

    /// Tables with how their endpoints answered, and lists with their rows.
    type Seen<'a> = (&'a [(&'a str, u16)], &'a [(&'a str, &'a [&'a str])]);

    const OPEN: &str = "Company / Company Status";
    const CLOSED: &str = "Company / Company Type";
    const LISTED: &str = "Company / Country";
    const UNLISTED: &str = "Company / Currency";
    /// One endpoint answered and one refused, and the list agrees with both: its rows are what is allowed.
    const PROBES: &[(&str, u16)] = &[(OPEN, 200), (CLOSED, 403)];
    const LISTS: &[(&str, &[&str])] = &[(TABLE_SETUP, &[OPEN, LISTED])];
    const SEEN: &str = "seen with a key of key-251 on 2026-11-21";
    const LIST: &str = "System > Security Roles > Odd > System > Table Setup > customize";

    /// What is said of a role that may inquire tables so far, of which this was seen, and from which these
    /// tables are needed.
    fn told(inquire: Level, seen: Option<Seen<'_>>, tables: &[&str]) -> Vec<String> {
        let needs = format!("[needs.System]\n\"Table Setup\" = {{ inquire = \"All\", allow = {tables:?} }}");
        let (rules, own) = (rule_file("a", &needs), role("Odd"));
        let holder = ApiMember { role: Some(own.id), ..api_member(251) };
        let bench = Bench::new(vec![own.clone()]).members(vec![holder], Vec::new());
        let settings = [setting("System", "Table Setup", &Grant::Level(inquire))];
        let seen: Vec<_> =
            seen.map(|(probes, lists)| evidence(&settings, probes, lists)).into_iter().collect();
        let bindings = [binding(&rules, &own)];
        let of_role = Bindings::of(&bindings);
        let case = Case { evidence: &seen, bindings: &of_role, ..bench.case() };
        let odd = RoleCase::new(&case, &own, Ok(&settings));
        let subject = Subject { member: None, ..bindings[0].subject() };
        lines(&CHECK, &subject, run(&case, &bindings[0], &odd).expect("nothing is missing"))
    }

    fn refused(certainty: &str, table: &str) -> String {
        format!(
            "fail {certainty} {table}: V P needs the table {table}, which the customise list of System / Table Setup \
             refuses ({SEEN}) => {LIST}: move {table} to the left, under \"Allow Access to these\", then Save"
        )
    }

    fn not_shown(remark: &str, tables: &str) -> String {
        format!(
            "manual certain -: the API does not show another role's customise lists; check in the PSA that the needed \
             tables are allowed{remark} => look at System > Security Roles > Odd > System > Table Setup > customize: \
             {tables}: on the left, under \"Allow Access to these\""
        )
    }

    #[test]
    fn a_ruling_is_certain_where_the_endpoint_answered_and_likely_where_the_list_says_so() {
        let seen = Some((PROBES, LISTS));
        let allowed = |certainty| {
            [format!("pass {certainty} -: every table that the integration needs is allowed ({SEEN}) => -")]
        };
        assert_eq!(told(Level::All, seen, &[OPEN]), allowed("certain"));
        assert_eq!(told(Level::All, seen, &[LISTED]), allowed("likely"));
        assert_eq!(told(Level::All, seen, &[OPEN, LISTED]), allowed("likely"));
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
        let silent = not_shown(" (the evidence does not speak of these)", CLOSED);
        assert_eq!(told(Level::None, seen, &[CLOSED]), [silent]);
        for level in [Level::My, Level::All] {
            assert_eq!(told(level, seen, &[CLOSED]), [refused("certain", CLOSED)], "{level}");
        }
    }

    #[test]
    fn what_no_evidence_speaks_of_is_for_a_person_to_look_at_list_by_list() {
        let both = format!("{OPEN} and {CLOSED}");
        assert_eq!(told(Level::All, None, &[OPEN, CLOSED]), [not_shown("", &both)]);
        let seen: Option<Seen<'_>> = Some((&[(CLOSED, 403)], &[]));
        assert_eq!(
            told(Level::All, seen, &[CLOSED, LISTED]),
            [refused("certain", CLOSED), not_shown(" (the evidence does not speak of these)", LISTED)]
        );
    }
}
