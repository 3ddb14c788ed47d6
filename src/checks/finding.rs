//! A finding: one check applied to one thing, and what came of it.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::detail::{AdminRole, Detail, UnboundMember};
use super::fingerprint::Fingerprint;
use crate::model::{
    CheckId, DatasetName, FunctionRef, Gap, IntegrationRef, LoginRef, MemberRef, Name, Power, RoleRef,
    Severity, TenantId, Verb,
};
use crate::policy::{Acceptance, Place};

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

/// What a check is applied to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// An integration.
    pub integration: Option<Arc<IntegrationRef>>,
    /// A role.
    pub role: Option<Arc<RoleRef>>,
    /// A member.
    pub member: Option<Arc<MemberRef>>,
    /// Where the config speaks of it.
    pub place: Option<Arc<Place>>,
}

/// What a check says of its subject; with the subject it becomes a [`Finding`].
#[derive(Clone, Debug)]
pub struct Answer {
    status: Status,
    detail: Detail,
    severity: Option<Severity>,
    certainty: Certainty,
    function: Option<Arc<FunctionRef>>,
    verb: Option<Verb>,
    table: Option<Name>,
    dataset: Option<DatasetName>,
    login: Option<Arc<LoginRef>>,
    member: Option<Arc<MemberRef>>,
    role: Option<Arc<RoleRef>>,
    key: Option<String>,
    line: Option<u32>,
}

impl Answer {
    /// An answer of this status.
    #[must_use]
    pub const fn new(status: Status, detail: Detail) -> Self {
        Self {
            status,
            detail,
            severity: None,
            certainty: Certainty::Certain,
            function: None,
            verb: None,
            table: None,
            dataset: None,
            login: None,
            member: None,
            role: None,
            key: None,
            line: None,
        }
    }

    pub(super) const fn fail(detail: Detail) -> Self {
        Self::new(Status::Fail, detail)
    }

    pub(super) const fn unknown(detail: Detail) -> Self {
        Self::new(Status::Unknown, detail)
    }

    pub(super) const fn manual(detail: Detail) -> Self {
        Self::new(Status::Manual, detail)
    }

    pub(super) const fn not_applicable(detail: Detail) -> Self {
        Self::new(Status::NotApplicable, detail)
    }

    /// A dataset is missing.
    #[must_use]
    pub fn of_gap(gap: Gap) -> Self {
        let dataset = gap.dataset;
        Self::unknown(Detail::Gap(Box::new(gap))).dataset(dataset)
    }

    pub(super) const fn status(&self) -> Status {
        self.status
    }

    /// Whether it says this about one verb.
    #[must_use]
    pub fn is_of_verb(&self, status: Status) -> bool {
        self.status == status && self.verb.is_some()
    }

    pub(super) fn on(mut self, function: impl Into<Arc<FunctionRef>>) -> Self {
        self.function = Some(function.into());
        self
    }

    pub(super) const fn verb(mut self, verb: Verb) -> Self {
        self.verb = Some(verb);
        self
    }

    pub(super) fn table(mut self, table: impl Into<Name>) -> Self {
        self.table = Some(table.into());
        self
    }

    pub(super) const fn dataset(mut self, dataset: DatasetName) -> Self {
        self.dataset = Some(dataset);
        self
    }

    pub(super) fn login(mut self, login: LoginRef) -> Self {
        self.login = Some(Arc::new(login));
        self
    }

    /// About this member, where the subject names none.
    pub(super) fn member(mut self, member: Arc<MemberRef>) -> Self {
        self.member = Some(member);
        self
    }

    /// About this role, where the subject names none.
    pub(super) fn role(mut self, role: Arc<RoleRef>) -> Self {
        self.role = Some(role);
        self
    }

    /// What tells it from others of the same check, where nothing else does.
    pub(crate) fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// A severity of its own, instead of the check's.
    #[must_use]
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    pub(super) const fn certainty(mut self, certainty: Certainty) -> Self {
        self.certainty = certainty;
        self
    }

    pub(super) const fn line(mut self, line: Option<u32>) -> Self {
        self.line = line;
        self
    }
}

/// One check applied to one thing, ready for every writer. Its words are made from its detail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The check.
    pub check: CheckId,
    /// What came of it.
    pub status: Status,
    /// How bad it is, or would be.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// The integration.
    pub integration: Option<Arc<IntegrationRef>>,
    /// The role.
    pub role: Option<Arc<RoleRef>>,
    /// The member.
    pub member: Option<Arc<MemberRef>>,
    /// The integrator login.
    pub login: Option<Arc<LoginRef>>,
    /// The function.
    pub function: Option<Arc<FunctionRef>>,
    /// The verb.
    pub verb: Option<Verb>,
    /// The entry of a customise list.
    pub table: Option<Name>,
    /// The dataset that is missing.
    pub dataset: Option<DatasetName>,
    /// What was found.
    pub detail: Detail,
    /// What tells it from others of the same check, where nothing else does.
    pub key: Option<Box<str>>,
    /// The same for the same finding for ever, whatever names and levels become.
    #[serde(skip)]
    pub fingerprint: Fingerprint,
    /// The line of the snapshot that shows it.
    pub line: Option<u32>,
    /// Where the config speaks of it.
    pub place: Option<Arc<Place>>,
    /// Who accepted it, where somebody did.
    pub waiver: Option<Box<Acceptance>>,
    /// How it compares with the baseline; `None` where there is none.
    pub baseline: Option<Since>,
}

