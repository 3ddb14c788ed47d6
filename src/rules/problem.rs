//! A problem in a file that a person wrote: what, where, and the nearest right spelling.

use std::fmt;

use crate::term::text::printable;

/// One thing that is wrong with one place of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is wrong may be a name that somebody else chose; it stays on its line.
        let help = self.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        let Self { file, line, column, message, .. } = self;
        f.write_str(&printable(&format!("{file}:{line}:{column}: {message}{help}")))
    }
}

/// All problems of all files that were read together; never empty as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The candidate nearest to `word`, where one is near enough to be what was meant.
pub fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    const NEAR: f64 = 0.75;
    // Nearness takes time for each letter of both; nobody means a name that long, or chooses from so many.
    const LONGEST: usize = 200;
    const MOST: usize = 1_000;
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .take(MOST)
        .map(|candidate| (strsim::jaro_winkler(&word, &candidate.to_lowercase()), candidate))
        .filter(|(near, candidate)| *near >= NEAR && is_most_of(&word, &candidate.to_lowercase()))
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// Whether at least half of the letters are the same: a short word that only begins alike is another word.
fn is_most_of(word: &str, candidate: &str) -> bool {
    let longest = word.chars().count().max(candidate.chars().count());
    strsim::damerau_levenshtein(word, candidate) <= longest / 2
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn a_short_word_that_only_begins_alike_is_another_word() {
        assert_eq!(did_you_mean("nope", ["nordpass", "nodeware"]), None);
        assert_eq!(did_you_mean("nordpas", ["nordpass", "nodeware"]), Some("nordpass"));
        assert_eq!(did_you_mean("humdu", ["hudu"]), Some("hudu"));
    }

    #[test]
    fn the_nearest_name_is_suggested_and_a_strange_one_is_not() {
        let names = ["Service Tickets", "Ticket Templates", "Table Setup"];
        assert_eq!(did_you_mean("servce tikets", names), Some("Service Tickets"));
        assert_eq!(did_you_mean("Quark", names), None);
    }
}
