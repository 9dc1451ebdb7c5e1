//! The server: what it runs, what it remembers, its switches, sockets, queue and ports; and its database.

use core::cmp::Reverse;

use sim_core::kernel::state::State;
use sim_core::trace::snapshot::{Remembered, Snapshot, SocketRow};

use super::Scene;
use super::few::lowest;
use super::geometry::{Point, Rect};
use super::layout::Form;
use super::words::Anchor::{End, Start};
use super::words::{Line, Words, draw_all, draw_tinted, fitting, outline, path};
use crate::format::{filled, grouped};
use crate::markup::{Element, element};
use crate::plan::{Key, Settings};
use crate::run::Run;
use crate::text;
use crate::text::stage as stage_text;

/// The ports of the connections that the server opens itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// How many there are.
    pub all: usize,
    /// How many a socket of the server has.
    pub in_use: usize,
    /// How many of these are in TIME_WAIT.
    pub waiting: usize,
}

/// What is remembered, the most relevant first.
struct Memory<'a> {
    address: Option<String>,
    first: Option<&'a Remembered>,
    others: Vec<&'a Remembered>,
    more: usize,
}

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
        .with(draw_tinted(scene.run, lines(scene, settings)))
        .with(ports_bar(scene))
}

/// The database behind the server.
pub fn database(scene: &Scene) -> Option<Element> {
    let rect = scene.layout.database?;
    let database = element!("g", "class" = "server database");
    Some(database.with(outline(&rect, "10")).with(draw_all(database_lines(scene, &rect))))
}

/// The words of the database's box.
pub(super) fn database_lines(scene: &Scene, rect: &Rect) -> Vec<Words> {
    let Some(setup) = &scene.run.scenario.database else { return Vec::new() };
    let (x, right) = (rect.x + 16.0, rect.right() - 16.0);
    let address = format!("{}:{}", setup.addr, setup.port);
    let kernel = stage_text::kind(setup.kernel);
    match scene.layout.form {
        Form::Wide => vec![
            Words::new("name", x, rect.y + 26.0, Start, setup.name.clone()).within(right - x),
            Words::new("m s", x, rect.y + 44.0, Start, address).within(right - x + 8.0),
            Words::new("f", x, rect.y + 62.0, Start, kernel),
        ],
        Form::Tall => vec![
            Words::new("name", x, rect.y + 26.0, Start, setup.name.clone()).within((right - x) / 2.0),
            Words::new("m s", right, rect.y + 26.0, End, address).within((right - x) * 0.6),
            Words::new("f", x, rect.y + 47.0, Start, kernel),
        ],
    }
}

/// The ports that the server has for its database, and how many are taken (R8).
#[must_use]
pub fn ports(run: &Run, snapshot: &Snapshot) -> Option<Ports> {
    let database = run.scenario.database.as_ref()?;
    let (low, high) = snapshot.server.sysctls.ip_local_port_range;
    let own = snapshot
        .server
        .sockets
        .iter()
        .filter(|socket| socket.tuple.remote.addr == database.addr && socket.tuple.remote.port == database.port);
    let (waiting, open): (Vec<&SocketRow>, Vec<&SocketRow>) = own.partition(|socket| socket.state == State::TimeWait);
    let all = usize::from(high.saturating_sub(low)) + 1;
    Some(Ports { all, in_use: waiting.len() + open.len(), waiting: waiting.len() })
}

/// The words of the server's box.
pub(super) fn lines(scene: &Scene, settings: &Settings) -> Vec<Line> {
    match scene.layout.form {
        Form::Wide => wide(scene, settings),
        Form::Tall => tall(scene, settings),
    }
}

