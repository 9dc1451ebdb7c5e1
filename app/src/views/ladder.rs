//! The ladder: a time-sequence diagram of a few hosts around the playhead.
//!
//! Its content comes from [`sequence`] and its geometry from [`layout`]. Both are pure functions of a run.

mod draw;
mod hosts;

use std::rc::Rc;

use sim_core::time::SimTime;
use sim_core::trace::{NodeId, Role};
use yew::prelude::*;

use super::region::Region;
use crate::hooks::use_width;
use crate::platform::arrows::{focus, keep_in_sight};
use draw::{Rungs, Touch, names, px};
use hosts::Hosts;
use lab::format::seconds_ms;
use lab::ladder::default_hosts::default_hosts;
use lab::ladder::layout;
use lab::ladder::layout::{LadderLayout, SharedLayout};
use lab::ladder::sequence::{Sequence, Source};
use lab::run::SharedRun;
use lab::state::Action;
use lab::text::ladder as text;

/// The properties of [`Ladder`].
#[derive(Clone, PartialEq, Properties)]
pub struct LadderProps {
    /// The run.
    pub run: SharedRun,
    /// The position of the playhead.
    pub at: SimTime,
    /// Whether playback is running.
    pub playing: bool,
    /// Receives the actions.
    pub act: Callback<Action>,
}

/// The state that is kept between two frames: the open page and its hosts.
#[derive(Clone, Debug, Default, PartialEq)]
struct Open {
    page: usize,
    hosts: Vec<NodeId>,
}

/// The ladder.
#[component]
pub fn Ladder(props: &LadderProps) -> Html {
    let LadderProps { run, at, playing, act } = props;
    let (frame, box_) = (use_node_ref(), use_node_ref());
    let width = use_width(&frame).max(280.0);
    let picked = use_state_eq(|| None::<Vec<NodeId>>);
    // A page that the visitor turned to. It applies until the playhead moves.
    let turned = use_state_eq(|| None::<(usize, SimTime)>);
    let shown = use_state_eq(|| None::<(SharedRun, usize)>);
    let reached = use_state_eq(|| None::<usize>);
    let to_focus = use_mut_ref(|| None::<usize>);
    let open = use_mut_ref(Open::default);

    let source = Source { trace: &run.trace, index: &run.index };
    let hosts = match &*picked {
        Some(picked) if picked.iter().all(|host| source.callers().contains(host)) => picked.clone(),
        _ => default_hosts(source, *at, &open.borrow().hosts),
    };
    let sequence = use_memo((run.clone(), hosts.clone()), |(run, hosts)| {
        Sequence::of(Source { trace: &run.trace, index: &run.index }, hosts)
    });
    let page = match *turned {
        Some((page, when)) if when == *at && page < sequence.pages() => page,
        _ => sequence.page_at(source, *at, open.borrow().page),
    };
    *open.borrow_mut() = Open { page, hosts: hosts.clone() };
    let layout = use_memo((run.clone(), hosts.clone(), page, width as u32), |(run, _, page, width)| {
        let source = Source { trace: &run.trace, index: &run.index };
        SharedLayout(Rc::new(LadderLayout::new(source, &sequence, *page, f64::from(*width))))
    });
    let layout: SharedLayout = (*layout).clone();

    let turn = {
        let (turned, act, at) = (turned.clone(), act.clone(), *at);
        Callback::from(move |page: usize| {
            act.emit(Action::Pause);
            turned.set(Some((page, at)));
        })
    };
    let touch = use_touch(props, &layout, &shown, &reached);
    let told = (*shown).clone().filter(|(of, _)| of == run).map(|(_, flight)| flight);
    let tab_stop = tab_stop(&layout, *reached, *at, *playing);
    let onkeydown = keys(&layout, tab_stop, &box_, (page, sequence.pages()), &turn, &to_focus);
    use_following(&box_, &layout, *at, &to_focus);

    let description = text::diagram(run, &hosts, layout.span.0, layout.span.1, layout.arrows.len());
    let choose = choose(&picked, &turned, &open);
    let follows = picked.is_none();
    html! {
        <Region id="ladder" heading={text::HEADING}>
            <Hosts run={run.clone()} shown={hosts} {follows} {choose} />
            { captured(run, told) }
            <div class="ladder" ref={box_} {onkeydown}>
                <div ref={frame}>
                    { names(run, &layout) }
                    { turning(page.checked_sub(1), text::EARLIER, &turn) }
                    { diagram(props, &layout, description, tab_stop, told, touch) }
                    if layout.arrows.is_empty() {
                        <p class="soft">{ text::EMPTY }</p>
                    }
                    { turning(Some(page + 1).filter(|next| *next < sequence.pages()), text::LATER, &turn) }
                </div>
            </div>
            <p class="soft">{ text::READING }</p>
        </Region>
    }
}

