//! The checklist: only the rows to change, in the order of the PSA's screen, with the clicks.

use std::io::{self, Write};

use crate::access::Requirements;
use crate::audit::Judgement;
use crate::checks::{Certainty, Outcome, Status};
use crate::model::{FunctionRef, RoleId, RoleRef, Tenant, Verb};
use crate::rules::{Catalog, FunctionId, Lookup, RuleFile};
use crate::term::text::{count, join_and, printable};
use crate::term::{GridRow, Page, Style};

/// What is to be changed in one role.
#[derive(Clone, Debug)]
pub struct Checklist {
    /// The role; `None` for one that is to be made.
    pub role: Option<RoleRef>,
    /// Levels to set.
    pub rows: Vec<Row>,
    /// What to look at by hand.
    pub by_hand: Vec<String>,
    /// Why the role is to be made anew.
    pub instead_of: Option<String>,
}

/// One level to set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The function.
    pub function: FunctionRef,
    /// The verb.
    pub verb: Verb,
    /// What it was.
    pub before: String,
    /// What to set.
    pub wanted: String,
    /// Whether it is set.
    pub done: bool,
}

/// A checklist for each role that serves the integration; `needs` are for a role that is to be made.
#[must_use]
pub fn of(judgement: &Judgement, needs: &Requirements, catalog: &Catalog) -> Vec<Checklist> {
    let about =
        |role: RoleId| move |outcome: &&Outcome| outcome.role.as_ref().is_some_and(|own| own.id == role);
    judgement
        .roles
        .iter()
        .filter_map(|&id| {
            let outcomes: Vec<_> = judgement.outcomes.iter().filter(about(id)).collect();
            let role = outcomes.first()?.role.clone();
            let failing = |check: &str| {
                outcomes.iter().find(|outcome| outcome.check == check && outcome.status == Status::Fail)
            };
            let anew = failing("LW201").or_else(|| failing("LW206"));
            Some(match anew {
                Some(why) => new_role(needs, catalog, why),
                None => Checklist {
                    role,
                    rows: rows(&outcomes, catalog),
                    by_hand: by_hand(&outcomes),
                    instead_of: None,
                },
            })
        })
        .collect()
}

fn rows(outcomes: &[&Outcome], catalog: &Catalog) -> Vec<Row> {
    let is_change = |outcome: &&&Outcome| {
        outcome.status == Status::Fail
            && (outcome.check == "LW101"
                || (outcome.check == "LW102" && outcome.certainty != Certainty::Inferred))
    };
    let mut rows: Vec<_> = outcomes
        .iter()
        .filter(is_change)
        .filter_map(|outcome| {
            Some(Row {
                function: outcome.function.clone()?,
                verb: outcome.verb?,
                before: outcome.actual.clone()?,
                wanted: outcome.required.clone()?,
                done: false,
            })
        })
        .collect();
    rows.sort_by_key(|row| (place(&row.function, catalog), row.function.clone(), row.verb));
    // What is missing for one integration may be asked for by another too.
    rows.dedup_by(|one, other| one.function == other.function && one.verb == other.verb);
    rows
}

/// Where a function stands on the role screen; what the catalog does not know stands last.
fn place(function: &FunctionRef, catalog: &Catalog) -> FunctionId {
    let id = catalog
        .find_module(&function.module)
        .and_then(|module| catalog.find_function(module, &function.function));
    id.unwrap_or(FunctionId(usize::MAX))
}

fn by_hand(outcomes: &[&Outcome]) -> Vec<String> {
    let look = outcomes.iter().filter(|outcome| {
        matches!(outcome.status, Status::Manual | Status::Unknown)
            && matches!(outcome.check, "LW101" | "LW103" | "LW104")
    });
    let refused = outcomes
        .iter()
        .filter(|outcome| outcome.status == Status::Fail && matches!(outcome.check, "LW103" | "LW104"));
    refused
        .chain(look)
        .map(|outcome| outcome.fix.clone().unwrap_or_else(|| outcome.message.clone()))
        .collect()
}

/// For a role that was not made for the integration: every row of the one to make.
fn new_role(needs: &Requirements, catalog: &Catalog, why: &Outcome) -> Checklist {
    let rows = needs.functions().map(|(id, verb, need)| {
        let function = catalog.function(id);
        Row {
            function: FunctionRef {
                module: catalog.module_name(function.module).to_owned(),
                function: function.name.clone(),
            },
            verb,
            before: "None".to_owned(),
            wanted: need.level.to_string(),
            done: false,
        }
    });
    let rows = rows.collect();
    let by_hand = needs.allow().iter().map(|(id, entries)| {
        format!(
            "{} > customize: on the left, under \"Allow Access to these\", only {}",
            catalog.full_name(*id).replace(" / ", " > "),
            join_and(&entries.iter().collect::<Vec<_>>())
        )
    });
    Checklist { role: None, rows, by_hand: by_hand.collect(), instead_of: Some(why.message.clone()) }
}

