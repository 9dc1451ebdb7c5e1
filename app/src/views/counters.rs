//! The server's counters by the names that `nstat` prints.

use sim_core::kernel::counter::Counter;
use sim_core::time::SimTime;
use sim_core::trace::snapshot::{CounterRow, Snapshot};
use yew::prelude::*;

use super::region::Region;
use lab::state::Forked;
use lab::text::counters as text;

/// The counters: those that matter here, and all that have moved. What rose at `marked` is marked, and what came since
/// this run left the one before the last change is added up.
pub fn counters(snapshot: &Snapshot, marked: Option<SimTime>, forked: Option<&Forked>) -> Html {
    let forked = forked.filter(|forked| forked.at <= snapshot.at);
    let rows = snapshot.server.counters.iter().filter(|row| is_shown(row));
    let aside = html! { <code>{ "nstat" }</code> };
    html! {
        <Region id="counters" heading={text::HEADING} {aside}>
            <ul class="counters mono">{ for rows.map(|row| line(row, marked, forked)) }</ul>
            if let Some(forked) = forked {
                <p class="soft">{ text::brackets(forked.at) }</p>
            }
        </Region>
    }
}

fn line(row: &CounterRow, marked: Option<SimTime>, forked: Option<&Forked>) -> Html {
    let rose = (row.value > 0 && row.rose.is_some() && row.rose == marked).then_some(row.by.max(1));
    let since = forked.map(|forked| since(row, &forked.before)).filter(|since| *since > 0);
    let by = match forked {
        Some(_) => since.map(|since| (format!("(+{since})"), text::since_change(since))),
        None => rose.map(|by| (format!("(+{by})"), text::now(by))),
    };
    let class = match (row.value, rose) {
        (0, _) => Some("zero"),
        (_, rose) => rose.map(|_| "rose"),
    };
    html! {
        <li {class} key={row.counter.name()}>
            <span>{ format!("TcpExt{}", row.counter.name()) }</span>
            { " " }
            <span class="value">{ row.value }</span>
            if let Some((text, title)) = by {
                { " " }<span {title} class="by">{ text }</span>
            }
        </li>
    }
}

/// By how much a counter has risen since `before`. A reboot in between sets it to zero.
fn since(row: &CounterRow, before: &Snapshot) -> u64 {
    let then = before.server.counters.iter().find(|other| other.counter == row.counter);
    row.value.saturating_sub(then.map_or(0, |then| then.value))
}

fn is_shown(row: &CounterRow) -> bool {
    let always = [Counter::PawsPassive, Counter::ListenDrops, Counter::ListenOverflows];
    row.value > 0 || always.contains(&row.counter)
}
