//! The checklist: what to click for one integration, numbered, in the order of the PSA's screens. The steps are
//! those of the plan, and no others.

mod fresh;
mod numbered;
mod remove;
mod ticket;

use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::Arc;

use crate::audit::{Kind, Left, Plan, Reason, Step, What};
use crate::checks::{CheckId, Finding, Fingerprint, Status};
use crate::model::{FunctionRef, Level, RoleId, RoleRef, Severity, Tenant, Verb};
use crate::rules::{Catalog, Lookup, RuleFile};
use crate::term::text::{count, printable};
use crate::term::{GridRow, Page, Style};

pub(crate) use fresh::write as write_new;
pub(crate) use remove::write as write_removal;

/// What to click for one integration.
#[derive(Clone, Debug)]
pub(crate) struct Checklist {
    /// Whether only what is missing was asked for.
    only_missing: bool,
    /// Whether what is needed hangs on features that nobody named, or was not read.
    is_undecided: bool,
    /// Whether an audit of the same integration has findings: something to click, or to decide.
    has_findings: bool,
    steps: Vec<Step>,
    /// What else the audit has open, a line each.
    others: Vec<String>,
    left: Vec<Left>,
    /// What somebody accepted: it is left alone.
    waived: Vec<String>,
    /// What the API does not show.
    to_look_at: Vec<String>,
    /// The levels of roles that are there, to be ticked off.
    rows: Vec<Row>,
}

/// One level to set in a role that is there.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) role: Arc<RoleRef>,
    pub(crate) function: Arc<FunctionRef>,
    pub(crate) verb: Verb,
    before: Level,
    pub(crate) wanted: Level,
    done: bool,
}

fn is_undecided(finding: &Finding) -> bool {
    finding.check == CheckId::MissingPermission && matches!(finding.status, Status::Unknown | Status::Manual)
}

impl Row {
    /// Whether it is set.
    pub(crate) const fn is_done(&self) -> bool {
        self.done
    }
}

impl Checklist {
    /// The steps for an integration, with the numbers that its audit gives them; with `only_missing`, those that
    /// give something back.
    pub(crate) fn of(plan: Plan, results: &[Finding], only_missing: bool) -> Self {
        let is_meant = |step: &Step| match step.kind {
            Kind::Restore => true,
            Kind::Cut | Kind::Separate | Kind::Remove | Kind::Disable | Kind::Tidy => !only_missing,
            Kind::Prove => false,
        };
        let Plan { steps, left } = plan;
        let meant: Vec<_> = steps.into_iter().filter(is_meant).collect();
        let left = if only_missing { Vec::new() } else { left };
        let has_findings = has_findings(results, &meant, &left);
        let others = meant.iter().filter_map(other).collect();
        let steps: Vec<_> = meant.into_iter().filter(|step| other(step).is_none()).collect();
        let of_roles = steps.iter().filter(|step| step.kind != Kind::Separate);
        let rows = of_roles.flat_map(|step| {
            step.levels.iter().filter_map(|change| {
                Some(Row {
                    role: step.role.clone()?,
                    function: change.function.clone(),
                    verb: change.verb,
                    before: change.from,
                    wanted: change.to,
                    done: false,
                })
            })
        });
        Self {
            only_missing,
            rows: rows.collect(),
            waived: if only_missing { Vec::new() } else { waived(results) },
            to_look_at: if only_missing {
                Vec::new()
            } else {
                to_look_at(results, &moved_from(&steps, &left))
            },
            is_undecided: results.iter().any(is_undecided),
            has_findings,
            steps,
            others,
            left,
        }
    }

    /// Whether it is not known what the integration needs.
    pub(crate) const fn is_undecided(&self) -> bool {
        self.is_undecided
    }

    /// Whether something is to be clicked, or to be decided.
    pub(crate) const fn has_findings(&self) -> bool {
        self.has_findings
    }

    /// Whether there is something to click.
    pub(crate) fn has_steps(&self) -> bool {
        !self.steps.is_empty()
    }

    /// Whether a step makes a role.
    pub(crate) fn makes_a_role(&self) -> bool {
        self.steps.iter().any(|step| step.kind == Kind::Separate)
    }

    /// The roles whose levels can be watched.
    pub(crate) fn roles(&self) -> Vec<RoleId> {
        let mut roles: Vec<_> = self.rows.iter().map(|row| row.role.id).collect();
        roles.sort();
        roles.dedup();
        roles
    }

