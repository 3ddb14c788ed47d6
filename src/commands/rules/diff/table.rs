//! What vendors changed, for people.

use super::lacking::{Effect, Effects, State};
use crate::rules::{Catalog, ChangedFile, ChangedLevel, RuleChanges, RuleFile};
use crate::term::text::count;
use crate::term::{Page, Style};

pub(super) fn write(
    changes: &RuleChanges<'_>,
    effects: Option<&Effects>,
    catalog: &Catalog,
    style: Style,
) -> String {
    let mut page = Page::new(style);
    if changes.is_empty() {
        page.paragraph("No rule file asks for anything else than it did.");
    }
    for changed in &changes.changed {
        page.blank();
        write_file(&mut page, changed, catalog);
    }
    write_names(&mut page, "New rule files", &changes.added);
    write_names(&mut page, "Rule files that are gone", &changes.removed);
    if let Some(effects) = effects {
        write_effects(&mut page, effects, changes);
    }
    page.into_text()
}

fn write_file(page: &mut Page, changed: &ChangedFile<'_>, catalog: &Catalog) {
    page.heading(&format!("{} ({})", changed.new.title(), changed.new.id));
    let (new, old) = (changed.new.read, changed.old.read);
    page.paragraph(&if new == old {
        format!("source read on {new}, now and before")
    } else {
        format!("source read on {new}, before on {old}")
    });
    let of = |feature: &Option<String>| {
        feature.as_ref().map(|name| format!(" (feature {name})")).unwrap_or_default()
    };
    let mut rows: Vec<_> = changed
        .levels
        .iter()
        .map(|level| (level.target.name(catalog) + &of(&level.feature), told(level)))
        .collect();
    rows.extend(changed.tables.iter().map(|table| {
        let text = if table.came {
            format!("also allow {}", table.entry)
        } else {
            format!("no longer allow {}", table.entry)
        };
        (table.target.name(catalog) + &of(&table.feature), text)
    }));
    page.list(&rows);
}

fn told(level: &ChangedLevel) -> String {
    let word = if level.now > level.before { "more" } else { "less" };
    format!("{word}: {} {} → {}", level.verb.title(), level.before, level.now)
}

fn write_names(page: &mut Page, heading: &str, files: &[&RuleFile]) {
    if !files.is_empty() {
        page.blank();
        page.heading(heading);
        let rows: Vec<_> = files.iter().map(|rules| (rules.id.clone(), rules.title())).collect();
        page.list(&rows);
    }
}

fn write_effects(page: &mut Page, effects: &Effects, changes: &RuleChanges<'_>) {
    page.blank();
    page.heading(&format!("What it means for {}", effects.tenant));
    let since = |effect: &Effect| {
        let file = changes.changed.iter().find(|changed| changed.new.id == effect.integration);
        let Some(file) = file else { return String::new() };
        let (new, old) = (file.new.read, file.old.read);
        if new == old { " now, and not before".to_owned() } else { format!(" since {new} (not on {old})") }
    };
    let rows: Vec<_> = effects
        .all
        .iter()
        .filter_map(|effect| {
            let (role, verb, now) = (&effect.role.1, effect.change.verb.title(), effect.change.now);
            let text = match &effect.state {
                State::Lacks(has) => {
                    format!("needs {}, {verb} = {now}{}; {role} has {has}", effect.name, since(effect))
                }
                State::Surplus(has) => {
                    format!("needs only {verb} = {now} of {} now; {role} has {has}", effect.name)
                }
                State::Unknown(why) => format!(
                    "needs {}, {verb} = {now}{}; whether {role} has it is unknown: {why}",
                    effect.name,
                    since(effect)
                ),
                State::Has(_) => return None,
            };
            Some((effect.integration.clone(), text))
        })
        .collect();
    if rows.is_empty() {
        page.paragraph("Every role has what is asked for now, and nothing that is no longer asked for.");
    }
    page.list(&rows);
    if !effects.not_here.is_empty() {
        let number = count(effects.not_here.len(), "changed integration");
        page.paragraph(&format!("No role is known to serve {number}: {}", effects.not_here.join(", ")));
    }
}
