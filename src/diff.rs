//! What changed between two readings of one tenant, as access: by the PSA's ids, ordered by how much a
//! key or a person can do. Names, order and spelling make no access.

mod access;
mod github;
mod incomparable;
mod json;
mod markdown;
mod needs;
mod order;
mod table;
mod words;

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::exit::Exit;
use crate::model::{FunctionRef, Level, MemberRef, RoleId, RoleRef, RoleUpdate, Source, Tenant, TenantId};
use crate::term::Style;

pub use access::{Access, Boards, FunctionKey, Key, Pair, Value};
pub use incomparable::Incomparable;
pub use needs::explain;

/// Which way a change goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Somebody can do more.
    Wider,
    /// Some access came and some went: somebody can do what they could not.
    Mixed,
    /// It cannot be told: a side does not say what it takes to compare.
    Unknown,
    /// Somebody can do less.
    Narrower,
    /// No access changed, such as by a new name.
    Neutral,
}

impl Direction {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 5] = [Self::Wider, Self::Mixed, Self::Unknown, Self::Narrower, Self::Neutral];

    /// The word that reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wider => "widened",
            Self::Mixed => "mixed",
            Self::Unknown => "unknown",
            Self::Narrower => "narrowed",
            Self::Neutral => "neutral",
        }
    }

    /// The direction of the way back.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Wider => Self::Narrower,
            Self::Narrower => Self::Wider,
            other => other,
        }
    }

    /// Whether somebody can do what they could not.
    #[must_use]
    pub const fn is_widening(self) -> bool {
        matches!(self, Self::Wider | Self::Mixed)
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What changed.
    pub key: Key,
    /// What it was; `None` where it was not there.
    pub before: Option<Value>,
    /// What it is; `None` where it is not there any more.
    pub after: Option<Value>,
    /// Which way it goes.
    pub direction: Direction,
    /// Of a role, member or login that came or went: what came or went with it.
    pub parts: Vec<Part>,
}

impl Change {
    /// How many verbs came or went with a role.
    fn grants(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part.key, Key::Grant(..))).count()
    }
}

/// Something that came or went with the thing that it is a part of.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What.
    pub key: Key,
    /// What it was.
    pub before: Option<Value>,
    /// What it is.
    pub after: Option<Value>,
}

/// Everything that changed between two readings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The changes, in order of what they are about.
    pub changes: Vec<Change>,
    /// What could not be compared.
    pub incomparable: Vec<Incomparable>,
    /// Functions that go by another name in the later reading.
    pub renamed: BTreeMap<(RoleId, FunctionKey), FunctionKey>,
}

impl Changes {
    /// Compares two readings of one tenant.
    #[must_use]
    pub fn between(old: &Tenant, new: &Tenant) -> Self {
        Self::of(&Pair::new(old, new))
    }

    /// Compares two readings that have been lined up.
    #[must_use]
    pub fn of(pair: &Pair) -> Self {
        let mut incomparable = pair.incomparable.clone();
        incomparable.sort();
        Self { changes: order::changes(pair), incomparable, renamed: pair.renamed.clone() }
    }

    /// Makes an access of what it was what it is.
    #[must_use]
    pub fn apply(&self, access: &Access) -> Access {
        let mut access = access.clone();
        let mut set = |key: &Key, value: &Option<Value>| match value {
            Some(value) => access.insert(key.clone(), value.clone()),
            None => access.remove(key),
        };
        for change in &self.changes {
            set(&change.key, &change.after);
            for part in &change.parts {
                set(&part.key, &part.after);
            }
        }
        access
    }

    /// The changes that go one way.
    pub fn going(&self, direction: Direction) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.direction == direction)
    }

    /// How the program ends.
    #[must_use]
    pub fn exit(&self, fail_on: FailOn) -> Exit {
        let fails = match fail_on {
            FailOn::Never => false,
            FailOn::Any => !self.changes.is_empty(),
            FailOn::Widened => self.changes.iter().any(|change| change.direction.is_widening()),
        };
        let is_partial = !self.incomparable.is_empty() || self.going(Direction::Unknown).next().is_some();
        match (fails, is_partial) {
            (true, _) => Exit::Findings,
            (false, true) => Exit::Partial,
            (false, false) => Exit::Clean,
        }
    }
}

/// `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// Somebody can do what they could not
    Widened,
    /// Anything changed at all
    Any,
    /// Never because of a change
    Never,
}

/// The forms in which a comparison can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// `leastwise-diff/1`.
    Json,
    /// For job summaries and pull requests.
    Markdown,
    /// Workflow commands of GitHub Actions: every widening is an annotation.
    Github,
}

/// An integration that needs what was widened, or part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    /// The rule file's id.
    pub integration: String,
    /// The level that it needs, of a grant; `None` where the change is not one grant.
    pub level: Option<Level>,
}

/// A change, with what a reader wants to know about it.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The change.
    pub change: Change,
    /// The role that it is about, by the newer name.
    pub role: Option<RoleRef>,
    /// The member that it is about.
    pub member: Option<MemberRef>,
    /// The user name of the login that it is about.
    pub login: Option<String>,
    /// The function, as the PSA calls it.
    pub function: Option<FunctionRef>,
    /// The line of the newer snapshot that shows it.
    pub line: Option<u32>,
    /// In a sentence without a full stop.
    pub message: String,
    /// Of a widening: the integrations that need it, or part of it.
    pub needed_by: Vec<Needed>,
    /// Of a widening: whether an integration needs it, in a sentence without a full stop.
    pub need: Option<String>,
    /// Who changed the role last, where the PSA says so.
    pub updated: Option<RoleUpdate>,
}

/// A comparison that is finished, with its exit code. Every writer is a function of it.
#[derive(Clone, Debug)]
pub struct DiffReport {
    /// leastwise's own version.
    pub version: String,
    /// The tenant's name in the config, or its company.
    pub tenant: String,
    /// Which PSA.
    pub id: TenantId,
    /// The earlier reading.
    pub old: Source,
    /// The later reading.
    pub new: Source,
    /// What changed.
    pub changes: Vec<Explained>,
    /// What could not be compared.
    pub incomparable: Vec<Incomparable>,
    /// How the program ends.
    pub exit: Exit,
}

impl DiffReport {
    /// How many changes go one way.
    #[must_use]
    pub fn count(&self, direction: Direction) -> usize {
        self.changes.iter().filter(|own| own.change.direction == direction).count()
    }
}

/// The JSON Schema of `leastwise-diff/1`.
pub(crate) fn json_schema() -> serde_json::Value {
    crate::json_schema::of::<json::DiffV1<'_>>()
}

/// Writes a comparison.
///
/// # Errors
/// Whatever `out` answers.
pub fn write(report: &DiffReport, format: Format, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table => table::write(report, style, out),
        Format::Json => json::write(report, out),
        Format::Markdown => markdown::write(report, out),
        Format::Github => github::write(report, out),
    }
}
