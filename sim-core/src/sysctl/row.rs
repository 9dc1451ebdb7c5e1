//! The facts of one sysctl, and how its value is written and read.

use crate::kernel_version::{KernelVersion, Profile};

/// The facts of one sysctl.
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
    /// Only `tcp_tw_recycle` and `tcp_tw_reuse` are recorded (R11).
    pub namespaced_since: KernelVersion,
    /// The control on the page, for the few that have one.
    pub control: Option<Control>,
    /// Its effect, in a sentence.
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

/// The owner of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SysctlScope {
    /// To a network namespace: a container has its own.
    Namespace,
    /// To the whole host, its containers included.
    Host,
}

impl SysctlRow {
    /// The owner of the value on `version`.
    pub fn scope(&self, version: KernelVersion) -> SysctlScope {
        if version >= self.namespaced_since { SysctlScope::Namespace } else { SysctlScope::Host }
    }
}

/// A kind of value: how it is written and how it reads.
pub(super) trait Value: Sized {
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
