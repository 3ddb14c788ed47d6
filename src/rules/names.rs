//! Which integrations a name is one of: the names of every rule file's `match`, folded once.

use std::collections::{BTreeSet, HashMap};

use super::rule_file::RuleFile;
use crate::model::fold_name;

/// The ids of the rule files that match each folded name.
#[derive(Debug, Default)]
pub struct Names {
    roles: Index,
    members: Index,
    logins: Index,
}

type Index = HashMap<String, BTreeSet<String>>;

/// What a name is a name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameOf {
    /// A security role.
    Role,
    /// A member: its identifier or its name.
    Member,
    /// An integrator login.
    Login,
}

impl Names {
    pub(super) fn of<'r>(all: impl Iterator<Item = &'r RuleFile>) -> Self {
        let mut names = Self::default();
        for rules in all {
            let own = &rules.matches;
            let lists = [
                (&mut names.roles, &own.roles),
                (&mut names.members, &own.members),
                (&mut names.logins, &own.logins),
            ];
            for (index, list) in lists {
                // A name of nothing but signs is nobody's.
                for name in list.iter().map(|name| fold_name(name)).filter(|name| !name.is_empty()) {
                    index.entry(name).or_default().insert(rules.id.clone());
                }
            }
        }
        names
    }

    const fn index(&self, kind: NameOf) -> &Index {
        match kind {
            NameOf::Role => &self.roles,
            NameOf::Member => &self.members,
            NameOf::Login => &self.logins,
        }
    }

    /// The rule files that match a folded name, in order of id.
    pub fn matching(&self, kind: NameOf, folded: &str) -> impl Iterator<Item = &str> {
        self.index(kind).get(folded).into_iter().flatten().map(String::as_str)
    }

    /// Whether a rule file matches a folded name.
    #[must_use]
    pub fn is_one(&self, kind: NameOf, folded: &str, id: &str) -> bool {
        self.index(kind).get(folded).is_some_and(|ids| ids.contains(id))
    }

    /// Every folded name of a kind.
    pub fn all(&self, kind: NameOf) -> impl Iterator<Item = &str> {
        self.index(kind).keys().map(String::as_str)
    }
}
