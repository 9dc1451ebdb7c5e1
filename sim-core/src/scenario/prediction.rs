//! A question to answer before a run. A visitor who has committed to an answer watches the run more closely.

use serde::{Deserialize, Serialize};

/// A question to answer before the run. It has two to four answers, and exactly one is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Prediction {
    /// The question, about what the run will show.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 240)))]
    pub question: String,
    /// The answers, in the order in which they are shown.
    #[cfg_attr(
        feature = "schema",
        schemars(
            length(min = 2, max = 4),
            extend("contains" = { "properties": { "right": { "const": true } }, "required": ["right"] }, "maxContains" = 1)
        )
    )]
    pub answers: Vec<Answer>,
}

/// An answer to a prediction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The text of the answer.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 240)))]
    pub text: String,
    /// Whether it is the right one. The default is `false`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub right: bool,
    /// Why it is right or wrong, by the rule or the numbers.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 240)))]
    pub because: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}
