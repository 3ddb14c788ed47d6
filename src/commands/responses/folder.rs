//! A folder of saved answers: files by the names that people and their tools give them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::io::{MOST_BYTES, read_file};

/// Endings that say nothing of what a file is about. Explorer hides the last one.
const ENDINGS: [&str; 6] = [".txt", ".gz", ".json", ".jsonl", ".ndjson", ".log"];

/// Files of a folder, and which of them were asked for.
pub(super) struct Folder {
    root: PathBuf,
    names: Vec<String>,
    read: RefCell<BTreeSet<String>>,
}

impl Folder {
    pub(super) fn open(root: PathBuf) -> io::Result<Self> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&root)? {
            let entry = entry?;
            if !entry.path().is_dir() {
                names.extend(entry.file_name().into_string().ok());
            }
        }
        names.sort();
        Ok(Self { root, names, read: RefCell::default() })
    }

    /// The file that is meant by a name such as `roles.json`: the one that is called so, or the only one
    /// whose name is the same but for case, dashes and endings.
    pub(super) fn name_of(&self, name: &str) -> io::Result<Option<&str>> {
        if let Some(own) = self.names.iter().find(|own| *own == name) {
            return Ok(Some(own));
        }
        let mut alike = self.names.iter().filter(|own| has_ending(own) && key(own) == key(name));
        let first = alike.next();
        if let (Some(first), Some(second)) = (first, alike.next()) {
            return Err(io::Error::other(format!(
                "{first} and {second} may both be {name}: keep one of them"
            )));
        }
        Ok(first.map(String::as_str))
    }

    /// What the file has that is meant by a name.
    pub(super) fn find(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(own) = self.name_of(name)? else { return Ok(None) };
        self.read.borrow_mut().insert(own.to_owned());
        read_file(&self.root.join(own), MOST_BYTES).map(Some)
    }

    pub(super) fn path_of(&self, name: &str) -> io::Result<Option<PathBuf>> {
        Ok(self.name_of(name)?.map(|own| self.root.join(own)))
    }

    /// Files that nothing asked for.
    pub(super) fn unread(&self) -> Vec<&str> {
        let read = self.read.borrow();
        let unread = self.names.iter().filter(|own| !read.contains(*own) && has_ending(own));
        unread.map(String::as_str).collect()
    }

    /// What is there, to be shown where something is missing.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }
}

/// Whether a file of this name may be an answer.
fn has_ending(name: &str) -> bool {
    let lower = name.to_lowercase();
    ENDINGS.iter().any(|ending| lower.ends_with(ending)) || Path::new(&lower).extension().is_none()
}

/// The role whose settings a file has by its name.
pub(super) fn role_of(name: &str) -> Option<i64> {
    let key = key(name);
    let number = key.strip_prefix("settings")?;
    number.split("page").next()?.parse().ok()
}

/// A name without what a browser or Explorer adds to that of a copy: `roles (1)`, `roles - Copy`.
fn without_copy(stem: &str) -> &str {
    let counted = stem.strip_suffix(')').and_then(|rest| {
        let (name, number) = rest.rsplit_once(" (")?;
        (number.len() == 1 && number.starts_with(|c: char| c.is_ascii_digit()) && name != "settings")
            .then_some(name)
    });
    let stem = counted.unwrap_or(stem);
    stem.strip_suffix(" - copy").unwrap_or(stem)
}

/// A name without case, dashes and endings, and without what the API's own path has more.
fn key(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut stem = lower.as_str();
    while let Some(rest) = ENDINGS.iter().find_map(|ending| stem.strip_suffix(ending)) {
        stem = rest;
    }
    let plain: String = without_copy(stem).chars().filter(|c| c.is_alphanumeric()).collect();
    let plain = plain.strip_prefix("system").unwrap_or(&plain).replace("securityrole", "role");
    // "securityRoles-31-settings" is "settings-31".
    let settings = ["roles", "role"].iter().find_map(|own| {
        let rest = plain.strip_prefix(own)?;
        let number = rest.strip_prefix("settings").or_else(|| rest.strip_suffix("settings"))?;
        let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
        is_number.then(|| format!("settings{number}"))
    });
    settings.unwrap_or_else(|| match plain.as_str() {
        "mymember" | "mymembers" => "ownmember".to_owned(),
        "integratorlogin" => "integratorlogins".to_owned(),
        _ => plain,
    })
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn names_that_mean_one_file_have_one_key() {
        for (names, meant) in [
            (
                ["Roles.json", "roles.json.txt", "ROLES.JSON", "securityRoles.json", "roles.json.gz"]
                    .as_slice(),
                "roles.json",
            ),
            (&["apiMembers.json", "api_members.json", "API Members.txt"], "api-members.json"),
            (
                &["settings_31.json", "securityRoles-31-settings.json", "roleSettings31.json"],
                "settings-31.json",
            ),
            (&["myMembers.json", "own_member.json"], "own-member.json"),
            (&["Roles-Page2.json"], "roles-page2.json"),
            (&["roles (1).json", "Roles - Copy.json", "roles (2).json.txt"], "roles.json"),
            (&["settings-31 (1).json", "settings (31).json"], "settings-31.json"),
        ] {
            for name in names {
                assert_eq!(key(name), key(meant), "{name}");
            }
        }
        assert_ne!(key("settings-3.json"), key("settings-31.json"));
        for (name, role) in
            [("settings-31.json", Some(31)), ("settings-31-page2.json", Some(31)), ("roles.json", None)]
        {
            assert_eq!(super::role_of(name), role, "{name}");
        }
    }
}
