//! The fields of the form as data: path in the scenario, label, unit, and kind of input.

use serde_json::Value;
use sim_core::kernel_version::KernelVersion;

use crate::text::build as words;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The JSON pointer below the group, without the leading slash.
    pub path: &'static str,
    /// The label.
    pub label: &'static str,
    /// The unit of the number; empty if there is none.
    pub unit: &'static str,
    /// The kind of input.
    pub kind: FieldKind,
}

/// The kind of input of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Several lines of text.
    Sentence,
    /// An integer.
    Number,
    /// An integer, or nothing. The string describes the default.
    Optional(&'static str),
    /// A check box.
    Flag,
    /// One of a list.
    Choice(Choices),
    /// Seconds since boot. They are converted to the value of the timestamp clock in the field `tsval` beside it.
    Uptime,
}

/// The list of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choices {
    /// The kernels of a server.
    Kernels,
    /// The kernels of a host.
    HostKernels,
    /// The values of `CONFIG_HZ`.
    Hz,
    /// Client or server: the side that closes first.
    Sides,
    /// The rules by which a NAT allocates ports.
    Ports,
    /// The names of the sysctls.
    Sysctls,
    /// Whether the server's program accepts connections.
    Accepting,
}

const fn field(path: &'static str, label: &'static str, unit: &'static str, kind: FieldKind) -> Field {
    Field { path, label, unit, kind }
}

/// Fields of the scenario itself.
pub const WHOLE: [Field; 5] = [
    field("title", "Title", "", FieldKind::Text),
    field("purpose", "Purpose", "", FieldKind::Sentence),
    field("duration_s", "Duration", "s", FieldKind::Number),
    field("closes_first", "Closes first", "", FieldKind::Choice(Choices::Sides)),
    field("seed", "Random seed", "", FieldKind::Number),
];

/// Fields below `server`.
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

/// Fields below `nat`.
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

/// The field of an action's time, below `actions/N`.
pub const WHEN: Field = field("at_ms", "At", "ms", FieldKind::Number);

/// The fields of simple actions, by their name in `do`.
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
    /// The JSON value for the input `typed`; `None` if the field is to be omitted. Input that is not a number is kept
    /// as text, and the scenario then reports it.
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
    /// All choices, each as it is written in the scenario and as it is shown.
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
