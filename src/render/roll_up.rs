//! The roll-up: how many keys stand how, integration by integration and tenant by tenant, and which tenants
//! could not be read and why. The same whether it is counted from an audit or from the saved reports of its
//! shards. It is made of the standings of keys and of nothing else.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::keys;
use super::tenant::TenantReport;
use crate::audit::{Key, Standing, count_by_member};
use crate::model::MemberId;
use crate::term::text::{count, join_few};
use crate::term::{Page, Style};

/// The lines of a screen, and how many of them come after the roll-up.
const LINES: usize = 24;
const AFTER: usize = 3;

/// So many rows of a list stand on the first screen at most.
const ROWS: usize = 8;

/// So many tenants are named beside one reason.
const NAMED: usize = 6;

/// A tenant, as far as it counts here.
pub(crate) struct Counted<'r> {
    pub(crate) name: &'r str,
    /// Why it could not be read at all.
    pub(crate) failure: Option<&'r str>,
    pub(crate) is_complete: bool,
    /// Ids of the rule files that it was judged by.
    pub(crate) integrations: Vec<&'r str>,
    /// `None` in a report that is older than keys.
    pub(crate) keys: Option<Vec<CountedKey<'r>>>,
}

/// A key, as far as it counts here.
#[derive(Clone, Copy)]
pub(crate) struct CountedKey<'r> {
    pub(crate) integration: Option<&'r str>,
    pub(crate) member: Option<MemberId>,
    pub(crate) is_login: bool,
    /// The one that counts.
    pub(crate) standing: Standing,
}

impl<'r> From<&'r TenantReport> for Counted<'r> {
    fn from(tenant: &'r TenantReport) -> Self {
        Self {
            name: &tenant.name,
            failure: tenant.failure.as_deref(),
            is_complete: tenant.is_complete(),
            integrations: tenant.rules.iter().map(|rules| rules.id.as_str()).collect(),
            keys: Some(tenant.keys.iter().map(CountedKey::from).collect()),
        }
    }
}

impl<'r> From<&'r Key> for CountedKey<'r> {
    fn from(key: &'r Key) -> Self {
        Self {
            integration: key.integration.as_ref().map(|integration| &*integration.id),
            member: key.member.as_ref().map(|member| member.id),
            is_login: key.login.is_some(),
            standing: key.worst(),
        }
    }
}

/// How many keys have each standing, each member once; logins are left out.
pub(crate) fn by_standing<'k>(
    keys: impl IntoIterator<Item = &'k CountedKey<'k>>,
) -> BTreeMap<Standing, usize> {
    let keys = keys.into_iter().filter(|key| !key.is_login);
    count_by_member(keys.map(|key| (key.member, key.standing)))
}

/// How an integration is in one tenant, in the words of the frozen layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Ok,
    Missing,
    Excessive,
    NotFound,
    Other,
    Unknown,
    Unread,
}

impl State {
    pub(crate) const ALL: [Self; 7] =
        [Self::Ok, Self::Missing, Self::Excessive, Self::NotFound, Self::Other, Self::Unknown, Self::Unread];

    /// For JSON.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Missing => "missing",
            Self::Excessive => "excessive",
            Self::NotFound => "not_found",
            Self::Other => "other",
            Self::Unknown => "unknown",
            Self::Unread => "unread",
        }
    }

    /// What the standing of an integration's worst key comes to.
    const fn of(key: &CountedKey<'_>) -> Self {
        match (key.standing, key.member) {
            (Standing::Broken, None) => Self::NotFound,
            (Standing::Broken, Some(_)) => Self::Missing,
            (Standing::Exposed | Standing::ToDecide | Standing::Excess, _) => Self::Excessive,
            (Standing::Undetermined, _) => Self::Unknown,
            (Standing::SwitchedOff | Standing::Unowned, _) => Self::Other,
            (Standing::Accepted | Standing::Fine, _) => Self::Ok,
        }
    }
}

/// How one integration is in one tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
struct InTenant {
    state: State,
    by_standing: BTreeMap<Standing, usize>,
}

