//! The server's counters by the names that `nstat` prints.

use sim_core::kernel::counter::Counter;
use sim_core::time::SimTime;
use sim_core::trace::snapshot::{CounterRow, Snapshot};
use yew::prelude::*;
use yew::virtual_dom::VText;

use super::Region;
use crate::format::moment;
use crate::markup::{Element, element, fragment};
use crate::state::Forked;

/// The counters: those that matter here, and all that have moved. What rose at `marked` is marked, and what came since
/// this run left the one before the last change is added up.
pub fn counters(snapshot: &Snapshot, marked: Option<SimTime>, forked: Option<&Forked>) -> Html {
    let forked = forked.filter(|forked| forked.at <= snapshot.at);
    let rows = snapshot.server.counters.iter().filter(|row| is_shown(row));
    let since = forked.map(|forked| {
        let since = format!("In brackets: since the change at {}.", moment(forked.at));
        element!("p", "class" = "soft").with(since).html()
    });
    let counters = element!("ul", "class" = "counters mono").with_each(rows.map(|row| line(row, marked, forked)));
    let aside = element!("code").with("nstat").html();
    let body = fragment(vec![counters.html(), since.unwrap_or_default()]);
    Region::new("counters", "Counters").aside(aside).around(body)
}

fn line(row: &CounterRow, marked: Option<SimTime>, forked: Option<&Forked>) -> Element {
    let rose = (row.value > 0 && row.rose.is_some() && row.rose == marked).then_some(row.by.max(1));
    let since = forked.map(|forked| since(row, &forked.before)).filter(|since| *since > 0);
    let by = match forked {
        Some(_) => since.map(|since| (format!("(+{since})"), format!("{since} since the change"))),
        None => rose.map(|by| (format!("(+{by})"), format!("{by} at this moment"))),
    };
    let class = match (row.value, rose) {
        (0, _) => Some("zero"),
        (_, rose) => rose.map(|_| "rose"),
    };
    let by = by.map(|(text, title)| {
        let by = element!("span", "title" = title, "class" = "by").with(text);
        fragment(vec![VText::new(" ").into(), by.html()])
    });
    element!("li", "class" = class)
        .key(row.counter.name())
        .with(element!("span").with(format!("TcpExt{}", row.counter.name())))
        .with(" ")
        .with(element!("span", "class" = "value").with(row.value.to_string()))
        .with(by)
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
