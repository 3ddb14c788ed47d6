//! LW301: an integration is expected, and there is no API member for it.

use super::{Binding, Case, Check, Draft, Found, How, Integration, Run};
use crate::model::{DatasetName, Severity};
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: "LW301",
    name: "member-not-found",
    severity: Severity::High,
    summary: "there is no API member for an integration that is expected",
    clear: "the integration has a member",
    page: include_str!("../../docs/checks/lw301-member-not-found.md"),
    data: &[DatasetName::Roles, DatasetName::ApiMembers, DatasetName::Members],
    run: Run::Integration(run),
};

fn run(case: &Case<'_>, integration: &Integration<'_>) -> Found {
    if !integration.expected {
        return Ok(vec![Draft::not_applicable("only an integrator login speaks of the integration")]);
    }
    // Whom the config or a rule file names can be looked up in these lists alone.
    case.roles()?;
    case.api_members()?;
    let served = integration.bindings.iter().any(|binding| binding.member.is_some());
    let without = integration.bindings.iter().filter(|binding| binding.member.is_none());
    let declared: Vec<_> = without.filter(|binding| binding.how != How::Matched).collect();
    if served && declared.is_empty() {
        return Ok(Vec::new());
    }
    case.all_members()?;
    let title = integration.rules.title();
    let mut drafts = unserved_roles(integration, &declared);
    let names: Vec<_> = declared
        .iter()
        .filter_map(|binding| binding.member_name.as_ref())
        .map(|name| format!("\"{name}\""))
        .collect();
    if !names.is_empty() {
        let verb = if names.len() == 1 { "does" } else { "do" };
        drafts.push(missing(
            integration,
            format!("{title} is bound to the member {}, which {verb} not exist", join_and(&names)),
        ));
    }
    if drafts.is_empty() {
        let role = integration.bindings.iter().find_map(|binding| binding.role);
        drafts.push(match role {
            Some(role) => missing(
                integration,
                format!("the role \"{}\" of {title} exists, but no API member holds it", role.name),
            )
            .role(role),
            None => missing(integration, format!("no API member was found for {title}")),
        });
    }
    Ok(drafts)
}

/// Bindings that name a role only, which nobody holds.
fn unserved_roles(integration: &Integration<'_>, declared: &[&Binding<'_>]) -> Vec<Draft> {
    let roles =
        declared.iter().filter(|binding| binding.member_name.is_none()).filter_map(|binding| binding.role);
    roles
        .map(|role| {
            let message = format!(
                "{} is bound to the role \"{}\", which no member holds",
                integration.rules.title(),
                role.name
            );
            missing(integration, message).role(role)
        })
        .collect()
}

fn missing(integration: &Integration<'_>, message: String) -> Draft {
    Draft::fail(message).fix(format!(
        "System > Members > API Members > +: make one for {} and choose its role under Role ID; if there is one under another name, bind it in leastwise.toml",
        integration.rules.title()
    ))
}
