//! What the vendor asks for against what the member's role has, function by function and verb by verb.

use std::fmt::{self, Write};

use super::Scope;
use crate::access::{Requirements, Rights, Row};
use crate::doctor::Doctor;
use crate::doctor::facts::{Answer, Facts, Opener};
use crate::model::{Grant, Level, Verb};
use crate::rules::FunctionId;
use crate::term::escape::markdown;
use crate::term::text::count;

/// How one verb stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell<'g> {
    /// Neither asked for, nor anything to show.
    Blank,
    /// What is asked for is there.
    Met(Level),
    /// Less is there than is asked for.
    Lacking(Level, Has<'g>),
    /// Something is there that is not asked for, or more of it.
    Beyond(Level),
}

/// What the role has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Has<'g> {
    Grant(&'g Grant),
    /// Rows that disagree.
    Several,
    NoRow,
}

impl fmt::Display for Has<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grant(Grant::Level(level)) => level.fmt(f),
            Self::Grant(Grant::NotOffered) => f.write_str("no such level (null)"),
            // The PSA's own word is the tenant's matter.
            Self::Grant(Grant::Unknown(_)) => f.write_str("a word that leastwise does not know"),
            Self::Grant(Grant::Absent) => f.write_str("nothing: the level was not sent"),
            Self::Several => f.write_str("several rows that disagree"),
            Self::NoRow => f.write_str("no such row"),
        }
    }
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => Ok(()),
            Self::Met(level) => level.fmt(f),
            Self::Lacking(asked, has) => write!(f, "**asked {asked}, has {has}**"),
            Self::Beyond(level) => write!(f, "(has {level})"),
        }
    }
}

/// Writes the tables.
pub(super) fn write(text: &mut String, facts: &Facts, doctor: &Doctor<'_>, scope: Scope) -> fmt::Result {
    writeln!(text, "\n## Asked for, and there\n")?;
    let rights = facts.rights.as_ref().and_then(|rights| rights.as_ref().ok());
    let Some(settings) = rights else {
        return writeln!(text, "The member's permissions were not read.");
    };
    let catalog = &doctor.library.catalog;
    let (rights, needs) = (Rights::new(settings, catalog), doctor.requirements());
    writeln!(text, "| function | Add | Edit | Delete | Inquire |\n|---|---|---|---|---|")?;
    let mut lacking = 0;
    for (id, _) in catalog.functions() {
        let row = rights.known.get(&id);
        let cells = Verb::ALL.map(|verb| cell(id, verb, row, &needs, doctor, scope));
        if cells.iter().all(|cell| *cell == Cell::Blank) {
            continue;
        }
        lacking += cells.iter().filter(|cell| matches!(cell, Cell::Lacking(..))).count();
        let cells = cells.map(|cell| cell.to_string());
        writeln!(text, "| {} | {} |", markdown(&catalog.full_name(id)), cells.join(" | "))?;
    }
    match lacking {
        0 => writeln!(text, "\nEverything that is asked for is there.")?,
        _ => writeln!(text, "\n{} below what is asked for.", count(lacking, "level"))?,
    }
    tables(text, facts, scope)
}

fn cell<'g>(
    id: FunctionId,
    verb: Verb,
    row: Option<&Row<'g>>,
    needs: &Requirements,
    doctor: &Doctor<'_>,
    scope: Scope,
) -> Cell<'g> {
    let module = doctor.library.catalog.function(id).module;
    // A need of a whole module asks nothing of a row that the tenant does not have.
    let own = needs.functions().any(|(own, own_verb, _)| own == id && own_verb == verb);
    let asked = if own || row.is_some() { needs.level(id, module, verb) } else { Level::None };
    let has = match row.map(|row| row.grant(verb)) {
        None => Has::NoRow,
        Some(None) => Has::Several,
        Some(Some(grant)) => Has::Grant(grant),
    };
    match (asked, has) {
        (Level::None, Has::Grant(Grant::Level(level))) if scope.all && *level > Level::None => {
            Cell::Beyond(*level)
        }
        (Level::None, _) => Cell::Blank,
        (asked, Has::Grant(Grant::Level(level))) if *level >= asked => Cell::Met(asked),
        (asked, has) => Cell::Lacking(asked, has),
    }
}

/// The tables of Table Setup that are needed, by how their endpoints answered.
fn tables(text: &mut String, facts: &Facts, scope: Scope) -> fmt::Result {
    let of_table = |probe: &'_ crate::doctor::Probe| match &probe.opened_by {
        Opener::Table(table) if probe.needed || scope.all => {
            Some((table.clone(), probe.needed, probe.answer.clone()))
        }
        _ => None,
    };
    let rows: Vec<_> = facts.probes.iter().filter_map(of_table).collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n| table of System / Table Setup | asked for | |\n|---|---|---|")?;
    for (table, needed, answer) in rows {
        let says = match answer {
            Answer::Rows | Answer::Empty => "allowed (200)",
            Answer::Refused if needed => "**refused (403)**",
            Answer::Refused => "refused (403)",
            Answer::Trouble(_) => "unknown",
        };
        writeln!(text, "| {} | {} | {says} |", markdown(&table), if needed { "yes" } else { "no" })?;
    }
    Ok(())
}
