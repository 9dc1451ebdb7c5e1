//! The NAT with its mappings, and the server with what it remembers.

use core::cmp::Reverse;

use sim_core::kernel::state::State;
use sim_core::time::Span;
use sim_core::trace::query::RefusedSyn;
use sim_core::trace::snapshot::{MappingRow, Remembered, Snapshot};
use yew::prelude::*;

use super::layout::{Form, Layout, Point, Rect};
use super::words::Anchor::{self, End, Start};
use super::words::{px, words};
use crate::format::grouped;
use crate::plan::{Key, Settings};
use crate::run::Run;
use crate::text;

/// So long a mapping counts as in use after its last segment.
const IN_USE: Span = Span::from_millis(60);

/// The NAT: its public address, and which port stands for whom.
pub fn nat(run: &Run, snapshot: &Snapshot, layout: &Layout, refused: Option<&RefusedSyn>) -> Html {
    let Some(nat) = &snapshot.nat else { return Html::default() };
    let rect = layout.nat;
    let address = run.node(nat.node).map(|node| node.addr.to_string()).unwrap_or_default();
    let (left, right) = (rect.x + 12.0, rect.right() - 12.0);
    let shown = latest(&nat.mappings, layout.mappings);
    let row = |(index, mapping): (usize, &&MappingRow)| {
        let y = rect.y + 58.0 + index as f64 * 20.0;
        let is_refused = refused.is_some_and(|refused| refused.connection == mapping.connection);
        let in_use = is_refused || snapshot.at.since(mapping.used) < IN_USE;
        let tint = mapping.host.map(|host| run.tint_class(host));
        html! {
            <g class={classes!("mapping", in_use.then_some("in-use"), tint)} key={mapping.outside.port}>
                { words("m", left, y, Start, format!(":{}", mapping.outside.port)) }
                { words("who", right, y, End, mapping.host.map_or("", |host| run.name(host))) }
            </g>
        }
    };
    html! {
        <g class="nat">
            <rect x={px(rect.x)} y={px(rect.y)} width={px(rect.w)} height={px(rect.h)} rx="10" />
            { words("name", left, rect.y + 24.0, Start, "NAT") }
            { words("m", right, rect.y + 24.0, End, address) }
            <path class="rule" d={format!("M{left} {}H{right}", rect.y + 36.0)} />
            { for shown.iter().enumerate().map(row) }
            { words("f", left, rect.bottom() - 12.0, Start, "clocks unchanged") }
        </g>
    }
}

/// The server: what it runs, what it remembers for the shared address, its switches and its sockets.
pub fn server(run: &Run, snapshot: &Snapshot, settings: &Settings, layout: &Layout, refuses: bool) -> Html {
    let rect = layout.server;
    let gate = html! {
        <path class={classes!("gate", refuses.then_some("shut"))} d={gate(layout.form, &rect, layout.trunk.at(1.0))} />
    };
    html! {
        <g class="server">
            <rect x={px(rect.x)} y={px(rect.y)} width={px(rect.w)} height={px(rect.h)} rx="10" />
            { for (settings.recycle == Some(1)).then_some(gate) }
            { match layout.form {
                Form::Wide => wide(run, snapshot, settings, &rect),
                Form::Tall => tall(run, snapshot, settings, &rect),
            } }
        </g>
    }
}

fn wide(run: &Run, snapshot: &Snapshot, settings: &Settings, rect: &Rect) -> Html {
    let x = rect.x + 20.0;
    let line = |y: f64, class: &'static str, text: String| words(class, x, rect.y + y, Start, text);
    let (remembered, shared) = shared_memory(run, snapshot);
    let [waiting, open] = sockets(snapshot);
    html! {
        <>
            { line(28.0, "name", run.name(snapshot.server.node).to_owned()) }
            { line(48.0, "m s", address(run, snapshot)) }
            { line(68.0, "f", text::kernel(snapshot.server.kernel)) }
            { line(100.0, "f", "remembers for".to_owned()) }
            { line(120.0, "m", shared) }
            { match remembered {
                Some(remembered) => html! {
                    <>
                        { clock(run, remembered, x, rect.y + 144.0, Start) }
                        { line(164.0, "f", text::written_by(run, remembered)) }
                    </>
                },
                None => line(144.0, "f", "no clock".to_owned()),
            } }
            { line(200.0, "m s", switches(settings)) }
            { line(228.0, "m s", waiting) }
            { line(248.0, "m s", open) }
        </>
    }
}

