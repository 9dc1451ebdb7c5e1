//! The time: play and pause, step, the clock, the slider painted with what happens, and the speed.

use std::rc::Rc;

use sim_core::time::SimTime;
use yew::prelude::*;

use super::time_marks::{Marks, playhead};
use super::{sends, when};
use crate::markup::{Element, element};
use crate::platform::element::{chosen, input_value, is_checked};
use lab::format::{moment, parse_seconds, seconds_ms, span};
use lab::plan::Plan;
use lab::playback::{Mode, SPEEDS, Speed};
use lab::run::SharedRun;
use lab::state::{Action, Direction};

/// The signs on the buttons, in a square of 20.
const PREVIOUS: &str = "M14 4v12l-8 -6zM4 4h2v12h-2z";
const PREVIOUS_REFUSAL: &str = "M12 3v14l-10 -7zM17.5 5.5l-4.5 4.5M13 5.5l4.5 4.5";
const NEXT_REFUSAL: &str = "M8 3v14l10 -7zM2.5 5.5l4.5 4.5M7 5.5l-4.5 4.5";
const NEXT: &str = "M6 4v12l8 -6zM14 4h2v12h-2z";
const PLAY: &str = "M5 2.5v15l12 -7.5z";
const PAUSE: &str = "M5 3h4v14h-4zM11 3h4v14h-4z";

/// What the bar shows.
#[derive(Clone, PartialEq, Properties)]
pub struct TimeBarProps {
    /// The run.
    pub run: SharedRun,
    /// What is set; its changes are marked.
    pub plan: Rc<Plan>,
    /// The playhead.
    pub at: SimTime,
    /// Whether it plays.
    pub playing: bool,
    /// What playback does.
    pub mode: Mode,
    /// How fast.
    pub speed: Speed,
    /// Whether silence is hurried through.
    pub hurry: bool,
    /// Whether nothing is to move.
    pub still: bool,
    /// Where actions go.
    pub act: Callback<Action>,
}

/// The time bar.
#[component]
pub fn TimeBar(props: &TimeBarProps) -> Html {
    let TimeBarProps { run, plan, at, playing, act, .. } = props;
    let press = |action: Action| sends(act, action);
    let (back, on) = (Action::StepRefusal(Direction::Back), Action::StepRefusal(Direction::On));
    let play = if *playing { ("Pause", PAUSE) } else { ("Play", PLAY) };
    let (is_before, is_after) = (run.refusal_before(*at).is_some(), run.index.next_refusal(*at).is_some());
    let track = element!("div", "class" = "track")
        .with(html! { <Marks run={run.clone()} plan={Rc::clone(plan)} /> })
        .with(playhead(run, *at))
        .with(slider(props));
    let transport = element!("div", "class" = "transport")
        .with(to_refusal("Jump to the previous refusal", PREVIOUS_REFUSAL, is_before, press(back)))
        .with(button("Previous event", PREVIOUS, "quiet icon", None, press(Action::Step(Direction::Back))))
        .with(button(play.0, play.1, "play icon", None, press(Action::TogglePlay)))
        .with(button("Next event", NEXT, "quiet icon", None, press(Action::Step(Direction::On))))
        .with(to_refusal("Jump to the next refusal", NEXT_REFUSAL, is_after, press(on)));
    let now = element!("div", "class" = "time-now")
        .with(element!("span", "class" = "mono now").with(moment(*at)))
        .with(element!("span", "class" = "mode soft").with(doing(props)));
    element!("div", "role" = "group", "aria-label" = "Time bar", "class" = "time-bar")
        .with(track)
        .with(transport)
        .with(now)
        .with(pace(props))
        .html()
}

fn button(
    label: &'static str,
    icon: &'static str,
    class: &'static str,
    disabled: Option<&'static str>,
    onclick: Callback<MouseEvent>,
) -> Element {
    let icon = element!("svg", "viewBox" = "0 0 20 20", "width" = "20", "height" = "20", "aria-hidden" = "true")
        .with(element!("path", "d" = icon));
    element!(
        "button",
        "type" = "button",
        "aria-label" = label,
        "title" = label,
        "aria-disabled" = disabled,
        "class" = class
    )
    .with(icon)
    .on_click(onclick)
}

/// A button that leads to a refusal, if there is one that way. It keeps the focus where there is none.
fn to_refusal(label: &'static str, icon: &'static str, is_there: bool, onclick: Callback<MouseEvent>) -> Element {
    let (disabled, onclick) = if is_there { (None, onclick) } else { (Some("true"), Callback::noop()) };
    button(label, icon, "quiet icon to-refusal", disabled, onclick)
}

fn slider(props: &TimeBarProps) -> Element {
    let at = props.at;
    let oninput = when(&props.act, |event: InputEvent| Some(Action::Seek(parse_seconds(&input_value(&event)?)?)));
    // The arrows of a native slider go one step of a millisecond, which leads nowhere in a run of minutes.
    let act = props.act.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let stride = if event.shift_key() { 1.0 } else { 0.1 };
        let seconds = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => -stride,
            "ArrowRight" | "ArrowUp" => stride,
            "PageDown" => -10.0,
            "PageUp" => 10.0,
            _ => return,
        };
        event.prevent_default();
        act.emit(Action::Nudge(seconds));
    });
    element!(
        "input",
        "type" = "range",
        "aria-label" = "Time",
        "min" = "0",
        "max" = seconds_ms(props.run.end()),
        "step" = "0.001",
        "aria-valuetext" = moment(at),
    )
    .holding(seconds_ms(at))
    .on_input(oninput)
    .on_key(onkeydown)
}

fn pace(props: &TimeBarProps) -> Element {
    if props.still {
        return element!("div", "class" = "pace soft").with("Play goes from event to event.");
    }
    let speed = when(&props.act, |event: Event| {
        let label = chosen(&event)?;
        Some(Action::SetSpeed(SPEEDS.into_iter().find(|speed| speed.label() == label)?))
    });
    let hurry = when(&props.act, |event: Event| Some(Action::SetHurry(is_checked(&event)?)));
    let option = |speed: Speed| {
        element!("option", "value" = speed.label(), "selected" = speed == props.speed).with(speed.label())
    };
    let picker = element!("label", "class" = "picker")
        .with(element!("span").with("Speed"))
        .with(element!("select").with_each(SPEEDS.map(option)).on_change(speed));
    let tick = element!("label", "class" = "tick")
        .with(element!("input", "type" = "checkbox").checked(props.hurry).on_change(hurry))
        .with(element!("span").with("Hurry through silence"));
    element!("div", "class" = "pace").with(picker).with(tick)
}

/// What playback does right now, in words.
fn doing(props: &TimeBarProps) -> String {
    match (props.playing, props.mode) {
        (true, Mode::Hurrying(silence)) => format!("hurrying, {} of silence", span(silence)),
        (true, Mode::Holding) => "holding, to read".to_owned(),
        (true, _) if !props.still => format!("at {}", props.speed.label()),
        _ => format!("of {} s", props.run.end().as_micros() / 1_000_000),
    }
}
