//! How certain a verdict is.

use serde::Serialize;

/// How certain a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The evidence has other explanations too.
    Possible,
    /// No other explanation fits as well.
    Likely,
    /// There is no other explanation.
    Certain,
}

impl Confidence {
    /// The name in reports, JSON and links.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }

    /// One step less certain, down to possible.
    pub(super) const fn weaker(self) -> Self {
        match self {
            Self::Certain => Self::Likely,
            Self::Likely | Self::Possible => Self::Possible,
        }
    }
}
