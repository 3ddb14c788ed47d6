//! The work list: findings as things to do, those first that take most power away for each click.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::power::{Power, cells, weight};
use crate::audit::Screen;
use crate::checks;
use crate::checks::{Outcome, Since, Status};
use crate::model::{FunctionRef, Level, RoleId, RoleRef, Severity, Verb};
use crate::render::TenantReport;
use crate::render::words::{sentence, subject};
use crate::term::text::count;

/// So many findings of one check are things to do of their own; more are one with a list.
const ONE_BY_ONE: usize = 3;

/// To open a role's screen, and to save it.
const OPEN_AND_SAVE: usize = 4;

/// To open a member, change it, and save it.
const MEMBER: usize = 4;

pub(super) struct Worklist<'r> {
    pub(super) tasks: Vec<Task>,
    pub(super) waived: Vec<Waived<'r>>,
}

/// Something to do.
pub(super) struct Task {
    /// Unique within the page, for the button that copies it.
    pub(super) anchor: String,
    pub(super) severity: Severity,
    pub(super) check: &'static str,
    pub(super) title: String,
    /// Whether the baseline lacks some of it.
    pub(super) is_new: bool,
    /// Where to click; empty where the finding names nothing to do.
    pub(super) path: String,
    /// What the steps are.
    pub(super) heading: &'static str,
    pub(super) steps: Vec<String>,
    /// What it takes away.
    pub(super) removes: Power,
    pub(super) clicks: usize,
}

/// A finding that somebody accepted.
pub(super) struct Waived<'r> {
    pub(super) outcome: &'r Outcome,
    pub(super) subject: String,
    /// Why, who, and for how long.
    pub(super) accepted: String,
}

impl<'r> Worklist<'r> {
    pub(super) fn of(anchor: &str, tenant: &'r TenantReport) -> Self {
        let mut tasks = replacements(tenant);
        tasks.extend(trims(tenant));
        tasks.extend(additions(tenant));
        tasks.extend(others(tenant));
        tasks.sort_by_key(|task| (Reverse(task.power_per_click()), Reverse(task.severity), task.check));
        for (i, task) in tasks.iter_mut().enumerate() {
            task.anchor = format!("{anchor}-do-{}", i + 1);
        }
        let waived = tenant.outcomes.iter().filter(|outcome| outcome.status == Status::Waived);
        let waived = waived
            .map(|outcome| Waived {
                outcome,
                subject: subject(outcome),
                accepted: outcome.waiver.as_ref().map(sentence).unwrap_or_default(),
            })
            .collect();
        Self { tasks, waived }
    }
}

impl Task {
    fn of(outcome: &Outcome) -> Self {
        let subject = subject(outcome);
        let title = if subject.is_empty() {
            capital(&outcome.message)
        } else {
            format!("{} ({subject})", capital(&outcome.message))
        };
        Self {
            anchor: String::new(),
            severity: outcome.severity,
            check: outcome.check,
            title,
            is_new: outcome.baseline == Some(Since::New),
            path: outcome.fix.as_deref().map(capital).unwrap_or_default(),
            heading: "",
            steps: Vec::new(),
            removes: Power::default(),
            clicks: OPEN_AND_SAVE,
        }
    }

    /// A thousandth of a click is fine enough to order by.
    const fn power_per_click(&self) -> usize {
        self.removes.weight * 1000 / self.clicks
    }

    /// "takes away 372 grants in about 24 clicks"; nothing where it takes none away.
    pub(super) fn gain(&self) -> Option<String> {
        (self.removes.grants > 0).then(|| {
            format!("takes away {} in about {} clicks", count(self.removes.grants, "grant"), self.clicks)
        })
    }
}

fn screen(tenant: &TenantReport, role: Option<RoleId>) -> Option<&Screen> {
    let role = role?;
    tenant.screens.iter().find(|screen| screen.role.id == role)
}

/// Roles that are better replaced than trimmed: one with everything, and one far beyond need.
fn replacements(tenant: &TenantReport) -> Vec<Task> {
    let replaced = tenant.findings().filter(|outcome| is_replaced(outcome));
    replaced
        .map(|outcome| {
            let mut task = Task::of(outcome);
            if let Some(screen) = screen(tenant, outcome.role.as_ref().map(|role| role.id)) {
                task.heading = "What the new role needs";
                task.steps = needs(screen);
                task.removes = Power::beyond_need(screen);
                if screen.serves.is_empty() {
                    task.removes = Power::granted(screen);
                }
                let needed = cells(screen).filter(|cell| cell.required > Some(Level::None)).count();
                task.clicks = OPEN_AND_SAVE + needed + MEMBER * screen.holders.len();
            }
            task
        })
        .collect()
}

fn is_replaced(outcome: &Outcome) -> bool {
    matches!(outcome.check, "LW201" | "LW206")
}

/// "Companies / Company Maintenance: Add All, Edit All", for every function that is needed.
fn needs(screen: &Screen) -> Vec<String> {
    let lines = screen.lines.iter().flatten();
    lines
        .filter_map(|line| {
            let levels: Vec<_> = Verb::ALL
                .into_iter()
                .zip(&line.cells)
                .filter_map(|(verb, cell)| Some((verb, cell.required.filter(|level| *level > Level::None)?)))
                .map(|(verb, level)| format!("{} {level}", verb.title()))
                .collect();
            (!levels.is_empty()).then(|| format!("{}: {}", line.function, levels.join(", ")))
        })
        .collect()
}

