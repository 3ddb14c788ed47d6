//! What stops a stolen key, in order, what to look at afterwards, and what cannot be seen.

use std::collections::{BTreeMap, BTreeSet};

use super::{Impact, is_served_by};
use crate::checks::{Binding, BoundMember};
use crate::model::{Power, Tenant, Verb, fold_name};
use crate::rules::Catalog;
use crate::term::text::join_and;

/// The step that sets a member inactive.
const INACTIVE: usize = 1;

/// What stops it, the first thing first.
pub(super) fn steps(impact: &Impact<'_>, bindings: &[Binding<'_>], tenant: &Tenant) -> Vec<String> {
    let name = impact.name();
    let mut steps = match impact.member {
        BoundMember::Api(_) => vec![
            format!(
                "Keep evidence before anything changes: `leastwise snapshot -o incident.json`; System > Members > API Members > {name} > API Logs; a picture of the list under API Keys, with its dates"
            ),
            format!(
                "System > Members > API Members > {name}: set it inactive, and Save. Whoever holds a key is out, the integration stops, and one click brings it back"
            ),
            format!(
                "System > Members > API Members > {name} > API Keys: delete every key, once the evidence is kept"
            ),
        ],
        BoundMember::Person(_) => vec![
            format!(
                "Keep evidence before anything changes: `leastwise snapshot -o incident.json`; a picture of {name} > My Account > API Keys, with its dates"
            ),
            format!(
                "System > Members > {name}: set it inactive if the person's password may be known too, and Save"
            ),
            format!("{name} > My Account > API Keys: delete every key that this person made"),
        ],
    };
    if impact.member.active() == Some(false) {
        // Its keys do nothing while it stays so.
        steps[INACTIVE] =
            format!("{name} is inactive: leave it so, whatever anybody says, until all of this is done");
    }
    steps.extend(legacy_logins(impact, bindings, tenant).into_iter().map(|login| {
        format!("System > Setup Tables > General / Integrator Login > {login}: take a picture, then set it inactive. It works with a password, whatever happens to the keys")
    }));
    let siblings = siblings(impact, bindings);
    if !siblings.is_empty() {
        steps.push(format!("Do the same for {}: the same vendor holds its key", join_and(&siblings)));
    }
    let counted: Vec<_> = impact.raises.iter().filter(|raise| raise.counts()).collect();
    for (i, raise) in counted.iter().enumerate() {
        let Some(check) = &raise.check else { continue };
        let is_same = |other: &&&super::Raise| other.check.as_ref() == Some(check);
        if !counted[..i].iter().any(|earlier| is_same(&earlier)) {
            let held: Vec<_> = counted.iter().filter(is_same).map(|raise| held(raise)).collect();
            steps.push(format!("{check} (it held {})", held.join("; ")));
        }
    }
    steps.push(if impact.has_vendor() {
        "Ask the vendor since when somebody else has had the key, and keep the member inactive until it answers".to_owned()
    } else {
        "Find out who uses the key and since when somebody else has had it, and keep the member inactive until you know".to_owned()
    });
    steps.push("Ask ConnectWise's support, or whoever can read /system/callbacks (LW311), for callbacks that nobody knows, and have them deleted: they go on sending records after the keys are gone, and no screen lists them".to_owned());
    if impact.raises.iter().any(|raise| raise.counts() && raise.power == Power::TakeOver) {
        steps.push("Look through the API Keys of every other member for keys that you did not make: this key could make keys".to_owned());
    }
    let own = impact
        .integrations
        .first()
        .map_or_else(String::new, |id| format!(" (leastwise checklist --integration {id})"));
    let where_to = if impact.has_vendor() { "in the vendor's console" } else { "where the old one was" };
    steps.push(format!("Then: a role of its own with only what it needs{own}, never a narrower Admin or shared role; make a new key, and enter it {where_to}"));
    steps
}

fn held(raise: &super::Raise) -> String {
    let verbs: Vec<_> = raise.verbs.iter().map(|(verb, level)| format!("{} {level}", verb.title())).collect();
    format!("{} {}", raise.function, join_and(&verbs))
}

/// "can take over our PSA (System / My Account and System / Table Setup)", each power once.
fn perhaps(raises: &[super::Raise]) -> Vec<String> {
    let mut of_power: BTreeMap<Power, BTreeSet<&str>> = BTreeMap::new();
    for raise in raises.iter().filter(|raise| !raise.counts()) {
        of_power.entry(raise.power).or_default().insert(&raise.function);
    }
    let words = |(power, functions): (&Power, &BTreeSet<&str>)| {
        format!("{} ({})", power.board_words(), join_and(&functions.iter().collect::<Vec<_>>()))
    };
    of_power.iter().map(words).collect()
}

