//! Excess: what a role gives above what the integrations bound to it need together.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::granted::{Compared, Granted};
use super::requirements::Requirements;
use super::rights::{Rights, Row};
use crate::model::{FunctionRef, Level, Name, Power, Severity, Verb};
use crate::rules::{Catalog, FunctionId, GivenKind, ModuleId, RuleFile};

/// An integration that is bound to the role, as far as excess depends on it.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// Its rule file.
    pub rules: &'a RuleFile,
    /// What the features of its rule file need that no binding names.
    pub undeclared: Vec<(&'a str, Requirements)>,
    /// Whether it was found by a name that other integrations may bear too.
    pub shared_name: bool,
}

/// Why a permission in excess may be needed all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Doubt {
    /// A feature would need it that no binding names.
    UndeclaredFeature {
        /// The rule file.
        rules: Name,
        /// The feature.
        feature: Name,
    },
    /// The rule file covers only a part of what the integration does.
    Partial {
        /// The rule file.
        rules: Name,
    },
    /// The vendor asks for Admin and publishes no list.
    NoList {
        /// The rule file.
        rules: Name,
    },
    /// The source leaves it open.
    Source {
        /// The rule file.
        rules: Name,
        /// What is open, in the rule file's words.
        text: Name,
    },
    /// The integration was found by a name that others may bear too.
    SharedName {
        /// The rule file.
        rules: Name,
    },
}

impl Doubt {
    /// What to do before the permission is taken away.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::UndeclaredFeature { rules, feature } => {
                format!(
                    "name the features in use in leastwise.toml; if {feature} of {rules} is not one of them"
                )
            }
            Self::Partial { rules } => format!("ask the vendor whether {rules} uses it; if not"),
            Self::NoList { rules } => format!("ask the vendor of {rules} for a list; if it is not on it"),
            Self::Source { .. } => "last of all, in office hours, and test it".to_owned(),
            Self::SharedName { rules } => format!("if {rules} it is"),
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UndeclaredFeature { rules, feature } => {
                write!(
                    f,
                    "the feature {feature} of {rules} would need it, and no binding says whether that is in use"
                )
            }
            Self::Partial { rules } => {
                write!(f, "the rule file {rules} covers only a part of what the product does")
            }
            Self::NoList { rules } => write!(f, "the vendor of {rules} asks for Admin and publishes no list"),
            Self::Source { text, .. } => f.write_str(text.trim_end_matches('.')),
            Self::SharedName { rules } => write!(f, "this is {rules}, whose name others bear too"),
        }
    }
}

/// One verb of one function that is above need.
#[derive(Clone, Debug)]
pub struct Excess {
    /// The function.
    pub function: Arc<FunctionRef>,
    /// The verb.
    pub verb: Verb,
    /// What the role gives.
    pub granted: Level,
    /// What is needed.
    pub required: Level,
    /// How bad that is.
    pub severity: Severity,
    /// Why it may be needed all the same.
    pub doubt: Option<Arc<Doubt>>,
    /// The powers that it gives, inferred ones left out.
    pub powers: Box<[Power]>,
    /// The line of the snapshot that shows it.
    pub line: Option<u32>,
    uncertain: bool,
}

impl Excess {
    /// Whether only a feature that no binding names, or a part that no rule file covers, could need it.
    #[must_use]
    pub const fn is_uncertain(&self) -> bool {
        self.uncertain
    }

    /// Whether it is listed by itself even where a role is so wide that excess is counted only.
    #[must_use]
    pub fn is_listed_in_wide_role(&self) -> bool {
        self.severity == Severity::Critical || self.powers.iter().any(|power| power.is_dangerous())
    }
}

/// A verb that could not be compared.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The function.
    pub function: Arc<FunctionRef>,
    /// The verb.
    pub verb: Verb,
    /// What the role says: a level only where the row itself is not known and may be a needed one.
    pub granted: Granted,
    /// The line of the snapshot that shows it.
    pub line: Option<u32>,
}

