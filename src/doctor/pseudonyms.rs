//! A visit under other names: the same facts, with tokens for all that a person typed.

use super::Doctor;
use super::facts::{Answer, Auditor, Facts, Identity, Mapping, NoCompany, Trouble};
use crate::evidence::TABLE_SETUP;
use crate::model::{RequestCount, TenantId};
use crate::policy::DeclaredBinding;
use crate::source::connectwise::{Exchange, KeyHolder};
use crate::source::snapshot::Pseudonyms;

/// Puts tokens in the place of names.
pub(super) struct Disguise<'n>(pub(super) &'n mut Pseudonyms);

impl Disguise<'_> {
    fn token(&mut self, name: &str) -> String {
        self.0.token(name).to_string()
    }

    /// A selector of leastwise.toml or of the command line: a name, or an id that stays.
    fn selector(&mut self, text: &str) -> String {
        let is_id = text.chars().all(|c| c.is_ascii_digit());
        if is_id { text.to_owned() } else { self.token(text) }
    }

    /// The same facts under other names.
    pub(super) fn facts(&mut self, facts: &Facts) -> Facts {
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
            Auditor::Read(tenant) => {
                let mut tenant = tenant.clone();
                self.0.tenant(&mut tenant);
                Auditor::Read(tenant)
            }
            Auditor::Unusable(why) => Auditor::Unusable(trouble(why)),
            same => same.clone(),
        };
        other.inactive = facts.inactive.as_ref().map(|member| self.token(member));
        other.holder = facts.holder.as_ref().map(|holder| match holder {
            Ok(holder) => Ok(self.holder(holder)),
            Err(fault) => Err(trouble(fault)),
        });
        other.identity = facts.identity.as_ref().map(|identity| self.identity(identity));
        other.rights = facts.rights.clone().map(|rights| rights.map_err(|fault| trouble(&fault)));
        other.lists = facts.lists.clone().map(|lists| lists.map_err(|fault| trouble(&fault)));
        for item in other.lists.iter_mut().flatten().flatten().filter(|item| item.list != TABLE_SETUP) {
            item.item = self.token(&item.item);
        }
        for probe in &mut other.probes {
            if let Answer::Trouble(fault) = &mut probe.answer {
                *fault = trouble(fault);
            }
        }
        other.boards = facts.boards.clone().map(|boards| boards.map_err(|fault| trouble(&fault)));
        for fact in other.boards.iter_mut().flatten().flatten() {
            fact.board.name = self.0.token(&fact.board.name);
        }
        other.mapping = facts.mapping.as_ref().map(|mapping| self.mapping(mapping, trouble));
        other.requests = facts.requests.iter().map(|request| self.request(request)).collect();
        other.exchanges = facts.exchanges.iter().map(|exchange| self.exchange(exchange)).collect();
        other
    }

    /// The same visit under other names.
    pub(super) fn doctor<'a>(&mut self, doctor: &Doctor<'a>) -> Doctor<'a> {
        let declared = doctor.declared.iter().map(|own| DeclaredBinding {
            member: own.member.as_ref().map(|member| self.selector(member)),
            role: own.role.as_ref().map(|role| self.selector(role)),
            ..own.clone()
        });
        let declared = declared.collect();
        let company_id = doctor.company_id.as_ref().map(|id| self.token(id));
        Doctor { declared, member: None, role: None, company_id, ..doctor.clone() }
    }

    fn tenant_id(&mut self, id: &TenantId) -> TenantId {
        let mut other = id.clone();
        self.0.tenant_id(&mut other);
        other
    }

    fn holder(&mut self, holder: &KeyHolder) -> KeyHolder {
        let mut other = holder.clone();
        self.0.api_member(&mut other.member);
        other.role_name = other.role_name.map(|name| self.0.role(&name));
        other
    }

    fn identity(&mut self, identity: &Identity) -> Identity {
        match identity {
            Identity::Stranger(Some(bound)) => Identity::Stranger(Some(self.token(bound))),
            Identity::Ambiguous(names) => {
                Identity::Ambiguous(names.iter().map(|name| self.token(name)).collect())
            }
            same => same.clone(),
        }
    }

    fn mapping(&mut self, mapping: &Mapping, trouble: fn(&Trouble) -> Trouble) -> Mapping {
        let mut other = mapping.clone();
        other.asked = self.token(&mapping.asked);
        other.by_id = other.by_id.map_err(|fault| trouble(&fault));
        for row in other.by_id.iter_mut().flatten().chain(&mut other.by_name) {
            row.identifier = self.0.token(&row.identifier);
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
            Some((before, company)) => format!("{before}/companyinfo/{}", self.token(company)),
            None => path.to_owned(),
        }
    }

    /// A sentence of ours, without what the user wrote.
    fn without(&mut self, text: &str, written: &[String]) -> String {
        let mut plain = text.to_owned();
        for word in written.iter().filter(|word| !word.trim().is_empty()) {
            plain = plain.replace(word.trim(), &self.token(word));
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
    use super::query;

    #[test]
    fn what_was_looked_for_is_left_out_of_queries() {
        assert_eq!(
            query("fields=id&conditions=name=\"Acme\"&page=1"),
            "fields=id&conditions=(left out)&page=1"
        );
        assert_eq!(query("conditions=licenseClass=\"A\""), "conditions=licenseClass=\"A\"");
    }
}
