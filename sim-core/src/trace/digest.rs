//! A fingerprint of a trace, to tell whether two runs gave the same bytes.

use core::fmt;
use std::io;

use super::Trace;

/// The fingerprint of a trace; prints as sixteen hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest(pub u64);

impl Trace {
    /// FNV-1a, 64 bits, over the trace as compact JSON. JSON spells every number out, so the width of a machine word
    /// and the order of its bytes do not show; FNV-1a is a multiplication a byte and needs no crate.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut hash = Fnv1a(FNV_OFFSET);
        // The hash takes every byte and a trace has nothing that JSON cannot say, so this cannot fail.
        let written = serde_json::to_writer(&mut hash, self);
        debug_assert!(written.is_ok());
        Digest(hash.0)
    }
}

/// The constants of draft-eastlake-fnv, section 5, for 64 bits.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

struct Fnv1a(u64);

impl io::Write for Fnv1a {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(FNV_PRIME);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{FNV_OFFSET, Fnv1a};

    /// Two of the published test vectors.
    #[test]
    fn the_hash_is_fnv_1a() {
        let hash = |text: &str| {
            let mut hash = Fnv1a(FNV_OFFSET);
            hash.write_all(text.as_bytes()).unwrap();
            hash.0
        };
        assert_eq!([hash("a"), hash("foobar")], [0xaf63_dc4c_8601_ec8c, 0x8594_4171_f739_67e8]);
    }
}
