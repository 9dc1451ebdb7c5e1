//! A scenario of the visitor in the address of the page: `own=1.PAYLOAD`.
//!
//! The payload is the difference from a preset to this scenario ([`diff`]), with frequent words abbreviated
//! ([`abbreviations`]), in base64url (RFC 4648, 5), which survives every address bar and chat. So a scenario with one
//! changed delay has a short link. A scenario that needs less than twice the length without a preset is stored without
//! one, because such a link stays valid when the presets change. The other links carry a checksum of their preset, and
//! are rejected if the preset has changed.

mod abbreviations;
mod diff;

use crate::text::address as reasons;
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use sim_core::fnv;
use sim_core::scenario::{PRESETS, Preset, Scenario};

/// The longest payload that is written or read. Browsers and chats truncate longer addresses.
pub const MOST_BYTES: usize = 16 * 1024;

/// The version of the format and its separator.
const VERSION: &str = "1.";

/// A link that depends on a preset must be shorter than the other by this factor.
const WORTH: usize = 2;

/// The most JSON values that a link may produce, copies included. The largest valid scenario has 15,000.
const MOST_VALUES: usize = 60_000;

/// The parts of a preset that are covered by the checksum: all that its run depends on, but not its texts.
const RUN: [&str; 10] =
    ["seed", "duration_s", "wall_clock_ms", "closes_first", "server", "nat", "boxes", "database", "hosts", "actions"];

/// The value of the parameter `own`; `None` if it would be too long.
pub fn written(scenario: &Scenario) -> Option<String> {
    let value = value(scenario)?;
    let alone = Start::Nothing.payload(&value);
    let shortest = PRESETS.iter().map(|preset| Start::Preset(preset).payload(&value)).min_by_key(Vec::len)?;
    let payload = if shortest.len() * WORTH < alone.len() { shortest } else { alone };
    let text = format!("{VERSION}{}", Base64UrlUnpadded::encode_string(&payload));
    // A scenario that does not survive the round trip gets no link.
    (read(&text).as_ref() == Ok(scenario)).then_some(text)
}

/// The scenario of the parameter `own`.
///
/// # Errors
/// The reason why the link cannot be read, as a phrase.
pub fn read(text: &str) -> Result<Scenario, String> {
    if text.len() > MOST_BYTES {
        return Err(reasons::too_long(text.len(), MOST_BYTES));
    }
    let payload = text.strip_prefix(VERSION).ok_or(reasons::OTHER_VERSION)?;
    let bytes = Base64UrlUnpadded::decode_vec(payload).map_err(|_| reasons::INCOMPLETE_OR_DAMAGED)?;
    let (sum, body) = bytes.split_at_checked(size_of::<u32>()).ok_or(reasons::INCOMPLETE)?;
    let body = str::from_utf8(body).map_err(|_| reasons::DAMAGED)?;
    let (name, patch) = body.split_at(body.find('{').ok_or(reasons::INCOMPLETE_OR_DAMAGED)?);
    let start = Start::named(name).ok_or(reasons::UNKNOWN_BASE)?;
    let patch = abbreviations::unpacked(patch);
    if sum != start.sum(&patch) {
        return Err(start.mismatch());
    }
    let patch: Value = serde_json::from_str(&patch).map_err(|_| reasons::DAMAGED)?;
    let mut left = MOST_VALUES;
    let value = diff::applied(start.value(), &patch, &mut left).ok_or(reasons::TOO_LARGE)?;
    Scenario::from_json(&value.to_string()).map_err(|error| error.to_string())
}

/// A scenario as JSON.
pub fn value(scenario: &Scenario) -> Option<Value> {
    serde_json::to_value(scenario).ok()
}

/// The scenario that a link is a difference from.
#[derive(Clone, Copy)]
enum Start {
    Nothing,
    Preset(&'static Preset),
}

impl Start {
    fn named(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::Nothing);
        }
        PRESETS.iter().find(|preset| preset.name == name).map(Self::Preset)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Preset(preset) => preset.name,
        }
    }

    /// The scenario as JSON, including all fields with a default value.
    fn value(self) -> Option<Value> {
        match self {
            Self::Nothing => None,
            Self::Preset(preset) => value(&Scenario::from_json(preset.json).ok()?),
        }
    }

    fn payload(self, value: &Value) -> Vec<u8> {
        let patch = diff::between(self.value().as_ref(), value).to_string();
        [&self.sum(&patch), self.name().as_bytes(), abbreviations::packed(&patch).as_bytes()].concat()
    }

    /// The checksum of the patch and of the preset. The preset is taken as its file has it, so that a new field of the
    /// format does not change the checksum.
    fn sum(self, patch: &str) -> [u8; 4] {
        let mut sum = fnv::sum_32(patch.as_bytes());
        if let Self::Preset(preset) = self
            && let Ok(file) = serde_json::from_str::<Value>(preset.json)
        {
            let parts = RUN.iter().filter_map(|part| file.get(part)).map(Value::to_string);
            sum ^= fnv::sum_32(parts.collect::<String>().as_bytes()).rotate_left(16);
        }
        sum.to_be_bytes()
    }

    fn mismatch(self) -> String {
        match self {
            Self::Nothing => reasons::INCOMPLETE_OR_DAMAGED.to_owned(),
            Self::Preset(preset) => reasons::damaged_or_older(preset.name),
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
