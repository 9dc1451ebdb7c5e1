//! The hosts that call the server: name, running clock, kind of machine, and the wait for the next try.

use core::f64::consts::TAU;

use sim_core::time::{SimTime, Span};
use sim_core::trace::snapshot::{ClientView, Phase, Snapshot};
use yew::prelude::*;

use super::layout::{Form, HostPlace, Layout, Point};
use crate::format::{grouped, span};
use crate::run::Run;
use crate::text;

/// A host whose SYN was refused, until it tries again.
struct Wait {
    since: SimTime,
    until: SimTime,
}

/// All hosts.
pub fn draw(run: &Run, snapshot: &Snapshot, layout: &Layout) -> Html {
    let client = |place: &HostPlace| snapshot.clients.iter().find(|client| client.node == place.node);
    html! { <g class="hosts">{ for layout.hosts.iter().filter_map(|place| Some(host(run, snapshot, layout, place, client(place)?))) }</g> }
}

fn host(run: &Run, snapshot: &Snapshot, layout: &Layout, place: &HostPlace, client: &ClientView) -> Html {
    let rect = place.rect;
    let wait = wait(client);
    let class = classes!("host", run.tint_class(place.node), wait.is_some().then_some("waits"));
    let clock = client.tsval.map_or_else(|| "no timestamp".to_owned(), |tsval| grouped(u64::from(tsval.0)));
    let second = match &wait {
        Some(wait) => html! { { format!("again in {}", span(wait.until.since(snapshot.at))) } },
        None => html! { { text::machine(run, client, snapshot.at) } },
    };
    let second_class = if wait.is_some() { "m loud" } else { "f" };
    let (x, y) = (rect.x + 12.0, rect.y);
    let rows = match layout.form {
        Form::Wide if layout.roomy => html! {
            <>
                <text class="name" x={px(x)} y={px(y + 18.0)}>{ run.name(place.node) }</text>
                <text class="m clock" x={px(rect.right() - 12.0)} y={px(y + 18.0)} text-anchor="end">{ clock }</text>
                <text class={second_class} x={px(x)} y={px(y + 34.0)}>{ second }</text>
            </>
        },
        Form::Wide => html! {
            <>
                <text class="name" x={px(x)} y={px(y + 20.0)}>{ run.name(place.node) }</text>
                <text class="m clock" x={px(rect.right() - 12.0)} y={px(y + 20.0)} text-anchor="end">{ clock }</text>
            </>
        },
        Form::Tall => html! {
            <>
                <text class="name" x={px(x - 3.0)} y={px(y + 19.0)}>{ run.name(place.node) }</text>
                <text class="m clock" x={px(x - 3.0)} y={px(y + 37.0)}>{ clock }</text>
                <text class={second_class} x={px(x - 3.0)} y={px(y + 54.0)}>{ if wait.is_some() { second } else { text::machine_short(client).into() } }</text>
            </>
        },
    };
    let ring_at = match layout.form {
        Form::Wide => Point { x: rect.right() + 20.0, y: rect.center().y },
        Form::Tall => Point { x: rect.right() - 15.0, y: rect.y + 14.0 },
    };
    let radius = if layout.form == Form::Wide { 10.0 } else { 7.0 };
    html! {
        <g {class} key={place.node.0}>
            <rect x={px(rect.x)} y={px(rect.y)} width={px(rect.w)} height={px(rect.h)} rx="8" />
            { rows }
            { for wait.map(|wait| ring(&wait, snapshot.at, ring_at, radius)) }
        </g>
    }
}

/// The retry timer: a ring that runs out.
fn ring(wait: &Wait, now: SimTime, at: Point, radius: f64) -> Html {
    let (whole, left) = (wait.until.since(wait.since), wait.until.since(now));
    let share = (left.as_secs_f64() / whole.as_secs_f64().max(1e-6)).clamp(0.001, 0.999);
    let angle = share * TAU;
    let (end_x, end_y) = (at.x + radius * angle.sin(), at.y - radius * angle.cos());
    let large = u8::from(share > 0.5);
    let arc = format!("M{:.1} {:.1}A{radius} {radius} 0 {large} 1 {end_x:.2} {end_y:.2}", at.x, at.y - radius);
    html! {
        <g class="ring">
            <circle cx={px(at.x)} cy={px(at.y)} r={px(radius)} />
            <path d={arc} />
        </g>
    }
}

fn wait(client: &ClientView) -> Option<Wait> {
    let Phase::Connecting { connection, next_retry: Some(until), refused: 1.., since, .. } = client.phase else {
        return None;
    };
    let timer = client.open.iter().find(|open| open.connection == connection).and_then(|open| open.timer);
    Some(Wait { since: timer.map_or(since, |timer| timer.set), until })
}

/// A coordinate as an attribute.
pub fn px(number: f64) -> String {
    format!("{number:.1}")
}

/// So long a mapping counts as in use after its last segment.
pub const RECENT: Span = Span::from_millis(60);
