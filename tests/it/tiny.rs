//! Tiny tenants, built row by row and judged by way of the snapshot's own text.

use std::sync::OnceLock;

use jiff::civil::{Date, date};
use leastwise::audit::{Audit, Judgement, Key, Plan, Request};
use leastwise::checks::{Finding, Status};
use leastwise::config::Config;
use leastwise::exit::FailOn;
use leastwise::model::{
    ApiMember, Dataset, DatasetName, Grant, Grants, Licence, Login, Member, MemberId, MemberUse, OwnMember,
    Role, RoleId, Setting, Tenant, TenantId, Verb,
};
use leastwise::model::{Source, SourceKind};
use leastwise::policy::Policy;
use leastwise::render::{Coverage, Format, Report, TenantReport};
use leastwise::rules::Library;
use leastwise::source::snapshot;
use leastwise::term::Style;

use crate::support::noon;

/// What Umbrella's role holds when it is exactly right.
pub(crate) const UMBRELLA: [(&str, &str, &str); 4] = [
    ("Companies", "Company Maintenance", "NNNA"),
    ("Companies", "Configurations", "AANA"),
    ("Service Desk", "Service Tickets", "AANA"),
    ("System", "Table Setup", "AANA"),
];

/// The day on which tiny tenants are judged.
pub(crate) const TODAY: Date = date(2026, 11, 22);

/// The embedded rule files.
pub(crate) fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| Library::load(None, TODAY).expect("the embedded files have no problems"))
}

/// The embedded rule files and these, which are the texts of more.
pub(crate) fn library_with(files: &[&str]) -> Library {
    let folder = tempfile::tempdir().expect("a folder");
    for (i, text) in files.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.toml")), text).expect("a rule file");
    }
    Library::load(Some(folder.path()), TODAY).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The policy of a config whose only tenant this is: what stands in `[tenant.tiny]` and after it.
pub(crate) fn policy(config: &str, library: &Library) -> Policy {
    let config = Config::parse("leastwise.toml", &format!("[tenant.tiny]\n{config}"), library)
        .unwrap_or_else(|problems| panic!("{problems}"));
    config.policy(Some("tiny"))
}

/// One row of a role: the four verbs as letters (None, My, All; `-` null, `.` left out, `?` another word).
pub(crate) fn setting(module: &str, function: &str, levels: &str) -> Setting {
    let levels: Vec<_> = levels.chars().collect();
    Setting::new(
        module,
        function,
        Grants::from_fn(|verb: Verb| match levels[verb as usize] {
            'N' => Grant::from_word("None"),
            'M' => Grant::from_word("My"),
            'A' => Grant::from_word("All"),
            '-' => Grant::NotOffered,
            '.' => Grant::Absent,
            '?' => Grant::from_word("Mine"),
            other => panic!("{other} is no level"),
        }),
    )
}

/// A tenant with nothing in it yet. Its own member is a person, so that LW304 has nothing to say.
pub(crate) fn tiny() -> Tiny {
    let id = TenantId { site: "na.myconnectwise.net".to_owned(), company: "tiny".to_owned() };
    Tiny(Tenant {
        roles: Dataset::Complete(Vec::new()),
        api_members: Dataset::Complete(Vec::new()),
        members: Dataset::Complete(Vec::new()),
        member_use: Dataset::Complete(Vec::new()),
        own_member: Dataset::Complete(OwnMember { id: MemberId(1), days: Some(0) }),
        logins: Dataset::Complete(Vec::new()),
        ..Tenant::unread(id, noon())
    })
}

/// Umbrella's member (251) on Umbrella's role (31), with these rows.
pub(crate) fn umbrella(rows: &[(&str, &str, &str)]) -> Tiny {
    tiny().role(31, "Umbrella", rows).api(251, "Umbrella", 31)
}

#[derive(Clone)]
pub(crate) struct Tiny(pub(crate) Tenant);

/// The rows of a dataset that is complete.
pub(crate) fn rows<T>(dataset: &mut Dataset<T>) -> &mut T {
    match dataset {
        Dataset::Complete(rows) => rows,
        Dataset::Unavailable(gap) => panic!("{gap}"),
    }
}

