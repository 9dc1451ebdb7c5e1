//! The words of the charts: what each of them shows, in a sentence with its numbers.

use crate::chart::clocks::{Clocks, Verdict, goes_round, tsval};
use crate::chart::over_time::{OverTime, PortsOverTime, peak};
use crate::chart::sweep::Cell;
use crate::format::{capitalized, counted, in_words, moment_in_text as moment, seconds_ms};
use crate::run::Run;
use sim_core::words::grouped;

/// What the chart of clocks shows, for everybody.
#[must_use]
pub fn clocks_lead(data: &Clocks) -> String {
    let address = data.address;
    if data.steps.is_empty() {
        return format!("The clock in each SYN from {address}. The server remembers none of them.");
    }
    if goes_round(&data.steps) {
        return format!(
            "Clocks of 32 bits go round, and these are random: the chart has how many ticks each SYN from {address} lies \
             from what the server remembers at its moment. A SYN under the solid line is refused."
        );
    }
    format!("The solid line is what the server remembers for {address}. A SYN whose clock lies under it is refused.")
}

/// The chart of clocks for the ear.
#[must_use]
pub fn clocks(run: &Run, data: &Clocks) -> String {
    let hosts = in_words(data.hosts.len());
    let lines = data.hosts.iter().filter(|host| !host.lines.is_empty()).count();
    let refused = data.count(Verdict::Refused);
    let syns: usize = data.hosts.iter().map(|host| host.syns.len()).sum();
    let who = match data.hosts.len() {
        1 => "One host calls".to_owned(),
        _ => format!("{} hosts call", capitalized(&hosts)),
    };
    let kinds =
        if lines == data.hosts.len() { String::new() } else { " Not all of them have one running clock.".to_owned() };
    let memory = match (data.steps.first(), data.steps.last()) {
        (Some(first), Some(last)) => format!(
            " What the server remembers goes from {} at {} to {}.",
            grouped(u64::from(tsval(first.value))),
            moment(first.from),
            grouped(u64::from(tsval(last.value))),
        ),
        _ => " The server remembers nothing.".to_owned(),
    };
    let most = data.hosts.iter().max_by_key(|host| host.count(Verdict::Refused));
    let most = most.filter(|_| refused > 0).map_or_else(String::new, |host| {
        format!(" {} has the most: {}.", run.name(host.host), host.count(Verdict::Refused))
    });
    format!(
        "{who} from {}.{kinds}{memory} {refused} of {} lie under that and are refused.{most}",
        data.address,
        counted(syns, "SYN", "SYNs")
    )
}

/// What is not named in the chart of clocks.
#[must_use]
pub fn unnamed(hosts: usize, unnamed: usize) -> String {
    format!("{} of {hosts} hosts are named; the table has them all.", hosts - unnamed)
}

/// Sockets in TIME_WAIT for the ear.
#[must_use]
pub fn time_wait(data: &OverTime) -> String {
    let (at, most) = peak(&data.time_wait);
    if most == 0 {
        return "The server has no socket in TIME_WAIT in this run.".to_owned();
    }
    let end = data.time_wait.last().map_or(0, |(_, count)| *count);
    format!("Sockets of the server in TIME_WAIT: at most {most}, first at {}; {end} at the end.", moment(at))
}

/// Connections over time for the ear.
#[must_use]
pub fn connections(data: &OverTime) -> String {
    let whole = data.whole();
    let seconds = data.bucket.as_millis() / 1_000;
    let open = if whole.open == 0 { String::new() } else { format!(" {} are not over at the end.", whole.open) };
    format!(
        "Of {} attempts {} succeed without a refusal, {} are refused by tcp_tw_recycle and {} fail otherwise.{open} One \
         bar is {seconds}\u{a0}s.",
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
#[must_use]
pub fn took(data: &OverTime) -> String {
    let (at_once, later) = data.took.split_at(5);
    format!(
        "{} of {} attempts connect within a second, {} after a retry, {} never or not by the end of the run.",
        at_once.iter().sum::<u32>(),
        data.attempts(),
        later.iter().sum::<u32>(),
        data.never
    )
}

/// Ports in use for the ear.
#[must_use]
pub fn ports(ports: &PortsOverTime) -> String {
    let (at, most) = peak(&ports.used);
    let all = grouped(u64::from(ports.all));
    let none_left = match ports.none_left.first() {
        Some(first) => {
            let times = counted(ports.none_left.len(), "time", "times");
            format!(" connect() finds no port {times}, first at {}.", moment(*first))
        }
        None => String::new(),
    };
    format!(
        "Ports of the server towards its database: at most {most} of {all} in use, first at {}.{none_left}",
        moment(at)
    )
}

/// What a sweep is, before it runs.
pub const SWEEP_LEAD: &str = "How many of a hundred connections are refused, by how many hosts share the address and how \
     often each of them connects. Each cell is five runs of five minutes with this server; the hosts have been up for up \
     to thirty days.";

/// How far a sweep is.
#[must_use]
pub fn sweep_progress(done: usize, of: usize) -> String {
    format!("{} of {} runs", grouped(done as u64), grouped(of as u64))
}

/// A cell for the ear.
#[must_use]
pub fn cell(cell: Cell, hosts: u16, per_minute: u32) -> String {
    let hosts = counted(usize::from(hosts), "host", "hosts");
    let each = counted(per_minute as usize, "connection", "connections");
    format!("{} % refused: {hosts}, {each} a minute each. Open this scenario.", cell.percent())
}

/// A finished sweep in a sentence.
#[must_use]
pub fn swept(alone: Cell, most: (u16, u32, Cell)) -> String {
    let (hosts, per_minute, cell) = most;
    if cell.refused == 0 {
        return "Nobody is refused, however many hosts share the address.".to_owned();
    }
    let each = counted(per_minute as usize, "connection", "connections");
    format!(
        "{} % with one host alone, {} % with {hosts} hosts that open {each} a minute each.",
        alone.percent(),
        cell.percent()
    )
}

/// A stretch of time in a table: `10 s to 20 s`.
#[must_use]
pub fn stretch(from_s: u64, to_s: u64) -> String {
    format!("{from_s} s to {to_s} s")
}

/// A number of a moment in a table.
#[must_use]
pub fn at(at: sim_core::time::SimTime) -> String {
    seconds_ms(at)
}
