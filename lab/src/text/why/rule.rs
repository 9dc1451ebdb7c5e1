//! Where each rule stands: the function that decides, and the document that has the idea.

use sim_core::kernel::drop_reason::DropReason;
use sim_core::trace::{Errno, LossReason, Takeover};

use crate::anomaly::Anomaly;

/// Where a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The function of the Linux sources, or the place where no kernel has a say.
    pub function: &'static str,
    /// Whether `function` is a function of a kernel.
    pub in_kernel: bool,
    /// The document that has the idea; empty where there is none.
    pub standard: &'static str,
}

const fn kernel(function: &'static str, standard: &'static str) -> Rule {
    Rule { function, in_kernel: true, standard }
}

const fn elsewhere(function: &'static str, standard: &'static str) -> Rule {
    Rule { function, in_kernel: false, standard }
}

/// The rule behind an odd record.
pub const fn rule(anomaly: Anomaly) -> Rule {
    match anomaly {
        Anomaly::Dropped(reason) => of_drop(reason),
        Anomaly::Lost(reason) => match reason {
            LossReason::Link => elsewhere("the link", "RFC 9293, 3.8.1"),
            LossReason::NoMapping => elsewhere("the NAT table", "RFC 5382, 5"),
            LossReason::NoPort => elsewhere("the NAT ports", "RFC 5382, 7.1"),
            LossReason::NoRoute => elsewhere("the route to the address", "RFC 1812, 5.2.4"),
            LossReason::Firewall => elsewhere("the rules of the firewall", "RFC 2979"),
        },
        Anomaly::CannotConnect(_) => kernel("__inet_hash_connect", "RFC 6056, 3"),
        Anomaly::BucketsFull => kernel("tcp_time_wait", "RFC 9293, 3.6"),
        Anomaly::Cookie => kernel("tcp_conn_request", "RFC 4987, 3.6"),
        Anomaly::TakenOver(Takeover::Syn) => kernel("tcp_timewait_state_process", "RFC 6191, 2"),
        Anomaly::TakenOver(Takeover::Connect) => kernel("tcp_twsk_unique", "RFC 6191, 2"),
        Anomaly::NotSet => elsewhere("/proc/sys/net/ipv4", ""),
        Anomaly::Reset => kernel("tcp_v4_send_reset", "RFC 9293, 3.5.2"),
        Anomaly::Failed(Errno::Etimedout) => kernel("tcp_write_timeout", "RFC 6298, 5"),
        Anomaly::Failed(Errno::Econnrefused) => kernel("tcp_reset", "RFC 9293, 3.10.7.3"),
        Anomaly::Failed(_) => elsewhere("the result of the call", "RFC 9293, 3.9.1"),
    }
}

const fn of_drop(reason: DropReason) -> Rule {
    let citation = reason.citation();
    kernel(citation.function, citation.standard)
}
