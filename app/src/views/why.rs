//! The explanation of an anomaly: sentence, numbers, citation, counters, and buttons for what to try.

use yew::prelude::*;

use super::region::Region;
use crate::controls::sends;
use lab::explanation::{ActionButton, Explanation};
use lab::format::moment;
use lab::run::Run;
use lab::state::{Action, Direction, State};
use lab::text::why;

/// The explanation of the selected record, or else of the last important one.
pub fn why(state: &State, act: &Callback<Action>) -> Html {
    let explained =
        state.anomaly().and_then(|anomaly| Explanation::of(&state.plan, &state.run, &state.snapshot, anomaly));
    match explained {
        Some(explained) => answer(&state.run, explained, act),
        None => nothing(state, act),
    }
}

fn answer(run: &Run, explained: Explanation, act: &Callback<Action>) -> Html {
    let class = if explained.is_refusal { "why refusal" } else { "why" };
    let aside = html! { <span class="mono soft">{ moment(explained.at) }</span> };
    html! {
        <Region id="why" heading={why::HEADING} {class} {aside}>
            { said("say", explained.say) }
            if !explained.sum.is_empty() {
                <dl class="sum mono">{ for explained.sum.iter().map(|line| term(run, line)) }</dl>
            }
            { said("note", explained.afterwards) }
            { said("note mono", explained.citation) }
            { said("note mono", explained.counters.join(", ")) }
            { said("note remedy", explained.remedy.to_owned()) }
            { said("since", explained.since.unwrap_or_default()) }
            { action_buttons(&explained.buttons, act) }
        </Region>
    }
}

/// One number of the comparison with its description.
fn term(run: &Run, line: &why::SumLine) -> Html {
    let tint = line.clock_of.map(|host| classes!("tinted", run.tint_class(host)));
    html! {
        <div class={classes!(line.condition.then_some("condition"))}>
            <dt>{ &line.label }</dt>
            <dd class={tint}>{ &line.number }</dd>
        </div>
    }
}

/// A paragraph, if `text` is not empty.
fn said(class: &'static str, text: String) -> Html {
    if text.is_empty() {
        Html::default()
    } else {
        html! { <p {class}>{ text }</p> }
    }
}

/// The text before the first anomaly.
fn nothing(state: &State, act: &Callback<Action>) -> Html {
    let next = match state.run.index.next_refusal(state.at) {
        Some(_) => Some(ActionButton { label: why::NEXT_REFUSAL, action: Action::StepRefusal(Direction::Forward) }),
        None => {
            let first = state.run.anomaly.first_after(state.snapshot.records);
            first.map(|(record, _)| ActionButton { label: why::FIRST_PROBLEM, action: Action::Show(record) })
        }
    };
    html! {
        <Region id="why" heading={why::HEADING} class="why">
            <p class="say">{ why::nobody(&state.run, &state.plan, &state.snapshot) }</p>
            if let Some(next) = next {
                { action_buttons(&[next], act) }
            }
        </Region>
    }
}

fn action_buttons(buttons: &[ActionButton], act: &Callback<Action>) -> Html {
    let way = |way: &ActionButton| {
        let onclick = sends(act, way.action.clone());
        html! { <button key={way.label} type="button" class="way-out" {onclick}>{ way.label }</button> }
    };
    html! { <div class="buttons-out">{ for buttons.iter().map(way) }</div> }
}
