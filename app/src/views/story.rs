//! The prediction of a scenario: a question before it runs, and what to notice once it is answered.

use sim_core::scenario::Answer;
use yew::prelude::*;

use super::region::Region;
use crate::controls::button;
use lab::plan::Base;
use lab::state::Action;
use lab::text::story as text;

/// The properties of [`Story`].
#[derive(Clone, PartialEq, Properties)]
pub struct StoryProps {
    /// The scenario.
    pub base: Base,
    /// Whether the playhead is at the start.
    pub at_start: bool,
    /// Receives the actions.
    pub act: Callback<Action>,
}

/// The prediction and the notes. The answer is kept as long as the scenario is the same. There is no score.
#[component]
pub fn Story(props: &StoryProps) -> Html {
    let chosen = use_state_eq(|| None::<usize>);
    {
        let chosen = chosen.clone();
        use_effect_with(props.base.name, move |_| chosen.set(None));
    }
    let scenario = &props.base.scenario;
    let Some(prediction) = &scenario.prediction else { return notices(&scenario.notice, true) };
    let answered = chosen.and_then(|index| prediction.answers.get(index));
    let answer = |(index, answer): (usize, &Answer)| {
        let onchange = {
            let chosen = chosen.clone();
            Callback::from(move |_: Event| chosen.set(Some(index)))
        };
        let checked = *chosen == Some(index);
        html! {
            <label>
                <input type="radio" name="prediction" {checked} {onchange} />
                <span>{ &answer.text }</span>
            </label>
        }
    };
    // Two separate elements, so that a `details` that was opened before the answer does not stay open after it.
    let (before, after) = match answered {
        None => (notices(&scenario.notice, false), Html::default()),
        Some(_) => (Html::default(), notices(&scenario.notice, true)),
    };
    html! {
        <Region id="story" heading={text::HEADING}>
            <fieldset class="prediction">
                <legend class="say">{ &prediction.question }</legend>
                { for prediction.answers.iter().enumerate().map(answer) }
            </fieldset>
            <div class="judged" aria-live="polite">
                if let Some(answer) = answered {
                    { judged(answer) }
                }
            </div>
            if props.at_start && answered.is_some() {
                { button("plain", text::PLAY, &props.act, Action::TogglePlay) }
            }
            { after }
            { before }
        </Region>
    }
}

/// Whether the answer is right, and why.
fn judged(answer: &Answer) -> Html {
    let word = if answer.right { text::RIGHT } else { text::WRONG };
    html! { <p><strong>{ word }</strong>{ format!(" {}", answer.because) }</p> }
}

fn notices(notices: &[String], open: bool) -> Html {
    if notices.is_empty() {
        return Html::default();
    }
    html! {
        <details class="to-notice" {open}>
            <summary>{ text::NOTICE }</summary>
            <ul>{ for notices.iter().map(|notice| html! { <li>{ notice }</li> }) }</ul>
        </details>
    }
}
