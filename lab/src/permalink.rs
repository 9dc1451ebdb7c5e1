//! A scenario of the visitor's own in the address of the page: `own=1.PAYLOAD`.
//!
//! The payload is the way from a scenario of the lab to this one ([`diff`]) with its common words cut [`abbreviations`], in the letters that survive every address
//! and chat (RFC 4648, 5). So a delay that was changed makes a short link. What stands alone at less than twice the
//! length does so, because it outlives a change of the lab's own scenarios; what does not, carries a sum of the one that
//! it starts from, and is refused rather than read as another story.

mod abbreviations;
mod diff;

use crate::text::address as reasons;
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use sim_core::fnv;
use sim_core::scenario::{PRESETS, Preset, Scenario};

/// A longer payload is neither written nor read: from here on browsers and chats cut addresses.
pub const MOST_BYTES: usize = 16 * 1024;

/// The version of this form, with what separates it from the payload.
const VERSION: &str = "1.";

/// How much shorter a link has to be for what it starts from to be worth the bond: half.
const WORTH: usize = 2;

/// Fields and elements that a link may make, copies included; the largest scenario that can be has 15,000.
const MOST_VALUES: usize = 60_000;

/// What a scenario that a link starts from has to have kept: all that its run depends on, and not its words.
const RUN: [&str; 10] =
    ["seed", "duration_s", "wall_clock_ms", "closes_first", "server", "nat", "boxes", "database", "hosts", "actions"];

/// The value of `own` in an address; `None` where it would be too long.
#[must_use]
pub fn written(scenario: &Scenario) -> Option<String> {
    let value = value(scenario)?;
    let alone = Start::Nothing.payload(&value);
    let shortest = PRESETS.iter().map(|preset| Start::Preset(preset).payload(&value)).min_by_key(Vec::len)?;
    let payload = if shortest.len() * WORTH < alone.len() { shortest } else { alone };
    let text = format!("{VERSION}{}", Base64UrlUnpadded::encode_string(&payload));
    // What is not read again as it was is no link.
    (read(&text).as_ref() == Ok(scenario)).then_some(text)
}

/// The scenario that a value of `own` stands for.
///
/// # Errors
/// Why it is none, in a few words.
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
#[must_use]
pub fn value(scenario: &Scenario) -> Option<Value> {
    serde_json::to_value(scenario).ok()
}

/// What a link starts from.
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

    /// As a scenario is written, with every field that has a default.
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

    /// A sum of the patch and of what it is laid on. Of a preset as its file has it: a field that the format learns
    /// later changes nothing.
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
