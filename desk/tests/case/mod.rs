//! Test cases from `tests/evidence/cases/`: evidence in short form, and the expected verdicts.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses what it needs, and fails where it cannot go on")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use desk::evidence::{
    CaptureSeen, ClockSeen, Evidence, LogLine, Origin, Quote, Quoted, RemoteSeen, Sample, Setting, SocketCounts,
    SocketRow, UnansweredCause, UnansweredSyn, Unknown,
};
use serde_json::Value;

/// A folder of the repository.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(name)
}

/// All cases, by file.
pub fn all() -> Vec<Value> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder("tests/evidence/cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .flat_map(|file| serde_json::from_str::<Vec<Value>>(&std::fs::read_to_string(file).unwrap()).unwrap())
        .collect()
}

/// The case of this name.
pub fn named(name: &str) -> Value {
    all().into_iter().find(|case| case["name"] == name).unwrap()
}

pub fn quote(source: &str, line: u32, text: impl Into<String>) -> Quote {
    Quote { source: source.to_owned(), line, text: text.into() }
}

/// The strings of a list, none where there is no list.
pub fn strings(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().map(|item| item.as_str().unwrap()).collect()
}

/// The evidence of a case.
pub fn evidence(case: &Value) -> Evidence {
    let mut evidence = Evidence::default();
    if let Some(release) = case["release"].as_str() {
        evidence.release = Some(Quoted { value: release.to_owned(), quote: quote("uname.txt", 1, release) });
    }
    let in_words = case["netstat"] == true;
    for (at, sample) in case["samples"].as_array().into_iter().flatten().enumerate() {
        evidence.samples.push(self::sample(sample, &format!("nstat-{}.txt", at + 1), in_words));
    }
    for (line, (key, value)) in (1..).zip(case["running"].as_object().into_iter().flatten()) {
        evidence.settings.push(setting(key, value.as_str().unwrap(), Origin::Running, "sysctl.txt", line));
    }
    for file in case["files"].as_array().into_iter().flatten() {
        let [path, key, value] = strings(file)[..] else { panic!("a file is a path, a key and a value") };
        evidence.settings.push(setting(key, value, Origin::File(path.to_owned()), path, 1));
    }
    evidence.log = case["log"].as_array().into_iter().flatten().map(log).collect();
    evidence.sockets = sockets(case);
    if let Some(counts) = case["counts"].as_object() {
        let by_state = counts.iter().map(|(state, count)| (state.clone(), count.as_u64().unwrap())).collect();
        evidence.socket_counts =
            Some(Quoted { value: SocketCounts { by_state }, quote: quote("ss.txt", 2, case["counts"].to_string()) });
    }
    if case["capture"].is_object() {
        evidence.captures.push(capture(&case["capture"]));
    }
    for first_line in strings(&case["unknown"]) {
        let (source, first_line) = ("unknown.txt".to_owned(), first_line.to_owned());
        evidence.unknown.push(Unknown { source, first_line, because: None });
    }
    evidence
}

fn sample(counters: &Value, source: &str, in_words: bool) -> Sample {
    let tcp = ["PassiveOpens", "ActiveOpens", "CurrEstab"];
    let lines = (1..).zip(counters.as_object().unwrap());
    let counters: BTreeMap<String, Quoted<u64>> = lines
        .map(|(line, (name, value))| {
            let what = value.as_u64().unwrap();
            let group = if tcp.contains(&name.as_str()) { "Tcp" } else { "TcpExt" };
            let text = if in_words { format!("    {what} of {name}") } else { format!("{group}{name} {what} 0.0") };
            (name.clone(), Quoted { value: what, quote: quote(source, line, text) })
        })
        .collect();
    Sample { counters }
}

fn setting(key: &str, value: &str, origin: Origin, source: &str, line: u32) -> Setting {
    let key = if key.starts_with("net.") { key.to_owned() } else { format!("net.ipv4.{key}") };
    let quote = quote(source, line, format!("{key} = {value}"));
    Setting { key, value: value.to_owned(), origin, quote }
}