impl InTenant {
    /// `None` where the tenant has no key of it, and was read in full.
    fn of(id: &str, tenant: &Counted<'_>) -> Option<Self> {
        let is_own = |key: &&CountedKey<'_>| key.integration == Some(id) && !key.is_login;
        let own: Vec<_> = tenant.keys.iter().flatten().filter(is_own).collect();
        let worst = own.iter().min_by_key(|key| key.standing);
        let state = match worst {
            _ if tenant.failure.is_some() => State::Unread,
            _ if tenant.keys.is_none() => State::Unknown,
            Some(worst) => State::of(worst),
            None if tenant.is_complete => return None,
            None => State::Unknown,
        };
        Some(Self { state, by_standing: by_standing(own) })
    }
}

/// How many tenants and keys stand how with one integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OfIntegration {
    pub(crate) id: String,
    pub(crate) tenants: BTreeMap<State, usize>,
    /// Its keys in all tenants.
    pub(crate) by_standing: BTreeMap<Standing, usize>,
}

impl OfIntegration {
    pub(crate) fn of(&self, state: State) -> usize {
        self.tenants.get(&state).copied().unwrap_or_default()
    }

    /// "1 broken, 7 fine; 1 tenant could not be read".
    pub(crate) fn sentence(&self) -> String {
        let mut parts = vec![keys::counted(&self.by_standing)];
        if self.of(State::Unread) > 0 {
            parts.push(format!("{} could not be read", count(self.of(State::Unread), "tenant")));
        } else if self.by_standing.is_empty() {
            parts.push(format!("{} not known", count(self.of(State::Unknown), "tenant")));
        }
        parts.retain(|part| !part.is_empty());
        parts.join("; ")
    }

    fn urgency(&self) -> impl Ord + use<> {
        Reverse((worst_first(&self.by_standing), self.of(State::Unknown)))
    }
}

/// How many keys there are of each standing that asks for something, in the order of a first screen.
fn worst_first(counts: &BTreeMap<Standing, usize>) -> Vec<usize> {
    let asking = Standing::ALL.into_iter().filter(|standing| keys::asks_for_something(*standing));
    asking.map(|standing| counts.get(&standing).copied().unwrap_or_default()).collect()
}

/// A tenant that could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unread {
    pub(crate) tenant: String,
    pub(crate) failure: String,
}

/// How one tenant stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stand {
    tenant: String,
    failure: Option<String>,
    is_complete: bool,
    /// By the ids of the rule files that it was judged by.
    integrations: BTreeMap<String, InTenant>,
    /// Its keys, those that nobody owns too; `None` in a report that is older than keys.
    by_standing: Option<BTreeMap<Standing, usize>>,
}

impl Stand {
    pub(crate) fn of(tenant: &Counted<'_>) -> Self {
        let own = |id: &&str| Some(((*id).to_owned(), InTenant::of(id, tenant)?));
        Self {
            tenant: tenant.name.to_owned(),
            failure: tenant.failure.map(str::to_owned),
            is_complete: tenant.is_complete,
            integrations: tenant.integrations.iter().filter_map(own).collect(),
            by_standing: tenant.keys.as_ref().map(by_standing),
        }
    }

    /// How it is with an integration; `None` where it has none. A tenant that could not be read may have
    /// any, unless its bindings say which.
    fn state(&self, id: &str) -> Option<State> {
        let may_have_any = self.failure.is_some() && self.integrations.is_empty();
        let own = self.integrations.get(id).map(|own| own.state);
        own.or_else(|| may_have_any.then_some(State::Unread))
    }

    fn unread(&self) -> Option<Unread> {
        Some(Unread { tenant: self.tenant.clone(), failure: self.failure.clone()? })
    }

    /// Every key is known and asks for nothing, and everything could be read.
    fn is_well(&self) -> bool {
        let is_well = |counts: &BTreeMap<Standing, usize>| worst_first(counts).iter().all(|own| *own == 0);
        self.is_complete && self.by_standing.as_ref().is_some_and(is_well)
    }

    /// What there is of it first goes before what there is of it later; what is not known comes after.
    fn urgency(&self) -> impl Ord + use<> {
        Reverse(self.by_standing.as_ref().map(worst_first))
    }

