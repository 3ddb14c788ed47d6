//! The words of a step: title, reason, clicks, how to undo it, and the text of its ticket.

use std::sync::Arc;

use super::{Kind, LevelChange, Old, Risk, Step, Wanted, What};
use crate::model::{FunctionRef, MemberRef};
use crate::term::text::{count, join_and, join_few};

/// The longest summary that the PSA takes for a ticket, in characters.
const LONGEST_SUMMARY: usize = 100;

/// So many levels are named in a title.
const NAMED: usize = 2;

/// A test, where no vendor names one.
const TRY: &str = "let the integration do its work once (open and close a ticket, synchronise a customer), and look \
                   for errors in its console";

/// The click path to the API members.
const API_MEMBERS: &str = "System > Members > API Members";

/// The click path to the security roles.
const ROLES: &str = "System > Security Roles";

impl Step {
    /// Whom a title names: the login, the member, the only holder of the role, or the role; beside the holder the
    /// role, where another bears its name.
    fn who(&self) -> String {
        let login = self.login.as_ref().map(|login| format!("login {}", login.name));
        let member = || self.member.as_ref().map(ToString::to_string);
        let namesake = self.role.as_ref().filter(|role| role.namesake);
        let of_namesake = namesake.map(|role| format!(", role {role}")).unwrap_or_default();
        let holder = || match self.affects.as_slice() {
            [one] => Some(format!("{one}{of_namesake}")),
            _ => None,
        };
        let role = || self.role.as_ref().map(|role| format!("role {role}"));
        let integration = || self.integration.as_ref().map(|integration| integration.title.to_string());
        login.or_else(member).or_else(holder).or_else(role).or_else(integration).unwrap_or_default()
    }

    fn member_name(&self) -> String {
        self.member.as_ref().map_or_else(|| "the member".to_owned(), ToString::to_string)
    }

    fn role_name(&self) -> String {
        self.role.as_ref().map_or_else(|| "the role".to_owned(), ToString::to_string)
    }

    /// One line that says what to do.
    #[must_use]
    pub fn title(&self) -> String {
        let levels = count(self.levels.len(), "level");
        match &self.what {
            What::Levels => format!("{}: add {}", self.who(), count(self.levels.len(), "missing level")),
            What::Tables(tables) => format!("{}: allow {}", self.who(), count(tables.len(), "table")),
            What::SetUp => format!("{}: find its member and role, or set it up", self.who()),
            What::Unowned { unused_days: Some(days), limit, .. } if days > limit => {
                format!("{}: set it inactive; unused for {days} days", self.member_name())
            }
            What::Unowned { .. } => format!("{}: find its owner, or set it inactive", self.member_name()),
            What::Login { replaced: true } => {
                format!("{}: set it inactive; a key has replaced it", self.who())
            }
            What::Login { replaced: false } => format!("{}: set it inactive once a key works", self.who()),
            What::Dangerous => {
                format!("{}: take away {}", self.who(), count(self.levels.len(), "dangerous level"))
            }
            What::OwnRole { from, .. } => {
                let old = match from {
                    Old::Admin => "instead of Admin",
                    Old::Wide => "instead of the wide role",
                    Old::Shared => "instead of the shared role",
                };
                format!("{}: a role of its own ({levels}) {old}", self.who())
            }
            What::Excess { doubts } if doubts.is_empty() => format!("{}: take away {levels}", self.who()),
            What::Excess { .. } => format!("{}: take away {levels} that may be needed", self.who()),
            What::StillWanted { why } => format!("{}: is it still wanted? {}", self.who(), wanted(why)),
            What::IdleRole { asked } if !asked.is_empty() => {
                format!("Role {}: set it inactive, {}", self.role_name(), if_unwanted(asked))
            }
            What::IdleRole { .. } => format!("Role {}: set it inactive", self.role_name()),
            What::InactiveKeys => {
                format!("Role {}: delete the keys of its inactive members", self.role_name())
            }
            What::SpareTables(tables) => {
                format!("Role {}: refuse {}", self.role_name(), count(tables.len(), "table"))
            }
            What::Others { summary, .. } => format!("{}: {summary}", count(self.findings.len(), "finding")),
            What::Proof => "Check it: take a new snapshot and compare".to_owned(),
        }
    }

