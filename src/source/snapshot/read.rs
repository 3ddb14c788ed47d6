//! Reading a snapshot: the whole file, or one sentence that says what is wrong and where.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::FORMAT;
use super::rows::{Coverage, CoverageStatus, File, Header, RoleRow, SettingRow, sorted};
use crate::model::{
    ApiMember, Dataset, DatasetName, Gap, GapCause, Grants, Licence, Login, Lost, Member, MemberId,
    MemberUse, Name, Noted, OwnMember, Role, RoleId, Setting, Tenant, Verb,
};
use crate::rules::words;

/// Why a file is not a snapshot that can be judged.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Not text in UTF-8.
    #[error("line {0}: the file is not text in UTF-8; take the snapshot again, or save it as UTF-8")]
    NotText(usize),
    /// Not JSON at all.
    #[error(
        "line {line}, column {column}: the file is not JSON ({detail}); a snapshot is what `leastwise snapshot -o FILE` writes"
    )]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser says.
        detail: String,
    },
    /// JSON that breaks off.
    #[error("line {0}: the file ends too early, as if it had been cut off; take the snapshot again")]
    Truncated(usize),
    /// JSON of another kind.
    #[error(
        "the file is JSON but not a snapshot: its \"format\" is {0}, not \"leastwise-snapshot/1\"; a snapshot is what `leastwise snapshot -o FILE` writes"
    )]
    NotASnapshot(String),
    /// A snapshot of a later version.
    #[error("the snapshot has the format \"{0}\", which this leastwise does not read; update leastwise")]
    Later(String),
    /// A snapshot whose content cannot be.
    #[error("line {line}: {message}")]
    Wrong {
        /// Line, from 1.
        line: usize,
        /// What is wrong, and what to do.
        message: String,
    },
}

/// Reads the text of a snapshot.
///
/// # Errors
/// What is wrong with the file, and where; nothing is read by halves.
pub fn parse(bytes: &[u8]) -> Result<Tenant, SnapshotError> {
    read(bytes).map(|(tenant, _)| tenant)
}

/// As [`parse`], with why no setting counts as read, where the file contradicts itself about them.
pub(super) fn read(bytes: &[u8]) -> Result<(Tenant, Option<GapCause>), SnapshotError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| SnapshotError::NotText(newlines(&bytes[..error.valid_up_to()]) + 1))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file: Result<File<'_>, _> = serde_json::from_str(text);
    if !file.as_ref().is_ok_and(|file| file.format.as_deref() == Some(FORMAT)) {
        // What another program wrote, or a later version, is not to be held against the rows of this one.
        check_format(text)?;
    }
    let file = file.map_err(|error| wrong(text, &error))?;
    Reader { names: Names::default(), lines: Lines::new(text) }.tenant(file)
}

fn check_format(text: &str) -> Result<(), SnapshotError> {
    #[derive(Deserialize)]
    struct Envelope {
        format: Option<serde_json::Value>,
    }
    let envelope: Result<Envelope, _> = serde_json::from_str(text);
    let format = match envelope {
        Ok(envelope) => envelope.format,
        Err(error) if error.classify() == Category::Data => None,
        Err(error) => return Err(wrong(text, &error)),
    };
    match format {
        Some(serde_json::Value::String(format)) if format == FORMAT => Ok(()),
        Some(serde_json::Value::String(format)) if format.starts_with("leastwise-snapshot/") => {
            Err(SnapshotError::Later(format))
        }
        Some(other) => Err(SnapshotError::NotASnapshot(other.to_string())),
        None => Err(SnapshotError::NotASnapshot("missing".to_owned())),
    }
}

fn wrong(text: &str, error: &serde_json::Error) -> SnapshotError {
    let detail = error.to_string();
    let detail = detail.split(" at line ").next().unwrap_or_default().to_owned();
    match error.classify() {
        Category::Eof if text.trim().is_empty() => {
            SnapshotError::NotJson { line: 1, column: 1, detail: "it is empty".to_owned() }
        }
        Category::Eof => SnapshotError::Truncated(error.line()),
        Category::Syntax | Category::Io => {
            SnapshotError::NotJson { line: error.line(), column: error.column(), detail }
        }
        Category::Data => {
            SnapshotError::Wrong { line: error.line(), message: format!("{detail}; take the snapshot again") }
        }
    }
}

fn newlines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte == b'\n').count()
}

