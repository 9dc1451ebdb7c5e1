//! The time bar: play and pause, step buttons, the clock, the slider with its marks, and the speed.

use std::rc::Rc;

use sim_core::time::SimTime;
use yew::prelude::*;

use super::time_marks::{Marks, playhead};
use super::{sends, when};
use crate::platform::element::{chosen, input_value, is_checked};
use lab::format::{moment, parse_seconds, seconds_ms};
use lab::plan::Plan;
use lab::playback::{Mode, SPEEDS, Speed};
use lab::run::SharedRun;
use lab::state::{Action, Direction};
use lab::text::time_bar as words;

/// The icons of the buttons, as SVG paths in a 20 by 20 box.
const PREVIOUS: &str = "M14 4v12l-8 -6zM4 4h2v12h-2z";
const PREVIOUS_REFUSAL: &str = "M12 3v14l-10 -7zM17.5 5.5l-4.5 4.5M13 5.5l4.5 4.5";
const NEXT_REFUSAL: &str = "M8 3v14l10 -7zM2.5 5.5l4.5 4.5M7 5.5l-4.5 4.5";
const NEXT: &str = "M6 4v12l8 -6zM14 4h2v12h-2z";
const PLAY: &str = "M5 2.5v15l12 -7.5z";
const PAUSE: &str = "M5 3h4v14h-4zM11 3h4v14h-4z";

/// The properties of [`TimeBar`].
#[derive(Clone, PartialEq, Properties)]
pub struct TimeBarProps {
    /// The run.
    pub run: SharedRun,
    /// The visitor's settings, whose changes are marked.
    pub plan: Rc<Plan>,
    /// The position of the playhead.
    pub at: SimTime,
    /// Whether playback is running.
    pub playing: bool,
    /// What playback is doing.
    pub mode: Mode,
    /// The playback speed.
    pub speed: Speed,
    /// Whether playback skips idle time.
    pub skip_idle: bool,
    /// Whether motion is reduced.
    pub reduced_motion: bool,
    /// Receives the actions.
    pub act: Callback<Action>,
}

/// The time bar.
#[component]
pub fn TimeBar(props: &TimeBarProps) -> Html {
    let TimeBarProps { run, plan, at, playing, act, .. } = props;
    let press = |action: Action| sends(act, action);
    let (back, on) = (Action::StepRefusal(Direction::Back), Action::StepRefusal(Direction::Forward));
    let (label, icon) = if *playing { (words::PAUSE, PAUSE) } else { (words::PLAY, PLAY) };
    let (is_before, is_after) = (run.refusal_before(*at).is_some(), run.index.next_refusal(*at).is_some());
    html! {
        <div class="time-bar" role="group" aria-label={words::TIME_BAR}>
            <div class="track">
                <Marks run={run.clone()} plan={Rc::clone(plan)} />
                { playhead(run, *at) }
                { slider(props) }
            </div>
            <div class="transport">
                { to_refusal(words::PREVIOUS_REFUSAL, PREVIOUS_REFUSAL, is_before, press(back)) }
                { button(words::PREVIOUS_EVENT, PREVIOUS, "quiet icon", None, press(Action::Step(Direction::Back))) }
                { button(label, icon, "play icon", None, press(Action::TogglePlay)) }
                { button(words::NEXT_EVENT, NEXT, "quiet icon", None, press(Action::Step(Direction::Forward))) }
                { to_refusal(words::NEXT_REFUSAL, NEXT_REFUSAL, is_after, press(on)) }
            </div>
            <div class="time-now">
                <span class="mono now">{ moment(*at) }</span>
                <span class="mode soft">{ doing(props) }</span>
            </div>
            { pace(props) }
        </div>
    }
}

fn button(
    label: &'static str,
    icon: &'static str,
    class: &'static str,
    disabled: Option<&'static str>,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <button type="button" aria-label={label} title={label} aria-disabled={disabled} {class} {onclick}>
            <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d={icon} /></svg>
        </button>
    }
}

/// A button that leads to a refusal. If there is none, it is disabled but keeps the focus.
fn to_refusal(label: &'static str, icon: &'static str, is_there: bool, onclick: Callback<MouseEvent>) -> Html {
    let (disabled, onclick) = if is_there { (None, onclick) } else { (Some("true"), Callback::noop()) };
    button(label, icon, "quiet icon to-refusal", disabled, onclick)
}

fn slider(props: &TimeBarProps) -> Html {
    let at = props.at;
    let oninput = when(&props.act, |event: InputEvent| Some(Action::Seek(parse_seconds(&input_value(&event)?)?)));
    // The arrow keys move a native slider by one step of 1 ms, which is useless in a run of minutes.
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
    html! {
        <input type="range" aria-label={words::TIME} min="0" max={seconds_ms(props.run.end())} step="0.001"
            aria-valuetext={moment(at)} value={seconds_ms(at)} {oninput} {onkeydown} />
    }
}

fn pace(props: &TimeBarProps) -> Html {
    if props.reduced_motion {
        return html! { <div class="pace soft">{ words::STEPS }</div> };
    }
    let speed = when(&props.act, |event: Event| {
        let label = chosen(&event)?;
        Some(Action::SetSpeed(SPEEDS.into_iter().find(|speed| speed.label() == label)?))
    });
    let skip_idle = when(&props.act, |event: Event| Some(Action::SetSkipIdle(is_checked(&event)?)));
    let option = |speed: Speed| {
        html! { <option value={speed.label()} selected={speed == props.speed}>{ speed.label() }</option> }
    };
    html! {
        <div class="pace">
            <label class="picker">
                <span>{ words::SPEED }</span>
                <select onchange={speed}>{ for SPEEDS.map(option) }</select>
            </label>
            <label class="tick">
                <input type="checkbox" checked={props.skip_idle} onchange={skip_idle} />
                <span>{ words::SKIP_IDLE }</span>
            </label>
        </div>
    }
}

/// What playback is doing, in words.
fn doing(props: &TimeBarProps) -> String {
    match (props.playing, props.mode) {
        (true, Mode::SkippingIdle(silence)) => words::skipping(silence),
        (true, Mode::Holding) => words::READING.to_owned(),
        (true, _) if !props.reduced_motion => words::speed(&props.speed.label()),
        _ => words::length(props.run.end().as_micros() / 1_000_000),
    }
}
