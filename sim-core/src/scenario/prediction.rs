//! A question that is asked before a run: whoever commits to an answer looks at what happens with other eyes.

use serde::{Deserialize, Serialize};

/// A question with two to four answers, one of them right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prediction {
    /// The question, about what the run will show.
    pub question: String,
    /// The answers, in the order in which they are offered.
    pub answers: Vec<Answer>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What it says.
    pub text: String,
    /// Whether it is the right one.
    #[serde(default, skip_serializing_if = "is_false")]
    pub right: bool,
    /// Why it is right or wrong, with the rule or the numbers, in a sentence.
    pub because: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}
