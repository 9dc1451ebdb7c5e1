//! The drawing of one page of the ladder. It is rendered once per page; only the playhead moves over it.

use yew::prelude::*;

use super::hosts::tint;
use lab::geometry::Point;
use lab::ladder::arrow::{Arrow, Tip};
use lab::ladder::labels::{Class, Label};
use lab::ladder::layout::{Gap, LadderLayout, OCTAGON, SharedLayout, Tick, axis};
use lab::run::SharedRun;
use lab::text::ladder as text;
use sim_core::segment::SegmentKind;

/// Half the width of a zigzag.
const ZIG: f64 = 6.0;

/// Times closer to the playhead than this are hidden by its clock, in CSS pixels.
const COVERED: f64 = 18.0;

/// An event at an arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// The pointer is over the arrow, or it has the focus.
    Shown(usize),
    /// The arrow received the focus.
    Reached(usize),
    /// The arrow was clicked, or Enter was pressed on it.
    Chosen(usize),
}

/// The properties of [`Rungs`].
#[derive(Clone, PartialEq, Properties)]
pub struct RungsProps {
    /// The run.
    pub run: SharedRun,
    /// The layout of the page.
    pub layout: SharedLayout,
    /// The arrow that Tab reaches.
    pub reached: usize,
    /// The arrow whose segment is shown.
    pub shown: Option<usize>,
    /// Receives the events at arrows.
    pub touch: Callback<Touch>,
}

/// The names above the lines.
pub fn names(run: &SharedRun, layout: &LadderLayout) -> Html {
    let name = |column: &lab::ladder::columns::Column| {
        let class = classes!("ladder-name", tint(run, column.node));
        html! {
            <text {class} x={px(column.name_x)} y={px(column.name_y)} text-anchor="middle">{ column.name.clone() }</text>
        }
    };
    html! {
        <svg class="ladder-head" aria-hidden="true" width={px(layout.width)} height={px(layout.head)}>
            { for layout.columns.iter().map(name) }
        </svg>
    }
}

/// Lines, arrows and labels.
#[component]
pub fn Rungs(props: &RungsProps) -> Html {
    let layout = &props.layout;
    let label = |label: &Label| words(&props.run, label);
    html! {
        <>
            <g aria-hidden="true">
                { for layout.columns.iter().map(|column| line(&props.run, layout, column)) }
            </g>
            { for layout.arrows.iter().enumerate().map(|(number, found)| arrow(props, number, found)) }
            <g class="ladder-words" aria-hidden="true">{ for layout.labels.iter().map(label) }</g>
        </>
    }
}

/// The line of a column, with a zigzag where time is not to scale.
fn line(run: &SharedRun, layout: &LadderLayout, column: &lab::ladder::columns::Column) -> Html {
    let mut path = format!("M{} 0", px(column.x));
    for Gap { from, to } in &layout.gaps {
        let (middle, x) = ((from + to) / 2.0, column.x);
        path += &format!(
            "V{}L{} {}L{} {}L{} {}",
            px(middle - 9.0),
            px(x + ZIG),
            px(middle - 4.0),
            px(x - ZIG),
            px(middle + 4.0),
            px(x),
            px(middle + 9.0)
        );
    }
    path += &format!("V{}", px(layout.height));
    html! { <path class={classes!("lifeline", tint(run, column.node))} d={path} /> }
}

/// The times at the left. Those that the playhead's clock would cover are left out.
pub fn ticks(layout: &LadderLayout, playhead: Option<f64>) -> Html {
    let is_covered = |tick: &&Tick| playhead.is_some_and(|y| (tick.y - y).abs() < COVERED);
    html! { <g aria-hidden="true">{ for layout.ticks.iter().filter(|tick| !is_covered(tick)).map(tick) }</g> }
}

fn tick(tick: &Tick) -> Html {
    html! {
        <>
            <path class="ladder-tick" d={format!("M{} {}h4", px(axis() - 4.0), px(tick.y))} />
            <text class="ladder-time" x={px(axis() - 8.0)} y={px(tick.y + 4.5)} text-anchor="end">{ tick.text.clone() }</text>
        </>
    }
}

fn words(run: &SharedRun, label: &Label) -> Html {
    let class = match label.class {
        Class::Segment(kind) => classes!("on-arrow", kind_class(kind)),
        Class::Refused => classes!("at-octagon"),
        Class::Dropped => classes!("why-dropped"),
        Class::State => classes!("socket-state"),
        Class::Remembered => classes!("is-remembered", label.host.and_then(|host| tint(run, host))),
        Class::Note => classes!("beside-line"),
        Class::Pause => classes!("pause"),
    };
    let (x, y) = (px(label.start.x), px(label.start.y));
    // A rotated text is drawn at the origin of its own coordinate system.
    let Point { x: cos, y: sin } = label.along;
    if sin.abs() < 1e-3 {
        return html! { <text {class} {x} {y}>{ label.text.clone() }</text> };
    }
    let transform = format!("matrix({cos:.4} {sin:.4} {:.4} {cos:.4} {x} {y})", -sin);
    html! { <text {class} {transform}>{ label.text.clone() }</text> }
}

