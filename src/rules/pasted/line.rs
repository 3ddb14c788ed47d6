//! A row that is one line of text: "Module > Function: Inquire = All", with any arrow, dash or colon.

use super::super::catalog::{Catalog, FunctionId, ModuleId};
use super::super::named::candidates;
use super::super::problem::did_you_mean;
use super::names;
use super::verbs::{self, Listed, Said};
use crate::model::Level;

/// Longer lines are prose.
const LONGEST: usize = 300;

/// What stands between a module and its function.
const ARROWS: [char; 15] = ['>', '→', '»', '›', '➔', '➜', '⇒', '▸', '/', '\\', ':', '–', '—', '-', '|'];

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Functions, with what is asked of them: nothing, where the lines below say it.
    Row {
        functions: Vec<FunctionId>,
        /// What stands beside the names.
        beside: String,
        listed: Listed,
    },
    /// Verbs, but the function is not known.
    NoFunction { name: String, module: Option<ModuleId>, listed: Listed },
    /// A function, and a word in place of its verbs.
    NoVerbs { word: String },
    /// Anything else.
    Text,
}

/// Reads a line within the module of which the page speaks.
pub(super) fn read(text: &str, module: Option<ModuleId>, catalog: &Catalog) -> Line {
    if text.len() > LONGEST || text.contains('\n') {
        return Line::Text;
    }
    let (own, rest) = match after_module(text, catalog) {
        // "Company/Contact Group Maintenance" is a name, and no Contact of the module Company.
        Some((id, rest)) if !is_whole_name(text, module, catalog) => (Some(id), rest),
        _ => (None, text),
    };
    let within = own.or(module);
    let rest = without_order(rest);
    let Some((first, beside, mut rest)) = function(rest, within, own.is_none(), catalog) else {
        return unknown(rest, own, catalog);
    };
    let mut functions = vec![first];
    let mut beside = vec![beside];
    // "Company Maintenance, Contacts: Inquire = All"
    while let Some(next) = rest
        .trim_start()
        .strip_prefix([',', '&', '+', '/', ';'])
        .or_else(|| rest.trim_start().strip_prefix("and "))
        && let Some((id, more, after)) = function(next, within, own.is_none(), catalog)
    {
        functions.push(id);
        beside.push(more);
        rest = after;
    }
    beside.retain(|text| !text.is_empty());
    // "Contacts - no access"
    let said =
        rest.trim_matches(|c: char| ARROWS.contains(&c) || c.is_whitespace() || matches!(c, '=' | '.'));
    if !said.is_empty() && verbs::cell(said) == (Said::Nothing, String::new()) {
        let listed = Listed { level: Some(Level::None), ..Listed::default() };
        return Line::Row { functions, beside: beside.join(" "), listed };
    }
    match verbs::list(rest) {
        // "Note: read only" is no row of Notes.
        Ok(listed) if own.is_none() && may_be_prose(without_order(text), first, &listed, catalog) => {
            Line::Text
        }
        Ok(listed) => Line::Row { functions, beside: beside.join(" "), listed },
        Err(word) if own.is_some() => Line::NoVerbs { word },
        Err(_) => Line::Text,
    }
}

/// A line without the word that tells the reader to set something.
fn without_order(text: &str) -> &str {
    const ORDERS: [&str; 8] = ["set", "grant", "give", "select", "assign", "enable", "choose", "the"];
    let mut text = text.trim_start();
    while let Some((word, rest)) = text.split_once(' ')
        && ORDERS.contains(&word.to_lowercase().as_str())
    {
        text = rest.trim_start();
    }
    text
}

/// Whether a line that begins with a function of one word, such as Notes, may be a sentence.
fn may_be_prose(text: &str, first: FunctionId, listed: &Listed, catalog: &Catalog) -> bool {
    let name = catalog.function(first).name.as_str();
    let is_exact = text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let says_level = listed.level.is_some() || listed.verbs.iter().any(|(_, level)| level.is_some());
    let has_level = says_level && listed.rest.is_empty();
    !name.contains(' ') && !(is_exact && (has_level || listed.is_empty()))
}

/// Whether a line begins with a function that has an arrow, a slash or a dash in its name.
fn is_whole_name(text: &str, module: Option<ModuleId>, catalog: &Catalog) -> bool {
    function(text, module, true, catalog).is_some_and(|(id, _, _)| catalog.function(id).name.contains(ARROWS))
}

/// "Contacts of Company module", as other lines have it: "Company > Contacts".
pub(super) fn with_module_in_front(text: &str, catalog: &Catalog) -> Option<String> {
    let (name, module) = text.rsplit_once(" of ")?;
    let says_so = module.trim_end_matches(['.', ';', ',']).to_lowercase().ends_with(" module");
    let id = names::module(module, catalog).filter(|_| says_so)?;
    Some(format!("{} > {name}", catalog.module_name(id)))
}

/// The module in front of an arrow or a colon, and what follows.
fn after_module<'t>(text: &'t str, catalog: &Catalog) -> Option<(ModuleId, &'t str)> {
    text.match_indices(ARROWS).find_map(|(at, arrow)| {
        let id = names::module(&text[..at], catalog)?;
        let rest = text[at + arrow.len()..].trim_start_matches(['>', '-', ' ']);
        (!rest.is_empty()).then_some((id, rest))
    })
}

