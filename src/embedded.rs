//! The texts that are part of the program: rule files, the catalog, the pages of checks. `build.rs` packs them.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::LazyLock;

use flate2::read::DeflateDecoder;

/// Every text, one after the other.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/embedded.deflate"));

/// Their paths from the project's folder, and how long each is, in bytes.
const INDEX: &[(&str, usize)] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

static UNPACKED: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::new();
    // What the build packed can be unpacked; a test compares it with the files.
    let _ = DeflateDecoder::new(PACKED).read_to_string(&mut text);
    text
});

static TEXTS: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut rest = UNPACKED.as_str();
    let take = |&(path, len): &(&'static str, usize)| {
        let (text, more) = rest.split_at_checked(len)?;
        rest = more;
        Some((path, text))
    };
    INDEX.iter().map_while(take).collect()
});

/// One text, by its path from the project's folder; empty where there is no such file.
#[must_use]
pub(crate) fn text(path: &str) -> &'static str {
    TEXTS.get(path).copied().unwrap_or_default()
}

/// The texts in a folder and in those within, by path, in order.
pub(crate) fn within(folder: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let texts = TEXTS.range(folder..).map(|(path, text)| (*path, *text));
    texts.take_while(move |(path, _)| path.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{INDEX, text, within};

    #[test]
    fn every_text_is_that_of_its_file() {
        assert!(INDEX.len() > 120, "{}", INDEX.len());
        for (path, _) in INDEX {
            let file = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path);
            assert_eq!(text(path), file.replace("\r\n", "\n"), "{path}");
        }
        assert_eq!(text("rules/none.toml"), "");
        assert_eq!(within("docs/checks/").count(), crate::checks::ALL.len());
    }
}
