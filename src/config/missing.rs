//! Settings that are missing, all at once, with the lines that set them in the shell that is running.

use crate::error::Error;
use crate::io::Io;

/// A setting without which the PSA cannot be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needed {
    /// As people call it.
    pub(super) name: &'static str,
    pub(super) variable: &'static str,
    /// What it is, where its name does not say so.
    meaning: &'static str,
    /// Where it may come from.
    places: &'static str,
    /// What to put in its place.
    example: &'static str,
}

pub(super) const SITE: Needed = Needed {
    name: "site",
    variable: "LEASTWISE_SITE",
    meaning: " (the PSA's host, such as na.myconnectwise.net)",
    places: "--site, LEASTWISE_SITE or `site` in leastwise.toml",
    example: "na.myconnectwise.net",
};
pub(super) const COMPANY: Needed = Needed {
    name: "company",
    variable: "LEASTWISE_COMPANY",
    meaning: " (the company id typed on the PSA's login screen)",
    places: "--company, LEASTWISE_COMPANY or `company` in leastwise.toml",
    example: "acme",
};
pub(super) const CLIENT_ID: Needed = Needed {
    name: "client id",
    variable: "LEASTWISE_CLIENT_ID",
    meaning: "",
    places: "LEASTWISE_CLIENT_ID, or `client_id_file` or `client_id_command` in leastwise.toml (never an argument)",
    example: "…",
};
pub(super) const PUBLIC_KEY: Needed = Needed {
    name: "public key",
    variable: "LEASTWISE_PUBLIC_KEY",
    meaning: "",
    places: "LEASTWISE_PUBLIC_KEY, or `public_key_file` or `public_key_command` in leastwise.toml (never an argument)",
    example: "…",
};
pub(super) const PRIVATE_KEY: Needed = Needed {
    name: "private key",
    variable: "LEASTWISE_PRIVATE_KEY",
    meaning: "",
    places: "LEASTWISE_PRIVATE_KEY, or `private_key_file` or `private_key_command` in leastwise.toml (never an argument)",
    example: "…",
};

/// One error about all of them, a line each. `remarks` say what may have been meant for them.
pub(super) fn error(missing: &[Needed], remarks: &[String], io: &Io<'_>) -> Error {
    let mut lines: Vec<String> = Vec::new();
    let is_place = |own: &Needed| !own.meaning.is_empty();
    let file = if missing.iter().any(is_place) {
        "; without a PSA: give a snapshot (--snapshot FILE), or try leastwise demo"
    } else {
        ""
    };
    let meant: Vec<_> = remarks.iter().map(|remark| format!("; {remark}")).collect();
    let meant = meant.concat();
    match missing {
        [one] => {
            lines
                .push(format!("the {} is not set{}: set {}{meant}{file}", one.name, one.meaning, one.places));
        }
        several => {
            lines.push(format!("{} settings are missing{meant}{file}", several.len()));
            lines.extend(
                several.iter().map(|own| format!("  the {}{}: {}", own.name, own.meaning, own.places)),
            );
        }
    }
    let shell = Shell::of(io);
    lines.push("in this shell:".to_owned());
    lines.extend(missing.iter().map(|own| format!("  {}", shell.line(own.variable, own.example))));
    Error::Missing(lines.join("\n"))
}

/// The shell that leastwise was started from, as far as the environment shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shell {
    Posix,
    Fish,
    Nushell,
    Power,
    Cmd,
}

impl Shell {
    fn of(io: &Io<'_>) -> Self {
        let has = |name: &str| io.env.keys().any(|own| own.eq_ignore_ascii_case(name));
        let shell = io.var("SHELL").unwrap_or_default();
        if has("NU_VERSION") {
            Self::Nushell
        } else if io.var("MSYSTEM").is_some() || (shell.starts_with('/') && !has("PSModulePath")) {
            // Git Bash has Windows' variables, too.
            if shell.ends_with("/fish") { Self::Fish } else { Self::Posix }
        } else if has("PROMPT") && has("ComSpec") {
            // Only cmd.exe sets its own prompt.
            Self::Cmd
        } else if has("PSModulePath") || has("ComSpec") {
            Self::Power
        } else {
            Self::Posix
        }
    }

    fn line(self, name: &str, value: &str) -> String {
        match self {
            Self::Posix => format!("export {name}='{value}'"),
            Self::Fish => format!("set -x {name} '{value}'"),
            Self::Nushell => format!("$env.{name} = '{value}'"),
            Self::Power => format!("$env:{name} = '{value}'"),
            // Quotes around both are no part of the value; those around the value alone would be.
            Self::Cmd => format!("set \"{name}={value}\""),
        }
    }
}