    /// How many levels are still to be set in roles that are there.
    pub(crate) fn still_to_set(&self) -> usize {
        self.rows.iter().filter(|row| !row.done).count()
    }

    /// Ticks off what the tenant shows as set now; returns what was ticked or unticked.
    pub(crate) fn tick(&mut self, tenant: &Tenant, catalog: &Catalog) -> Vec<Row> {
        let mut moved = Vec::new();
        for row in &mut self.rows {
            let Some(now) = level(tenant, row, catalog) else { continue };
            let done = now == row.wanted.as_str();
            if done != row.done {
                row.done = done;
                moved.push(row.clone());
            }
        }
        moved
    }

    /// Writes what is to be done.
    ///
    /// # Errors
    /// Whatever `out` answers.
    pub(crate) fn write(
        &self,
        rules: &RuleFile,
        tenant: &Tenant,
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut page = Page::new(style);
        let title = format!("{} ({})", rules.title(), rules.id);
        if self.steps.is_empty() {
            page.heading(&format!("{title}: {}", self.without_steps()));
        } else {
            page.heading(&format!("{title}: {}, in this order", count(self.steps.len(), "step")));
            page.paragraph("First, so that you can go back: leastwise snapshot -o before.json");
        }
        for step in &self.steps {
            write_step(&mut page, step);
        }
        list(&mut page, "Left alone: somebody accepted it", "-", &self.waived);
        list(&mut page, "Also open in the audit", "[ ]", &self.others);
        let left: Vec<_> = self.left.iter().map(left_sentence).collect();
        list(&mut page, "Without a step", "-", &left);
        list(&mut page, "Look in the PSA: the API does not show it", "[ ]", &self.to_look_at);
        if !self.steps.is_empty() {
            ticket::write(&mut page, &self.steps, tenant);
        }
        out.write_all(page.into_text().as_bytes())
    }

    /// What is said where there is nothing to click.
    fn without_steps(&self) -> &'static str {
        let is_open = |left: &Left| left.reason != Reason::Accepted;
        if self.is_undecided || self.left.iter().any(is_open) {
            "no step is known to be safe; decide first what is listed below"
        } else if self.only_missing {
            "nothing is missing"
        } else if !self.others.is_empty() {
            "no step; look at what is listed below"
        } else if self.to_look_at.is_empty() {
            "nothing to change"
        } else {
            "nothing to change, as far as the API shows"
        }
    }

    /// Writes before and after, once the levels are set.
    ///
    /// # Errors
    /// Whatever `out` answers.
    pub(crate) fn write_change(
        &self,
        tenant: &Tenant,
        catalog: &Catalog,
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut page = Page::new(style);
        for rows in self.rows.chunk_by(|one, other| one.role == other.role) {
            let Some(first) = rows.first() else { continue };
            let row = |row: &Row| GridRow {
                name: row.function.to_string(),
                cells: vec![
                    row.verb.title().to_owned(),
                    row.before.to_string(),
                    level(tenant, row, catalog).unwrap_or_else(|| "not read".to_owned()),
                ],
            };
            let change = format!("role {} ({}) of {}", first.role.name, first.role.id, tenant.id);
            page.blank();
            page.heading("Done, for the change ticket");
            page.grid(&["Function", "Level", "Before", "After"], &[(change, rows.iter().map(row).collect())]);
        }
        out.write_all(b"\n")?;
        out.write_all(page.into_text().as_bytes())
    }
}

fn write_step(page: &mut Page, step: &Step) {
    page.blank();
    let ask = if step.decision { " You decide first." } else { "" };
    page.heading(&format!("{}. {}", step.number, step.title()));
    page.paragraph(&format!("{}{ask}", step.why()));
    let rows: Vec<_> = step.clicks().into_iter().map(|click| ("[ ]".to_owned(), click)).collect();
    page.list(&rows);
    let mut after = Vec::new();
    after.extend(step.test().map(|test| ("test".to_owned(), test)));
    after.extend(step.undo().map(|undo| ("undo".to_owned(), undo)));
    after.extend(step.not_undoable().map(|what| ("cannot be undone".to_owned(), what)));
    if step.affects.len() > 1 {
        let others: Vec<_> = step.affects.iter().map(ToString::to_string).collect();
        after.push((format!("these {}", step.others()), others.join(", ")));
    }
    page.list(&after);
}

