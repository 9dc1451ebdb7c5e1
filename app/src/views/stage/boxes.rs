//! The NAT with its mappings, and the server with what it remembers.

use sim_core::kernel::state::State;
use sim_core::trace::query::RefusedSyn;
use sim_core::trace::snapshot::{MappingRow, Remembered, Snapshot};
use yew::prelude::*;

use super::hosts::{RECENT, px};
use super::layout::{Form, Layout, Point, Rect};
use crate::format::grouped;
use crate::plan::{Key, Settings};
use crate::run::Run;
use crate::text;

/// The NAT: its public address, and which port stands for whom.
pub fn nat(run: &Run, snapshot: &Snapshot, layout: &Layout, refused: Option<&RefusedSyn>) -> Html {
    let Some(nat) = &snapshot.nat else { return Html::default() };
    let rect = layout.nat;
    let address = run.node(nat.node).map(|node| node.addr.to_string()).unwrap_or_default();
    let (left, right) = (rect.x + 12.0, rect.right() - 12.0);
    let shown = latest(&nat.mappings, layout.mappings);
    let more = nat.mappings.len().saturating_sub(shown.len());
    let row = |(index, mapping): (usize, &&MappingRow)| {
        let y = px(rect.y + 58.0 + index as f64 * 20.0);
        let in_use = snapshot.at.since(mapping.used) < RECENT
            || refused.is_some_and(|refused| refused.connection == mapping.connection);
        let host = mapping.host.map_or("", |host| run.name(host));
        let tint = mapping.host.map(|host| run.tint_class(host));
        html! {
            <g class={classes!("mapping", in_use.then_some("in-use"), tint)} key={mapping.outside.port}>
                <text class="m" x={px(left)} y={y.clone()}>{ format!(":{}", mapping.outside.port) }</text>
                <text class="who" x={px(right)} {y} text-anchor="end">{ host }</text>
            </g>
        }
    };
    html! {
        <g class="nat">
            <rect x={px(rect.x)} y={px(rect.y)} width={px(rect.w)} height={px(rect.h)} rx="10" />
            <text class="name" x={px(left)} y={px(rect.y + 24.0)}>{ "NAT" }</text>
            <text class="m" x={px(right)} y={px(rect.y + 24.0)} text-anchor="end">{ address }</text>
            <path class="rule" d={format!("M{left} {y}H{right}", y = rect.y + 36.0)} />
            { for shown.iter().enumerate().map(row) }
            <text class="f" x={px(left)} y={px(rect.bottom() - 12.0)}>{ "clocks unchanged" }</text>
            { for (more > 0 && layout.form == Form::Wide).then(|| html! {
                <text class="f" x={px(right)} y={px(rect.bottom() - 12.0)} text-anchor="end">{ format!("+{more}") }</text>
            }) }
        </g>
    }
}

/// The server: what it runs, what it remembers for the shared address, its switches and its sockets.
pub fn server(run: &Run, snapshot: &Snapshot, settings: &Settings, layout: &Layout, refuses: bool) -> Html {
    let server = &snapshot.server;
    let rect = layout.server;
    let node = run.node(server.node);
    let address = node.map(|node| format!("{}:{}", node.addr, run.scenario.server.port)).unwrap_or_default();
    let shared = run.scenario.nat.as_ref().map(|nat| nat.addr);
    let remembered = server.remembered.iter().find(|remembered| Some(remembered.peer) == shared);
    let guards = settings.recycle == Some(1);
    let gate = gate(layout.form, &rect, layout.trunk.at(1.0));
    html! {
        <g class="server">
            <rect x={px(rect.x)} y={px(rect.y)} width={px(rect.w)} height={px(rect.h)} rx="10" />
            { for guards.then(|| html! { <path class={classes!("gate", refuses.then_some("shut"))} d={gate} /> }) }
            { match layout.form {
                Form::Wide => html! {
                    <>
                        { line(&rect, 28.0, "name", run.name(server.node)) }
                        { line(&rect, 48.0, "m s", &address) }
                        { line(&rect, 68.0, "f", &text::kernel(server.kernel)) }
                        { memory_wide(run, &rect, remembered, shared.map(|addr| addr.to_string())) }
                        { line(&rect, 200.0, "m s", &switches(settings)) }
                        { sockets(snapshot, rect.x + 20.0, rect.y + 228.0, 20.0) }
                    </>
                },
                Form::Tall => tall(run, snapshot, settings, &rect, &address, remembered),
            } }
        </g>
    }
}