    /// Why it is worth doing.
    #[must_use]
    pub fn why(&self) -> String {
        match &self.what {
            What::Levels => "The integration cannot do its work without them. Nothing is taken away, so nothing can break.".to_owned(),
            What::Tables(_) => "The integration needs these tables, and the customise list refuses them.".to_owned(),
            What::SetUp => "The member or the role that leastwise.toml or the rule file names is not in this PSA.".to_owned(),
            What::Unowned { unused_days, limit, dangerous } => {
                let danger = if *dangerous { " Its key could do great harm." } else { "" };
                let used = match unused_days {
                    Some(days) if days > limit => format!("It was not used for {days} days."),
                    Some(0) => "It was used today: something uses it.".to_owned(),
                    Some(days) => format!("It was used {} ago: something uses it.", count(*days as usize, "day")),
                    None => "This PSA does not show whether it is used.".to_owned(),
                };
                format!("Nobody knows what uses it: no binding and no rule file names it. {used}{danger}")
            }
            What::Login { replaced: true } => "The integration has an API key, and its member was used lately. No API shows whether the login is still used. Do this after you have seen the integration work with the key.".to_owned(),
            What::Login { replaced: false } => {
                "The integration can use API keys. The PSA does not show whether it uses one yet.".to_owned()
            }
            What::Dangerous => "A thief with the key could do far more than the integration needs.".to_owned(),
            What::OwnRole { from, .. } => match from {
                Old::Admin => "Its key can read, change and delete everything.".to_owned(),
                Old::Wide => "The role was made for something else. A new role is safer than a change of this one.".to_owned(),
                Old::Shared => "Others hold this role too. Each of them gets what any of them needs.".to_owned(),
            },
            What::Excess { doubts } if doubts.is_empty() => "Nothing that is bound to the role needs them.".to_owned(),
            What::Excess { doubts } => format!("{}. So do this in office hours, and test it at once.", doubts.join(". ")),
            What::StillWanted { .. } => "Only its owner knows.".to_owned(),
            What::IdleRole { asked } if asked.is_empty() => "No active member holds it.".to_owned(),
            What::IdleRole { asked } => {
                let hold = match asked.as_slice() {
                    [_] => "which is inactive, holds it. If that member",
                    _ => "which are inactive, hold it. If one of them",
                };
                format!("Only {}, {hold} works again, it needs this role.", join_few(asked, NAMED))
            }
            What::InactiveKeys => "Whoever activates the member again activates its keys.".to_owned(),
            What::SpareTables(_) => "No bound integration needs these tables.".to_owned(),
            What::Others { summary, .. } => format!("{summary}."),
            What::Proof => "You and an auditor can then see what was changed.".to_owned(),
        }
    }

