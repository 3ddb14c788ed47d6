//! How many of the names that MSPs give are recognised: by a rule file's `match`, which an audit judges by, and by
//! resemblance, which only proposes. What came of it: `README.md` beside this file.

#![expect(clippy::expect_used, reason = "what cannot be set up cannot be measured")]
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use jiff::civil::date;
use leastwise::model::fold_name;
use leastwise::rules::Library;

fn main() {
    let library = Library::load(None, date(2026, 11, 28)).expect("sound rule files");
    let (mut rows, mut matched, mut proposed, mut wrong) = (0, 0, 0, 0);
    for line in include_str!("names/names.tsv").lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('\t').collect();
        let [id, role, identifier, name] = fields.as_slice() else { continue };
        let rules = library.get(id).expect("a rule file");
        let is_among =
            |known: &[String], name: &str| known.iter().any(|own| fold_name(own) == fold_name(name));
        let is_matched = is_among(&rules.matches.roles, role)
            || [identifier, name].iter().any(|name| is_among(&rules.matches.members, name));
        let near = library.resembling(&[role, identifier, name]);
        rows += 1;
        matched += usize::from(is_matched);
        proposed += usize::from(near.contains(id));
        wrong += usize::from(!near.is_empty() && !near.contains(id));
        if !is_matched {
            println!("not matched: {id}: {role}, {identifier}, {name}; resembles {}", near.join(", "));
        }
    }
    println!(
        "{rows} pairs of names: {matched} matched, {proposed} resemble the right rule file, {wrong} only another"
    );
}
