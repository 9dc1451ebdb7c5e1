//! The sysctls that this model obeys: their full names, defaults, limits, and the kernels that have them.

use core::fmt;

use crate::kernel_version::Profile;

macro_rules! sysctls {
    ($($(#[$doc:meta])* $field:ident: $key:literal,)+) => {
        /// The values of one kernel.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Sysctls {
            $($(#[$doc])* pub $field: u32,)+
            /// The lowest and highest automatic source port (`net.ipv4.ip_local_port_range`).
            pub ip_local_port_range: (u16, u16),
        }

        impl Sysctls {
            /// The full names of all sysctls that are modelled.
            pub const KEYS: &'static [&'static str] = &[$($key,)+ PORT_RANGE];

            fn number_mut(&mut self, key: &str) -> Option<&mut u32> {
                match key { $($key => Some(&mut self.$field),)+ _ => None }
            }
        }
    };
}

const PORT_RANGE: &str = "net.ipv4.ip_local_port_range";

sysctls! {
    /// Whether timestamps of addresses are remembered and SYNs refused by them (R1, R3). Gone since 4.12.
    tcp_tw_recycle: "net.ipv4.tcp_tw_recycle",
    /// Whether `connect()` may take the port of a timewait socket (R7).
    tcp_tw_reuse: "net.ipv4.tcp_tw_reuse",
    /// How long a timewait socket must have rested before that, in ms; 6.14 and later.
    tcp_tw_reuse_delay: "net.ipv4.tcp_tw_reuse_delay",
    /// 0 no timestamps, 1 timestamps, 2 timestamps without a random offset.
    tcp_timestamps: "net.ipv4.tcp_timestamps",
    /// The most timewait sockets.
    tcp_max_tw_buckets: "net.ipv4.tcp_max_tw_buckets",
    /// 1: a RST does not end a timewait socket (RFC 1337).
    tcp_rfc1337: "net.ipv4.tcp_rfc1337",
    /// Seconds for which an orphan stays in FIN_WAIT2. Not the length of TIME_WAIT.
    tcp_fin_timeout: "net.ipv4.tcp_fin_timeout",
    /// 0 never, 1 when the SYN queue is full, 2 always.
    tcp_syncookies: "net.ipv4.tcp_syncookies",
    /// The most requests in the SYN queue where cookies are off.
    tcp_max_syn_backlog: "net.ipv4.tcp_max_syn_backlog",
    /// How often a SYN is sent again (R13).
    tcp_syn_retries: "net.ipv4.tcp_syn_retries",
    /// How many of these come at one second each; 6.5 and later.
    tcp_syn_linear_timeouts: "net.ipv4.tcp_syn_linear_timeouts",
    /// How often a SYN-ACK is sent again.
    tcp_synack_retries: "net.ipv4.tcp_synack_retries",
    /// The least time between two answers to odd segments, in ms; 4.0 and later and Red Hat 7.
    tcp_invalid_ratelimit: "net.ipv4.tcp_invalid_ratelimit",
    /// 1: a full accept queue answers the third ACK with a RST.
    tcp_abort_on_overflow: "net.ipv4.tcp_abort_on_overflow",
    /// The longest accept queue that `listen()` gives.
    somaxconn: "net.core.somaxconn",
}

/// Why a value could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SysctlError {
    /// This kernel has no such key (or this model does not know it).
    NoSuchKey,
    /// The text is not a value of this key.
    InvalidValue,
}

impl fmt::Display for SysctlError {
    /// In the system's words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSuchKey => "No such file or directory",
            Self::InvalidValue => "Invalid argument",
        })
    }
}

impl Sysctls {
    /// The defaults of `profile`, as its documentation `ip-sysctl` has them; recycle, which nobody ships on, is 0.
    #[must_use]
    pub const fn defaults(profile: &Profile) -> Self {
        Self {
            tcp_tw_recycle: 0,
            tcp_tw_reuse: profile.reuse_default,
            tcp_tw_reuse_delay: 1_000,
            tcp_timestamps: profile.timestamps_default,
            tcp_max_tw_buckets: 262_144,
            tcp_rfc1337: 0,
            tcp_fin_timeout: 60,
            tcp_syncookies: 1,
            tcp_max_syn_backlog: 128,
            tcp_syn_retries: profile.syn_retries,
            tcp_syn_linear_timeouts: profile.syn_linear_timeouts,
            tcp_synack_retries: 5,
            tcp_invalid_ratelimit: 500,
            tcp_abort_on_overflow: 0,
            somaxconn: profile.somaxconn,
            ip_local_port_range: profile.local_port_range,
        }
    }

