//! The server's counters, with the names that `nstat` prints.

use sim_core::kernel::counter::Counter;
use sim_core::time::SimTime;
use sim_core::trace::snapshot::{CounterRow, Snapshot};
use yew::prelude::*;

use super::region::Region;
use lab::state::Forked;
use lab::text::counters as text;

/// The counters that matter in this lab, and all others that have changed. The increments of the moment `marked` are
/// highlighted. With `forked`, the increments since the runs differ are added up.
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

/// The increment of a counter since `before`. A reboot in between resets it to 0.
fn since(row: &CounterRow, before: &Snapshot) -> u64 {
    let then = before.server.counters.iter().find(|other| other.counter == row.counter);
    row.value.saturating_sub(then.map_or(0, |then| then.value))
}

fn is_shown(row: &CounterRow) -> bool {
    let always = [Counter::PawsPassive, Counter::ListenDrops, Counter::ListenOverflows];
    row.value > 0 || always.contains(&row.counter)
}
