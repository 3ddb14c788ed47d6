//! LW307: an integration that takes keys still has a user name and a password.

use super::{Case, Check, Draft, Found, Integration, Run};
use crate::model::{DatasetName, Login, Severity, fold_name};
use crate::term::text::join_and;

pub(super) static CHECK: Check = Check {
    id: "LW307",
    name: "legacy-login",
    severity: Severity::Medium,
    summary: "an integrator login matches an integration that takes keys",
    clear: "no integrator login matches the integration",
    page: include_str!("../../docs/checks/lw307-legacy-login.md"),
    data: &[DatasetName::IntegratorLogins],
    run: Run::Integration(run),
};

fn run(case: &Case<'_>, integration: &Integration<'_>) -> Found {
    let rules = integration.rules;
    let Some(keys_since) =
        rules.keys_since.filter(|since| *since <= case.as_of && !rules.matches.logins.is_empty())
    else {
        return Ok(vec![Draft::not_applicable("the rule file names no login from before keys")]);
    };
    let names: Vec<_> = rules.matches.logins.iter().map(|name| fold_name(name)).collect();
    let logins = case.tenant.logins.rows().map_err(Clone::clone)?;
    let is_its = |login: &&Login| {
        names.contains(&fold_name(&login.username)) || case.tenant.noted.login(login.id, &rules.id)
    };
    let matching: Vec<_> = logins.iter().filter(is_its).collect();
    let live: Vec<_> = matching
        .iter()
        .filter(|login| login.active == Some(true))
        .map(|login| login.username.to_string())
        .collect();
    if !live.is_empty() {
        return Ok(vec![
            Draft::fail(format!(
                "the integrator login {} still stands, though {} takes API keys since {keys_since}",
                join_and(&live),
                rules.title()
            ))
            .actual(join_and(&live))
            .fix("give the integration an API member's key, see that it works, then System > Setup Tables > Integrator Login: set it inactive"),
        ]);
    }
    Ok(match matching.iter().find(|login| login.active.is_none()) {
        Some(login) => vec![Draft::unknown(format!(
            "the PSA does not say whether the login {} is active",
            login.username
        ))],
        None => Vec::new(),
    })
}
