//! Setting an integration up: role, member, key, the vendor's console, the test. Offline.

use std::io::{self, Write};

use super::numbered::Numbered;
use super::ticket::SIGNED;
use crate::access::Requirements;
use crate::model::{Level, Verb};
use crate::rules::{Catalog, FunctionId, RuleFile};
use crate::term::text::join_and;
use crate::term::{Page, Style};

/// Writes every click that sets an integration up.
///
/// # Errors
/// Whatever `out` answers.
pub(crate) fn write(
    rules: &RuleFile,
    needs: &Requirements,
    catalog: &Catalog,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page::new(style);
    page.heading(&format!("{} ({}): set it up", rules.title(), rules.id));
    if rules.asks_admin() {
        page.paragraph("Its vendor asks for the Admin role and publishes no list of permissions. Ask for one: until there is a list, nobody can say which role is enough.");
        return out.write_all(page.into_text().as_bytes());
    }
    if rules.is_partial() {
        page.paragraph("The vendor's page covers only a part of what the product does: more may be needed.");
    }
    let role = rules.matches.roles.first().unwrap_or(&rules.product);
    let member = rules.matches.members.first().unwrap_or(role);
    let mut steps = Numbered::on(&mut page);
    let levels = levels(needs, catalog);
    let (title, clicks) = if levels.is_empty() {
        let features = join_and(&rules.features.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>());
        let known = if features.is_empty() {
            String::new()
        } else {
            format!("; leastwise knows those of {features}: name them in leastwise.toml and print this again")
        };
        let clicks = vec![format!(
            "the levels that the vendor's own app or page lists: {} publishes no list of them{known}",
            rules.vendor
        )];
        (format!("System > Security Roles > +: Role ID \"{role}\""), clicks)
    } else {
        (
            format!("System > Security Roles > +: Role ID \"{role}\"; leave every level at None but these"),
            levels,
        )
    };
    steps.step(&title, clicks);
    steps.step("In the same role: customize", tables(needs, catalog));
    steps.step("Save the role", ["Save".to_owned()]);
    let advice = &rules.member;
    let of_member = [
        Some(format!("Member ID \"{member}\"; Role ID \"{role}\"")),
        Some(advice.level.as_ref().map_or_else(
            || "Level: the highest (Corporate, Level 1)".to_owned(),
            |level| format!("Level: {level}"),
        )),
        advice.location.as_ref().map(|location| format!("Location and department: {location}")),
        advice.boards.as_ref().map(|boards| format!("Boards: {boards}")),
    ];
    let clicks =
        of_member.into_iter().flatten().chain(advice.notes.iter().cloned()).chain(["Save".to_owned()]);
    steps.step("System > Members > API Members > +", clicks);
    steps.step(
        &format!("System > Members > API Members > {member} > API Keys > +"),
        [
            format!("Description: {}", rules.title()),
            "Save, and copy both keys at once: the private key is shown only this time".to_owned(),
            "Put them where the vendor's console asks for them, and nowhere else".to_owned(),
        ],
    );
    if let Some(checklist) = &rules.checklist {
        let console = checklist.console.as_deref().unwrap_or("the vendor's console");
        steps.step(&format!("In {console}"), checklist.steps.iter().cloned());
    }
    steps.step("Test", rules.test().map(str::to_owned));
    let after = rules.keys_since().filter(|_| !rules.matches.logins.is_empty());
    steps.step(
        "Afterwards",
        after
            .map(|_| {
                "an old login (System > Setup Tables > Integrator Login) of this integration: set it inactive"
                    .to_owned()
            })
            .into_iter()
            .chain([format!(
                "leastwise audit --integration {} shows whether all is as it should be",
                rules.id
            )]),
    );
    page.blank();
    page.heading("For the change ticket");
    page.paragraph(&format!(
        "Before: no role and no member for {}. After: as above. Undo: set the member inactive. {SIGNED}",
        rules.title()
    ));
    out.write_all(page.into_text().as_bytes())
}

/// "Companies > Contacts: Add Level = All, Inquire Level = All", in the order of the screen.
fn levels(needs: &Requirements, catalog: &Catalog) -> Vec<String> {
    let mut rows: Vec<(FunctionId, Vec<(Verb, Level)>)> = Vec::new();
    for (id, verb, need) in needs.functions().filter(|(.., need)| need.level > Level::None) {
        match rows.iter_mut().find(|(own, _)| *own == id) {
            Some((_, levels)) => levels.push((verb, need.level)),
            None => rows.push((id, vec![(verb, need.level)])),
        }
    }
    let levels = |levels: &[(Verb, Level)]| {
        let all: Vec<_> =
            levels.iter().map(|(verb, level)| format!("{} Level = {level}", verb.title())).collect();
        all.join(", ")
    };
    let modules = needs.modules().filter(|(.., need)| need.level > Level::None);
    let whole = modules.map(|(module, verb, need)| {
        format!("{} > every function: {} Level = {}", catalog.module_name(module), verb.title(), need.level)
    });
    rows.iter()
        .map(|(id, own)| format!("{}: {}", catalog.full_name(*id).replace(" / ", " > "), levels(own)))
        .chain(whole)
        .collect()
}

fn tables(needs: &Requirements, catalog: &Catalog) -> Vec<String> {
    let list = |(id, entries): (&FunctionId, &std::collections::BTreeSet<String>)| {
        format!(
            "{} > customize: left, under \"Allow Access to these\", only {}",
            catalog.full_name(*id).replace(" / ", " > "),
            join_and(&entries.iter().collect::<Vec<_>>())
        )
    };
    needs.allow().iter().map(list).collect()
}
