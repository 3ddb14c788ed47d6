//! The roll-up: how many tenants stand how, integration by integration, and which could not be read and
//! why. The same whether it is counted from an audit or from the saved reports of its shards.

use std::collections::{BTreeMap, BTreeSet};

use super::TenantReport;
use crate::checks::{Outcome, Status};
use crate::model::Severity;
use crate::term::Page;
use crate::term::text::{count, join_few};

/// Findings below this leave an integration in order.
const MATTERS: Severity = Severity::Medium;

/// So many rows of a list stand on the first screen, and so many reasons, which are longer.
const ROWS: usize = 4;
const REASONS: usize = 3;

/// So many tenants are named beside one reason.
const NAMED: usize = 6;

/// A tenant, as far as it counts here.
pub(crate) struct Counted<'r> {
    pub(crate) name: &'r str,
    /// Why it could not be read at all.
    pub(crate) failure: Option<&'r str>,
    pub(crate) is_complete: bool,
    /// Ids of the rule files that it was judged by.
    pub(crate) integrations: Vec<&'r str>,
    pub(crate) results: Vec<CountedResult<'r>>,
}

/// A result, as far as it counts here.
#[derive(Clone, Copy)]
pub(crate) struct CountedResult<'r> {
    pub(crate) check: &'r str,
    pub(crate) status: Status,
    pub(crate) severity: Severity,
    pub(crate) integration: Option<&'r str>,
    pub(crate) role: Option<i64>,
}

impl<'r> From<&'r TenantReport> for Counted<'r> {
    fn from(tenant: &'r TenantReport) -> Self {
        Self {
            name: &tenant.name,
            failure: tenant.failure.as_deref(),
            is_complete: tenant.is_complete(),
            integrations: tenant.rules.iter().map(|rules| rules.id.as_str()).collect(),
            results: tenant.outcomes.iter().map(CountedResult::from).collect(),
        }
    }
}

impl<'r> From<&'r Outcome> for CountedResult<'r> {
    fn from(outcome: &'r Outcome) -> Self {
        Self {
            check: outcome.check,
            status: outcome.status,
            severity: outcome.severity,
            integration: outcome.integration.as_deref(),
            role: outcome.role.as_ref().map(|role| role.id.0),
        }
    }
}

/// How an integration stands in one tenant: the worst that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// Nothing is off.
    Ok,
    /// It lacks grants.
    Missing,
    /// Its role has more than it needs.
    Excessive,
    /// Neither role nor member was found for it.
    NotFound,
    /// Something else is off.
    Other,
    /// It cannot be told.
    Unknown,
    /// The tenant could not be read.
    Unread,
}

impl Standing {
    pub(crate) const ALL: [Self; 7] =
        [Self::Ok, Self::Missing, Self::Excessive, Self::NotFound, Self::Other, Self::Unknown, Self::Unread];

    /// For JSON.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Missing => "missing",
            Self::Excessive => "excessive",
            Self::NotFound => "not_found",
            Self::Other => "other",
            Self::Unknown => "unknown",
            Self::Unread => "unread",
        }
    }

    /// For people, after a number of tenants.
    const fn words(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Missing => "missing grants",
            Self::Excessive => "beyond need",
            Self::NotFound => "not found",
            Self::Other => "with other findings",
            Self::Unknown => "cannot be told",
            Self::Unread => "could not be read",
        }
    }

    fn of(id: &str, tenant: &Counted<'_>) -> Self {
        if tenant.failure.is_some() {
            return Self::Unread;
        }
        let names_it = |result: &&CountedResult<'_>| result.integration == Some(id);
        let roles: BTreeSet<i64> =
            tenant.results.iter().filter(names_it).filter_map(|result| result.role).collect();
        let mut worst = Self::Ok;
        for result in &tenant.results {
            let own = result.integration == Some(id);
            let of_its_role =
                result.integration.is_none() && result.role.is_some_and(|role| roles.contains(&role));
            if let Some(found) = Self::by(result, own, of_its_role) {
                worst = if worst == Self::Ok { found } else { worst.min(found) };
            }
        }
        worst
    }

    /// What one result says of an integration that it names, or of one that its role serves.
    fn by(result: &CountedResult<'_>, own: bool, of_its_role: bool) -> Option<Self> {
        if !own && !of_its_role {
            return None;
        }
        match (result.status, result.check) {
            (Status::Unknown, _) => Some(Self::Unknown),
            (Status::Fail, _) if result.severity < MATTERS => None,
            (Status::Fail, "LW101") => Some(Self::Missing),
            (Status::Fail, "LW102" | "LW104" | "LW201" | "LW206") => Some(Self::Excessive),
            (Status::Fail, "LW203" | "LW301") => Some(Self::NotFound),
            (Status::Fail, _) => Some(Self::Other),
            _ => None,
        }
    }
}

