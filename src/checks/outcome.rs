//! Outcomes: one check applied to one thing.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use super::Check;
use crate::model::{DatasetName, FunctionRef, MemberRef, RoleRef, Severity, TenantId, Verb};
use crate::policy::{Acceptance, Place};
use crate::term::text::hex;

/// What came of applying a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// As it should be.
    Pass,
    /// Off: a finding.
    Fail,
    /// The data is missing or was not understood.
    Unknown,
    /// The API cannot show it; the message says where to look.
    Manual,
    /// A finding that somebody accepted.
    Waived,
    /// The question does not arise.
    NotApplicable,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Pass, Self::Fail, Self::Unknown, Self::Manual, Self::Waived, Self::NotApplicable];

    /// The word that reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Manual => "manual",
            Self::Waived => "waived",
            Self::NotApplicable => "notApplicable",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a finding compares with the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Since {
    /// The baseline does not have it, or could not tell.
    New,
    /// The baseline has it too.
    Unchanged,
    /// Only the baseline has it.
    Resolved,
}

impl Since {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::New, Self::Unchanged, Self::Resolved];

    /// The word that reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Resolved => "resolved",
        }
    }
}

/// How sure an outcome is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Follows from what the PSA and the vendor say.
    #[default]
    Certain,
    /// Rests on a reading that is usual but not stated.
    Likely,
    /// Rests on an inference.
    Inferred,
}

impl Certainty {
    /// The word that reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Inferred => "inferred",
        }
    }
}

/// What an outcome is about, apart from the function and the verb.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// A rule file's id.
    pub integration: Option<String>,
    /// A role.
    pub role: Option<RoleRef>,
    /// A member.
    pub member: Option<MemberRef>,
    /// Where the config speaks of it.
    pub place: Option<Place>,
}

/// What a check says of its subject; the audit makes an [`Outcome`] of it.
#[derive(Clone, Debug)]
pub struct Draft {
    pub(crate) status: Status,
    pub(crate) severity: Option<Severity>,
    pub(crate) certainty: Certainty,
    pub(crate) function: Option<FunctionRef>,
    pub(crate) verb: Option<Verb>,
    pub(crate) table: Option<String>,
    pub(crate) dataset: Option<DatasetName>,
    pub(crate) actual: Option<String>,
    pub(crate) required: Option<String>,
    pub(crate) message: String,
    pub(crate) fix: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) member: Option<MemberRef>,
    pub(crate) role: Option<RoleRef>,
    pub(crate) key: Option<String>,
}

impl Draft {
    /// Says `status`, with the sentence for people (no full stop).
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            severity: None,
            certainty: Certainty::Certain,
            function: None,
            verb: None,
            table: None,
            dataset: None,
            actual: None,
            required: None,
            message: message.into(),
            fix: None,
            line: None,
            member: None,
            role: None,
            key: None,
        }
    }

    /// Something is off.
    pub fn fail(message: impl Into<String>) -> Self {
        Self::new(Status::Fail, message)
    }

    /// The data is missing or was not understood.
    pub fn unknown(message: impl Into<String>) -> Self {
        Self::new(Status::Unknown, message)
    }

    /// The API cannot show it.
    pub fn manual(message: impl Into<String>) -> Self {
        Self::new(Status::Manual, message)
    }

    /// The question does not arise.
    pub fn not_applicable(message: impl Into<String>) -> Self {
        Self::new(Status::NotApplicable, message)
    }

    /// About this function.
    #[must_use]
    pub fn on(mut self, function: FunctionRef) -> Self {
        self.function = Some(function);
        self
    }

    /// About this entry of a customise list.
    #[must_use]
    pub fn table(mut self, table: impl Into<String>) -> Self {
        self.table = Some(table.into());
        self
    }

    /// About this verb.
    #[must_use]
    pub fn verb(mut self, verb: Verb) -> Self {
        self.verb = Some(verb);
        self
    }

    /// What is granted, and what is needed.
    #[must_use]
    pub fn levels(mut self, actual: impl fmt::Display, required: impl fmt::Display) -> Self {
        self.actual = Some(actual.to_string());
        self.required = Some(required.to_string());
        self
    }

    /// What the PSA says.
    #[must_use]
    pub fn actual(mut self, actual: impl fmt::Display) -> Self {
        self.actual = Some(actual.to_string());
        self
    }

    /// What it should say.
    #[must_use]
    pub fn required(mut self, required: impl fmt::Display) -> Self {
        self.required = Some(required.to_string());
        self
    }

    /// The click path that mends it.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// A severity of its own, instead of the check's.
    #[must_use]
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// How sure it is.
    #[must_use]
    pub const fn certainty(mut self, certainty: Certainty) -> Self {
        self.certainty = certainty;
        self
    }

    /// The line of the snapshot that shows it.
    #[must_use]
    pub const fn line(mut self, line: Option<u32>) -> Self {
        self.line = line;
        self
    }

    /// About this dataset.
    #[must_use]
    pub const fn dataset(mut self, dataset: DatasetName) -> Self {
        self.dataset = Some(dataset);
        self
    }

    /// About this member, where the subject names none.
    #[must_use]
    pub fn member(mut self, member: impl Into<MemberRef>) -> Self {
        self.member = Some(member.into());
        self
    }

    /// What tells it from others of the same check, where nothing else does.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// About this role, where the subject names none.
    #[must_use]
    pub fn role(mut self, role: impl Into<RoleRef>) -> Self {
        self.role = Some(role.into());
        self
    }
}

