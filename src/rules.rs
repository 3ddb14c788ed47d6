//! What is known and what is needed, as data: the catalog of functions and the rule files of
//! integrations, read from TOML with every problem of a file named at its line and column.

mod assumptions;
mod catalog;
mod causes;
mod changes;
mod document;
mod doubt;
mod error_text;
mod facts;
mod forbidden;
mod library;
mod lint;
mod named;
mod names;
mod need;
pub mod pasted;
mod problem;
mod reading;
mod resembling;
mod rule_file;
pub mod schema;
mod to_toml;
mod words;

pub use assumptions::{Assumption, AssumptionText, Assumptions, Look, Mark};
pub use catalog::{
    Catalog, Category, Function, FunctionId, GivenKind, GivenPower, Lookup, Module, ModuleId, Sensitivity,
    Table, VerbPowers,
};
pub use causes::{Cause, Causes, Meaning};
pub use changes::{ChangedFile, ChangedLevel, ChangedTable, RuleChanges};
pub(crate) use document::BACKSLASH;
pub use document::{Document, Examined, Item, Section};
pub use doubt::Doubt;
pub use facts::{Fact, FactKind};
#[cfg(test)]
pub(crate) use forbidden::is_forbidden;
pub use library::{Library, Shelf, built_in_catalog, built_in_files, built_in_ids};
pub use lint::STALE_AFTER_DAYS;
pub(crate) use named::{candidates, nearest};
pub use names::{NameOf, Names};
pub use need::{Allow, Basis, Need, NeedLevel, Needs, Target};
pub use problem::{Problem, Problems, did_you_mean};
pub use reading::{Days, Reading};
pub use resembling::Near;
pub use rule_file::{
    Advice, AdvisedLevels, AsksAdmin, Checklist, Feature, Match, MemberAdvice, Note, Origin, RuleFile,
};
pub(crate) use to_toml::quoted;
pub use to_toml::to_toml;
pub(crate) use words::words;
