//! Folding: when two spellings of a name are the same name.
//!
//! ConnectWise and its vendors spell functions differently ("Service Ticket- Dependencies", "Closed
//! Service Tickets", "Time and Expense"). Folding removes what never tells two functions apart.

/// Folds the name of a module, function or table: case, dashes, spaces, `&`, plural and a trailing
/// `(customize)` make no difference.
#[must_use]
pub fn fold_function(name: &str) -> String {
    let lower = name.trim().to_lowercase();
    let plain = lower.strip_suffix("(customize)").unwrap_or(&lower).replace('&', " and ");
    words(&plain).map(singular).collect()
}

/// Folds the name of a role, member or login: case, spaces and punctuation make no difference.
/// Plurals do, since "Sale" and "Sales" may be two roles.
#[must_use]
pub fn fold_name(name: &str) -> String {
    if name.is_ascii() {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        return letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    words(&name.to_lowercase()).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    if word.len() > 3 && !word.ends_with("ss") {
        return word.strip_suffix('s').unwrap_or(word).to_owned();
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{fold_function, fold_name};

    #[test]
    fn published_spellings_of_one_function_fold_together() {
        for (one, other) in [
            ("Service Ticket - Dependencies", "Service Tickets– dependencies"),
            ("Table Setup (customize)", "table setup"),
            ("Time & Expense", "Time and Expenses"),
            ("Company/Contact Group Maintenance", "Company / Contact Group Maintenance"),
            ("Close Project", "Close Projects"),
            ("Companies", "Company"),
        ] {
            assert_eq!(fold_function(one), fold_function(other), "{one} and {other}");
        }
    }

    #[test]
    fn an_ending_is_taken_for_a_plural_only_where_a_word_is_left() {
        assert_eq!(fold_function("Abies xies ies"), "abyxieies");
        assert_eq!(fold_function("bus gas boss bans notes"), "busgasbossbannote");
    }

    #[test]
    fn different_functions_stay_apart() {
        assert_ne!(fold_function("Project Tickets"), fold_function("Close Project Tickets"));
        assert_ne!(fold_function("Access"), fold_function("Acces"));
    }

    #[test]
    fn names_fold_case_and_punctuation_but_not_plurals() {
        assert_eq!(fold_name("Cisco-Umbrella"), fold_name("CISCO Umbrella"));
        assert_ne!(fold_name("Sale"), fold_name("Sales"));
        assert_eq!(fold_name("Réseau"), "réseau");
    }
}
