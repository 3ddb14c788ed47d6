//! The variables that leastwise reads, and which of them one that it does not read was meant for.

use crate::io::Io;
use crate::rules::did_you_mean;

/// The variables that leastwise reads, in whichever command.
const VARIABLES: [&str; 9] = [
    "LEASTWISE_CONFIG",
    "LEASTWISE_SITE",
    "LEASTWISE_COMPANY",
    "LEASTWISE_CLIENT_ID",
    "LEASTWISE_PUBLIC_KEY",
    "LEASTWISE_PRIVATE_KEY",
    "LEASTWISE_INTEGRATION_PUBLIC_KEY",
    "LEASTWISE_INTEGRATION_PRIVATE_KEY",
    "LEASTWISE_PSEUDONYM_KEY",
];

/// Points at a variable that may have been meant for one that is not set.
pub(super) fn misspelt(variable: &str, io: &Io<'_>) -> Option<String> {
    let strange = io
        .env
        .keys()
        .map(String::as_str)
        .filter(|name| name.to_uppercase().starts_with("LEASTWISE") && !VARIABLES.contains(name));
    // Of all variables, the missing one must be what the strange one is nearest to.
    let meant = strange.filter(|name| did_you_mean(name, VARIABLES) == Some(variable)).min();
    meant.map(|name| format!("{name} is set, which nothing reads"))
}
