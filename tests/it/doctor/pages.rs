//! The visits that `docs/doctor.md` shows are what the program prints.

use std::fs;

use super::{clinic, refuse_table, umbrella};
use crate::psa::{Psa, real};
use crate::support::project;

/// Stands for the simulator's address, whose port is another each time.
const SITE: &str = "psa.example.org";

/// Stands for the day of the visit, which is the simulator's own.
const DAY: &str = "2026-11-28";

const COMMAND: &str = "$ leastwise doctor --integration cisco-umbrella\n";

fn visit(plant: impl FnOnce(&Psa), wrong_key: bool) -> String {
    let psa = clinic();
    plant(&psa);
    let mut command = umbrella(&psa, &[]);
    if wrong_key {
        command = command.env("LEASTWISE_INTEGRATION_PRIVATE_KEY", "withdrawn");
    }
    let host = psa.sim.url().trim_start_matches("http://").to_owned();
    let today = real().to_string().chars().take(DAY.len()).collect::<String>();
    command.run().stdout.replace(&host, SITE).replace(&today, DAY)
}

#[test]
fn the_page_shows_what_is_printed() {
    let path = project().join("docs/doctor.md");
    let text = fs::read_to_string(&path).expect("the page");
    let mut visits = [
        visit(|_| (), true),
        visit(|psa| refuse_table(psa, "Service / Service Board"), false),
        visit(|_| (), false),
    ]
    .into_iter();
    let fence = format!("```text\n{COMMAND}");
    let mut parts = text.split(&fence);
    let mut expected = parts.next().expect("the page").to_owned();
    let mut shown = 0;
    for part in parts {
        let (_, rest) = part.split_once("```\n").expect("the end of the block");
        let visit = visits.next().expect("no more than three visits");
        expected.push_str(&format!("{fence}{visit}```\n{rest}"));
        shown += 1;
    }
    assert_eq!(shown, 3);
    if text != expected && std::env::var_os("LEASTWISE_BLESS").is_some() {
        fs::write(&path, expected).expect("the page is written");
    } else {
        assert_eq!(text, expected, "docs/doctor.md is out of date: run the tests with LEASTWISE_BLESS=1");
    }
}
