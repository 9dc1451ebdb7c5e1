//! The clients: name, running clock, kind of machine, and the wait for the next retry.

use super::words::{draw_all, outline};
use lab::format::tenths;
use lab::geometry::Point;
use lab::stage::host_text::rows;
use lab::stage::layout::{Form, HostPlace};
use lab::stage::scene::Scene;
use lab::stage::wait::{Wait, wait};
use sim_core::time::SimTime;
use yew::prelude::*;

/// All hosts that are drawn one by one.
pub fn draw(scene: &Scene) -> Html {
    let refused = scene.refused.and_then(|refused| refused.host);
    let host = |place: &HostPlace| {
        let client = scene.client(place.node);
        let wait = client.and_then(|client| wait(scene.run, client, scene.snapshot.at));
        let absent = client.is_none() || scene.left(place.node).is_some();
        let class = classes!(
            "host",
            scene.run.tint_class(place.node),
            (refused == Some(place.node)).then_some("is-refused"),
            absent.then_some("absent"),
        );
        html! {
            <g {class} key={place.node.0}>
                { outline(&place.rect, "8") }
                { draw_all(scene.run, rows(scene, place)) }
                if let Some(wait) = wait {
                    { ring(&wait, scene.snapshot.at, scene.layout.form, place) }
                }
            </g>
        }
    };
    html! { <g class="hosts">{ for scene.layout.hosts.iter().map(host) }</g> }
}

/// The retry timer, as a ring that runs out.
fn ring(wait: &Wait, now: SimTime, form: Form, place: &HostPlace) -> Html {
    let rect = place.rect;
    let (Point { x, y }, radius) = match form {
        Form::Wide => (Point { x: rect.right() + 20.0, y: rect.center().y }, 10.0),
        Form::Tall => (Point { x: rect.right() - 15.0, y: rect.y + 14.0 }, 7.0),
    };
    let (whole, left) = (wait.until.since(wait.since), wait.until.since(now));
    let share = (left.as_secs_f64() / whole.as_secs_f64().max(1e-6)).clamp(0.0, 1.0);
    let [cx, cy, r] = [x, y, radius].map(tenths);
    let turn = format!("rotate(-90 {cx} {cy})");
    let dashes = format!("{} 100", tenths(share * 100.0));
    html! {
        <g class="ring">
            <circle cx={cx.clone()} cy={cy.clone()} r={r.clone()} class="whole" />
            <circle pathLength="100" stroke-dasharray={dashes} transform={turn} {cx} {cy} {r} class="left" />
        </g>
    }
}
