//! The story of a scenario: a question before it runs, and what to notice once one has answered.

use sim_core::scenario::Answer;
use yew::prelude::*;

use super::Region;
use crate::controls::button;
use crate::markup::{Element, element, fragment};
use lab::plan::Base;
use lab::state::Action;

/// What the story is taken from.
#[derive(Clone, PartialEq, Properties)]
pub struct StoryProps {
    /// The scenario.
    pub base: Base,
    /// Whether the playhead stands at the start.
    pub at_start: bool,
    /// Where actions go.
    pub act: Callback<Action>,
}

/// The story. An answer is kept as long as the scenario is the same; there is no score.
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
        let input = element!("input", "type" = "radio", "name" = "prediction");
        element!("label")
            .with(input.checked(*chosen == Some(index)).on_change(onchange))
            .with(element!("span").with(answer.text.clone()))
    };
    let play = props.at_start && answered.is_some();
    let play = play.then(|| button("plain", "Play it", &props.act, Action::TogglePlay).html());
    let answers = element!("fieldset", "class" = "prediction")
        .with(element!("legend", "class" = "say").with(prediction.question.clone()))
        .with_each(prediction.answers.iter().enumerate().map(answer));
    let judged = element!("div", "aria-live" = "polite", "class" = "judged").with(answered.map(judged));
    // In two places, so that what is opened by hand before the answer does not stay as it was after it.
    let (before, after) = match answered {
        None => (notices(&scenario.notice, false), Html::default()),
        Some(_) => (Html::default(), notices(&scenario.notice, true)),
    };
    let parts = vec![answers.html(), judged.html(), play.unwrap_or_default(), after, before];
    Region::new("story", "What do you expect?").around(fragment(parts))
}

/// Whether the answer is right, and why.
fn judged(answer: &Answer) -> Element {
    let word = if answer.right { "Yes." } else { "No." };
    element!("p").with(element!("strong").with(word)).with(format!(" {}", answer.because))
}

fn notices(notices: &[String], open: bool) -> Html {
    if notices.is_empty() {
        return Html::default();
    }
    element!("details", "open" = open, "class" = "to-notice")
        .with(element!("summary").with("What to notice"))
        .with(element!("ul").with_each(notices.iter().map(|notice| element!("li").with(notice.clone()))))
        .html()
}
