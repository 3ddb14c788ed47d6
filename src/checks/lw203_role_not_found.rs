//! LW203: an integration is expected, and there is no role for it.

use super::{Binding, Case, Check, Draft, Found, Integration, Run};
use crate::model::{DatasetName, Severity};
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: "LW203",
    name: "role-not-found",
    severity: Severity::High,
    summary: "there is no role for an integration that is expected",
    clear: "the integration has a role",
    page: include_str!("../../docs/checks/lw203-role-not-found.md"),
    data: &[DatasetName::Roles, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Integration(run),
};

fn run(case: &Case<'_>, integration: &Integration<'_>) -> Found {
    if !integration.expected {
        return Ok(vec![Draft::not_applicable("only an integrator login speaks of the integration")]);
    }
    case.roles()?;
    // A role may be known through its member only, of whichever kind; and a member may hold one that
    // does not exist, beside a role of the right name.
    case.api_members()?;
    case.all_members()?;
    let missing = |message: String| {
        Draft::fail(message).fix(format!(
            "System > Security Roles > +: make the role that `leastwise rules show {}` prints",
            integration.rules.id
        ))
    };
    if integration.bindings.is_empty() {
        let names = &integration.rules.matches.roles;
        let looked =
            if names.is_empty() { String::new() } else { format!(" (looked for {})", join_and(names)) };
        return Ok(vec![missing(format!("no role was found for {}{looked}", integration.rules.title()))]);
    }
    let mut drafts = Vec::new();
    for binding in &integration.bindings {
        if let (Some(name), None) = (&binding.role_name, binding.named_role) {
            let draft = missing(format!(
                "{} is bound to the role \"{name}\", which does not exist",
                integration.rules.title()
            ));
            let draft = draft.required(name);
            drafts.push(match &binding.member {
                Some(member) => draft.member(member.reference()),
                None => draft,
            });
        } else if binding.role.is_none() {
            drafts.push(roleless(integration, binding, &missing));
        }
    }
    Ok(drafts)
}

/// A binding that leads to no role, although it names none that is missing.
fn roleless(
    integration: &Integration<'_>,
    binding: &Binding<'_>,
    missing: &impl Fn(String) -> Draft,
) -> Draft {
    let title = integration.rules.title();
    let Some(member) = &binding.member else {
        return missing(format!("{title} has no role, since no member serves it"));
    };
    let reference = member.reference();
    match member.role() {
        Some(id) => {
            missing(format!("the member of {title} holds role {id}, which the PSA does not list")).actual(id)
        }
        None => Draft::unknown(format!("the PSA does not say which role the member of {title} holds")),
    }
    .member(reference)
}
