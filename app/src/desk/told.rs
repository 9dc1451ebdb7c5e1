//! What something was recognised as, in a few words.

use desk::evidence::{CaptureSeen, Evidence};

use lab::format::{counted, grouped};

/// What a text holds, or its first line where nobody knows it.
#[must_use]
pub fn text_told(alone: &Evidence) -> String {
    let mut parts: Vec<String> = Vec::new();
    match alone.samples.len() {
        0 => {}
        1 => parts.push("counters".to_owned()),
        times => parts.push(format!("counters, {times} times")),
    }
    let sysctls = alone.settings.len() + alone.missing_keys.len();
    if sysctls > 0 {
        parts.push(counted(sysctls, "sysctl", "sysctls"));
    }
    if let Some(release) = &alone.release {
        parts.push(format!("kernel {}", release.what));
    }
    if alone.distribution.is_some() {
        parts.push("distribution".to_owned());
    }
    if !alone.sockets.is_empty() {
        parts.push(counted(alone.sockets.len(), "socket", "sockets"));
    } else if alone.socket_counts.is_some() {
        parts.push("counts of sockets".to_owned());
    }
    if !alone.log.is_empty() {
        parts.push(counted(alone.log.len(), "line of the kernel's log", "lines of the kernel's log"));
    }
    parts.extend(alone.captures.iter().map(|seen| format!("{} that tcpdump printed", capture_told(seen))));
    if !parts.is_empty() {
        return parts.join("; ");
    }
    match alone.unknown.first() {
        Some(unknown) if unknown.first_line.is_empty() => "not recognised: nothing is in it".to_owned(),
        Some(unknown) => format!("not recognised; it begins with: {}", unknown.first_line),
        None => "recognised, but it says nothing about this".to_owned(),
    }
}

/// What a capture holds.
#[must_use]
pub fn capture_told(seen: &CaptureSeen) -> String {
    let packets = format!("capture with {} packets", grouped(seen.packets));
    match &seen.damaged {
        Some(damaged) if seen.packets == 0 => format!("capture that cannot be read, {damaged}"),
        Some(damaged) => format!("{packets}; reading ended early, {damaged}"),
        None => packets,
    }
}

/// A number of bytes as people say it.
#[must_use]
pub fn size(bytes: f64) -> String {
    if bytes < 10_000.0 {
        return format!("{} bytes", grouped(bytes as u64));
    }
    let (unit, name) = if bytes < 1e6 { (1e3, "kB") } else { (1e6, "MB") };
    format!("{:.1} {name}", bytes / unit)
}
