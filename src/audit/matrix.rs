//! A role's permissions as the PSA's screen shows them: every function with what the role gives and what is
//! needed, and who holds the role.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::access::{self, Compared, Granted, Requirements};
use crate::checks::{Case, RoleCase};
use crate::model::{
    ApiMember, FunctionRef, Gap, Level, MemberRef, Name, RoleId, RoleRef, RoleUpdate, Severity, Verb,
};
use crate::rules::{FunctionId, ModuleId};

/// The matrix of a role that an API member holds.
#[derive(Clone, Debug)]
pub struct PermissionMatrix {
    /// The role.
    pub role: Arc<RoleRef>,
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
    /// Every function in the order of the matrix, or why the settings could not be read.
    pub rows: Result<Vec<Row>, Gap>,
}

/// An API member that holds a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Which.
    pub member: MemberRef,
    /// Whether it is active; `None` where the PSA did not say.
    pub active: Option<bool>,
}

/// One function of a role.
#[derive(Clone, Debug)]
pub struct Row {
    /// The module that it is listed under.
    pub module: Name,
    /// The function, as findings name it.
    pub function: Arc<FunctionRef>,
    /// Its verbs, in the order of the matrix.
    pub cells: [Cell; 4],
}

/// One verb of a function.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What the role gives.
    pub granted: Granted,
    /// What the integrations need; `None` where that is not known.
    pub required: Option<Level>,
    /// How much the permission exposes.
    pub sensitivity: Severity,
}

impl Cell {
    /// How the two compare; `None` where it is not known what is needed.
    #[must_use]
    pub fn compared(&self) -> Option<Compared> {
        Some(self.granted.compare(self.required?))
    }

    /// Whether more is given than is needed, as far as both are known.
    #[must_use]
    pub fn is_excess(&self) -> bool {
        matches!(self.compared(), Some(Compared::Excess(_)))
    }

    /// Whether anything is given.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.granted.level().is_some_and(|level| level > Level::None)
    }
}

/// A role whose matrix is not shown.
#[derive(Clone, Debug)]
pub struct OtherRole {
    /// The role.
    pub role: Arc<RoleRef>,
    /// Whether an API member holds it, so that it was left out by what was asked.
    pub is_held: bool,
}

impl PermissionMatrix {
    /// The matrix of a role that is judged; `None` where no API member is known to hold it.
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
            rows: rows(case, role),
        })
    }
}

/// The roles that have no matrix among these.
pub(super) fn others(case: &Case<'_>, matrices: &[PermissionMatrix]) -> Vec<OtherRole> {
    let shown: BTreeSet<_> = matrices.iter().map(|matrix| matrix.role.id).collect();
    let roles = case.roles().unwrap_or_default().iter();
    roles
        .filter(|role| !shown.contains(&role.id))
        .map(|role| OtherRole {
            role: RoleRef::shared(role),
            is_held: holders(case, role.id).next().is_some(),
        })
        .collect()
}

impl From<&ApiMember> for Holder {
    fn from(member: &ApiMember) -> Self {
        Self { member: member.into(), active: member.active }
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

fn rows(case: &Case<'_>, role: &RoleCase<'_>) -> Result<Vec<Row>, Gap> {
    let rights = role.rights()?;
    let is_known = role.serves_an_integration()
        && role.bindings.iter().all(|binding| !binding.is_undecided() && !binding.rules.asks_admin());
    let needs = is_known.then_some(&role.needs);
    let needed = role.needs.functions().map(|(id, ..)| id);
    let ids: BTreeSet<FunctionId> = rights.known.keys().copied().chain(needed).collect();
    let known = ids.into_iter().map(|id| {
        let module = case.catalog().function(id).module;
        (Some(module), row(case, needs, id, rights.known.get(&id)))
    });
    let unknown = rights.unknown.values().map(|own| {
        let module = case.catalog().find_module(&own.function().module);
        (module, unknown_row(case, needs, module, own))
    });
    let mut rows: Vec<_> = known.chain(unknown).collect();
    // Modules in the order of the matrix; what the catalog does not know comes last.
    rows.sort_by_key(|(module, _)| (module.is_none(), *module));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

fn row(case: &Case<'_>, needs: Option<&Requirements>, id: FunctionId, own: Option<&access::Row<'_>>) -> Row {
    let function = case.catalog().function(id);
    let cell = |verb| Cell {
        granted: Granted::of(own, verb),
        required: needs.map(|needs| needs.level(id, function.module, verb)),
        sensitivity: function.sensitivity.of(verb),
    };
    Row {
        module: case.catalog().module_name(function.module).into(),
        function: case.function(id),
        cells: Verb::ALL.map(cell),
    }
}

/// A row that the catalog does not know: only a need of its whole module can cover it.
fn unknown_row(
    case: &Case<'_>,
    needs: Option<&Requirements>,
    module: Option<ModuleId>,
    own: &access::Row<'_>,
) -> Row {
    let required =
        |verb| needs.map(|needs| module.map_or(Level::None, |module| needs.module_level(module, verb)));
    let cell = |verb| Cell {
        granted: Granted::of(Some(own), verb),
        required: required(verb),
        sensitivity: Severity::default(),
    };
    let function = own.function();
    Row {
        module: module.map_or_else(
            || Name::clone(&function.module),
            |module| case.catalog().module_name(module).into(),
        ),
        function,
        cells: Verb::ALL.map(cell),
    }
}
