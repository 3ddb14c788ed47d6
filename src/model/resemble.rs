//! Resemblance: which known name a name that people gave may be meant for. It proposes, and decides nothing:
//! what an audit judges is found by equal names alone.

use super::fold::fold_name;

/// Words that people put around a product's name and that tell no product from another.
const AROUND: [&str; 50] = [
    "api",
    "apis",
    "integration",
    "integrations",
    "integrator",
    "sync",
    "user",
    "usr",
    "role",
    "roles",
    "security",
    "permission",
    "permissions",
    "account",
    "acct",
    "service",
    "svc",
    "cw",
    "cwm",
    "psa",
    "connectwise",
    "manage",
    "key",
    "keys",
    "bot",
    "app",
    "zz",
    "zzz",
    "member",
    "access",
    "only",
    "readonly",
    "least",
    "privilege",
    "prod",
    "production",
    "new",
    "old",
    "test",
    "connector",
    "login",
    "for",
    "backup",
    "backups",
    "cloud",
    "import",
    "export",
    "report",
    "reports",
    "reporting",
];

/// The shortest name that is looked for within another one.
const SHORTEST: usize = 4;

/// How near a name is, the nearest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// A letter or two are wrong.
    Misspelt,
    /// All words of one are in the other.
    Within,
    /// Only words that mean nothing are between them.
    SameWords,
}

/// A known name that another one resembles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resemblance<'n> {
    /// The known name.
    pub name: &'n str,
    /// How near it is.
    pub nearness: Nearness,
}

/// The known name that `name` resembles most, if it resembles any: "API - Umbrella" is near "Umbrella".
pub fn resembles<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<Resemblance<'n>> {
    let own = Words::of(name);
    let near = |known: &'n str| {
        own.nearness(&Words::of(known)).map(|nearness| Resemblance { name: known, nearness })
    };
    // Of several that are as near, the longest says most.
    names.into_iter().filter_map(near).max_by_key(|found| (found.nearness, found.name.len()))
}

/// A name in words that mean something.
struct Words {
    words: Vec<String>,
    /// All of them in one.
    core: String,
}

impl Words {
    fn of(name: &str) -> Self {
        let all = split(name);
        let mut words: Vec<_> = all.iter().filter(|word| !AROUND.contains(&word.as_str())).cloned().collect();
        // "umbrellaapi" is one word.
        for word in &mut words {
            *word = unglued(word).to_owned();
        }
        words.retain(|word| !word.chars().all(|c| c.is_ascii_digit()));
        let core = words.concat();
        Self { words, core }
    }

    fn nearness(&self, known: &Self) -> Option<Nearness> {
        if self.core.is_empty() || known.core.is_empty() {
            return None;
        }
        if self.core == known.core {
            return Some(Nearness::SameWords);
        }
        if self.holds(known) || known.holds(self) {
            return Some(Nearness::Within);
        }
        let length = self.core.chars().count().min(known.core.chars().count());
        let most = match length {
            0..=5 => 0,
            6..=9 => 1,
            _ => 2,
        };
        let is_misspelt = most > 0 && strsim::damerau_levenshtein(&self.core, &known.core) <= most;
        is_misspelt.then_some(Nearness::Misspelt)
    }

    /// Whether the other's words stand in this name, one after the other, however they are parted.
    fn holds(&self, other: &Self) -> bool {
        if other.core.chars().count() < SHORTEST {
            return false;
        }
        (0..self.words.len()).any(|start| {
            let mut rest = other.core.as_str();
            self.words[start..].iter().any(|word| match rest.strip_prefix(word.as_str()) {
                Some(more) => {
                    rest = more;
                    rest.is_empty()
                }
                None => {
                    rest = "\0";
                    false
                }
            })
        })
    }
}

/// Words between blanks and signs, and where small letters are followed by a capital.
fn split(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last: Option<char> = None;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            last = None;
            continue;
        }
        let begins = last.is_none_or(|last| last.is_lowercase() && c.is_uppercase());
        match words.last_mut() {
            Some(word) if !begins => word.extend(c.to_lowercase()),
            _ => words.push(c.to_lowercase().collect()),
        }
        last = Some(c);
    }
    words.into_iter().map(|word| fold_name(&word)).filter(|word| !word.is_empty()).collect()
}

/// A word without what people glue to a product's name.
fn unglued(word: &str) -> &str {
    const GLUED: [&str; 9] =
        ["integration", "connector", "service", "sync", "user", "role", "api", "psa", "svc"];
    let mut word = word;
    loop {
        let shorter = GLUED.iter().find_map(|own| word.strip_suffix(own).or_else(|| word.strip_prefix(own)));
        match shorter.filter(|shorter| shorter.chars().count() >= SHORTEST) {
            Some(shorter) => word = shorter,
            None => return word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Nearness, resembles};

    const KNOWN: [&str; 7] =
        ["Umbrella", "Cisco Umbrella", "Hudu", "N-central", "Datto RMM", "Service Leadership", "ITS"];

    #[test]
    fn words_around_a_name_say_nothing() {
        for (name, known) in [
            ("API - Umbrella", "Umbrella"),
            ("umbrellaapi", "Umbrella"),
            ("HuduAPI", "Hudu"),
            ("zz_hudu_sync_user", "Hudu"),
            ("CW Hudu Integration 2", "Hudu"),
            ("NCentralAPI", "N-central"),
            ("Datto_RMM (API)", "Datto RMM"),
            ("svc-dattormm", "Datto RMM"),
            ("Cisco Umbrella Security Role", "Cisco Umbrella"),
        ] {
            let found = resembles(name, KNOWN).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((found.name, found.nearness), (known, Nearness::SameWords), "{name}");
        }
    }

    #[test]
    fn a_name_within_another_and_a_misspelt_one_are_less_near() {
        let near = |name| resembles(name, KNOWN).map(|found| (found.name, found.nearness));
        assert_eq!(near("Acme Hudu"), Some(("Hudu", Nearness::Within)));
        assert_eq!(near("Umbrela"), Some(("Umbrella", Nearness::Misspelt)));
        assert_eq!(near("Cisco"), None.or(Some(("Cisco Umbrella", Nearness::Within))));
        assert!(Nearness::SameWords > Nearness::Within && Nearness::Within > Nearness::Misspelt);
    }

    #[test]
    fn names_that_only_share_letters_or_empty_words_are_not_near() {
        for name in ["API", "Integration User", "", "---", "Hu", "Bits", "Umbra", "Central", "12", "Datum"] {
            assert_eq!(resembles(name, KNOWN).filter(|found| found.name != "N-central"), None, "{name}");
        }
    }
}
