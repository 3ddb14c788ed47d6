//! The comparison: whatever a role gives and whatever is needed, every verb of every row is compared or said to be
//! unread; raising a level takes no power away and makes nothing missing, and raising a need makes no excess.

#![no_main]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use leastwise::access::{Claim, Compared, Excesses, Granted, Lens, PowerRow, Requirements, Rights};
use leastwise::model::{FunctionRef, Grant, Grants, Level, Power, Setting, Severity, Verb};
use leastwise::rules::{
    Catalog, FunctionId, Need, NeedLevel, Needs, Origin, RuleFile, Target, built_in_catalog,
};
use libfuzzer_sys::fuzz_target;

static CATALOG: LazyLock<Arc<Catalog>> =
    LazyLock::new(|| built_in_catalog().unwrap_or_else(|problems| panic!("{problems}")));

/// Of what claims an integration may be: whole, in doubt about a function, in part, and without any list.
static FILES: LazyLock<Vec<RuleFile>> = LazyLock::new(|| {
    [
        "[needs.Companies]\nContacts = { edit = \"My\" }",
        "[needs.Companies]\nContacts = { edit = \"My\" }\n[[doubt]]\nfunctions = [\"Companies / Contacts\"]\ntext = \"It is open.\"",
        "partial = true\n[needs.Companies]\nContacts = { edit = \"My\" }",
        "asks_admin = true",
    ]
    .into_iter()
    .map(|more| {
        let text = format!("id = \"a\"\nvendor = \"V\"\nproduct = \"P\"\nread = 2026-11-22\n{more}");
        RuleFile::parse("a.toml", &text, Origin::BuiltIn, &CATALOG).unwrap_or_else(|problems| panic!("{problems}"))
    })
    .collect()
});

fuzz_target!(|data: &[u8]| {
    let mut bytes = data.iter().copied();
    let case = Case::of(&mut bytes);
    let found = case.excesses(&case.settings, &case.needs);
    accounts_for_every_verb(&case, &found);
    does_not_mind_the_order(&case, &found);
    survives_a_raised_level(&case, &found, &mut bytes);
    survives_a_raised_need(&case, &found, &mut bytes);
});

/// What a role says, what is needed, and who needs it.
struct Case {
    settings: Vec<Setting>,
    needs: Needs,
    undeclared: Option<Needs>,
    file: usize,
    shared_name: bool,
}

impl Case {
    fn of(bytes: &mut impl Iterator<Item = u8>) -> Self {
        let mut next = || bytes.next().unwrap_or_default();
        let (file, shared_name) = (usize::from(next()) % FILES.len(), next() % 2 == 1);
        let (rows, needs, undeclared) = (next() % 40, next() % 24, next() % 6);
        let settings = (0..rows).map(|_| setting(&mut next)).collect();
        let mut targets = BTreeMap::new();
        for _ in 0..needs {
            let (target, need) = need(&mut next);
            targets.insert(target, need);
        }
        let undeclared =
            (undeclared > 0).then(|| Needs { rows: (0..undeclared).map(|_| need(&mut next)).collect() });
        Self { settings, needs: Needs { rows: targets.into_iter().collect() }, undeclared, file, shared_name }
    }

    fn excesses(&self, settings: &[Setting], needs: &Needs) -> Excesses {
        let undeclared =
            self.undeclared.iter().map(|needs| ("more", Requirements::of_feature(needs))).collect();
        let claim = Claim { rules: &FILES[self.file], undeclared, shared_name: self.shared_name };
        let rights = Rights::new(settings, &CATALOG);
        Excesses::of(&rights, &Requirements::of_feature(needs), &[claim], &CATALOG)
    }
}

/// A function of the catalog, by its name or its identifier alone; or one that the catalog does not know, in a
/// module that it may know.
fn setting(next: &mut impl FnMut() -> u8) -> Setting {
    let (place, kind) = (usize::from(next()), next());
    let (_, known) = CATALOG.functions().nth(place % CATALOG.functions().count()).unwrap_or_else(|| panic!("{place}"));
    let module = CATALOG.module_name(known.module).to_owned();
    let (module, function) = match kind % 8 {
        0 => (module, format!("Never Heard Of {}", place % 3)),
        1 => ("Nowhere".to_owned(), format!("Never Heard Of {}", place % 3)),
        2 => (module, known.name.to_uppercase()),
        _ => (module, known.name.clone()),
    };
    let (mut levels, more) = (next(), next());
    let grants = Grants::from_fn(|verb| {
        let digit = levels % 4;
        levels /= 4;
        match (digit, more >> (verb as u8 * 2) & 3) {
            (1, _) => Grant::Level(Level::My),
            (2, _) => Grant::Level(Level::All),
            (3, 0) => Grant::NotOffered,
            (3, 1) => Grant::Unknown("Tous".into()),
            (3, 2) => Grant::Absent,
            _ => Grant::Level(Level::None),
        }
    });
    Setting::new(module, function, grants)
}