fn tall(run: &Run, snapshot: &Snapshot, settings: &Settings, rect: &Rect) -> Html {
    let (x, right_x) = (rect.x + 16.0, rect.right() - 16.0);
    let line = |y: f64, class: &'static str, text: String| words(class, x, rect.y + y, Start, text);
    let right = |y: f64, class: &'static str, text: String| words(class, right_x, rect.y + y, End, text);
    let (remembered, shared) = shared_memory(run, snapshot);
    html! {
        <>
            { line(28.0, "name", run.name(snapshot.server.node).to_owned()) }
            { right(28.0, "m s", address(run, snapshot)) }
            { line(50.0, "f", text::kernel(snapshot.server.kernel)) }
            { right(50.0, "m s", switches(settings)) }
            { line(80.0, "f", format!("remembers for {shared}")) }
            { match remembered {
                Some(remembered) => html! {
                    <>
                        { clock(run, remembered, right_x, rect.y + 80.0, End) }
                        { line(100.0, "f", text::written_by(run, remembered)) }
                    </>
                },
                None => right(80.0, "f", "no clock".to_owned()),
            } }
            { line(132.0, "m s", sockets(snapshot).join(", ")) }
        </>
    }
}

/// What is remembered for the address that several hosts share, and that address.
fn shared_memory<'a>(run: &Run, snapshot: &'a Snapshot) -> (Option<&'a Remembered>, String) {
    let shared = run.scenario.nat.as_ref().map(|nat| nat.addr);
    let remembered = snapshot.server.remembered.iter().find(|remembered| Some(remembered.peer) == shared);
    (remembered, shared.map(|shared| shared.to_string()).unwrap_or_default())
}

fn clock(run: &Run, remembered: &Remembered, x: f64, y: f64, anchor: Anchor) -> Html {
    let tint = remembered.written_by.map(|host| run.tint_class(host));
    let class = classes!("m", "remembered", tint, (!remembered.counts).then_some("old"));
    words(class, x, y, anchor, grouped(u64::from(remembered.tsval.0)))
}

/// How many sockets the server has, by what matters here.
fn sockets(snapshot: &Snapshot) -> [String; 2] {
    let sockets = &snapshot.server.sockets;
    let waiting = sockets.iter().filter(|socket| socket.state == State::TimeWait).count();
    [format!("{waiting} TIME-WAIT"), format!("{} open", sockets.len() - waiting)]
}

fn switches(settings: &Settings) -> String {
    let shown = [Key::Recycle, Key::Reuse].into_iter();
    let shown = shown.filter_map(|key| Some(format!("{} {}", key.short(), settings.value(key)?)));
    shown.collect::<Vec<_>>().join("  ")
}

fn address(run: &Run, snapshot: &Snapshot) -> String {
    let node = run.node(snapshot.server.node);
    node.map(|node| format!("{}:{}", node.addr, run.scenario.server.port)).unwrap_or_default()
}

/// The bar across the server's door.
fn gate(form: Form, rect: &Rect, end: Point) -> String {
    match form {
        Form::Wide => format!("M{} {}V{}", rect.x, end.y - 22.0, end.y + 22.0),
        Form::Tall => format!("M{} {}H{}", end.x - 22.0, rect.y, end.x + 22.0),
    }
}

/// The mappings used last, in the order in which they were opened.
fn latest(mappings: &[MappingRow], most: usize) -> Vec<&MappingRow> {
    let mut latest: Vec<(usize, &MappingRow)> = mappings.iter().enumerate().collect();
    latest.sort_by_key(|(_, mapping)| Reverse(mapping.used));
    latest.truncate(most);
    latest.sort_by_key(|(order, _)| *order);
    latest.into_iter().map(|(_, mapping)| mapping).collect()
}
