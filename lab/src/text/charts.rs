//! The words of the charts: what each of them shows, in a sentence with its numbers.

use crate::chart::clocks::{Clocks, Verdict, goes_round, tsval};
use crate::chart::over_time::{OverTime, PortsOverTime, peak};
use crate::chart::sweep::Cell;
use crate::format::{capitalized, counted, in_words, moment_in_text as moment, seconds_ms};
use crate::run::Run;
use sim_core::words::grouped;

/// Nothing to draw: no SYN reaches the server.
pub const NO_SYN: &str = "No SYN reaches the server in this run.";
/// The key of the chart of clocks: accepted SYNs.
pub const SYN_ACCEPTED: &str = "SYN accepted";
/// SYNs that recycle refused.
pub const SYN_REFUSED: &str = "SYN refused";
/// SYNs that were dropped for another reason.
pub const SYN_DROPPED: &str = "SYN dropped for another reason";
/// The remembered timestamp.
pub const REMEMBERED: &str = "remembered";
/// The remembered timestamp while it has no effect.
pub const REMEMBERED_IDLE: &str = "remembered, without effect: older than 60 s, or recycle is 0";
/// Opens the table of the chart of clocks.
pub const TABLE: &str = "As a table";
/// The accessible name of that table.
pub const TABLE_LABEL: &str = "Clocks as a table";
/// Its columns.
pub const TABLE_COLUMNS: [&str; 6] =
    ["Host", "First clock", "Last clock", "SYNs accepted", "SYNs refused", "Furthest behind"];
/// The choice of the address.
pub const ADDRESS: &str = "Address";
/// A SYN without a timestamp.
pub const NO_VALUE: &str = "none";

/// What the chart of clocks shows, for everybody.
pub fn clocks_lead(data: &Clocks) -> String {
    let address = data.address;
    if data.steps.is_empty() {
        return format!("The timestamp of each SYN from {address}. The server remembers none of them.");
    }
    if goes_round(&data.steps) {
        return format!(
            "These timestamps are random 32-bit numbers, which wrap around. The chart shows how many ticks each SYN from \
             {address} is ahead of the remembered timestamp, or behind it. A SYN below the solid line is refused while the remembered timestamp is less than 60 s old."
        );
    }
    format!(
        "The solid line is the timestamp that the server remembers for {address}. A SYN below \
         this line is refused while the timestamp is less than 60 s old."
    )
}

/// The chart of clocks for the ear.
pub fn clocks(run: &Run, data: &Clocks) -> String {
    let hosts = in_words(data.hosts.len());
    let lines = data.hosts.iter().filter(|host| !host.lines.is_empty()).count();
    let refused = data.count(Verdict::Refused);
    let syns: usize = data.hosts.iter().map(|host| host.syns.len()).sum();
    let who = match data.hosts.len() {
        1 => "One host connects".to_owned(),
        _ => format!("{} hosts connect", capitalized(&hosts)),
    };
    let kinds = if lines == data.hosts.len() {
        String::new()
    } else {
        " Some of them have no single running clock.".to_owned()
    };
    let memory = match (data.steps.first(), data.steps.last()) {
        (Some(first), Some(last)) => format!(
            " The remembered timestamp goes from {} at {} to {}.",
            grouped(u64::from(tsval(first.value))),
            moment(first.from),
            grouped(u64::from(tsval(last.value))),
        ),
        _ => " The server remembers nothing.".to_owned(),
    };
    let most = data.hosts.iter().max_by_key(|host| host.count(Verdict::Refused));
    let most = most.filter(|_| refused > 0).map_or_else(String::new, |host| {
        format!(" {} has the most refusals: {}.", run.name(host.host), host.count(Verdict::Refused))
    });
    format!(
        "{who} from {}.{kinds}{memory} {refused} of {} are below the remembered timestamp and are refused.{most}",
        data.address,
        counted(syns, "SYN", "SYNs")
    )
}

/// What is not named in the chart of clocks.
pub fn unnamed(hosts: usize, unnamed: usize) -> String {
    format!("The chart names {} of {hosts} hosts. The table lists all of them.", hosts - unnamed)
}

/// Sockets in TIME_WAIT for the ear.
pub fn time_wait(data: &OverTime) -> String {
    let (at, most) = peak(&data.time_wait);
    if most == 0 {
        return "The server has no socket in TIME_WAIT in this run.".to_owned();
    }
    let end = data.time_wait.last().map_or(0, |(_, count)| *count);
    format!("The server's sockets in TIME_WAIT: at most {most}, first at {}, and {end} at the end.", moment(at))
}