fn need(next: &mut impl FnMut() -> u8) -> (Target, Need) {
    let (place, kind) = (usize::from(next()), next());
    let (id, known) = CATALOG.functions().nth(place % CATALOG.functions().count()).unwrap_or_else(|| panic!("{place}"));
    let target = if kind % 8 == 0 { Target::Module(known.module) } else { Target::Function(id) };
    let mut levels = next();
    let levels = Verb::ALL.map(|_| {
        let digit = levels % 4;
        levels /= 4;
        let level = Level::ALL.get(usize::from(digit)).copied()?;
        Some(NeedLevel { level, implied: kind & 16 > 0, setup_only: false })
    });
    (target, Need { levels, ..Need::default() })
}

/// Each verb of each function once: compared, or unread and said so; what is above need is so by what the row says.
fn accounts_for_every_verb(case: &Case, found: &Excesses) {
    let rights = Rights::new(&case.settings, &CATALOG);
    let verbs = (rights.known.len() + rights.unknown.len()) * Verb::ALL.len();
    assert_eq!(found.compared + found.unread.len(), verbs);
    let mut places = BTreeSet::new();
    for own in &found.above {
        assert!(own.granted > own.required, "{own:?}");
        assert!(places.insert(place(&own.function, own.verb)), "{own:?}");
    }
    for own in &found.unread {
        assert!(places.insert(place(&own.function, own.verb)), "{own:?}");
    }
    let needs = Requirements::of_feature(&case.needs);
    for (&id, row) in &rights.known {
        for verb in Verb::ALL {
            let required = needs.level(id, CATALOG.function(id).module, verb);
            let is_above = found
                .above
                .iter()
                .any(|own| place(&own.function, own.verb) == place(&CATALOG.reference(id), verb));
            let says_more = matches!(row.grant(verb), Some(Grant::Level(level)) if *level > required);
            assert_eq!(is_above, says_more, "{row:?} {verb}");
        }
    }
}

fn does_not_mind_the_order(case: &Case, found: &Excesses) {
    let mut turned = case.settings.clone();
    turned.reverse();
    let told = |found: &Excesses| {
        let above = found.above.iter().map(|own| {
            format!(
                "{:?}",
                (&own.function, own.verb, own.granted, own.required, own.severity, &own.doubt, &own.powers)
            )
        });
        above
            .chain(found.unread.iter().map(|own| format!("{:?}", (&own.function, own.verb, &own.granted))))
            .collect::<Vec<_>>()
    };
    let again = case.excesses(&turned, &case.needs);
    assert_eq!(
        (told(&again), again.compared, again.is_wide()),
        (told(found), found.compared, found.is_wide())
    );
    let twice: Vec<_> = case.settings.iter().chain(&case.settings).cloned().collect();
    assert_eq!(told(&case.excesses(&twice, &case.needs)), told(found));
}

