//! Keys in answers: a PSA, or something before it that means well, may repeat what it was sent. It goes no
//! further than here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use super::transport::Access;

/// A shorter key could be part of any word, and the PSA makes none.
const SHORTEST: usize = 8;

/// What stands in place of a key.
const INSTEAD: &str = "***";

/// The keys that are sent, in each form in which they are.
#[derive(Debug)]
pub(super) struct Redaction(Vec<SecretString>);

impl Redaction {
    pub(super) fn of(access: &Access) -> Self {
        let (public, private) = (access.public_key.expose_secret(), access.private_key.expose_secret());
        let sent = STANDARD.encode(format!("{}+{public}:{private}", access.company));
        let forms = [sent.as_str(), private, public, access.client_id.expose_secret()];
        Self(
            forms
                .into_iter()
                .filter(|form| form.len() >= SHORTEST)
                .map(|form| form.to_owned().into())
                .collect(),
        )
    }

    /// The text without any key.
    pub(super) fn text(&self, mut text: String) -> String {
        for key in &self.0 {
            if text.contains(key.expose_secret()) {
                text = text.replace(key.expose_secret(), INSTEAD);
            }
        }
        text
    }

    /// The body without any key. What is no text is understood by nobody, and repeated to nobody.
    pub(super) fn body(&self, body: Vec<u8>) -> Vec<u8> {
        match String::from_utf8(body) {
            Ok(text) => self.text(text).into_bytes(),
            Err(error) => error.into_bytes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, Redaction};

    #[test]
    fn no_form_of_a_key_is_left_and_short_words_are() {
        let access = Access {
            company: "acme".to_owned(),
            client_id: "client-id-1".to_owned().into(),
            public_key: "PublicPublic".to_owned().into(),
            private_key: "short".to_owned().into(),
        };
        let redaction = Redaction::of(&access);
        let said = "PublicPublic of client-id-1, short: YWNtZStQdWJsaWNQdWJsaWM6c2hvcnQ=";
        assert_eq!(redaction.text(said.to_owned()), "*** of ***, short: ***");
        assert_eq!(redaction.body(b"[\"PublicPublic\"]".to_vec()), b"[\"***\"]");
        assert_eq!(redaction.body(vec![0xFF, b'x']), [0xFF, b'x']);
    }
}
