//! A rule file as JSON: a layout apart from the internal types, one entry a verb.

use serde::Serialize;

use crate::commands::output;
use crate::commands::rules::head::{Head, Place};
use crate::error::Error;
use crate::model::{Level, Verb};
use crate::rules::{Catalog, Doubt, Fact, Needs, RuleFile};

#[derive(Serialize)]
struct RulesV1<'r> {
    format: &'static str,
    #[serde(flatten)]
    head: Head<'r>,
    unclear: &'r [String],
    /// What the vendor says about asking for Admin.
    vendor_says: Option<&'r str>,
    /// How to see that it works.
    test: Option<&'r str>,
    doubts: Vec<DoubtV1<'r>>,
    r#match: MatchV1<'r>,
    needs: Vec<NeedV1<'r>>,
    allow: Vec<AllowV1<'r>>,
    features: Vec<FeatureV1<'r>>,
    probes: &'r [String],
    member: MemberV1<'r>,
    advice: AdviceV1<'r>,
    checklist: Option<ChecklistV1<'r>>,
    facts: Vec<FactV1<'r>>,
    #[serde(flatten)]
    place: Place<'r>,
}

#[derive(Serialize)]
struct DoubtV1<'r> {
    functions: Vec<String>,
    text: &'r str,
}

#[derive(Serialize)]
struct FactV1<'r> {
    about: &'static str,
    text: &'r str,
    source: Option<&'r str>,
}

#[derive(Serialize)]
struct MatchV1<'r> {
    roles: &'r [String],
    members: &'r [String],
    logins: &'r [String],
}

#[derive(Serialize)]
struct NeedV1<'r> {
    module: &'r str,
    /// `*` for every function of the module.
    function: &'r str,
    verb: &'static str,
    level: Level,
    implied: bool,
    setup_only: bool,
    basis: &'static str,
    why: Option<&'r str>,
    unclear: Option<&'r str>,
}

#[derive(Serialize)]
struct AllowV1<'r> {
    module: &'r str,
    function: &'r str,
    entries: &'r [String],
    basis: &'static str,
    unclear: Option<&'r str>,
}

#[derive(Serialize)]
struct FeatureV1<'r> {
    name: &'r str,
    summary: &'r str,
    source: Option<&'r str>,
    read: Option<String>,
    needs: Vec<NeedV1<'r>>,
    allow: Vec<AllowV1<'r>>,
}

#[derive(Serialize)]
struct MemberV1<'r> {
    level: Option<&'r str>,
    location: Option<&'r str>,
    boards: Option<&'r str>,
    notes: &'r [String],
}

#[derive(Serialize)]
struct AdviceV1<'r> {
    notes: Vec<NoteV1<'r>>,
    needs: Vec<AdvisedV1<'r>>,
}

#[derive(Serialize)]
struct NoteV1<'r> {
    text: &'r str,
    proven: bool,
}

#[derive(Serialize)]
struct AdvisedV1<'r> {
    module: &'r str,
    function: &'r str,
    verb: &'static str,
    level: Level,
    why: &'r str,
    proven: bool,
}

#[derive(Serialize)]
struct ChecklistV1<'r> {
    console: Option<&'r str>,
    steps: &'r [String],
}

pub(super) fn write(rules: &RuleFile, catalog: &Catalog) -> Result<String, Error> {
    let matches = &rules.matches;
    let member = &rules.member;
    output::json(&RulesV1 {
        format: "leastwise-rules/1",
        head: Head::of(rules),
        unclear: &rules.unclear,
        vendor_says: rules.vendor_says(),
        test: rules.test(),
        doubts: doubts(rules, catalog),
        r#match: MatchV1 { roles: &matches.roles, members: &matches.members, logins: &matches.logins },
        needs: needs(&rules.needs, catalog),
        allow: allow(&rules.needs, catalog),
        features: features(rules, catalog),
        probes: &rules.probes,
        member: MemberV1 {
            level: member.level.as_deref(),
            location: member.location.as_deref(),
            boards: member.boards.as_deref(),
            notes: &member.notes,
        },
        advice: advice(rules, catalog),
        checklist: rules
            .checklist
            .as_ref()
            .map(|list| ChecklistV1 { console: list.console.as_deref(), steps: &list.steps }),
        facts: facts(rules),
        place: Place::of(rules),
    })
}

fn doubts<'r>(rules: &'r RuleFile, catalog: &Catalog) -> Vec<DoubtV1<'r>> {
    let each = |doubt: &'r Doubt| DoubtV1 {
        functions: doubt.functions.iter().map(|&id| catalog.full_name(id)).collect(),
        text: &doubt.text,
    };
    rules.doubts.iter().map(each).collect()
}

fn facts<'r>(rules: &'r RuleFile) -> Vec<FactV1<'r>> {
    let each = |fact: &'r Fact| FactV1 {
        about: fact.kind.as_str(),
        text: &fact.text,
        source: fact.source.as_deref(),
    };
    rules.facts.iter().map(each).collect()
}

fn features<'r>(rules: &'r RuleFile, catalog: &'r Catalog) -> Vec<FeatureV1<'r>> {
    let features = rules.features.iter().map(|(name, feature)| FeatureV1 {
        name,
        summary: &feature.summary,
        source: feature.source.as_deref(),
        read: feature.read.map(|date| date.to_string()),
        needs: needs(&feature.needs, catalog),
        allow: allow(&feature.needs, catalog),
    });
    features.collect()
}

fn needs<'r>(needs: &'r Needs, catalog: &'r Catalog) -> Vec<NeedV1<'r>> {
    let mut rows = Vec::new();
    for (target, need) in &needs.rows {
        for verb in Verb::ALL {
            let Some(own) = need.levels[verb as usize] else { continue };
            rows.push(NeedV1 {
                module: catalog.module_name(target.module(catalog)),
                function: target.function(catalog),
                verb: verb.as_str(),
                level: own.level,
                implied: own.implied,
                setup_only: own.setup_only,
                basis: need.basis.as_str(),
                why: need.why.as_deref(),
                unclear: need.unclear.as_deref(),
            });
        }
    }
    rows
}

fn allow<'r>(needs: &'r Needs, catalog: &'r Catalog) -> Vec<AllowV1<'r>> {
    let rows = needs.rows.iter().filter_map(|(target, need)| {
        Some(AllowV1 {
            module: catalog.module_name(target.module(catalog)),
            function: target.function(catalog),
            entries: &need.allow.as_ref()?.entries,
            basis: need.basis.as_str(),
            unclear: need.unclear.as_deref(),
        })
    });
    rows.collect()
}

fn advice<'r>(rules: &'r RuleFile, catalog: &'r Catalog) -> AdviceV1<'r> {
    let notes = rules.advice.notes.iter().map(|note| NoteV1 { text: &note.text, proven: note.proven });
    let mut needs = Vec::new();
    for advised in &rules.advice.levels {
        for verb in Verb::ALL {
            let Some(level) = advised.levels[verb as usize] else { continue };
            needs.push(AdvisedV1 {
                module: catalog.module_name(advised.target.module(catalog)),
                function: advised.target.function(catalog),
                verb: verb.as_str(),
                level,
                why: &advised.why,
                proven: advised.proven,
            });
        }
    }
    AdviceV1 { notes: notes.collect(), needs }
}
