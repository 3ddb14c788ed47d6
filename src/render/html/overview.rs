//! The top: whose data, how old, how each integration stands, and what could not be checked.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::power::Power;
use crate::audit::Screen;
use crate::checks::{Outcome, Since, Status};
use crate::model::Severity;
use crate::render::{Report, RulesUsed, Summary, TenantReport, words};
use crate::term::text::{count, count_days};

pub(super) struct Overview<'r> {
    /// Where the data came from and how old it is.
    pub(super) source: String,
    /// How many findings there are of each severity, the worst first.
    pub(super) severities: Vec<(Severity, usize)>,
    pub(super) unknown: usize,
    pub(super) manual: usize,
    pub(super) waived: usize,
    pub(super) verdicts: Vec<Verdict<'r>>,
    pub(super) since: Option<SinceBaseline<'r>>,
    pub(super) untold: Vec<Untold<'r>>,
    pub(super) by_hand: Vec<&'r Outcome>,
}

/// What changed since the baseline.
pub(super) struct SinceBaseline<'r> {
    pub(super) path: &'r str,
    pub(super) age: String,
    pub(super) new: Vec<&'r Outcome>,
    pub(super) resolved: Vec<&'r Outcome>,
    pub(super) unchanged: usize,
}

impl<'r> SinceBaseline<'r> {
    fn of(tenant: &'r TenantReport) -> Option<Self> {
        let baseline = tenant.baseline.as_ref()?;
        let are =
            |since: Since| tenant.outcomes.iter().filter(|outcome| outcome.baseline == Some(since)).collect();
        Some(Self {
            path: &baseline.path,
            age: count_days(baseline.age_days),
            new: are(Since::New),
            resolved: are(Since::Resolved),
            unchanged: tenant.count_since(Since::Unchanged),
        })
    }
}

/// How one integration stands.
pub(super) struct Verdict<'r> {
    pub(super) rules: &'r RulesUsed,
    pub(super) standing: Standing,
    /// Screens of the roles that serve it.
    pub(super) screens: Vec<&'r Screen>,
    /// Findings that name the integration, beside its grants.
    pub(super) others: usize,
}

/// A verdict, the worst that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its role has everything.
    Admin,
    /// Grants are missing, and so many are beyond need.
    Narrow { missing: usize, beyond: usize },
    /// So many grants are beyond need.
    Wide { beyond: usize },
    /// Something could not be told.
    Untold { unknown: usize },
    /// No role serves it.
    Absent,
    /// What it needs depends on what it is used for.
    Undecided,
    /// Exactly what it needs.
    Exact,
}

impl Standing {
    /// For the style sheet.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Narrow { .. } => "missing",
            Self::Wide { .. } => "beyond",
            Self::Untold { .. } | Self::Absent | Self::Undecided => "unknown",
            Self::Exact => "equal",
        }
    }

    pub(super) fn sentence(self) -> String {
        let beyond_need = |beyond| format!("{} beyond need", count(beyond, "grant"));
        match self {
            Self::Admin => "on an admin role".to_owned(),
            Self::Narrow { missing, beyond: 0 } => format!("lacks {}", count(missing, "grant")),
            Self::Narrow { missing, beyond } => {
                format!("lacks {}; {}", count(missing, "grant"), beyond_need(beyond))
            }
            Self::Wide { beyond } => beyond_need(beyond),
            Self::Untold { unknown } => format!("cannot be told: {unknown} unknown"),
            Self::Absent => "no role serves it".to_owned(),
            Self::Undecided => "cannot be told: no binding says which features are in use".to_owned(),
            Self::Exact => "has exactly what it needs".to_owned(),
        }
    }
}

/// A sentence that several checks say.
pub(super) struct Untold<'r> {
    pub(super) message: &'r str,
    pub(super) fix: Option<&'r str>,
    pub(super) checks: Vec<&'r str>,
}

impl<'r> Overview<'r> {
    pub(super) fn of(report: &'r Report, tenant: &'r TenantReport) -> Self {
        let summary = Summary::of(&tenant.outcomes);
        let of = |status| summary.by_status.get(&status).copied().unwrap_or_default();
        Self {
            source: source(tenant, report.as_of),
            severities: summary
                .by_severity
                .iter()
                .rev()
                .map(|(severity, number)| (*severity, *number))
                .collect(),
            unknown: of(Status::Unknown),
            manual: of(Status::Manual),
            waived: of(Status::Waived),
            verdicts: tenant.rules.iter().map(|rules| Verdict::of(tenant, rules)).collect(),
            since: SinceBaseline::of(tenant),
            untold: untold(tenant),
            by_hand: tenant.outcomes.iter().filter(|outcome| outcome.status == Status::Manual).collect(),
        }
    }

    /// What a severity is counted as when it is said aloud.
    pub(super) fn findings(&self) -> usize {
        self.severities.iter().map(|(_, number)| number).sum()
    }
}

impl<'r> Verdict<'r> {
    fn of(tenant: &'r TenantReport, rules: &'r RulesUsed) -> Self {
        let screens: Vec<_> =
            tenant.screens.iter().filter(|screen| screen.serves.contains(&rules.id)).collect();
        let own = || tenant.outcomes.iter().filter(|outcome| outcome.integration.as_ref() == Some(&rules.id));
        let grants =
            |status| own().filter(|outcome| outcome.check == "LW101" && outcome.status == status).count();
        let missing = grants(Status::Fail);
        let beyond = screens.iter().map(|screen| Power::beyond_need(screen).grants).sum();
        let unread = screens.iter().filter(|screen| screen.lines.is_err()).count();
        let unknown = grants(Status::Unknown) + unread;
        let has_role = own().any(|outcome| outcome.role.is_some());
        let standing = if screens.iter().any(|screen| screen.admin == Some(true)) {
            Standing::Admin
        } else if missing > 0 {
            Standing::Narrow { missing, beyond }
        } else if beyond > 0 {
            Standing::Wide { beyond }
        } else if unknown > 0 {
            Standing::Untold { unknown }
        } else if !has_role {
            Standing::Absent
        } else if grants(Status::Manual) > 0 {
            Standing::Undecided
        } else {
            Standing::Exact
        };
        let others =
            own().filter(|outcome| outcome.status == Status::Fail && outcome.check != "LW101").count();
        Self { rules, standing, screens, others }
    }
}

fn source(tenant: &TenantReport, as_of: Date) -> String {
    let from = words::source(&tenant.source);
    let Some(taken_at) = tenant.source.taken_at else {
        return format!("From {from}, which could not be read.");
    };
    let days = as_of.since(taken_at.to_zoned(TimeZone::UTC).date()).map_or(0, |span| span.get_days());
    let age = match days {
        ..0 => "after the day it is judged by".to_owned(),
        0 => "on the day it is judged by".to_owned(),
        days => format!("{} before the day it is judged by", count_days(days)),
    };
    format!("From {from}, {age}.")
}

/// What was not readable or not understood: a sentence once, with the checks that say it.
fn untold(tenant: &TenantReport) -> Vec<Untold<'_>> {
    let mut all: Vec<Untold<'_>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for outcome in tenant.outcomes.iter().filter(|outcome| outcome.status == Status::Unknown) {
        let place = *places.entry(&outcome.message).or_insert(all.len());
        match all.get_mut(place) {
            Some(untold) if untold.checks.contains(&outcome.check) => {}
            Some(untold) => untold.checks.push(outcome.check),
            None => all.push(Untold {
                message: &outcome.message,
                fix: outcome.fix.as_deref(),
                checks: vec![outcome.check],
            }),
        }
    }
    all
}
