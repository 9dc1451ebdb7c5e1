//! The server's counters by the names that `nstat` prints.

use sim_core::kernel::mib::Counter;
use sim_core::time::SimTime;
use sim_core::trace::snapshot::{CounterRow, Snapshot};
use yew::prelude::*;

use super::Region;

/// The counters: those that matter here, and all that have moved. What rose at `marked` is marked.
pub fn counters(snapshot: &Snapshot, marked: Option<SimTime>) -> Html {
    let rows = snapshot.server.counters.iter().filter(|row| is_shown(row));
    Region::new("counters", "Counters").aside(html! { <code>{ "nstat" }</code> }).around(html! {
        <ul class="counters mono">{ for rows.map(|row| line(row, marked)) }</ul>
    })
}

fn line(row: &CounterRow, marked: Option<SimTime>) -> Html {
    let rose = (row.value > 0 && row.rose.is_some() && row.rose == marked).then_some(row.by.max(1));
    let class = classes!((row.value == 0).then_some("zero"), rose.map(|_| "rose"));
    html! {
        <li {class} key={row.counter.name()}>
            <span>{ format!("TcpExt{}", row.counter.name()) }</span>{ " " }
            <span class="value">{ row.value }</span>
            { for rose.map(|by| html! { <>{ " " }<span class="by">{ format!("(+{by})") }</span></> }) }
        </li>
    }
}

fn is_shown(row: &CounterRow) -> bool {
    let always = [Counter::PawsPassive, Counter::ListenDrops, Counter::ListenOverflows];
    row.value > 0 || always.contains(&row.counter)
}
