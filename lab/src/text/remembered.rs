//! The words of the remembered timestamps.

use sim_core::kernel_version::PAWS_MSL_S;
use sim_core::trace::snapshot::{Remembered, Snapshot};

use crate::run::Run;

/// The heading, and the name of the list.
pub const HEADING: &str = "Remembered timestamps";

/// Why there are none.
pub fn none(snapshot: &Snapshot) -> String {
    let server = &snapshot.server;
    if !server.kernel.profile().has_recycle {
        return format!("None. {} does not remember timestamps.", server.kernel.title());
    }
    let why = if server.sysctls.tcp_tw_recycle == 0 {
        "tcp_tw_recycle is 0."
    } else {
        "The server remembers a timestamp when it closes first and the connection used timestamps."
    };
    format!("None. {why}")
}

/// Whose clock it is.
pub fn writer(run: &Run, row: &Remembered) -> String {
    row.written_by.map_or_else(|| "clock unknown".to_owned(), |host| format!("clock of {}", run.name(host)))
}

/// How old it is, and for how long it is used.
pub fn age(row: &Remembered) -> String {
    if row.counts { format!("{} s of {PAWS_MSL_S} s", row.age_s) } else { format!("{} s old, expired", row.age_s) }
}

#[cfg(test)]
mod tests {
    use sim_core::time::SimTime;

    use super::*;
    use crate::plan::{Base, Plan};

    #[test]
    fn an_empty_list_of_remembered_timestamps_gives_the_reason() {
        let why = |name: &str| {
            let run = Run::of(&Plan::of(Base::preset(name).unwrap()));
            none(&run.snapshot(SimTime::ZERO, None))
        };
        assert_eq!(why("ports-run-out-reuse-2"), "None. Linux 4.19 does not remember timestamps.");
        assert_eq!(why("time-wait-60-s"), "None. tcp_tw_recycle is 0.");
        assert!(why(Base::INCIDENT).starts_with("None. The server remembers a timestamp when it closes first"));
    }
}
