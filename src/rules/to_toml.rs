//! A rule file as TOML again, in canonical names and in the order of the role screen.

use std::fmt::{Display, Write};

use super::catalog::Catalog;
use super::facts::Fact;
use super::need::{Basis, Need, Needs, Target};
use super::rule_file::{Advice, AdvisedLevels, RuleFile};
use crate::model::{Level, Verb};

/// Lists longer than this are written one entry a line.
const WIDE: usize = 100;

/// Writes a rule file. Read again, it says the same.
#[must_use]
pub fn to_toml(rules: &RuleFile, catalog: &Catalog) -> String {
    let mut text = Text { out: String::new(), catalog };
    text.head(rules);
    text.needs("needs", &rules.needs);
    for (name, feature) in &rules.features {
        let path = format!("features.{}", key(name));
        text.heading(&format!("[{path}]"));
        text.pair("summary", quoted(&feature.summary));
        text.text("source", feature.source.as_ref());
        if let Some(read) = feature.read {
            text.pair("read", read);
        }
        text.needs(&format!("{path}.needs"), &feature.needs);
    }
    text.doubts(rules);
    text.tail(rules);
    text.out
}

/// A TOML string, whatever it holds.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

struct Text<'c> {
    out: String,
    catalog: &'c Catalog,
}

impl Text<'_> {
    fn line(&mut self, line: impl Display) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.out, "{line}");
    }

    fn heading(&mut self, heading: &str) {
        self.line(format_args!("\n{heading}"));
    }

    fn pair(&mut self, key: &str, value: impl Display) {
        self.line(format_args!("{key} = {value}"));
    }

    fn text(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.pair(key, quoted(value));
        }
    }

    fn list(&mut self, key: &str, values: &[String]) {
        if !values.is_empty() {
            self.pair(key, list(values));
        }
    }

    fn head(&mut self, rules: &RuleFile) {
        self.pair("id", quoted(&rules.id));
        self.pair("vendor", quoted(&rules.vendor));
        self.pair("product", quoted(&rules.product));
        self.text("source", rules.source.as_ref());
        self.pair("read", rules.read);
        self.text("published", rules.published.as_ref());
        if let Some(since) = rules.keys_since {
            self.pair("keys_since", since);
        }
        if rules.partial {
            self.pair("partial", true);
        }
        if let Some(asks) = &rules.asks_admin {
            self.pair("asks_admin", true);
            self.text("vendor_says", asks.says.as_ref());
        }
        self.text("test", rules.test.as_ref());
        self.list("unclear", &rules.unclear);
        self.list("probes", &rules.probes);
        let matches = &rules.matches;
        if !(matches.roles.is_empty() && matches.members.is_empty() && matches.logins.is_empty()) {
            self.heading("[match]");
            self.list("roles", &matches.roles);
            self.list("members", &matches.members);
            self.list("logins", &matches.logins);
        }
    }

    fn doubts(&mut self, rules: &RuleFile) {
        for doubt in &rules.doubts {
            self.heading("[[doubt]]");
            let names: Vec<_> = doubt.functions.iter().map(|&id| self.catalog.full_name(id)).collect();
            self.list("functions", &names);
            self.pair("text", quoted(&doubt.text));
        }
    }

    fn facts(&mut self, facts: &[Fact]) {
        if !facts.is_empty() {
            self.heading("[facts]");
        }
        for fact in facts {
            let mut pairs = vec![format!("text = {}", quoted(&fact.text))];
            pairs.extend(fact.source.as_ref().map(|source| format!("source = {}", quoted(source))));
            self.pair(fact.kind.as_str(), inline(&pairs));
        }
    }

    fn tail(&mut self, rules: &RuleFile) {
        let member = &rules.member;
        if *member != super::MemberAdvice::default() {
            self.heading("[member]");
            self.text("level", member.level.as_ref());
            self.text("location", member.location.as_ref());
            self.text("boards", member.boards.as_ref());
            self.list("notes", &member.notes);
        }
        self.advice(&rules.advice);
        if let Some(checklist) = &rules.checklist {
            self.heading("[checklist]");
            self.text("console", checklist.console.as_ref());
            self.list("steps", &checklist.steps);
            self.list("normal", &checklist.normal);
        }
        self.facts(&rules.facts);
    }

    fn advice(&mut self, advice: &Advice) {
        for note in &advice.notes {
            self.heading("[[advice.notes]]");
            self.pair("text", quoted(&note.text));
            self.pair("proven", note.proven);
        }
        self.rows("advice.needs", &advice.levels, |advised| advised.target, advised_row);
    }

    fn needs(&mut self, path: &str, needs: &Needs) {
        self.rows(path, &needs.rows, |(target, _)| *target, |(_, need)| need_row(need));
    }

    /// Rows under a heading for each module.
    fn rows<R>(&mut self, path: &str, rows: &[R], target: fn(&R) -> Target, write: fn(&R) -> String) {
        let mut module = None;
        for row in rows {
            let of = target(row).module(self.catalog);
            if module.replace(of) != Some(of) {
                self.heading(&format!("[{path}.{}]", key(self.catalog.module_name(of))));
            }
            let name = quoted(target(row).function(self.catalog));
            self.pair(&name, write(row));
        }
    }
}