impl Checklist {
    /// How many levels are still to be set.
    #[must_use]
    pub fn left(&self) -> usize {
        self.rows.iter().filter(|row| !row.done).count()
    }

    /// Ticks off what the tenant shows as set now; returns what was ticked or unticked.
    pub fn tick(&mut self, tenant: &Tenant, catalog: &Catalog) -> Vec<Row> {
        let Some(role) = &self.role else { return Vec::new() };
        let mut moved = Vec::new();
        for row in &mut self.rows {
            let Some(now) = level(tenant, role.id, row, catalog) else { continue };
            let done = now == row.wanted;
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
    pub fn write(&self, rules: &RuleFile, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let mut page = Page::new(style);
        let what = match (&self.role, self.rows.len()) {
            (None, number) => format!("{}: make a new role with {}", rules.id, count(number, "level")),
            (Some(role), 0) => format!("{}: nothing to change in role {}", rules.id, printable(&role.name)),
            (Some(role), number) => {
                format!("{}: set {} in role {}", rules.id, count(number, "level"), printable(&role.name))
            }
        };
        page.heading(&what);
        if let Some(why) = &self.instead_of {
            page.paragraph(why);
        }
        match &self.role {
            Some(role) => page.paragraph(&format!("System > Security Roles > {}", role.name)),
            None => page.paragraph("System > Security Roles > +, and leave everything else at None"),
        }
        page.blank();
        let rows: Vec<_> = self
            .rows
            .chunk_by(|one, other| one.function == other.function)
            .map(|rows| (mark(rows), clicks(rows)))
            .collect();
        page.list(&rows);
        if !self.by_hand.is_empty() {
            page.blank();
            page.heading("By hand: the API does not show it");
            let rows: Vec<_> = self.by_hand.iter().map(|text| ("[ ]".to_owned(), text.clone())).collect();
            page.list(&rows);
        }
        if !self.rows.is_empty() {
            page.blank();
            page.paragraph("Then Save.");
        }
        out.write_all(page.into_text().as_bytes())
    }

    /// Writes before and after, for a change ticket.
    ///
    /// # Errors
    /// Whatever `out` answers.
    pub fn write_change(
        &self,
        tenant: &Tenant,
        catalog: &Catalog,
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let Some(role) = &self.role else { return Ok(()) };
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut page = Page::new(style);
        let rows = self.rows.iter().map(|row| {
            let now = level(tenant, role.id, row, catalog).unwrap_or_else(|| "not read".to_owned());
            GridRow {
                name: row.function.to_string(),
                cells: vec![row.verb.title().to_owned(), row.before.clone(), now],
            }
        });
        let change = format!("role {} ({}) of {}", role.name, role.id, tenant.id);
        page.heading("For the change ticket");
        page.grid(&["Function", "Level", "Before", "After"], &[(change, rows.collect())]);
        out.write_all(b"\n")?;
        out.write_all(page.into_text().as_bytes())
    }
}

/// "[x]" once every level of the function is set.
fn mark(rows: &[Row]) -> String {
    if rows.iter().all(|row| row.done) { "[x]".to_owned() } else { "[ ]".to_owned() }
}

/// "Service Desk > Service Tickets: Add Level None → All, Edit Level None → All".
fn clicks(rows: &[Row]) -> String {
    let levels: Vec<_> = rows
        .iter()
        .map(|row| format!("{} Level {} → {}", row.verb.title(), row.before, row.wanted))
        .collect();
    let function = rows.first().map(|row| &row.function);
    let path = function.map(|own| format!("{} > {}", own.module, own.function)).unwrap_or_default();
    format!("{path}: {}", levels.join(", "))
}

/// The level that a role has now on a row's function and verb.
fn level(tenant: &Tenant, role: RoleId, row: &Row, catalog: &Catalog) -> Option<String> {
    let wanted = catalog
        .find_module(&row.function.module)
        .and_then(|module| catalog.find_function(module, &row.function.function));
    let settings = tenant.settings_of(role).ok()?;
    let setting = settings.iter().find(|setting| match (catalog.lookup(setting), wanted) {
        (Lookup::Known(id), Some(wanted)) => id == wanted,
        (Lookup::Unknown, None) => {
            *setting.module == *row.function.module && *setting.function == *row.function.function
        }
        _ => false,
    })?;
    Some(setting.grants.of(row.verb).to_string())
}
