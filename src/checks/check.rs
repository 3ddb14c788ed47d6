//! A check: what is said of it, and what it is applied to.

use super::applied::Applied;
use super::binding::{Binding, BoundMember, Integration};
use super::case::{Case, RoleCase};
use super::finding::{Answer, Finding, Subject};
use crate::embedded;
use crate::model::{ApiMember, CheckId, DatasetName, Gap, Role, Severity, TenantId};

/// What a check answers about one subject: nothing (a pass), something, or that data is missing.
pub type Answers = Result<Vec<Answer>, Gap>;

/// One check.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something else of a check, and none follows from another"
)]
pub struct Check {
    /// Its number, such as `LW101`. Never reused.
    pub id: CheckId,
    /// Stable kebab-case name, such as `missing-permission`.
    pub name: &'static str,
    /// Severity of its findings, unless the finding or the config says otherwise.
    pub severity: Severity,
    /// What it fails on, in a sentence without a full stop.
    pub summary: &'static str,
    /// What a pass says, in a sentence without a full stop.
    pub clear: &'static str,
    /// The datasets that it cannot do without.
    pub data: &'static [DatasetName],
    /// What it looks at, and how.
    pub run: Run,
    /// Whether it judges single permissions, which means nothing for a role that has them all.
    pub judges_permissions: bool,
    /// Whether its findings differ in severity.
    pub varies: bool,
    /// Whether a finding is about who holds something, so that another holder is another finding, and a waiver
    /// has to name the member or the login.
    pub of_holder: bool,
    /// Whether a waiver can accept its findings.
    pub can_be_waived: bool,
    /// The controls of standards that it speaks for.
    pub controls: &'static [&'static str],
}

/// The controls of least privilege: what a role gives.
const LEAST_PRIVILEGE: &[&str] =
    &["CIS v8 6.8", "NIST 800-53 AC-6", "SOC 2 CC6.3", "ISO 27001 A.8.2", "EU 2024/2690 11.2"];

/// The controls of accounts: who holds what, and whether it is still wanted.
const ACCOUNTS: &[&str] =
    &["CIS v8 5.1", "CIS v8 5.3", "NIST 800-53 AC-2", "SOC 2 CC6.3", "ISO 27001 A.5.18", "EU 2024/2690 11.2"];

/// The controls of administrators and of roles as a whole.
const ADMINISTRATORS: &[&str] =
    &["CIS v8 5.4", "NIST 800-53 AC-6", "SOC 2 CC6.3", "ISO 27001 A.8.2", "EU 2024/2690 11.2"];

impl Check {
    /// Its page in `docs/checks/`.
    #[must_use]
    pub fn page(&self) -> &'static str {
        let number = self.id.as_str().to_lowercase();
        embedded::text(&format!("docs/checks/{number}-{}.md", self.name))
    }

    /// What an answer of it about a subject comes to.
    #[must_use]
    pub fn finding(&self, tenant: &TenantId, subject: &Subject, answer: Answer) -> Finding {
        Finding::new(tenant, (self.id, self.severity), subject, answer)
    }

    /// What every check has unless it says otherwise.
    pub(super) const PLAIN: Self = Self {
        id: CheckId::CollectionIncomplete,
        name: "",
        severity: Severity::Info,
        summary: "",
        clear: "",
        data: &[],
        run: Run::Tenant(|_| Ok(Vec::new())),
        judges_permissions: false,
        varies: false,
        of_holder: false,
        can_be_waived: true,
        controls: &[],
    };

    /// A check of single permissions of a role.
    pub(super) const OF_PERMISSIONS: Self =
        Self { judges_permissions: true, controls: LEAST_PRIVILEGE, ..Self::PLAIN };

    /// A check of a role as a whole.
    pub(super) const OF_ROLE: Self = Self { controls: ADMINISTRATORS, ..Self::PLAIN };

    /// A check of an integration.
    pub(super) const OF_INTEGRATION: Self = Self { controls: ACCOUNTS, ..Self::PLAIN };

    /// A check of a member.
    pub(super) const OF_MEMBER: Self = Self { controls: ACCOUNTS, of_holder: true, ..Self::PLAIN };

    /// A check of the run itself.
    pub(super) const OF_TENANT: Self = Self::PLAIN;
}

/// What a check is applied to.
#[derive(Clone, Copy, Debug)]
pub enum Run {
    /// The tenant, once.
    Tenant(fn(&Case<'_>) -> Answers),
    /// Each integration that is judged.
    Integration(fn(&Case<'_>, &Integration<'_>) -> Answers),
    /// Each member that serves an integration that is judged.
    Bound(fn(&Case<'_>, &Binding<'_>, &BoundMember<'_>) -> Answers),
    /// Each API member.
    Member(fn(&Case<'_>, &ApiMember) -> Answers),
    /// Each role of the tenant, whoever holds it; its settings are not at hand.
    AnyRole(fn(&Case<'_>, &Role) -> Answers),
    /// Each role that is judged, with its settings.
    Role(fn(&Case<'_>, &RoleCase<'_>) -> Answers),
    /// Each role that is judged, with its settings, but saying something of the tenant.
    Settings(fn(&Case<'_>, &RoleCase<'_>) -> Answers),
    /// Each integration with each role that serves it.
    Permissions(fn(&Case<'_>, &Binding<'_>, &RoleCase<'_>) -> Answers),
    /// Each waiver, once everything else has been judged and the waivers were applied.
    Waiver(fn(&Case<'_>, &Applied<'_>) -> Answers),
}
