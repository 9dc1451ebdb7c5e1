//! The sysctls that this model obeys, one row each in `sysctls!`: name, default, bounds, kernels, scope, control.
//!
//! A new sysctl is one row here. The row gives the field of [`Sysctls`], the reader, the defaults, the schema of
//! scenarios, `sysctl -a` and the page's controls.

use core::fmt;

use crate::kernel_version::{KernelVersion, Profile, ReuseAge};

/// What is known of one sysctl.
#[derive(Clone, Copy, Debug)]
pub struct SysctlRow {
    /// The full name, such as `net.ipv4.tcp_tw_recycle`.
    pub key: &'static str,
    /// The value after boot on a kernel, as `sysctl -n` prints it.
    pub default: fn(&Profile) -> String,
    /// The lowest number that may be written; for a range, of either end.
    pub minimum: u32,
    /// The highest number that a kernel accepts (`ipv4_table`, `ipv4_net_table` and `net_core_table` of the sources).
    pub maximum: fn(&Profile) -> u32,
    /// Whether a kernel has this sysctl.
    pub exists: fn(&Profile) -> bool,
    /// The oldest profile on which the value belongs to the network namespace; on older ones it belongs to the host.
    pub namespaced_since: KernelVersion,
    /// The control on the page, for the few that have one.
    pub control: Option<Control>,
    /// What it does, in a sentence.
    pub about: &'static str,
}

/// How the page lets a visitor set a sysctl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// The short name in addresses and ids of the page, such as `recycle`.
    pub id: &'static str,
    /// The label beside the control.
    pub label: &'static str,
    /// The form of the control.
    pub form: ControlForm,
}

/// The form of a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlForm {
    /// On or off: 1 or 0.
    Switch,
    /// One of the numbers from 0 to this.
    Choice(u8),
}

/// To whom a value belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SysctlScope {
    /// To a network namespace: a container has its own.
    Namespace,
    /// To the whole host, its containers included.
    Host,
}

impl SysctlRow {
    /// To whom the value belongs on `version`.
    #[must_use]
    pub fn scope(&self, version: KernelVersion) -> SysctlScope {
        if version >= self.namespaced_since { SysctlScope::Namespace } else { SysctlScope::Host }
    }
}

/// A kind of value: how it is written and how it reads.
trait Value: Sized {
    /// Reads what is written, with both bounds included.
    fn parse(text: &str, bounds: (u32, u32)) -> Option<Self>;
    /// Prints it as `sysctl -n` does.
    fn print(&self) -> String;
}

impl Value for u32 {
    fn parse(text: &str, (minimum, maximum): (u32, u32)) -> Option<Self> {
        text.trim().parse().ok().filter(|number| (minimum..=maximum).contains(number))
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Value for (u16, u16) {
    fn parse(text: &str, (minimum, maximum): (u32, u32)) -> Option<Self> {
        let mut numbers = text.split_whitespace().map(str::parse::<u16>);
        let (low, high) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        let fits = minimum <= low.into() && low <= high && u32::from(high) <= maximum;
        (numbers.next().is_none() && fits).then_some((low, high))
    }

    fn print(&self) -> String {
        format!("{}\t{}", self.0, self.1)
    }
}

macro_rules! sysctls {
    ($($field:ident: $kind:ty {
        key: $key:literal,
        about: $about:literal,
        default: $default:expr,
        bounds: $minimum:literal..=$maximum:expr,
        exists: $exists:expr,
        namespaced_since: $since:ident,
        control: $control:expr,
    })+) => {
        /// The values of one kernel.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Sysctls {
            $(#[doc = $about] pub $field: $kind,)+
        }

        impl Sysctls {
            /// The full names of all sysctls that are modelled.
            pub const KEYS: &'static [&'static str] = &[$($key,)+];

            /// What is known of each sysctl, in the order of [`Sysctls::KEYS`].
            pub const ROWS: &'static [SysctlRow] = &[$(SysctlRow {
                key: $key,
                default: |profile| {
                    let default: fn(&Profile) -> $kind = $default;
                    default(profile).print()
                },
                minimum: $minimum,
                maximum: $maximum,
                exists: $exists,
                namespaced_since: KernelVersion::$since,
                control: $control,
                about: $about,
            },)+];

            /// The values that a kernel of this profile has after boot, as its documentation `ip-sysctl` has them.
            #[must_use]
            pub fn defaults(profile: &Profile) -> Self {
                Self { $($field: {
                    let default: fn(&Profile) -> $kind = $default;
                    default(profile)
                },)+ }
            }

            fn set(&mut self, key: &str, text: &str, bounds: (u32, u32)) -> Option<()> {
                match key {
                    $($key => self.$field = Value::parse(text, bounds)?,)+
                    _ => return None,
                }
                Some(())
            }

            fn print(&self, key: &str) -> Option<String> {
                match key { $($key => Some(self.$field.print()),)+ _ => None }
            }
        }
    };
}

