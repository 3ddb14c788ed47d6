//! What somebody with an integrator login could do: that is shown nowhere, so only what to do about it is said.

use crate::checks::Binding;
use crate::model::{Login, fold_name};
use crate::rules::Library;

/// What there is to say of an integrator login.
#[derive(Clone, Debug)]
pub(crate) struct LoginImpact<'t> {
    /// Which.
    pub login: &'t Login,
    /// Ids of the integrations that log in by this name.
    pub integrations: Vec<String>,
    /// What stops it, in order.
    pub contain: Vec<String>,
    /// What this cannot see.
    pub unseen: Vec<String>,
}

impl<'t> LoginImpact<'t> {
    /// What to do about a login.
    #[must_use]
    pub(crate) fn of(login: &'t Login, bindings: &[Binding<'_>], library: &Library) -> Self {
        let name = &login.username;
        let is_its = |names: &[String]| names.iter().any(|own| fold_name(own) == fold_name(name));
        let integrations: Vec<String> = library
            .iter()
            .filter(|rules| is_its(&rules.matches.logins))
            .map(|rules| rules.id.clone())
            .collect();
        let path = format!("System > Setup Tables > General / Integrator Login > {name}");
        let mut contain = vec![format!(
            "Keep evidence before anything changes: `leastwise snapshot -o incident.json`; a picture of {path}, with what it may read"
        )];
        contain.push(if login.active == Some(false) {
            format!("{name} is inactive: leave it so")
        } else {
            format!("{path}: set it inactive, and Save. It works with a password, whatever happens to keys")
        });
        let members = bindings.iter().filter(|binding| integrations.contains(&binding.rules.id));
        let mut keys: Vec<_> =
            members.filter_map(|binding| Some(binding.member.as_ref()?.reference().to_string())).collect();
        keys.sort();
        keys.dedup();
        contain.extend(keys.iter().map(|key| {
            format!("leastwise impact {key}: the same vendor holds its key, and may have lost both")
        }));
        let ask = if integrations.is_empty() { "find out" } else { "ask the vendor" };
        contain.push(format!(
            "Change the password wherever else it was used, and {ask} since when somebody else has had it"
        ));
        contain.push(format!("Delete {name} once the evidence is kept and the integration runs on a key"));
        Self {
            login,
            integrations,
            contain,
            unseen: vec![
                "What an integrator login may read and write: the API does not show it".to_owned(),
                "What was done with it: no log is read".to_owned(),
            ],
        }
    }
}
