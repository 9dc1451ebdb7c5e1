//! The report as JSON: one object.

use serde::Serialize;
use serde_json::{Value, json};
use sim_core::kernel_version::KernelVersion;

use crate::evidence::{CaptureSeen, Evidence, UnansweredSyn};
use crate::facts::Facts;
use crate::fix::fixes;
use crate::harm::harms;
use crate::verdict::judge;

/// A remote address, without the points of its clocks.
#[derive(Serialize)]
struct Remote<'a> {
    addr: &'a str,
    clocks: Vec<Clock>,
    syns: u64,
    unanswered: u64,
    explained: u64,
    without_stamp: u64,
}

#[derive(Serialize)]
struct Clock {
    ticks_per_s: u32,
    syns: u64,
}

#[derive(Serialize)]
struct Capture<'a> {
    source: &'a str,
    packets: u64,
    segments: u64,
    span_us: Option<(u64, u64)>,
    called: &'a [(String, u64)],
    syns: u64,
    unanswered_syns: u64,
    explained_by_recycle: u64,
    reset_syns: u64,
    outgoing_unanswered: u64,
    assumed: &'a [String],
    damaged: Option<&'a str>,
    remotes: Vec<Remote<'a>>,
    unanswered: &'a [UnansweredSyn],
}

/// The report as JSON.
pub fn json(evidence: &Evidence) -> Value {
    let facts = Facts::of(evidence);
    let verdicts = judge(&facts);
    let (fixes, file) = fixes(&verdicts, &facts);
    json!({
        "kernel": {
            "release": facts.kernel.release,
            "judged_by": facts.kernel.version.map(KernelVersion::name),
            "has_recycle": facts.kernel.has_recycle,
        },
        "verdicts": verdicts,
        "unanswered_syns": facts.capture.unanswered,
        "explained_by_recycle": facts.capture.by_recycle,
        "harms": harms(&facts),
        "fixes": fixes,
        "file": file,
        "captures": evidence.captures.iter().map(capture).collect::<Vec<_>>(),
        "unknown": evidence.unknown,
    })
}

fn capture(seen: &CaptureSeen) -> Capture<'_> {
    let remotes = seen.remotes.iter().map(|remote| Remote {
        addr: &remote.addr,
        clocks: remote.clocks.iter().map(|clock| Clock { ticks_per_s: clock.ticks_per_s, syns: clock.syns }).collect(),
        syns: remote.syns,
        unanswered: remote.unanswered,
        explained: remote.explained,
        without_stamp: remote.without_stamp,
    });
    Capture {
        source: &seen.source,
        packets: seen.packets,
        segments: seen.segments,
        span_us: seen.span_us,
        called: &seen.called,
        syns: seen.syns,
        unanswered_syns: seen.unanswered_syns,
        explained_by_recycle: seen.explained_by_recycle,
        reset_syns: seen.reset_syns,
        outgoing_unanswered: seen.outgoing_unanswered,
        assumed: &seen.assumed,
        damaged: seen.damaged.as_deref(),
        remotes: remotes.collect(),
        unanswered: &seen.unanswered,
    }
}
