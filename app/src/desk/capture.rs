//! A replayed capture: the remote addresses with their clocks, the unanswered SYNs, and a chart of the clocks.

use std::rc::Rc;

use desk::Evidence;
use desk::evidence::{CaptureSeen, RemoteSeen, UnansweredSyn};
use desk::format::seconds;
use desk::report::why;
use desk::session::SharedEvidence;
use desk::session::capture_text::{clocks_lead, totals};
use sim_core::words::grouped;
use yew::prelude::*;

use crate::charts::figure::Figure;
use crate::hooks::use_width;
use crate::platform::element::chosen;
use crate::views::clocks::sample;
use lab::chart::clocks::Verdict;
use lab::desk_page::capture_clocks;
use lab::plot::clocks::drawn;

/// The most rows of a table, as in the report.
const MOST_ROWS: usize = 20;
/// The columns with words instead of numbers.
const WORDS: [&str; 3] = ["From", "To", "Why"];

/// The properties of [`Capture`].
#[derive(Clone, PartialEq, Properties)]
pub struct CaptureProps {
    /// The evidence.
    pub evidence: SharedEvidence,
    /// The index of the capture in the evidence.
    pub index: usize,
}

/// The section of one capture.
#[component]
pub fn Capture(props: &CaptureProps) -> Html {
    let picked = use_state_eq(|| 0_usize);
    let holder = use_node_ref();
    let width = use_width(&holder) as i32;
    let figure = use_memo((props.clone(), *picked, width), |(props, picked, width)| {
        let (seen, remote) = place(&props.evidence.0, props.index, *picked)?;
        (!remote.clocks.is_empty()).then(|| {
            let (data, host_names) = capture_clocks::of(seen, remote);
            let marks = [Verdict::Taken, Verdict::Refused, Verdict::Dropped].map(|verdict| data.count(verdict) > 0);
            (Figure::from(drawn(&host_names, &data, *width)), marks, !data.steps.is_empty())
        })
    });
    let Some(seen) = props.evidence.0.captures.get(props.index) else { return Html::default() };
    let remote = seen.remotes.get(*picked).or(seen.remotes.first());
    let onchange = {
        let picked = picked.clone();
        Callback::from(move |event: Event| picked.set(chosen(&event).and_then(|text| text.parse().ok()).unwrap_or(0)))
    };
    let heading = format!("capture-{}-heading", props.index);
    let chart = remote.map(|remote| clocks(seen, remote, &figure, *picked, &onchange));
    html! {
        <section class="verdict capture" aria-labelledby={heading.clone()}>
            <h2 id={heading}>{ format!("Capture {}", seen.source) }</h2>
            <p>{ totals(seen) }</p>
            { for seen.assumed.iter().map(|assumed| html! { <p class="soft">{ format!("Assumed: {assumed}") }</p> }) }
            { for seen.damaged.iter().map(|damaged| html! { <p>{ format!("Reading stopped early: {damaged}") }</p> }) }
            { remotes(seen) }
            { unanswered(seen) }
            <div class="chart-holder" ref={holder}>{ for chart }</div>
        </section>
    }
}

fn place(evidence: &Evidence, index: usize, picked: usize) -> Option<(&CaptureSeen, &RemoteSeen)> {
    let seen = evidence.captures.get(index)?;
    Some((seen, seen.remotes.get(picked).or(seen.remotes.first())?))
}

fn remotes(seen: &CaptureSeen) -> Html {
    if seen.remotes.is_empty() {
        return Html::default();
    }
    let row = |remote: &RemoteSeen| {
        let numbers = [remote.syns, remote.unanswered, remote.explained, remote.without_stamp].map(grouped);
        html! {
            <tr>
                <th scope="row" class="mono">{ &remote.addr }</th>
                <td>{ remote.clocks.len() }</td>
                { for numbers.into_iter().map(|number| html! { <td>{ number }</td> }) }
            </tr>
        }
    };
    let heads = ["Remote address", "Clocks", "SYNs", "Unanswered", "Explained by recycle", "Without timestamp"];
    table(
        "Remote addresses",
        &heads,
        html! { { for seen.remotes.iter().take(MOST_ROWS).map(row) } },
        seen.remotes.len(),
    )
}