impl Tiny {
    pub(crate) fn role(mut self, id: i64, name: &str, settings: &[(&str, &str, &str)]) -> Self {
        let settings = settings.iter().map(|(module, function, levels)| setting(module, function, levels));
        self.0.settings.insert(RoleId(id), Dataset::Complete(settings.collect()));
        rows(&mut self.0.roles).push(Role {
            admin: Some(false),
            active: Some(true),
            ..Role::new(RoleId(id), name)
        });
        self
    }

    /// An active API member at the top level, restricted by nothing and used today.
    pub(crate) fn api(mut self, id: i64, identifier: &str, role: i64) -> Self {
        rows(&mut self.0.api_members).push(ApiMember {
            active: Some(true),
            role: Some(RoleId(role)),
            level: Some("Corporate (Level 1)".into()),
            ..ApiMember::new(MemberId(id), identifier)
        });
        rows(&mut self.0.member_use).push(MemberUse {
            id: MemberId(id),
            days: Some(0),
            restrict_location: Some(false),
            restrict_department: Some(false),
        });
        self.member(id, "A", role)
    }

    /// An active person.
    pub(crate) fn person(self, id: i64, role: i64) -> Self {
        self.member(id, "F", role)
    }

    fn member(mut self, id: i64, licence: &str, role: i64) -> Self {
        rows(&mut self.0.members).push(Member {
            licence: Some(Licence::from_letter(licence)),
            active: Some(true),
            role: Some(RoleId(role)),
            ..Member::new(MemberId(id))
        });
        self
    }

    pub(crate) fn login(mut self, username: &str, active: Option<bool>) -> Self {
        let id = i64::try_from(rows(&mut self.0.logins).len()).expect("few") + 1;
        rows(&mut self.0.logins).push(Login { id, username: username.into(), active });
        self
    }

    pub(crate) fn change(mut self, change: impl FnOnce(&mut Tenant)) -> Self {
        change(&mut self.0);
        self
    }

    pub(crate) fn change_role(self, id: i64, change: impl FnOnce(&mut Role)) -> Self {
        self.change(|tenant| {
            let roles = rows(&mut tenant.roles).iter_mut();
            change(roles.into_iter().find(|role| role.id.0 == id).expect("the role"));
        })
    }

    pub(crate) fn change_api(self, id: i64, change: impl FnOnce(&mut ApiMember)) -> Self {
        self.change(|tenant| {
            let members = rows(&mut tenant.api_members).iter_mut();
            change(members.into_iter().find(|member| member.id.0 == id).expect("the API member"));
        })
    }

    pub(crate) fn change_member(self, id: i64, change: impl FnOnce(&mut Member)) -> Self {
        self.change(|tenant| {
            let members = rows(&mut tenant.members).iter_mut();
            change(members.into_iter().find(|member| member.id.0 == id).expect("the member"));
        })
    }

    pub(crate) fn change_use(self, id: i64, change: impl FnOnce(&mut MemberUse)) -> Self {
        self.change(|tenant| {
            let uses = rows(&mut tenant.member_use).iter_mut();
            change(uses.into_iter().find(|member| member.id.0 == id).expect("the API member's use"));
        })
    }

    /// The tenant as a snapshot.
    pub(crate) fn text(&self) -> String {
        let mut bytes = Vec::new();
        snapshot::write(&self.0, "leastwise test", &mut bytes).expect("a snapshot");
        String::from_utf8(bytes).expect("text")
    }

    pub(crate) fn judge(&self) -> Judged {
        self.judge_by(&By::default())
    }

    pub(crate) fn judge_by(&self, by: &By<'_>) -> Judged {
        let tenant = snapshot::parse(self.text().as_bytes()).expect("the snapshot is readable");
        judge(&tenant, by)
    }
}

/// By what a tenant is judged; by default the embedded rule files, no config, and nothing asked.
pub(crate) struct By<'b> {
    pub(crate) library: &'b Library,
    pub(crate) config: &'b str,
    pub(crate) request: Request,
    pub(crate) as_of: Date,
}

impl Default for By<'_> {
    fn default() -> Self {
        Self { library: library(), config: "", request: Request::default(), as_of: TODAY }
    }
}

/// `--integration`.
pub(crate) fn asked(integration: &str) -> Request {
    Request { integrations: vec![integration.to_owned()], ..Request::default() }
}

/// `--all`.
pub(crate) fn all() -> Request {
    Request { all: true, ..Request::default() }
}

