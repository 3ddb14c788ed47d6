//! Pseudonyms: the same facts under other names. Each name becomes a keyed token, the same wherever it
//! stands, so that a reader can follow without learning whose it is.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Doctor;
use super::facts::{Answer, Auditor, Facts, Mapping, NoCompany, Trouble};
use super::identity::Identity;
use crate::evidence::TABLE_SETUP;
use crate::model::{ApiMember, Dataset, Name, RequestCount, Role, Tenant, TenantId, fold_name};
use crate::policy::DeclaredBinding;
use crate::source::connectwise::{Exchange, KeyHolder};
use crate::term::text::hex;

/// A key, and what it made of which name.
#[derive(Clone)]
pub struct Pseudonyms {
    key: Vec<u8>,
    names: BTreeMap<String, String>,
    /// The role whose name stays.
    kept_role: Option<Name>,
}

impl std::fmt::Debug for Pseudonyms {
    /// Without the key and the names.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pseudonyms").finish_non_exhaustive()
    }
}

impl Pseudonyms {
    /// Starts with a key.
    #[must_use]
    pub fn new(key: Vec<u8>) -> Self {
        Self { key, names: BTreeMap::new(), kept_role: None }
    }

    /// Which token stands for which name.
    #[must_use]
    pub const fn names(&self) -> &BTreeMap<String, String> {
        &self.names
    }

    /// Keeps the name of this role, because its owner wants it told.
    pub fn keep_role(&mut self, name: Option<Name>) {
        self.kept_role = name;
    }

    /// The token of a name. Spellings that mean the same have the same one.
    fn token(&mut self, kind: &str, name: &str) -> String {
        const SHORT: usize = 4;
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            // HMAC takes keys of any length; a name is never let through all the same.
            return kind.to_owned();
        };
        mac.update(format!("{kind}:{}", fold_name(name)).as_bytes());
        let digest = mac.finalize().into_bytes();
        let token = format!("{kind}-{}", hex(&digest[..SHORT]));
        self.names.insert(token.clone(), name.to_owned());
        token
    }

    fn name(&mut self, kind: &str, name: &Name) -> Name {
        self.token(kind, name).into()
    }

    fn maybe(&mut self, kind: &str, name: Option<&Name>) -> Option<Name> {
        name.map(|name| self.name(kind, name))
    }

    /// A level's name, of which its number stays: LW306 reads it.
    fn level(&mut self, level: &Name) -> Name {
        let folded = fold_name(level);
        if folded == "corporate" {
            return Name::clone(level);
        }
        let token = self.token("rank", level);
        let number = folded.rsplit_once("level").map(|(_, number)| number);
        match number.filter(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())) {
            Some(number) => format!("{token} (Level {number})").into(),
            None => token.into(),
        }
    }

    /// A role's name. Every PSA has a role Admin, and its name says what it is.
    fn role(&mut self, name: &Name) -> Name {
        let is_kept = self.kept_role.as_ref() == Some(name);
        if is_kept || Role::is_admin_name(name) { Name::clone(name) } else { self.name("role", name) }
    }

    /// A selector of leastwise.toml or of the command line: a name, or an id that stays.
    fn selector(&mut self, kind: &str, text: &str) -> String {
        let is_id = text.chars().all(|c| c.is_ascii_digit());
        if is_id { text.to_owned() } else { self.token(kind, text) }
    }

    /// The same facts under other names.
    #[must_use]
    pub fn facts(&mut self, facts: &Facts) -> Facts {
        let trouble = known;
        let mut other = facts.clone();
        other.tenant = facts.tenant.as_ref().map(|tenant| self.tenant_id(tenant));
        other.settings.problems =
            facts.settings.problems.iter().map(|text| self.without(text, &facts.settings.written)).collect();
        other.settings.written.clear();
        if let Some(Err(NoCompany::Trouble(fault))) = &mut other.company {
            *fault = trouble(fault);
        }
        other.auditor = match &facts.auditor {
            Auditor::Read(tenant) => Auditor::Read(Box::new(self.tenant(tenant))),
            Auditor::Unusable(why) => Auditor::Unusable(trouble(why)),
            same => same.clone(),
        };
        other.inactive = facts.inactive.as_ref().map(|member| self.token("member", member));
        other.holder = facts.holder.as_ref().map(|holder| match holder {
            Ok(holder) => Ok(self.holder(holder)),
            Err(fault) => Err(trouble(fault)),
        });
        other.identity = facts.identity.as_ref().map(|identity| self.identity(identity));
        other.rights = facts.rights.clone().map(|rights| rights.map_err(|fault| trouble(&fault)));
        other.lists = facts.lists.clone().map(|lists| lists.map_err(|fault| trouble(&fault)));
        for item in other.lists.iter_mut().flatten().flatten().filter(|item| item.list != TABLE_SETUP) {
            item.item = self.token("entry", &item.item);
        }
        for probe in &mut other.probes {
            if let Answer::Trouble(fault) = &mut probe.answer {
                *fault = trouble(fault);
            }
        }
        other.boards = facts.boards.clone().map(|boards| boards.map_err(|fault| trouble(&fault)));
        for fact in other.boards.iter_mut().flatten().flatten() {
            fact.board.name = self.name("board", &fact.board.name);
        }
        other.mapping = facts.mapping.as_ref().map(|mapping| self.mapping(mapping, trouble));
        other.requests = facts.requests.iter().map(|request| self.request(request)).collect();
        other.exchanges = facts.exchanges.iter().map(|exchange| self.exchange(exchange)).collect();
        other
    }

    /// The same visit under other names.
    #[must_use]
    pub fn doctor<'a>(&mut self, doctor: &Doctor<'a>) -> Doctor<'a> {
        let declared = doctor.declared.iter().map(|own| DeclaredBinding {
            member: own.member.as_ref().map(|member| self.selector("member", member)),
            role: own.role.as_ref().map(|role| self.selector("role", role)),
            ..own.clone()
        });
        let declared = declared.collect();
        let company_id = doctor.company_id.as_ref().map(|id| self.token("company", id));
        Doctor { declared, member: None, role: None, company_id, ..doctor.clone() }
    }

    fn tenant_id(&mut self, id: &TenantId) -> TenantId {
        TenantId { site: self.token("site", &id.site), company: self.token("company", &id.company) }
    }

    fn tenant(&mut self, tenant: &Tenant) -> Tenant {
        let mut other = tenant.clone();
        other.id = self.tenant_id(&tenant.id);
        other.each_gap(|gap| gap.cause = gap.cause.clone().without_host());
        if let Dataset::Complete(roles) = &mut other.roles {
            for role in roles {
                role.name = self.role(&role.name);
                role.updated = None;
            }
        }
        if let Dataset::Complete(members) = &mut other.api_members {
            for member in members {
                *member = self.member(member);
            }
        }
        if let Dataset::Complete(members) = &mut other.members {
            for member in members {
                member.identifier = self.maybe("member", member.identifier.as_ref());
            }
        }
        other
    }

    fn member(&mut self, member: &ApiMember) -> ApiMember {
        ApiMember {
            identifier: self.name("member", &member.identifier),
            name: self.maybe("member", member.name.as_ref()),
            location: self.maybe("location", member.location.as_ref()),
            default_board: self.maybe("board", member.default_board.as_ref()),
            level: member.level.as_ref().map(|level| self.level(level)),
            ..member.clone()
        }
    }

    fn holder(&mut self, holder: &KeyHolder) -> KeyHolder {
        KeyHolder {
            member: self.member(&holder.member),
            role_name: holder.role_name.as_ref().map(|name| self.role(name)),
            ..holder.clone()
        }
    }

    fn identity(&mut self, identity: &Identity) -> Identity {
        match identity {
            Identity::Stranger(Some(bound)) => Identity::Stranger(Some(self.token("member", bound))),
            Identity::Ambiguous(names) => {
                Identity::Ambiguous(names.iter().map(|name| self.token("member", name)).collect())
            }
            same => same.clone(),
        }
    }

    fn mapping(&mut self, mapping: &Mapping, trouble: fn(&Trouble) -> Trouble) -> Mapping {
        let mut other = mapping.clone();
        other.asked = self.token("company", &mapping.asked);
        other.by_id = other.by_id.map_err(|fault| trouble(&fault));
        for row in other.by_id.iter_mut().flatten().chain(&mut other.by_name) {
            row.identifier = self.name("company", &row.identifier);
        }
        other
    }

    fn request(&mut self, request: &RequestCount) -> RequestCount {
        RequestCount { path: self.path(&request.path), query: query(&request.query), ..request.clone() }
    }

    fn exchange(&mut self, exchange: &Exchange) -> Exchange {
        Exchange { path: self.path(&exchange.path), query: query(&exchange.query), ..exchange.clone() }
    }

    /// Only one path holds a name: `/login/companyinfo/COMPANY`.
    fn path(&mut self, path: &str) -> String {
        match path.split_once("/companyinfo/") {
            Some((before, company)) => format!("{before}/companyinfo/{}", self.token("company", company)),
            None => path.to_owned(),
        }
    }

    /// A sentence of ours, without what the user wrote.
    fn without(&mut self, text: &str, written: &[String]) -> String {
        let mut plain = text.to_owned();
        for word in written.iter().filter(|word| !word.trim().is_empty()) {
            plain = plain.replace(word.trim(), &self.token("text", word));
        }
        plain
    }
}

