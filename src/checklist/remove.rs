//! Taking an integration away: keys, member, role, old login, callbacks, and what to ask the vendor.

use std::io::{self, Write};

use super::numbered::Numbered;
use super::ticket::SIGNED;
use crate::audit::Key;
use crate::rules::RuleFile;
use crate::term::{Page, Style};

/// Writes every click that takes an integration away. `keys` are those of the integration that the tenant has.
///
/// # Errors
/// Whatever `out` answers.
pub(crate) fn write(rules: &RuleFile, keys: &[&Key], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(style);
    page.heading(&format!("{} ({}): take it away", rules.title(), rules.id));
    page.paragraph("First, so that you can go back: leastwise snapshot -o before.json, and a picture of the API Keys tab of each member below.");
    let console = rules.checklist.as_ref().and_then(|checklist| checklist.console.as_deref());
    let members: Vec<_> =
        keys.iter().filter_map(|key| key.member.as_ref().map(|member| (member, key))).collect();
    let mut set_inactive = Vec::new();
    let mut afterwards = Vec::new();
    for (member, key) in &members {
        let screen = if key.person { "System > Members" } else { "System > Members > API Members" };
        if key.person {
            set_inactive.push(format!("{screen} > {member} > API Keys: set the integration's keys inactive (the person keeps working)"));
            continue;
        }
        if key.active != Some(false) {
            set_inactive.push(format!(
                "{screen} > {member}: set Inactive, then Save (one click back if something stops)"
            ));
        }
        afterwards
            .push(format!("{screen} > {member} > API Keys: delete each key (it cannot be brought back)"));
        if let Some(role) = &key.role {
            let others = if key.admin {
                " is Admin: leave it as it is"
            } else {
                ": set Inactive, if nobody else holds it"
            };
            afterwards.push(format!("System > Security Roles > {role}{others}"));
        }
    }
    let logins = keys.iter().filter_map(|key| key.login.as_ref());
    set_inactive.extend(logins.map(|login| {
        format!("System > Setup Tables > Integrator Login > {}: set Inactive, then Save", login.name)
    }));
    if set_inactive.is_empty() && afterwards.is_empty() {
        page.blank();
        page.paragraph("Nothing in this tenant is named for it, or bound to it.");
    }
    let mut steps = Numbered::on(&mut page);
    steps.step("In the PSA, today", set_inactive);
    steps.step("In the PSA, once nobody has missed it for a month", afterwards);
    steps.step(
        "At the vendor, after that month",
        vec![
            format!("in {}: disconnect the PSA", console.unwrap_or("the vendor's console")),
            "ask the vendor to delete the keys and the data that it holds, and its callbacks (/system/callbacks): they post records at every save, without any key".to_owned(),
        ],
    );
    steps.step(
        "In your files",
        vec![
            format!("leastwise.toml: remove the binding and the waivers of {}", rules.id),
            "leastwise snapshot -o after.json, then leastwise diff before.json after.json: keep both with the ticket".to_owned(),
        ],
    );
    page.blank();
    page.heading("For the change ticket");
    page.paragraph(&format!(
        "Undo: clear Inactive on the member, the role and the old login; deleted keys have to be made anew. {SIGNED}"
    ));
    out.write_all(page.into_text().as_bytes())
}
