//! Validation of timed actions.

use super::{Checked, MOST_HOSTS, check_kernel, check_link, check_sysctl, ensure, within};
use crate::scenario::{Action, Scenario};

const MOST_ACTIONS: usize = 1_000;

impl Scenario {
    pub(super) fn check_actions(&self) -> Checked {
        within("actions", self.actions.len(), 0..=MOST_ACTIONS)?;
        let last_ms = u64::from(self.duration_s) * 1_000;
        for (index, timed) in self.actions.iter().enumerate() {
            within(&format!("actions[{index}].at_ms"), timed.at_ms, 0..=last_ms)?;
            self.check_action(&format!("actions[{index}].do"), &timed.action)?;
        }
        let added = self.actions.iter().filter(|timed| matches!(timed.action, Action::AddHost { .. })).count();
        let listed: usize = self.hosts.iter().map(|host| usize::from(host.count.unwrap_or(1))).sum();
        let hosts = added + listed;
        let found = format!("{hosts} with those that join");
        ensure(hosts <= MOST_HOSTS, || "hosts".to_owned(), found, &format!("0 to {MOST_HOSTS}"))
    }

    /// Names are not looked up here: the host may be one that joins on the way.
    fn check_action(&self, path: &str, action: &Action) -> Checked {
        match action {
            Action::SetSysctl { key, value } => check_sysctl(&format!("{path}.set-sysctl"), key, value),
            Action::SetKernel { version } => check_kernel(&format!("{path}.set-kernel.version"), *version),
            Action::AddHost { behind_nat } => {
                let possible = self.nat.is_some() || !behind_nat;
                let path = || format!("{path}.add-host.behind_nat");
                ensure(possible, path, behind_nat, "false where there is no nat")
            }
            Action::SetLink { link, .. } => check_link(&format!("{path}.set-link.link"), *link),
            Action::PassAddress { from, to } => {
                ensure(from != to, || format!("{path}.pass-address.to"), to, "another host than the one that leaves")
            }
            Action::Reboot { .. } | Action::RemoveHost { .. } | Action::SetAccepting { .. } => Ok(()),
        }
    }
}
