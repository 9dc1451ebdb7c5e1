//! The timestamps that the server remembers, one an address, with their age.

use sim_core::kernel_version::PAWS_MSL_S;
use sim_core::trace::snapshot::{Remembered, Snapshot};
use yew::prelude::*;

use super::Region;
use crate::format::grouped;
use crate::run::Run;

const NONE: &str =
    "None. The server remembers a clock when it closes first, recycle is 1 and the connection used timestamps.";

/// So many fit without scrolling.
const FIT: usize = 4;

/// The remembered timestamps, in the order in which the addresses were first written.
pub fn remembered(run: &Run, snapshot: &Snapshot) -> Html {
    let rows = &snapshot.server.remembered;
    Region::new("remembered", "Remembered timestamps").around(if rows.is_empty() {
        html! { <p class="soft">{ NONE }</p> }
    } else {
        // So many that the box scrolls have to be reached by keyboard.
        let tabindex = (rows.len() > FIT).then_some("0");
        html! {
            <ul class="stamps" {tabindex} aria-label="Remembered timestamps">
                { for rows.iter().map(|row| stamp(run, row)) }
            </ul>
        }
    })
}

fn stamp(run: &Run, row: &Remembered) -> Html {
    let age = row.age_s.min(PAWS_MSL_S);
    let tint = row.written_by.map(|host| run.tint_class(host));
    let writer =
        row.written_by.map_or_else(|| "clock unknown".to_owned(), |host| format!("clock of {}", run.name(host)));
    let age_text = if row.counts {
        format!("{} s of {PAWS_MSL_S} s", row.age_s)
    } else {
        format!("{} s old, no longer counts", row.age_s)
    };
    let width = format!("{}%", age * 100 / PAWS_MSL_S);
    html! {
        <li key={row.peer.to_string()} class={classes!(tint, (!row.counts).then_some("old"))}>
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
