//! Forms: in which one a report is written, and to which file.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ValueEnum;

use crate::render::Format;

/// `--output FORMAT=PATH`.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(super) format: Format,
    pub(super) path: PathBuf,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = form_and_path(text)?;
        Ok(Self { format, path })
    }
}

/// How a file ends, and the name of the format that this means.
const ENDINGS: [(&str, &str); 7] = [
    ("html", "html"),
    ("json", "json"),
    ("sarif", "sarif"),
    ("csv", "csv"),
    ("md", "markdown"),
    ("xml", "junit"),
    ("txt", "table"),
];

/// Reads `FORMAT=PATH`, or a path whose ending says the format.
pub(super) fn form_and_path<F: ValueEnum>(text: &str) -> Result<(F, PathBuf), String> {
    // A path may hold a =, and no format holds what paths do.
    let named = text.split_once('=').filter(|(format, _)| !format.contains(['/', '\\', '.']));
    let Some((format, path)) = named else {
        return by_ending(text).map(|format| (format, text.into()));
    };
    if path.is_empty() {
        return Err("the path is missing after the =".to_owned());
    }
    let format = F::from_str(format, true).map_err(|_| unknown_format::<F>(format))?;
    Ok((format, path.into()))
}

fn by_ending<F: ValueEnum>(path: &str) -> Result<F, String> {
    let ending = Path::new(path).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let meant = ENDINGS.iter().find(|(own, _)| ending.as_deref() == Some(*own));
    meant.and_then(|(_, format)| F::from_str(format, true).ok()).ok_or_else(|| {
        let known = ENDINGS.iter().filter(|(_, format)| F::from_str(format, true).is_ok());
        let known: Vec<_> = known.map(|(ending, _)| format!(".{ending}")).collect();
        format!(
            "the ending does not say which format is meant: end it with {}, or write FORMAT=PATH, such as json={path}",
            known.join(", ")
        )
    })
}

/// What to say of a word that is none of the formats of `F`.
fn unknown_format<F: ValueEnum>(word: &str) -> String {
    let names: Vec<_> = F::value_variants()
        .iter()
        .filter_map(ValueEnum::to_possible_value)
        .map(|value| value.get_name().to_owned())
        .collect();
    format!("\"{word}\" is not a format; the formats are {}", names.join(", "))
}