    /// What to click, in the order of the screens.
    #[must_use]
    pub fn clicks(&self) -> Vec<String> {
        let role = format!("{ROLES} > {}", self.role_name());
        let member = format!("{API_MEMBERS} > {}", self.member_name());
        let levels = || self.levels.iter().map(click);
        match &self.what {
            What::Levels | What::Dangerous | What::Excess { .. } => {
                std::iter::once(role).chain(levels()).chain(["Save".to_owned()]).collect()
            }
            What::Tables(tables) => table_clicks(&role, tables, "left, under \"Allow Access to these\""),
            What::SpareTables(tables) => table_clicks(&role, tables, "right"),
            What::SetUp => {
                let id = self.integration.as_ref().map_or("", |integration| &integration.id);
                vec![
                    "Look for the member and the role under another name; if they are there, correct leastwise.toml".to_owned(),
                    format!("If they are not there: leastwise checklist --integration {id} --new prints every click"),
                ]
            }
            What::Unowned { unused_days, limit, .. } => {
                if unused_days.is_some_and(|days| days > *limit) {
                    return vec![format!("{member}: set Inactive, then Save")];
                }
                vec![
                    format!(
                        "{member} > API Logs: switch its debug mode on, see what uses it, and ask its owner"
                    ),
                    format!("If nobody owns it: {member}: set Inactive, then Save"),
                ]
            }
            What::Login { replaced } => {
                let name = self.login.as_ref().map_or("", |login| &login.name);
                let first = if *replaced { "" } else { "When the integration works with a key: " };
                vec![format!(
                    "{first}System > Setup Tables > Integrator Login > {name}: set Inactive, then Save"
                )]
            }
            What::OwnRole { name, .. } => {
                let mut clicks =
                    vec![format!("{ROLES} > +: Role ID \"{name}\"; leave every level at None but these")];
                clicks.extend(self.levels.iter().map(set));
                for (function, entries) in &self.tables {
                    clicks.push(format!(
                        "{} > {} > customize: left, under \"Allow Access to these\", only {}",
                        function.module,
                        function.function,
                        join_and(entries)
                    ));
                }
                clicks.push("Save".to_owned());
                clicks.push(format!("{member} > Role ID: choose \"{name}\", then Save"));
                clicks
            }
            What::StillWanted { why } => {
                let mut clicks = vec![format!(
                    "{member} > API Logs: switch its debug mode on and see whether something uses it; and ask its owner"
                )];
                if why.contains(&Wanted::RoleInactive) {
                    clicks.push(format!("If it is wanted: {role}: clear Inactive, then Save"));
                }
                clicks.push(if why.contains(&Wanted::MemberInactive) {
                    format!("If it is wanted: {member}: clear Inactive, then Save. If not: leave it inactive")
                } else {
                    format!("If it is not: {member}: set Inactive, then Save")
                });
                clicks
            }
            What::IdleRole { asked } if asked.is_empty() => vec![format!("{role}: set Inactive, then Save")],
            What::IdleRole { asked } => {
                let condition = if_unwanted(asked).replacen('i', "I", 1);
                vec![format!("{condition}: {role}: set Inactive, then Save")]
            }
            What::InactiveKeys => {
                vec![format!(
                    "{API_MEMBERS}: show inactive ones; of those with the role {}: delete the keys",
                    self.role_name()
                )]
            }
            What::Others { fixes, .. } => fixes.clone(),
            What::Proof => vec![
                "leastwise snapshot -o after.json".to_owned(),
                "leastwise diff before.json after.json".to_owned(),
                "leastwise review --snapshot after.json".to_owned(),
            ],
        }
    }

    /// What it can break.
    #[must_use]
    pub const fn risk(&self) -> Risk {
        match self.kind {
            Kind::Restore | Kind::Prove => Risk::None,
            Kind::Disable => Risk::Reversible,
            Kind::Cut | Kind::Separate | Kind::Remove => Risk::MayBreak,
            Kind::Tidy => match self.what {
                What::Others { .. } => Risk::None,
                // A deleted key does not come back.
                What::InactiveKeys => Risk::MayBreak,
                _ => Risk::Reversible,
            },
        }
    }

