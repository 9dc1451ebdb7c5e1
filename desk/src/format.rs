//! Numbers as the report and the page write them.

use sim_core::words::grouped;

/// A number with its noun: `1 clock`, `2 clocks`.
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number as u64), if number == 1 { one } else { many })
}

/// Microseconds as seconds with three decimals, such as `1,204.500`.
pub fn seconds(us: u64) -> String {
    format!("{}.{:03}", grouped(us / 1_000_000), us / 1_000 % 1_000)
}

/// A file size in bytes, kB or MB (powers of ten), such as `30.6 MB`. File sizes of the browser are `f64`.
pub fn size(bytes: f64) -> String {
    if bytes < 10_000.0 {
        return format!("{} bytes", grouped(bytes as u64));
    }
    let (unit, name) = if bytes < 1e6 { (1e3, "kB") } else { (1e6, "MB") };
    format!("{:.1} {name}", bytes / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_unit() {
        assert_eq!([0.0, 9_999.0, 10_000.0, 30.6e6].map(size), ["0 bytes", "9,999 bytes", "10.0 kB", "30.6 MB"]);
    }

    #[test]
    fn nouns_follow_their_number() {
        assert_eq!(counted(1, "clock", "clocks"), "1 clock");
        assert_eq!(counted(1_204, "clock", "clocks"), "1,204 clocks");
        assert_eq!(seconds(61_004_900), "61.004");
    }
}
