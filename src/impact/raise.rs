//! The ways by which a key gets more than its role says.

use super::Reach;
use crate::model::{Level, Verb};
use crate::rules::Catalog;

/// One way to more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raise {
    /// `Module / Function`.
    pub function: String,
    /// The verbs that open it, with their levels.
    pub verbs: Vec<(Verb, Level)>,
    /// What can be done with it.
    pub how: &'static str,
    /// What to look at afterwards.
    pub check: &'static str,
}

struct Way {
    module: &'static str,
    function: &'static str,
    verbs: &'static [Verb],
    how: &'static str,
    check: &'static str,
}

const WAYS: [Way; 7] = [
    Way {
        module: "System",
        function: "Security Roles",
        verbs: &[Verb::Add, Verb::Edit],
        how: "set any role, its own included, to everything. No call of the public API is known to change a role's levels; the right is there all the same",
        check: "System > Security Roles: open every role that you did not change yourself, and see who updated it last",
    },
    Way {
        module: "System",
        function: "Member Maintenance",
        verbs: &[Verb::Add],
        how: "make a member of its own with any role, which stays when this key is gone",
        check: "System > Members, and API Members: look for members that you did not make",
    },
    Way {
        module: "System",
        function: "Member Maintenance",
        verbs: &[Verb::Edit],
        how: "give itself or any other member a stronger role, Admin included",
        check: "System > Members, and API Members: look for members with another role than before, and for those that were inactive",
    },
    Way {
        module: "System",
        function: "Manage Hosted API",
        verbs: &[Verb::Add, Verb::Edit],
        how: "put a page of its own into the screens of signed-in members, who may type or approve things there",
        check: "System > Setup Tables > General / Manage Hosted API: look for addresses that are not yours",
    },
    Way {
        module: "System",
        function: "Table Setup",
        verbs: &[Verb::Add, Verb::Edit],
        how: "make or change an integrator login (a user name and password that work beside keys) or a workflow rule, unless the customise list leaves these tables out, which cannot be seen from here",
        check: "System > Setup Tables: General / Integrator Login and General / Workflow Rules: look for entries that you did not make",
    },
    Way {
        module: "System",
        function: "Custom Menu Entry",
        verbs: &[Verb::Add, Verb::Edit],
        how: "put links into everybody's menu",
        check: "Look at the menus for links that you did not make",
    },
    Way {
        module: "Companies",
        function: "Configuration - Display Passwords",
        verbs: &[Verb::Inquire, Verb::Edit],
        how: "read the passwords in configuration records, and so get into customers' own systems",
        check: "Change every password that is kept in configuration records, the customers' most exposed systems first",
    },
];

/// The ways that these grants open.
pub(super) fn ways(reach: &[Reach], catalog: &Catalog) -> Vec<Raise> {
    let open = WAYS.iter().filter_map(|way| {
        let module = catalog.find_module(way.module)?;
        let id = catalog.find_function(module, way.function)?;
        let reach = reach.iter().find(|reach| reach.id == Some(id))?;
        let level = |verb: &Verb| Some((*verb, reach.level(*verb).filter(|level| *level > Level::None)?));
        let verbs: Vec<_> = way.verbs.iter().filter_map(level).collect();
        (!verbs.is_empty()).then(|| Raise {
            function: catalog.full_name(id),
            verbs,
            how: way.how,
            check: way.check,
        })
    });
    open.collect()
}

#[cfg(test)]
mod tests {
    use super::WAYS;
    use crate::model::Severity;
    use crate::rules::built_in_catalog;

    #[test]
    fn every_way_is_a_function_of_the_catalog_and_every_critical_grant_is_a_way() {
        let catalog = built_in_catalog().expect("the catalog is sound");
        let mut ways = Vec::new();
        for way in &WAYS {
            let module = catalog.find_module(way.module).expect("a module");
            let id = catalog.find_function(module, way.function).expect("a function");
            ways.extend(way.verbs.iter().map(|verb| (id, *verb)));
        }
        for (id, function) in catalog.functions() {
            for verb in crate::model::Verb::ALL {
                if function.sensitivity.of(verb) == Severity::Critical {
                    assert!(ways.contains(&(id, verb)), "{} {verb}", catalog.full_name(id));
                }
            }
        }
    }
}
