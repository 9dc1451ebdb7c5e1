//! Why a segment went astray or a call failed: the sentence, the sum, where the rule stands, what moved, the way out.

mod explained;

use yew::prelude::*;

pub use self::explained::{Explained, Way};
use super::Region;
use crate::format::moment;
use crate::run::Run;
use crate::state::{Action, Direction, State};
use crate::text::why;

/// The answer to the question above the stage: about the record that was chosen, else about the last that is telling.
pub fn why(state: &State, act: &Callback<Action>) -> Html {
    let explained = state.oddity().and_then(|odd| Explained::of(&state.plan, &state.run, &state.snapshot, odd));
    match explained {
        Some(explained) => answer(&state.run, &explained, act),
        None => nothing(state, act),
    }
}

fn answer(run: &Run, explained: &Explained, act: &Callback<Action>) -> Html {
    let aside = html! { <span class="mono soft">{ moment(explained.at) }</span> };
    let line = |line: &why::Line| {
        let class = classes!(line.condition.then_some("condition"));
        let tint = line.clock_of.map(|host| classes!("tinted", run.tint_class(host)));
        html! { <div {class}><dt>{ &line.label }</dt><dd class={classes!(tint)}>{ &line.number }</dd></div> }
    };
    let note = |text: &str| (!text.is_empty()).then(|| html! { <p class="note">{ text }</p> });
    let counters = explained.counters.join(", ");
    let class = if explained.is_refusal { "why refusal" } else { "why" };
    Region::new("why", "Why").class(class).aside(aside).around(html! {
        <>
            <p class="say">{ &explained.say }</p>
            if !explained.sum.is_empty() {
                <dl class="sum mono">{ for explained.sum.iter().map(line) }</dl>
            }
            { for note(&explained.afterwards) }
            <p class="note mono">{ &explained.citation }</p>
            if !counters.is_empty() {
                <p class="note mono">{ counters }</p>
            }
            <p class="note remedy">{ explained.remedy }</p>
            { for explained.since.iter().map(|since| html! { <p class="since">{ since }</p> }) }
            <div class="ways-out">{ for explained.ways.iter().map(|way| button(way, act)) }</div>
        </>
    })
}

/// Nothing odd has happened yet.
fn nothing(state: &State, act: &Callback<Action>) -> Html {
    let next = match state.run.index.next_refusal(state.at) {
        Some(_) => Some(Way { label: "Next refusal", action: Action::StepRefusal(Direction::On) }),
        None => {
            let first = state.run.odd.first_after(state.snapshot.records);
            first.map(|(record, _)| Way { label: "What goes wrong first", action: Action::Show(record) })
        }
    };
    Region::new("why", "Why").class("why").around(html! {
        <>
            <p class="say">{ why::nobody(&state.run, &state.plan, &state.snapshot) }</p>
            { for next.map(|next| html! { <div class="ways-out">{ button(&next, act) }</div> }) }
        </>
    })
}

fn button(way: &Way, act: &Callback<Action>) -> Html {
    let action = way.action.clone();
    let onclick = act.reform(move |_| action.clone());
    html! { <button type="button" class="way-out" key={way.label} {onclick}>{ way.label }</button> }
}