/// Finds the line of a part of the text; asked in the order of the file, it reads the text once.
struct Lines<'t> {
    text: &'t str,
    offset: usize,
    line: u32,
}

impl<'t> Lines<'t> {
    const fn new(text: &'t str) -> Self {
        Self { text, offset: 0, line: 1 }
    }

    fn of(&mut self, part: &str) -> u32 {
        let offset =
            (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        if offset < self.offset {
            *self = Self::new(self.text);
        }
        let between = newlines(&self.text.as_bytes()[self.offset..offset]);
        self.line = self.line.saturating_add(u32::try_from(between).unwrap_or(u32::MAX));
        self.offset = offset;
        self.line
    }
}

/// One copy of each text that many rows share.
#[derive(Default)]
pub(super) struct Names(HashSet<Name>);

impl Names {
    fn name(&mut self, text: &str) -> Name {
        if let Some(name) = self.0.get(text) {
            return Name::clone(name);
        }
        let name: Name = text.into();
        self.0.insert(Name::clone(&name));
        name
    }

    fn some(&mut self, text: Option<&Cow<'_, str>>) -> Option<Name> {
        text.map(|text| self.name(text))
    }

    /// A setting that stands on this line.
    pub(super) fn setting(&mut self, row: SettingRow<'_>, line: u32) -> Setting {
        let SettingRow { add, edit, delete, inquire, .. } = row;
        let mut grants = [Some(add), Some(edit), Some(delete), Some(inquire)];
        Setting {
            id: row.id,
            module: self.name(&row.module),
            function: self.name(&row.function),
            description: self.some(row.description.as_ref()),
            identifier: self.some(row.identifier.as_ref()),
            grants: Grants::from_fn(|verb: Verb| {
                grants[verb as usize].take().unwrap_or(crate::model::Grant::Absent)
            }),
            line: Some(line),
        }
    }
}

/// The settings of a role, or why the file has none.
pub(super) fn settings<S>(
    rows: Option<Vec<S>>,
    role: RoleId,
    unavailable: Option<GapCause>,
    setting: impl FnMut(S) -> Result<Setting, SnapshotError>,
) -> Result<Dataset<Vec<Setting>>, SnapshotError> {
    Ok(match (rows, unavailable) {
        (_, Some(cause)) => Dataset::Unavailable(Gap::of_role(role, cause)),
        (None, None) => Dataset::Unavailable(Gap::of_role(role, GapCause::NotInSnapshot)),
        (Some(rows), None) => {
            let settings: Result<Vec<_>, _> = rows.into_iter().map(setting).collect();
            Dataset::never_empty(DatasetName::Settings, settings?)
        }
    })
}

struct Reader<'t> {
    names: Names,
    lines: Lines<'t>,
}

