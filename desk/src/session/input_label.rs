//! What an input was recognised as, in a few words.

use crate::evidence::{CaptureSeen, Evidence};
use crate::format::counted;
use sim_core::words::grouped;

/// What a text contains, or its first line if it was not recognised. `evidence` is that of this text alone.
pub fn text_label(evidence: &Evidence) -> String {
    let mut parts: Vec<String> = Vec::new();
    match evidence.samples.len() {
        0 => {}
        1 => parts.push("counters".to_owned()),
        times => parts.push(format!("counters, {times} times")),
    }
    let sysctls = evidence.settings.len() + evidence.missing_keys.len();
    if sysctls > 0 {
        parts.push(counted(sysctls, "sysctl", "sysctls"));
    }
    if let Some(release) = &evidence.release {
        parts.push(format!("kernel {}", release.value));
    }
    if evidence.distribution.is_some() {
        parts.push("distribution".to_owned());
    }
    if !evidence.sockets.is_empty() {
        parts.push(counted(evidence.sockets.len(), "socket", "sockets"));
    } else if evidence.socket_counts.is_some() {
        parts.push("counts of sockets".to_owned());
    }
    if !evidence.log.is_empty() {
        parts.push(counted(evidence.log.len(), "line of the kernel's log", "lines of the kernel's log"));
    }
    parts.extend(evidence.captures.iter().map(|seen| format!("{} that tcpdump printed", capture_label(seen))));
    if !parts.is_empty() {
        return parts.join("; ");
    }
    match evidence.unknown.first() {
        Some(unknown) if unknown.first_line.is_empty() => "not recognised: it is empty".to_owned(),
        Some(unknown) => format!("not recognised; it begins with: {}", unknown.first_line),
        None => "recognised, but it says nothing about this problem".to_owned(),
    }
}

/// What a capture contains.
pub fn capture_label(seen: &CaptureSeen) -> String {
    let packets = format!("capture with {} packets", grouped(seen.packets));
    match &seen.damaged {
        Some(damaged) if seen.packets == 0 => format!("capture that cannot be read, {damaged}"),
        Some(damaged) => format!("{packets}; reading stopped early, {damaged}"),
        None => packets,
    }
}
