//! `leastwise doctor` against psa-sim: each planted fault is named in the first line.

use jiff::Timestamp;
use psa_sim::{Running, Sim};

use crate::support::{Leastwise, Ran, leastwise, project};

/// The simulator's clock is the real one.
#[expect(clippy::disallowed_methods, reason = "the simulator answers with the real time")]
pub fn real() -> Timestamp {
    Timestamp::now()
}

pub fn parapluie() -> Sim {
    Sim::from_files(project().join("fixtures/parapluie.json")).expect("the fixture")
}

/// `leastwise doctor` with the key of one of the tenant's members.
pub fn doctor(sim: &Running, member: i64, args: &[&str]) -> Leastwise {
    let key = sim.access().into_iter().find(|key| key.member == member).expect("a key");
    leastwise([&["doctor"], args].concat())
        .now(real)
        .env("LEASTWISE_SITE", sim.url())
        .env("LEASTWISE_COMPANY", &key.company)
        .env("LEASTWISE_CLIENT_ID", &key.client_id)
        .env("LEASTWISE_INTEGRATION_PUBLIC_KEY", &key.public)
        .env("LEASTWISE_INTEGRATION_PRIVATE_KEY", &key.private)
}

#[test]
fn play() {
    let sim = parapluie().start().unwrap();
    for args in
        [vec!["--integration", "cisco-umbrella"], vec!["--integration", "cisco-umbrella", "--format", "json"]]
    {
        let ran: Ran = doctor(&sim, 251, &args).run();
        println!("{}\n{}\n{}", ran.stdout, ran.stderr, ran.code);
    }
    let ran = doctor(&sim, 252, &["--integration", "cisco-umbrella"]).run();
    println!("{}\n{}\n{}", ran.stdout, ran.stderr, ran.code);
}