/// A fault without the name of any host.
fn known(trouble: &Trouble) -> Trouble {
    let cause = trouble.cause.clone().without_host();
    Trouble { status: trouble.status, text: cause.to_string(), cause }
}

/// Conditions hold what was looked for.
fn query(query: &str) -> String {
    let parts = query.split('&').map(|part| match part.split_once('=') {
        Some(("conditions", value)) if value != "licenseClass=\"A\"" => "conditions=(left out)",
        _ => part,
    });
    parts.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::{Pseudonyms, query};

    #[test]
    fn tokens_join_hide_and_depend_on_the_key() {
        let mut one = Pseudonyms::new(b"one".to_vec());
        let token = one.token("role", "Parapluie");
        assert_eq!(token, one.token("role", "PARAPLUIE "), "one name, two spellings");
        assert_ne!(token, one.token("member", "Parapluie"));
        assert_ne!(token, Pseudonyms::new(b"two".to_vec()).token("role", "Parapluie"));
        assert!(!token.to_lowercase().contains("parapluie") && token.starts_with("role-"));
        assert_eq!(one.names().get(&token).map(String::as_str), Some("PARAPLUIE "));
    }

    #[test]
    fn what_was_looked_for_is_left_out_of_queries() {
        assert_eq!(
            query("fields=id&conditions=name=\"Acme\"&page=1"),
            "fields=id&conditions=(left out)&page=1"
        );
        assert_eq!(query("conditions=licenseClass=\"A\""), "conditions=licenseClass=\"A\"");
    }
}
