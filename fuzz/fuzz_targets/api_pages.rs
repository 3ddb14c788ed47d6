//! Answers of the API: whatever they hold, reading ends; a list that counts as read in full has every row
//! that was sent; and the tenant is the same after it was written as a snapshot and read again.
//!
//! An input is several answers, each under a line with its name, as in `# roles` or `# roles-page2`; `# page-size`
//! stands over a number.

#![no_main]

use std::collections::BTreeMap;

use jiff::Timestamp;
use leastwise::source::connectwise::saved;
use leastwise::model::{Tenant, TenantId};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

#[path = "../same.rs"]
mod same;

fuzz_target!(|bytes: &[u8]| {
    let answers = split(bytes);
    let page_size = answers
        .get("page-size.json")
        .and_then(|size| std::str::from_utf8(size).ok()?.trim().parse().ok());
    let id = TenantId { site: "na.example".to_owned(), company: "acme".to_owned() };
    let now = Timestamp::from_second(1_795_309_200).unwrap_or_else(|error| panic!("{error}"));
    let find = |name: &str| Ok(answers.get(name).map(|answer| answer.to_vec()));
    let tenant = saved(id, now, page_size, None, &find).unwrap_or_else(|error| panic!("{error}"));
    has_every_row(&tenant, &answers);
    same::survives_a_snapshot(&tenant);
});

type Answers<'b> = BTreeMap<String, &'b [u8]>;

fn split(bytes: &[u8]) -> Answers<'_> {
    let mut answers = Answers::new();
    let mut rest = bytes;
    while let Some(start) = rest.windows(2).position(|two| two == b"# ") {
        let named = &rest[start + 2..];
        let end = named.iter().position(|&byte| byte == b'\n').unwrap_or(named.len());
        let name = String::from_utf8_lossy(&named[..end]).into_owned();
        rest = &named[(end + 1).min(named.len())..];
        let next = rest.windows(3).position(|three| three == b"\n# ").map_or(rest.len(), |at| at + 1);
        answers.insert(format!("{name}.json"), &rest[..next]);
        rest = &rest[next..];
    }
    answers
}

fn has_every_row(tenant: &Tenant, answers: &Answers<'_>) {
    let sent = |name: &str| -> usize {
        let pages = (1..).map(|page| if page == 1 { format!("{name}.json") } else { format!("{name}-page{page}.json") });
        pages
            .map_while(|page| answers.get(&page))
            .map(|page| match std::str::from_utf8(page).map(|text| serde_json::from_str(text.trim_start_matches('\u{feff}'))) {
                Ok(Ok(Value::Array(rows))) => rows.len(),
                // UTF-16 is read too; how many rows it has is not looked at here.
                Ok(Ok(_) | Err(_)) | Err(_) => 0,
            })
            .sum()
    };
    let holds = |name: &str, rows: Option<usize>| {
        let (sent, read) = (sent(name), rows);
        assert!(sent == 0 || read.is_none_or(|read| read == sent), "{name}: {sent} rows sent, {read:?} read");
    };
    holds("roles", tenant.roles.rows().ok().map(Vec::len));
    holds("api-members", tenant.api_members.rows().ok().map(Vec::len));
    holds("members", tenant.members.rows().ok().map(Vec::len));
    holds("member-use", tenant.member_use.rows().ok().map(Vec::len));
    holds("integrator-logins", tenant.logins.rows().ok().map(Vec::len));
    for (role, settings) in &tenant.settings {
        holds(&format!("settings-{role}"), settings.rows().ok().map(Vec::len));
    }
}