    /// Writes `value` to `key`, as `sysctl -w` does.
    ///
    /// # Errors
    /// When `profile` has no such key, or does not allow the value.
    pub fn write(&mut self, profile: &Profile, key: &str, value: &str) -> Result<(), SysctlError> {
        if !exists(profile, key) {
            return Err(SysctlError::NoSuchKey);
        }
        if key == PORT_RANGE {
            self.ip_local_port_range = port_range(value).ok_or(SysctlError::InvalidValue)?;
            return Ok(());
        }
        let slot = self.number_mut(key).ok_or(SysctlError::NoSuchKey)?;
        let number: u32 = value.trim().parse().map_err(|_| SysctlError::InvalidValue)?;
        if number > maximum(profile, key) || number < minimum(key) {
            return Err(SysctlError::InvalidValue);
        }
        *slot = number;
        Ok(())
    }

    /// The value of `key` as `sysctl -n` prints it; `None` where `profile` has no such key.
    #[must_use]
    pub fn read(&self, profile: &Profile, key: &str) -> Option<String> {
        if !exists(profile, key) {
            return None;
        }
        if key == PORT_RANGE {
            let (low, high) = self.ip_local_port_range;
            return Some(format!("{low}\t{high}"));
        }
        self.clone().number_mut(key).map(|number| number.to_string())
    }
}

/// Whether a kernel of this profile has `key`.
#[must_use]
pub fn exists(profile: &Profile, key: &str) -> bool {
    match key {
        "net.ipv4.tcp_tw_recycle" => profile.has_recycle,
        "net.ipv4.tcp_tw_reuse_delay" => profile.sorts_old_timestamps,
        "net.ipv4.tcp_syn_linear_timeouts" => profile.has_syn_linear_timeouts,
        "net.ipv4.tcp_invalid_ratelimit" => profile.limits_odd_acks,
        _ => Sysctls::KEYS.contains(&key),
    }
}

/// The highest number that `profile` accepts for `key` (`ipv4_table` and `ipv4_net_table` in `net/ipv4/sysctl_net_ipv4.c`).
fn maximum(profile: &Profile, key: &str) -> u32 {
    match key {
        "net.ipv4.tcp_tw_reuse" if profile.reuse_2_is_loopback => 2,
        "net.ipv4.tcp_tw_reuse_delay" => 60_000,
        "net.ipv4.tcp_syn_retries" | "net.ipv4.tcp_syn_linear_timeouts" => 127,
        "net.ipv4.tcp_timestamps" | "net.ipv4.tcp_synack_retries" | "net.ipv4.tcp_syncookies" => 255,
        _ => i32::MAX.unsigned_abs(),
    }
}

/// The lowest number for `key`: a delay of nothing is not allowed.
fn minimum(key: &str) -> u32 {
    u32::from(key == "net.ipv4.tcp_tw_reuse_delay")
}

fn port_range(value: &str) -> Option<(u16, u16)> {
    let mut numbers = value.split_whitespace().map(str::parse::<u16>);
    let range = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    (numbers.next().is_none() && range.0 > 0 && range.0 <= range.1).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::{SysctlError, Sysctls};
    use crate::kernel_version::KernelVersion;

    fn write(version: KernelVersion, key: &str, value: &str) -> Result<(), SysctlError> {
        let profile = version.profile();
        Sysctls::defaults(profile).write(profile, key, value)
    }

    #[test]
    fn a_key_that_a_kernel_lacks_is_refused_as_the_system_refuses_it() {
        assert_eq!(write(KernelVersion::V4_11, "net.ipv4.tcp_tw_recycle", "1"), Ok(()));
        let error = write(KernelVersion::V4_12, "net.ipv4.tcp_tw_recycle", "0").unwrap_err();
        assert_eq!(error.to_string(), "No such file or directory");
    }

    #[test]
    fn values_that_cannot_be_are_refused() {
        assert_eq!(write(KernelVersion::V6_18, "net.ipv4.tcp_tw_reuse", "3"), Err(SysctlError::InvalidValue));
        assert_eq!(write(KernelVersion::V4_9, "net.ipv4.tcp_tw_reuse", "3"), Ok(()));
        assert_eq!(
            write(KernelVersion::V4_9, "net.ipv4.ip_local_port_range", "61000 50000"),
            Err(SysctlError::InvalidValue)
        );
        assert_eq!(write(KernelVersion::V4_9, "net.ipv4.ip_local_port_range", "50010 50010"), Ok(()));
    }
}
