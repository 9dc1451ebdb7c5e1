//! Reading a scenario, and saying what is wrong with one: where, what stood there, what may stand there.

use core::fmt;

use serde::Deserialize as _;

use super::Scenario;

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
        let mut json = serde_json::Deserializer::from_str(text);
        let mut track = serde_path_to_error::Track::new();
        let read = Self::deserialize(serde_path_to_error::Deserializer::new(&mut json, &mut track));
        let scenario = read.map_err(|error| ScenarioError::from_serde(&track.path().to_string(), &error))?;
        json.end().map_err(|error| ScenarioError::from_serde("", &error))?;
        scenario.check()?;
        Ok(scenario)
    }

    /// The scenario as JSON that [`Scenario::from_json`] reads back.
    #[must_use]
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
    fn from_serde(path: &str, error: &serde_json::Error) -> Self {
        let path = if path == "." { "" } else { path };
        let text = error.to_string();
        if !error.is_data() {
            return Self::new(path, text, "JSON");
        }
        let text = text.split(" at line ").next().unwrap_or(&text);
        match text.split_once(", expected ") {
            Some((found, allowed)) => Self::new(path, found, allowed),
            None => Self::new(path, text, "every field of this format once"),
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
