//! LW307: an integration that takes keys still has a user name and a password. One finding for each login.

use super::detail::LegacyLogin;
use super::{Answer, Answers, Case, Check, CheckId, Detail, Finding, Integration, Run, Words};
use crate::model::{DatasetName, Login, Severity, fold_name};

pub(super) static CHECK: Check = Check {
    id: CheckId::LegacyLogin,
    name: "legacy-login",
    severity: Severity::Medium,
    summary: "an integrator login matches an integration that takes keys",
    clear: "no integrator login matches the integration",
    data: &[DatasetName::IntegratorLogins],
    run: Run::Integration(run),
    of_holder: true,
    ..Check::OF_INTEGRATION
};

fn run(case: &Case<'_>, integration: &Integration<'_>) -> Answers {
    let rules = integration.rules;
    let Some(keys_since) =
        rules.keys_since.filter(|since| *since <= case.as_of && !rules.matches.logins.is_empty())
    else {
        return Ok(vec![Answer::not_applicable(Detail::LegacyLogin(LegacyLogin::NoneNamed))]);
    };
    if case.does_without_logins() {
        return Ok(vec![Answer::not_applicable(Detail::LegacyLogin(LegacyLogin::NotGranted))]);
    }
    let names: Vec<_> = rules.matches.logins.iter().map(|name| fold_name(name)).collect();
    let logins = case.tenant.logins.rows().map_err(Clone::clone)?;
    let is_its = |login: &&Login| {
        names.contains(&fold_name(&login.username)) || case.tenant.noted.login(login.id, &rules.id)
    };
    let judge = |login: &Login| match login.active {
        Some(false) => None,
        Some(true) => Some(Answer::fail(Detail::LegacyLogin(LegacyLogin::Active { keys_since }))),
        None => Some(Answer::unknown(Detail::LegacyLogin(LegacyLogin::NotSaid))),
    };
    Ok(logins.iter().filter(is_its).filter_map(|login| Some(judge(login)?.login(login.into()))).collect())
}

impl Words for LegacyLogin {
    fn message(&self, finding: &Finding) -> String {
        let name = finding.login.as_ref().map_or("", |login| &login.name);
        match self {
            Self::Active { keys_since } => format!(
                "the integrator login {name} (user name and password) is still active, though {} has taken API keys since {keys_since}",
                finding.title()
            ),
            Self::NoneNamed => "the rule file names no login from before keys".to_owned(),
            Self::NotGranted => "this check did not run: leastwise's role does not open the list of integrator logins (System / Table Setup, Inquire = All, with General / Integrator Login allowed)".to_owned(),
            Self::NotSaid => format!("the PSA does not say whether the login {name} is active"),
        }
    }

    fn fix(&self, _finding: &Finding) -> Option<String> {
        matches!(self, Self::Active { .. }).then(|| {
            "give the integration an API member's key, see that it works, then System > Setup Tables > Integrator Login: set it inactive".to_owned()
        })
    }

    fn actual(&self) -> Option<String> {
        matches!(self, Self::Active { .. }).then(|| "active".to_owned())
    }
}