fn unanswered(seen: &CaptureSeen) -> Html {
    if seen.unanswered.is_empty() {
        return Html::default();
    }
    let start = seen.span_us.map_or(0, |(first, _)| first);
    let row = |syn: &UnansweredSyn| {
        html! {
            <tr>
                <th scope="row">{ grouped(syn.packet) }</th>
                <td>{ format!("{} s", seconds(syn.at_us.saturating_sub(start))) }</td>
                <td class="mono words">{ &syn.remote }</td>
                <td class="mono words">{ &syn.local }</td>
                <td class="words">{ why(syn) }</td>
            </tr>
        }
    };
    let all = usize::try_from(seen.unanswered_syns).unwrap_or(usize::MAX);
    let heads = ["Packet", "At", "From", "To", "Why"];
    table("Unanswered SYNs", &heads, html! { { for seen.unanswered.iter().take(MOST_ROWS).map(row) } }, all)
}

fn table(caption: &'static str, heads: &[&'static str], rows: Html, all: usize) -> Html {
    let more = all.saturating_sub(MOST_ROWS);
    html! {
        <div class="wide-table" tabindex="0" role="group" aria-label={caption}>
            <table>
                <caption>{ caption }</caption>
                <thead><tr>{ for heads.iter().map(|head| html! {
                    <th scope="col" class={WORDS.contains(head).then_some("words")}>{ *head }</th>
                }) }</tr></thead>
                <tbody>{ rows }</tbody>
            </table>
            { for (more > 0).then(|| html! { <p class="soft">{ format!("{} more are left out.", grouped(more as u64)) }</p> }) }
        </div>
    }
}

/// The chart, which of its three marks it has, and whether it has a line for the remembered timestamp. `None` if the
/// address has no clocks.
type Drawn = Rc<Option<(Figure, [bool; 3], bool)>>;

fn clocks(seen: &CaptureSeen, remote: &RemoteSeen, drawn: &Drawn, picked: usize, onchange: &Callback<Event>) -> Html {
    let option = |(index, remote): (usize, &RemoteSeen)| {
        html! { <option value={index.to_string()} selected={index == picked}>{ &remote.addr }</option> }
    };
    let picker = (seen.remotes.len() > 1).then(|| {
        html! {
            <label class="picker"><span>{ "Address" }</span>
                <select {onchange}>{ for seen.remotes.iter().take(MOST_ROWS).enumerate().map(option) }</select>
            </label>
        }
    });
    let lead = clocks_lead(remote);
    let body = match &**drawn {
        None => html! { <p class="soft">{ format!("No SYN from {} has a timestamp.", remote.addr) }</p> },
        Some((figure, [taken, refused, dropped], remembered)) => html! {
            <>
                <p class="chart-lead">{ &lead }</p>
                { figure.show(&lead, None) }
                <ul class="chart-key">
                    { for taken.then(|| sample("taken area", "M8 8m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0", "SYN \
                                                answered")) }
                    { for refused.then(|| sample("refused line", "M4 4L12 12M4 12L12 4", "SYN refused by recycle")) }
                    { for dropped.then(|| sample("dropped line", "M4 8a4 4 0 1 0 8 0a4 4 0 1 0 -8 0", "SYN without an \
                                                  answer, not explained")) }
                    { for remembered.then(|| sample("remembered line", "M0 8H16", "remembered timestamp, from the \
                                                     refusals")) }
                </ul>
            </>
        },
    };
    html! { <><div class="region-head"><h3>{ "Clocks" }</h3>{ for picker }</div>{ body }</> }
}
