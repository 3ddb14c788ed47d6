//! Who asks: what the PSA knows its caller by.

use secrecy::{ExposeSecret, SecretString};

/// Who asks, as the PSA knows it.
#[derive(Clone, Debug)]
pub struct Access {
    /// The login company id.
    pub company: String,
    /// The integration's id from ConnectWise's developer site.
    pub client_id: SecretString,
    /// The API member's public key.
    pub public_key: SecretString,
    /// The API member's private key.
    pub private_key: SecretString,
}

impl Access {
    /// Whether the client id has the form of one: 8-4-4-4-12 hexadecimal digits.
    #[must_use]
    pub fn has_client_id(&self) -> bool {
        is_guid(self.client_id.expose_secret())
    }
}

/// 8-4-4-4-12 hexadecimal digits, as a client id is.
#[must_use]
pub fn is_guid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.chars().all(|c| c.is_ascii_hexdigit()))
}