fn list(page: &mut Page, heading: &str, mark: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    page.blank();
    page.heading(heading);
    page.list(&lines.iter().map(|line| (mark.to_owned(), line.clone())).collect::<Vec<_>>());
}

/// What a check found many times is no step of its own here.
fn other(step: &Step) -> Option<String> {
    match &step.what {
        What::Others { summary, fixes } if fixes.is_empty() => Some(summary.clone()),
        What::Others { summary, fixes } => Some(format!("{summary}: {}", fixes.join("; "))),
        _ => None,
    }
}

fn left_sentence(left: &Left) -> String {
    let member = left.member.as_ref().map(ToString::to_string);
    let role = left.role.as_ref().map(|role| format!("role {role}"));
    let who: Vec<_> = [member, role].into_iter().flatten().collect();
    if who.is_empty() { left.reason.to_string() } else { format!("{}: {}", who.join(", "), left.reason) }
}

/// "Service Desk / Close Service Tickets edit: waived by secops until 2027-02-26: CHG-1042".
fn waived(results: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| {
        let waiver = finding.waiver.as_ref()?;
        let function = finding.function.as_ref().map(ToString::to_string).unwrap_or_default();
        let verb = finding.verb.map(|verb| verb.to_string()).unwrap_or_default();
        let what = if function.is_empty() { finding.message() } else { format!("{function} {verb}") };
        Some(format!("{what}: waived by {} until {}: {}", waiver.owner, waiver.expires, waiver.reason))
    };
    results.iter().filter_map(line).map(|line| printable(&line)).collect()
}

/// The roles that the steps make a member leave, where nobody else stays of whom something is said here.
fn moved_from(steps: &[Step], left: &[Left]) -> HashSet<RoleId> {
    let of = |role: &Option<Arc<RoleRef>>| role.as_ref().map(|role| role.id);
    let kept: HashSet<_> = left.iter().filter_map(|left| of(&left.role)).collect();
    let moved = steps.iter().filter(|step| step.kind == Kind::Separate).filter_map(|step| of(&step.role));
    moved.filter(|role| !kept.contains(role)).collect()
}

/// What only the role screen shows: nothing of a role that the steps leave, and no list of which a vendor names no
/// entries, since there is nothing to do about it.
fn to_look_at(results: &[Finding], moved_from: &HashSet<RoleId>) -> Vec<String> {
    const CHECKS: [CheckId; 3] = [CheckId::MissingPermission, CheckId::MissingTable, CheckId::ExcessiveTable];
    let is_look = |finding: &&Finding| {
        CHECKS.contains(&finding.check)
            && !finding.leaves_list()
            && matches!(finding.status, Status::Manual | Status::Unknown)
            && finding.role.as_ref().is_none_or(|role| !moved_from.contains(&role.id))
    };
    let mut lines: Vec<_> = results
        .iter()
        .filter(is_look)
        .map(|finding| finding.fix().unwrap_or_else(|| finding.message()))
        .collect();
    lines.dedup();
    lines
}

/// Whether an audit of the same integration, at the severity that counts by default, has findings that are listed
/// here.
fn has_findings(results: &[Finding], steps: &[Step], left: &[Left]) -> bool {
    let is_click = |step: &Step| step.kind != Kind::Tidy;
    let counts = |finding: &&Finding| finding.counts() && finding.severity >= Severity::default();
    let count: HashSet<Fingerprint> =
        results.iter().filter(counts).map(|finding| finding.fingerprint).collect();
    let listed = steps.iter().map(|step| &step.findings).chain(left.iter().map(|left| &left.findings));
    steps.iter().any(is_click) || listed.flatten().any(|fingerprint| count.contains(fingerprint))
}

/// The level that a role has now on a row's function and verb.
fn level(tenant: &Tenant, row: &Row, catalog: &Catalog) -> Option<String> {
    let wanted = catalog.find(&row.function);
    let settings = tenant.settings_of(row.role.id).ok()?;
    let setting = settings.iter().find(|setting| match (catalog.lookup(setting), wanted) {
        (Lookup::Known(id), Some(wanted)) => id == wanted,
        (Lookup::Unknown, None) => {
            *setting.module == *row.function.module && *setting.function == *row.function.function
        }
        _ => false,
    })?;
    Some(setting.grants.of(row.verb).to_string())
}