    /// What those do whom it affects.
    #[must_use]
    pub const fn others(&self) -> &'static str {
        match self.what {
            What::OwnRole { .. } => "keep the old role",
            _ => "hold this role",
        }
    }

    /// How to undo it.
    #[must_use]
    pub fn undo(&self) -> Option<String> {
        Some(match &self.what {
            What::Levels | What::Dangerous | What::Excess { .. } => {
                format!(
                    "{ROLES} > {}: set each level back to the one in brackets, then Save",
                    self.role_name()
                )
            }
            What::Tables(_) | What::SpareTables(_) => {
                "move each entry back to the list where it was, then Save".to_owned()
            }
            What::Unowned { .. } => {
                format!("{API_MEMBERS} > {}: clear Inactive, then Save", self.member_name())
            }
            What::Login { .. } => {
                let name = self.login.as_ref().map_or("", |login| &login.name);
                format!("System > Setup Tables > Integrator Login > {name}: clear Inactive, then Save")
            }
            What::OwnRole { .. } => format!(
                "{API_MEMBERS} > {} > Role ID: choose \"{}\" again, then Save",
                self.member_name(),
                self.role_name()
            ),
            What::IdleRole { .. } => format!("{ROLES} > {}: clear Inactive, then Save", self.role_name()),
            What::StillWanted { .. } => "set or clear Inactive as it was before, then Save".to_owned(),
            What::SetUp => "set the new member inactive".to_owned(),
            What::InactiveKeys | What::Others { .. } | What::Proof => return None,
        })
    }

    /// What cannot be undone, or brought back from a snapshot.
    #[must_use]
    pub fn not_undoable(&self) -> Option<String> {
        match &self.what {
            What::Tables(_) | What::SpareTables(_) => {
                Some("customise lists are in no snapshot: take a picture of each first".to_owned())
            }
            What::InactiveKeys => Some("a deleted key cannot be brought back: make a new one".to_owned()),
            _ => None,
        }
    }

    /// How to see that it worked, or that nothing broke: as the vendor says, else by letting it work once.
    #[must_use]
    pub fn test(&self) -> Option<String> {
        let own = (!self.tests.is_empty()).then(|| self.tests.join("; "));
        match (&self.what, own) {
            // What is in doubt is not what a vendor's test tries.
            (What::Excess { doubts }, Some(own)) if !doubts.is_empty() => Some(format!("{own} And {TRY}")),
            (_, Some(own)) => Some(own),
            (
                What::Levels
                | What::Tables(_)
                | What::SetUp
                | What::OwnRole { .. }
                | What::Dangerous
                | What::Excess { .. },
                None,
            ) => Some(TRY.to_owned()),
            (What::Unowned { .. } | What::Login { .. } | What::IdleRole { .. }, None) => {
                Some("for a month, watch whether anything stops or reports an error".to_owned())
            }
            _ => None,
        }
    }

    /// The ticket's summary, of at most 100 characters.
    #[must_use]
    pub fn ticket_summary(&self) -> String {
        let title = self.title();
        if title.chars().count() <= LONGEST_SUMMARY {
            return title;
        }
        title.chars().take(LONGEST_SUMMARY - 1).chain(['…']).collect()
    }

    /// The ticket's text: everything that whoever does it needs.
    #[must_use]
    pub fn ticket_text(&self) -> String {
        let mut lines =
            vec![self.why(), String::new(), "Before: leastwise snapshot -o before.json".to_owned()];
        lines.extend(
            self.clicks().into_iter().enumerate().map(|(place, click)| format!("{}. {click}", place + 1)),
        );
        lines.extend(self.test().map(|test| format!("Test: {test}")));
        lines.extend(self.undo().map(|undo| format!("Undo: {undo}")));
        lines.extend(self.not_undoable().map(|what| format!("Not undoable: {what}")));
        if self.affects.len() > 1 {
            lines.push(format!("These members {}: {}", self.others(), join_few(&self.affects, 8)));
        }
        lines.join("\n")
    }
}

/// "if Domotz is not wanted", "if none of A and B is wanted".
fn if_unwanted(asked: &[Arc<MemberRef>]) -> String {
    match asked {
        [one] => format!("if {one} is not wanted"),
        all => format!("if none of {} is wanted", join_few(all, NAMED)),
    }
}

fn set(LevelChange { function, verb, to, .. }: &LevelChange) -> String {
    format!("{} > {}: {} Level = {to}", function.module, function.function, verb.title())
}

fn click(change: &LevelChange) -> String {
    format!("{} (it is {})", set(change), change.from)
}

fn table_clicks(role: &str, tables: &[(Arc<FunctionRef>, String)], side: &str) -> Vec<String> {
    let mut clicks = vec![role.to_owned()];
    clicks.extend(tables.iter().map(|(function, entry)| {
        format!("{} > {} > customize: move {entry} to the {side}", function.module, function.function)
    }));
    clicks.push("Save".to_owned());
    clicks
}

fn wanted(why: &[Wanted]) -> String {
    let words = why.iter().map(|why| match why {
        Wanted::MemberInactive => "its member is inactive",
        Wanted::RoleInactive => "its role is inactive",
        Wanted::Duplicate => "another member serves the same integration",
        Wanted::Unused => "it was not used for a long time",
    });
    join_and(&words.collect::<Vec<_>>())
}