/// One function's verb a step higher, in all rows that say a level of it.
fn survives_a_raised_level(case: &Case, found: &Excesses, bytes: &mut impl Iterator<Item = u8>) {
    let mut next = || usize::from(bytes.next().unwrap_or_default());
    if case.settings.is_empty() {
        return;
    }
    let chosen = case.settings[next() % case.settings.len()].clone();
    let verb = Verb::ALL[next() % Verb::ALL.len()];
    let is_chosen = |setting: &Setting| match (CATALOG.lookup(setting), CATALOG.lookup(&chosen)) {
        (leastwise::rules::Lookup::Known(one), leastwise::rules::Lookup::Known(other)) => one == other,
        _ => reference(setting).key() == reference(&chosen).key(),
    };
    let mut raised = case.settings.clone();
    for setting in raised.iter_mut().filter(|setting| is_chosen(setting)) {
        if let Grant::Level(level) = setting.grants.of(verb) {
            let higher = if *level == Level::None { Level::My } else { Level::All };
            setting.grants.set(verb, Grant::Level(higher));
        }
    }
    let after = case.excesses(&raised, &case.needs);
    assert_eq!(after.compared + after.unread.len(), found.compared + found.unread.len());
    assert!(
        severities(found)
            .iter()
            .all(|(place, severity)| severities(&after).get(place).is_some_and(|own| own >= severity))
    );
    let (before, now) = (Rights::new(&case.settings, &CATALOG), Rights::new(&raised, &CATALOG));
    let needs = Requirements::of_feature(&case.needs);
    for (id, verb, need) in needs.functions() {
        let compared = |rights: &Rights<'_>| Granted::of(rights.known.get(&id), verb).compare(need.level);
        let is_met = |compared| matches!(compared, Compared::Meets | Compared::Excess(_));
        assert!(!is_met(compared(&before)) || is_met(compared(&now)));
        assert!(
            Granted::of(before.known.get(&id), verb).at_most()
                <= Granted::of(now.known.get(&id), verb).at_most()
                || matches!(before.known.get(&id), Some(row) if row.grant(verb).is_none())
        );
    }
    for needs in [None, Some(&needs)] {
        keeps_every_power(&powers(needs, &before), &powers(needs, &now));
    }
}

fn reference(setting: &Setting) -> FunctionRef {
    FunctionRef { module: setting.module.clone(), function: setting.function.clone() }
}

fn place(function: &FunctionRef, verb: Verb) -> (String, Verb) {
    (function.key(), verb)
}

fn severities(found: &Excesses) -> BTreeMap<(String, Verb), Severity> {
    found.above.iter().map(|own| (place(&own.function, own.verb), own.severity)).collect()
}

fn powers(needs: Option<&Requirements>, rights: &Rights<'_>) -> Vec<PowerRow> {
    let nothing = |_: FunctionId, _: Verb| false;
    let unknown = |_: FunctionId, _: &str| None;
    Lens { catalog: &CATALOG, needs, is_waived: &nothing, allows: &unknown }.of_role(rights)
}

/// As sure as it was, and as far where it is as sure; an inferred way may have gone behind a sure one.
fn keeps_every_power(before: &[PowerRow], now: &[PowerRow]) {
    type Strength = (bool, bool, leastwise::access::Reach);
    let strongest = |rows: &[PowerRow]| {
        let mut strongest: BTreeMap<Power, Strength> = BTreeMap::new();
        for row in rows {
            let strength = (!row.inferred, !row.conditional, row.level);
            let own = strongest.entry(row.power).or_insert(strength);
            *own = (*own).max(strength);
        }
        strongest
    };
    let now = strongest(now);
    for (power, strength) in strongest(before) {
        assert!(now.get(&power).is_some_and(|own| *own >= strength), "{power:?} {strength:?} {now:?}");
    }
}

/// More is asked for: what was no excess is none, and what is excess is no more than it was.
fn survives_a_raised_need(case: &Case, found: &Excesses, bytes: &mut impl Iterator<Item = u8>) {
    let mut next = || bytes.next().unwrap_or_default();
    let more = need(&mut next);
    let mut needs = Requirements::of_feature(&case.needs);
    needs.join(&Requirements::of_feature(&Needs { rows: vec![more] }));
    let before = Requirements::of_feature(&case.needs);
    let undeclared = case.undeclared.iter().map(|needs| ("more", Requirements::of_feature(needs))).collect();
    let claim = Claim { rules: &FILES[case.file], undeclared, shared_name: case.shared_name };
    let rights = Rights::new(&case.settings, &CATALOG);
    let after = Excesses::of(&rights, &needs, &[claim], &CATALOG);
    let places: BTreeSet<_> = found.above.iter().map(|own| place(&own.function, own.verb)).collect();
    assert!(after.above.iter().all(|own| places.contains(&place(&own.function, own.verb))));
    assert!(after.above.len() <= found.above.len());
    for (id, verb, need) in before.functions() {
        assert!(needs.level(id, CATALOG.function(id).module, verb) >= need.level);
    }
    let mut both = needs.clone();
    both.join(&before);
    assert!(both.same_access(&needs));
}
