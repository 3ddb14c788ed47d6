//! An explanation for programs: `leastwise-explain/1`.

use serde::Serialize;

use super::{Asking, Subject, asking, asking_for_table};
use crate::commands::output;
use crate::error::Error;
use crate::model::{Level, Severity, Verb};
use crate::rules::Library;

#[derive(Serialize)]
struct ExplainV1<'e> {
    format: &'static str,
    /// `check`, `function` or `table`.
    kind: &'static str,
    #[serde(flatten)]
    what: WhatV1<'e>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum WhatV1<'e> {
    Check { id: &'e str, name: &'e str, severity: Severity, summary: &'e str, page: &'e str },
    Function(FunctionV1<'e>),
    Table { name: &'e str, spellings: &'e [String], endpoints: &'e [String], asked_for_by: Vec<String> },
}

#[derive(Serialize)]
struct FunctionV1<'e> {
    module: &'e str,
    function: &'e str,
    spellings: &'e [String],
    sensitivity: SensitivityV1,
    exposes: Option<&'e str>,
    breaks: Option<&'e str>,
    customizable: bool,
    endpoints: &'e [String],
    asked_for_by: Vec<AskingV1>,
}

#[derive(Serialize)]
struct SensitivityV1 {
    add: Severity,
    edit: Severity,
    delete: Severity,
    inquire: Severity,
}

#[derive(Serialize)]
struct AskingV1 {
    id: String,
    feature: Option<String>,
    add: Level,
    edit: Level,
    delete: Level,
    inquire: Level,
}

pub(super) fn write(subject: &Subject<'_>, library: &Library) -> Result<String, Error> {
    let (kind, what) = match subject {
        Subject::Check(check) => (
            "check",
            WhatV1::Check {
                id: check.id.as_str(),
                name: check.name,
                severity: check.severity,
                summary: check.summary,
                page: check.page(),
            },
        ),
        Subject::Function(id) => {
            let function = library.catalog.function(*id);
            let rated = |verb| function.sensitivity.of(verb);
            let sensitivity = SensitivityV1 {
                add: rated(Verb::Add),
                edit: rated(Verb::Edit),
                delete: rated(Verb::Delete),
                inquire: rated(Verb::Inquire),
            };
            let what = FunctionV1 {
                module: library.catalog.module_name(function.module),
                function: &function.name,
                spellings: &function.spellings,
                sensitivity,
                exposes: function.exposes.as_deref(),
                breaks: function.breaks.as_deref(),
                customizable: function.customize.is_some(),
                endpoints: &function.endpoints,
                asked_for_by: asking(*id, library).into_iter().map(one).collect(),
            };
            ("function", WhatV1::Function(what))
        }
        Subject::Table(table) => (
            "table",
            WhatV1::Table {
                name: &table.name,
                spellings: &table.spellings,
                endpoints: &table.endpoints,
                asked_for_by: asking_for_table(table, library),
            },
        ),
    };
    output::json(&ExplainV1 { format: "leastwise-explain/1", kind, what })
}

fn one(asking: Asking) -> AskingV1 {
    let level = |verb: Verb| asking.levels[verb as usize];
    AskingV1 {
        add: level(Verb::Add),
        edit: level(Verb::Edit),
        delete: level(Verb::Delete),
        inquire: level(Verb::Inquire),
        id: asking.id,
        feature: asking.feature,
    }
}
