//! Why a segment went astray or a call failed: the sentence, the sum, where the rule stands, what moved, the way out.

use yew::prelude::*;

use super::region::Region;
use crate::controls::sends;
use lab::explanation::{Explained, Way};
use lab::format::moment;
use lab::run::Run;
use lab::state::{Action, Direction, State};
use lab::text::why;

/// The answer to the question above the stage: about the record that was chosen, else about the last that is telling.
pub fn why(state: &State, act: &Callback<Action>) -> Html {
    let explained =
        state.anomaly().and_then(|anomaly| Explained::of(&state.plan, &state.run, &state.snapshot, anomaly));
    match explained {
        Some(explained) => answer(&state.run, explained, act),
        None => nothing(state, act),
    }
}

fn answer(run: &Run, explained: Explained, act: &Callback<Action>) -> Html {
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
            { ways_out(&explained.ways, act) }
        </Region>
    }
}

/// A number of the sum and what it is.
fn term(run: &Run, line: &why::SumLine) -> Html {
    let tint = line.clock_of.map(|host| classes!("tinted", run.tint_class(host)));
    html! {
        <div class={classes!(line.condition.then_some("condition"))}>
            <dt>{ &line.label }</dt>
            <dd class={tint}>{ &line.number }</dd>
        </div>
    }
}

/// A paragraph, if there is something to say.
fn said(class: &'static str, text: String) -> Html {
    if text.is_empty() {
        Html::default()
    } else {
        html! { <p {class}>{ text }</p> }
    }
}

/// Nothing odd has happened yet.
fn nothing(state: &State, act: &Callback<Action>) -> Html {
    let next = match state.run.index.next_refusal(state.at) {
        Some(_) => Some(Way { label: why::NEXT_REFUSAL, action: Action::StepRefusal(Direction::Forward) }),
        None => {
            let first = state.run.anomaly.first_after(state.snapshot.records);
            first.map(|(record, _)| Way { label: why::FIRST_PROBLEM, action: Action::Show(record) })
        }
    };
    html! {
        <Region id="why" heading={why::HEADING} class="why">
            <p class="say">{ why::nobody(&state.run, &state.plan, &state.snapshot) }</p>
            if let Some(next) = next {
                { ways_out(&[next], act) }
            }
        </Region>
    }
}

fn ways_out(ways: &[Way], act: &Callback<Action>) -> Html {
    let way = |way: &Way| {
        let onclick = sends(act, way.action.clone());
        html! { <button key={way.label} type="button" class="way-out" {onclick}>{ way.label }</button> }
    };
    html! { <div class="ways-out">{ for ways.iter().map(way) }</div> }
}
