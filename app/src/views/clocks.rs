//! The chart of the clocks behind one address, and of the timestamps that the server remembers.

use std::net::Ipv4Addr;

use sim_core::time::SimTime;
use yew::prelude::*;

use super::region::Region;
use crate::charts::figure::Figure;
use crate::hooks::{InHtml, use_drawn_widths};
use crate::platform::HAS_BROWSER;
use crate::platform::element::chosen;
use lab::chart::clocks::{Clocks, HostClock, Verdict, addresses, tsval};
use lab::plot;
use lab::run::{Run, SharedRun};
use lab::text::charts as text;
use sim_core::words::grouped;

/// Phones, and windows of 1440 px or more.
const IN_HTML: InHtml = InHtml { place: ".chart-holder", widths: &[("narrow", 358.0), ("wide", 576.0)] };

/// The properties of the view.
#[derive(Clone, PartialEq, Properties)]
pub struct ClocksProps {
    /// The run.
    pub run: SharedRun,
    /// The moment of the playhead.
    pub at: SimTime,
}

/// The chart of clocks.
#[component]
pub fn ClocksChart(props: &ClocksProps) -> Html {
    let picked = use_state_eq(|| None::<Ipv4Addr>);
    let all = use_memo(props.run.clone(), |run| addresses(run));
    let address = picked.filter(|picked| all.contains(picked)).or_else(|| all.first().copied());
    let onchange = {
        let picked = picked.clone();
        Callback::from(move |event: Event| picked.set(chosen(&event).and_then(|text| text.parse().ok())))
    };
    let option = |other: &Ipv4Addr| {
        html! { <option value={other.to_string()} selected={Some(*other) == address}>{ other.to_string() }</option> }
    };
    let aside = html! {
        if all.len() > 1 {
            <label class="picker"><span>{ text::ADDRESS }</span>
                <select {onchange}>{ for all.iter().map(option) }</select>
            </label>
        }
    };
    let holder = use_node_ref();
    let widths = use_drawn_widths(&holder, IN_HTML);
    let shown = use_memo((props.run.clone(), address), |(run, address)| {
        address.map(|address| {
            let data = Clocks::of(run, address);
            Shown {
                lead: text::clocks_lead(&data),
                label: text::clocks(run, &data),
                key: key(&data),
                table: table(run, &data),
                data,
            }
        })
    });
    let figures = use_memo((props.run.clone(), address, widths.clone()), |(run, _, widths)| {
        let drawn = |shown: &Shown| -> Vec<Figure> {
            widths.iter().map(|(_, width)| plot::clocks::clocks(run, &shown.data, *width as i32).into()).collect()
        };
        (*shown).as_ref().map(drawn)
    });
    let chart = |figures: &[Figure], shown: &Shown| {
        let mut charts = figures.iter().map(|figure| figure.show(&shown.label, Some((props.at, props.run.end()))));
        if HAS_BROWSER {
            return charts.next().unwrap_or_default();
        }
        let charts = widths.iter().zip(charts).map(|((class, _), chart)| html! { <div class={*class}>{ chart }</div> });
        html! { <div class="chart-in-html in-html">{ for charts }</div> }
    };
    let body = match (&*shown, &*figures) {
        (Some(shown), Some(figures)) => html! {
            <>
                <p class="chart-lead">{ &shown.lead }</p>
                { chart(figures, shown) }
                { shown.key.clone() }
                { shown.table.clone() }
            </>
        },
        _ => html! { <p class="soft">{ text::NO_SYN }</p> },
    };
    html! {
        <Region id="clocks" heading="Clocks" {aside}>
            <div class="chart-holder" ref={holder}>{ body }</div>
        </Region>
    }
}

/// The parts that depend only on the run and the address, not on the playhead.
#[derive(PartialEq)]
struct Shown {
    data: Clocks,
    lead: String,
    label: String,
    key: Html,
    table: Html,
}

/// The legend. It lists only marks that the chart contains.
fn key(data: &Clocks) -> Html {
    let taken = (data.count(Verdict::Taken) > 0)
        .then(|| sample("taken area", "M8 8m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0", text::SYN_ACCEPTED));
    let refused =
        (data.count(Verdict::Refused) > 0).then(|| sample("refused line", "M4 4L12 12M4 12L12 4", text::SYN_REFUSED));
    let dropped = (data.count(Verdict::Dropped) > 0)
        .then(|| sample("dropped line", "M4 8a4 4 0 1 0 8 0a4 4 0 1 0 -8 0", text::SYN_DROPPED));
    let counts =
        data.steps.iter().any(|step| step.counts).then(|| sample("remembered line", "M0 8H16", text::REMEMBERED));
    let idle = data.steps.iter().any(|step| !step.counts);
    let idle = idle.then(|| sample("idle line", "M0 8H16", text::REMEMBERED_IDLE));
    let unnamed = plot::clocks::unnamed(data);
    let unnamed = (unnamed > 0).then(|| html! { <li>{ text::unnamed(data.hosts.len(), unnamed) }</li> });
    html! {
        <ul class="chart-key">
            { for taken }{ for refused }{ for dropped }{ for counts }{ for idle }{ for unnamed }
        </ul>
    }
}

/// An entry of the legend: a mark and its meaning.
pub fn sample(class: &'static str, d: &'static str, words: &'static str) -> Html {
    html! {
        <li><svg class="chart" width="16" height="16" aria-hidden="true"><path {class} {d} /></svg>{ words }</li>
    }
}

fn table(run: &Run, data: &Clocks) -> Html {
    let row = |host: &HostClock| {
        html! {
            <tr key={host.host.0}>
                <th scope="row">{ run.name(host.host) }</th>
                { for clock(host).into_iter().map(|text| html! { <td>{ text }</td> }) }
                <td>{ host.count(Verdict::Taken) }</td>
                <td>{ host.count(Verdict::Refused) }</td>
                <td>{ furthest(data, host) }</td>
            </tr>
        }
    };
    html! {
        <details class="chart-table">
            <summary>{ text::TABLE }</summary>
            <div class="scrolled" tabindex="0" role="group" aria-label={text::TABLE_LABEL}>
                <table>
                    <thead><tr>{ for text::TABLE_COLUMNS.map(|name| html! { <th scope="col">{ name }</th> }) }</tr></thead>
                    <tbody>{ for data.hosts.iter().map(row) }</tbody>
                </table>
            </div>
        </details>
    }
}

/// The timestamps of the first and the last SYN of a host.
fn clock(host: &HostClock) -> [String; 2] {
    let text =
        |value: Option<i64>| value.map_or_else(|| text::NO_VALUE.to_owned(), |value| grouped(u64::from(tsval(value))));
    [host.syns.first(), host.syns.last()].map(|syn| text(syn.and_then(|syn| syn.value)))
}

/// The largest distance, in ticks, by which a refused SYN was behind the remembered timestamp.
fn furthest(data: &Clocks, host: &HostClock) -> String {
    let refused = host.syns.iter().filter(|syn| syn.verdict == Verdict::Refused);
    let behind = refused.filter_map(|syn| Some(data.remembered(syn.at)?.value - syn.value?)).max();
    behind.map_or_else(String::new, |behind| grouped(behind.unsigned_abs()))
}
