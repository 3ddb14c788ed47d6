//! A pasted text, weighed: what the PSA's error body says, what is said around it, and what weighs nothing
//! beside the two: the caller's code and headers, addresses, advice, lists of what it might be.

mod body;
mod line;
mod status;

use line::Kind;
pub(super) use line::has_word;

/// More than this of a text is not looked at; the innermost message of any console fits many times.
const LONGEST: usize = 64 * 1024;

/// A pasted text, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pasted {
    /// The status, where the text says that a number is one.
    pub status: Option<u16>,
    /// The sentences of an error body.
    pub body: Vec<String>,
    /// The sentences around it.
    pub said: Vec<String>,
    /// Those of the latter that stand where a body's sentence would: behind the status, on its line.
    pub behind_status: Vec<String>,
    /// What whoever wrote the text advises, about one thing each.
    pub advice: Vec<String>,
    /// Lists of possible causes.
    pub lists: Vec<String>,
}

impl Pasted {
    /// Takes a text apart.
    pub(super) fn read(text: &str) -> Self {
        let text = &text[..text.floor_char_boundary(LONGEST)];
        let without_arrows: Vec<_> = text.lines().map(line::without_arrow).collect();
        let mut found = body::take(&without_arrows.join("\n"));
        if found.rest.contains("\\\"") {
            // A body within a text within JSON: its quotes are escaped once more.
            let inner = body::take(&found.rest.replace("\\\"", "\""));
            found.add(inner);
        }
        let mut pasted = Self { body: found.sentences, status: found.status, ..Self::default() };
        let mut in_list = false;
        for text in found.rest.lines() {
            pasted.add_line(text, &mut in_list);
        }
        pasted
    }

    /// `in_list`: whether the lines before were the head of a list of possible causes, or its entries.
    fn add_line(&mut self, text: &str, in_list: &mut bool) {
        let kind = line::kind(text);
        let listed = *in_list && kind == Kind::Entry;
        *in_list = listed || line::opens_a_list(text) || (*in_list && kind == Kind::Blank);
        if matches!(kind, Kind::Blank | Kind::Code) {
            return;
        }
        let plain = line::without_addresses(text);
        let mentions = status::mentions(&plain);
        if let Some(mention) = mentions.first() {
            // An error outweighs the redirect or the success that came before it.
            let weighs = |status: u16| status >= 400;
            if self.status.is_none_or(|known| !weighs(known) && weighs(mention.status)) {
                self.status = Some(mention.status);
            }
        }
        if kind == Kind::Setting {
            return;
        }
        let (before, behind) = match mentions.last() {
            Some(mention) => (&plain[..mention.span.start], &plain[mention.span.end..]),
            None => (plain.as_str(), ""),
        };
        for sentence in line::sentences(before) {
            self.add_sentence(sentence, listed, false);
        }
        let is_body = line::separates(behind);
        for sentence in line::sentences(behind) {
            self.add_sentence(sentence, listed, is_body);
        }
    }

    fn add_sentence(&mut self, sentence: String, listed: bool, is_body: bool) {
        if listed || line::is_list(&sentence) {
            self.lists.push(sentence);
            return;
        }
        if line::is_advice(&sentence) {
            self.advice.push(sentence);
            return;
        }
        if is_body && !line::says_nothing(&sentence) {
            self.behind_status.push(sentence.clone());
        }
        self.said.push(sentence);
    }

    /// What the PSA itself said, as far as the text shows it.
    pub(super) fn own_words(&self) -> impl Iterator<Item = &str> {
        let said = self.body.iter().filter(|sentence| !line::says_nothing(sentence));
        said.chain(&self.behind_status).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Pasted;

    #[test]
    fn a_body_is_told_from_the_request_that_is_printed_with_it() {
        let pasted = Pasted::read(
            r#"{"request":{"headers":{"clientId":"x"},"timeout":30},"response":{"status":409,"data":{"code":"Some","message":"One thing. Another"}}}"#,
        );
        assert_eq!(pasted.status, Some(409));
        assert_eq!(pasted.body, ["Some", "One thing", "Another"]);
        assert!(pasted.said.is_empty() && pasted.advice.is_empty());
    }

    #[test]
    fn lists_of_possible_causes_are_advice_with_all_their_entries() {
        let pasted = Pasted::read(
            "It failed.\nPossible causes:\n\n- a wrong clientId\n- an expired certificate\n\nThen it stopped",
        );
        assert_eq!(pasted.said, ["It failed", "Then it stopped"]);
        assert_eq!((pasted.advice.len(), pasted.lists.len()), (1, 2), "{pasted:?}");
    }

    #[test]
    fn what_stands_behind_the_status_is_its_body_where_something_separates_them() {
        let behind = |text| Pasted::read(text).behind_status;
        assert_eq!(
            behind("sync: HTTP 400: the field colour is not known"),
            ["the field colour is not known"]
        );
        assert!(behind("sync: HTTP 400 when the colour was set").is_empty());
        assert!(behind("HTTP 503: Service Unavailable. Please try again later.").is_empty());
    }

    #[test]
    fn no_text_is_too_long_or_too_deep() {
        let open = "{\"a\":".repeat(20_000);
        for text in [open.as_str(), &"[".repeat(100_000), &"é".repeat(100_000), &"{\"a\":1}".repeat(20_000)]
        {
            Pasted::read(text);
        }
    }
}
