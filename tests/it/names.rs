//! Names that MSPs give: what resembles a rule file's names is proposed, and never the wrong one alone.

use leastwise::rules::Library;

use crate::tiny::TODAY;

#[test]
fn names_with_words_around_them_resemble_their_own_rule_file() {
    let library = Library::load(None, TODAY).expect("sound rule files");
    let mut missed = Vec::new();
    for line in include_str!("../../benches/names/names.tsv").lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('\t').collect();
        let [id, role, identifier, name] = fields.as_slice() else { panic!("{line}") };
        assert!(library.get(id).is_some(), "{line}");
        let near = library.resembling(&[role, identifier, name]);
        if !near.contains(id) {
            missed.push(format!("{line}: {near:?}"));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    for name in
        ["Admin", "API", "Backup", "Reporting", "jsmith", "Sales", "Import", "Integration User", "Temp"]
    {
        assert!(library.resembling(&[name]).is_empty(), "{name}: {:?}", library.resembling(&[name]));
    }
}
