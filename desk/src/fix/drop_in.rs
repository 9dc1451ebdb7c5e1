//! The file for `/etc/sysctl.d` that keeps a fix over the next boot: a reason over every line, only keys that there are.

use serde::Serialize;
use sim_core::export::sysctl_conf::FILE_NAME;

use crate::facts::Facts;
use crate::kernel::{RECYCLE, name};

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The sysctl's full name.
    pub key: &'static str,
    /// Its value.
    pub value: String,
    /// Why; no longer than a line of the file.
    pub why: &'static str,
}

/// The file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DropIn {
    /// Where it goes.
    pub path: &'static str,
    /// What stands in it.
    pub text: String,
}

impl DropIn {
    /// Of these lines, each key once, the first of them; `None` where there is nothing to keep.
    pub fn of<'l>(facts: &Facts<'_>, lines: impl Iterator<Item = &'l Line>) -> Option<Self> {
        let mut kept: Vec<&Line> = Vec::new();
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
    let kernel = facts.kernel.version.map_or_else(|| "a kernel that was not named".to_owned(), name);
    let scope = if facts.kernel.version.is_none() {
        "To 4.10 these keys belong to the whole machine, from 4.11 on to a network namespace."
    } else if facts.kernel.profile().per_namespace {
        "These keys belong to a network namespace: this file sets the host's, a container has its own."
    } else {
        "These keys belong to the whole machine, its containers included."
    };
    let mut lines = vec![
        format!("For {kernel}. Install as {FILE_NAME}, then run: sysctl --system"),
        "That command reads /etc/sysctl.conf last, so a line for the same key there wins over this file.".to_owned(),
        scope.to_owned(),
    ];
    if facts.kernel.has_recycle == Some(false) && facts.in_files(RECYCLE).next().is_some() {
        lines.push("There is no line for tcp_tw_recycle here: Linux 4.12 removed it.".to_owned());
    }
    lines.iter().map(|line| format!("# {line}\n")).collect()
}
