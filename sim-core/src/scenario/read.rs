//! Reading a scenario. An error says where it is, what was found and what is allowed.

use core::fmt;

use super::Scenario;

mod path;

/// Why a text is no scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// The path of the field, such as `hosts[2].clock.hz`; empty for the whole.
    pub path: String,
    /// What stood there.
    pub found: String,
    /// What is allowed there.
    pub allowed: String,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// When the text is not JSON, a field is unknown or missing, or a value cannot be.
    pub fn from_json(text: &str) -> Result<Self, ScenarioError> {
        let scenario: Self = serde_json::from_str(text).map_err(|error| ScenarioError::from_serde(text, &error))?;
        scenario.check()?;
        Ok(scenario)
    }

    /// The scenario as JSON that [`Scenario::from_json`] reads back.
    pub fn to_json(&self) -> String {
        // Maps have text keys and nothing here fails to serialize, so the fallback never shows.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl ScenarioError {
    pub(super) fn new(path: impl Into<String>, found: impl ToString, allowed: impl Into<String>) -> Self {
        Self { path: path.into(), found: found.to_string(), allowed: allowed.into() }
    }

    /// Takes serde's sentence apart: what stood there comes before `, expected`, what is allowed after it.
    fn from_serde(text: &str, error: &serde_json::Error) -> Self {
        let sentence = error.to_string();
        let read = path::before(text, error.line(), error.column());
        // An unknown field is named by its own key, everything else by the key of the value.
        let path = path::path(read, !sentence.starts_with("unknown field"));
        if !error.is_data() {
            return Self::new(path, sentence, "JSON");
        }
        let sentence = sentence.split(" at line ").next().unwrap_or(&sentence);
        match sentence.split_once(", expected ") {
            Some((found, allowed)) => Self::new(path, found, allowed),
            None => Self::new(path, sentence, "every field of this format once"),
        }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the scenario" } else { &self.path };
        write!(f, "{path}: {}; allowed: {}", self.found, self.allowed)
    }
}

impl std::error::Error for ScenarioError {}