impl Finding {
    /// What an answer about a subject comes to, by the check's own severity unless the answer has another.
    pub(super) fn new(
        tenant: &TenantId,
        (check, severity): (CheckId, Severity),
        subject: &Subject,
        answer: Answer,
    ) -> Self {
        let mut finding = Self {
            check,
            status: answer.status,
            severity: answer.severity.unwrap_or(severity),
            certainty: answer.certainty,
            integration: subject.integration.clone(),
            role: subject.role.clone().or(answer.role),
            member: subject.member.clone().or(answer.member),
            login: answer.login,
            function: answer.function,
            verb: answer.verb,
            table: answer.table,
            dataset: answer.dataset,
            detail: answer.detail,
            key: answer.key.map(String::into_boxed_str),
            fingerprint: Fingerprint::default(),
            line: answer.line,
            place: subject.place.clone(),
            waiver: None,
            baseline: None,
        };
        finding.seal(tenant);
        finding
    }

    /// Gives it its fingerprint: a hash of what it is about, which is tenant, check, integration, role, member,
    /// function, verb, table, login and dataset (and its key, where nothing else tells two findings apart); never
    /// of names, levels or severity, which change without the finding changing.
    pub(crate) fn seal(&mut self, tenant: &TenantId) {
        let id = |id: Option<i64>| id.map_or_else(String::new, |id| id.to_string());
        let mut parts = vec![
            tenant.site.clone(),
            tenant.company.clone(),
            self.check.as_str().to_owned(),
            self.integration_id().unwrap_or_default().to_owned(),
            id(self.role.as_ref().map(|role| role.id.0)),
            id(self.member.as_ref().map(|member| member.id.0)),
            self.function.as_deref().map(FunctionRef::key).unwrap_or_default(),
            self.verb.map(Verb::as_str).unwrap_or_default().to_owned(),
            self.table.as_deref().unwrap_or_default().to_owned(),
            self.dataset.map(DatasetName::as_str).unwrap_or_default().to_owned(),
        ];
        parts.extend(self.login.as_ref().map(|login| login.id.to_string()));
        parts.extend(self.key.as_deref().map(str::to_owned));
        self.fingerprint = Fingerprint::of(&parts);
    }

    /// The rule file's id.
    #[must_use]
    pub fn integration_id(&self) -> Option<&str> {
        self.integration.as_ref().map(|integration| &*integration.id)
    }

    /// The powers that the permission gives, where the finding is about one in excess.
    #[must_use]
    pub fn powers(&self) -> &[Power] {
        match &self.detail {
            Detail::ExcessivePermission(detail) => detail.powers(),
            Detail::UnboundMember(UnboundMember::Active { powers }) => powers,
            Detail::AdminRole(AdminRole::HasEverything { .. }) => &Power::ALL,
            _ => &[],
        }
    }

    /// Whether it is about a customise list of which no vendor names the entries, so that there is nothing to do
    /// about it.
    #[must_use]
    pub(crate) fn leaves_list(&self) -> bool {
        matches!(&self.detail, Detail::ExcessiveTable(own) if own.is_left())
    }

    /// The integration, for people.
    pub(super) fn title(&self) -> &str {
        self.integration.as_ref().map_or("the integration", |integration| &integration.title)
    }

    /// The click path to the role.
    pub(super) fn role_path(&self) -> String {
        let name = self.role.as_ref().map_or_else(|| "the role".to_owned(), ToString::to_string);
        format!("System > Security Roles > {name}")
    }

    /// The click path to the row of the function in the role.
    pub(super) fn row_path(&self) -> String {
        match &self.function {
            Some(function) => format!("{} > {} > {}", self.role_path(), function.module, function.function),
            None => self.role_path(),
        }
    }

    /// The click path to the API member.
    pub(super) fn member_path(&self) -> String {
        let name = self.member.as_ref().map_or_else(|| "…".to_owned(), ToString::to_string);
        format!("System > Members > API Members > {name}")
    }

    /// Whether it is something wrong, accepted or not.
    #[must_use]
    pub const fn is_finding(&self) -> bool {
        matches!(self.status, Status::Fail | Status::Waived)
    }

    /// Whether it is a finding that can fail the run: not accepted, and not in the baseline already.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.status == Status::Fail && self.baseline != Some(Since::Unchanged)
    }

    /// What findings are sorted by, so that no order of input reaches a writer.
    #[must_use]
    pub fn order(&self) -> impl Ord + '_ {
        (
            self.check,
            self.role.as_ref().map(|role| role.id),
            self.integration_id(),
            self.member.as_ref().map(|member| member.id),
            self.function.as_ref(),
            (self.verb, self.table.as_deref(), self.dataset, self.login.as_ref()),
            (self.status, self.fingerprint),
        )
    }
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