fn wide(scene: &Scene, settings: &Settings) -> Vec<Line> {
    let Scene { run, snapshot, layout, .. } = *scene;
    let rect = layout.server;
    let margin = if rect.w < 190.0 { 16.0 } else { 20.0 };
    let (x, right) = (rect.x + margin, rect.right() - margin);
    let room = right - x;
    let mut lines: Vec<Line> = Vec::new();
    let mut line = |y: f64, class: &'static str, text: String| {
        lines.push((Words::new(class, x, rect.y + y, Start, text).within(room + 6.0), None));
    };
    line(28.0, "name", run.name(snapshot.server.node).to_owned());
    line(48.0, "m s", address(run, snapshot));
    line(68.0, "f", stage_text::kind(snapshot.server.kernel));
    let memory = Memory::of(scene);
    let mut y = 182.0;
    match (&memory.address, memory.first) {
        (None, _) => line(100.0, "f", nothing(snapshot).to_owned()),
        (Some(address), first) => {
            line(100.0, "f", stage_text::REMEMBERS_FOR.to_owned());
            line(120.0, "m", address.clone());
            if first.is_none() {
                line(144.0, "f", stage_text::NO_CLOCK.to_owned());
            }
        }
    }
    if let Some(first) = memory.first {
        lines.push((clock(first, x, rect.y + 144.0, Start), first.written_by));
        lines.push((Words::new("f", x, rect.y + 164.0, Start, written_by(run, first, room)).within(room + 6.0), None));
    }
    for other in &memory.others {
        lines.push((Words::new("m s", x, rect.y + y, Start, other.peer.to_string()), None));
        lines.push((Words::new("f", right, rect.y + y, End, stage_text::age(other)), None));
        y += 18.0;
    }
    if memory.more > 0 {
        let more = fitting("f", room, &stage_text::more_addresses(memory.more));
        lines.push((Words::new("f", x, rect.y + y, Start, more), None));
    }
    let memory_h = if layout.needs.memory { 84.0 + layout.needs.stamps.saturating_sub(1) as f64 * 18.0 } else { 0.0 };
    let mut y = 124.0 + memory_h;
    let [waiting, open] = sockets(snapshot);
    for (down, text) in [(0.0, switches(settings)), (28.0, waiting), (20.0, open)] {
        y += down;
        lines.push((Words::new("m s", x, rect.y + y, Start, text), None));
    }
    for (down, class, text) in below(scene) {
        y += down;
        lines.push((Words::new(class, x, rect.y + y, Start, text).within(room + 6.0), None));
    }
    lines
}

fn tall(scene: &Scene, settings: &Settings) -> Vec<Line> {
    let Scene { run, snapshot, layout, .. } = *scene;
    let rect = layout.server;
    let (x, right, room) = (rect.x + 16.0, rect.right() - 16.0, rect.w - 32.0);
    let left = |y: f64, class: &'static str, text: String| (Words::new(class, x, rect.y + y, Start, text), None);
    let end = |y: f64, class: &'static str, text: String| (Words::new(class, right, rect.y + y, End, text), None);
    let address = address(run, snapshot);
    let mut lines: Vec<Line> = Vec::new();
    let name = Words::new("name", x, rect.y + 28.0, Start, run.name(snapshot.server.node));
    lines.push((name.within(room - address.len() as f64 * 7.9 - 8.0), None));
    lines.push(end(28.0, "m s", address));
    lines.push(left(50.0, "f", stage_text::kind(snapshot.server.kernel)));
    lines.push(end(50.0, "m s", switches(settings)));
    let memory = Memory::of(scene);
    let mut y = 80.0;
    match &memory.address {
        None => lines.push(left(y, "f", nothing(snapshot).to_owned())),
        Some(address) => {
            let long = format!("{} {address}", stage_text::REMEMBERS_FOR);
            lines.push(left(y, "f", fitting("f", room - 106.0, &[long, address.clone()])));
            match memory.first {
                Some(first) => lines.push((clock(first, right, rect.y + y, End), first.written_by)),
                None => lines.push(end(y, "f", stage_text::NO_CLOCK.to_owned())),
            }
        }
    }
    y += 20.0;
    if let Some(first) = memory.first {
        lines.push(left(y, "f", written_by(run, first, room - 110.0)));
    }
    if memory.more > 0 && memory.others.is_empty() {
        let taken = lines.last().map_or(0.0, |(words, _)| words.width());
        lines.push(end(y, "f", fitting("f", room - taken - 8.0, &stage_text::more_addresses(memory.more))));
    }
    for other in &memory.others {
        y += 20.0;
        lines.push(left(y, "m s", other.peer.to_string()));
        lines.push(end(y, "f", stage_text::age(other)));
    }
    let mut y = if layout.needs.memory { 132.0 } else { 112.0 } + layout.needs.stamps as f64 * 20.0;
    lines.push(left(y, "m s", sockets(snapshot).join(", ")));
    for (down, class, text) in below(scene) {
        y += down.min(24.0);
        lines.push(left(y, class, text));
    }
    lines
}

