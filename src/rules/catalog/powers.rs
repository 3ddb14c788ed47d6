//! What a permission lets its holder do, beyond the integration's own work: read from `powers` of the
//! catalog's functions, tables and categories.
//!
//! Two things follow from others and stand in no list of their own. Delete that the catalog rates high
//! or critical gives `destroy`. Table Setup gives what the tables behind it give, unless its customise
//! list leaves them out. Sensitivity is rated by hand, for each verb; a test holds that a verb which
//! surely gives a dangerous power is rated critical.

use super::super::document::Section;
use super::super::problem::did_you_mean;
use crate::model::{Power, Severity, Verb, fold_function};

/// A power that a permission gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenPower {
    /// Which.
    pub power: Power,
    /// How surely the permission gives it.
    pub kind: GivenKind,
    /// What its holder does with it: "make a member of its own with any role".
    pub why: String,
    /// What to look at once a stranger had it.
    pub look: Option<String>,
}

impl GivenPower {
    /// Whether the power is dangerous, and shown rather than inferred.
    #[must_use]
    pub fn is_dangerous(&self) -> bool {
        self.kind != GivenKind::Inferred && self.power.is_dangerous()
    }
}

/// How surely a permission gives a power.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenKind {
    /// It does.
    Sure,
    /// It does unless the function's customise list leaves all these tables out.
    Conditional {
        /// As `Category / Table`; `Category / *` for all of one.
        tables: Vec<String>,
    },
    /// Nobody showed it: to be said, never to be counted.
    Inferred,
}

/// The powers of each verb, in the order of [`Verb::ALL`]; the worst first, each once for each kind and reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerbPowers([Vec<GivenPower>; 4]);

impl VerbPowers {
    /// What one verb gives.
    #[must_use]
    pub fn of(&self, verb: Verb) -> &[GivenPower] {
        &self.0[verb as usize]
    }

    fn give(&mut self, verb: Verb, given: GivenPower) {
        let own = &mut self.0[verb as usize];
        own.push(given);
        own.sort_by_key(|given| given.power);
    }

    pub(super) fn read(section: &Section<'_, '_>) -> Self {
        let mut powers = Self::default();
        for row in section.sections("powers") {
            let power = read_power(&row);
            let why = row.required_text("why");
            let look = row.text_if_any("look").map(|text| text.value);
            let inferred = row.flag("inferred").is_some_and(|flag| flag.value);
            let verbs = read_verbs(&row);
            row.finish();
            let (Some(power), Some(why)) = (power, why) else { continue };
            for verb in verbs {
                let kind = if inferred { GivenKind::Inferred } else { GivenKind::Sure };
                powers.give(verb, GivenPower { power, kind, why: why.value.clone(), look: look.clone() });
            }
        }
        powers
    }

    /// Adds what both give.
    pub(super) fn join(&mut self, other: &Self) {
        for verb in Verb::ALL {
            for given in other.of(verb) {
                self.give(verb, given.clone());
            }
        }
    }

    /// Delete on records is what `destroy` means.
    pub(super) fn add_destroy(&mut self, rated: Severity) {
        let already = self.of(Verb::Delete).iter().any(|given| given.power == Power::Destroy);
        if rated >= Severity::High && !already {
            let why = "delete what is kept there".to_owned();
            let given = GivenPower { power: Power::Destroy, kind: GivenKind::Sure, why, look: None };
            self.give(Verb::Delete, given);
        }
    }

    /// What Table Setup gives through the tables that its customise list may allow.
    pub(super) fn add_tables(&mut self, tables: &[(String, &Self)]) {
        for verb in Verb::ALL {
            for power in Power::ALL {
                let giving: Vec<_> = tables
                    .iter()
                    .flat_map(|(name, powers)| powers.of(verb).iter().map(move |given| (name, given)))
                    .filter(|(_, given)| given.power == power)
                    .collect();
                for is_sure in [true, false] {
                    let of_kind = |given: &GivenPower| (given.kind != GivenKind::Inferred) == is_sure;
                    let own: Vec<_> = giving.iter().copied().filter(|(_, given)| of_kind(given)).collect();
                    if !own.is_empty() {
                        self.give(verb, through_tables(power, is_sure, &own));
                    }
                }
            }
        }
    }
}

fn through_tables(power: Power, is_sure: bool, giving: &[(&String, &GivenPower)]) -> GivenPower {
    let tables: Vec<_> = giving.iter().map(|(name, _)| (*name).clone()).collect();
    let each = |text: &dyn Fn(&GivenPower) -> Option<String>| {
        let mut texts: Vec<(String, Vec<&str>)> = Vec::new();
        for (name, given) in giving {
            let Some(own) = text(given) else { continue };
            match texts.iter_mut().find(|(text, _)| *text == own) {
                Some((_, names)) => names.push(name),
                None => texts.push((own, vec![name])),
            }
        }
        texts
    };
    let whys = each(&|given| Some(given.why.clone()));
    let whys: Vec<_> = whys.iter().map(|(why, names)| format!("{why} ({})", names.join(", "))).collect();
    let looks: Vec<_> = each(&|given| given.look.clone()).into_iter().map(|(look, _)| look).collect();
    GivenPower {
        power,
        kind: if is_sure { GivenKind::Conditional { tables } } else { GivenKind::Inferred },
        why: whys.join(", or "),
        look: (!looks.is_empty()).then(|| looks.join(". ")),
    }
}

/// What every table of a category gives, those that only a tenant has included.
#[derive(Clone, Debug)]
pub struct Category {
    /// The part before the slash.
    pub name: String,
    /// What each verb gives.
    pub powers: VerbPowers,
}

impl Category {
    /// Whether a table is one of its own.
    pub(super) fn holds(&self, table: &str) -> bool {
        table
            .split_once('/')
            .is_some_and(|(category, _)| fold_function(category) == fold_function(&self.name))
    }
}

fn read_power(row: &Section<'_, '_>) -> Option<Power> {
    let word = row.required_text("power")?;
    let power = Power::from_word(&word.value);
    if power.is_none() {
        let known = Power::ALL.map(Power::as_str);
        let help = did_you_mean(&word.value, known).map_or_else(
            || format!("one of {}", known.join(", ")),
            |near| format!("did you mean \"{near}\"?"),
        );
        row.document.note(word.span, format!("\"{}\" is not a power", word.value), Some(help));
    }
    power
}

fn read_verbs(row: &Section<'_, '_>) -> Vec<Verb> {
    if !row.has("verbs") {
        row.missing("verbs");
    }
    let mut verbs = Vec::new();
    for word in row.texts("verbs") {
        match Verb::from_word(&word.value) {
            Some(verb) => verbs.push(verb),
            None => {
                let help = Some(format!("one of {}", Verb::ALL.map(Verb::as_str).join(", ")));
                row.document.note(word.span, format!("\"{}\" is not a verb", word.value), help);
            }
        }
    }
    verbs
}
