//! A role's screen, as the PSA shows it: every function with what it grants and what is needed, and
//! who holds the role.

use std::collections::BTreeSet;

use crate::access::{Requirements, Row};
use crate::checks::{Case, RoleCase};
use crate::model::{
    ApiMember, FunctionRef, Gap, Grant, Level, MemberId, Name, RoleId, RoleRef, RoleUpdate, Severity, Verb,
};
use crate::rules::{FunctionId, ModuleId};

/// The screen of a role that an API member holds.
#[derive(Clone, Debug)]
pub struct Screen {
    /// The role.
    pub role: RoleRef,
    /// Whether it has everything; `None` where the PSA did not say.
    pub admin: Option<bool>,
    /// Whether it is active; `None` where the PSA did not say.
    pub active: Option<bool>,
    /// Who last changed it and when, where the PSA says so.
    pub updated: Option<RoleUpdate>,
    /// The API members that hold it.
    pub holders: Vec<Holder>,
    /// How many active people hold it; `None` where that could not be read.
    pub people: Option<usize>,
    /// Ids of the rule files whose needs count.
    pub serves: Vec<String>,
    /// Every function in the order of the screen, or why the settings could not be read.
    pub lines: Result<Vec<Line>, Gap>,
}

/// An API member that holds a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its id.
    pub id: MemberId,
    /// Its "Member ID".
    pub identifier: Name,
    /// Whether it is active; `None` where the PSA did not say.
    pub active: Option<bool>,
}

/// One function of a screen.
#[derive(Clone, Debug)]
pub struct Line {
    /// The module that it stands under.
    pub module: String,
    /// The function, as outcomes name it.
    pub function: FunctionRef,
    /// Its verbs, in the order of the screen.
    pub cells: [Cell; 4],
}

/// One verb of a function.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What is granted; `None` where two rows disagree.
    pub actual: Option<Grant>,
    /// What the integrations need; `None` where that is not known.
    pub required: Option<Level>,
    /// How much the grant exposes.
    pub sensitivity: Severity,
}

impl Cell {
    /// Whether more is granted than is needed, as far as both are known.
    #[must_use]
    pub fn is_beyond_need(&self) -> bool {
        match (&self.actual, self.required) {
            (Some(actual), Some(required)) => *actual > required,
            _ => false,
        }
    }

    /// Whether less is granted than is needed, as far as both are known.
    #[must_use]
    pub fn falls_short(&self) -> bool {
        match (&self.actual, self.required) {
            (Some(actual), Some(required)) => *actual < required,
            _ => false,
        }
    }
}

/// A role whose screen is not shown.
#[derive(Clone, Debug)]
pub struct OtherRole {
    /// The role.
    pub role: RoleRef,
    /// Whether an API member holds it, so that it was left out by what was asked.
    pub is_held: bool,
}

impl Screen {
    /// The screen of a role that is judged; `None` where no API member is known to hold it.
    pub(super) fn of(case: &Case<'_>, role: &RoleCase<'_>) -> Option<Self> {
        let holders: Vec<_> = holders(case, role.role.id).map(Holder::from).collect();
        if holders.is_empty() {
            return None;
        }
        let serves: BTreeSet<_> = role.bindings.iter().map(|binding| binding.rules.id.clone()).collect();
        Some(Self {
            role: role.reference(),
            admin: role.is_admin(),
            active: role.role.active,
            updated: role.role.updated.clone(),
            holders,
            people: people(case, role.role.id),
            serves: serves.into_iter().collect(),
            lines: lines(case, role),
        })
    }

    /// The roles that have no screen among these.
    pub(super) fn others(case: &Case<'_>, screens: &[Self]) -> Vec<OtherRole> {
        let shown: BTreeSet<_> = screens.iter().map(|screen| screen.role.id).collect();
        let roles = case.roles().unwrap_or_default().iter();
        roles
            .filter(|role| !shown.contains(&role.id))
            .map(|role| OtherRole { role: role.into(), is_held: holders(case, role.id).next().is_some() })
            .collect()
    }
}

impl From<&ApiMember> for Holder {
    fn from(member: &ApiMember) -> Self {
        Self { id: member.id, identifier: Name::clone(&member.identifier), active: member.active }
    }
}

fn holders<'c>(case: &Case<'c>, role: RoleId) -> impl Iterator<Item = &'c ApiMember> {
    case.api_holders(role).unwrap_or_default().iter().copied()
}

fn people(case: &Case<'_>, role: RoleId) -> Option<usize> {
    let members = case.all_holders(role).ok()?.iter();
    let serving = members.filter(|member| member.active == Some(true) && member.is_person() == Some(true));
    Some(serving.count())
}

fn lines(case: &Case<'_>, role: &RoleCase<'_>) -> Result<Vec<Line>, Gap> {
    let rights = role.rights()?;
    let is_known =
        role.serves_an_integration() && role.bindings.iter().all(|binding| !binding.requirements.is_empty());
    let needs = is_known.then_some(&role.needs);
    let needed = role.needs.functions().map(|(id, ..)| id);
    let ids: BTreeSet<FunctionId> = rights.known.keys().copied().chain(needed).collect();
    let known = ids.into_iter().map(|id| {
        let module = case.catalog().function(id).module;
        (Some(module), line(case, needs, id, rights.known.get(&id)))
    });
    let unknown = rights.unknown.values().map(|row| {
        let module = case.catalog().find_module(&row.function().module);
        (module, unknown_line(case, needs, module, row))
    });
    let mut lines: Vec<_> = known.chain(unknown).collect();
    // Modules in the order of the screen; what the catalog does not know comes last.
    lines.sort_by_key(|(module, _)| (module.is_none(), *module));
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

fn line(case: &Case<'_>, needs: Option<&Requirements>, id: FunctionId, row: Option<&Row<'_>>) -> Line {
    let function = case.catalog().function(id);
    let cell = |verb| Cell {
        actual: row.map_or(Some(Grant::Absent), |row| row.grant(verb).cloned()),
        required: needs.map(|needs| needs.level(id, function.module, verb)),
        sensitivity: function.sensitivity.of(verb),
    };
    Line {
        module: case.catalog().module_name(function.module).to_owned(),
        function: case.function(id),
        cells: Verb::ALL.map(cell),
    }
}

/// A row that the catalog does not know: only a need of its whole module can cover it.
fn unknown_line(
    case: &Case<'_>,
    needs: Option<&Requirements>,
    module: Option<ModuleId>,
    row: &Row<'_>,
) -> Line {
    let required =
        |verb| needs.map(|needs| module.map_or(Level::None, |module| needs.module_level(module, verb)));
    let cell = |verb| Cell {
        actual: row.grant(verb).cloned(),
        required: required(verb),
        sensitivity: Severity::default(),
    };
    let function = row.function();
    Line {
        module: module
            .map_or_else(|| function.module.clone(), |module| case.catalog().module_name(module).to_owned()),
        function,
        cells: Verb::ALL.map(cell),
    }
}
