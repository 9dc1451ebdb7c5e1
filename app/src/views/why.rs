//! Why a SYN was refused: the sentence, the sum, where the rule stands, what moved, and the way out.

use sim_core::trace::query::RefusedSyn;
use sim_core::trace::snapshot::Snapshot;
use yew::prelude::*;

use super::Region;
use crate::format::moment;
use crate::plan::{Key, Plan};
use crate::run::Run;
use crate::state::{Action, Direction};
use crate::text::why;

/// What the answer is taken from.
struct Case<'a> {
    plan: &'a Plan,
    run: &'a Run,
    snapshot: &'a Snapshot,
    act: &'a Callback<Action>,
}

/// The answer to the question above the stage.
#[must_use]
pub fn why(plan: &Plan, run: &Run, snapshot: &Snapshot, act: &Callback<Action>) -> Html {
    let case = Case { plan, run, snapshot, act };
    match run.index.last_refusal(snapshot.at) {
        Some(refused) => case.refusal(refused),
        None => case.nobody(),
    }
}

impl Case<'_> {
    fn refusal(&self, refused: &RefusedSyn) -> Html {
        let Self { plan, run, snapshot, .. } = self;
        let counters = refused.reason.citation().counters.iter().map(|counter| format!("TcpExt{} +1", counter.name()));
        let aside = html! { <span class="mono soft">{ moment(refused.at) }</span> };
        let line = |line: why::Line| {
            html! { <div class={classes!(line.result.then_some("result"))}><dt>{ line.label }</dt><dd>{ line.number }</dd></div> }
        };
        Region::new("why", "Why").class("why refusal").aside(aside).around(html! {
            <>
                <p class="say">{ why::sentence(run, refused) }</p>
                <dl class="sum mono">{ for why::lines(run, refused).into_iter().map(line) }</dl>
                <p class="note">{ why::silence(run, refused) }</p>
                <p class="note mono">{ why::citation(plan, refused) }</p>
                <p class="note mono">{ counters.collect::<Vec<_>>().join(", ") }</p>
                { for why::since(plan, snapshot, refused).map(|since| html! { <p class="since">{ since }</p> }) }
                <div class="ways-out">{ self.ways_out() }</div>
            </>
        })
    }

    fn nobody(&self) -> Html {
        let Self { plan, run, snapshot, .. } = self;
        let next = run
            .index
            .next_refusal(snapshot.at)
            .map(|_| self.way_out("Next refusal", Action::StepRefusal(Direction::On)));
        Region::new("why", "Why").class("why").around(html! {
            <>
                <p class="say">{ why::nobody(run, plan, snapshot) }</p>
                { for next.map(|next| html! { <div class="ways-out">{ next }</div> }) }
            </>
        })
    }

    fn ways_out(&self) -> Html {
        let Self { plan, run, snapshot, .. } = self;
        let is_on = plan.settings(snapshot.at).recycle == Some(1);
        let before = run.refusal_before(snapshot.at).is_some();
        let after = run.index.next_refusal(snapshot.at).is_some();
        html! {
            <>
                { for is_on.then(|| self.way_out("Recycle off from here", Action::Set(Key::Recycle, 0))) }
                { for before.then(|| self.way_out("Previous refusal", Action::StepRefusal(Direction::Back))) }
                { for after.then(|| self.way_out("Next refusal", Action::StepRefusal(Direction::On))) }
            </>
        }
    }

    fn way_out(&self, label: &'static str, action: Action) -> Html {
        let onclick = self.act.reform(move |_| action.clone());
        html! { <button type="button" class="way-out" key={label} {onclick}>{ label }</button> }
    }
}
