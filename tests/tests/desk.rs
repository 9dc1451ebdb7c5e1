//! Recordings of real kernels as captures for the desk. The SYNs that were refused by recycle according to the desk are
//! those that the kernel did not answer and counted as `PAWSPassive`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use desk::evidence::{CaptureSeen, Evidence, UnansweredCause};
use desk::parse::read_text;
use desk::replay::CaptureReplay;
use sim_core::addr::Endpoint;
use sim_core::export::pcapng::{self, Packet};
use sim_core::kernel_version::KernelVersion;
use sim_core::segment::{Flags, Segment};
use sim_core::seq::Seq;
use sim_core::timestamp::{Timestamps, Tsval};
use tests::recording::{Case, Op, Reply, read};
use tests::remote::{Remote, SERVER, tuple};

/// An arbitrary second after 1970, as in the replay.
const WALL_SECOND: u64 = 1_700_000_000;
/// The time from a segment to its answer in the capture, in microseconds. The recordings do not contain it.
const ANSWER_US: u64 = 200;

/// A segment with its time of capture in microseconds since 1970.
type Captured = (u64, Segment);

fn cases(file: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("kernel-traces").join(file);
    let text = fs::read_to_string(path).expect("the recordings are there");
    read(&text).expect("the recordings can be read")
}

/// The capture that would have been taken at the server.
fn capture(case: &Case) -> Vec<Captured> {
    let start = WALL_SECOND * 1_000_000 + case.wall_phase_ms * 1_000;
    let mut remotes: BTreeMap<&str, Remote> = BTreeMap::new();
    let mut captured = Vec::new();
    for step in &case.steps {
        let at = start + step.t * 1_000;
        let Some(id) = step.op.id() else { continue };
        match &step.op {
            Op::Syn { src, sport, dport, .. } => {
                remotes.entry(id).or_insert_with(|| Remote::new(tuple(*dport, *src, *sport)));
            }
            Op::Dial { dst, dport, lport, errno: None, .. } => {
                remotes.insert(id, Remote::new(tuple(*lport, *dst, *dport)));
            }
            _ => {}
        }
        let Some(remote) = remotes.get_mut(id) else { continue };
        let sent = match &step.op {
            Op::Syn { isn, tsval, .. } => Some(remote.syn(*isn, *tsval)),
            Op::SynAck { isn, tsval, .. } => Some(remote.synack(*isn, *tsval)),
            Op::Ack { tsval, .. } => Some(remote.acknowledgment(*tsval)),
            Op::Data { len, tsval, .. } => Some(remote.data(*len, *tsval)),
            Op::Fin { tsval, .. } => Some(remote.fin(*tsval)),
            Op::Rst { .. } => Some(remote.rst()),
            _ => None,
        };
        captured.extend(sent.map(|segment| (at, segment)));
        if let Some(reply) = step.op.reply().flatten() {
            captured.push((at + ANSWER_US, answer(remote, reply)));
            remote.heard(reply, reply.tsval.map(Tsval));
        }
    }
    captured
}

fn answer(remote: &Remote, reply: &Reply) -> Segment {
    let letters = [("F", Flags::FIN), ("S", Flags::SYN), ("R", Flags::RST), ("P", Flags::PSH), (".", Flags::ACK)];
    let set = letters.into_iter().filter(|(letter, _)| reply.flags.contains(letter));
    let flags = set.fold(Flags::default(), |flags, (_, flag)| flags.with(flag));
    let stamps = reply.tsval.map(|tsval| Timestamps { tsval: Tsval(tsval), tsecr: Tsval(reply.tsecr.unwrap_or(0)) });
    let (src, dst) = (Endpoint::new(SERVER, remote.tuple.local.port), remote.tuple.remote);
    Segment { src, dst, flags, seq: Seq(reply.seq), ack: Seq(reply.ack), len: 0, window: 29_200, timestamps: stamps }
}

/// The sysctls that were set before the first SYN; `None` if recycle or timestamps change later.
fn sysctls(case: &Case) -> Option<Vec<(String, String)>> {
    let first = case.steps.iter().position(|step| matches!(step.op, Op::Syn { .. })).unwrap_or(case.steps.len());
    let writes = case.steps.iter().enumerate().filter_map(|(index, step)| match &step.op {
        Op::Sysctl { key, value, error: None } => Some((index, key.clone(), value.clone())),
        _ => None,
    });
    let mut before = Vec::new();
    for (index, key, value) in writes {
        if index < first {
            before.push((key, value));
        } else if ["net.ipv4.tcp_tw_recycle", "net.ipv4.tcp_timestamps"].contains(&key.as_str()) {
            return None;
        }
    }
    Some(before)
}

