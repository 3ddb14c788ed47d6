//! What one key can do through its role: computed while the role's settings are at hand.

use std::sync::Arc;

use super::waivers::InForce;
use crate::access::{Granted, Lens, PowerRow, Rights};
use crate::checks::{Binding, BoundMember, Case, RoleCase, Seen, Status, needs_met};
use crate::model::{FunctionRef, Level, RoleId, Verb};
use crate::rules::FunctionId;

/// What a key that an integration uses can do through a role; or one that nobody accounts for.
#[derive(Clone, Debug)]
pub(super) struct KeyAccess {
    pub(super) role: RoleId,
    /// The place of the binding among all bindings; `None` for a key that nobody accounts for.
    pub(super) binding: Option<usize>,
    /// Powers by need; `None` where the role's settings could not be read.
    pub(super) powers: Option<Vec<PowerRow>>,
    /// Verbs that are below need.
    pub(super) missing: usize,
    /// Whether a needed verb was not understood or is not there.
    pub(super) undecided: bool,
    /// Verbs above what all bound integrations need together.
    pub(super) excess: usize,
    /// Those of them that somebody accepted.
    pub(super) waived: usize,
    /// Whether a verb that the PSA offers was not understood.
    pub(super) unreadable: bool,
    /// Whether the role shows a row, with a level, for everything that is needed.
    pub(super) rows_are_there: bool,
    /// Every row of a module that is needed as a whole.
    pub(super) module_rows: Vec<Arc<FunctionRef>>,
}

/// The access of each binding of a role that a member serves, and of the keys on it that nobody accounts for.
pub(super) fn of_role(case: &Case<'_>, role: &RoleCase<'_>, waivers: &InForce<'_>) -> Vec<KeyAccess> {
    let served = role.bindings.iter().filter(|binding| binding.member.is_some());
    let mut all: Vec<_> = served.map(|binding| of_binding(case, role, binding, waivers)).collect();
    let holders = case.api_holders(role.role.id).unwrap_or_default();
    if holders.iter().any(|member| !case.is_bound(member.id)) {
        all.push(of_nobody(case, role, waivers));
    }
    all
}

fn of_binding(
    case: &Case<'_>,
    role: &RoleCase<'_>,
    binding: &Binding<'_>,
    waivers: &InForce<'_>,
) -> KeyAccess {
    let is_admin = role.is_admin() == Some(true);
    let met = needs_met(case, binding, role);
    let count = |status| met.iter().filter(|own| **own == status).count();
    let excesses = role.excesses(case).ok().filter(|_| !is_admin);
    let is_waived = |function: &FunctionRef, verb| waivers.excess(&role.reference(), function, verb);
    let above = excesses.map(|all| all.above.as_slice()).unwrap_or_default();
    let known = !binding.is_undecided() && !binding.rules.asks_admin();
    KeyAccess {
        role: role.role.id,
        binding: Some(binding.index),
        powers: powers(case, role, Some(binding), waivers),
        missing: count(Status::Fail),
        undecided: !is_admin && (!known || count(Status::Unknown) > 0),
        excess: above.len(),
        waived: above.iter().filter(|excess| is_waived(&excess.function, excess.verb)).count(),
        unreadable: excesses.is_some_and(|all| all.not_understood().next().is_some()),
        rows_are_there: role.rights.as_ref().is_ok_and(|rights| rows_are_there(case, binding, rights)),
        module_rows: role
            .rights
            .as_ref()
            .map(|rights| module_rows(case, binding, rights))
            .unwrap_or_default(),
    }
}

fn of_nobody(case: &Case<'_>, role: &RoleCase<'_>, waivers: &InForce<'_>) -> KeyAccess {
    let rights = role.rights.as_ref().ok();
    let rows = rights.iter().flat_map(|rights| rights.known.values().chain(rights.unknown.values()));
    let gives = |row: &crate::access::Row<'_>| {
        Verb::ALL.iter().filter(|verb| row.grant(**verb).is_some_and(|grant| *grant > Level::None)).count()
    };
    KeyAccess {
        role: role.role.id,
        binding: None,
        powers: powers(case, role, None, waivers),
        missing: 0,
        undecided: true,
        excess: rows.map(gives).sum(),
        waived: 0,
        unreadable: false,
        rows_are_there: false,
        module_rows: Vec::new(),
    }
}

fn powers(
    case: &Case<'_>,
    role: &RoleCase<'_>,
    binding: Option<&Binding<'_>>,
    waivers: &InForce<'_>,
) -> Option<Vec<PowerRow>> {
    let seen = match case.seen(role) {
        Seen::Valid(seen, _) => Some(seen),
        Seen::Lapsed(_) | Seen::Nothing => None,
    };
    let reference = role.reference();
    let allows = |id: FunctionId, table: &str| {
        let list = case.catalog().function(id).customize.as_deref()?;
        seen?.rules_on(list, table, true).map(|ruling| ruling.allowed)
    };
    let lens = Lens {
        catalog: case.catalog(),
        needs: binding.map(|binding| &binding.requirements),
        is_waived: &|id, verb| binding.is_some() && waivers.excess(&reference, &case.function(id), verb),
        allows: &allows,
    };
    if role.is_admin() == Some(true) {
        let member = binding.and_then(|binding| binding.member.as_ref()).map(BoundMember::reference);
        return Some(lens.of_admin(member.is_some_and(|member| waivers.admin(&member, &reference))));
    }
    role.rights.as_ref().ok().map(|rights| lens.of_role(rights))
}

/// Whether a new role could be given everything that is needed: a level is shown for each of it.
fn rows_are_there(case: &Case<'_>, binding: &Binding<'_>, rights: &Rights<'_>) -> bool {
    let shows = |id: FunctionId, verb| Granted::of(rights.known.get(&id), verb).level().is_some();
    let functions =
        binding.requirements.functions().all(|(id, verb, need)| need.level == Level::None || shows(id, verb));
    functions
        && binding.requirements.modules().all(|(module, ..)| {
            rights.of_module(module, case.catalog()).next().is_some()
                || rights.unknown_of(module, case.catalog()).next().is_some()
        })
}

/// The rows of modules that are needed as a whole, as the PSA names them.
fn module_rows(case: &Case<'_>, binding: &Binding<'_>, rights: &Rights<'_>) -> Vec<Arc<FunctionRef>> {
    let mut modules: Vec<_> = binding.requirements.modules().map(|(module, ..)| module).collect();
    modules.dedup();
    let known =
        |module| rights.of_module(module, case.catalog()).map(|id| case.function(id)).collect::<Vec<_>>();
    let unknown = |module| {
        rights.unknown_of(module, case.catalog()).map(crate::access::Row::function).collect::<Vec<_>>()
    };
    modules.into_iter().flat_map(|module| known(module).into_iter().chain(unknown(module))).collect()
}