/// A sysctl that every modelled kernel has.
const EVERYWHERE: fn(&Profile) -> bool = |_| true;
/// The bound of a value that the kernel keeps in an `int` and does not check.
const INT: fn(&Profile) -> u32 = |_| i32::MAX.unsigned_abs();
/// The bound of a value that the kernel keeps in a byte, and the habit of the model for older kernels too.
const BYTE: fn(&Profile) -> u32 = |_| 255;

const fn control(id: &'static str, label: &'static str, form: ControlForm) -> Option<Control> {
    Some(Control { id, label, form })
}

sysctls! {
    tcp_tw_recycle: u32 {
        key: "net.ipv4.tcp_tw_recycle",
        about: "1: the timestamp of each remote address is remembered, and SYNs with an older one are refused (R1, R3).",
        default: |_| 0,
        bounds: 0..=INT,
        exists: |profile| profile.has_recycle,
        namespaced_since: V4_11,
        control: control("recycle", "net.ipv4.tcp_tw_recycle", ControlForm::Switch),
    }
    tcp_tw_reuse: u32 {
        key: "net.ipv4.tcp_tw_reuse",
        about: "1: `connect()` may take the port of a timewait socket (R7). 2: for loopback only, from 4.19 on.",
        default: |profile| profile.reuse_default,
        bounds: 0..=|profile| if profile.reuse_2_is_loopback { 2 } else { INT(profile) },
        exists: EVERYWHERE,
        namespaced_since: V4_11,
        control: control("reuse", "net.ipv4.tcp_tw_reuse", ControlForm::Choice(2)),
    }
    tcp_tw_reuse_delay: u32 {
        key: "net.ipv4.tcp_tw_reuse_delay",
        about: "How long a socket has to be in TIME_WAIT before `connect()` may take its port, in ms; from 6.14 on.",
        default: |_| 1_000,
        bounds: 1..=|_| 60_000,
        exists: |profile| profile.reuse_age == ReuseAge::SinceEntering,
        namespaced_since: V3_10,
        control: None,
    }
    tcp_timestamps: u32 {
        key: "net.ipv4.tcp_timestamps",
        about: "0: no timestamps. 1: timestamps. 2: timestamps without a random offset.",
        default: |profile| profile.timestamps_default,
        bounds: 0..=BYTE,
        exists: EVERYWHERE,
        namespaced_since: V4_14,
        control: control("timestamps", "net.ipv4.tcp_timestamps", ControlForm::Switch),
    }
    tcp_max_tw_buckets: u32 {
        key: "net.ipv4.tcp_max_tw_buckets",
        about: "The most timewait sockets that the kernel keeps.",
        default: |_| 262_144,
        bounds: 0..=INT,
        exists: EVERYWHERE,
        namespaced_since: V4_11,
        control: None,
    }
    tcp_rfc1337: u32 {
        key: "net.ipv4.tcp_rfc1337",
        about: "1: a RST does not end a timewait socket (RFC 1337).",
        default: |_| 0,
        bounds: 0..=INT,
        exists: EVERYWHERE,
        namespaced_since: V4_19,
        control: None,
    }
    tcp_fin_timeout: u32 {
        key: "net.ipv4.tcp_fin_timeout",
        about: "The seconds for which an orphan stays in FIN_WAIT2. It is not the length of TIME_WAIT.",
        default: |_| 60,
        bounds: 0..=INT,
        exists: EVERYWHERE,
        namespaced_since: V4_9,
        control: None,
    }
    tcp_syncookies: u32 {
        key: "net.ipv4.tcp_syncookies",
        about: "0: no SYN cookies. 1: cookies when the SYN queue is full. 2: cookies always.",
        default: |_| 1,
        bounds: 0..=BYTE,
        exists: EVERYWHERE,
        namespaced_since: V4_9,
        control: None,
    }
    tcp_max_syn_backlog: u32 {
        key: "net.ipv4.tcp_max_syn_backlog",
        about: "The most requests in the SYN queue where cookies are off.",
        default: |_| 128,
        bounds: 0..=INT,
        exists: EVERYWHERE,
        namespaced_since: V4_11,
        control: None,
    }
    tcp_syn_retries: u32 {
        key: "net.ipv4.tcp_syn_retries",
        about: "How often a SYN is sent again (R13).",
        default: |profile| profile.syn_retries,
        bounds: 0..=|_| 127,
        exists: EVERYWHERE,
        namespaced_since: V4_9,
        control: None,
    }
    tcp_syn_linear_timeouts: u32 {
        key: "net.ipv4.tcp_syn_linear_timeouts",
        about: "How many of these retries come at one second each; from 6.5 on.",
        default: |profile| profile.syn_linear_timeouts,
        bounds: 0..=|_| 127,
        exists: |profile| profile.has_syn_linear_timeouts,
        namespaced_since: V3_10,
        control: None,
    }
    tcp_synack_retries: u32 {
        key: "net.ipv4.tcp_synack_retries",
        about: "How often a SYN-ACK is sent again.",
        default: |_| 5,
        bounds: 0..=BYTE,
        exists: EVERYWHERE,
        namespaced_since: V4_9,
        control: None,
    }
    tcp_invalid_ratelimit: u32 {
        key: "net.ipv4.tcp_invalid_ratelimit",
        about: "The least time between two answers to invalid segments, in ms; Red Hat 7, and from 4.0 on.",
        default: |_| 500,
        bounds: 0..=INT,
        exists: |profile| profile.limits_odd_acks,
        namespaced_since: V4_19,
        control: None,
    }
    tcp_abort_on_overflow: u32 {
        key: "net.ipv4.tcp_abort_on_overflow",
        about: "1: a full accept queue answers the third ACK with a RST.",
        default: |_| 0,
        bounds: 0..=INT,
        exists: EVERYWHERE,
        namespaced_since: V4_19,
        control: None,
    }
    somaxconn: u32 {
        key: "net.core.somaxconn",
        about: "The longest accept queue that `listen()` gives.",
        default: |profile| profile.somaxconn,
        bounds: 0..=INT,
        exists: EVERYWHERE,
        namespaced_since: V3_10,
        control: None,
    }
    ip_local_port_range: (u16, u16) {
        key: "net.ipv4.ip_local_port_range",
        about: "The lowest and the highest automatic source port (R8).",
        default: |profile| profile.local_port_range,
        bounds: 1..=|_| 65_535,
        exists: EVERYWHERE,
        namespaced_since: V4_4,
        control: None,
    }
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
    /// Writes `value` to `key`, as `sysctl -w` does.
    ///
    /// # Errors
    /// When `profile` has no such key, or does not allow the value.
    pub fn write(&mut self, profile: &Profile, key: &str, value: &str) -> Result<(), SysctlError> {
        let row = row(profile, key).ok_or(SysctlError::NoSuchKey)?;
        self.set(key, value, (row.minimum, (row.maximum)(profile))).ok_or(SysctlError::InvalidValue)
    }

    /// The value of `key` as `sysctl -n` prints it; `None` where `profile` has no such key.
    #[must_use]
    pub fn read(&self, profile: &Profile, key: &str) -> Option<String> {
        row(profile, key).and_then(|row| self.print(row.key))
    }

    /// Every sysctl that a kernel of this profile has, with its value, as `sysctl -a` prints them.
    pub fn all(&self, profile: &Profile) -> impl Iterator<Item = (&'static str, String)> {
        let existing = Self::ROWS.iter().filter(|row| (row.exists)(profile));
        existing.filter_map(|row| Some((row.key, self.print(row.key)?)))
    }
}