/// Grants beyond need, by role and severity: the screen is opened once for all of them.
fn trims(tenant: &TenantReport) -> Vec<Task> {
    let replaced: BTreeSet<_> = tenant
        .findings()
        .filter(|outcome| is_replaced(outcome))
        .filter_map(|outcome| outcome.role.as_ref())
        .collect();
    let mut trims: BTreeMap<(&RoleRef, Severity), Vec<&Outcome>> = BTreeMap::new();
    for outcome in tenant.findings().filter(|outcome| outcome.check == "LW102") {
        if let Some(role) = outcome.role.as_ref().filter(|role| !replaced.contains(role)) {
            trims.entry((role, outcome.severity)).or_default().push(outcome);
        }
    }
    trims
        .into_iter()
        .filter_map(|((role, severity), outcomes)| {
            let grants = count(outcomes.len(), "grant");
            let mut task = on_screen(role, &outcomes)?;
            task.title = format!("Take {grants} of {severity} severity from role {}", role.name);
            task.removes = Power { grants: outcomes.len(), weight: outcomes.len() * weight(severity) };
            Some(task)
        })
        .collect()
}

/// Grants that an integration lacks.
fn additions(tenant: &TenantReport) -> Vec<Task> {
    let mut additions: BTreeMap<(&RoleRef, Option<&str>), Vec<&Outcome>> = BTreeMap::new();
    for outcome in tenant.findings().filter(|outcome| outcome.check == "LW101") {
        if let Some(role) = &outcome.role {
            additions.entry((role, outcome.integration.as_deref())).or_default().push(outcome);
        }
    }
    additions
        .into_iter()
        .filter_map(|((role, integration), outcomes)| {
            let grants = count(outcomes.len(), "grant");
            let integration = integration.unwrap_or("its integration");
            let mut task = on_screen(role, &outcomes)?;
            task.title = format!("Give role {} the {grants} that {integration} lacks", role.name);
            Some(task)
        })
        .collect()
}

/// Levels to set on one role's screen.
fn on_screen(role: &RoleRef, outcomes: &[&Outcome]) -> Option<Task> {
    let mut lines: BTreeMap<&FunctionRef, Vec<String>> = BTreeMap::new();
    for outcome in outcomes {
        if let (Some(function), Some(verb)) = (&outcome.function, outcome.verb) {
            let level = |level: &Option<String>| level.clone().unwrap_or_default();
            lines.entry(function).or_default().push(format!(
                "{} {} → {}",
                verb.title(),
                level(&outcome.actual),
                level(&outcome.required)
            ));
        }
    }
    let first = outcomes.first()?;
    Some(Task {
        is_new: are_new(outcomes),
        severity: outcomes.iter().map(|outcome| outcome.severity).max()?,
        path: format!("System > Security Roles > {}: set these levels, then Save", role.name),
        heading: "Levels",
        steps: lines
            .into_iter()
            .map(|(function, levels)| format!("{function}: {}", levels.join(", ")))
            .collect(),
        clicks: OPEN_AND_SAVE + outcomes.len(),
        ..Task::of(first)
    })
}

/// Everything else: one by one, or as a list where a check says the same of many.
fn others(tenant: &TenantReport) -> Vec<Task> {
    let mut checks: BTreeMap<(&str, Severity), Vec<&Outcome>> = BTreeMap::new();
    let rest = tenant
        .findings()
        .filter(|outcome| !matches!(outcome.check, "LW101" | "LW102") && !is_replaced(outcome));
    for outcome in rest {
        checks.entry((outcome.check, outcome.severity)).or_default().push(outcome);
    }
    let tasks = checks.into_values().flat_map(|outcomes| {
        if outcomes.len() <= ONE_BY_ONE {
            outcomes.into_iter().map(|outcome| alone(tenant, outcome)).collect()
        } else {
            together(&outcomes).into_iter().collect::<Vec<_>>()
        }
    });
    tasks.collect()
}

fn alone(tenant: &TenantReport, outcome: &Outcome) -> Task {
    let mut task = Task::of(outcome);
    // A member that is set inactive takes with it what its role grants.
    if matches!(outcome.check, "LW304" | "LW308" | "LW309") {
        let member = outcome.member.as_ref().map(|member| member.id);
        let held = tenant
            .screens
            .iter()
            .find(|screen| screen.holders.iter().any(|holder| Some(holder.id) == member));
        task.removes = held.map(Power::granted).unwrap_or_default();
        task.clicks = MEMBER;
    }
    task
}

fn are_new(outcomes: &[&Outcome]) -> bool {
    outcomes.iter().any(|outcome| outcome.baseline == Some(Since::New))
}

/// A sentence that stands alone begins with a capital.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn together(outcomes: &[&Outcome]) -> Option<Task> {
    let first = outcomes.first()?;
    let summary = checks::find(first.check).map_or(first.name, |check| check.summary);
    let one_fix_for_all = outcomes.iter().all(|outcome| outcome.fix == first.fix);
    let step = |outcome: &&Outcome| match &outcome.fix {
        Some(fix) if !one_fix_for_all => capital(fix),
        _ => subject(outcome),
    };
    Some(Task {
        is_new: are_new(outcomes),
        title: format!("{} times: {summary}", outcomes.len()),
        path: first.fix.as_deref().filter(|_| one_fix_for_all).map(capital).unwrap_or_default(),
        heading: if one_fix_for_all { "Found on" } else { "Clicks" },
        steps: outcomes.iter().map(step).collect(),
        clicks: OPEN_AND_SAVE * outcomes.len(),
        ..Task::of(first)
    })
}
