//! What unit tests of checks look at: a tenant with the roles that they name, and no integration.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::{Case, Holders, Summary};
use crate::model::{Dataset, DatasetName, Grant, Grants, Role, RoleId, Setting, Tenant, TenantId, Verb};
use crate::policy::Policy;
use crate::rules::Library;

const TODAY: Date = date(2026, 11, 22);

pub(super) struct Bench {
    library: Library,
    policy: Policy,
    tenant: Tenant,
    wanted: BTreeSet<DatasetName>,
    /// Nobody: no member was read.
    holders: Holders<'static>,
    summaries: BTreeMap<RoleId, Summary>,
}

impl Bench {
    pub(super) fn new(roles: Vec<Role>) -> Self {
        let id = TenantId { site: "na.example".to_owned(), company: "acme".to_owned() };
        let mut tenant = Tenant::unread(id, Timestamp::UNIX_EPOCH);
        tenant.roles = Dataset::Complete(roles);
        Self {
            library: Library::load(None, TODAY).expect("the embedded files have no problems"),
            policy: Policy::default(),
            tenant,
            wanted: BTreeSet::new(),
            holders: Holders::default(),
            summaries: BTreeMap::new(),
        }
    }

    pub(super) fn case(&self) -> Case<'_> {
        Case {
            tenant: &self.tenant,
            library: &self.library,
            policy: &self.policy,
            as_of: TODAY,
            all: false,
            integrations: &[],
            bindings: &[],
            roles: &[],
            members: &[],
            wanted: &self.wanted,
            holders: &self.holders,
            evidence: &[],
            summaries: &self.summaries,
        }
    }
}

/// An active role without the admin flag.
pub(super) fn role(name: &str) -> Role {
    Role {
        id: RoleId(31),
        name: name.into(),
        kind: None,
        admin: Some(false),
        active: Some(true),
        updated: None,
    }
}

/// A row that says the same of all four verbs.
pub(super) fn setting(module: &str, function: &str, grant: &Grant) -> Setting {
    Setting {
        id: None,
        module: module.into(),
        function: function.into(),
        description: None,
        identifier: None,
        grants: Grants::from_fn(|_: Verb| grant.clone()),
        line: None,
    }
}
