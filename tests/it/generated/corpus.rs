//! The generated tenants. All laws look at the same ones, so that each is judged once as it is; one that
//! breaks a law is made smaller before it is shown.

use std::sync::OnceLock;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::build::{Grammar, estate};
use super::estate::Estate;
use super::judged::Judged;
use super::strategy::{Ingredients, ingredients};
use crate::support::project;

/// So often a tenant that breaks a law is tried smaller.
const SHRINKS: usize = 400;

/// A tenant, and how it is judged as it is.
pub(super) struct Case {
    pub(super) estate: Estate,
    pub(super) pick: u64,
    judged: OnceLock<Result<Judged, String>>,
}

impl Case {
    fn of(from: &Ingredients, grammar: Grammar) -> Self {
        Self { estate: estate(from, grammar), pick: from.pick, judged: OnceLock::new() }
    }

    fn of_fixture(name: &str) -> Self {
        let path = project().join("fixtures").join(name).with_extension("json");
        Self { estate: Estate::of_snapshot(&path), pick: 0, judged: OnceLock::new() }
    }

    pub(super) fn judged(&self) -> Result<&Judged, String> {
        self.judged.get_or_init(|| judge(&self.estate)).as_ref().map_err(Clone::clone)
    }

    /// A number below `bound`, another one for each `salt`.
    pub(super) fn choose(&self, salt: u64, bound: usize) -> usize {
        let mixed =
            (self.pick ^ salt.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        usize::try_from((mixed >> 32) % (bound.max(1) as u64)).expect("below the bound")
    }
}

/// An audit of a tenant, with `args` beside.
pub(super) fn judge_by(estate: &Estate, args: &[&str]) -> Result<Judged, String> {
    Judged::of(&estate.write().run(args))
}

pub(super) fn judge(estate: &Estate) -> Result<Judged, String> {
    judge_by(estate, &["--all"])
}

/// How many tenants are generated: `PROPTEST_CASES`, else 64.
fn count() -> u64 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}

/// Where generation starts: `LEASTWISE_SEED`, else 0, so that a run of the gate is the same for everybody.
fn seed() -> u64 {
    std::env::var("LEASTWISE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0)
}

fn tree(number: u64) -> impl ValueTree<Value = Ingredients> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    bytes[8..16].copy_from_slice(&seed().to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    ingredients().new_tree(&mut runner).expect("nothing is filtered")
}

fn corpus() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let generated = (0..count()).map(|number| Case::of(&tree(number).current(), Grammar::New));
        generated.chain(["acme-msp", "parapluie"].map(Case::of_fixture)).collect()
    })
}

/// At least so many generated tenants, in the given grammar.
pub(super) fn estates(at_least: u64, grammar: Grammar) -> impl Iterator<Item = Estate> {
    (0..count().max(at_least)).map(move |number| estate(&tree(number).current(), grammar))
}

/// Tries a law on every generated tenant and on the fixtures; of the first that breaks it, the smallest that does is shown.
#[track_caller]
pub(super) fn for_all(law: impl Fn(&Case) -> Result<(), String>) {
    for (number, case) in (0..).zip(corpus()) {
        if let Err(said) = law(case) {
            assert!(number < count(), "{said}\n\na fixture: {}", case.estate.snapshot.tenant);
            let (smallest, said) = shrunk(number, &law).unwrap_or_else(|| (case.estate.shown(), said));
            panic!("{said}\n\ntenant {number} of seed {}, made smaller:\n{smallest}", seed());
        }
    }
}

/// The smallest tenant that still breaks the law, and how.
fn shrunk(number: u64, law: impl Fn(&Case) -> Result<(), String>) -> Option<(String, String)> {
    let mut tree = tree(number);
    let mut smallest = None;
    for _ in 0..SHRINKS {
        let case = Case::of(&tree.current(), Grammar::New);
        let goes_on = match law(&case) {
            Err(said) => {
                smallest = Some((case.estate.shown(), said));
                tree.simplify()
            }
            Ok(()) => tree.complicate(),
        };
        if !goes_on {
            break;
        }
    }
    smallest
}
