//! Reading a trace from JSON. A trace of an unknown version is refused.

use core::fmt;

use serde::Deserialize;

use super::Trace;

/// Why a text is no trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceError {
    /// It has a version that this code does not read.
    Version {
        /// The version that stands in it.
        found: u32,
    },
    /// It is no trace of the version that it claims.
    Malformed {
        /// The message of the JSON reader.
        what: String,
    },
}

/// The field that every version has, whatever else changes.
#[derive(Deserialize)]
struct Versioned {
    schema: u32,
}

impl Trace {
    /// Reads a trace of any version that there has been. Each change of the schema adds a line here that turns the form
    /// before into the form of today; so far there has been one form only.
    ///
    /// # Errors
    /// When the text is no trace, or a trace of a later version.
    pub fn from_json(text: &str) -> Result<Self, TraceError> {
        let malformed = |error: serde_json::Error| TraceError::Malformed { what: error.to_string() };
        let Versioned { schema } = serde_json::from_str(text).map_err(malformed)?;
        match schema {
            Self::SCHEMA => serde_json::from_str(text).map_err(malformed),
            found => Err(TraceError::Version { found }),
        }
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { found } => {
                write!(f, "a trace of schema {found}; this version reads schema {}", Trace::SCHEMA)
            }
            Self::Malformed { what } => write!(f, "no trace: {what}"),
        }
    }
}

impl std::error::Error for TraceError {}
