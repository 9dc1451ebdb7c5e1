//! FNV-1a, a checksum that is the same on every machine (draft-eastlake-fnv). It finds accidents, not forgeries.

use std::io;

/// The sum of 64 bits, fed by [`io::Write`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fnv64(u64);

impl Fnv64 {
    /// The sum so far.
    pub const fn sum(self) -> u64 {
        self.0
    }
}

impl Default for Fnv64 {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl io::Write for Fnv64 {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The sum of 32 bits of `bytes`.
pub fn sum_32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{Fnv64, sum_32};

    /// The test vectors of the draft, appendix C.
    #[test]
    fn the_sums_are_those_of_the_draft() {
        let sum_64 = |text: &str| {
            let mut sum = Fnv64::default();
            sum.write_all(text.as_bytes()).unwrap();
            sum.sum()
        };
        assert_eq!(
            ["", "a", "foobar"].map(sum_64),
            [0xcbf2_9ce4_8422_2325, 0xaf63_dc4c_8601_ec8c, 0x8594_4171_f739_67e8]
        );
        assert_eq!(["", "a", "foobar"].map(|text| sum_32(text.as_bytes())), [0x811c_9dc5, 0xe40c_292c, 0xbf9c_f968]);
    }
}
