//! Bindings: which member, and so which role, serves which integration.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::finding::Subject;
use crate::access::{Claim, Requirements};
use crate::model::{ApiMember, IntegrationRef, Member, MemberId, MemberRef, Role, RoleId, RoleRef};
use crate::policy::{Ownership, Place};
use crate::rules::RuleFile;

/// How a binding came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The config declares it.
    Declared,
    /// `--role` or `--member` named it.
    Asked,
    /// The rule file's `match` found it.
    Matched,
}

/// The member that serves an integration.
#[derive(Clone, Copy, Debug)]
pub enum BoundMember<'a> {
    /// An API member, as it should be.
    Api(&'a ApiMember),
    /// A person, on whose licence the integration runs.
    Person(&'a Member),
}

impl BoundMember<'_> {
    /// As outcomes name it.
    #[must_use]
    pub fn reference(&self) -> Arc<MemberRef> {
        match self {
            Self::Api(member) => MemberRef::shared(*member),
            Self::Person(member) => MemberRef::shared(*member),
        }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> MemberId {
        match self {
            Self::Api(member) => member.id,
            Self::Person(member) => member.id,
        }
    }

    /// Whether it is active; `None` where the PSA did not say.
    #[must_use]
    pub const fn active(&self) -> Option<bool> {
        match self {
            Self::Api(member) => member.active,
            Self::Person(member) => member.active,
        }
    }

    /// The role that it holds.
    #[must_use]
    pub const fn role(&self) -> Option<RoleId> {
        match self {
            Self::Api(member) => member.role,
            Self::Person(member) => member.role,
        }
    }
}

/// The rule file of leastwise itself.
pub const OWN_RULES: &str = "leastwise";

/// One member, or one role without a member, that serves an integration.
#[derive(Clone, Debug)]
pub struct Binding<'a> {
    /// Its place among all bindings.
    pub index: usize,
    /// The integration's rule file.
    pub rules: &'a RuleFile,
    /// Whether it was found by a name that other integrations may bear too.
    pub shared_name: bool,
    /// Whether it was found through the role alone, so that another role would lose it.
    pub by_role: bool,
    /// How it came about.
    pub how: How,
    /// What the config or the command line calls the member, for a message when there is none.
    pub member_name: Option<String>,
    /// The member; `None` where none was found.
    pub member: Option<BoundMember<'a>>,
    /// What the config or the command line calls the role.
    pub role_name: Option<String>,
    /// The role that the config or the command line names, where it exists.
    pub named_role: Option<&'a Role>,
    /// The role that is judged: the one that the member holds, else the one that is named.
    pub role: Option<&'a Role>,
    /// Features that are in use.
    pub features: Vec<String>,
    /// The last day of set-up.
    pub setup_until: Option<Date>,
    /// What it needs on the day of the audit.
    pub requirements: Requirements,
    /// Whose it is, where the config says so.
    pub ownership: Ownership,
    /// Where the config declares it.
    pub place: Option<Arc<Place>>,
}

/// An integration, as findings name it.
#[must_use]
pub fn reference(rules: &RuleFile) -> Arc<IntegrationRef> {
    Arc::new(IntegrationRef { id: rules.id.as_str().into(), title: rules.title().into() })
}

impl Binding<'_> {
    /// As outcomes name it: integration, role and member.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject {
            integration: Some(reference(self.rules)),
            role: self.role.map(RoleRef::shared),
            member: self.member.as_ref().map(BoundMember::reference),
            place: self.place.clone(),
        }
    }

    /// The id of the member, where one was found.
    #[must_use]
    pub fn member_id(&self) -> Option<MemberId> {
        self.member.as_ref().map(BoundMember::id)
    }

    /// Whether all needs of the rule file belong to features, none of which is named.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.requirements.is_empty() && !self.rules.asks_admin()
    }

    /// What it leaves open about excess on its role.
    #[must_use]
    pub fn claim(&self) -> Claim<'_> {
        Claim {
            rules: self.rules,
            undeclared: self.undeclared_features().collect(),
            shared_name: self.shared_name,
        }
    }

    /// What its role may grant without being in excess: what it needs, and what leastwise itself reads
    /// wherever its role opens it, which is each of its features.
    #[must_use]
    pub fn allowance(&self) -> Requirements {
        let mut all = self.requirements.clone();
        if self.rules.id == OWN_RULES {
            for feature in self.rules.features.values() {
                all.join(&Requirements::of_feature(&feature.needs));
            }
        }
        all
    }

    /// Features of the rule file that the binding does not name.
    pub fn undeclared_features(&self) -> impl Iterator<Item = (&str, Requirements)> {
        self.rules
            .features
            .iter()
            .filter(|(name, _)| self.rules.id != OWN_RULES && !self.features.contains(name))
            .map(|(name, feature)| (name.as_str(), Requirements::of_feature(&feature.needs)))
    }
}

/// Every binding of a tenant, found by role and by member: ten thousand roles do not each go through all.
#[derive(Clone, Debug, Default)]
pub struct Bindings<'a> {
    of_role: HashMap<RoleId, Vec<&'a Binding<'a>>>,
    of_member: HashMap<MemberId, Vec<&'a Binding<'a>>>,
}

impl<'a> Bindings<'a> {
    /// These, in their order.
    #[must_use]
    pub fn of(all: &'a [Binding<'a>]) -> Self {
        let mut found = Self::default();
        for binding in all {
            if let Some(role) = binding.role {
                found.of_role.entry(role.id).or_default().push(binding);
            }
            if let Some(member) = binding.member_id() {
                found.of_member.entry(member).or_default().push(binding);
            }
        }
        found
    }

    /// Those that a role serves.
    #[must_use]
    pub fn of_role(&self, role: RoleId) -> &[&'a Binding<'a>] {
        self.of_role.get(&role).map(Vec::as_slice).unwrap_or_default()
    }

    /// Those of a member.
    #[must_use]
    pub fn of_member(&self, member: MemberId) -> &[&'a Binding<'a>] {
        self.of_member.get(&member).map(Vec::as_slice).unwrap_or_default()
    }
}

/// An integration that is judged, with everything that serves it.
#[derive(Clone, Debug)]
pub struct Integration<'a> {
    /// Its rule file.
    pub rules: &'a RuleFile,
    /// What serves it: empty where it was asked for and nothing was found.
    pub bindings: Vec<Binding<'a>>,
    /// Whether there should be a role and a member: it was asked for or declared, or one half of it
    /// was found. A login alone is a leftover, not an expectation.
    pub expected: bool,
}
