//! Measures how many connections per second the simulator handles, and prints the result as one line of JSON.
//!
//! `docs/speed.md` explains the figures.

use std::process::ExitCode;
use std::time::Instant;

use serde::Serialize;
use sim_core::trace::Totals;
use sim_core::{Sim, Trace};
use tests::load::{MOST_HOSTS, Work};

const USAGE: &str = "usage: throughput --connections N --hosts H --rate R [--recycle 0|1] --record sums|all

  --connections N    attempts to connect in all, 1 to 4294967295
  --hosts H          hosts behind one NAT, which take turns, 1 to 60000
  --rate R           attempts in a simulated second, 1 to 4294967295
  --recycle 0|1      tcp_tw_recycle of the server; 0 unless given
  --record sums|all  keep the totals, or every record of the trace in memory";

/// What is recorded of the run.
#[derive(Clone, Copy)]
enum Recording {
    Totals,
    All,
}

/// The line that is printed.
#[derive(Serialize)]
struct Measured {
    connections: u64,
    established: u64,
    refused: u64,
    events: u64,
    wall_s: f64,
    connections_per_s: u64,
    /// `null` on systems without `/proc`.
    peak_rss_kb: Option<u64>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match read(&arguments) {
        Ok((work, recording)) => {
            let measured = measure(work, recording);
            println!("{}", serde_json::to_string(&measured).unwrap_or_default());
            ExitCode::SUCCESS
        }
        Err(mistake) => {
            eprintln!("{mistake}\n\n{USAGE}");
            ExitCode::FAILURE
        }
    }
}

fn measure(work: Work, recording: Recording) -> Measured {
    #[expect(clippy::disallowed_methods, reason = "this program measures real time")]
    let start = Instant::now();
    let (sums, wall_s) = match recording {
        Recording::Totals => {
            let sim = work.run(Totals::default());
            (sim.recorder().clone(), start.elapsed().as_secs_f64())
        }
        Recording::All => {
            let trace = Sim::into_trace(work.run(Trace::empty()));
            let wall_s = start.elapsed().as_secs_f64();
            (Totals::of(&trace), wall_s)
        }
    };
    let Totals { connections, established, refused, events, .. } = sums;
    let connections_per_s = (connections as f64 / wall_s) as u64;
    Measured { connections, established, refused, events, wall_s, connections_per_s, peak_rss_kb: peak_rss_kb() }
}

/// The peak resident set size of this process (`VmHWM`), in kB.
fn peak_rss_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches("kB").trim_end().parse().ok()
}

fn read(arguments: &[String]) -> Result<(Work, Recording), String> {
    let (mut connections, mut hosts, mut rate, mut recycle, mut recording) = (None, None, None, None, None);
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let value = rest.next().ok_or_else(|| format!("{name}: a value is missing"))?;
        let number = |most| number(name, value, most);
        match name.as_str() {
            "--connections" => connections = Some(number(u32::MAX)?),
            "--hosts" => hosts = Some(number(MOST_HOSTS)?),
            "--rate" => rate = Some(number(u32::MAX)?),
            "--recycle" => recycle = Some(choice(name, value, [("0", false), ("1", true)])?),
            "--record" => {
                let choices = [("sums", Recording::Totals), ("all", Recording::All)];
                recording = Some(choice(name, value, choices)?);
            }
            _ => return Err(format!("{name}: no such option")),
        }
    }
    let missing = |name: &str| format!("{name} is missing");
    let work = Work {
        connections: u64::from(connections.ok_or_else(|| missing("--connections"))?),
        hosts: hosts.ok_or_else(|| missing("--hosts"))?,
        rate: rate.ok_or_else(|| missing("--rate"))?,
        recycle: recycle.unwrap_or(false),
    };
    Ok((work, recording.ok_or_else(|| missing("--record"))?))
}

fn number(name: &str, value: &str, most: u32) -> Result<u32, String> {
    let read = value.parse().ok().filter(|number| (1..=most).contains(number));
    read.ok_or_else(|| format!("{name}: {value:?} is no whole number from 1 to {most}"))
}

fn choice<T: Copy>(name: &str, value: &str, choices: [(&str, T); 2]) -> Result<T, String> {
    let [(first, _), (second, _)] = choices;
    let chosen = choices.iter().find(|(text, _)| *text == value);
    chosen.map(|(_, choice)| *choice).ok_or_else(|| format!("{name}: {value:?} is neither {first} nor {second}"))
}
