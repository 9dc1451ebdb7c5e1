//! The text in the server's box (kernel, memory, switches, sockets, queue, ports) and in the database's box.

use super::layout::{Form, StageLayout};
use super::lettering::{Lines, StageText, fitting};
use super::ports::ports;
use super::scene::Scene;
use super::top_k::lowest_k;
use crate::format::filled;
use crate::geometry::{Point, Rect};
use crate::plan::{Key, Settings};
use crate::run::Run;
use crate::text;
use crate::text::stage as stage_text;
use core::cmp::Reverse;
use sim_core::kernel::state::State;
use sim_core::trace::snapshot::{Remembered, Snapshot};
use sim_core::words::grouped;

/// The timestamps that the server remembers, the most relevant first.
struct Memory<'a> {
    address: Option<String>,
    first: Option<&'a Remembered>,
    others: Vec<&'a Remembered>,
    more: usize,
}

/// The text of the database's box.
pub fn database_lines(scene: &Scene, rect: &Rect) -> Vec<StageText> {
    let Some(setup) = &scene.run.scenario.database else { return Vec::new() };
    let mut lines = Lines::new(rect, 16.0);
    let room = lines.room();
    let is_wide = scene.layout.form == Form::Wide;
    let address = format!("{}:{}", setup.addr, setup.port);
    lines.left("name", 26.0, setup.name.clone()).within(if is_wide { room } else { room / 2.0 });
    if is_wide {
        lines.left("m s", 44.0, address).within(room + 8.0);
    } else {
        lines.right("m s", 26.0, address).within(room * 0.6);
    }
    lines.left("f", if is_wide { 62.0 } else { 47.0 }, setup.kernel.title().to_owned());
    lines.done()
}

/// The text of the server's box.
pub fn lines(scene: &Scene, settings: &Settings) -> Vec<StageText> {
    match scene.layout.form {
        Form::Wide => wide(scene, settings),
        Form::Tall => tall(scene, settings),
    }
}

fn wide(scene: &Scene, settings: &Settings) -> Vec<StageText> {
    let Scene { run, snapshot, layout, .. } = *scene;
    let mut lines = Lines::new(&layout.server, margin(layout));
    let room = lines.room();
    let most = room + 6.0;
    lines.left("name", 28.0, run.name(snapshot.server.node).to_owned()).within(most);
    lines.left("m s", 48.0, address(run, snapshot)).within(most);
    lines.left("f", 68.0, snapshot.server.kernel.title().to_owned()).within(most);
    let memory = Memory::of(scene);
    match memory.address {
        None => lines.left("f", 100.0, nothing(snapshot).to_owned()).within(most),
        Some(address) => {
            lines.left("f", 100.0, stage_text::REMEMBERS_FOR.to_owned()).within(most);
            lines.left("m", 120.0, address).within(most);
            if memory.first.is_none() {
                lines.left("f", 144.0, stage_text::NO_CLOCK.to_owned()).within(most);
            }
        }
    }
    if let Some(first) = memory.first {
        lines.left(clock_class(first), 144.0, clock(first)).tint = first.written_by;
        lines.left("f", 164.0, written_by(run, first, room)).within(most);
    }
    let mut down = 182.0;
    for other in &memory.others {
        lines.left("m s", down, other.peer.to_string());
        lines.right("f", down, stage_text::age(other));
        down += 18.0;
    }
    if memory.more > 0 {
        // This text is wider than the estimate.
        lines.left("f", down, fitting("f", room - 16.0, &stage_text::more_addresses(memory.more))).within(room);
    }
    let memory_h = if layout.needs.memory { 84.0 + layout.needs.stamps.saturating_sub(1) as f64 * 18.0 } else { 0.0 };
    let mut down = 124.0 + memory_h;
    let [waiting, open] = sockets(snapshot);
    for (step, text) in [(0.0, switches(settings)), (28.0, waiting), (20.0, open)] {
        down += step;
        lines.left("m s", down, text);
    }
    for (step, class, text) in below(scene) {
        down += step;
        lines.left(class, down, text).within(most);
    }
    lines.done()
}

