//! Resemblance: rule files whose names come near to that of a member or role, for a person to decide.
//! Nothing is ever judged by it; what counts is equality after folding, as in [`Match`](super::Match).

use super::library::Library;
use super::rule_file::RuleFile;
use crate::model::fold_name;

/// A rule file that a name resembles.
#[derive(Clone, Debug)]
pub struct Resemblance<'l> {
    /// The rule file.
    pub rules: &'l RuleFile,
    /// Which of its names it is.
    pub name: &'l str,
}

/// Words that names of roles and members have for being such, whatever product they serve.
const GENERAL: [&str; 22] = [
    "account",
    "admin",
    "api",
    "apimember",
    "automation",
    "connector",
    "connectwise",
    "cw",
    "cwm",
    "integration",
    "integrator",
    "key",
    "manage",
    "member",
    "msp",
    "psa",
    "role",
    "security",
    "service",
    "svc",
    "sync",
    "user",
];

/// Shorter remainders are in too many words.
const SHORTEST: usize = 4;

/// The rule files that a name comes near to, the nearest first, each once.
#[must_use]
pub fn resemblances<'l>(name: &str, library: &'l Library) -> Vec<Resemblance<'l>> {
    let own = bare(name);
    if own.len() < SHORTEST {
        return Vec::new();
    }
    let mut found: Vec<(Nearness, Resemblance<'l>)> = Vec::new();
    for rules in library.iter() {
        let names = rules.matches.roles.iter().chain(&rules.matches.members).chain(&rules.matches.logins);
        let nearest = names.filter_map(|name| Some((nearness(&own, &bare(name))?, name.as_str()))).min();
        found.extend(nearest.map(|(near, name)| (near, Resemblance { rules, name })));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0).then_with(|| one.1.rules.id.cmp(&other.1.rules.id)));
    found.into_iter().map(|(_, resemblance)| resemblance).collect()
}

/// How near two names are; the nearest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// The same but for general words.
    Same,
    /// One begins with the other, or holds it; by so many characters that are left over.
    Within(usize),
    /// A misspelling.
    Misspelt,
}

fn nearness(own: &str, other: &str) -> Option<Nearness> {
    if other.len() < SHORTEST {
        return None;
    }
    if own == other {
        return Some(Nearness::Same);
    }
    // A short word within a long name, such as "report", is no likeness.
    let is_most_of = own.len() * 2 >= other.len();
    if own.contains(other) || (is_most_of && other.contains(own)) {
        return Some(Nearness::Within(own.len().abs_diff(other.len())));
    }
    let allowed = if own.len() < 8 { 1 } else { 2 };
    (strsim::osa_distance(own, other) <= allowed).then_some(Nearness::Misspelt)
}

/// A name without general words, folded. Words end at spaces, punctuation, and before a capital.
fn bare(name: &str) -> String {
    let mut words: Vec<String> = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        was_lower = c.is_lowercase() || c.is_numeric();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.push(c);
        }
    }
    let own = words.iter().map(|word| fold_name(word)).filter(|word| !GENERAL.contains(&word.as_str()));
    let bare: String = own.collect();
    // "HuduAPI" and "rewstapi": a general word that is written together with the name.
    let ended = GENERAL.iter().filter(|word| word.len() > 2).find_map(|word| bare.strip_suffix(word));
    ended.filter(|rest| rest.len() >= SHORTEST).map_or(bare.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{bare, resemblances};
    use crate::rules::Library;

    fn ids(name: &str) -> Vec<String> {
        let library = Library::load(None, date(2026, 11, 28)).expect("the library is sound");
        resemblances(name, &library).into_iter().map(|near| near.rules.id.clone()).collect()
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
        ] {
            assert_eq!(ids(name).first().map(String::as_str), Some(id), "{name}");
        }
    }

    #[test]
    fn a_misspelling_and_a_part_resemble_it_too() {
        assert_eq!(ids("Umbrela").first().map(String::as_str), Some("cisco-umbrella"));
        assert_eq!(ids("Umbrella West").first().map(String::as_str), Some("cisco-umbrella"));
    }

    #[test]
    fn names_that_say_nothing_resemble_nothing() {
        for name in
            ["API", "Integration", "api-member", "svc", "CW", "", "---", "Key User", "xy", "svc-report"]
        {
            assert_eq!(ids(name), Vec::<String>::new(), "{name}");
        }
    }

    #[test]
    fn general_words_are_taken_off_wherever_they_stand() {
        for name in
            ["API - Umbrella", "UmbrellaAPI", "umbrella api", "Umbrella_Role", "cw-umbrella", "umbrellaapi"]
        {
            assert_eq!(bare(name), "umbrella", "{name}");
        }
    }
}
