//! The endpoints that leastwise reads, for each dataset that is wanted.

use std::collections::BTreeSet;

use super::endpoint::Endpoint;
use super::wire::{self, PlainRow, Visit};
use crate::model::DatasetName;

/// The endpoints of the datasets that are wanted, but for the settings of roles that are not known yet.
#[must_use]
pub fn endpoints(wanted: &BTreeSet<DatasetName>) -> Vec<Endpoint> {
    let mut all = Plain(Vec::new());
    wire::each_plain(&mut all);
    let Plain(mut all) = all;
    all.extend([Endpoint::roles(), Endpoint::api_members(), Endpoint::members(), Endpoint::own_member()]);
    all.retain(|endpoint| wanted.contains(&endpoint.dataset));
    all.sort_by_key(|endpoint| endpoint.dataset);
    all
}

/// The endpoints of lists of which every row is kept.
struct Plain(Vec<Endpoint>);

impl Visit for Plain {
    fn visit<R: PlainRow>(&mut self) {
        self.0.push(R::endpoint());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::{Endpoint, endpoints};
    use crate::model::{DatasetName, RoleId};
    use crate::rules::{Library, built_in_catalog, is_forbidden};

    #[test]
    fn memberhash_and_tokens_are_in_no_endpoint_of_ours() {
        let all = BTreeSet::from(DatasetName::ALL);
        let lists = endpoints(&all).into_iter().chain([Endpoint::settings(RoleId(1))]).map(|own| own.path);
        let catalog = built_in_catalog().unwrap();
        let of_functions = catalog.functions().flat_map(|(_, function)| function.endpoints.clone());
        let of_tables = catalog.tables().iter().flat_map(|table| table.endpoints.clone());
        let library = Library::load(None, "2026-11-28".parse().unwrap()).unwrap();
        let probes = library.iter().flat_map(|rules| rules.probes.clone());
        let paths: Vec<_> = lists.chain(of_functions).chain(of_tables).chain(probes).collect();
        assert!(paths.len() > 20, "{}", paths.len());
        assert!(paths.iter().all(|path| !is_forbidden(path)), "{paths:?}");
    }

    /// Those that are written into the code where they are used.
    #[test]
    fn no_other_source_names_such_an_endpoint() {
        fn check(folder: &Path) {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    check(&path);
                } else if path.extension().is_some_and(|ending| ending == "rs")
                    && !["forbidden.rs", "endpoints.rs"].iter().any(|own| path.ends_with(own))
                {
                    let text = fs::read_to_string(&path).unwrap().to_lowercase();
                    assert!(!text.contains("memberhash") && !text.contains("/tokens"), "{}", path.display());
                }
            }
        }
        check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    }
}
