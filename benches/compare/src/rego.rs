//! The same rules as a policy in Rego, by regorus.

use std::time::Instant;

use regorus::{Engine, Value};

use crate::Finding;
use crate::found::Found;
use crate::ours;

pub fn run(file: &str) -> Finding<Found> {
    let needs = String::from_utf8(ours::needs()?)?;
    let start = Instant::now();
    let mut engine = Engine::new();
    engine.add_policy("umbrella.rego".to_owned(), include_str!("../umbrella.rego").to_owned())?;
    engine.add_data_json(&format!("{{\"rules\":{needs}}}"))?;
    let text = std::fs::read_to_string(file)?;
    engine.set_input(Value::from_json_str(&text)?);
    let found = engine.eval_rule("data.umbrella.findings".to_owned())?;
    let took = start.elapsed();
    Found::new(took, serde_json::from_str(&found.to_json_str()?)?)
}