fn tall(
    run: &Run,
    snapshot: &Snapshot,
    settings: &Settings,
    rect: &Rect,
    address: &str,
    remembered: Option<&Remembered>,
) -> Html {
    let right = |y: f64, class: &'static str, text: String| html! { <text {class} x={px(rect.right() - 16.0)} y={px(rect.y + y)} text-anchor="end">{ text }</text> };
    html! {
        <>
            { line(rect, 28.0, "name", run.name(snapshot.server.node)) }
            { right(28.0, "m s", address.to_owned()) }
            { line(rect, 50.0, "f", &text::kernel(snapshot.server.kernel)) }
            { right(50.0, "m s", switches(settings)) }
            { match remembered {
                Some(remembered) => html! {
                    <>
                        { line(rect, 80.0, "f", &format!("remembers for {}", remembered.peer)) }
                        { clock(run, remembered, rect.right() - 16.0, rect.y + 80.0, "end") }
                        { line(rect, 100.0, "f", &text::written_by(run, remembered)) }
                    </>
                },
                None => line(rect, 80.0, "f", "remembers no clock"),
            } }
            { sockets(snapshot, rect.x + 16.0, rect.y + 132.0, 0.0) }
        </>
    }
}

fn memory_wide(run: &Run, rect: &Rect, remembered: Option<&Remembered>, shared: Option<String>) -> Html {
    html! {
        <>
            { line(rect, 100.0, "f", if remembered.is_some() { "remembers for" } else { "remembers no clock for" }) }
            { for shared.map(|shared| line(rect, 120.0, "m", &shared)) }
            { for remembered.map(|remembered| html! {
                <>
                    { clock(run, remembered, rect.x + 20.0, rect.y + 144.0, "start") }
                    { line(rect, 164.0, "f", &text::written_by(run, remembered)) }
                </>
            }) }
        </>
    }
}

fn clock(run: &Run, remembered: &Remembered, x: f64, y: f64, anchor: &'static str) -> Html {
    let tint = remembered.written_by.map(|host| run.tint_class(host));
    let class = classes!("m", "remembered", tint, (!remembered.counts).then_some("old"));
    html! { <text {class} x={px(x)} y={px(y)} text-anchor={anchor}>{ grouped(u64::from(remembered.tsval.0)) }</text> }
}

/// How many sockets the server has, by what matters here.
fn sockets(snapshot: &Snapshot, x: f64, y: f64, below: f64) -> Html {
    let count =
        |wanted: fn(State) -> bool| snapshot.server.sockets.iter().filter(|socket| wanted(socket.state)).count();
    let waiting = count(|state| state == State::TimeWait);
    let other = count(|state| state != State::TimeWait);
    let first = format!("{waiting} TIME-WAIT");
    let second = format!("{other} open");
    if below == 0.0 {
        return html! { <text class="m s" x={px(x)} y={px(y)}>{ format!("{first}, {second}") }</text> };
    }
    html! {
        <>
            <text class="m s" x={px(x)} y={px(y)}>{ first }</text>
            <text class="m s" x={px(x)} y={px(y + below)}>{ second }</text>
        </>
    }
}

fn switches(settings: &Settings) -> String {
    let shown = [Key::Recycle, Key::Reuse]
        .into_iter()
        .filter_map(|key| Some(format!("{} {}", key.short(), settings.value(key)?)));
    shown.collect::<Vec<_>>().join("  ")
}

fn line(rect: &Rect, y: f64, class: &'static str, text: &str) -> Html {
    let inset = if rect.w > 240.0 { 16.0 } else { 20.0 };
    html! { <text {class} x={px(rect.x + inset)} y={px(rect.y + y)}>{ text }</text> }
}

/// The bar across the server's door.
fn gate(form: Form, rect: &Rect, end: Point) -> String {
    match form {
        Form::Wide => format!("M{x} {}V{}", end.y - 22.0, end.y + 22.0, x = rect.x),
        Form::Tall => format!("M{} {y}H{}", end.x - 22.0, end.x + 22.0, y = rect.y),
    }
}

/// The mappings used last, in the order in which they were opened.
fn latest(mappings: &[MappingRow], most: usize) -> Vec<&MappingRow> {
    let mut latest: Vec<(usize, &MappingRow)> = mappings.iter().enumerate().collect();
    latest.sort_by_key(|(_, mapping)| core::cmp::Reverse(mapping.used));
    latest.truncate(most);
    latest.sort_by_key(|(order, _)| *order);
    latest.into_iter().map(|(_, mapping)| mapping).collect()
}