fn tall(scene: &Scene, settings: &Settings) -> Vec<StageText> {
    let Scene { run, snapshot, layout, .. } = *scene;
    let mut lines = Lines::new(&layout.server, margin(layout));
    let room = lines.room();
    let address = address(run, snapshot);
    let beside_address = room - address.len() as f64 * 7.9 - 8.0;
    lines.left("name", 28.0, run.name(snapshot.server.node).to_owned()).within(beside_address);
    lines.right("m s", 28.0, address);
    lines.left("f", 50.0, snapshot.server.kernel.title().to_owned());
    lines.right("m s", 50.0, switches(settings));
    let memory = Memory::of(scene);
    let last = match memory.address {
        None => lines.left("f", 80.0, nothing(snapshot).to_owned()),
        Some(address) => {
            let long = format!("{} {address}", stage_text::REMEMBERS_FOR);
            lines.left("f", 80.0, fitting("f", room - 106.0, &[long, address]));
            match memory.first {
                Some(first) => {
                    lines.right(clock_class(first), 80.0, clock(first)).tint = first.written_by;
                    lines.left("f", 100.0, written_by(run, first, room - 110.0))
                }
                None => lines.right("f", 80.0, stage_text::NO_CLOCK.to_owned()),
            }
        }
    };
    let taken = last.width();
    let mut down = 100.0;
    if memory.more > 0 && memory.others.is_empty() {
        lines.right("f", down, fitting("f", room - taken - 8.0, &stage_text::more_addresses(memory.more)));
    }
    for other in &memory.others {
        down += 20.0;
        lines.left("m s", down, other.peer.to_string());
        lines.right("f", down, stage_text::age(other));
    }
    let mut down = if layout.needs.memory { 132.0 } else { 112.0 } + layout.needs.stamps as f64 * 20.0;
    lines.left("m s", down, sockets(snapshot).join(", "));
    for (step, class, text) in below(scene) {
        down += step.min(24.0);
        lines.left(class, down, text);
    }
    lines.done()
}

/// The lines that only some scenarios have: accept queue and ports. Each has its offset from the top edge, its class
/// and its text.
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
        lines.push((28.0, class, fitting(class, layout.server.w - 2.0 * margin(layout), &stage_text::ports(&ports))));
    }
    lines
}

/// The margin on both sides of the text and of the bar.
pub fn margin(layout: &StageLayout) -> f64 {
    if layout.form == Form::Wide && layout.server.w > 190.0 { 20.0 } else { 16.0 }
}

impl<'a> Memory<'a> {
    /// The first entry is the address of the refused SYN, or else the address that several hosts share, or else the one
    /// written last.
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
        // The line "N more" takes the place of the last entry.
        let shown = if count > room { room.saturating_sub(1) } else { count };
        let keys: Vec<u64> = others.iter().map(|stamp| !stamp.written.as_micros()).collect();
        let stamps = lowest_k(&keys, shown).into_iter().map(|index| others[index]).collect();
        let more = count - shown;
        Self { address: address.map(|address| address.to_string()), first, others: stamps, more }
    }
}

/// The text where no timestamp is remembered.
fn nothing(snapshot: &Snapshot) -> &'static str {
    let server = &snapshot.server;
    let can = server.kernel.profile().has_recycle && server.sysctls.tcp_tw_recycle > 0;
    if can { stage_text::REMEMBERS_NOTHING_YET } else { stage_text::REMEMBERS_NOTHING }
}

fn clock(remembered: &Remembered) -> String {
    grouped(u64::from(remembered.tsval.0))
}

fn clock_class(remembered: &Remembered) -> &'static str {
    if remembered.counts { "m remembered" } else { "m remembered old" }
}

fn written_by(run: &Run, remembered: &Remembered, room: f64) -> String {
    let long = text::written_by(run, remembered);
    let short = long.strip_prefix("from ").unwrap_or(&long);
    let short = short.strip_suffix(" ago").unwrap_or(short).to_owned();
    fitting("f", room, &[long, short])
}

/// The number of sockets in TIME_WAIT, and of the others.
pub fn sockets(snapshot: &Snapshot) -> [String; 2] {
    let sockets = &snapshot.server.sockets;
    let count = |state| sockets.iter().filter(|socket| socket.state == state).count();
    let (waiting, half) = (count(State::TimeWait), count(State::SynRecv));
    let open = match (sockets.len() - waiting - half, half) {
        (open, 0) => format!("{open} open"),
        (0, half) => format!("{half} half open"),
        (open, half) => format!("{open} open, {half} half"),
    };
    [format!("{waiting} TIME-WAIT"), open]
}

fn switches(settings: &Settings) -> String {
    let shown = [Key::RECYCLE, Key::REUSE].into_iter();
    let shown = shown.filter_map(|key| Some(format!("{} {}", key.short(), settings.value(key)?)));
    shown.collect::<Vec<_>>().join("  ")
}

fn address(run: &Run, snapshot: &Snapshot) -> String {
    let node = run.node(snapshot.server.node);
    node.map(|node| format!("{}:{}", node.addr, run.scenario.server.port)).unwrap_or_default()
}

/// The bar across the server's end of the main link, as an SVG path.
pub fn gate(form: Form, rect: &Rect, at: Point) -> String {
    match form {
        Form::Wide => filled("M# #V#", &[rect.x, at.y - 22.0, at.y + 22.0]),
        Form::Tall => filled("M# #H#", &[at.x - 22.0, rect.y, at.x + 22.0]),
    }
}
