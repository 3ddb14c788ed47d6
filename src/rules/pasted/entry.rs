//! What is read of one function, while its rows and the lines below them are read.

use super::super::need::{Need, NeedLevel, Target};
use super::row::Cell;
use super::verbs::Listed;
use crate::model::{Level, Verb};

/// Something that stands beside a level or a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remark {
    /// The verb that it stands beside, if any.
    pub(super) verb: Option<Verb>,
    pub(super) text: String,
}

/// One function, and what the page says of it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) target: Target,
    /// Where the page names it.
    pub(super) name: Cell,
    pub(super) levels: [Option<NeedLevel>; 4],
    /// The page says that nothing is needed of some verb.
    pub(super) says_none: bool,
    pub(super) why: Vec<String>,
    pub(super) remarks: Vec<Remark>,
    pub(super) allow: Vec<String>,
    /// Levels that stand one to a line, until there is one for each column.
    pub(super) waiting: Vec<Cell>,
    /// Its cells may stand under the wrong verbs.
    pub(super) may_have_moved: bool,
}

impl Entry {
    pub(super) fn new(target: Target, name: Cell) -> Self {
        Self {
            target,
            name,
            levels: [None; 4],
            says_none: false,
            why: Vec::new(),
            remarks: Vec::new(),
            allow: Vec::new(),
            waiting: Vec::new(),
            may_have_moved: false,
        }
    }

    pub(super) fn asks(&self) -> bool {
        self.levels.iter().any(Option::is_some)
    }

    /// Whether nothing was said of any verb yet.
    pub(super) fn is_open(&self) -> bool {
        !self.asks() && !self.says_none
    }

    /// Of two levels for one verb, the higher.
    pub(super) fn ask(&mut self, verb: Verb, level: Level, implied: bool) {
        if level == Level::None {
            self.says_none = true;
            return;
        }
        let own = &mut self.levels[verb as usize];
        if own.is_none_or(|own| own.level < level) {
            *own = Some(NeedLevel { level, implied, setup_only: false });
        }
    }

    /// Takes verbs with their levels; `default` is the level of those without one.
    pub(super) fn ask_all(&mut self, listed: &Listed, default: Option<Level>) {
        for &(verb, level) in &listed.verbs {
            let level = level.or(default);
            self.ask(verb, level.unwrap_or(Level::All), level.is_none());
        }
        if let Some(level) = listed.level.filter(|_| listed.verbs.is_empty()) {
            for verb in Verb::ALL {
                self.ask(verb, level, true);
            }
        }
        self.remark(None, &listed.rest);
    }

    /// Keeps what stands beside a level or a name.
    pub(super) fn remark(&mut self, verb: Option<Verb>, text: &str) {
        let text = one_line(text);
        if !text.is_empty() {
            self.remarks.push(Remark { verb, text });
        }
    }

    pub(super) fn reason(&mut self, text: &str) {
        let text = one_line(text);
        if !text.is_empty() && !self.why.contains(&text) {
            self.why.push(text);
        }
    }

    /// Everything of another row on the same function.
    pub(super) fn join(&mut self, other: Self) {
        for verb in Verb::ALL {
            if let Some(level) = other.levels[verb as usize] {
                self.ask(verb, level.level, level.implied);
            }
        }
        self.says_none |= other.says_none;
        self.may_have_moved |= other.may_have_moved;
        other.why.iter().for_each(|text| self.reason(text));
        self.remarks.extend(other.remarks);
        for entry in other.allow {
            if !self.allow.contains(&entry) {
                self.allow.push(entry);
            }
        }
    }

    pub(super) fn need(&self) -> Need {
        Need {
            levels: self.levels,
            allow: (!self.allow.is_empty())
                .then(|| super::super::need::Allow { entries: self.allow.clone() }),
            why: (!self.why.is_empty()).then(|| self.why.join("; ")),
            ..Need::default()
        }
    }

    /// What stands beside its levels and its name, in one text.
    pub(super) fn doubt(&self) -> Option<String> {
        let mut texts: Vec<String> = Vec::new();
        for remark in &self.remarks {
            let text = match remark.verb {
                Some(verb) => format!("{}: {}", verb.title(), remark.text),
                None => remark.text.clone(),
            };
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        (!texts.is_empty()).then(|| texts.join("; "))
    }
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