/// How many tenants stand how with one integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OfIntegration {
    pub(crate) id: String,
    pub(crate) tenants: BTreeMap<Standing, usize>,
}

impl OfIntegration {
    pub(crate) fn of(&self, standing: Standing) -> usize {
        self.tenants.get(&standing).copied().unwrap_or_default()
    }

    /// "7 ok, 2 missing grants, 1 could not be read".
    pub(crate) fn sentence(&self) -> String {
        let told: Vec<_> = Standing::ALL
            .into_iter()
            .filter(|standing| self.of(*standing) > 0)
            .map(|standing| format!("{} {}", self.of(standing), standing.words()))
            .collect();
        told.join(", ")
    }

    /// What mends most comes first.
    fn urgency(&self) -> impl Ord + use<> {
        let off = self.of(Standing::Excessive) + self.of(Standing::NotFound) + self.of(Standing::Other);
        std::cmp::Reverse((self.of(Standing::Missing), off, self.of(Standing::Unknown)))
    }
}

/// A tenant that could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unread {
    pub(crate) tenant: String,
    pub(crate) failure: String,
}

/// How one tenant stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stand {
    tenant: String,
    failure: Option<String>,
    is_complete: bool,
    /// By the ids of the rule files that it was judged by.
    integrations: BTreeMap<String, Standing>,
    /// Its findings, the worst first.
    by_severity: [usize; Severity::ALL.len()],
}

impl Stand {
    pub(crate) fn of(tenant: &Counted<'_>) -> Self {
        let mut by_severity = [0; Severity::ALL.len()];
        for result in tenant.results.iter().filter(|result| result.status == Status::Fail) {
            by_severity[Severity::Critical as usize - result.severity as usize] += 1;
        }
        let standing = |id: &&str| ((*id).to_owned(), Standing::of(id, tenant));
        Self {
            tenant: tenant.name.to_owned(),
            failure: tenant.failure.map(str::to_owned),
            is_complete: tenant.is_complete,
            integrations: tenant.integrations.iter().map(standing).collect(),
            by_severity,
        }
    }

    /// How it stands with an integration; `None` where it is not judged by that. A tenant that could not
    /// be read may have any, unless its bindings say which.
    fn with(&self, id: &str) -> Option<Standing> {
        let may_have_any = self.failure.is_some() && self.integrations.is_empty();
        self.integrations.get(id).copied().or_else(|| may_have_any.then_some(Standing::Unread))
    }

    fn unread(&self) -> Option<Unread> {
        Some(Unread { tenant: self.tenant.clone(), failure: self.failure.clone()? })
    }

    /// The severities that matter, the worst first.
    fn mattering(&self) -> impl Iterator<Item = (Severity, usize)> {
        let all = Severity::ALL.into_iter().rev().zip(self.by_severity);
        all.filter(|(severity, number)| *severity >= MATTERS && *number > 0)
    }

    /// Nothing is known to be off, and everything could be read.
    fn is_in_order(&self) -> bool {
        self.is_complete && self.mattering().next().is_none()
    }

    fn sentence(&self) -> String {
        let mut told: Vec<_> =
            self.mattering().map(|(severity, number)| format!("{number} {severity}")).collect();
        if !self.is_complete {
            told.push("read in part".to_owned());
        }
        told.join(", ")
    }
}

/// How many tenants stand how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RollUp {
    pub(crate) tenants: usize,
    /// Read, but not everything.
    pub(crate) in_part: usize,
    /// In order of name.
    pub(crate) unread: Vec<Unread>,
    /// In order of id.
    pub(crate) integrations: Vec<OfIntegration>,
    /// In order of name.
    found: Vec<Stand>,
}