/// The row of `key`, where a kernel of this profile has it.
#[must_use]
pub fn row(profile: &Profile, key: &str) -> Option<&'static SysctlRow> {
    Sysctls::ROWS.iter().find(|row| row.key == key && (row.exists)(profile))
}

/// Whether a kernel of this profile has `key`.
#[must_use]
pub fn exists(profile: &Profile, key: &str) -> bool {
    row(profile, key).is_some()
}

#[cfg(test)]
mod tests {
    use super::{SysctlError, SysctlScope, Sysctls, row};
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
        assert_eq!(write(KernelVersion::V6_18, "net.ipv4.tcp_tw_reuse_delay", "0"), Err(SysctlError::InvalidValue));
        let range = "net.ipv4.ip_local_port_range";
        for wrong in ["61000 50000", "0 50000", "50000", "1 2 3", "50000 65536"] {
            assert_eq!(write(KernelVersion::V4_9, range, wrong), Err(SysctlError::InvalidValue), "{wrong}");
        }
        assert_eq!(write(KernelVersion::V4_9, range, "50010 50010"), Ok(()));
    }

    #[test]
    fn every_sysctl_of_a_kernel_takes_its_own_default() {
        for version in KernelVersion::ALL {
            let profile = version.profile();
            let mut sysctls = Sysctls::defaults(profile);
            let all: Vec<_> = sysctls.all(profile).collect();
            for (key, value) in all {
                assert_eq!(sysctls.write(profile, key, &value), Ok(()), "{version}: {key} = {value}");
                assert_eq!((row(profile, key).unwrap().default)(profile), value, "{version}: {key}");
            }
            assert_eq!(sysctls, Sysctls::defaults(profile), "{version}");
        }
    }

    /// R11 stands in the profile and in two rows.
    #[test]
    fn recycle_and_reuse_belong_to_a_namespace_where_the_profile_says_so() {
        for version in KernelVersion::ALL {
            let profile = version.profile();
            let keys = ["net.ipv4.tcp_tw_recycle", "net.ipv4.tcp_tw_reuse"];
            for row in keys.into_iter().filter_map(|key| row(profile, key)) {
                assert_eq!(
                    row.scope(version) == SysctlScope::Namespace,
                    profile.per_namespace,
                    "{version}: {}",
                    row.key
                );
            }
        }
    }
}
