//! A made-up tenant of any size, written as a snapshot: so many roles with a row for each function of the
//! catalog, a person on each role and an API member on each of the last few.

use std::io::{self, Write};

use leastwise::rules::{Catalog, built_in_catalog};

/// How big a tenant is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Big {
    /// Its roles.
    pub(crate) roles: usize,
    /// How many of them an API member holds.
    pub(crate) held: usize,
}

const LEVELS: [&str; 3] = ["None", "My", "All"];

/// Its first role is one that Umbrella's member holds.
const UMBRELLA: usize = 1;

/// Writes the snapshot of a tenant.
pub(crate) fn write(big: Big, out: &mut dyn Write) -> io::Result<()> {
    let catalog = built_in_catalog().map_err(|problems| io::Error::other(problems.to_string()))?;
    let rows: Vec<String> = catalog.functions().map(|(id, _)| row(&catalog, id)).collect();
    out.write_all(
        b"{\"format\":\"leastwise-snapshot/1\",\"header\":{\"taken_at\":\"2026-11-21T02:00:04Z\",\"tool\":\"leastwise 0.1.0\",\
          \"psa_version\":\"v2025.8\",\"own_member\":1000001,\"last_use_days\":{},\"role_updates\":{}},\n\
          \"tenant\":{\"site\":\"na.myconnectwise.net\",\"company\":\"big\"},\n\"coverage\":[\n",
    )?;
    let (settings, members) = (big.roles * rows.len(), big.roles + big.held);
    for (dataset, records, end) in [
        ("roles", big.roles, ","),
        ("settings", settings, ","),
        ("api-members", big.held, ","),
        ("members", members, ","),
        ("member-use", big.held, ","),
        ("own-member", 1, ","),
        ("integrator-logins", 0, ""),
    ] {
        writeln!(out, "{{\"dataset\":\"{dataset}\",\"status\":\"complete\",\"records\":{records}}}{end}")?;
    }
    let comma = |last: bool| if last { "" } else { "," };
    writeln!(out, "],\n\"members\":[")?;
    for role in 1..=big.roles {
        // Umbrella's role is nobody else's.
        let person = if role == UMBRELLA { UMBRELLA + 1 } else { role };
        writeln!(out, "{{\"id\":{role},\"licence\":\"F\",\"active\":true,\"role\":{person}}},")?;
    }
    for own in 1..=big.held {
        let end = comma(own == big.held);
        writeln!(
            out,
            "{{\"id\":{},\"licence\":\"A\",\"active\":true,\"role\":{own}}}{end}",
            1_000_000 + own
        )?;
    }
    writeln!(out, "],\n\"api_members\":[")?;
    for own in 1..=big.held {
        let (id, end) = (1_000_000 + own, comma(own == big.held));
        let name = if own == UMBRELLA { "Umbrella".to_owned() } else { format!("Service{own:05}") };
        writeln!(
            out,
            "{{\"id\":{id},\"identifier\":\"{name}\",\"name\":\"{name} API\",\"active\":true,\"role\":{own},\
             \"level\":\"Corporate (Level 1)\",\"location\":null,\"default_board\":null,\"excluded_boards\":[]}}{end}"
        )?;
    }
    writeln!(out, "],\n\"member_use\":[")?;
    for own in 1..=big.held {
        let (id, end) = (1_000_000 + own, comma(own == big.held));
        writeln!(out, "{{\"id\":{id},\"restrict_location\":false,\"restrict_department\":false}}{end}")?;
    }
    writeln!(out, "],\n\"logins\":[],\n\"roles\":[")?;
    for role in 1..=big.roles {
        write_role(role, &rows, comma(role == big.roles), out)?;
    }
    out.write_all(b"]}\n")
}

/// What the row of a function says in every role: its names.
fn row(catalog: &Catalog, id: leastwise::rules::FunctionId) -> String {
    let function = catalog.function(id);
    format!("\"module\":\"{}\",\"function\":\"{}\"", catalog.module_name(function.module), function.name)
}

fn write_role(role: usize, rows: &[String], end: &str, out: &mut dyn Write) -> io::Result<()> {
    let name = if role == UMBRELLA { "Umbrella".to_owned() } else { format!("Role {role:05}") };
    writeln!(
        out,
        "{{\"id\":{role},\"name\":\"{name}\",\"type\":null,\"admin\":false,\"active\":true,\"settings\":["
    )?;
    for (i, row) in rows.iter().enumerate() {
        let [add, edit, delete, inquire] = [0, 1, 2, 3].map(|verb| level(role, i, verb));
        let (id, comma) = (role * 1_000 + i, if i + 1 == rows.len() { "" } else { "," });
        writeln!(
            out,
            "{{\"id\":{id},{row},\"add\":\"{add}\",\"edit\":\"{edit}\",\"delete\":\"{delete}\",\"inquire\":\"{inquire}\"}}{comma}"
        )?;
    }
    writeln!(out, "]}}{end}")
}

/// One grant in eight or so is there, more of them to read than to delete; the same at every run.
fn level(role: usize, row: usize, verb: usize) -> &'static str {
    let mixed = (role * 2_654_435_761 + row * 40_503 + verb * 97) >> 7;
    let of = if verb == 3 { 4 } else { 10 };
    match mixed % of {
        0 => LEVELS[2],
        1 if verb < 3 => LEVELS[1],
        _ => LEVELS[0],
    }
}
