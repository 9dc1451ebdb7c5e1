//! Every modelled sysctl, one row each: name, sentence, default, bounds, kernels, scope, control.
//!
//! A new sysctl is one row here. The row gives its field of [`Sysctls`], reading and writing, the defaults, the schema
//! of scenarios, `sysctl -a` and the page's control.

use super::row::{Control, ControlForm, SysctlRow, Value};
use crate::kernel_version::{KernelVersion, Profile, ReuseAge};

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

            /// The facts of each sysctl, in the order of [`Sysctls::KEYS`].
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
            pub fn defaults(profile: &Profile) -> Self {
                Self { $($field: {
                    let default: fn(&Profile) -> $kind = $default;
                    default(profile)
                },)+ }
            }

            pub(super) fn set(&mut self, key: &str, text: &str, bounds: (u32, u32)) -> Option<()> {
                match key {
                    $($key => self.$field = Value::parse(text, bounds)?,)+
                    _ => return None,
                }
                Some(())
            }

            pub(super) fn print(&self, key: &str) -> Option<String> {
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