impl Reader<'_> {
    fn name(&mut self, text: &str) -> Name {
        self.names.name(text)
    }

    fn some(&mut self, text: Option<&Cow<'_, str>>) -> Option<Name> {
        self.names.some(text)
    }

    fn tenant(mut self, mut file: File<'_>) -> Result<(Tenant, Option<GapCause>), SnapshotError> {
        let noted = noted(&file);
        let header = file.header.take().ok_or_else(|| missing("header"))?;
        let id = file.tenant.take().ok_or_else(|| missing("tenant"))?;
        let coverage = std::mem::take(&mut file.coverage);
        let coverage = Covered(&coverage);
        let mut settings = self.settings(&file.roles)?;
        let found = settings.values().filter_map(|own| own.rows().ok()).map(Vec::len).sum();
        let withheld = coverage.withholds_settings(&file.roles);
        if let Some(cause) = &withheld {
            for (role, own) in settings.iter_mut().filter(|(_, own)| own.rows().is_ok()) {
                *own = Dataset::Unavailable(Gap::of_role(*role, cause.clone()));
            }
        }
        let roles = self.roles(&file.roles, &header)?;
        let members = file.members.iter().map(|row| Member {
            id: MemberId(row.id),
            licence: row.licence.as_deref().map(Licence::from_letter),
            active: row.active,
            role: row.role.map(RoleId),
            identifier: self.some(row.identifier.as_ref()),
        });
        let members = sorted(members, |member| member.id);
        let api_members = file.api_members.iter().map(|row| ApiMember {
            id: MemberId(row.id),
            identifier: self.name(&row.identifier),
            namesake: false,
            name: self.some(row.name.as_ref()),
            active: row.active,
            role: row.role.map(RoleId),
            level: self.some(row.level.as_ref()),
            location: self.some(row.location.as_ref()),
            default_board: self.some(row.default_board.as_ref()),
            excluded_boards: row.excluded_boards.clone(),
        });
        let api_members = sorted(api_members, |member| member.id);
        let member_use = file.member_use.iter().map(|row| MemberUse {
            id: MemberId(row.id),
            days: header.last_use_days.get(&row.id).copied(),
            restrict_location: row.restrict_location,
            restrict_department: row.restrict_department,
        });
        let member_use = sorted(member_use, |member| member.id);
        let logins = file.logins.iter().map(|row| Login {
            id: row.id,
            username: self.name(&row.username),
            active: row.active,
        });
        let logins = sorted(logins, |login| login.id);
        let mut tenant = Tenant {
            psa_version: self.some(header.psa_version.as_ref()),
            roles: coverage.list(DatasetName::Roles, roles),
            settings,
            api_members: coverage.list(DatasetName::ApiMembers, api_members),
            members: coverage.list(DatasetName::Members, members),
            member_use: coverage.list(DatasetName::MemberUse, member_use),
            own_member: coverage.own_member(&header),
            logins: coverage.logins(logins),
            noted,
            ..Tenant::unread(id, header.taken_at.0)
        };
        file.put_plain(&mut tenant, |dataset| coverage.gap(dataset));
        tenant.accept_no_api_members();
        tenant.note_namesakes();
        tenant.lost = coverage.lost(&tenant, found);
        Ok((tenant, withheld))
    }

    fn roles(&mut self, rows: &[RoleRow<'_>], header: &Header<'_>) -> Result<Vec<Role>, SnapshotError> {
        let mut seen = HashSet::new();
        let mut roles = Vec::with_capacity(rows.len());
        for row in rows {
            if !seen.insert(row.id) {
                let place = row.settings.as_ref().and_then(|settings| settings.first());
                let line = place.map_or(1, |raw| self.lines.of(raw.get()).saturating_sub(1)) as usize;
                let message = format!(
                    "role {} (\"{}\") is listed twice; remove one, or take the snapshot again",
                    row.id, row.name
                );
                return Err(SnapshotError::Wrong { line, message });
            }
            roles.push(Role {
                id: RoleId(row.id),
                name: self.name(&row.name),
                namesake: false,
                kind: self.some(row.kind.as_ref()),
                admin: row.admin,
                active: row.active,
                updated: header.role_updates.get(&row.id).cloned(),
            });
        }
        roles.sort_by_key(|role| role.id);
        Ok(roles)
    }

    fn settings(
        &mut self,
        rows: &[RoleRow<'_>],
    ) -> Result<BTreeMap<RoleId, Dataset<Vec<Setting>>>, SnapshotError> {
        let mut all = BTreeMap::new();
        for row in rows {
            let raw = row.settings.as_deref().map(<[_]>::to_vec);
            let dataset = settings(raw, RoleId(row.id), row.gap(), |raw| self.setting(raw))?;
            all.entry(RoleId(row.id)).or_insert(dataset);
        }
        Ok(all)
    }

    fn setting(&mut self, raw: &RawValue) -> Result<Setting, SnapshotError> {
        let line = self.lines.of(raw.get());
        let row: SettingRow<'_> = serde_json::from_str(raw.get()).map_err(|error| {
            let detail = error.to_string();
            let detail = detail.split(" at line ").next().unwrap_or_default();
            SnapshotError::Wrong {
                line: line as usize,
                message: format!("a setting is not readable: {detail}"),
            }
        })?;
        Ok(self.names.setting(row, line))
    }
}

/// What names told before they became tokens.
fn noted(file: &File<'_>) -> Noted {
    fn listed<I: Ord>(rows: impl Iterator<Item = (I, Vec<Name>)>) -> BTreeMap<I, Vec<Name>> {
        rows.filter(|(_, matches)| !matches.is_empty()).collect()
    }
    let names = |matches: &[String]| matches.iter().map(|id| Name::from(id.as_str())).collect::<Vec<_>>();
    let api = file.api_members.iter().map(|row| (MemberId(row.id), names(&row.matches)));
    let people = file.members.iter().map(|row| (MemberId(row.id), names(&row.matches)));
    Noted {
        roles: listed(file.roles.iter().map(|row| (RoleId(row.id), names(&row.matches)))),
        members: listed(api.chain(people)),
        logins: listed(file.logins.iter().map(|row| (row.id, names(&row.matches)))),
    }
}

