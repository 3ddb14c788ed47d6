//! Whatever is typed or pasted, a command answers: it does not stop in the middle.

use proptest::prelude::*;

use crate::support::leastwise;

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_table_is_read_or_refused(
        rows in proptest::collection::vec("(Module|Companies|Contacts|Service Desk|Tickets|All|my|x|None|\"|[,;|\t]|\\PC){0,12}", 0..6)
    ) {
        let ran = leastwise(["rules", "new", "a", "--from-csv", "-"]).stdin(rows.join("\n")).run();
        prop_assert!(ran.code == 0 || (ran.code == 2 && ran.stdout.is_empty()), "{ran:?}");
    }

    #[test]
    fn anything_can_be_asked_to_be_explained(what in "(LW|lw|Service|会|/|\\PC){0,8}") {
        let ran = leastwise(["explain", "--", &what]).run();
        prop_assert!(ran.code == 0 || (ran.code == 2 && ran.stdout.is_empty()), "{ran:?}");
    }

    #[test]
    fn any_bytes_are_a_rule_file_or_a_problem_with_a_place(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.toml"), &bytes).expect("a file");
        let ran = leastwise(["rules", "lint", "a.toml"]).folder(folder.path()).run();
        prop_assert_eq!(ran.code, 2);
        prop_assert!(ran.stdout.lines().all(|line| line.starts_with("a.toml:")), "{:?}", ran);
    }
}
