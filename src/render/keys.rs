//! What writers say of keys: their standings in words, counted, and the one sentence for a board.

use std::collections::{BTreeMap, BTreeSet};

use super::tenant::TenantReport;
use crate::access::By;
use crate::audit::{Key, Standing};
use crate::model::{MemberId, Power};
use crate::term::text::{count, join_and};

/// So many things that a sentence says at most of what a key can do.
const DANGEROUS: [(Power, &str); 3] = [
    (Power::TakeOver, "can take over our PSA"),
    (Power::ReachCustomers, "can get into customers' systems"),
    (Power::ReadSecrets, "can read stored passwords"),
];

/// What people read after a number of keys, or beside one.
pub(crate) const fn words(standing: Standing) -> &'static str {
    match standing {
        Standing::Broken => "broken",
        Standing::Exposed => "exposed",
        Standing::Unowned => "nobody's",
        Standing::ToDecide => "to decide",
        Standing::Excess => "excess",
        Standing::Undetermined => "not known",
        Standing::SwitchedOff => "switched off",
        Standing::Accepted => "accepted",
        Standing::Fine => "fine",
    }
}

/// What a standing means, for people who see the word for the first time.
pub(super) const fn meaning(standing: Standing) -> &'static str {
    match standing {
        Standing::Broken => "does not work",
        Standing::Exposed => "has a dangerous power that nobody asks for",
        Standing::Unowned => "no one can name what uses it",
        Standing::ToDecide => "its vendor asks for a dangerous power",
        Standing::Excess => "has more than it needs",
        Standing::Undetermined => "something about it is unknown",
        Standing::SwitchedOff => "inactive: still wanted?",
        Standing::Accepted => "what is wrong was accepted",
        Standing::Fine => "has what it needs, and works",
    }
}

/// Whether somebody has something to do or to find out about a key of this standing.
pub(crate) const fn asks_for_something(standing: Standing) -> bool {
    !matches!(standing, Standing::SwitchedOff | Standing::Accepted | Standing::Fine)
}

/// "1 broken, 3 exposed, 2 fine"; nothing of what there is none of.
pub(crate) fn counted(counts: &BTreeMap<Standing, usize>) -> String {
    let some = counts.iter().filter(|(_, number)| **number > 0);
    let said: Vec<_> = some.map(|(standing, number)| format!("{number} {}", words(*standing))).collect();
    said.join(", ")
}

/// What people call a key.
pub(super) fn name(key: &Key) -> String {
    match &key.login {
        Some(_) => format!("{} (old login)", key.name()),
        None => key.name(),
    }
}

/// "today", "211 days ago".
pub(super) fn last_use(key: &Key) -> String {
    match key.last_use_days {
        None => "not shown".to_owned(),
        Some(0) => "today".to_owned(),
        Some(days) => format!("{} ago", count(days as usize, "day")),
    }
}

/// The names of the keys whose standing that counts is this one; logins apart.
pub(super) fn named(keys: &[Key], standing: Standing) -> Vec<String> {
    let own = keys.iter().filter(|key| key.worst() == standing && key.login.is_none());
    let mut names: Vec<_> = own.map(name).collect();
    names.dedup();
    names
}

/// The names of the keys that have this standing, whether it is the one that counts or not.
pub(super) fn named_with(keys: &[Key], standing: Standing) -> BTreeSet<String> {
    keys.iter().filter(|key| key.is(standing) && key.login.is_none()).map(name).collect()
}

/// What a tenant comes to: the first sentence is the verdict, the others say what else matters.
pub(super) fn verdict(tenant: &TenantReport) -> Vec<String> {
    if tenant.failure.is_some() {
        return vec!["It could not be read, so nothing is known.".to_owned()];
    }
    if tenant.nothing_matched {
        return vec![
            "No member and no role has the name that was asked for, so nothing was judged.".to_owned(),
        ];
    }
    let mut sentences = dangers(&tenant.keys);
    let of = |standing| named_with(&tenant.keys, standing).len();
    for (standing, one, more) in [
        (Standing::Broken, "integration does not work", "integrations do not work"),
        (Standing::Unowned, "key is nobody's", "keys are nobody's"),
        (Standing::Undetermined, "key is not known in full", "keys are not known in full"),
    ] {
        match of(standing) {
            0 => {}
            1 => sentences.push(format!("1 {one}.")),
            number => sentences.push(format!("{number} {more}.")),
        }
    }
    if !tenant.is_complete() {
        sentences.push("Not everything could be read.".to_owned());
    }
    if tenant.is_outdated {
        sentences.push("The snapshot is older than the run allows, so nothing here is a pass.".to_owned());
    }
    sentences.extend(what_to_do(tenant));
    if let Some(asked) = &tenant.asked {
        sentences.push(format!("The audit was limited to {}.", join_and(asked)));
    }
    sentences
}

fn what_to_do(tenant: &TenantReport) -> Option<String> {
    let (steps, left) = (tenant.plan.steps.len(), tenant.plan.left.len());
    let decisions = tenant.plan.steps.iter().filter(|step| step.decision).count();
    let mut parts = Vec::new();
    if steps > 0 {
        parts.push(format!("the plan has {}", count(steps, "step")));
    }
    match decisions {
        0 => {}
        1 => parts.push("1 of them needs your decision".to_owned()),
        number => parts.push(format!("{number} of them need your decision")),
    }
    match left {
        0 => {}
        1 => parts.push("1 finding has no step".to_owned()),
        number => parts.push(format!("{number} findings have no step")),
    }
    let text = parts.join("; ");
    let mut letters = text.chars();
    let first = letters.next()?;
    Some(format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// How many keys can do real harm, whether they were given it or ask for it; accepted ones apart.
fn dangers(keys: &[Key]) -> Vec<String> {
    let all: BTreeSet<MemberId> = keys.iter().filter_map(|key| Some(key.member.as_ref()?.id)).collect();
    let holds = |power: Power| -> BTreeSet<MemberId> {
        let has = |key: &&Key| {
            [By::Excess, By::Asked].into_iter().any(|by| key.dangers(by).any(|row| row.power == power))
        };
        keys.iter().filter(has).filter_map(|key| Some(key.member.as_ref()?.id)).collect()
    };
    let mut parts: Vec<String> = Vec::new();
    for (power, words) in DANGEROUS {
        let number = holds(power).len();
        if number > 0 && parts.is_empty() {
            parts.push(format!("{number} of {} {words}", count(all.len(), "API member")));
        } else if number > 0 {
            parts.push(format!("{number} {words}"));
        }
    }
    let accepted = keys.iter().filter(|key| key.dangers(By::Accepted).next().is_some());
    let accepted: BTreeSet<_> = accepted.filter_map(|key| Some(key.member.as_ref()?.id)).collect();
    let is_seen = keys.iter().all(|key| key.powers.is_some() || key.login.is_some());
    let mut sentences = Vec::new();
    if !parts.is_empty() {
        sentences.push(format!("{}.", parts.join("; ")));
    } else if keys.is_empty() {
        sentences.push("There is no API member and no expected integration.".to_owned());
    } else {
        let seen = if is_seen { "No key" } else { "As far as could be seen, no key" };
        let open = if accepted.is_empty() { "" } else { " that nobody accepted" };
        sentences.push(format!("{seen} has a dangerous power{open}."));
    }
    if !accepted.is_empty() {
        sentences.push(format!("Of {} such a power was accepted.", count(accepted.len(), "API member")));
    }
    sentences
}