pub(super) fn missing(key: &str) -> SnapshotError {
    SnapshotError::Wrong { line: 1, message: format!("`{key}` is missing; take the snapshot again") }
}

/// Why something is missing: the cause that the file gives, and never its own words for it.
pub(super) fn cause(typed: Option<&GapCause>, reason: Option<&str>) -> GapCause {
    let ours = typed.filter(|cause| cause.said().is_none_or(|said| words().knows(said)));
    match (ours, reason) {
        (Some(cause), _) => cause.clone().with_plain_host(),
        (None, Some(reason)) => GapCause::Unexplained { characters: reason.chars().count() },
        (None, None) => GapCause::NoReason,
    }
}

impl<S> RoleRow<'_, S> {
    /// Why it has no settings, where the file says that it has none.
    pub(super) fn gap(&self) -> Option<GapCause> {
        let says = self.cause.is_some() || self.unavailable.is_some();
        says.then(|| cause(self.cause.as_ref(), self.unavailable.as_deref()))
    }
}

/// What the file says of each dataset; one that it does not speak of was not read.
struct Covered<'t>(&'t [Coverage]);

impl Covered<'_> {
    fn gap(&self, dataset: DatasetName) -> Option<GapCause> {
        let mut said = self.0.iter().filter(|coverage| coverage.dataset == dataset).peekable();
        if said.peek().is_none() {
            let was_asked = !dataset.is_optional();
            return Some(if was_asked { GapCause::NotInSnapshot } else { GapCause::NotAsked });
        }
        // Where the file speaks of it twice and does not agree with itself, it was not read in full.
        let unavailable = said.find(|coverage| coverage.status != CoverageStatus::Complete)?;
        Some(cause(unavailable.cause.as_ref(), unavailable.reason.as_deref()))
    }

    /// Why no role's settings count as read, though there are some: the file does not speak of them, or says
    /// that they were not read and of no role that it was that one's.
    fn withholds_settings(&self, roles: &[RoleRow<'_>]) -> Option<GapCause> {
        let is_typed =
            |coverage: &Coverage| coverage.dataset == DatasetName::Settings && coverage.cause.is_some();
        let is_unread = |role: &RoleRow<'_>| role.settings.is_none() || role.gap().is_some();
        let cause = self.gap(DatasetName::Settings).filter(|_| !roles.is_empty())?;
        let each_says_why =
            cause != GapCause::NotInSnapshot && !self.0.iter().any(is_typed) && roles.iter().any(is_unread);
        (!each_says_why).then_some(cause)
    }

    /// The lists that have fewer rows than the file says; of settings, so many were found.
    fn lost(&self, tenant: &Tenant, settings: usize) -> Vec<Lost> {
        let rows = tenant.asked_datasets().filter_map(|(dataset, rows)| Some((dataset, rows.ok()?)));
        let found: BTreeMap<_, _> = rows.chain([(DatasetName::Settings, settings)]).collect();
        let complete = self.0.iter().filter(|coverage| coverage.status == CoverageStatus::Complete);
        let all = complete.filter_map(|coverage| {
            let found = *found.get(&coverage.dataset)?;
            Some(Lost { dataset: coverage.dataset, said: coverage.records, found })
        });
        all.filter(|lost| lost.found < lost.said).collect()
    }

    fn list<T>(&self, dataset: DatasetName, rows: Vec<T>) -> Dataset<Vec<T>> {
        match self.gap(dataset) {
            Some(cause) => Dataset::unavailable(dataset, cause),
            None => Dataset::never_empty(dataset, rows),
        }
    }

    fn logins(&self, rows: Vec<Login>) -> Dataset<Vec<Login>> {
        match self.gap(DatasetName::IntegratorLogins) {
            Some(cause) => Dataset::unavailable(DatasetName::IntegratorLogins, cause),
            None => Dataset::Complete(rows),
        }
    }

    fn own_member(&self, header: &Header<'_>) -> Dataset<OwnMember> {
        match (self.gap(DatasetName::OwnMember), header.own_member) {
            (Some(cause), _) => Dataset::unavailable(DatasetName::OwnMember, cause),
            (None, None) => Dataset::unavailable(DatasetName::OwnMember, GapCause::NotInSnapshot),
            (None, Some(id)) => Dataset::Complete(OwnMember {
                id: MemberId(id),
                days: header.last_use_days.get(&id).copied(),
            }),
        }
    }
}
