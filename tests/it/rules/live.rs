//! The commands that look at a tenant, on a live one: they say what they say of its snapshot, and ask
//! for no more than they need.

use crate::psa::{Psa, fixture, fixture_path, reading};
use crate::support::leastwise;

fn same_as_file(args: &[&str]) {
    let psa = Psa::acme();
    let path = fixture_path("acme-msp");
    let live = psa.leastwise(args).run();
    let of_file = leastwise(args.iter().copied().chain(["--snapshot", path.to_str().expect("a path")]));
    let of_file = of_file.now(reading).run();
    let host = psa.sim.url().split_once("://").expect("a URL").1;
    let said = live.stdout.replace(host, "na.myconnectwise.net");
    assert_eq!((live.code, &said), (of_file.code, &of_file.stdout), "{args:?}: {}", live.stderr);
    assert!(!said.is_empty());
    let settings = psa.sim.requests().into_iter().filter(|request| request.path.ends_with("/settings"));
    assert_eq!(settings.count(), 1, "one role's settings are enough");
}

#[test]
fn impact_merge_and_new_say_the_same_of_the_live_tenant() {
    same_as_file(&["impact", "Umbrella", "--format", "json"]);
    same_as_file(&["rules", "merge", "--role", "Integrations", "--format", "json"]);
    same_as_file(&["rules", "new", "report-export", "--from-role", "Report Export"]);
}

#[test]
fn a_tenant_that_refuses_the_roles_is_3_and_nothing_is_said() {
    // A technician's key: neither roles nor members may be read with it.
    let psa = Psa::start(fixture("acme-msp"), 251);
    for args in [
        &["impact", "Umbrella"][..],
        &["rules", "merge", "--role", "Integrations"],
        &["rules", "new", "x", "--from-role", "Umbrella"],
    ] {
        let ran = psa.leastwise(args).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{args:?}: {}", ran.stderr);
    }
}
