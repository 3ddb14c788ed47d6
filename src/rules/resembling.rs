//! Rule files that a member or a role may be meant for, by names that resemble theirs. For proposals alone:
//! nothing is ever judged by it; what counts is equality after folding, as in [`Match`](super::Match).

use super::library::Library;
use super::rule_file::RuleFile;
use crate::model::{Nearness, resembles};

/// A rule file that a name resembles.
#[derive(Clone, Debug)]
pub struct Near<'l> {
    /// The rule file.
    pub rules: &'l RuleFile,
    /// Which of its names it is.
    pub name: &'l str,
    /// Whether the name is its own, and not only its vendor's, who has several products.
    is_own: bool,
    nearness: Nearness,
}

impl Library {
    /// The rule files that one of `names` resembles, the nearest first, each once.
    #[must_use]
    pub fn near(&self, names: &[&str]) -> Vec<Near<'_>> {
        let mut found: Vec<_> = self.iter().filter_map(|rules| nearest(rules, names)).collect();
        found.sort_by_key(|near| std::cmp::Reverse((near.is_own, near.nearness)));
        found
    }

    /// The ids of the rule files whose names one of `names` resembles most; several where they are as near.
    #[must_use]
    pub fn resembling(&self, names: &[&str]) -> Vec<&str> {
        let found = self.near(names);
        let best = found.first().map(|near| (near.is_own, near.nearness));
        let nearest = found.iter().take_while(|near| Some((near.is_own, near.nearness)) == best);
        nearest.map(|near| near.rules.id.as_str()).collect()
    }
}

fn nearest<'l>(rules: &'l RuleFile, names: &[&str]) -> Option<Near<'l>> {
    let known = &rules.matches;
    let product = rules.product.split('(').next().unwrap_or_default().trim();
    let own = known.roles.iter().chain(&known.members).chain(&known.logins).map(String::as_str);
    let own: Vec<_> = own.chain([product, rules.id.as_str()]).collect();
    let near = |known: &[&'l str], is_own| {
        let found = names.iter().filter_map(|name| resembles(name, known.iter().copied()));
        let found = found.max_by_key(|found| found.nearness)?;
        Some(Near { rules, name: found.name, is_own, nearness: found.nearness })
    };
    near(&own, true).or_else(|| near(&[rules.vendor.as_str()], false))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::rules::Library;

    fn first(name: &str) -> Option<String> {
        let library = Library::load(None, date(2026, 11, 28)).expect("the library is sound");
        library.near(&[name]).first().map(|near| near.rules.id.clone())
    }

    #[test]
    fn a_name_with_general_words_about_it_resembles_its_product() {
        for (name, id) in [
            ("API - Umbrella", "cisco-umbrella"),
            ("HuduAPI", "hudu"),
            ("hudu api", "hudu"),
            ("Petra Sync User", "petra"),
            ("NinjaOne (CW Manage)", "ninjaone"),
            ("svc-rewst", "rewst"),
            ("Umbrela", "cisco-umbrella"),
            ("Umbrella West", "cisco-umbrella"),
        ] {
            assert_eq!(first(name).as_deref(), Some(id), "{name}");
        }
    }

    #[test]
    fn names_that_say_nothing_resemble_nothing() {
        for name in
            ["API", "Integration", "api-member", "svc", "CW", "", "---", "Key User", "xy", "svc-report"]
        {
            assert_eq!(first(name), None, "{name}");
        }
    }
}
