//! Excess: what a role grants above the union of what the integrations bound to it need.

use super::case::{Case, RoleCase};
use crate::access::{Rights, Row};
use crate::model::{FunctionRef, Grant, Level, Severity, Verb};
use crate::rules::FunctionId;

/// One verb of one function that is granted above need.
#[derive(Clone, Debug)]
pub struct Excess {
    /// The function.
    pub function: FunctionRef,
    /// The verb.
    pub verb: Verb,
    /// What is granted.
    pub actual: Level,
    /// What is needed.
    pub required: Level,
    /// How bad that is.
    pub severity: Severity,
    /// What may need it all the same: a feature that no binding names, or the part of an integration
    /// that its rule file does not cover.
    pub unless: Option<String>,
    /// What a rule file's source leaves open about the function.
    pub doubt: Option<String>,
    /// The line of the snapshot that shows it.
    pub line: Option<u32>,
}

/// A verb whose grant could not be compared, with why.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The function.
    pub function: FunctionRef,
    /// The verb.
    pub verb: Verb,
    /// What the PSA said.
    pub said: String,
    /// Whether the PSA said null: the verb is not offered there.
    pub not_offered: bool,
    /// The line of the snapshot that shows it.
    pub line: Option<u32>,
}

/// Everything that one role grants beyond need.
#[derive(Clone, Debug, Default)]
pub struct Excesses {
    /// Verbs above need.
    pub above: Vec<Excess>,
    /// Verbs that could not be compared.
    pub unread: Vec<Unread>,
    /// How many verbs were compared.
    pub compared: usize,
}

impl Excesses {
    /// Compares every verb of every row.
    pub(super) fn of(case: &Case<'_>, role: &RoleCase<'_>, rights: &Rights<'_>) -> Self {
        let mut all = Self::default();
        for (&id, row) in &rights.known {
            let (function, before) = (case.catalog().function(id), all.above.len());
            for verb in Verb::ALL {
                let required = role.needs.level(id, function.module, verb);
                let rate = |actual| {
                    let unless = undeclared_feature(role, id, verb, actual, case);
                    (unless, function.sensitivity.of(verb))
                };
                all.compare(role, row, verb, required, || case.function(id), rate);
            }
            let doubt = role.bindings.iter().find_map(|binding| binding.rules.doubt_on(id));
            if let Some(doubt) = doubt {
                let own = all.above[before..].iter_mut();
                own.for_each(|excess| excess.doubt = Some(doubt.text.clone()));
            }
        }
        for row in rights.unknown.values() {
            let function = row.function();
            let module = case.catalog().find_module(&function.module);
            for verb in Verb::ALL {
                let required = module.map_or(Level::None, |module| role.needs.module_level(module, verb));
                let rate = |_| (None, Severity::Medium);
                all.compare(role, row, verb, required, || function.clone(), rate);
            }
        }
        all
    }

    /// Compares one verb of one row; `rate` says what may need an excess all the same, and how bad it
    /// is otherwise.
    fn compare(
        &mut self,
        role: &RoleCase<'_>,
        row: &Row<'_>,
        verb: Verb,
        required: Level,
        function: impl FnOnce() -> FunctionRef,
        rate: impl FnOnce(Level) -> (Option<String>, Severity),
    ) {
        let grant = row.grant(verb);
        let Some(actual) = grant.and_then(Grant::level) else {
            let said = match grant {
                None => "two rows that disagree".to_owned(),
                Some(Grant::Unknown(word)) => word.to_string(),
                Some(grant) => grant.to_string(),
            };
            let not_offered = grant == Some(&Grant::NotOffered);
            self.unread.push(Unread { function: function(), verb, said, not_offered, line: row.line() });
            return;
        };
        self.compared += 1;
        if actual > required {
            let (unless, rated) = rate(actual);
            let unless = unless.or_else(|| uncovered(role));
            let severity = if unless.is_some() { Severity::Info } else { rated };
            let (function, line) = (function(), row.line());
            self.above.push(Excess { function, verb, actual, required, severity, unless, doubt: None, line });
        }
    }