/// What some worlds need besides: the accept queue, the ports. How far down, in which class, what.
fn below(scene: &Scene) -> Vec<(f64, &'static str, String)> {
    let Scene { run, snapshot, layout, .. } = *scene;
    let mut lines = Vec::new();
    if let Some(listening) = snapshot.server.listening.filter(|_| layout.needs.queue) {
        let full = listening.waiting > listening.backlog;
        lines.push((24.0, if full { "strong" } else { "f" }, stage_text::queue(&listening)));
    }
    if let Some(ports) = ports(run, snapshot).filter(|_| layout.needs.ports) {
        let full = ports.in_use >= ports.all;
        let class = if full { "strong" } else { "f" };
        lines.push((28.0, class, fitting(class, layout.server.w - 32.0, &stage_text::ports(&ports))));
    }
    lines
}

/// How many of the ports are taken, as a bar.
fn ports_bar(scene: &Scene) -> Option<Element> {
    let ports = ports(scene.run, scene.snapshot).filter(|_| scene.layout.needs.ports)?;
    let rect = scene.layout.server;
    let (x, y, whole) = (rect.x + 16.0, rect.bottom() - 20.0, rect.w - 32.0);
    let share = (ports.in_use as f64 / ports.all.max(1) as f64).clamp(0.0, 1.0);
    let bar = |class: &'static str, w: f64| {
        element!("rect", "x" = x, "y" = y, "width" = w, "height" = "6", "rx" = "3", "class" = class)
    };
    Some(element!("g", "class" = "ports").with(bar("whole", whole)).with(bar("taken", whole * share)))
}

impl<'a> Memory<'a> {
    /// What stands first is the address of the SYN that was refused, else the one that several hosts share, else the one
    /// that was written last.
    fn of(scene: &Scene<'a>) -> Self {
        let Scene { run, snapshot, refused, .. } = *scene;
        if !snapshot.server.kernel.profile().has_recycle {
            return Self { address: None, first: None, others: Vec::new(), more: 0 };
        }
        let asked = refused.and_then(|refused| refused.header).map(|header| header.src.addr);
        let shared = snapshot.nat.as_ref().and_then(|nat| run.node(nat.node)).map(|node| node.addr);
        let all = || snapshot.server.remembered.iter();
        let latest = || all().min_by_key(|stamp| Reverse(stamp.written)).map(|stamp| stamp.peer);
        let address = asked.or(shared).or_else(latest);
        let first = all().find(|stamp| Some(stamp.peer) == address);
        let others: Vec<&Remembered> = all().filter(|stamp| Some(stamp.peer) != address).collect();
        let (count, room) = (others.len(), scene.layout.needs.stamps);
        // The line that says how many more there are takes the place of the last.
        let shown = if count > room { room.saturating_sub(1) } else { count };
        let keys: Vec<u64> = others.iter().map(|stamp| !stamp.written.as_micros()).collect();
        let stamps = lowest(&keys, shown).into_iter().map(|index| others[index]).collect();
        let more = count - shown;
        Self { address: address.map(|address| address.to_string()), first, others: stamps, more }
    }
}

/// What is said where no clock is remembered at all.
fn nothing(snapshot: &Snapshot) -> &'static str {
    let can = snapshot.server.kernel.profile().has_recycle;
    if can { stage_text::REMEMBERS_NOTHING_YET } else { stage_text::REMEMBERS_NOTHING }
}

fn clock(remembered: &Remembered, x: f64, y: f64, anchor: super::words::Anchor) -> Words {
    let class = if remembered.counts { "m remembered" } else { "m remembered old" };
    Words::new(class, x, y, anchor, grouped(u64::from(remembered.tsval.0)))
}

fn written_by(run: &Run, remembered: &Remembered, room: f64) -> String {
    let long = text::written_by(run, remembered);
    let short = long.trim_start_matches("from ").trim_end_matches(" ago").to_owned();
    fitting("f", room, &[long, short])
}

/// How many sockets the server has, by what matters here.
pub(super) fn sockets(snapshot: &Snapshot) -> [String; 2] {
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
fn gate(form: Form, rect: &Rect, at: Point) -> String {
    match form {
        Form::Wide => filled("M# #V#", &[rect.x, at.y - 22.0, at.y + 22.0]),
        Form::Tall => filled("M# #H#", &[at.x - 22.0, rect.y, at.x + 22.0]),
    }
}
