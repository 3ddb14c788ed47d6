//! Two fixtures to start from: a role that is exactly right, and one with a grant too little.

use std::fmt::Write;
use std::path::Path;

use jiff::tz::TimeZone;

use super::fixture::EXPECTED;
use crate::commands::output::Readers;
use crate::commands::{audit, output};
use crate::error::Error;
use crate::io::Io;
use crate::model::{
    ApiMember, Dataset, Grant, Grants, Level, Licence, Member, MemberId, MemberUse, OwnMember, Role, RoleId,
    Setting, Tenant, TenantId, Verb,
};
use crate::rules::{Catalog, FunctionId, Library, Needs, RuleFile, Target, quoted};
use crate::source::snapshot;

/// The tool that such a snapshot names.
const TOOL: &str = "leastwise rules test --make";
const ROLE: RoleId = RoleId(10);
const MEMBER: MemberId = MemberId(200);

/// Writes `ID.test/exact` and `ID.test/one-short`; what is there already stays as it is.
pub(super) fn run(id: &str, folder: &Path, library: &Library, io: &mut Io<'_>) -> Result<(), Error> {
    let rules = audit::integration(id, library)?;
    if rules.asks_admin() {
        return Err(Error::Usage(format!(
            "{id} has no needs that a fixture could show: its vendor asks for Admin and publishes no list"
        )));
    }
    let inner = folder.join("integrations");
    let folder = if inner.is_dir() { &inner } else { folder }.join(format!("{id}.test"));
    std::fs::create_dir_all(&folder)
        .map_err(|source| Error::Unwritten { path: folder.display().to_string(), source })?;
    let draft = Draft::of(rules, &library.catalog);
    let mut written = vec![draft.write(&folder, "exact", None)?];
    if let Some(lowered) = draft.lowered() {
        written.push(draft.write(&folder, "one-short", Some(&lowered))?);
    }
    for file in written.into_iter().flatten() {
        io.note(&format!("wrote {file}"));
    }
    Ok(())
}

/// What the fixtures of one rule file are made of.
struct Draft<'r> {
    rules: &'r RuleFile,
    catalog: &'r Catalog,
    /// The feature in use, where nothing is needed without one.
    feature: Option<&'r str>,
    needs: &'r Needs,
}

/// One permission that is a step below need.
struct Lowered {
    function: FunctionId,
    verb: Verb,
    actual: Level,
    required: Level,
}

impl<'r> Draft<'r> {
    fn of(rules: &'r RuleFile, catalog: &'r Catalog) -> Self {
        let first = rules.features.iter().next().filter(|_| rules.needs.is_empty());
        Self {
            rules,
            catalog,
            feature: first.map(|(name, _)| name.as_str()),
            needs: first.map_or(&rules.needs, |(_, feature)| &feature.needs),
        }
    }

    fn level(&self, function: FunctionId, verb: Verb) -> Level {
        self.needs.level(Target::Function(function), verb, self.catalog)
    }

    /// The functions of which anything is needed, in the order of the screen.
    fn functions(&self) -> impl Iterator<Item = FunctionId> + '_ {
        let is_needed = |id: &FunctionId| Verb::ALL.iter().any(|&verb| self.level(*id, verb) > Level::None);
        self.catalog.functions().map(|(id, _)| id).filter(is_needed)
    }

    /// The first need, a step lower.
    fn lowered(&self) -> Option<Lowered> {
        let all = self.functions().flat_map(|id| Verb::ALL.map(|verb| (id, verb)));
        let (function, verb) = all.into_iter().find(|&(id, verb)| self.level(id, verb) > Level::None)?;
        let required = self.level(function, verb);
        let actual = if required == Level::All { Level::My } else { Level::None };
        Some(Lowered { function, verb, actual, required })
    }

    /// Writes a pair, unless it is there; says which file was written.
    fn write(&self, folder: &Path, name: &str, lowered: Option<&Lowered>) -> Result<Option<String>, Error> {
        let snapshot_file = folder.join(format!("{name}.json"));
        let expected_file = folder.join(format!("{name}{EXPECTED}"));
        if snapshot_file.exists() || expected_file.exists() {
            return Ok(None);
        }
        let tenant = self.tenant(lowered);
        output::to_file(&snapshot_file, &snapshot_file, Readers::All, |out| {
            snapshot::write(&tenant, TOOL, out)
        })?;
        let expected = self.expected(lowered);
        output::to_file(&expected_file, &expected_file, Readers::All, |out| {
            out.write_all(expected.as_bytes())
        })?;
        Ok(Some(snapshot_file.display().to_string()))
    }

    fn expected(&self, lowered: Option<&Lowered>) -> String {
        let mut text = format!(
            "# What an audit of {} gives on the snapshot of the same name: these findings, no others.\nas_of = {}\nmember = {}\n",
            self.rules.id,
            self.rules.read,
            quoted(&self.member())
        );
        // Writing to a String cannot fail.
        if let Some(feature) = self.feature {
            let _ = writeln!(text, "features = [{}]", quoted(feature));
        }
        if let Some(lowered) = lowered {
            let Lowered { function, verb, actual, required } = lowered;
            let function = quoted(&self.catalog.full_name(*function));
            let _ = write!(text, "\n[[result]]\ncheck = \"LW101\"\nfunction = {function}\n");
            let _ = write!(text, "verb = \"{verb}\"\nactual = \"{actual}\"\nrequired = \"{required}\"\n");
        }
        text
    }

    fn member(&self) -> String {
        self.rules.matches.members.first().unwrap_or(&self.rules.id).clone()
    }

    fn tenant(&self, lowered: Option<&Lowered>) -> Tenant {
        let taken_at = self.rules.read.to_zoned(TimeZone::UTC).map(|day| day.timestamp()).unwrap_or_default();
        let id = TenantId { site: "na.myconnectwise.net".to_owned(), company: "example".to_owned() };
        let mut tenant = Tenant::unread(id, taken_at);
        let name = self.rules.matches.roles.first().unwrap_or(&self.rules.id);
        tenant.roles = Dataset::Complete(vec![Role {
            admin: Some(false),
            active: Some(true),
            ..Role::new(ROLE, name.as_str())
        }]);
        tenant.settings.insert(ROLE, Dataset::Complete(self.settings(lowered)));
        tenant.api_members = Dataset::Complete(vec![ApiMember {
            active: Some(true),
            role: Some(ROLE),
            level: Some("Corporate (Level 1)".into()),
            ..ApiMember::new(MEMBER, self.member().as_str())
        }]);
        tenant.members = Dataset::Complete(vec![Member {
            licence: Some(Licence::Api),
            active: Some(true),
            role: Some(ROLE),
            ..Member::new(MEMBER)
        }]);
        tenant.member_use = Dataset::Complete(vec![MemberUse {
            id: MEMBER,
            days: Some(0),
            restrict_location: Some(false),
            restrict_department: Some(false),
        }]);
        tenant.own_member = Dataset::Complete(OwnMember { id: MEMBER, days: Some(0) });
        tenant.logins = Dataset::Complete(Vec::new());
        tenant
    }

    fn settings(&self, lowered: Option<&Lowered>) -> Vec<Setting> {
        let setting = |id: FunctionId| {
            let function = self.catalog.function(id);
            let grants = Grants::from_fn(|verb| {
                let lower = lowered.filter(|lowered| lowered.function == id && lowered.verb == verb);
                Grant::Level(lower.map_or_else(|| self.level(id, verb), |lowered| lowered.actual))
            });
            Setting::new(self.catalog.module_name(function.module), function.name.as_str(), grants)
        };
        self.functions().map(setting).collect()
    }
}