/// Active integrator logins that go by a name of the member's integrations.
fn legacy_logins(impact: &Impact<'_>, bindings: &[Binding<'_>], tenant: &Tenant) -> Vec<String> {
    let own = bindings.iter().filter(|binding| is_served_by(binding, &impact.member));
    let names: Vec<_> =
        own.flat_map(|binding| &binding.rules.matches.logins).map(|name| fold_name(name)).collect();
    let logins = tenant.logins.rows().map(Vec::as_slice).unwrap_or_default();
    let found = logins
        .iter()
        .filter(|login| login.active != Some(false) && names.contains(&fold_name(&login.username)));
    found.map(|login| login.username.to_string()).collect()
}

/// Other active API members of the same integrations.
fn siblings(impact: &Impact<'_>, bindings: &[Binding<'_>]) -> Vec<String> {
    let own = impact.member.id();
    let mut names: Vec<_> = bindings
        .iter()
        .filter(|binding| impact.integrations.contains(&binding.rules.id))
        .filter_map(|binding| binding.member.as_ref())
        .filter(|member| member.active() != Some(false) && member.id() != own)
        .map(|member| member.reference().to_string())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// What to look at when the key is dead.
pub(super) fn afterwards(impact: &Impact<'_>) -> Vec<String> {
    let mut list = vec![
        "Compare with the last snapshot that you trust: `leastwise diff OLD.json` shows every member, role and permission that changed since".to_owned(),
    ];
    let reach = impact.reach.as_deref().unwrap_or_default();
    let names = |verb: Verb| -> Vec<String> {
        reach.iter().filter(|row| row.allows(verb)).map(|row| row.function.to_string()).collect()
    };
    let of = |names: Vec<String>, what: &str| {
        const SHOWN: usize = 12;
        let more = names.len().saturating_sub(SHOWN);
        let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
        let more = if more == 0 { String::new() } else { format!("; and {more} more") };
        (!names.is_empty()).then(|| format!("{what}: {shown}{more}"))
    };
    list.extend(of(
        names(Verb::Delete),
        "It could delete records. Look for deleted ones, and keep a backup from before",
    ));
    list.extend(of(names(Verb::Edit), "It could change records. Look for changes by this member"));
    list.extend(of(names(Verb::Add), "It could add records. Look for what this member made"));
    list.extend(of(
        names(Verb::Inquire),
        "It could read these, and reading leaves no trace here. Treat them as known to others",
    ));
    if !impact.integrations.is_empty() {
        let ids = impact.integrations.join(" ");
        list.push(format!("When the integration runs again: leastwise audit --integration {ids}"));
    }
    list
}

/// What this cannot see, so that nobody takes it for more than it is.
pub(super) fn unseen(impact: &Impact<'_>, catalog: &Catalog) -> Vec<String> {
    let mut list: Vec<_> = impact
        .gaps
        .iter()
        .map(|gap| format!("{gap}. Look under System > Setup Tables > General / Integrator Login yourself"))
        .collect();
    let reach = impact.reach.as_deref().unwrap_or_default();
    let customised: Vec<_> = reach
        .iter()
        .filter(|row| row.id.is_some_and(|id| catalog.function(id).customize.is_some()))
        .map(|row| row.function.to_string())
        .collect();
    if !customised.is_empty() && !impact.is_admin {
        list.push(format!(
            "The customise lists of {}: they may leave out much of it; all of it is counted here",
            join_and(&customised)
        ));
    }
    let inferred = perhaps(&impact.raises);
    if !inferred.is_empty() {
        list.push(format!(
            "Whether the key {}: nobody has shown it, and it is not counted",
            join_and(&inferred)
        ));
    }
    list.push("How many keys the member has, and who holds them".to_owned());
    list.push("What was done with the key: no log is read. API Logs of the member show only what happens while its debug mode is on".to_owned());
    if impact.has_vendor() {
        list.push(
            "Keys of other members that the same vendor holds under a name that no rule file knows"
                .to_owned(),
        );
    }
    if matches!(impact.member, BoundMember::Api(_)) {
        list.push("Whether level, location and boards narrow what an API key reaches: nothing is taken off for them here".to_owned());
    }
    list
}