/// Everything that one role gives above need.
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
    /// Compares every verb of every row with what is needed.
    #[must_use]
    pub fn of(rights: &Rights<'_>, needs: &Requirements, claims: &[Claim<'_>], catalog: &Catalog) -> Self {
        let mut all = Self::default();
        let doubts = Doubts { claims, catalog };
        for (&id, row) in &rights.known {
            let module = catalog.function(id).module;
            for verb in Verb::ALL {
                let required = needs.level(id, module, verb);
                match Granted::of(Some(row), verb).compare(required) {
                    Compared::Meets | Compared::Missing(_) => all.compared += 1,
                    Compared::Excess(granted) => {
                        all.compared += 1;
                        all.above.push(doubts.rate(id, row, verb, granted, required));
                    }
                    Compared::NotOffered | Compared::Unknown => {
                        all.unread(catalog.reference(id), row, verb, Granted::of(Some(row), verb));
                    }
                }
            }
        }
        for row in rights.unknown.values() {
            all.add_unknown_row(row, rights, needs, &doubts);
        }
        all
    }

    /// A row that the catalog does not know: where its module is not known either, or lacks a row that is
    /// needed, it may be the needed one under another name.
    fn add_unknown_row(
        &mut self,
        row: &Row<'_>,
        rights: &Rights<'_>,
        needs: &Requirements,
        doubts: &Doubts<'_>,
    ) {
        let function = row.function();
        let module = doubts.catalog.find_module(&function.module);
        let may_be_needed = module.is_none_or(|module| lacks_a_needed_row(module, rights, needs, doubts));
        for verb in Verb::ALL {
            let required = module.map_or(Level::None, |module| needs.module_level(module, verb));
            let granted = Granted::of(Some(row), verb);
            match granted.compare(required) {
                Compared::Meets | Compared::Missing(_) => self.compared += 1,
                Compared::Excess(_) if may_be_needed => self.unread(function.clone(), row, verb, granted),
                Compared::Excess(level) => {
                    self.compared += 1;
                    let doubt = doubts.of_all();
                    let (severity, uncertain) = demote(Severity::Medium, doubt.as_ref());
                    self.above.push(Excess {
                        function: function.clone(),
                        verb,
                        granted: level,
                        required,
                        severity,
                        doubt: doubt.map(Arc::new),
                        powers: Box::default(),
                        line: row.line(),
                        uncertain,
                    });
                }
                Compared::NotOffered | Compared::Unknown => self.unread(function.clone(), row, verb, granted),
            }
        }
    }

    fn unread(&mut self, function: Arc<FunctionRef>, row: &Row<'_>, verb: Verb, granted: Granted) {
        self.unread.push(Unread { function, verb, granted, line: row.line() });
    }

    /// Verbs that the PSA offers but whose level was not understood, or whose row was not.
    pub fn not_understood(&self) -> impl Iterator<Item = &Unread> {
        self.unread.iter().filter(|unread| unread.granted != Granted::NotOffered)
    }

    /// Verbs of rows that the catalog does not know and that may be needed ones.
    pub fn may_be_needed(&self) -> impl Iterator<Item = &Unread> {
        self.unread.iter().filter(|unread| unread.granted.level().is_some())
    }

    /// Verbs that are above need, whatever is in use.
    pub fn certain(&self) -> impl Iterator<Item = &Excess> {
        self.above.iter().filter(|excess| !excess.is_uncertain())
    }

    /// Whether more than a quarter of all verbs are above need; `None` where what was not understood
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

/// Whether a needed function of the module has no row in the role.
fn lacks_a_needed_row(
    module: ModuleId,
    rights: &Rights<'_>,
    needs: &Requirements,
    doubts: &Doubts<'_>,
) -> bool {
    let undeclared = doubts.claims.iter().flat_map(|claim| &claim.undeclared).map(|(_, needs)| needs);
    std::iter::once(needs).chain(undeclared).flat_map(Requirements::functions).any(|(id, _, need)| {
        need.level > Level::None
            && doubts.catalog.function(id).module == module
            && !rights.known.contains_key(&id)
    })
}

