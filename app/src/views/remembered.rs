//! The table of timestamps that the server remembers: one per address, with its age.

use sim_core::kernel_version::PAWS_MSL_S;
use sim_core::trace::snapshot::{Remembered, Snapshot};
use yew::prelude::*;

use super::region::Region;
use lab::run::Run;
use sim_core::words::grouped;

/// The number of rows that fit without scrolling.
const FIT: usize = 4;

/// The remembered timestamps, in the order in which their addresses were first stored.
pub fn remembered(run: &Run, snapshot: &Snapshot) -> Html {
    let rows = &snapshot.server.remembered;
    // A region that scrolls must be reachable by keyboard.
    let tabindex = (rows.len() > FIT).then_some("0");
    html! {
        <Region id="remembered" heading="Remembered timestamps">
            if rows.is_empty() {
                <p class="soft">{ none(snapshot) }</p>
            } else {
                <ul class="stamps" {tabindex} aria-label="Remembered timestamps">
                    { for rows.iter().map(|row| stamp(run, row)) }
                </ul>
            }
        </Region>
    }
}

/// The reason why the table is empty.
fn none(snapshot: &Snapshot) -> String {
    let server = &snapshot.server;
    if !server.kernel.profile().has_recycle {
        return format!("None. {} remembers no clocks.", server.kernel.title());
    }
    let why = if server.sysctls.tcp_tw_recycle == 0 {
        "tcp_tw_recycle is 0."
    } else {
        "The server remembers a clock when it closes first and the connection used timestamps."
    };
    format!("None. {why}")
}

fn stamp(run: &Run, row: &Remembered) -> Html {
    let age = row.age_s.min(PAWS_MSL_S);
    let tint = row.written_by.map(|host| run.tint_class(host)).unwrap_or_default();
    let writer =
        row.written_by.map_or_else(|| "clock unknown".to_owned(), |host| format!("clock of {}", run.name(host)));
    let age_text = if row.counts {
        format!("{} s of {PAWS_MSL_S} s", row.age_s)
    } else {
        format!("{} s old, no longer counts", row.age_s)
    };
    let width = format!("{}%", age * 100 / PAWS_MSL_S);
    html! {
        <li class={classes!(tint, (!row.counts).then_some("old"))} key={row.peer.to_string()}>
            <div class="row mono">
                <span>{ row.peer.to_string() }</span>
                <span class="tinted">{ grouped(u64::from(row.tsval.0)) }</span>
            </div>
            <svg class="age" aria-hidden="true" height="4" width="100%">
                <rect class="age-whole" width="100%" height="4" rx="2" />
                <rect class="age-now" {width} height="4" rx="2" />
            </svg>
            <div class="row soft"><span>{ writer }</span><span>{ age_text }</span></div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use sim_core::time::SimTime;

    use super::*;
    use lab::plan::{Base, Plan};

    #[test]
    fn where_nothing_is_remembered_it_is_said_why() {
        let why = |name: &str| {
            let run = Run::of(&Plan::of(Base::preset(name).unwrap()));
            none(&run.snapshot(SimTime::ZERO, None))
        };
        assert_eq!(why("ports-run-out-reuse-2"), "None. Linux 4.19 remembers no clocks.");
        assert_eq!(why("time-wait-60-s"), "None. tcp_tw_recycle is 0.");
        assert!(why(Base::INCIDENT).starts_with("None. The server remembers a clock when it closes first"));
    }
}