/// The longest function that the text begins with, what stands beside its name, and what follows.
fn function<'t>(
    text: &'t str,
    module: Option<ModuleId>,
    may_be_elsewhere: bool,
    catalog: &Catalog,
) -> Option<(FunctionId, String, &'t str)> {
    let ends = text.char_indices().filter(|(_, c)| !c.is_alphanumeric()).map(|(at, _)| at);
    let mut ends: Vec<_> = ends.chain([text.len()]).filter(|&end| end > 0).collect();
    ends.reverse();
    ends.into_iter().find_map(|end| {
        let name = text[..end].trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '=' | ',' | '"')
        });
        let name = super::markup::marks(name).0;
        if name.is_empty() || (name.contains('(') && !name.ends_with(')')) {
            return None;
        }
        let here = module.and_then(|module| catalog.find_function(module, name));
        let id = here.or_else(|| match candidates(name, catalog).as_slice() {
            [one] if may_be_elsewhere => Some(*one),
            _ => None,
        })?;
        let marks = super::markup::marks(text[..end].trim()).1;
        let (more, rest) = remark(&text[end..]);
        Some((id, [marks.as_str(), more].join(" ").trim().to_owned(), rest))
    })
}

/// A remark in parentheses that holds neither verbs nor levels, and what follows it.
fn remark(text: &str) -> (&str, &str) {
    let trimmed = text.trim_start();
    match trimmed.strip_prefix('(').and_then(|inner| inner.find(')')) {
        Some(end) if verbs::list(&trimmed[1..=end]).is_err() => {
            let (remark, rest) = trimmed.split_at(end + 2);
            let is_link = remark.eq_ignore_ascii_case("(customize)");
            (if is_link { "" } else { remark }, rest)
        }
        _ => ("", text),
    }
}

/// A line with verbs, of which the function is not known.
fn unknown(text: &str, module: Option<ModuleId>, catalog: &Catalog) -> Line {
    let splits = text.match_indices([':', '=', '–', '—', '-', '(', '→', '>']).map(|(at, _)| at);
    for at in splits {
        let (name, rest) = (text[..at].trim(), text[at..].trim_matches(['(', ')']));
        let listed = verbs::list(rest).ok().filter(|listed| !listed.is_empty());
        let Some(listed) = listed.filter(|_| !name.is_empty()) else { continue };
        let is_near =
            || did_you_mean(name, catalog.functions().map(|(_, function)| function.name.as_str())).is_some();
        if module.is_some() || is_near() {
            return Line::NoFunction { name: name.to_owned(), module, listed };
        }
        return Line::Text;
    }
    Line::Text
}

#[cfg(test)]
mod tests {
    use super::{Line, Listed, read};
    use crate::model::{Level, Verb};
    use crate::rules::built_in_catalog;

    #[test]
    fn a_line_with_any_arrow_is_a_row() {
        let catalog = built_in_catalog().expect("the catalog");
        for text in [
            "Companies > Contacts: Inquire = All",
            "Companies → Contacts → Inquire → All",
            "Companies -> Contacts - Inquire: All",
            "Companies – Contacts – Inquire – All",
            "Companies / Contacts (Inquire: All)",
            "Companies: Contacts: Inquire Level set to All",
            "Companies Module > Contacts (customize) Inquire All",
            "Contacts: Inquire All",
            "Contacts Inquire=All",
            "Companies module: set Contacts to Inquire = All.",
            "Grant the Contacts Inquire = All",
            "Contacts – Inquire Level (All)",
        ] {
            let Line::Row { functions, beside, listed } = read(text, None, &catalog) else {
                panic!("{text}: {:?}", read(text, None, &catalog));
            };
            assert_eq!(catalog.full_name(functions[0]), "Companies / Contacts", "{text}");
            assert_eq!((functions.len(), beside.as_str()), (1, ""), "{text}");
            assert_eq!(listed.verbs, [(Verb::Inquire, Some(Level::All))], "{text}");
        }
    }

    #[test]
    fn several_functions_and_what_stands_beside_them_are_kept() {
        let catalog = built_in_catalog().expect("the catalog");
        let Line::Row { functions, beside, listed } = read(
            "Companies > Contacts* (optional), Notes and Surveys: Add, Inquire = My (if used)",
            None,
            &catalog,
        ) else {
            panic!("a row");
        };
        assert_eq!((functions.len(), beside.as_str()), (3, "* (optional)"));
        assert_eq!((listed.verbs.len(), listed.rest.as_str()), (2, "(if used)"));
    }

    #[test]
    fn a_slash_or_a_dash_may_be_part_of_a_name() {
        let catalog = built_in_catalog().expect("the catalog");
        for (text, name) in [
            ("Company/Contact Group Maintenance", "Companies / Company/Contact Group Maintenance"),
            (
                "Company/Contact Group Maintenance: Inquire All",
                "Companies / Company/Contact Group Maintenance",
            ),
            ("Configuration – Display Passwords", "Companies / Configuration - Display Passwords"),
        ] {
            let line = read(text, catalog.find_module("Companies"), &catalog);
            let Line::Row { functions, .. } = line else { panic!("{text}: {line:?}") };
            assert_eq!(catalog.full_name(functions[0]), name, "{text}");
        }
    }

    #[test]
    fn what_is_no_row_says_why() {
        let catalog = built_in_catalog().expect("the catalog");
        let module = catalog.find_module("Companies");
        let listed = || Listed { verbs: vec![(Verb::Inquire, None)], ..Listed::default() };
        let no_function =
            |name: &str, module| Line::NoFunction { name: name.to_owned(), module, listed: listed() };
        for (text, line) in [
            ("Companies > Contatcs: Inquire", no_function("Contatcs", module)),
            ("Contatcs: Inquire", no_function("Contatcs", None)),
            ("Companies > Contacts: Sometimes", Line::NoVerbs { word: "Sometimes".to_owned() }),
            ("Contacts are then read", Line::Text),
            ("Note: read only", Line::Text),
            ("Reports: Inquire", no_function("Reports", None)),
        ] {
            assert_eq!(read(text, None, &catalog), line, "{text}");
        }
    }
}