fn log(line: &Value) -> Quoted<LogLine> {
    match line.as_u64() {
        Some(port) => Quoted {
            value: LogLine::SynFlooding(u16::try_from(port).unwrap()),
            quote: quote(
                "dmesg.txt",
                1,
                format!("[ 912.1] TCP: request_sock_TCP: possible SYN flooding on port {port}."),
            ),
        },
        None => Quoted {
            value: LogLine::TimeWaitOverflow,
            quote: quote("dmesg.txt", 1, "[ 912.1] TCP: time wait bucket table overflow"),
        },
    }
}

fn sockets(case: &Value) -> Vec<Quoted<SocketRow>> {
    let mut rows = Vec::new();
    for pair in case["listening"].as_array().into_iter().flatten() {
        let (recv_q, send_q) = (pair[0].as_u64().unwrap(), pair[1].as_u64().unwrap());
        rows.push(row("LISTEN", recv_q, send_q, "0.0.0.0:443".to_owned(), "0.0.0.0:*".to_owned()));
    }
    for port in 0..case["to_one"].as_u64().unwrap_or_default() {
        let local = format!("198.51.100.10:{}", 32_768 + port);
        rows.push(row("TIME-WAIT", 0, 0, local, "203.0.113.5:5432".to_owned()));
    }
    for port in 0..case["from_many"].as_u64().unwrap_or_default() {
        let remote = format!("192.0.2.{}:{}", port % 200 + 1, 32_768 + port);
        rows.push(row("TIME-WAIT", 0, 0, "198.51.100.10:40443".to_owned(), remote));
    }
    rows
}

fn row(state: &str, recv_q: u64, send_q: u64, local: String, remote: String) -> Quoted<SocketRow> {
    let text = format!("{state} {recv_q} {send_q} {local} {remote}");
    let what = SocketRow { state: state.to_owned(), recv_q, send_q, local, remote };
    Quoted { value: what, quote: quote("ss.txt", 2, text) }
}

/// SYNs from one address, one in 100 ms; the unanswered come first, each kind after the other.
fn capture(of: &Value) -> CaptureSeen {
    let count = |name: &str| of[name].as_u64().unwrap_or_default();
    let (recycle, tuple, unexplained) = (count("recycle"), count("tuple"), count("unexplained"));
    let unanswered_syns = recycle + tuple + unexplained;
    let start = 1_700_000_000_000_000;
    let unanswered = (0..unanswered_syns).map(|at| {
        let because = if at < recycle {
            UnansweredCause::Recycle { remembered: 5_012_400, tsval: Some(4_998_200), age_s: 6 }
        } else if at < recycle + tuple {
            UnansweredCause::SameFourTuple
        } else {
            UnansweredCause::Unexplained
        };
        UnansweredSyn {
            at_us: start + at * 100_000,
            packet: at * 2 + 1,
            remote: format!("192.0.2.1:{}", 40_000 + at),
            local: "198.51.100.10:443".to_owned(),
            seq: 7,
            tsval: Some(4_998_200),
            because,
        }
    });
    let syns = count("syns");
    let clock = |syns| ClockSeen { ticks_per_s: 1_000, syns, points: vec![(start, 4_998_200)] };
    CaptureSeen {
        source: "syn.pcap".to_owned(),
        packets: syns * 4,
        segments: syns * 4,
        span_us: Some((start, start + 60_000_000)),
        called: vec![("198.51.100.10:443".to_owned(), syns)],
        remotes: vec![RemoteSeen {
            addr: "192.0.2.1".to_owned(),
            syns,
            unanswered: unanswered_syns,
            explained: recycle,
            clocks: vec![clock(unanswered_syns), clock(syns - unanswered_syns)],
            without_stamp: 0,
        }],
        syns,
        unanswered_syns,
        explained_by_recycle: recycle,
        answered_all_the_same: count("let_in"),
        unanswered: unanswered.collect(),
        ..CaptureSeen::default()
    }
}