impl RollUp {
    pub(crate) fn of<'s>(tenants: impl IntoIterator<Item = &'s Stand>) -> Self {
        let mut tenants: Vec<_> = tenants.into_iter().collect();
        tenants.sort_by(|one, two| one.tenant.cmp(&two.tenant));
        let ids: BTreeSet<&String> = tenants.iter().flat_map(|tenant| tenant.integrations.keys()).collect();
        let integration = |id: &String| {
            let mut standings = BTreeMap::new();
            for standing in tenants.iter().filter_map(|tenant| tenant.with(id)) {
                *standings.entry(standing).or_default() += 1;
            }
            OfIntegration { id: id.clone(), tenants: standings }
        };
        let mut unread: Vec<_> = tenants.iter().filter_map(|tenant| tenant.unread()).collect();
        unread.sort();
        let read = || tenants.iter().copied().filter(|tenant| tenant.failure.is_none());
        Self {
            tenants: tenants.len(),
            in_part: read().filter(|tenant| !tenant.is_complete).count(),
            unread,
            integrations: ids.into_iter().map(integration).collect(),
            found: read().cloned().collect(),
        }
    }

    /// "10 tenants: 7 read in full, 1 in part, 2 could not be read".
    pub(crate) fn headline(&self) -> String {
        if self.tenants == 0 {
            return "no tenant falls into this shard".to_owned();
        }
        let mut parts = vec![format!("{} read in full", self.tenants - self.in_part - self.unread.len())];
        if self.in_part > 0 {
            parts.push(format!("{} in part", self.in_part));
        }
        if !self.unread.is_empty() {
            parts.push(format!("{} could not be read", self.unread.len()));
        }
        format!("{}: {}", count(self.tenants, "tenant"), parts.join(", "))
    }

    /// The tenants that could not be read: each reason once, with those that have it.
    pub(crate) fn reasons(&self) -> Vec<(String, Vec<&str>)> {
        let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for unread in &self.unread {
            reasons.entry(&unread.failure).or_default().push(&unread.tenant);
        }
        let mut reasons: Vec<_> =
            reasons.into_iter().map(|(reason, tenants)| (reason.to_owned(), tenants)).collect();
        reasons.sort_by_key(|(_, tenants)| (std::cmp::Reverse(tenants.len()), tenants.first().copied()));
        reasons
    }

    /// The same in sentences: "acme, bravo and 3 more: the key was refused".
    pub(crate) fn failures(&self) -> Vec<String> {
        let reasons = self.reasons().into_iter();
        reasons.map(|(reason, names)| format!("{}: {reason}", join_few(&names, NAMED))).collect()
    }

    /// The integrations, those that need most first.
    pub(crate) fn by_urgency(&self) -> Vec<&OfIntegration> {
        let mut integrations: Vec<_> = self.integrations.iter().collect();
        integrations.sort_by_key(|own| own.urgency());
        integrations
    }

    /// The tenants that are not in order, the worst first: "9 critical, 98 high, 10 medium".
    pub(crate) fn worst(&self) -> Vec<(&str, String)> {
        let mut found: Vec<_> = self.found.iter().filter(|found| !found.is_in_order()).collect();
        found.sort_by_key(|found| std::cmp::Reverse(found.by_severity));
        found.into_iter().map(|found| (found.tenant.as_str(), found.sentence())).collect()
    }

    /// The first screen of many tenants.
    pub(crate) fn write(&self, page: &mut Page) {
        page.heading(&self.headline());
        if !self.unread.is_empty() {
            page.blank();
            page.alarm("Could not be read: nothing is known of them");
            let rows: Vec<_> =
                self.reasons().into_iter().map(|(reason, names)| row(reason, &names)).collect();
            first(page, &rows, REASONS, "for other reasons, below");
        }
        if !self.integrations.is_empty() {
            page.blank();
            page.heading("By integration");
            let rows: Vec<_> =
                self.by_urgency().into_iter().map(|own| (own.id.clone(), own.sentence())).collect();
            first(page, &rows, ROWS, "with less to do");
        }
        if self.found.is_empty() {
            return;
        }
        let worst = self.worst();
        let clean = self.found.len() - worst.len();
        page.blank();
        page.heading("By tenant");
        let rows: Vec<_> = worst.into_iter().map(|(name, sentence)| (name.to_owned(), sentence)).collect();
        first(page, &rows, ROWS, "with less");
        if clean > 0 {
            page.note(&format!("{} with nothing of medium severity or above", count(clean, "tenant")));
        }
    }
}

/// A reason, with the tenants that have it.
fn row(reason: String, names: &[&str]) -> (String, String) {
    match names {
        [one] => ((*one).to_owned(), reason),
        several => (count(several.len(), "tenant"), format!("{}: {reason}", join_few(several, NAMED))),
    }
}

/// The first rows of a list, and how many more there are.
fn first(page: &mut Page, rows: &[(String, String)], most: usize, more: &str) {
    page.list(rows.get(..most.min(rows.len())).unwrap_or_default());
    if rows.len() > most {
        page.note(&format!("and {} more {more}", rows.len() - most));
    }
}
