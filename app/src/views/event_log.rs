//! The event log: the records of the run as sentences, with the current one marked. A click moves the playhead to a
//! record.
//!
//! A run has tens of thousands of records. Only those around the playhead are rendered.

use sim_core::time::SimTime;
use sim_core::trace::{self, Record};
use yew::prelude::*;

use super::region::Region;
use crate::hooks::use_rested;
use crate::platform::element::{chosen, focus_beside, scroll_to_current};
use lab::format::seconds_ms;
use lab::run::{Run, SharedRun};
use lab::state::Action;
use lab::text::log::{self, in_story, is_refusal, sentence};

/// The number of rows that are rendered before the current one, and after it.
const AROUND: usize = 40;

/// The records that are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    Story,
    Refusals,
    All,
}

/// The properties of [`EventLog`].
#[derive(Clone, PartialEq, Properties)]
pub struct EventLogProps {
    /// The run.
    pub run: SharedRun,
    /// The number of records up to the playhead.
    pub records: usize,
    /// The position of the playhead.
    pub at: SimTime,
    /// The record that was selected here, until the playhead moves.
    pub chosen: Option<usize>,
    /// Receives the actions.
    pub act: Callback<Action>,
}

/// The event log.
#[component]
pub fn EventLog(props: &EventLogProps) -> Html {
    let filter = use_state_eq(|| Filter::Story);
    let list = use_node_ref();
    let listed = use_memo((props.run.clone(), *filter), |(run, filter)| listed(run, *filter));
    let current = current(&listed, props);
    let scrolled = list.clone();
    use_rested((current, *filter), 60, move |_| scroll_to_current(&scrolled));

    let onchange = {
        let filter = filter.clone();
        Callback::from(move |event: Event| {
            filter.set(match chosen(&event).as_deref() {
                Some("all") => Filter::All,
                Some("refusals") => Filter::Refusals,
                _ => Filter::Story,
            });
        })
    };
    let option = |value: &'static str, label: &'static str, this: Filter| {
        html! { <option {value} selected={*filter == this}>{ label }</option> }
    };
    let aside = html! {
        <label class="picker"><span class="for-the-ear">{ log::SHOW }</span>
            <select {onchange}>
                { option("story", log::FILTERS[0], Filter::Story) }
                { option("refusals", log::FILTERS[1], Filter::Refusals) }
                { option("all", log::FILTERS[2], Filter::All) }
            </select>
        </label>
    };
    let first = current.map_or(0, |row| row.saturating_sub(AROUND));
    let last = listed.len().min(current.map_or(0, |row| row + 1) + AROUND);
    let rows = listed.get(first..last).unwrap_or_default();
    let records = &props.run.trace.records;
    let row = |(offset, index): (usize, &usize)| {
        let record = records.get(*index)?;
        let here = first + offset;
        let reached = here == current.unwrap_or(first);
        Some(row(props, record, *index, Some(here) == current, reached))
    };
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        let moved = match event.key().as_str() {
            "ArrowDown" => focus_beside(&event, true),
            "ArrowUp" => focus_beside(&event, false),
            _ => false,
        };
        if moved {
            event.prevent_default();
        }
    });
    html! {
        <Region id="event-log" heading={log::HEADING} {aside}>
            <div class="log" ref={list}>
                { edge(first, log::earlier) }
                <ol {onkeydown}>{ for rows.iter().enumerate().filter_map(row) }</ol>
                { edge(listed.len() - last, log::later) }
                if listed.is_empty() {
                    <p class="soft">{ log::EMPTY }</p>
                }
            </div>
        </Region>
    }
}

/// One record. Tab reaches only one row, and the arrow keys move between rows, so that keyboard users need not pass 80
/// buttons.
fn row(props: &EventLogProps, record: &Record, index: usize, is_current: bool, reached: bool) -> Html {
    let onclick = props.act.reform(move |_| Action::Show(index));
    let tabindex = if reached { "0" } else { "-1" };
    let class = classes!(is_refusal(record).then_some("refusal"), (record.at > props.at).then_some("to-come"));
    html! {
        <li {class} key={index}>
            <button type="button" {onclick} {tabindex} aria-current={is_current.then_some("true")}>
                <span class="mono when">{ seconds_ms(record.at) }</span>{ " " }
                <span>{ sentence(&props.run, index) }</span>
            </button>
        </li>
    }
}

/// The number of records that are not rendered, in words.
fn edge(count: usize, words: fn(usize) -> String) -> Html {
    if count == 0 {
        return Html::default();
    }
    html! { <p class="edge soft">{ words(count) }</p> }
}

fn listed(run: &Run, filter: Filter) -> Vec<usize> {
    let wanted = |record: &Record| match filter {
        Filter::Story => in_story(run, record),
        Filter::Refusals => is_refusal(record),
        Filter::All => true,
    };
    let mut stamp = None;
    let mut listed = Vec::new();
    for (index, record) in run.trace.records.iter().enumerate().filter(|(_, record)| wanted(record)) {
        // The same clock is written again when the peer's FIN arrives; once is enough to follow.
        if let trace::Event::StampRemembered { peer, tsval, .. } = &record.event
            && filter == Filter::Story
            && stamp.replace((*peer, *tsval)) == Some((*peer, *tsval))
        {
            continue;
        }
        listed.push(index);
    }
    listed
}

/// The row of the playhead: the selected record, or else the last one that has happened.
fn current(listed: &[usize], props: &EventLogProps) -> Option<usize> {
    if let Some(row) = props.chosen.and_then(|chosen| listed.binary_search(&chosen).ok()) {
        return Some(row);
    }
    listed.partition_point(|index| *index < props.records).checked_sub(1)
}