/// Connections over time for the ear.
pub fn connections(data: &OverTime) -> String {
    let whole = data.whole();
    let seconds = data.bucket.as_millis() / 1_000;
    let open = if whole.open == 0 { String::new() } else { format!(" {} are still open at the end.", whole.open) };
    format!(
        "Of {} attempts, {} succeed without a refusal, {} are refused by tcp_tw_recycle, and {} fail for another \
         reason.{open} Each bar is {seconds}\u{a0}s.",
        data.attempts(),
        whole.succeeded,
        whole.refused,
        whole.failed
    )
}

/// What the bars of the connections are: full, and hatched.
pub const KEY_CONNECTIONS: [&str; 2] = ["succeeded, never refused", "refused or failed"];
/// What the bars of the times to connect are.
pub const KEY_TOOK: [&str; 2] = ["connected", "not connected"];

/// Times to connect for the ear.
pub fn took(data: &OverTime) -> String {
    let (at_once, later) = data.took.split_at(5);
    format!(
        "Of {} attempts, {} connect within a second, {} after a retry, and {} do not connect before the end of the run.",
        data.attempts(),
        at_once.iter().sum::<u32>(),
        later.iter().sum::<u32>(),
        data.never
    )
}

/// Ports in use for the ear.
pub fn ports(ports: &PortsOverTime) -> String {
    let (at, most) = peak(&ports.used);
    let all = grouped(u64::from(ports.all));
    let none_left = match ports.none_left.first() {
        Some(first) => {
            let times = counted(ports.none_left.len(), "time", "times");
            format!(" connect() finds no free port {times}, first at {}.", moment(*first))
        }
        None => String::new(),
    };
    format!("The server's ports for its database: at most {most} of {all} in use, first at {}.{none_left}", moment(at))
}

/// What a sweep is, before it runs.
pub const SWEEP_LEAD: &str = "The percentage of refused connections, by the number of hosts that share the address and how \
     often each connects. Each cell is the result of five runs of five minutes with this server. The hosts have been up \
     for up to thirty days.";

/// How far a sweep is.
pub fn sweep_progress(done: usize, of: usize) -> String {
    format!("{} of {} runs", grouped(done as u64), grouped(of as u64))
}

/// A cell for the ear.
pub fn cell(cell: Cell, hosts: u16, per_minute: u32) -> String {
    let hosts = counted(usize::from(hosts), "host", "hosts");
    let each = counted(per_minute as usize, "connection", "connections");
    format!("{} % refused: {hosts}, {each} per minute each. Open this scenario.", cell.percent())
}

/// A finished sweep in a sentence.
pub fn swept(alone: Cell, most: (u16, u32, Cell)) -> String {
    let (hosts, per_minute, cell) = most;
    if cell.refused == 0 {
        return "Nobody is refused, however many hosts share the address.".to_owned();
    }
    let each = counted(per_minute as usize, "connection", "connections");
    format!(
        "{} % with a single host, {} % with {hosts} hosts that each open {each} per minute.",
        alone.percent(),
        cell.percent()
    )
}

/// A stretch of time in a table: `10 s to 20 s`.
pub fn stretch(from_s: u64, to_s: u64) -> String {
    format!("{from_s} s to {to_s} s")
}

/// A number of a moment in a table.
pub fn at(at: sim_core::time::SimTime) -> String {
    seconds_ms(at)
}

/// The heading of the charts over time.
pub const OVER_TIME: &str = "Over time";
/// Over the chart of connections.
pub const CONNECTIONS: &str = "Connections";
/// Over the chart of times to connect.
pub const TOOK: &str = "Time to connect";
/// Over the chart of sockets.
pub const TIME_WAIT: &str = "Sockets in TIME_WAIT";
/// Over the chart of ports.
pub const PORTS: &str = "Ports for the database";
/// Opens the tables.
pub const AS_TABLES: &str = "As tables";
/// The name of the tables.
pub const TABLES: &str = "Over time as tables";
/// The column of attempts.
pub const ATTEMPTS: &str = "Attempts";
/// The columns of the table of connections.
pub const BUCKET_COLUMNS: [&str; 5] = ["Attempts from", "Succeeded", "Refused", "Failed", "In TIME_WAIT at its end"];

/// A time to connect in a table; the last bin has no end.
pub fn bin(from: &str, to: Option<&str>) -> String {
    to.map_or_else(|| format!("{from} and more"), |to| format!("{from} to {to}"))
}

/// The heading of the sweep.
pub const SWEEP: &str = "Sweep";
/// Starts a sweep.
pub const SWEEP_RUN: &str = "Run the sweep";
/// Starts it again.
pub const SWEEP_AGAIN: &str = "Run the sweep again";
/// Ends it.
pub const SWEEP_CANCEL: &str = "Cancel";
/// The caption of its table.
pub const SWEEP_CAPTION: &str = "Refused connections in percent. Across: hosts behind the address. Down: connections per \
                                 host and minute.";
