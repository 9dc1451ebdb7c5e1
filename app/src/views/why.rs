//! Why a segment went astray or a call failed: the sentence, the sum, where the rule stands, what moved, the way out.

use yew::prelude::*;

use super::Region;
use crate::controls::button;
use crate::markup::{Element, element, fragment};
use lab::explanation::{Explained, Way};
use lab::format::moment;
use lab::run::Run;
use lab::state::{Action, Direction, State};
use lab::text::why;

/// The answer to the question above the stage: about the record that was chosen, else about the last that is telling.
pub fn why(state: &State, act: &Callback<Action>) -> Html {
    let explained = state.oddity().and_then(|odd| Explained::of(&state.plan, &state.run, &state.snapshot, odd));
    match explained {
        Some(explained) => answer(&state.run, explained, act),
        None => nothing(state, act),
    }
}

fn answer(run: &Run, explained: Explained, act: &Callback<Action>) -> Html {
    let aside = element!("span", "class" = "mono soft").with(moment(explained.at));
    let line = |line: &why::Line| {
        let class = if line.condition { Some("condition") } else { None };
        let tint = line.clock_of.map(|host| format!("tinted {}", run.tint_class(host)));
        element!("div", "class" = class)
            .with(element!("dt").with(line.label.clone()))
            .with(element!("dd", "class" = tint).with(line.number.clone()))
    };
    let said = |class: &'static str, text: String| {
        if text.is_empty() { Html::default() } else { element!("p", "class" = class).with(text).html() }
    };
    let sum = element!("dl", "class" = "sum mono").with_each(explained.sum.iter().map(line));
    let class = if explained.is_refusal { "why refusal" } else { "why" };
    let parts = vec![
        said("say", explained.say),
        if explained.sum.is_empty() { Html::default() } else { sum.html() },
        said("note", explained.afterwards),
        said("note mono", explained.citation),
        said("note mono", explained.counters.join(", ")),
        said("note remedy", explained.remedy.to_owned()),
        said("since", explained.since.unwrap_or_default()),
        ways_out(&explained.ways, act).html(),
    ];
    Region::new("why", "Why").class(class).aside(aside.html()).around(fragment(parts))
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
    let say = element!("p", "class" = "say").with(why::nobody(&state.run, &state.plan, &state.snapshot));
    let next = next.map_or_else(Html::default, |next| ways_out(&[next], act).html());
    Region::new("why", "Why").class("why").around(fragment(vec![say.html(), next]))
}

fn ways_out(ways: &[Way], act: &Callback<Action>) -> Element {
    let way = |way: &Way| button("way-out", way.label, act, way.action.clone()).key(way.label);
    element!("div", "class" = "ways-out").with_each(ways.iter().map(way))
}