/// What the bound integrations leave open.
struct Doubts<'d> {
    claims: &'d [Claim<'d>],
    catalog: &'d Catalog,
}

impl Doubts<'_> {
    fn rate(&self, id: FunctionId, row: &Row<'_>, verb: Verb, granted: Level, required: Level) -> Excess {
        let function = self.catalog.function(id);
        // A doubt of the source tells more than one about the whole file, and takes none of its weight.
        let (feature, all) = (self.of_feature(id, function.module, verb, granted), self.of_all());
        let weighs = feature.as_ref().or(all.as_ref());
        let (severity, uncertain) = demote(function.sensitivity.of(verb), weighs);
        let doubt = feature.or_else(|| self.of_source(id)).or(all).map(Arc::new);
        Excess {
            function: self.catalog.reference(id),
            verb,
            granted,
            required,
            severity,
            doubt,
            powers: self.powers(id, verb),
            line: row.line(),
            uncertain,
        }
    }

    fn powers(&self, id: FunctionId, verb: Verb) -> Box<[Power]> {
        let given = self.catalog.powers_of(id, verb).iter().filter(|given| given.kind != GivenKind::Inferred);
        let mut powers: Vec<_> = given.map(|given| given.power).collect();
        powers.dedup();
        powers.into()
    }

    /// The feature that would need this permission in full, where no binding of the role names it.
    fn of_feature(&self, id: FunctionId, module: ModuleId, verb: Verb, granted: Level) -> Option<Doubt> {
        self.claims.iter().find_map(|claim| {
            let mut features = claim.undeclared.iter();
            let (name, _) = features.find(|(_, needs)| needs.level(id, module, verb) >= granted)?;
            Some(Doubt::UndeclaredFeature { rules: claim.rules.id.as_str().into(), feature: (*name).into() })
        })
    }

    /// What a source leaves open about this function.
    fn of_source(&self, id: FunctionId) -> Option<Doubt> {
        self.claims.iter().find_map(|claim| {
            let doubt = claim.rules.doubt_on(id)?;
            Some(Doubt::Source { rules: claim.rules.id.as_str().into(), text: doubt.text.as_str().into() })
        })
    }

    /// What is open about all that a role gives.
    fn of_all(&self) -> Option<Doubt> {
        let named = |claim: &Claim<'_>| claim.rules.id.as_str().into();
        let no_list = || self.claims.iter().find(|claim| claim.rules.asks_admin());
        let partial = self.claims.iter().find(|claim| claim.rules.is_partial());
        let shared = || self.claims.iter().find(|claim| claim.shared_name);
        partial
            .map(|claim| Doubt::Partial { rules: named(claim) })
            .or_else(|| no_list().map(|claim| Doubt::NoList { rules: named(claim) }))
            .or_else(|| shared().map(|claim| Doubt::SharedName { rules: named(claim) }))
    }
}

/// The severity that is left where there is a doubt, and whether that is so little that the permission may well
/// be needed: a feature that may be in use makes it information, a file that covers only a part does so for what
/// is neither critical nor high, and any other doubt leaves it as it is.
fn demote(severity: Severity, doubt: Option<&Doubt>) -> (Severity, bool) {
    let uncertain = match doubt {
        Some(Doubt::UndeclaredFeature { .. }) => true,
        Some(Doubt::Partial { .. } | Doubt::NoList { .. }) => severity < Severity::High,
        Some(Doubt::Source { .. } | Doubt::SharedName { .. }) | None => false,
    };
    (if uncertain { Severity::Info } else { severity }, uncertain)
}

#[cfg(test)]
mod tests;
