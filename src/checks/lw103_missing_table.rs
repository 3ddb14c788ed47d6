//! LW103: a table that an integration needs is refused by a customise list.

use serde::{Deserialize, Serialize};

use super::case::{Lapsed, Seen};
use super::{
    Answer, Answers, Binding, Case, Certainty, Check, CheckId, Detail as AnyDetail, Finding, RoleCase, Run,
    Status, Words,
};
use crate::evidence::{RoleEvidence, Ruling};
use crate::model::{DatasetName, FunctionRef, Level, Severity, Verb};
use crate::rules::FunctionId;
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: CheckId::MissingTable,
    name: "missing-table",
    severity: Severity::High,
    summary: "a customise list refuses a table that the integration needs",
    clear: "every table that the integration needs is allowed",
    page: include_str!("../../docs/checks/lw103-missing-table.md"),
    data: &[DatasetName::Roles],
    run: Run::Permissions(run),
    ..Check::OF_PERMISSIONS
};

/// What was found about the tables that an integration needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Detail {
    /// The rule file names no tables.
    NoTables,
    /// The list refuses a table.
    Refused,
    /// The list could not be read.
    NotShown {
        /// The needed entries of each list.
        lists: Vec<List>,
        /// Why evidence does not settle it, where there is some.
        remark: Option<Remark>,
    },
}

/// Entries of one function's customise list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// The function whose list it is.
    pub function: FunctionRef,
    /// Its entries that are needed, as `Category / Table`.
    pub entries: Vec<String>,
}

/// Why evidence does not settle a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Remark {
    /// There was some, and it no longer holds.
    Lapsed(Lapsed),
    /// It does not speak of these entries.
    Silent,
}

impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lapsed(lapsed) => lapsed.fmt(f),
            Self::Silent => f.write_str("the evidence does not speak of these"),
        }
    }
}

/// The API shows a customise list only to a member that it applies to: without evidence from such a
/// member, a person has to look.
#[expect(clippy::unnecessary_wraps, reason = "every check has the same signature")]
fn run(case: &Case<'_>, binding: &Binding<'_>, role: &RoleCase<'_>) -> Answers {
    let allow = binding.requirements.allow();
    if allow.is_empty() {
        return Ok(vec![Answer::not_applicable(AnyDetail::MissingTable(Detail::NoTables))]);
    }
    let entries: Vec<Entry<'_>> =
        allow.iter().flat_map(|(&id, names)| names.iter().map(move |name| Entry { id, name })).collect();
    let seen = match case.seen(role) {
        Seen::Valid(seen) => seen,
        Seen::Lapsed(lapsed) => return Ok(vec![not_shown(case, &entries, Some(Remark::Lapsed(lapsed)))]),
        Seen::Nothing => return Ok(vec![not_shown(case, &entries, None)]),
    };
    let (mut answers, mut silent, mut by_list) = (Vec::new(), Vec::new(), false);
    for entry in entries {
        match ruling(case, role, seen, &entry) {
            None => silent.push(entry),
            Some(Ruling { allowed: true, probed }) => by_list |= !probed,
            Some(Ruling { allowed: false, probed }) => answers.push(
                Answer::fail(AnyDetail::MissingTable(Detail::Refused))
                    .on(case.function(entry.id))
                    .table(entry.name.as_str())
                    .certainty(certainty(probed)),
            ),
        }
    }
    if !silent.is_empty() {
        answers.push(not_shown(case, &silent, Some(Remark::Silent)));
    } else if answers.is_empty() && by_list {
        answers.push(Answer::new(Status::Pass, AnyDetail::Clear).certainty(Certainty::Likely));
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
    Answer::manual(AnyDetail::MissingTable(Detail::NotShown { lists, remark }))
}

/// The click path to a customise list.
pub(super) fn customize_path(finding: &Finding) -> String {
    format!("{} > customize", finding.row_path())
}

/// A sentence, with the remark behind it.
pub(super) fn with_remark(message: String, remark: Option<&Remark>) -> String {
    remark.map_or_else(|| message.clone(), |remark| format!("{message} ({remark})"))
}

impl Words for Detail {
    fn message(&self, finding: &Finding) -> String {
        match self {
            Self::NoTables => format!("the rule file of {} names no tables", finding.title()),
            Self::Refused => format!(
                "{} needs the table {}, which the customise list of {} refuses",
                finding.title(),
                finding.table.as_deref().unwrap_or_default(),
                finding.function.as_ref().map(ToString::to_string).unwrap_or_default()
            ),
            Self::NotShown { remark, .. } => with_remark(
                "the API does not show another role's customise lists; check in the PSA that the needed tables are allowed".to_owned(),
                remark.as_ref(),
            ),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<String> {
        match self {
            Self::NoTables => None,
            Self::Refused => Some(format!(
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
        matches!(self, Self::Refused).then(|| "refused".to_owned())
    }

    fn required(&self) -> Option<String> {
        matches!(self, Self::Refused).then(|| "allowed".to_owned())
    }
}
