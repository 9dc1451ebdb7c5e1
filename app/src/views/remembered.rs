//! The table of timestamps that the server remembers: one per address, with its age.

use sim_core::kernel_version::PAWS_MSL_S;
use sim_core::trace::snapshot::{Remembered, Snapshot};
use yew::prelude::*;

use super::region::Region;
use lab::run::Run;
use lab::text::remembered as text;
use sim_core::words::grouped;

/// The number of rows that fit without scrolling.
const FIT: usize = 4;

/// The remembered timestamps, in the order in which their addresses were first stored.
pub fn remembered(run: &Run, snapshot: &Snapshot) -> Html {
    let rows = &snapshot.server.remembered;
    // A region that scrolls must be reachable by keyboard.
    let tabindex = (rows.len() > FIT).then_some("0");
    html! {
        <Region id="remembered" heading={text::HEADING}>
            if rows.is_empty() {
                <p class="soft">{ text::none(snapshot) }</p>
            } else {
                <ul class="stamps" {tabindex} aria-label={text::HEADING}>
                    { for rows.iter().map(|row| stamp(run, row)) }
                </ul>
            }
        </Region>
    }
}

fn stamp(run: &Run, row: &Remembered) -> Html {
    let age = row.age_s.min(PAWS_MSL_S);
    let tint = row.written_by.map(|host| run.tint_class(host)).unwrap_or_default();
    let (writer, age_text) = (text::writer(run, row), text::age(row));
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