pub(crate) fn judge(tenant: &Tenant, by: &By<'_>) -> Judged {
    let policy = policy(by.config, by.library);
    let audit = Audit { library: by.library, policy: &policy, request: &by.request, as_of: by.as_of };
    let judgement = audit.judge(tenant);
    let Judgement { results, keys, plan, nothing_matched, .. } = judgement;
    Judged { results, keys, plan, nothing_matched }
}

/// A judged tenant as a report, read in full or not.
pub(crate) fn report(tenant: &Tenant, judged: &Judged, fail_on: FailOn) -> Report {
    let mut report = Report::new(TODAY, fail_on, None, vec![tenant_report(tenant, judged).into()]);
    "0.0.0".clone_into(&mut report.version);
    report
}

/// A judged tenant as it stands in a report.
pub(crate) fn tenant_report(tenant: &Tenant, judged: &Judged) -> TenantReport {
    let settings = tenant.settings.values().map(|settings| settings.rows().map(Vec::len));
    let settings = settings.map(|rows| (DatasetName::Settings, rows));
    let coverage = tenant.datasets().into_iter().chain(settings).map(|(dataset, rows)| Coverage {
        dataset,
        records: rows.as_ref().copied().unwrap_or_default(),
        reason: rows.err().map(leastwise::model::Gap::reason),
    });
    TenantReport {
        name: "tiny".to_owned(),
        id: tenant.id.clone(),
        source: Source { kind: SourceKind::Snapshot, path: Some("tiny.json".to_owned()), taken_at: None },
        failure: None,
        asked: None,
        is_outdated: false,
        baseline: None,
        nothing_matched: judged.nothing_matched,
        coverage: coverage.collect(),
        requests: Vec::new(),
        waited: std::time::Duration::ZERO,
        rules: Vec::new(),
        roles: Vec::new(),
        matrices: Vec::new(),
        others: Vec::new(),
        keys: judged.keys.clone(),
        plan: judged.plan.clone(),
        results: judged.results.clone(),
    }
}

/// What a writer makes of a report.
pub(crate) fn written(report: &Report, format: Format, style: Style) -> String {
    let mut bytes = Vec::new();
    leastwise::render::write(report, format, style, &mut bytes).expect("memory takes everything");
    String::from_utf8(bytes).expect("text")
}

#[derive(Debug, Default)]
pub(crate) struct Judged {
    pub(crate) results: Vec<Finding>,
    pub(crate) keys: Vec<Key>,
    pub(crate) plan: Plan,
    pub(crate) nothing_matched: bool,
}

impl Judged {
    pub(crate) fn of(&self, check: &str) -> Vec<&Finding> {
        self.results.iter().filter(|finding| finding.check == check).collect()
    }

    /// The statuses of a check's results, in order; a verb that is not offered is passed over.
    pub(crate) fn statuses(&self, check: &str) -> Vec<Status> {
        let results = self.of(check).into_iter().filter(|finding| !is_not_offered(finding));
        let mut statuses: Vec<_> = results.map(|finding| finding.status).collect();
        statuses.sort();
        statuses
    }

    pub(crate) fn fails(&self, check: &str) -> Vec<&Finding> {
        self.of(check).into_iter().filter(|finding| finding.status == Status::Fail).collect()
    }

    /// The only finding of a check; a verb that is not offered is passed over.
    pub(crate) fn only(&self, check: &str) -> &Finding {
        let results = self.of(check).into_iter().filter(|finding| !is_not_offered(finding));
        match results.collect::<Vec<_>>().as_slice() {
            [one] => one,
            several => panic!("{check} has {} results: {several:#?}", several.len()),
        }
    }

    /// "Service Desk / Service Tickets edit None -> All", for each finding of LW101 or LW102.
    pub(crate) fn grants(&self, check: &str) -> Vec<String> {
        self.fails(check).into_iter().map(grant).collect()
    }
}

pub(crate) fn is_not_offered(finding: &Finding) -> bool {
    finding.status == Status::NotApplicable && finding.verb.is_some()
}

/// "Service Desk / Service Tickets edit None -> All".
pub(crate) fn grant(finding: &Finding) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    format!(
        "{} {} {} -> {}",
        finding.function.as_ref().map(ToString::to_string).unwrap_or_default(),
        finding.verb.map(|verb| verb.to_string()).unwrap_or_default(),
        text(&finding.actual()),
        text(&finding.required())
    )
}