    /// Verbs that the PSA offers but whose grant was not understood.
    pub fn not_understood(&self) -> impl Iterator<Item = &Unread> {
        self.unread.iter().filter(|unread| !unread.not_offered)
    }

    /// Verbs that are above need, whatever is in use.
    pub fn certain(&self) -> impl Iterator<Item = &Excess> {
        self.above.iter().filter(|excess| excess.unless.is_none())
    }

    /// Whether more than a quarter of all verbs are beyond need; `None` where what was not understood
    /// could tip it either way.
    #[must_use]
    pub fn is_wide(&self) -> Option<bool> {
        let unsure = self.not_understood().count();
        let above = self.certain().count();
        let at_least = above * 4 > self.compared + unsure;
        let at_most = (above + unsure) * 4 > self.compared + unsure;
        (at_least == at_most && self.compared > 0).then_some(at_least)
    }
}

/// The feature that would need this grant in full, where no binding of the role names it.
fn undeclared_feature(
    role: &RoleCase<'_>,
    id: FunctionId,
    verb: Verb,
    actual: Level,
    case: &Case<'_>,
) -> Option<String> {
    let module = case.catalog().function(id).module;
    role.bindings.iter().find_map(|binding| {
        let mut features = binding.undeclared_features();
        let (name, _) = features.find(|(_, needs)| needs.level(id, module, verb) >= actual)?;
        Some(format!("the feature {name} of {} is in use, which no binding says", binding.rules.id))
    })
}

/// The part of an integration that its rule file does not cover.
fn uncovered(role: &RoleCase<'_>) -> Option<String> {
    let partial = role.bindings.iter().find(|binding| binding.rules.partial)?;
    Some(format!("{} needs it for what its rule file does not cover", partial.rules.id))
}

#[cfg(test)]
mod tests {
    use super::{Excess, Excesses, Unread};
    use crate::model::{FunctionRef, Level, Severity, Verb};

    /// A role of which so many verbs were compared, above need (some of them perhaps needed), and not understood.
    fn excesses(compared: usize, above: usize, perhaps: usize, not_understood: usize) -> Excesses {
        let function = FunctionRef { module: "Companies".to_owned(), function: "Contacts".to_owned() };
        let excess = |unless: Option<&str>| Excess {
            function: function.clone(),
            verb: Verb::Add,
            actual: Level::All,
            required: Level::None,
            severity: Severity::Medium,
            unless: unless.map(str::to_owned),
            doubt: None,
            line: None,
        };
        let unread = |not_offered| Unread {
            function: function.clone(),
            verb: Verb::Add,
            said: String::new(),
            not_offered,
            line: None,
        };
        let mut all = vec![excess(None); above];
        all.extend(vec![excess(Some("it may be needed")); perhaps]);
        let mut unreads = vec![unread(false); not_understood];
        unreads.extend(vec![unread(true); 7]);
        Excesses { above: all, unread: unreads, compared }
    }

    #[test]
    fn exactly_a_quarter_is_not_wide() {
        assert_eq!(excesses(400, 100, 0, 0).is_wide(), Some(false));
        assert_eq!(excesses(400, 101, 0, 0).is_wide(), Some(true));
        assert_eq!(excesses(400, 100, 50, 0).is_wide(), Some(false), "what may be needed does not count");
    }

    #[test]
    fn a_role_of_which_nothing_was_compared_is_neither_wide_nor_not() {
        assert_eq!(excesses(0, 0, 0, 0).is_wide(), None);
        assert_eq!(excesses(0, 0, 0, 5).is_wide(), None);
    }

    #[test]
    fn what_was_not_understood_leaves_it_open_only_where_it_could_tip_it() {
        assert_eq!(excesses(400, 60, 0, 40).is_wide(), Some(false), "100 of 440 at most");
        assert_eq!(excesses(400, 80, 0, 40).is_wide(), None, "80 to 120 of 440");
        assert_eq!(excesses(400, 110, 0, 40).is_wide(), None, "110 is a quarter of 440");
        assert_eq!(excesses(400, 111, 0, 40).is_wide(), Some(true));
        assert_eq!(excesses(360, 60, 0, 40).is_wide(), Some(false), "100 of 400 is a quarter");
    }
}
