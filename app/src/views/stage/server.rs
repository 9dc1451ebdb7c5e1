//! The server: what it runs, what it remembers, its switches, sockets, queue and ports; and its database.

use super::words::{draw_all, outline, path};
use crate::markup::{Element, element};
use lab::axis::within;
use lab::plan::Settings;
use lab::stage::geometry::Point;
use lab::stage::ports::ports;
use lab::stage::scene::Scene;
use lab::stage::server_text::*;

/// The server, with a bar across its door where recycle is on; the bar is red where a SYN stands before it.
pub fn draw(scene: &Scene, settings: &Settings, refused_at: Option<Point>) -> Element {
    let layout = scene.layout;
    let rect = layout.server;
    let gate = |at, shut| path(if shut { "gate shut" } else { "gate" }, gate(layout.form, &rect, at));
    let elsewhere = refused_at.filter(|at| (at.x - layout.door.x).abs() + (at.y - layout.door.y).abs() > 40.0);
    let own_gate = settings.recycle == Some(1);
    element!("g", "class" = "server")
        .with(outline(&rect, "10"))
        .with(own_gate.then(|| gate(layout.door, refused_at.is_some() && elsewhere.is_none())))
        .with(elsewhere.map(|at| gate(at, true)))
        .with(draw_all(scene.run, lines(scene, settings)))
        .with(ports_bar(scene))
}

/// The database behind the server.
pub fn database(scene: &Scene) -> Option<Element> {
    let rect = scene.layout.database?;
    let database = element!("g", "class" = "server database");
    Some(database.with(outline(&rect, "10")).with(draw_all(scene.run, database_lines(scene, &rect))))
}

/// How many of the ports are taken, as a bar.
fn ports_bar(scene: &Scene) -> Option<Element> {
    let ports = ports(scene.run, scene.snapshot).filter(|_| scene.layout.needs.ports)?;
    let rect = scene.layout.server;
    let margin = margin(scene.layout);
    let (x, y, whole) = (rect.x + margin, rect.bottom() - 20.0, rect.w - 2.0 * margin);
    let share = within(ports.in_use as f64 / ports.all.max(1) as f64, 0.0, 1.0);
    let bar = |class: &'static str, w: f64| {
        element!("rect", "x" = x, "y" = y, "width" = w, "height" = "6", "rx" = "3", "class" = class)
    };
    Some(element!("g", "class" = "ports").with(bar("whole", whole)).with(bar("taken", whole * share)))
}
