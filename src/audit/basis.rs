//! What an audit is made of, beside the tenant, and what follows from that alone.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::request::Request;
use crate::checks::{self, Check};
use crate::model::DatasetName;
use crate::policy::Policy;
use crate::rules::{Library, RuleFile};

/// What an audit is made of, beside the tenant.
#[derive(Clone, Copy, Debug)]
pub struct Audit<'a> {
    /// What is known and needed.
    pub library: &'a Library,
    /// What the tenant's owner decided.
    pub policy: &'a Policy,
    /// What was asked.
    pub request: &'a Request,
    /// The day.
    pub as_of: Date,
}

impl<'a> Audit<'a> {
    /// The checks that are switched on.
    pub(super) fn checks(&self) -> impl Iterator<Item = &'static Check> {
        let policy = self.policy;
        checks::ALL.iter().copied().filter(move |check| !policy.is_off(check.id))
    }

    /// The datasets that this audit cannot do without.
    #[must_use]
    pub fn wanted(&self) -> BTreeSet<DatasetName> {
        let mut wanted: BTreeSet<_> = self.checks().flat_map(|check| check.data.iter().copied()).collect();
        wanted.extend([DatasetName::Roles, DatasetName::Settings, DatasetName::ApiMembers]);
        if self.policy.reviews.need_digests() {
            // What narrows a role is part of what was decided about.
            wanted.insert(DatasetName::MemberUse);
        }
        let names_logins =
            self.asked_rules().any(|rules| rules.keys_since.is_some() && !rules.matches.logins.is_empty());
        if !names_logins {
            wanted.remove(&DatasetName::IntegratorLogins);
        }
        wanted
    }

    pub(super) fn asked_rules(&self) -> impl Iterator<Item = &'a RuleFile> {
        let asked = &self.request.integrations;
        self.library.iter().filter(move |rules| asked.is_empty() || asked.contains(&rules.id))
    }
}
