//! A fingerprint of a trace, to compare the bytes of two runs.

use core::fmt;

use super::Trace;
use crate::fnv::Fnv64;

/// The fingerprint of a trace; prints as sixteen hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest(pub u64);

impl Trace {
    /// FNV-1a, 64 bits, over the trace as compact JSON. JSON spells every number out, so the width of a machine word
    /// and the order of its bytes do not show.
    pub fn digest(&self) -> Digest {
        let mut hash = Fnv64::default();
        // The hash takes every byte and a trace has nothing that JSON cannot say, so this cannot fail.
        let written = serde_json::to_writer(&mut hash, self);
        debug_assert!(written.is_ok());
        Digest(hash.sum())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}