    fn sentence(&self) -> String {
        let mut parts = match &self.by_standing {
            None => vec!["its report is older than keys: audit it again".to_owned()],
            Some(counts) if counts.values().all(|own| *own == 0) => vec!["no keys".to_owned()],
            Some(counts) => vec![keys::counted(counts)],
        };
        if !self.is_complete {
            parts.push("read in part".to_owned());
        }
        parts.join("; ")
    }
}

/// How many tenants stand how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RollUp {
    pub(crate) tenants: usize,
    /// Read, but not everything.
    pub(crate) in_part: usize,
    /// In order of name.
    pub(crate) unread: Vec<Unread>,
    /// In order of id.
    pub(crate) integrations: Vec<OfIntegration>,
    /// The keys of all tenants.
    pub(crate) by_standing: BTreeMap<Standing, usize>,
    /// In order of name.
    found: Vec<Stand>,
}

impl RollUp {
    pub(crate) fn of<'s>(tenants: impl IntoIterator<Item = &'s Stand>) -> Self {
        let mut tenants: Vec<_> = tenants.into_iter().collect();
        tenants.sort_by(|one, two| one.tenant.cmp(&two.tenant));
        let ids: BTreeSet<&String> = tenants.iter().flat_map(|tenant| tenant.integrations.keys()).collect();
        let integration = |id: &String| {
            let mut own =
                OfIntegration { id: id.clone(), tenants: BTreeMap::new(), by_standing: BTreeMap::new() };
            for state in tenants.iter().filter_map(|tenant| tenant.state(id)) {
                *own.tenants.entry(state).or_default() += 1;
            }
            add(
                &mut own.by_standing,
                tenants.iter().filter_map(|tenant| tenant.integrations.get(id)).map(|own| &own.by_standing),
            );
            own
        };
        let mut unread: Vec<_> = tenants.iter().filter_map(|tenant| tenant.unread()).collect();
        unread.sort();
        let read = || tenants.iter().copied().filter(|tenant| tenant.failure.is_none());
        Self {
            tenants: tenants.len(),
            in_part: read().filter(|tenant| !tenant.is_complete).count(),
            unread,
            integrations: ids.into_iter().map(integration).collect(),
            by_standing: {
                let mut all = BTreeMap::new();
                add(&mut all, tenants.iter().filter_map(|tenant| tenant.by_standing.as_ref()));
                all
            },
            found: read().cloned().collect(),
        }
    }

    /// "10 tenants: 7 read in full, 1 in part, 2 could not be read".
    pub(crate) fn headline(&self) -> String {
        if self.tenants == 0 {
            return "no tenant falls into this shard".to_owned();
        }
        let mut parts = vec![format!("{} read in full", self.tenants - self.in_part - self.unread.len())];
        if self.in_part > 0 {
            parts.push(format!("{} in part", self.in_part));
        }
        if !self.unread.is_empty() {
            parts.push(format!("{} could not be read", self.unread.len()));
        }
        format!("{}: {}", count(self.tenants, "tenant"), parts.join(", "))
    }

    /// The tenants that could not be read: each reason once, with those that have it.
    pub(crate) fn reasons(&self) -> Vec<(String, Vec<&str>)> {
        let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for unread in &self.unread {
            reasons.entry(&unread.failure).or_default().push(&unread.tenant);
        }
        let mut reasons: Vec<_> =
            reasons.into_iter().map(|(reason, tenants)| (reason.to_owned(), tenants)).collect();
        reasons.sort_by_key(|(_, tenants)| (Reverse(tenants.len()), tenants.first().copied()));
        reasons
    }

    /// The same in sentences: "acme, bravo and 3 more: the key was refused".
    pub(crate) fn failures(&self) -> Vec<String> {
        let reasons = self.reasons().into_iter();
        reasons.map(|(reason, names)| format!("{}: {reason}", join_few(&names, NAMED))).collect()
    }

    /// The integrations, those that need most first.
    pub(crate) fn by_urgency(&self) -> Vec<&OfIntegration> {
        let mut integrations: Vec<_> = self.integrations.iter().collect();
        integrations.sort_by_key(|own| own.urgency());
        integrations
    }

    /// The tenants that ask for something, the worst first: "1 broken, 3 exposed, 9 fine".
    pub(crate) fn worst(&self) -> Vec<(&str, String)> {
        let mut found: Vec<_> = self.found.iter().filter(|found| !found.is_well()).collect();
        found.sort_by_key(|found| found.urgency());
        found.into_iter().map(|found| (found.tenant.as_str(), found.sentence())).collect()
    }

    /// The tenants where every key is fine, accepted or switched off.
    pub(crate) fn well(&self) -> Vec<(&str, String)> {
        let well = self.found.iter().filter(|found| found.is_well());
        well.map(|found| (found.tenant.as_str(), found.sentence())).collect()
    }

    /// What there are keys of: for the style sheet, for people, and how many.
    pub(crate) fn tiles(&self) -> Vec<(&'static str, &'static str, usize)> {
        let tile =
            |(standing, number): (&Standing, &usize)| (standing.as_str(), keys::words(*standing), *number);
        self.by_standing.iter().filter(|(_, number)| **number > 0).map(tile).collect()
    }

    /// The first screen of many tenants: as many rows of each list as there are lines for.
    pub(crate) fn write(&self, page: &mut Page, style: Style) {
        let screen = |rows: usize| {
            let mut screen = Page::new(style);
            self.write_rows(&mut screen, rows);
            screen.into_text()
        };
        let fits = |text: &String| text.lines().count() + AFTER <= LINES;
        let text = (1..=ROWS).rev().map(screen).find(fits).unwrap_or_else(|| screen(1));
        page.append(&text);
    }

    fn write_rows(&self, page: &mut Page, most: usize) {
        page.heading(&self.headline());
        let counts = keys::counted(&self.by_standing);
        if !counts.is_empty() {
            page.paragraph(&format!("Keys: {counts}"));
        }
        if !self.unread.is_empty() {
            page.blank();
            page.alarm("Could not be read: nothing is known of them");
            let rows: Vec<_> =
                self.reasons().into_iter().map(|(reason, names)| row(reason, &names)).collect();
            // A reason may be long: the screen has its beginning.
            let width =
                rows.iter().take(most).map(|(whose, _)| whose.chars().count()).max().unwrap_or_default();
            for (whose, reason) in rows.iter().take(most) {
                page.line(&format!("  {whose:<width$}  {reason}"));
            }
            more(page, rows.len(), most, "for other reasons");
        }
        if !self.integrations.is_empty() {
            page.blank();
            page.heading("By integration");
            let rows: Vec<_> =
                self.by_urgency().into_iter().map(|own| (own.id.clone(), own.sentence())).collect();
            first(page, &rows, most, "with less to do");
        }
        if self.found.is_empty() {
            return;
        }
        page.blank();
        page.heading("By tenant");
        let rows: Vec<_> =
            self.worst().into_iter().map(|(name, sentence)| (name.to_owned(), sentence)).collect();
        first(page, &rows, most, "with less");
        let well = self.well().len();
        if well > 0 {
            page.note(&format!(
                "{} where every key is fine, accepted or switched off",
                count(well, "tenant")
            ));
        }
    }
}

