//! Charts over the whole run: TIME_WAIT, connections, times to connect, and ports towards a database.

use sim_core::time::SimTime;
use yew::prelude::*;

use super::region::Region;
use crate::charts::figure::Figure;
use crate::hooks::use_width;
use lab::chart::over_time::{BINS_MS, OverTime, value_at};
use lab::plot::over_time as draw;
use lab::run::SharedRun;
use lab::text::charts as text;

/// The properties of [`OverTimeCharts`].
#[derive(Clone, PartialEq, Properties)]
pub struct OverTimeProps {
    /// The run.
    pub run: SharedRun,
    /// The position of the playhead.
    pub at: SimTime,
}

/// The parts that depend only on the run.
#[derive(PartialEq)]
struct Shown {
    data: OverTime,
    labels: [String; 3],
    ports: Option<String>,
    table: Html,
}

/// The drawings, which also depend on the width.
struct Drawings {
    charts: [Figure; 3],
    ports: Option<Figure>,
}

/// The charts.
#[component]
pub fn OverTimeCharts(props: &OverTimeProps) -> Html {
    let holder = use_node_ref();
    let whole = use_width(&holder) as i32;
    // Two charts side by side if there is room, as in the style sheet.
    let width = if whole >= TWO_PX { (whole - GAP_PX) / 2 } else { whole };
    let shown = use_memo(props.run.clone(), |run| {
        let data = OverTime::of(run);
        let labels = [text::time_wait(&data), text::connections(&data), text::took(&data)];
        Shown { ports: data.ports.as_ref().map(text::ports), labels, table: table(&data), data }
    });
    let drawings = use_memo((props.run.clone(), width), |_| Drawings {
        charts: [draw::time_wait, draw::connections, draw::took].map(|draw| draw(&shown.data, width).into()),
        ports: shown.data.ports.as_ref().map(|ports| draw::ports(&shown.data, ports, width).into()),
    });
    let playhead = Some((props.at, props.run.end()));
    let [time_wait, connections, took] = &drawings.charts;
    let [of_time_wait, of_connections, of_took] = &shown.labels;
    let part = |heading: &'static str, figure: &Figure, label: &str, playhead, key: Option<[&'static str; 2]>| {
        html! {
            <div class="chart-part">
                <h3>{ heading }</h3>
                { figure.show(label, playhead) }
                if let Some(key) = key {
                    { key_of(key) }
                }
                <p class="soft">{ label.to_owned() }</p>
            </div>
        }
    };
    let ports = drawings.ports.as_ref().zip(shown.ports.as_ref());
    html! {
        <Region id="over-time" heading={text::OVER_TIME}>
            <div class="chart-holder" ref={holder}>
                <div class="chart-parts">
                    { part(text::CONNECTIONS, connections, of_connections, playhead, Some(text::KEY_CONNECTIONS)) }
                    { part(text::TOOK, took, of_took, None, Some(text::KEY_TOOK)) }
                    { part(text::TIME_WAIT, time_wait, of_time_wait, playhead, None) }
                    if let Some((drawing, label)) = ports {
                        { part(text::PORTS, drawing, label, playhead, None) }
                    }
                </div>
                { shown.table.clone() }
            </div>
        </Region>
    }
}

/// The key for the filled and the hatched bars.
fn key_of([full, hatched]: [&'static str; 2]) -> Html {
    html! {
        <ul class="chart-key">
            <li><svg class="chart" width="16" height="16" aria-hidden="true">
                <path class="succeeded area" d="M2 2H14V14H2Z" /></svg>{ full }</li>
            <li><svg class="chart" width="16" height="16" aria-hidden="true">
                <path class="hatch line" d="M2 5H14M2 8H14M2 11H14" />
                <path class="refused line" d="M2 2H14V14H2Z" /></svg>{ hatched }</li>
        </ul>
    }
}

/// From this width on there are two charts in a row, with this gap between them. The style sheet has the same numbers.
const TWO_PX: i32 = 760;
const GAP_PX: i32 = 40;

fn table(data: &OverTime) -> Html {
    let seconds = data.bucket.as_millis() / 1_000;
    let row = |(index, bucket): (usize, &lab::chart::over_time::Bucket)| {
        let from = seconds * index as u64;
        let waiting = value_at(&data.time_wait, SimTime::from_secs(from + seconds).min(data.end));
        html! {
            <tr key={index}>
                <th scope="row">{ text::stretch(from, from + seconds) }</th>
                <td>{ bucket.succeeded }</td><td>{ bucket.refused }</td><td>{ bucket.failed }</td><td>{ waiting }</td>
            </tr>
        }
    };
    let bin = |(index, count): (usize, &u32)| {
        let from = draw::label(index);
        let to = (index + 1 < BINS_MS.len()).then(|| draw::label(index + 1));
        let text = if index == BINS_MS.len() { from } else { text::bin(&from, to.as_deref()) };
        html! { <tr key={index}><th scope="row">{ text }</th><td>{ count }</td></tr> }
    };
    html! {
        <details class="chart-table">
            <summary>{ text::AS_TABLES }</summary>
            <div class="scrolled" tabindex="0" role="group" aria-label={text::TABLES}>
                <table>
                    <thead><tr>
                        { for text::BUCKET_COLUMNS.map(|column| html! { <th scope="col">{ column }</th> }) }
                    </tr></thead>
                    <tbody>{ for data.buckets.iter().enumerate().map(row) }</tbody>
                </table>
                <table>
                    <thead><tr><th scope="col">{ text::TOOK }</th><th scope="col">{ text::ATTEMPTS }</th></tr></thead>
                    <tbody>{ for data.took.iter().chain([&data.never]).enumerate().map(bin) }</tbody>
                </table>
            </div>
        </details>
    }
}
