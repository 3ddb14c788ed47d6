//! What unit tests of checks look at: a tenant with the roles and members that they name, rule files of their
//! own, and what keys saw.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::{Answer, Binding, Bindings, Case, Check, Holders, How, Subject, Summary};
use crate::access::Requirements;
use crate::evidence::{Evidence, Probed, RoleEvidence, settings_hash};
use crate::model::{
    ApiMember, Dataset, DatasetName, Grant, Grants, Member, MemberId, Role, RoleId, Setting, Tenant,
    TenantId, Verb,
};
use crate::policy::{Ownership, Policy};
use crate::rules::{Library, Origin, RuleFile, built_in_catalog};

const TODAY: Date = date(2026, 11, 22);

pub(crate) struct Bench {
    library: Library,
    policy: Policy,
    tenant: Tenant,
    wanted: BTreeSet<DatasetName>,
    /// Nobody: no member was read.
    holders: Holders<'static>,
    /// None: each test has its own.
    bindings: Bindings<'static>,
    summaries: BTreeMap<RoleId, Summary>,
}

impl Bench {
    pub(crate) fn new(roles: Vec<Role>) -> Self {
        let id = TenantId { site: "na.example".to_owned(), company: "acme".to_owned() };
        let mut tenant = Tenant::unread(id, Timestamp::UNIX_EPOCH);
        tenant.roles = Dataset::Complete(roles);
        Self {
            library: Library::load(None, TODAY).expect("the embedded files have no problems"),
            policy: Policy::default(),
            tenant,
            wanted: BTreeSet::new(),
            holders: Holders::default(),
            bindings: Bindings::default(),
            summaries: BTreeMap::new(),
        }
    }

    /// With these members; the case's holders are to be looked up by the test, which can keep them.
    pub(crate) fn members(mut self, api: Vec<ApiMember>, all: Vec<Member>) -> Self {
        self.tenant.api_members = Dataset::Complete(api);
        self.tenant.members = Dataset::Complete(all);
        self
    }

    pub(crate) fn case(&self) -> Case<'_> {
        Case {
            tenant: &self.tenant,
            library: &self.library,
            policy: &self.policy,
            as_of: TODAY,
            all: false,
            is_limited: false,
            integrations: &[],
            bindings: &self.bindings,
            roles: &[],
            members: &[],
            wanted: &self.wanted,
            holders: &self.holders,
            evidence: &[],
            evidence_days: 30,
            summaries: &self.summaries,
        }
    }
}

/// An active role without the admin flag.
pub(crate) fn role(name: &str) -> Role {
    Role { admin: Some(false), active: Some(true), ..Role::new(RoleId(31), name) }
}

/// An active API member without a role.
pub(crate) fn api_member(id: i64) -> ApiMember {
    ApiMember { active: Some(true), ..ApiMember::new(MemberId(id), format!("key-{id}").as_str()) }
}

/// A row that says the same of all four verbs.
pub(crate) fn setting(module: &str, function: &str, grant: &Grant) -> Setting {
    Setting::new(module, function, Grants::from_fn(|_: Verb| grant.clone()))
}

/// A rule file with these needs, in TOML.
pub(crate) fn rule_file(id: &str, needs: &str) -> RuleFile {
    let text = format!("id = \"{id}\"\nvendor = \"V\"\nproduct = \"P\"\nread = 2026-11-22\n{needs}");
    let catalog = built_in_catalog().expect("the embedded catalog has no problems");
    RuleFile::parse("a.toml", &text, Origin::BuiltIn, &catalog).expect("a rule file")
}

/// A role that serves an integration, by no member.
pub(crate) fn binding<'a>(rules: &'a RuleFile, role: &'a Role) -> Binding<'a> {
    Binding {
        index: 0,
        by_role: false,
        rules,
        shared_name: false,
        how: How::Declared,
        member_name: None,
        member: None,
        role_name: None,
        named_role: Some(role),
        role: Some(role),
        features: Vec::new(),
        setup_until: None,
        ownership: Ownership::default(),
        requirements: Requirements::of(rules, &[], None, TODAY),
        place: None,
    }
}

/// What a key of [`role`] saw while its settings were these: how the tables' endpoints answered, and the
/// rows of its customise lists.
pub(crate) fn evidence(settings: &[Setting], probes: &[(&str, u16)], lists: &[(&str, &[&str])]) -> Evidence {
    let answer = |&(table, status): &(&str, u16)| Probed {
        path: "x".to_owned(),
        table: Some(table.to_owned()),
        status: Some(status),
    };
    let rows = |rows: &[&str]| rows.iter().map(|&row| row.to_owned()).collect();
    let seen = RoleEvidence {
        role: RoleId(31),
        member: MemberId(251),
        settings: settings_hash(settings),
        probes: probes.iter().map(answer).collect(),
        lists: Some(lists.iter().map(|&(list, items)| (list.to_owned(), rows(items))).collect()),
    };
    let tenant = TenantId { site: "na.example".to_owned(), company: "acme".to_owned() };
    Evidence { tenant, taken_at: "2026-11-21T12:00:00Z".parse().expect("a time"), roles: vec![seen] }
}

/// What a check's answers about a subject come to, each in a line: status, certainty, table, message and fix.
pub(crate) fn lines(check: &Check, subject: &Subject, answers: Vec<Answer>) -> Vec<String> {
    let tenant = TenantId { site: "na.example".to_owned(), company: "acme".to_owned() };
    let line = |answer| {
        let finding = check.finding(&tenant, subject, answer);
        let table = finding.table.as_deref().unwrap_or("-");
        let fix = finding.fix().unwrap_or_else(|| "-".to_owned());
        format!("{} {} {table}: {} => {fix}", finding.status, finding.certainty.as_str(), finding.message())
    };
    answers.into_iter().map(line).collect()
}
