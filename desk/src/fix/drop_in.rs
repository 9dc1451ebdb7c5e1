//! The file for `/etc/sysctl.d` that keeps a fix after a reboot. Each line has a comment with its reason.

use serde::Serialize;
use sim_core::export::sysctl_conf::FILE_NAME;
use sim_core::kernel_version::KernelVersion;

use crate::facts::Facts;
use crate::kernel::RECYCLE;

/// A setting in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfLine {
    /// The sysctl's full name.
    pub key: &'static str,
    /// Its value.
    pub value: String,
    /// The reason, short enough for one line of the file.
    pub why: &'static str,
}

/// The file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DropIn {
    /// Its path.
    pub path: &'static str,
    /// Its content.
    pub text: String,
}

impl DropIn {
    /// The file with these lines. A key that comes twice keeps its first line. `None` if there are no lines.
    pub fn of<'l>(facts: &Facts<'_>, lines: impl Iterator<Item = &'l ConfLine>) -> Option<Self> {
        let mut kept: Vec<&ConfLine> = Vec::new();
        for line in lines {
            if kept.iter().all(|other| other.key != line.key) {
                kept.push(line);
            }
        }
        if kept.is_empty() {
            return None;
        }
        let mut text = head(facts);
        for line in kept {
            text += &format!("\n# {}\n{} = {}\n", line.why, line.key, line.value);
        }
        Some(Self { path: FILE_NAME, text })
    }
}

fn head(facts: &Facts<'_>) -> String {
    let kernel = facts.kernel.version.map_or("an unknown kernel", KernelVersion::title);
    let scope = if facts.kernel.version.is_none() {
        "Up to 4.10 these keys apply to the whole machine, since 4.11 to one network namespace."
    } else if facts.kernel.profile().per_namespace {
        "These keys apply to one network namespace: this file sets those of the host, and a container has its own."
    } else {
        "These keys apply to the whole machine, including its containers."
    };
    let mut lines = vec![
        format!("For {kernel}. Install as {FILE_NAME}, then run: sysctl --system"),
        "That command reads /etc/sysctl.conf last, so a line there overrides this file.".to_owned(),
        scope.to_owned(),
    ];
    if facts.kernel.has_recycle == Some(false) && facts.in_files(RECYCLE).next().is_some() {
        lines.push("This file has no line for tcp_tw_recycle: Linux 4.12 removed it.".to_owned());
    }
    lines.iter().map(|line| format!("# {line}\n")).collect()
}
