//! Pseudonyms: names of a snapshot replaced by tokens that still join and that nobody can guess
//! without the key.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::model::{Dataset, Name, Noted, Role, Tenant, fold_name};
use crate::term::text::hex;

/// What a key has at least; a shorter one can be tried out.
pub const SHORTEST_KEY: usize = 16;

/// So many bytes of the HMAC are kept: enough that no two names meet.
const TOKEN_BYTES: usize = 8;

/// Replaces the names of roles, members, logins, places, boards and of the company by tokens. `noted`
/// says which rule files matched which names, since tokens match none; `site` is what stands for the
/// host.
#[must_use]
pub fn pseudonymize(mut tenant: Tenant, key: &SecretString, noted: Noted, site: Option<&str>) -> Tenant {
    let names = Pseudonyms(key);
    let (host, company) = (tenant.id.site.clone(), tenant.id.company.clone());
    tenant.id.company = names.token(&company).to_string();
    tenant.id.site = site.map_or_else(|| format!("{}.invalid", names.token(&host)), str::to_owned);
    tenant.each_gap(|gap| gap.cause = gap.cause.clone().without_host());
    each(&mut tenant.roles, |role| {
        // That one the PSA itself makes; its name says nothing of the tenant, and LW201 needs it.
        if !Role::is_admin_name(&role.name) {
            role.name = names.token(&role.name);
        }
        if let Some(updated) = &mut role.updated {
            names.replace(&mut updated.by);
        }
    });
    each(&mut tenant.api_members, |member| {
        member.identifier = names.token(&member.identifier);
        names.replace(&mut member.name);
        names.replace(&mut member.location);
        names.replace(&mut member.default_board);
        member.level = member.level.as_deref().map(|level| names.level(level));
    });
    each(&mut tenant.members, |member| names.replace(&mut member.identifier));
    each(&mut tenant.logins, |login| login.username = names.token(&login.username));
    tenant.noted = noted;
    tenant
}

/// Changes every row of a dataset that has some.
fn each<T>(rows: &mut Dataset<Vec<T>>, change: impl FnMut(&mut T)) {
    if let Dataset::Complete(rows) = rows {
        rows.iter_mut().for_each(change);
    }
}

/// Makes tokens.
struct Pseudonyms<'k>(&'k SecretString);

impl Pseudonyms<'_> {
    /// The same for the same name in every spelling that counts as the same.
    fn token(&self, name: &str) -> Name {
        let folded = fold_name(name);
        let text = if folded.is_empty() { name } else { &folded };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose_secret().as_bytes()) else {
            // HMAC takes keys of any length; should that change, no name gets out.
            return "name".into();
        };
        mac.update(text.as_bytes());
        let digest = mac.finalize().into_bytes();
        format!("name-{}", hex(&digest[..TOKEN_BYTES])).into()
    }

    fn replace(&self, name: &mut Option<Name>) {
        *name = name.as_deref().map(|name| self.token(name));
    }

    /// "Region North (Level 2)": what LW306 reads of a level stays.
    fn level(&self, level: &str) -> Name {
        let (name, number) = level.rsplit_once(" (Level ").map_or((level, None), |(name, n)| (name, Some(n)));
        let name = if fold_name(name) == "corporate" { name.into() } else { self.token(name) };
        number.map_or_else(|| Name::clone(&name), |number| format!("{name} (Level {number}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::Pseudonyms;

    #[test]
    fn tokens_join_spellings_and_depend_on_the_key() {
        let (one, other) = ("0123456789abcdef".to_owned().into(), "fedcba9876543210".to_owned().into());
        let (one, other) = (Pseudonyms(&one), Pseudonyms(&other));
        assert_eq!(one.token("Cisco-Umbrella"), one.token("cisco umbrella"));
        assert_ne!(one.token("Umbrella"), one.token("Hudu"));
        assert_ne!(one.token("Umbrella"), other.token("Umbrella"));
        assert_ne!(one.token("!"), one.token("?"), "names of nothing but signs are told apart");
        // RFC 2104 over "umbrella", cut to 8 bytes; made with OpenSSL.
        assert_eq!(&*one.token("Umbrella"), "name-12a77e9fb4dee147");
    }

    #[test]
    fn a_level_keeps_what_it_is_compared_by() {
        let key = "0123456789abcdef".to_owned().into();
        let names = Pseudonyms(&key);
        assert_eq!(&*names.level("Corporate (Level 1)"), "Corporate (Level 1)");
        let north = names.level("North (Level 2)");
        assert!(north.starts_with("name-") && north.ends_with(" (Level 2)"), "{north}");
    }
}
