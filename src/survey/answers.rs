//! What an earlier survey said, read from its file: an answer for each assumption that it has.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::json::FORMAT;
use crate::rules::Assumption;

/// What a survey said of a PSA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Survey {
    answers: BTreeMap<Assumption, Answer>,
}

/// What a survey said of an assumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Answer {
    /// It holds on this PSA.
    Held,
    /// It does not.
    DidNotHold,
    /// It could not be looked at.
    NotSeen,
}

/// Why a file is no survey.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    /// Not JSON, or not of this form.
    #[error("it is not a survey in JSON ({0}); `leastwise survey --format json -o FILE` writes one")]
    Form(#[from] serde_json::Error),
    /// Another format.
    #[error("it is no survey: its format is not {FORMAT}")]
    Format,
    /// An assumption that is there twice with two results.
    #[error("it contradicts itself on {0}")]
    Contradictory(Assumption),
}

#[derive(Deserialize)]
struct SurveyV1 {
    format: String,
    assumptions: Vec<AssumptionV1>,
}

#[derive(Deserialize)]
struct AssumptionV1 {
    id: String,
    result: Answer,
}

impl Survey {
    /// Reads a survey. Assumptions that this version does not know are passed over: another version asked.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, Unusable> {
        let file: SurveyV1 = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
        if file.format != FORMAT {
            return Err(Unusable::Format);
        }
        let mut answers = BTreeMap::new();
        for own in file.assumptions {
            let Some(id) = Assumption::from_id(&own.id) else { continue };
            if answers.insert(id, own.result).is_some_and(|other| other != own.result) {
                return Err(Unusable::Contradictory(id));
            }
        }
        Ok(Self { answers })
    }

    /// What it says of an assumption; one that it does not have was not seen.
    #[must_use]
    pub(crate) fn answer(&self, assumption: Assumption) -> Answer {
        self.answers.get(&assumption).copied().unwrap_or(Answer::NotSeen)
    }

    /// The assumptions that do not hold.
    pub(crate) fn failed(&self) -> impl Iterator<Item = Assumption> + '_ {
        Assumption::ALL.iter().copied().filter(|own| self.answer(*own) == Answer::DidNotHold)
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Survey};
    use crate::rules::Assumption;

    fn survey(assumptions: &str) -> String {
        format!(r#"{{"format":"leastwise-survey/1","assumptions":[{assumptions}],"new":1}}"#)
    }

    #[test]
    fn each_assumption_has_an_answer() {
        let text = survey(
            r#"{"id":"levels-are-three","result":"did-not-hold"},{"id":"nested-fields","result":"held","more":1},{"id":"of-tomorrow","result":"held"}"#,
        );
        let read = Survey::parse(&text).unwrap();
        assert_eq!(read.answer(Assumption::LevelsAreThree), Answer::DidNotHold);
        assert_eq!(read.answer(Assumption::NestedFields), Answer::Held);
        assert_eq!(read.answer(Assumption::LicenceFilter), Answer::NotSeen);
        assert_eq!(read.failed().collect::<Vec<_>>(), [Assumption::LevelsAreThree]);
    }

    #[test]
    fn what_is_no_survey_is_refused() {
        let twice =
            survey(r#"{"id":"nested-fields","result":"held"},{"id":"nested-fields","result":"not-seen"}"#);
        for (text, said) in [
            ("# How this PSA answers", "not a survey in JSON"),
            (r#"{"format":"leastwise-report/1","assumptions":[]}"#, "its format is not"),
            (&survey(r#"{"id":"nested-fields","result":"perhaps"}"#), "perhaps"),
            (&twice, "contradicts itself on nested-fields"),
        ] {
            let error = Survey::parse(text).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