/// The evidence about the server: its kernel, and the sysctls that differ from their defaults.
fn server_evidence(case: &Case, sysctls: &[(String, String)]) -> Evidence {
    let has_recycle = KernelVersion::from_release(&case.kernel).is_some_and(|it| it.version.profile().has_recycle);
    let off = if has_recycle { "net.ipv4.tcp_tw_recycle = 0\n" } else { "" };
    let set: String = sysctls.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
    let mut evidence = Evidence::default();
    read_text("told.txt", &format!("$ uname -r\n{}\n$ sysctl -a\n{off}{set}", case.kernel), &mut evidence);
    assert_eq!(evidence.release.as_ref().map(|said| &said.value), Some(&case.kernel));
    evidence
}

/// The capture as a file.
fn file(captured: &[Captured]) -> Vec<u8> {
    let packets = captured.iter().enumerate().map(|(number, &(time_us, segment))| Packet {
        time_us,
        identification: number as u16,
        segment,
        direction: None,
        comment: None,
    });
    pcapng::written("eth0", "", packets)
}

fn seen(case: &Case, sysctls: &[(String, String)]) -> CaptureSeen {
    let captured = capture(case);
    let mut play = CaptureReplay::new("recording.pcapng", &server_evidence(case, sysctls));
    play.push(&file(&captured));
    let seen = play.finish();
    assert_eq!((seen.segments, &seen.damaged), (captured.len() as u64, &None), "{}", case.case);
    seen
}

/// The increments of `PAWSPassive` between two readings of the counters, with the times of the readings in
/// microseconds.
fn refusals_counted(case: &Case) -> Vec<(u64, u64)> {
    let looks = case.steps.iter().filter_map(|step| match &step.op {
        Op::Stat { counters, .. } => Some((step.t * 1_000, counters.get("PAWSPassive").copied().unwrap_or(0))),
        _ => None,
    });
    looks.collect()
}

fn check(file: &str, with_recycle: bool) {
    let mut wrong = Vec::new();
    let (mut checked, mut refused) = (0, 0);
    for case in cases(file) {
        let Some(sysctls) = sysctls(&case) else { continue };
        let seen = seen(&case, &sysctls);
        checked += 1;
        let start = WALL_SECOND * 1_000_000 + case.wall_phase_ms * 1_000;
        let explained: Vec<u64> = seen
            .unanswered
            .iter()
            .filter(|syn| matches!(syn.because, UnansweredCause::Recycle { .. }))
            .map(|syn| syn.at_us - start)
            .collect();
        assert_eq!(explained.len() as u64, seen.explained_by_recycle);
        let mut from = 0;
        for (until, counted) in refusals_counted(&case) {
            let said = explained.iter().filter(|at| (from..until).contains(*at)).count() as u64;
            if said != counted {
                wrong.push(format!("{}: until {until} us the kernel counted {counted}, the desk {said}", case.case));
            }
            from = until;
            refused += counted;
        }
    }
    println!("{file}: {checked} cases, {refused} refusals");
    assert!(checked > 50, "{file}: only {checked} cases were checked");
    assert_eq!(refused > 0, with_recycle, "{file}: {refused}");
    assert!(wrong.is_empty(), "{file}: {} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_recycle_refused_on_mainline_3_10() {
    check("3.10.108.jsonl", true);
}

#[test]
fn what_recycle_refused_on_red_hat_7() {
    check("3.10.0-1160.el7.jsonl", true);
}

#[test]
fn what_recycle_refused_on_4_9() {
    check("4.9.337.jsonl", true);
}

#[test]
fn what_recycle_refused_on_4_10() {
    check("4.10.17.jsonl", true);
}

#[test]
fn what_recycle_refused_on_4_11() {
    check("4.11.0.jsonl", true);
}

#[test]
fn nothing_is_refused_by_recycle_where_there_is_none() {
    check("4.14.325.jsonl", false);
    check("6.18.44.jsonl", false);
}
