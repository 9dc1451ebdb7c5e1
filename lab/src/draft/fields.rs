//! The fields of the form, as data: where each stands in the scenario, what it is called, its unit, what it takes.

use serde_json::Value;
use sim_core::kernel_version::KernelVersion;

use crate::text::build as words;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Where it stands, below its group, as a JSON pointer without the first slash.
    pub path: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// The unit of its number.
    pub unit: &'static str,
    /// What it takes.
    pub kind: FieldKind,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A text of some length.
    Sentence,
    /// A whole number.
    Number,
    /// A whole number, or nothing, which stands for this.
    Optional(&'static str),
    /// Yes or no.
    Flag,
    /// One of these.
    Choice(Choices),
    /// Seconds since boot, which say where the clock of a machine stands: written to `tsval` beside it.
    Uptime,
}

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choices {
    /// A kernel of a server.
    Kernels,
    /// A kernel of a host.
    HostKernels,
    /// `CONFIG_HZ`.
    Hz,
    /// Who closes first.
    Sides,
    /// Which port a NAT gives out.
    Ports,
    /// A sysctl.
    Sysctls,
    /// Whether the program takes connections.
    Accepting,
}

const fn field(path: &'static str, label: &'static str, unit: &'static str, kind: FieldKind) -> Field {
    Field { path, label, unit, kind }
}

/// What belongs to the whole scenario.
pub const WHOLE: [Field; 5] = [
    field("title", "Title", "", FieldKind::Text),
    field("purpose", "Purpose", "", FieldKind::Sentence),
    field("duration_s", "Duration", "s", FieldKind::Number),
    field("closes_first", "Closes first", "", FieldKind::Choice(Choices::Sides)),
    field("seed", "Random seed", "", FieldKind::Number),
];

/// What belongs to the server, below `server`.
pub const SERVER: [Field; 11] = [
    field("addr", "Address", "", FieldKind::Text),
    field("port", "Port", "", FieldKind::Number),
    field("kernel", "Kernel", "", FieldKind::Choice(Choices::Kernels)),
    field("clock/hz", "HZ", "ticks per second", FieldKind::Choice(Choices::Hz)),
    field("clock/uptime", "Uptime", "s", FieldKind::Uptime),
    field("clock/tsval", "Timestamp clock", "ticks", FieldKind::Number),
    field("backlog", "Backlog of listen()", "connections", FieldKind::Number),
    field("service_ms", "Time to answer a request", "ms", FieldKind::Number),
    field("request_bytes", "Request", "bytes", FieldKind::Number),
    field("response_bytes", "Response", "bytes", FieldKind::Number),
    field("requests_per_connection", "Requests per connection", "", FieldKind::Optional("1")),
];

/// What belongs to the NAT, below `nat`.
pub const NAT: [Field; 7] = [
    field("addr", "Public address", "", FieldKind::Text),
    field("inside", "Inside network", "", FieldKind::Text),
    field("first_port", "First port", "", FieldKind::Number),
    field("last_port", "Last port", "", FieldKind::Number),
    field("ports", "Port assignment", "", FieldKind::Choice(Choices::Ports)),
    field("idle_s", "Idle timeout", "s", FieldKind::Number),
    field("link/delay_ms", "Delay to the server", "ms", FieldKind::Number),
];

/// What belongs to a host, below `hosts/N`.
pub const HOST: [Field; 18] = [
    field("name", "Name", "", FieldKind::Text),
    field("count", "Number of such hosts", "hosts", FieldKind::Optional("1")),
    field("addr", "Address", "", FieldKind::Text),
    field("behind_nat", "Behind the NAT", "", FieldKind::Flag),
    field("kernel", "Kernel", "", FieldKind::Choice(Choices::HostKernels)),
    field("clock/hz", "HZ", "ticks per second", FieldKind::Choice(Choices::Hz)),
    field("clock/uptime", "Uptime", "s", FieldKind::Uptime),
    field("clock/tsval", "Timestamp clock", "ticks", FieldKind::Number),
    field("link/delay_ms", "Delay", "ms", FieldKind::Number),
    field("link/jitter_ms", "Jitter of the delay", "ms", FieldKind::Optional("0")),
    field("link/loss_percent", "Loss", "%", FieldKind::Optional("0")),
    field("link/duplicate_percent", "Duplication", "%", FieldKind::Optional("0")),
    field("traffic/first_ms", "First connection at", "ms", FieldKind::Number),
    field("traffic/interval_ms", "Interval", "ms", FieldKind::Number),
    field("traffic/jitter_ms", "Jitter of the interval", "ms", FieldKind::Optional("0")),
    field("traffic/at_once", "Concurrent connections", "", FieldKind::Optional("1")),
    field("traffic/patience_ms", "Gives up after", "ms", FieldKind::Optional("as the kernel does")),
    field("traffic/pause_ms", "Pause between requests", "ms", FieldKind::Optional("none")),
];

/// When an action happens, below `actions/N`.
pub const WHEN: Field = field("at_ms", "At", "ms", FieldKind::Number);

/// What the simple actions say, by their name in `do`.
pub const ACTIONS: [(&str, &[Field]); 3] = [
    (
        "set-sysctl",
        &[
            field("do/set-sysctl/key", "Sysctl of the server", "", FieldKind::Choice(Choices::Sysctls)),
            field("do/set-sysctl/value", "Value", "", FieldKind::Text),
        ],
    ),
    ("reboot", &[field("do/reboot/name", "Machine that reboots", "", FieldKind::Text)]),
    ("set-accepting", &[field("do/set-accepting/accepting", "The program", "", FieldKind::Choice(Choices::Accepting))]),
];

impl FieldKind {
    /// What is written into the scenario when this was typed; `None` for nothing at all. What is no number stays as it
    /// was typed, and the scenario says that it is none.
    #[must_use]
    pub fn value(self, typed: &str) -> Option<Value> {
        let number = |typed: &str| typed.trim().parse::<u64>().map_or_else(|_| Value::from(typed), Value::from);
        match self {
            Self::Optional(_) if typed.trim().is_empty() => None,
            Self::Number | Self::Optional(_) | Self::Uptime | Self::Choice(Choices::Hz) => Some(number(typed)),
            Self::Flag | Self::Choice(Choices::Accepting) => Some(Value::from(typed == "true")),
            Self::Text | Self::Sentence | Self::Choice(_) => Some(Value::from(typed)),
        }
    }
}

impl Choices {
    /// Each as it is written, and in words.
    #[must_use]
    pub fn all(self) -> Vec<(String, String)> {
        let as_it_is = |text: &&str| ((*text).to_owned(), (*text).to_owned());
        let in_words = |(text, words): &(&str, &str)| ((*text).to_owned(), (*words).to_owned());
        let kernel = |version: KernelVersion| (version.name().to_owned(), version.title().to_owned());
        match self {
            Self::Kernels => KernelVersion::ALL.into_iter().map(kernel).collect(),
            Self::HostKernels => KernelVersion::ALL.into_iter().chain(KernelVersion::CLIENTS).map(kernel).collect(),
            Self::Hz => ["100", "250", "300", "1000"].iter().map(as_it_is).collect(),
            Self::Sysctls => sim_core::sysctl::Sysctls::KEYS.iter().map(as_it_is).collect(),
            Self::Sides => words::SIDES.iter().map(in_words).collect(),
            Self::Ports => words::PORTS.iter().map(in_words).collect(),
            Self::Accepting => words::ACCEPTING.iter().map(in_words).collect(),
        }
    }
}