fn need_row(need: &Need) -> String {
    let mut pairs = Vec::new();
    for verb in Verb::ALL {
        if let Some(own) = need.levels[verb as usize] {
            pairs.push(level_pair(verb, own.level));
        }
    }
    let given: Vec<_> = Verb::ALL.into_iter().filter(|&verb| need.levels[verb as usize].is_some()).collect();
    let marked = |mark: fn(&super::NeedLevel) -> bool| -> Vec<Verb> {
        let is_marked = |verb: &Verb| need.levels[*verb as usize].as_ref().is_some_and(mark);
        given.iter().copied().filter(is_marked).collect()
    };
    pairs.extend(verbs_pair("implied", &marked(|level| level.implied), &given));
    pairs.extend(verbs_pair("setup_only", &marked(|level| level.setup_only), &given));
    if need.basis != Basis::default() {
        pairs.push(format!("basis = {}", quoted(need.basis.as_str())));
    }
    pairs.extend(need.why.as_ref().map(|why| format!("why = {}", quoted(why))));
    pairs.extend(need.unclear.as_ref().map(|unclear| format!("unclear = {}", quoted(unclear))));
    pairs.extend(need.allow.as_ref().map(|allow| format!("allow = {}", list(&allow.entries))));
    inline(&pairs)
}

fn advised_row(advised: &AdvisedLevels) -> String {
    let mut pairs = Vec::new();
    for verb in Verb::ALL {
        if let Some(level) = advised.levels[verb as usize] {
            pairs.push(level_pair(verb, level));
        }
    }
    pairs.push(format!("proven = {}", advised.proven));
    pairs.push(format!("why = {}", quoted(&advised.why)));
    inline(&pairs)
}

fn level_pair(verb: Verb, level: Level) -> String {
    format!("{verb} = {}", quoted(level.as_str()))
}

/// `true` where every verb of the row is meant, else the verbs.
fn verbs_pair(key: &str, marked: &[Verb], given: &[Verb]) -> Option<String> {
    if marked.is_empty() {
        return None;
    }
    if marked == given {
        return Some(format!("{key} = true"));
    }
    let words: Vec<_> = marked.iter().map(|verb| verb.as_str().to_owned()).collect();
    Some(format!("{key} = {}", list(&words)))
}

fn inline(pairs: &[String]) -> String {
    format!("{{ {} }}", pairs.join(", "))
}

fn list(values: &[String]) -> String {
    let all: Vec<_> = values.iter().map(|value| quoted(value)).collect();
    let one_line = format!("[{}]", all.join(", "));
    if one_line.len() <= WIDE {
        return one_line;
    }
    format!("[\n  {},\n]", all.join(",\n  "))
}

/// A key: bare where TOML allows it, and always on one line, which [`quoted`] is not.
fn key(name: &str) -> String {
    toml::Table::from_iter([(name.to_owned(), toml::Value::Boolean(true))])
        .to_string()
        .trim_end()
        .trim_end_matches(" = true")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{key, quoted, to_toml};
    use crate::rules::{Library, Origin, RuleFile};

    #[test]
    fn a_key_reads_back_whatever_it_holds() {
        assert_eq!(key("legacy-logins"), "legacy-logins");
        assert!(quoted("two\nlines").contains('\n'), "which is why a key is not written as a text");
        for name in [
            "",
            "two words",
            "a.b",
            "quote \" and 'one'",
            "two\nlines",
            "tab\t\\ \u{7f}\u{0}",
            " = true",
            "é",
        ] {
            let table: toml::Table = format!("[{}]", key(name)).parse().expect(name);
            assert_eq!(table.keys().collect::<Vec<_>>(), [name]);
        }
    }

    #[test]
    fn every_file_of_the_library_reads_back_as_it_was_written() {
        let library = Library::load(None, date(2026, 11, 22)).expect("the library is sound");
        for rules in library.iter() {
            let text = to_toml(rules, &library.catalog);
            let again = RuleFile::parse(&rules.id, &text, Origin::BuiltIn, &library.catalog)
                .unwrap_or_else(|problems| panic!("{problems}\n{text}"));
            assert_eq!(again.needs, rules.needs, "{text}");
            assert_eq!(again.features, rules.features, "{text}");
            assert_eq!(again.matches, rules.matches, "{text}");
            assert_eq!(again.member, rules.member, "{text}");
            assert_eq!(again.advice, rules.advice, "{text}");
            assert_eq!(again.checklist, rules.checklist, "{text}");
            assert_eq!((&again.unclear, &again.probes), (&rules.unclear, &rules.probes));
            assert_eq!((&again.doubts, &again.facts), (&rules.doubts, &rules.facts), "{text}");
            assert_eq!((&again.asks_admin, &again.test), (&rules.asks_admin, &rules.test), "{text}");
            assert_eq!(
                (again.read, again.keys_since, again.partial),
                (rules.read, rules.keys_since, rules.partial)
            );
            assert_eq!(to_toml(&again, &library.catalog), text, "written twice, the same");
        }
    }
}
