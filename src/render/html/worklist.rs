//! The work list: findings as things to do, those first that take most power away for each click.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::power::{Power, cells, weight};
use crate::audit::PermissionMatrix;
use crate::model::CheckId;

use crate::checks::{Finding, Since, Status};
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
    pub(super) check: CheckId,
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
    pub(super) finding: &'r Finding,
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
        let waived = tenant.results.iter().filter(|finding| finding.status == Status::Waived);
        let waived = waived
            .map(|finding| Waived {
                finding,
                subject: subject(finding),
                accepted: finding.waiver.as_ref().map(sentence).unwrap_or_default(),
            })
            .collect();
        Self { tasks, waived }
    }
}

impl Task {
    fn of(finding: &Finding) -> Self {
        let subject = subject(finding);
        let title = if subject.is_empty() {
            capital(&finding.message())
        } else {
            format!("{} ({subject})", capital(&finding.message()))
        };
        Self {
            anchor: String::new(),
            severity: finding.severity,
            check: finding.check,
            title,
            is_new: finding.baseline == Some(Since::New),
            path: finding.fix().as_deref().map(capital).unwrap_or_default(),
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

fn screen(tenant: &TenantReport, role: Option<RoleId>) -> Option<&PermissionMatrix> {
    let role = role?;
    tenant.matrices.iter().find(|screen| screen.role.id == role)
}

/// Roles that are better replaced than trimmed: one with everything, and one far beyond need.
fn replacements(tenant: &TenantReport) -> Vec<Task> {
    let replaced = tenant.findings().filter(|finding| is_replaced(finding));
    replaced
        .map(|finding| {
            let mut task = Task::of(finding);
            if let Some(screen) = screen(tenant, finding.role.as_ref().map(|role| role.id)) {
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

fn is_replaced(finding: &Finding) -> bool {
    matches!(finding.check, CheckId::AdminRole | CheckId::WideRole)
}

/// "Companies / Company Maintenance: Add All, Edit All", for every function that is needed.
fn needs(screen: &PermissionMatrix) -> Vec<String> {
    let lines = screen.rows.iter().flatten();
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
        .filter(|finding| is_replaced(finding))
        .filter_map(|finding| finding.role.as_ref())
        .collect();
    let mut trims: BTreeMap<(&RoleRef, Severity), Vec<&Finding>> = BTreeMap::new();
    for finding in tenant.findings().filter(|finding| finding.check == CheckId::ExcessivePermission) {
        if let Some(role) = finding.role.as_ref().filter(|role| !replaced.contains(role)) {
            trims.entry((role, finding.severity)).or_default().push(finding);
        }
    }
    trims
        .into_iter()
        .filter_map(|((role, severity), results)| {
            let grants = count(results.len(), "grant");
            let mut task = on_screen(role, &results)?;
            task.title = format!("Take {grants} of {severity} severity from role {}", role.name);
            task.removes = Power { grants: results.len(), weight: results.len() * weight(severity) };
            Some(task)
        })
        .collect()
}

/// Grants that an integration lacks.
fn additions(tenant: &TenantReport) -> Vec<Task> {
    let mut additions: BTreeMap<(&RoleRef, Option<&str>), Vec<&Finding>> = BTreeMap::new();
    for finding in tenant.findings().filter(|finding| finding.check == CheckId::MissingPermission) {
        if let Some(role) = &finding.role {
            additions.entry((role, finding.integration_id())).or_default().push(finding);
        }
    }
    additions
        .into_iter()
        .filter_map(|((role, integration), results)| {
            let grants = count(results.len(), "grant");
            let integration = integration.unwrap_or("its integration");
            let mut task = on_screen(role, &results)?;
            task.title = format!("Give role {} the {grants} that {integration} lacks", role.name);
            Some(task)
        })
        .collect()
}

/// Levels to set on one role's screen.
fn on_screen(role: &RoleRef, results: &[&Finding]) -> Option<Task> {
    let mut lines: BTreeMap<&FunctionRef, Vec<String>> = BTreeMap::new();
    for finding in results {
        if let (Some(function), Some(verb)) = (&finding.function, finding.verb) {
            let level = |level: &Option<String>| level.clone().unwrap_or_default();
            lines.entry(function).or_default().push(format!(
                "{} {} → {}",
                verb.title(),
                level(&finding.actual()),
                level(&finding.required())
            ));
        }
    }
    let first = results.first()?;
    Some(Task {
        is_new: are_new(results),
        severity: results.iter().map(|finding| finding.severity).max()?,
        path: format!("System > Security Roles > {}: set these levels, then Save", role.name),
        heading: "Levels",
        steps: lines
            .into_iter()
            .map(|(function, levels)| format!("{function}: {}", levels.join(", ")))
            .collect(),
        clicks: OPEN_AND_SAVE + results.len(),
        ..Task::of(first)
    })
}

/// Everything else: one by one, or as a list where a check says the same of many.
fn others(tenant: &TenantReport) -> Vec<Task> {
    let mut checks: BTreeMap<(CheckId, Severity), Vec<&Finding>> = BTreeMap::new();
    let rest = tenant.findings().filter(|finding| {
        !matches!(finding.check, CheckId::MissingPermission | CheckId::ExcessivePermission)
            && !is_replaced(finding)
    });
    for finding in rest {
        checks.entry((finding.check, finding.severity)).or_default().push(finding);
    }
    let tasks = checks.into_values().flat_map(|results| {
        if results.len() <= ONE_BY_ONE {
            results.into_iter().map(|finding| alone(tenant, finding)).collect()
        } else {
            together(&results).into_iter().collect::<Vec<_>>()
        }
    });
    tasks.collect()
}

fn alone(tenant: &TenantReport, finding: &Finding) -> Task {
    let mut task = Task::of(finding);
    // A member that is set inactive takes with it what its role grants.
    if matches!(finding.check, CheckId::StaleMember | CheckId::DuplicateMember | CheckId::UnboundMember) {
        let member = finding.member.as_ref().map(|member| member.id);
        let held = tenant
            .matrices
            .iter()
            .find(|screen| screen.holders.iter().any(|holder| Some(holder.id) == member));
        task.removes = held.map(Power::granted).unwrap_or_default();
        task.clicks = MEMBER;
    }
    task
}

fn are_new(results: &[&Finding]) -> bool {
    results.iter().any(|finding| finding.baseline == Some(Since::New))
}

/// A sentence that stands alone begins with a capital.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn together(results: &[&Finding]) -> Option<Task> {
    let first = results.first()?;
    let summary = first.check.check().summary;
    let one_fix_for_all = results.iter().all(|finding| finding.fix() == first.fix());
    let step = |finding: &&Finding| match &finding.fix() {
        Some(fix) if !one_fix_for_all => capital(fix),
        _ => subject(finding),
    };
    Some(Task {
        is_new: are_new(results),
        title: format!("{} times: {summary}", results.len()),
        path: first.fix().filter(|_| one_fix_for_all).map(|fix| capital(&fix)).unwrap_or_default(),
        heading: if one_fix_for_all { "Answers on" } else { "Clicks" },
        steps: results.iter().map(step).collect(),
        clicks: OPEN_AND_SAVE * results.len(),
        ..Task::of(first)
    })
}