/// A check's id or name, which are part of the program. (serde takes a plain reference for one into the text that it reads.)
type CheckWord = &'static str;

/// One check applied to one thing, ready for every writer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The check's id.
    #[serde(deserialize_with = "id_of_check")]
    pub check: CheckWord,
    /// The check's name.
    #[serde(deserialize_with = "name_of_check")]
    pub name: CheckWord,
    /// What came of it.
    pub status: Status,
    /// How bad it is, or would be.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// The rule file's id.
    pub integration: Option<String>,
    /// The role.
    pub role: Option<RoleRef>,
    /// The member.
    pub member: Option<MemberRef>,
    /// The function.
    pub function: Option<FunctionRef>,
    /// The verb.
    pub verb: Option<Verb>,
    /// The entry of a customise list.
    pub table: Option<String>,
    /// The dataset that is missing.
    pub dataset: Option<DatasetName>,
    /// What the PSA says.
    pub actual: Option<String>,
    /// What it should say.
    pub required: Option<String>,
    /// For people: one sentence without a full stop.
    pub message: String,
    /// The click path that mends it.
    pub fix: Option<String>,
    /// The same for the same finding for ever, whatever names and levels become.
    pub fingerprint: String,
    /// The line of the snapshot that shows it.
    pub line: Option<u32>,
    /// Where the config speaks of it.
    pub place: Option<Place>,
    /// Who accepted it, where the status is waived.
    pub waiver: Option<Acceptance>,
    /// How it compares with the baseline, where there is one.
    pub baseline: Option<Since>,
}

impl Outcome {
    /// Makes an outcome of what a check said of a subject.
    #[must_use]
    pub fn new(tenant: &TenantId, check: &Check, subject: &Subject, draft: Draft) -> Self {
        let mut outcome = Self {
            check: check.id,
            name: check.name,
            status: draft.status,
            severity: draft.severity.unwrap_or(check.severity),
            certainty: draft.certainty,
            integration: subject.integration.clone(),
            role: subject.role.clone().or(draft.role),
            member: subject.member.clone().or(draft.member),
            function: draft.function,
            verb: draft.verb,
            table: draft.table,
            dataset: draft.dataset,
            actual: draft.actual,
            required: draft.required,
            message: draft.message,
            fix: draft.fix,
            fingerprint: String::new(),
            line: draft.line,
            place: subject.place.clone(),
            waiver: None,
            baseline: None,
        };
        outcome.fingerprint = fingerprint(tenant, &outcome, draft.key.as_deref());
        outcome
    }

    /// Whether it is a finding that can fail the run: not accepted, and not in the baseline already.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.status == Status::Fail && self.baseline != Some(Since::Unchanged)
    }

    /// What outcomes are sorted by, so that no order of input reaches a writer.
    #[must_use]
    pub fn order(&self) -> impl Ord + '_ {
        (
            self.check,
            self.role.as_ref().map(|role| role.id),
            self.integration.as_deref(),
            self.member.as_ref().map(|member| member.id),
            self.function.as_ref(),
            (self.verb, self.table.as_deref(), self.dataset),
            (self.status, self.fingerprint.as_str(), self.message.as_str()),
        )
    }
}

fn known_check<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static Check, D::Error> {
    let word = Cow::<'de, str>::deserialize(deserializer)?;
    super::find(&word).ok_or_else(|| D::Error::custom(format!("there is no check {word}")))
}

fn id_of_check<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CheckWord, D::Error> {
    known_check(deserializer).map(|check| check.id)
}

fn name_of_check<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CheckWord, D::Error> {
    known_check(deserializer).map(|check| check.name)
}

/// A hash of what a finding is about: tenant, check, integration, role, member, function, verb, table
/// and dataset (and of `key`, where nothing else tells two findings apart); never of names, levels or
/// severity, which change without the finding changing.
#[must_use]
pub fn fingerprint(tenant: &TenantId, outcome: &Outcome, key: Option<&str>) -> String {
    let id = |id: Option<i64>| id.map_or_else(String::new, |id| id.to_string());
    let mut parts = vec![
        tenant.site.clone(),
        tenant.company.clone(),
        outcome.check.to_owned(),
        outcome.integration.clone().unwrap_or_default(),
        id(outcome.role.as_ref().map(|role| role.id.0)),
        id(outcome.member.as_ref().map(|member| member.id.0)),
        outcome.function.as_ref().map(FunctionRef::key).unwrap_or_default(),
        outcome.verb.map(Verb::as_str).unwrap_or_default().to_owned(),
        outcome.table.clone().unwrap_or_default(),
        outcome.dataset.map(DatasetName::as_str).unwrap_or_default().to_owned(),
    ];
    parts.extend(key.map(str::to_owned));
    // A separator that no part can hold, so that two lists of parts never read the same.
    hex(&Sha256::digest(parts.join("\u{1f}")))
}

#[cfg(test)]
mod tests {
    use super::{Certainty, Since, Status};

    #[test]
    fn words_are_those_of_the_reports() {
        let statuses = Status::ALL.map(|status| status.to_string());
        assert_eq!(statuses, ["pass", "fail", "unknown", "manual", "waived", "notApplicable"]);
        assert_eq!(Since::ALL.map(Since::as_str), ["new", "unchanged", "resolved"]);
        let certainties = [Certainty::Certain, Certainty::Likely, Certainty::Inferred];
        assert_eq!(certainties.map(Certainty::as_str), ["certain", "likely", "inferred"]);
    }
}
