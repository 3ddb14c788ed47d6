//! A tenant from its ingredients.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::estate::{
    ApiMember, Binding, Estate, Login, Member, Need, Role, Row, Rules, Snapshot, VERBS, Waiver,
};
use super::strategy::{
    Contradiction, FUNCTIONS, Fill, HARMLESS, Ingredients, Integration, Kind, NeedParts, Reach, RoleName, To,
    WaiverParts,
};

const NAMES: [&str; 4] = ["Alpha", "Beta", "Gamma", "Delta"];
/// Why a list was not read, as every version of the program writes it.
const REFUSED: &str = "HTTP 403: the key's role does not allow it";
const FIRST_ROLE: i64 = 31;
const FIRST_KEY: i64 = 251;
const FIRST_PERSON: i64 = 101;

/// Keys of rule files that not every version of the program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grammar {
    /// What the oracle reads, too.
    Old,
    /// With `asks_admin` and `[[doubt]]`.
    New,
}

struct Builder<'i> {
    from: &'i Ingredients,
    grammar: Grammar,
}

pub(super) fn estate(from: &Ingredients, grammar: Grammar) -> Estate {
    let made = Builder { from, grammar };
    let files: Vec<_> =
        (0..).zip(&from.integrations).map(|(at, integration)| made.rules(at, integration)).collect();
    let roles: Vec<_> = (0..from.roles.len()).map(|at| made.role(at)).collect();
    Estate {
        bindings: made.bindings(&roles),
        waivers: made.waivers(&roles),
        snapshot: made.snapshot(roles),
        rules: files,
    }
}

/// The id at a place of a list that is numbered from `first`.
fn id(first: i64, at: usize) -> i64 {
    first + i64::try_from(at).expect("few")
}

