//! The checklist: what to click for one integration, numbered, in the order of the PSA's screens. The steps are
//! those of the plan, and no others.

mod fresh;
mod numbered;
mod remove;
mod ticket;

use std::io::{self, Write};
use std::sync::Arc;

use crate::audit::{Kind, Left, Plan, Step};
use crate::checks::{CheckId, Finding, Status};
use crate::model::{FunctionRef, Level, RoleId, RoleRef, Tenant, Verb};
use crate::rules::{Catalog, FunctionId, Lookup, RuleFile};
use crate::term::text::{count, printable};
use crate::term::{GridRow, Page, Style};

pub(crate) use fresh::write as write_new;
pub(crate) use remove::write as write_removal;

/// What to click for one integration.
#[derive(Clone, Debug)]
pub(crate) struct Checklist {
    /// Whether what is needed hangs on features that nobody named, or was not read.
    is_undecided: bool,
    steps: Vec<Step>,
    left: Vec<Left>,
    /// What somebody accepted: it is left alone.
    waived: Vec<String>,
    /// What the API does not show.
    by_hand: Vec<String>,
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
    /// The steps for an integration; with `only_missing`, those that give something back.
    pub(crate) fn of(plan: Plan, results: &[Finding], catalog: &Catalog, only_missing: bool) -> Self {
        let is_meant = |step: &Step| match step.kind {
            Kind::Restore => true,
            Kind::Cut | Kind::Separate | Kind::Remove | Kind::Disable => !only_missing,
            Kind::Tidy | Kind::Prove => false,
        };
        let mut steps: Vec<_> = plan.steps.into_iter().filter(is_meant).collect();
        for (place, step) in steps.iter_mut().enumerate() {
            step.number = place + 1;
            step.levels.sort_by_key(|change| (screen_place(&change.function, catalog), change.verb));
        }
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
            rows: rows.collect(),
            left: if only_missing { Vec::new() } else { plan.left },
            waived: if only_missing { Vec::new() } else { waived(results) },
            by_hand: if only_missing { Vec::new() } else { by_hand(results) },
            is_undecided: results.iter().any(is_undecided),
            steps,
        }
    }

    /// Whether it is not known what the integration needs.
    pub(crate) const fn is_undecided(&self) -> bool {
        self.is_undecided
    }

    /// Whether there is nothing to click.
    pub(crate) fn is_empty(&self) -> bool {
        self.steps.is_empty()
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
        if self.steps.is_empty() && (self.is_undecided || !self.left.is_empty()) {
            page.heading(&format!("{title}: no step is known to be safe; decide first what is listed below"));
        } else if self.steps.is_empty() {
            page.heading(&format!("{title}: nothing to change"));
        } else {
            page.heading(&format!("{title}: {}, in this order", count(self.steps.len(), "step")));
            page.paragraph("First, so that you can go back: leastwise snapshot -o before.json");
        }
        for step in &self.steps {
            write_step(&mut page, step);
        }
        list(&mut page, "Left alone: somebody accepted it", "-", &self.waived);
        let left: Vec<_> = self.left.iter().map(left_sentence).collect();
        list(&mut page, "Left for you", "-", &left);
        list(&mut page, "Look in the PSA: the API does not show it", "[ ]", &self.by_hand);
        if !self.steps.is_empty() {
            ticket::write(&mut page, &self.steps, &tenant.id.to_string());
        }
        out.write_all(page.into_text().as_bytes())
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
        after.push(("held by".to_owned(), others.join(", ")));
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

fn by_hand(results: &[Finding]) -> Vec<String> {
    let is_look = |finding: &&Finding| {
        matches!(finding.status, Status::Manual | Status::Unknown)
            && matches!(
                finding.check,
                CheckId::MissingPermission | CheckId::MissingTable | CheckId::ExcessiveTable
            )
    };
    let mut lines: Vec<_> = results
        .iter()
        .filter(is_look)
        .map(|finding| finding.fix().unwrap_or_else(|| finding.message()))
        .collect();
    lines.dedup();
    lines
}

/// Where a function is on the role screen; what the catalog does not know comes last.
fn screen_place(function: &FunctionRef, catalog: &Catalog) -> FunctionId {
    catalog.find(function).unwrap_or(FunctionId(usize::MAX))
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
