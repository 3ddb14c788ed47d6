//! Pseudonyms: names of a snapshot replaced by tokens that still join and that nobody can guess
//! without the key.

use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::model::{ApiMember, Dataset, Name, Noted, Role, Tenant, TenantId, fold_name};
use crate::term::text::hex;

/// What a key has at least; a shorter one can be tried out.
pub const SHORTEST_KEY: usize = 16;

/// So many bytes of the HMAC are kept: enough that no two names meet.
const TOKEN_BYTES: usize = 8;

/// Replaces every name that a person typed: of roles and their types, members, logins, levels, places, boards, hosts
/// and the company. `noted` says which rule files matched which names, since tokens match none; `site` is what
/// stands for the host.
#[must_use]
pub fn pseudonymize(mut tenant: Tenant, key: &SecretString, noted: Noted, site: Option<&str>) -> Tenant {
    let mut names = Pseudonyms::new(key.clone());
    names.tenant(&mut tenant);
    if let Some(site) = site {
        site.clone_into(&mut tenant.id.site);
    }
    tenant.noted = noted;
    tenant
}

/// Makes tokens, and remembers what each stands for. A snapshot and a bundle that are made with one key have the
/// same tokens.
#[derive(Clone)]
pub struct Pseudonyms {
    key: SecretString,
    names: BTreeMap<Name, Name>,
    /// The role whose name stays, because its owner wants it said.
    kept_role: Option<Name>,
}

impl fmt::Debug for Pseudonyms {
    /// Without the key and the names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pseudonyms").finish_non_exhaustive()
    }
}

impl Pseudonyms {
    /// Starts with a key.
    #[must_use]
    pub const fn new(key: SecretString) -> Self {
        Self { key, names: BTreeMap::new(), kept_role: None }
    }

    /// Keeps the name of this role.
    pub fn keep_role(&mut self, name: Option<Name>) {
        self.kept_role = name;
    }

    /// Which token stands for which name.
    #[must_use]
    pub const fn names(&self) -> &BTreeMap<Name, Name> {
        &self.names
    }

    /// The same for the same name in every spelling that counts as the same.
    pub fn token(&mut self, name: &str) -> Name {
        let folded = fold_name(name);
        let text = if folded.is_empty() { name } else { &folded };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose_secret().as_bytes()) else {
            // HMAC takes keys of any length; should that change, no name gets out.
            return "name".into();
        };
        mac.update(text.as_bytes());
        let digest = mac.finalize().into_bytes();
        let token: Name = format!("name-{}", hex(&digest[..TOKEN_BYTES])).into();
        self.names.insert(Name::clone(&token), name.into());
        token
    }

    /// The token of a name that may be missing.
    pub fn replace(&mut self, name: &mut Option<Name>) {
        *name = name.as_deref().map(|name| self.token(name));
    }

    /// Of a level only its number stays, by which LW306 and diff go, and only where it is the last of the name.
    pub fn level(&mut self, level: &str) -> Name {
        const LONGEST: usize = 3;
        let folded = fold_name(level);
        if folded == "corporate" {
            return "Corporate".into();
        }
        let token = self.token(level);
        let number = folded.rsplit_once("level").map(|(_, number)| number).filter(|number| {
            (1..=LONGEST).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit())
        });
        number.map_or_else(|| Name::clone(&token), |number| format!("{token} (Level {number})").into())
    }

    /// A role's name. Every PSA has a role Admin: its name says nothing of the tenant, and LW201 needs it.
    pub fn role(&mut self, name: &str) -> Name {
        match &self.kept_role {
            Some(kept) if **kept == *name => Name::clone(kept),
            _ if Role::is_admin_name(name) => "Admin".into(),
            _ => self.token(name),
        }
    }

    /// An API member without names.
    pub fn api_member(&mut self, member: &mut ApiMember) {
        member.identifier = self.token(&member.identifier);
        self.replace(&mut member.name);
        self.replace(&mut member.location);
        self.replace(&mut member.default_board);
        member.level = member.level.as_deref().map(|level| self.level(level));
    }

    /// A company and a host.
    pub fn tenant_id(&mut self, id: &mut TenantId) {
        id.company = self.token(&id.company).to_string();
        id.site = self.host(&id.site).to_string();
    }

    /// A host.
    fn host(&mut self, host: &str) -> Name {
        format!("{}.invalid", self.token(host)).into()
    }

    /// A tenant without names.
    pub fn tenant(&mut self, tenant: &mut Tenant) {
        self.tenant_id(&mut tenant.id);
        tenant.each_gap(|gap| gap.cause = gap.cause.clone().without_host());
        each(&mut tenant.roles, |role| {
            role.name = self.role(&role.name);
            self.replace(&mut role.kind);
            if let Some(updated) = &mut role.updated {
                self.replace(&mut updated.by);
            }
        });
        each(&mut tenant.api_members, |member| self.api_member(member));
        each(&mut tenant.members, |member| self.replace(&mut member.identifier));
        each(&mut tenant.logins, |login| login.username = self.token(&login.username));
        each(&mut tenant.callbacks, |callback| {
            callback.host = callback.host.as_deref().map(|host| self.host(host));
        });
        tenant.note_namesakes();
    }
}

/// Changes every row of a dataset that has some.
fn each<T>(rows: &mut Dataset<Vec<T>>, change: impl FnMut(&mut T)) {
    if let Dataset::Complete(rows) = rows {
        rows.iter_mut().for_each(change);
    }
}

#[cfg(test)]
mod tests {
    use super::Pseudonyms;

    fn names(key: &str) -> Pseudonyms {
        Pseudonyms::new(key.to_owned().into())
    }

    #[test]
    fn tokens_join_spellings_and_depend_on_the_key() {
        let (mut one, mut other) = (names("0123456789abcdef"), names("fedcba9876543210"));
        let hyphened = one.token("Cisco-Umbrella");
        assert_eq!(hyphened, one.token("cisco umbrella"));
        let umbrella = one.token("Umbrella");
        assert_ne!(umbrella, one.token("Hudu"));
        assert_ne!(umbrella, other.token("Umbrella"));
        let signs = one.token("!");
        assert_ne!(signs, one.token("?"), "names of nothing but signs are told apart");
        // RFC 2104 over "umbrella", cut to 8 bytes; made with OpenSSL.
        assert_eq!(&*one.token("Umbrella"), "name-12a77e9fb4dee147");
    }

    #[test]
    fn a_level_keeps_its_number_and_nothing_that_somebody_typed() {
        let mut names = names("0123456789abcdef");
        assert_eq!(&*names.level(" CORPORATE"), "Corporate");
        for (level, number) in [
            ("North (Level 2)", " (Level 2)"),
            ("Corporate (Level 1)", " (Level 1)"),
            ("Level 12", " (Level 12)"),
        ] {
            let token = names.level(level);
            assert_eq!(token.strip_prefix(&*names.token(level)), Some(number), "{level}");
        }
        for level in ["HQ (Level 2) Jane", "Level 2025550123", "(Level two)", "Level", "(Level 2 of Jane"] {
            assert_eq!(names.level(level), names.token(level), "{level}");
        }
    }

    #[test]
    fn what_a_token_stands_for_is_remembered() {
        let mut names = names("0123456789abcdef");
        let token = names.token("Parapluie");
        assert_eq!(names.names().get(&token).map(AsRef::as_ref), Some("Parapluie"));
    }
}
