//! A tenant is the same after it was written as a snapshot and read again.

use leastwise::model::{Dataset, Tenant};
use leastwise::source::snapshot::{parse, write};

/// Panics unless it is.
pub fn survives_a_snapshot(tenant: &Tenant) {
    let first = written(tenant);
    let again = parse(&first).unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&first)));
    assert_eq!(comparable(&again), comparable(tenant));
    assert_eq!(String::from_utf8_lossy(&written(&again)), String::from_utf8_lossy(&first));
}

fn written(tenant: &Tenant) -> Vec<u8> {
    let mut file = Vec::new();
    write(tenant, "fuzz 0", &mut file).unwrap_or_else(|error| panic!("{error}"));
    file
}

/// Without what a snapshot does not hold: the lines of another file, and what belongs to rows that are not in it.
fn comparable(tenant: &Tenant) -> Tenant {
    let mut tenant = tenant.clone();
    let roles: Vec<_> = tenant.roles.rows().into_iter().flatten().map(|role| role.id).collect();
    tenant.settings.retain(|role, _| roles.contains(role));
    for settings in tenant.settings.values_mut() {
        if let Dataset::Complete(settings) = settings {
            settings.iter_mut().for_each(|setting| setting.line = None);
        }
    }
    let api: Vec<_> = tenant.api_members.rows().into_iter().flatten().map(|member| member.id).collect();
    let people: Vec<_> = tenant
        .members
        .rows()
        .into_iter()
        .flatten()
        .filter(|member| member.is_person() != Some(false))
        .map(|member| member.id)
        .collect();
    let logins: Vec<_> = tenant.logins.rows().into_iter().flatten().map(|login| login.id).collect();
    tenant.noted.roles.retain(|role, _| roles.contains(role));
    tenant.noted.members.retain(|member, _| api.contains(member) || people.contains(member));
    tenant.noted.logins.retain(|login, _| logins.contains(login));
    tenant
}
