//! The server (kernel, memory, switches, sockets, queue, ports) and its database.

use super::words::{draw_all, outline, path};
use lab::format::tenths;
use lab::geometry::Point;
use lab::plan::{Key, Settings};
use lab::stage::ports::ports;
use lab::stage::scene::Scene;
use lab::stage::server_text::{database_lines, gate, lines, margin};
use yew::prelude::*;

/// The server. If recycle is on, a bar closes its end of the main link; the bar is red while a SYN is refused.
pub fn draw(scene: &Scene, settings: &Settings, refused_at: Option<Point>) -> Html {
    let layout = scene.layout;
    let rect = layout.server;
    let gate = |at, shut| path(if shut { "gate shut" } else { "gate" }, gate(layout.form, &rect, at));
    let elsewhere = refused_at.filter(|at| (at.x - layout.door.x).abs() + (at.y - layout.door.y).abs() > 40.0);
    let own_gate = settings.is(Key::RECYCLE, 1);
    html! {
        <g class="server">
            { outline(&rect, "10") }
            if own_gate {
                { gate(layout.door, refused_at.is_some() && elsewhere.is_none()) }
            }
            if let Some(at) = elsewhere {
                { gate(at, true) }
            }
            { draw_all(scene.run, lines(scene, settings)) }
            { ports_bar(scene) }
        </g>
    }
}

/// The database behind the server, if there is one.
pub fn database(scene: &Scene) -> Html {
    let Some(rect) = scene.layout.database else { return Html::default() };
    html! {
        <g class="server database">
            { outline(&rect, "10") }
            { draw_all(scene.run, database_lines(scene, &rect)) }
        </g>
    }
}

/// A bar with the share of ports in use, if ports are shown.
fn ports_bar(scene: &Scene) -> Html {
    let ports = ports(scene.run, scene.snapshot).filter(|_| scene.layout.needs.ports);
    let Some(ports) = ports else { return Html::default() };
    let rect = scene.layout.server;
    let margin = margin(scene.layout);
    let whole = rect.w - 2.0 * margin;
    let share = (ports.in_use as f64 / ports.all.max(1) as f64).clamp(0.0, 1.0);
    let bar = |class: &'static str, width: f64| {
        let [x, y, width] = [rect.x + margin, rect.bottom() - 20.0, width].map(tenths);
        html! { <rect {x} {y} {width} height="6" rx="3" {class} /> }
    };
    html! { <g class="ports">{ bar("whole", whole) }{ bar("taken", whole * share) }</g> }
}
