//! Keys that nobody owns, and logins that keys have replaced.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build::Planner;
use super::open::Among;
use super::{Kind, Reason, What};
use crate::access::By;
use crate::audit::Key;
use crate::audit::keys::Standing;
use crate::checks::{CheckId, Finding};
use crate::model::LoginRef;

/// After so many days without use a key that nobody owns counts as unused.
const UNUSED_AFTER_DAYS: u32 = 90;

/// As above, where it has a dangerous power.
const UNUSED_AFTER_DAYS_IF_DANGEROUS: u32 = 45;

impl Planner<'_> {
    /// Keys that nobody owns, and logins that keys have replaced.
    pub(super) fn disable(&mut self) {
        let keys = self.keys.all();
        for (place, key) in keys.iter().enumerate() {
            let Some(member) = &key.member else { continue };
            if !key.is(Standing::Unowned) {
                continue;
            }
            let taken = self.take_of_member(
                member.id,
                &[CheckId::UnboundMember, CheckId::AdminRole, CheckId::StaleMember],
            );
            if !taken.iter().any(|finding| finding.check == CheckId::UnboundMember) {
                // Its check is switched off: nobody asked about it.
                self.leave(Some(key), None, Reason::Accepted, &taken);
                continue;
            }
            let dangerous = key.dangers(By::Excess).next().is_some();
            let limit = if dangerous { UNUSED_AFTER_DAYS_IF_DANGEROUS } else { UNUSED_AFTER_DAYS };
            let is_unused = key.last_use_days.is_some_and(|days| days > limit);
            let what = What::Unowned { unused_days: key.last_use_days, limit, dangerous };
            let step = self.step(Kind::Disable, what, &taken);
            step.member = Some(member.clone());
            step.role.clone_from(&key.role);
            step.decision = !is_unused;
            self.settled.insert(place);
        }
        self.disable_logins();
    }

    fn disable_logins(&mut self) {
        let keys = self.keys.all();
        let is_used = |key: &&Key| {
            key.member.is_some()
                && key.active == Some(true)
                && key.last_use_days.is_some_and(|days| days <= UNUSED_AFTER_DAYS)
        };
        let used: BTreeSet<_> = keys.iter().filter(is_used).map(|key| key.integration.as_ref()).collect();
        let mut of_login: BTreeMap<&Arc<LoginRef>, Vec<&Finding>> = BTreeMap::new();
        for finding in self.open.take(Among::All, &[CheckId::LegacyLogin], |finding| finding.login.is_some())
        {
            if let Some(login) = &finding.login {
                of_login.entry(login).or_default().push(finding);
            }
        }
        for (place, key) in keys.iter().enumerate() {
            let Some(login) = &key.login else { continue };
            let Some(taken) = of_login.remove(login) else { continue };
            let replaced = used.contains(&key.integration.as_ref());
            let step = self.step(Kind::Disable, What::Login { replaced }, &taken);
            step.integration.clone_from(&key.integration);
            step.login = Some(login.clone());
            step.decision = !replaced;
            self.settled.insert(place);
        }
    }
}
