//! Rule files that a member or a role may be meant for, by names that resemble theirs. For proposals alone.

use super::library::Library;
use super::rule_file::RuleFile;
use crate::model::{Nearness, resembles};

/// How a rule file's names are resembled: by one of its own, or only by its vendor's, who has several products.
type Near = (bool, Nearness);

impl Library {
    /// The ids of the rule files whose names one of `names` resembles most; several where they are as near.
    #[must_use]
    pub fn resembling(&self, names: &[&str]) -> Vec<&str> {
        let found: Vec<_> =
            self.iter().filter_map(|rules| Some((nearest(rules, names)?, rules.id.as_str()))).collect();
        let best = found.iter().map(|(near, _)| *near).max();
        found.into_iter().filter(|(near, _)| Some(*near) == best).map(|(_, id)| id).collect()
    }
}

fn nearest(rules: &RuleFile, names: &[&str]) -> Option<Near> {
    let known = &rules.matches;
    let product = rules.product.split('(').next().unwrap_or_default().trim();
    let own = known.roles.iter().chain(&known.members).chain(&known.logins).map(String::as_str);
    let own: Vec<_> = own.chain([product, rules.id.as_str()]).collect();
    let near = |known: &[&str], is_own| {
        let found = names.iter().filter_map(|name| resembles(name, known.iter().copied()));
        found.map(|found| (is_own, found.nearness)).max()
    };
    near(&own, true).max(near(&[rules.vendor.as_str()], false))
}