/// The arrows, and the playhead between them.
fn diagram(
    props: &LadderProps,
    layout: &SharedLayout,
    description: String,
    tab_stop: usize,
    told: Option<usize>,
    touch: Callback<Touch>,
) -> Html {
    let LadderProps { run, at, .. } = props;
    let playhead = layout.height_of(*at);
    html! {
        <svg class="ladder-body" role="group" aria-label={description} width={px(layout.width)}
            height={px(layout.height)} viewBox={format!("0 0 {} {}", layout.width, layout.height)}>
            { elapsed(layout, playhead, *at) }
            { draw::ticks(layout, playhead) }
            if let Some(y) = playhead {
                { line(run, layout, y) }
            }
            <Rungs run={run.clone()} layout={layout.clone()} reached={tab_stop} shown={told} {touch} />
            if let Some(y) = playhead {
                { clock(y, *at) }
            }
        </svg>
    }
}

/// The callback for events at an arrow: focus shows its segment, and a click moves the playhead to it.
#[hook]
fn use_touch(
    props: &LadderProps,
    layout: &SharedLayout,
    shown: &UseStateHandle<Option<(SharedRun, usize)>>,
    reached: &UseStateHandle<Option<usize>>,
) -> Callback<Touch> {
    let (act, shown, reached) = (props.act.clone(), shown.clone(), reached.clone());
    use_callback((props.run.clone(), layout.clone()), move |touch: Touch, (run, layout)| {
        let (Touch::Shown(number) | Touch::Reached(number) | Touch::Chosen(number)) = touch;
        let Some(arrow) = layout.arrows.get(number) else { return };
        shown.set(Some((run.clone(), arrow.flight)));
        match touch {
            Touch::Shown(_) => {}
            Touch::Reached(_) => reached.set(Some(arrow.flight)),
            Touch::Chosen(_) => act.emit(Action::Show(arrow.record)),
        }
    })
}

/// The segment of the focused arrow, as tcpdump prints it.
fn captured(run: &SharedRun, told: Option<usize>) -> Html {
    let flight = told.and_then(|flight| run.index.flights.get(flight));
    let class = classes!("captured", flight.map_or("soft", |_| "mono"));
    let words = flight.map_or_else(|| text::HINT.to_owned(), |flight| text::captured(run, flight));
    html! { <p {class} aria-live="polite">{ words }</p> }
}

/// A button to another page.
fn turning(page: Option<usize>, label: &'static str, turn: &Callback<usize>) -> Html {
    let Some(page) = page else { return Html::default() };
    let onclick = turn.reform(move |_: MouseEvent| page);
    html! { <p class="ladder-turn"><button class="quiet" type="button" {onclick}>{ label }</button></p> }
}

/// The elapsed time, as a bar along the left edge.
fn elapsed(layout: &LadderLayout, playhead: Option<f64>, at: SimTime) -> Html {
    let y = playhead.unwrap_or(if at < layout.span.0 { 0.0 } else { layout.height });
    let x = px(layout::axis());
    html! {
        <g aria-hidden="true">
            <path class="to-come" d={format!("M{x} 0V{}", px(layout.height))} />
            <path class="elapsed" d={format!("M{x} 0V{}", px(y))} />
        </g>
    }
}

/// The line of the playhead, below all text. It ends before the text beside the server's line.
fn line(run: &SharedRun, layout: &LadderLayout, y: f64) -> Html {
    let is_server = |node: NodeId| run.node(node).is_some_and(|node| node.role == Role::Server);
    let end = layout.columns.iter().find(|column| is_server(column.node)).map_or(layout.width, |column| column.x);
    let d = format!("M{} {}H{}", px(layout::axis()), px(y), px(end));
    html! { <path class="ladder-playhead" {d} /> }
}