impl Builder<'_> {
    fn integration(&self, at: usize) -> usize {
        at % self.from.integrations.len()
    }

    fn role_at(&self, at: usize) -> usize {
        at % self.from.roles.len()
    }

    fn asks_admin(&self, integration: &Integration) -> bool {
        integration.kind == Kind::AsksAdmin && self.grammar == Grammar::New
    }

    fn rules(&self, at: usize, integration: &Integration) -> Rules {
        let asks_admin = self.asks_admin(integration);
        let mut needs = needs(&integration.needs);
        let mut feature = Vec::new();
        if matches!(integration.kind, Kind::Featured { .. }) {
            // An option of its own may ask for more of a row that is needed anyway.
            feature = vec![
                need(&NeedParts { function: 4, levels: [None, Some("All"), None, None], quirk: None }),
                need(&NeedParts {
                    function: integration.needs[0].function + 1,
                    levels: [Some("All"), None, None, Some("All")],
                    quirk: None,
                }),
            ];
            feature.dedup_by_key(|need| need.function);
        }
        if asks_admin {
            needs.clear();
        }
        let doubt =
            needs.first().filter(|_| self.grammar == Grammar::New && integration.kind == Kind::Doubtful);
        Rules {
            id: NAMES[at].to_lowercase(),
            name: NAMES[at].to_owned(),
            read: integration.read,
            keys_since: integration.keys_since.then_some("2020-01-01"),
            partial: integration.kind == Kind::Partial,
            asks_admin,
            doubt: doubt.map(|need| (need.module, need.function)),
            needs,
            feature,
        }
    }

    /// The places of the integrations whose keys hold a role.
    fn served(&self, role: usize) -> Vec<usize> {
        let keys = self.from.keys.iter().filter(|key| key.role.map(|at| self.role_at(at)) == Some(role));
        keys.filter_map(|key| key.of).map(|at| self.integration(at)).collect()
    }

    fn role(&self, at: usize) -> Role {
        let parts = &self.from.roles[at];
        let served = self.served(at);
        let name = match parts.name {
            RoleName::OfItsFirst => served.first().map_or("Technicians", |&first| NAMES[first]),
            RoleName::Of(integration) => NAMES[self.integration(integration)],
            RoleName::Plain(name) => name,
        };
        let rows = self.rows(at, &served);
        Role {
            id: id(FIRST_ROLE, at),
            name: name.to_owned(),
            admin: parts.admin,
            active: parts.active,
            settings: (!parts.unread).then_some(rows),
            unavailable: parts
                .unread
                .then(|| format!("the settings of role {}: {REFUSED}", id(FIRST_ROLE, at))),
            rest: parts
                .unread
                .then(|| ("cause".to_owned(), json!({"kind": "refused"})))
                .into_iter()
                .collect(),
        }
    }

    fn rows(&self, at: usize, served: &[usize]) -> Vec<Row> {
        let parts = &self.from.roles[at];
        let mut levels = BTreeMap::<usize, [&str; 4]>::new();
        for function in 0..FUNCTIONS.len() {
            let start = match parts.fill {
                Fill::Wide if function < HARMLESS => "All",
                Fill::Everything => "All",
                Fill::Needed | Fill::Wide => "None",
            };
            levels.insert(function, [start; 4]);
        }
        for &integration in served {
            for need in &self.from.integrations[integration].needs {
                let row =
                    levels.get_mut(&(need.function % FUNCTIONS.len())).expect("every function has a row");
                for (level, needed) in row.iter_mut().zip(need.levels) {
                    *level = needed.filter(|_| *level != "All").unwrap_or(*level);
                }
            }
        }
        let mut rows: Vec<Row> = levels
            .into_iter()
            .map(|(function, levels)| Row {
                module: FUNCTIONS[function].0.to_owned(),
                function: FUNCTIONS[function].1.to_owned(),
                cells: VERBS
                    .iter()
                    .zip(levels)
                    .map(|(verb, level)| ((*verb).to_owned(), json!(level)))
                    .collect(),
            })
            .collect();
        if parts.has_unknown_row {
            let cells = VERBS.iter().map(|verb| ((*verb).to_owned(), json!("All")));
            rows.push(Row {
                module: "System".into(),
                function: "Flux Capacitor".into(),
                cells: cells.collect(),
            });
        }
        for twist in &parts.twists {
            let (_, function) = FUNCTIONS[twist.function];
            let verb = VERBS[twist.verb];
            let Some(place) = rows.iter().position(|row| row.function == function) else { continue };
            let cells = &mut rows[place].cells;
            match twist.to {
                To::Word(word) => drop(cells.insert(verb.to_owned(), json!(word))),
                To::Null => drop(cells.insert(verb.to_owned(), Value::Null)),
                To::Absent => drop(cells.remove(verb)),
                To::NoRow => drop(rows.remove(place)),
                To::Conflict => {
                    let mut other = rows[place].clone();
                    let word = if other.cells.get(verb) == Some(&json!("All")) { "None" } else { "All" };
                    other.cells.insert(verb.to_owned(), json!(word));
                    rows.push(other);
                }
            }
        }
        for (row, number) in rows.iter_mut().zip(0_i64..) {
            row.cells.insert("id".to_owned(), json!(id(FIRST_ROLE, at) * 1000 + number));
        }
        rows
    }

    /// The identifier of the key at a place: the integration's own name, or one that tells nothing.
    fn identifier(&self, at: usize) -> String {
        let Some(of) = self.from.keys[at].of.map(|of| self.integration(of)) else {
            return format!("svc-{at}");
        };
        if self.first_key(of) == Some(at) { NAMES[of].to_owned() } else { format!("{}-{at}", NAMES[of]) }
    }

    fn first_key(&self, integration: usize) -> Option<usize> {
        self.from.keys.iter().position(|key| key.of.map(|of| self.integration(of)) == Some(integration))
    }

    fn bindings(&self, roles: &[Role]) -> Vec<Binding> {
        let mut bindings = Vec::new();
        for (at, integration) in self.from.integrations.iter().enumerate() {
            let declares_feature = integration.kind == Kind::Featured { declared: true };
            let said = integration.binding.as_ref();
            if said.is_none() && !declares_feature {
                continue;
            }
            let member = said.is_some_and(|said| said.names_member).then(|| match self.first_key(at) {
                Some(key) => self.identifier(key),
                None => NAMES[at].to_owned(),
            });
            let role = said.and_then(|said| said.role).map(|role| roles[self.role_at(role)].name.clone());
            bindings.push(Binding {
                rules: NAMES[at].to_lowercase(),
                member,
                role,
                declares_feature,
                setup_until: said.and_then(|said| said.setup_until),
            });
        }
        bindings
    }

    fn waivers(&self, roles: &[Role]) -> Vec<Waiver> {
        let waiver = |parts: &WaiverParts| {
            let role = ("role", roles[self.role_at(parts.at)].name.clone());
            let key = ("member", self.identifier(self.waived_key(parts)));
            let integration = ("integration", NAMES[self.integration(parts.at)].to_lowercase());
            let (module, function) = FUNCTIONS[parts.at % FUNCTIONS.len()];
            let mut names = match parts.check {
                "LW101" | "LW102" | "LW202" | "LW206" if parts.reach == Reach::Check => Vec::new(),
                "LW101" if parts.reach == Reach::Narrow => vec![integration, role],
                "LW101" | "LW307" => vec![integration],
                "LW102" if parts.reach == Reach::Narrow => {
                    vec![role, ("function", format!("{module} / {function}"))]
                }
                "LW102" | "LW202" | "LW206" => vec![role],
                _ => vec![key],
            };
            if let Some(verb) = parts.verb.filter(|_| matches!(parts.check, "LW101" | "LW102")) {
                names.push(("verb", VERBS[verb].to_owned()));
            }
            Waiver { check: parts.check, names, expires: parts.expires }
        };
        self.from.waivers.iter().map(waiver).collect()
    }

    /// A key that the check may be about, where there is one.
    fn waived_key(&self, parts: &WaiverParts) -> usize {
        let all = || 0..self.from.keys.len();
        let is_meant = |at: &usize| {
            let key = &self.from.keys[*at];
            match parts.check {
                "LW303" => key.active == Some(false),
                "LW304" => key.used == Some(400),
                "LW308" => key.of.is_some_and(|of| self.first_key(self.integration(of)) != Some(*at)),
                "LW309" => key.of.is_none(),
                _ => true,
            }
        };
        let meant: Vec<_> = all().filter(is_meant).collect();
        if meant.is_empty() { parts.at % all().len() } else { meant[parts.at % meant.len()] }
    }

    fn snapshot(&self, roles: Vec<Role>) -> Snapshot {
        let api_members: Vec<_> = (0..self.from.keys.len()).map(|at| self.api_member(at)).collect();
        let mut members: Vec<_> = (0..self.from.people.len()).map(|at| self.person(at)).collect();
        members.extend(api_members.iter().zip(&self.from.keys).filter_map(|(api, key)| {
            let mut row = Member {
                id: api.id,
                licence: Some("A".to_owned()),
                active: api.active,
                role: api.role,
                rest: Map::new(),
            };
            match key.contradiction {
                None => {}
                Some(Contradiction::Missing) => return None,
                Some(Contradiction::OtherRole) => row.role = Some(FIRST_ROLE),
                Some(Contradiction::OtherActive) => row.active = row.active.map(|active| !active),
            }
            Some(row)
        }));
        let restricted = |key: &super::strategy::Key| json!(key.restricted);
        let member_use: Vec<_> = api_members
            .iter()
            .zip(&self.from.keys)
            .map(|(api, key)| {
                json!({"id": api.id, "restrict_location": restricted(key), "restrict_department": false})
            })
            .collect();
        let logins: Vec<_> = self
            .from
            .logins
            .iter()
            .enumerate()
            .map(|(at, login)| Login {
                id: id(1, at),
                username: NAMES[self.integration(login.of)].to_owned(),
                active: login.active,
            })
            .collect();
        let settings = roles.iter().filter_map(|role| role.settings.as_ref()).map(Vec::len).sum();
        let counts = [
            ("roles", roles.len()),
            ("settings", settings),
            ("api-members", api_members.len()),
            ("members", members.len()),
            ("member-use", member_use.len()),
            ("own-member", 1),
            ("integrator-logins", logins.len()),
        ];
        let mut snapshot = Snapshot {
            format: "leastwise-snapshot/1".to_owned(),
            header: self.header(),
            tenant: json!({"site": "na.myconnectwise.net", "company": "gen"}),
            coverage: counts.iter().map(|&(dataset, records)| self.coverage(dataset, records)).collect(),
            members,
            api_members,
            member_use,
            logins,
            roles,
        };
        snapshot.leave_out(&self.from.gaps);
        snapshot
    }

    fn coverage(&self, dataset: &str, records: usize) -> Value {
        if self.from.gaps.contains(&dataset) {
            return json!({"dataset": dataset, "status": "unavailable", "reason": REFUSED, "cause": {"kind": "refused"}});
        }
        json!({"dataset": dataset, "status": "complete", "records": records})
    }

    fn header(&self) -> Map<String, Value> {
        let own = self.from.own.map_or(FIRST_PERSON, |at| id(FIRST_KEY, at % self.from.keys.len()));
        let mut used: Map<_, _> = self
            .from
            .keys
            .iter()
            .enumerate()
            .filter_map(|(at, key)| Some((id(FIRST_KEY, at).to_string(), json!(key.used?))))
            .collect();
        if self.from.own.is_some() {
            used.insert(own.to_string(), json!(0)); // it has just called
        }
        let header = json!({
            "taken_at": "2026-11-21T02:00:04Z",
            "tool": "leastwise test",
            "psa_version": "v2025.8",
            "own_member": own,
            "last_use_days": used,
            "role_updates": {},
        });
        header.as_object().expect("an object").clone()
    }

    fn api_member(&self, at: usize) -> ApiMember {
        let key = &self.from.keys[at];
        // A second key of an integration is known by its display name.
        let name = key.of.map(|of| NAMES[self.integration(of)]);
        let rest = json!({
            "name": name,
            "level": if key.restricted { "Branch (Level 2)" } else { "Corporate (Level 1)" },
            "location": "Main",
            "default_board": null,
            "excluded_boards": [],
        });
        ApiMember {
            id: id(FIRST_KEY, at),
            identifier: self.identifier(at),
            active: key.active,
            role: key.role.map(|role| id(FIRST_ROLE, self.role_at(role))),
            rest: rest.as_object().expect("an object").clone(),
        }
    }

    fn person(&self, at: usize) -> Member {
        let person = &self.from.people[at];
        let name = person.named.map(|of| ("identifier".to_owned(), json!(NAMES[self.integration(of)])));
        Member {
            id: id(FIRST_PERSON, at),
            licence: person.licence.map(str::to_owned),
            active: person.active,
            role: Some(id(FIRST_ROLE, self.role_at(person.role))),
            rest: name.into_iter().collect(),
        }
    }
}

impl Snapshot {
    /// A list that was not read has no rows.
    fn leave_out(&mut self, gaps: &[&str]) {
        for gap in gaps {
            match *gap {
                "roles" => self.roles.clear(),
                "api-members" => self.api_members.clear(),
                "members" => self.members.clear(),
                "member-use" => self.member_use.clear(),
                "integrator-logins" => self.logins.clear(),
                _ => {}
            }
        }
    }
}

/// One row for each function; of two for one, the first.
fn needs(parts: &[NeedParts]) -> Vec<Need> {
    let mut needs = Vec::<Need>::new();
    for part in parts {
        let own = need(part);
        if needs.iter().all(|need| need.function != own.function) {
            needs.push(own);
        }
    }
    needs
}

fn need(part: &NeedParts) -> Need {
    let (module, function) = FUNCTIONS[part.function % FUNCTIONS.len()];
    Need { module, function, levels: part.levels, quirk: part.quirk }
}
