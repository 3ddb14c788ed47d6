//! What is known and what is needed, as data: the catalog of functions and the rule files of
//! integrations, read from TOML with every problem of a file named at its line and column.

mod catalog;
mod document;
mod library;
mod need;
mod problem;
mod rule_file;
pub mod schema;

pub use catalog::{Catalog, Function, FunctionId, Lookup, Module, ModuleId, Sensitivity, Table};
pub use document::{Document, Item, Section};
pub use library::{BUILT_IN, Library, built_in_catalog};
pub use need::{Allow, Basis, Need, NeedLevel, Needs, Target};
pub use problem::{Problem, Problems, did_you_mean};
pub use rule_file::{Advice, AdvisedLevels, Checklist, Feature, Match, MemberAdvice, Note, Origin, RuleFile};
