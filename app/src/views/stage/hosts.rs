//! The hosts that call the server: name, running clock, kind of machine, and the wait for the next try.

use sim_core::time::SimTime;
use sim_core::trace::NodeId;
use sim_core::trace::snapshot::{ClientView, Phase, Snapshot};
use yew::prelude::*;

use super::layout::{Form, HostPlace, Layout, Point};
use super::words::Anchor::{End, Start};
use super::words::{px, words};
use crate::format::{grouped, span};
use crate::run::Run;
use crate::text;

/// A host whose SYN was refused, until it tries again.
struct Wait {
    since: SimTime,
    until: SimTime,
}

/// All hosts; `refused` is the one whose SYN stands at the server's door.
pub fn draw(run: &Run, snapshot: &Snapshot, layout: &Layout, refused: Option<NodeId>) -> Html {
    let host = |place: &HostPlace| {
        let client = snapshot.client(place.node)?;
        let wait = wait(client);
        let tint = run.tint_class(place.node);
        let class = classes!("host", tint, (refused == Some(place.node)).then_some("is-refused"));
        let rect = place.rect;
        Some(html! {
            <g {class} key={place.node.0}>
                <rect x={px(rect.x)} y={px(rect.y)} width={px(rect.w)} height={px(rect.h)} rx="8" />
                { rows(run, snapshot.at, layout, place, client, wait.as_ref()) }
                { for wait.map(|wait| ring(&wait, snapshot.at, layout.form, place)) }
            </g>
        })
    };
    html! { <g class="hosts">{ for layout.hosts.iter().filter_map(host) }</g> }
}

fn rows(run: &Run, now: SimTime, layout: &Layout, place: &HostPlace, client: &ClientView, wait: Option<&Wait>) -> Html {
    let rect = place.rect;
    let name = run.name(place.node);
    let clock = client.tsval.map_or_else(|| "no timestamp".to_owned(), |tsval| grouped(u64::from(tsval.0)));
    let (state_class, state) = match (wait, layout.form) {
        (Some(wait), _) => ("loud", format!("again in {}", span(wait.until.since(now)))),
        (None, Form::Wide) => ("f", text::machine(run, client, now)),
        (None, Form::Tall) => ("f", text::kernel(client.kernel)),
    };
    let (x, right, y) = (rect.x + 12.0, rect.right() - 12.0, rect.y);
    match layout.form {
        Form::Wide => {
            let first = y + if layout.roomy { 18.0 } else { rect.h / 2.0 + 5.0 };
            html! {
                <>
                    { words("name", x, first, Start, name) }
                    { words("m clock", right, first, End, clock) }
                    { for layout.roomy.then(|| words(state_class, x, y + 34.0, Start, state)) }
                </>
            }
        }
        Form::Tall => html! {
            <>
                { words("name", x - 3.0, y + 19.0, Start, name) }
                { words("m clock", x - 3.0, y + 37.0, Start, clock) }
                { words(state_class, x - 3.0, y + 54.0, Start, state) }
            </>
        },
    }
}

/// The retry timer: a ring that runs out.
fn ring(wait: &Wait, now: SimTime, form: Form, place: &HostPlace) -> Html {
    let rect = place.rect;
    let (Point { x, y }, radius) = match form {
        Form::Wide => (Point { x: rect.right() + 20.0, y: rect.center().y }, 10.0),
        Form::Tall => (Point { x: rect.right() - 15.0, y: rect.y + 14.0 }, 7.0),
    };
    let (whole, left) = (wait.until.since(wait.since), wait.until.since(now));
    let share = (left.as_secs_f64() / whole.as_secs_f64().max(1e-6)).clamp(0.0, 1.0);
    let (x, y, radius) = (px(x), px(y), px(radius));
    html! {
        <g class="ring">
            <circle class="whole" cx={x.clone()} cy={y.clone()} r={radius.clone()} />
            <circle class="left" pathLength="100" stroke-dasharray={format!("{} 100", px(share * 100.0))}
                transform={format!("rotate(-90 {x} {y})")} cx={x} cy={y} r={radius} />
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