/// One segment, as a button that moves the playhead.
fn arrow(props: &RungsProps, number: usize, arrow: &Arrow) -> Html {
    let run = &props.run;
    let Some(flight) = run.index.flights.get(arrow.flight) else { return Html::default() };
    let refusal = if let Tip::Refused(refusal) = &arrow.tip { Some(refusal) } else { None };
    let class = classes!(
        "rung",
        kind_class(arrow.kind),
        refusal.map(|_| "is-refused"),
        (props.shown == Some(arrow.flight)).then_some("shown")
    );
    let on = |touch: Touch| props.touch.reform(move |()| touch);
    let (shown, reached, chosen) = (on(Touch::Shown(number)), on(Touch::Reached(number)), on(Touch::Chosen(number)));
    let onkeydown = {
        let chosen = chosen.clone();
        move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                chosen.emit(());
            }
        }
    };
    let tabindex = if props.reached == number { "0" } else { "-1" };
    let d = format!("M{} {}L{} {}", px(arrow.from.x), px(arrow.from.y), px(arrow.to.x), px(arrow.to.y));
    html! {
        <g key={arrow.flight} {class} role="button" {tabindex} data-arrow={number.to_string()}
            aria-label={text::arrow(run, flight, refusal)} {onkeydown}
            onpointerenter={move |_: PointerEvent| shown.emit(())} onfocus={move |_: FocusEvent| reached.emit(())}
            onclick={move |_: MouseEvent| chosen.emit(())}>
            <path class="reach" d={d.clone()} />
            <path class="shaft" {d} />
            if arrow.again {
                <circle class="again" cx={px(arrow.from.x)} cy={px(arrow.from.y)} r="3.5" />
            }
            { tip(arrow) }
        </g>
    }
}

fn tip(arrow: &Arrow) -> Html {
    let Point { x, y } = arrow.to;
    match arrow.tip {
        Tip::Arrives => head(arrow),
        Tip::Refused(_) => html! {
            <>
                <path class="octagon" d={octagon(arrow.to)} />
                <path class="cross" d={cross(x, y, 3.5)} />
            </>
        },
        Tip::Dropped => html! {
            <>
                <circle class="stopped" cx={px(x)} cy={px(y)} r="6" />
                <path class="bar" d={cross(x, y, 2.5)} />
            </>
        },
        Tip::Lost => html! { <path class="gone" d={cross(x, y, 6.0)} /> },
    }
}

/// The head of an arrow, in the shape of its kind.
fn head(arrow: &Arrow) -> Html {
    let along = arrow.from.direction(arrow.to);
    let at = |back: f64, side: f64| {
        let (x, y) = (arrow.to.x - along.x * back - along.y * side, arrow.to.y - along.y * back + along.x * side);
        format!("{} {}", px(x), px(y))
    };
    let full = |tip: f64| format!("M{}L{}L{}z", at(tip, 0.0), at(tip + 9.0, 4.5), at(tip + 9.0, -4.5));
    let open = |tip: f64| format!("M{}L{}L{}", at(tip + 8.0, 5.0), at(tip, 0.0), at(tip + 8.0, -5.0));
    let bar = |back: f64| format!("M{}L{}", at(back, 5.0), at(back, -5.0));
    let (filled, lines) = match arrow.kind {
        SegmentKind::Syn => (full(0.0), String::new()),
        SegmentKind::SynAck => (full(0.0), bar(13.0)),
        SegmentKind::Ack => (String::new(), open(1.0)),
        SegmentKind::Data => (full(0.0), bar(12.0) + &bar(16.0)),
        SegmentKind::Fin => (String::new(), open(1.0) + &open(7.0)),
        // A diamond, because nothing follows a reset.
        SegmentKind::Rst => {
            (format!("M{}L{}L{}L{}z", at(0.0, 0.0), at(7.0, 5.0), at(14.0, 0.0), at(7.0, -5.0)), String::new())
        }
    };
    html! {
        <>
            if !filled.is_empty() {
                <path class="head" d={filled} />
            }
            if !lines.is_empty() {
                <path class="head-line" d={lines} />
            }
        </>
    }
}

const fn kind_class(kind: SegmentKind) -> &'static str {
    match kind {
        SegmentKind::Syn => "syn",
        SegmentKind::SynAck => "syn-ack",
        SegmentKind::Ack => "ack",
        SegmentKind::Data => "data",
        SegmentKind::Fin => "fin",
        SegmentKind::Rst => "rst",
    }
}

fn cross(x: f64, y: f64, half: f64) -> String {
    let whole = px(half * 2.0);
    format!("M{} {}l{whole} {whole}m0 -{whole}l-{whole} {whole}", px(x - half), px(y - half))
}

fn octagon(Point { x, y }: Point) -> String {
    let (side, cut) = (OCTAGON * 0.414_2, OCTAGON * (1.0 - 0.414_2));
    format!(
        "M{} {}l{c} -{c}h{s}l{c} {c}v{s}l-{c} {c}h-{s}l-{c} -{c}z",
        px(x - OCTAGON),
        px(y - side),
        c = px(cut),
        s = px(side * 2.0)
    )
}

/// A coordinate as an attribute value.
pub fn px(number: f64) -> String {
    format!("{number:.1}")
}