fn add<'c>(sum: &mut BTreeMap<Standing, usize>, parts: impl Iterator<Item = &'c BTreeMap<Standing, usize>>) {
    for (standing, number) in parts.flatten() {
        *sum.entry(*standing).or_default() += number;
    }
}

/// A reason, with the tenants that have it.
fn row(reason: String, names: &[&str]) -> (String, String) {
    match names {
        [one] => ((*one).to_owned(), reason),
        several => (count(several.len(), "tenant"), format!("{}: {reason}", join_few(several, NAMED))),
    }
}

/// The first rows of a list, and how many more there are.
fn first(page: &mut Page, rows: &[(String, String)], most: usize, words: &str) {
    page.list(rows.get(..most.min(rows.len())).unwrap_or_default());
    more(page, rows.len(), most, words);
}

fn more(page: &mut Page, rows: usize, most: usize, words: &str) {
    if rows > most {
        page.note(&format!("and {} more {words}", rows - most));
    }
}

#[cfg(test)]
mod tests {
    use super::{Counted, CountedKey, LINES, RollUp, Stand};
    use crate::audit::Standing;
    use crate::model::MemberId;
    use crate::term::{Page, Style};

    fn key(integration: &str, member: Option<i64>, standing: Standing) -> CountedKey<'_> {
        CountedKey { integration: Some(integration), member: member.map(MemberId), is_login: false, standing }
    }

    fn tenant<'r>(name: &'r str, failure: Option<&'r str>, keys: Option<Vec<CountedKey<'r>>>) -> Stand {
        let ids = keys.iter().flatten().filter_map(|key| key.integration).collect();
        Stand::of(&Counted { name, failure, is_complete: failure.is_none(), integrations: ids, keys })
    }

    #[test]
    fn an_integration_is_in_a_tenant_as_its_worst_key_stands() {
        for (member, standing, word) in [
            (Some(1), Standing::Broken, "missing"),
            (None, Standing::Broken, "not_found"),
            (Some(1), Standing::Exposed, "excessive"),
            (Some(1), Standing::ToDecide, "excessive"),
            (Some(1), Standing::Excess, "excessive"),
            (Some(1), Standing::Undetermined, "unknown"),
            (None, Standing::Undetermined, "unknown"),
            (Some(1), Standing::SwitchedOff, "other"),
            (Some(1), Standing::Accepted, "ok"),
            (Some(1), Standing::Fine, "ok"),
        ] {
            let keys = vec![key("a", Some(2), Standing::Fine), key("a", member, standing)];
            let roll_up = RollUp::of(&[tenant("one", None, Some(keys))]);
            let words: Vec<_> = roll_up.integrations[0].tenants.keys().map(|state| state.key()).collect();
            assert_eq!(words, [word], "{standing:?}");
        }
    }

    #[test]
    fn keys_that_nobody_owns_count_and_a_member_counts_once() {
        let unowned = CountedKey { integration: None, ..key("", Some(3), Standing::Unowned) };
        let login = CountedKey { is_login: true, ..key("a", None, Standing::Excess) };
        let keys =
            vec![key("a", Some(1), Standing::Fine), key("b", Some(1), Standing::Excess), unowned, login];
        let roll_up = RollUp::of(&[tenant("one", None, Some(keys))]);
        assert_eq!(roll_up.worst(), [("one", "1 nobody's, 1 excess".to_owned())]);
    }

    #[test]
    fn a_report_without_keys_says_so_and_is_not_well() {
        let roll_up = RollUp::of(&[tenant("old", None, None)]);
        assert!(roll_up.well().is_empty());
        assert_eq!(roll_up.worst(), [("old", "its report is older than keys: audit it again".to_owned())]);
    }

    #[test]
    fn the_screen_of_many_tenants_has_24_lines_at_most() {
        let reason =
            "the PSA sent a page of something else, and this goes on for longer than a line ".repeat(6);
        let names: Vec<String> =
            (0..300).map(|number| format!("tenant-{number}-{}", "x".repeat(number % 60))).collect();
        let reasons: Vec<String> = (0..300).map(|number| format!("{number}: {reason}")).collect();
        let all: Vec<_> = names
            .iter()
            .zip(&reasons)
            .enumerate()
            .map(|(place, (name, reason))| {
                let failure = place.is_multiple_of(3).then_some(reason.as_str());
                let keys = Standing::ALL.into_iter().enumerate();
                let keys = keys.map(|(member, standing)| {
                    key(
                        &name[..name.len().min(20)],
                        Some(i64::try_from(member).unwrap_or_default()),
                        standing,
                    )
                });
                tenant(name, failure, Some(keys.collect()))
            })
            .collect();
        let mut page = Page::new(Style::PLAIN);
        RollUp::of(&all).write(&mut page, Style::PLAIN);
        let text = page.into_text();
        assert!(text.lines().count() + super::AFTER <= LINES, "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}