/// The time at the playhead.
fn clock(y: f64, at: SimTime) -> Html {
    let text = seconds_ms(at);
    let width = lab::ladder::text_boxes::width_of(&text) + 8.0;
    html! {
        <g class="ladder-clock" aria-hidden="true" transform={format!("translate(0 {})", px(y))}>
            <rect x={px(layout::axis() - 4.0 - width)} y="-10" width={px(width)} height="20" rx="4" />
            <text x={px(layout::axis() - 8.0)} y="4.5" text-anchor="end">{ text }</text>
        </g>
    }
}

/// The arrow that Tab reaches: the one that had the focus last, or else the one at the playhead.
fn tab_stop(layout: &LadderLayout, reached: Option<usize>, at: SimTime, playing: bool) -> usize {
    let position = |flight| layout.arrows.iter().position(|arrow| arrow.flight == flight);
    if let Some(found) = reached.and_then(position) {
        return found;
    }
    // During playback the arrow at the playhead changes with each segment, which is not worth rendering all arrows
    // again.
    let y = layout.height_of(at).filter(|_| !playing);
    y.and_then(|y| layout.arrows.iter().rposition(|arrow| arrow.from.y <= y + 0.5)).unwrap_or(0)
}

/// The callback for the choice of hosts. `None` follows the refusals again.
fn choose(
    picked: &UseStateHandle<Option<Vec<NodeId>>>,
    turned: &UseStateHandle<Option<(usize, SimTime)>>,
    open: &Rc<std::cell::RefCell<Open>>,
) -> Callback<Option<Vec<NodeId>>> {
    let (picked, turned, open) = (picked.clone(), turned.clone(), Rc::clone(open));
    Callback::from(move |hosts: Option<Vec<NodeId>>| {
        turned.set(None);
        // Forget the hosts of the last refusal when the visitor makes a choice.
        open.borrow_mut().hosts.clear();
        picked.set(hosts);
    })
}

/// The arrow keys move between arrows, and on to the next page.
fn keys(
    layout: &SharedLayout,
    from: usize,
    holder: &NodeRef,
    (page, pages): (usize, usize),
    turn: &Callback<usize>,
    to_focus: &Rc<std::cell::RefCell<Option<usize>>>,
) -> Callback<KeyboardEvent> {
    let (layout, holder, turn, to_focus) = (layout.clone(), holder.clone(), turn.clone(), Rc::clone(to_focus));
    Callback::from(move |event: KeyboardEvent| {
        let last = layout.arrows.len().saturating_sub(1);
        let (number, other) = match event.key().as_str() {
            "ArrowDown" | "ArrowRight" if from < last => (from + 1, None),
            "ArrowUp" | "ArrowLeft" if from > 0 => (from - 1, None),
            "ArrowDown" | "ArrowRight" => (from, Some(page + 1).filter(|next| *next < pages)),
            "ArrowUp" | "ArrowLeft" => (from, page.checked_sub(1)),
            "Home" => (0, None),
            "End" => (last, None),
            _ => return,
        };
        event.prevent_default();
        match other {
            // Pages overlap, so the next page contains this arrow too.
            Some(page) => {
                *to_focus.borrow_mut() = layout.arrows.get(number).map(|arrow| arrow.flight);
                turn.emit(page);
            }
            None => drop(focus(&holder, number)),
        }
    })
}

/// Keeps the playhead in view, and the focus on its arrow when the page is turned.
#[hook]
fn use_following(
    holder: &NodeRef,
    layout: &SharedLayout,
    at: SimTime,
    to_focus: &Rc<std::cell::RefCell<Option<usize>>>,
) {
    let y = layout.height_of(at).map(|y| (y + layout.head) as i32);
    let box_ = holder.clone();
    use_effect_with((layout.clone(), y), move |(_, y)| {
        if let Some(y) = y {
            keep_in_sight(&box_, f64::from(*y));
        }
    });
    let (holder, to_focus) = (holder.clone(), Rc::clone(to_focus));
    use_effect_with(layout.clone(), move |layout| {
        let flight = to_focus.borrow_mut().take();
        let number = flight.and_then(|flight| layout.arrows.iter().position(|arrow| arrow.flight == flight));
        if let Some(number) = number {
            focus(&holder, number);
        }
    });
}
