//! Two runs of the same traffic side by side: settings, lanes along one time axis, and counters.

mod strips;
mod table;

use std::rc::Rc;

use sim_core::kernel::counter::Counter;
use sim_core::time::SimTime;
use yew::prelude::*;

use self::strips::{Strips, legend};
use self::table::Table;
use super::region::Region;
use crate::platform::element::chosen;
use lab::baseline::Baseline;
use lab::comparison::side_by_side::SideBySide;
use lab::comparison::{Comparison, Pair};
use lab::format::grouped_signed;
use lab::plan::Plan;
use lab::run::SharedRun;
use lab::state::Action;
use lab::text::compare as words;
use sim_core::words::grouped;

/// The properties of [`Compare`].
#[derive(Clone, PartialEq, Properties)]
pub struct CompareProps {
    /// The two runs; `None` where there is nothing to compare with.
    pub compared: Option<Rc<SideBySide>>,
    /// The moment of the playhead.
    pub at: SimTime,
    /// Receives the actions of the view.
    pub act: Callback<Action>,
}

/// Two runs of the same traffic.
#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let CompareProps { compared, at, act } = props;
    let comparison = use_memo(compared.clone(), |compared| {
        let compared = compared.as_ref()?;
        let comparison = Comparison::of([&compared.sides[0].1, &compared.sides[1].1]);
        let pairs: Rc<[Pair]> = comparison.pairs.as_slice().into();
        Some((comparison, pairs))
    });
    let (Some(compared), Some((comparison, pairs))) = (compared, &*comparison) else {
        return html! { <Region id="compare" heading={words::HEADING}><p class="soft">{ words::NOTHING }</p></Region> };
    };
    let [before, after] = &compared.sides;
    let tokens = words::settings([&before.0, &after.0], *at);
    let headings = words::headings(compared.baseline);
    let side = |side: usize| {
        let (_, run) = &compared.sides[side];
        html! {
            <div class="run-side" role="group" aria-label={headings[side].clone()}>
                <h3>{ &headings[side] }</h3>
                <p class="set mono">{ for tokens.iter().map(|both| token(both, side)) }</p>
                <p class="refused-count">{ words::status(run.index.status(*at), run.index.status(run.end())) }</p>
                <Strips compared={Rc::clone(compared)} pairs={Rc::clone(pairs)} {side} />
                { playhead(run, *at) }
            </div>
        }
    };
    html! {
        <Region id="compare" heading={words::HEADING} aside={picker(compared, act)}>
            { first(compared, comparison, act) }
            <div class="sides">{ side(0) }{ side(1) }</div>
            { legend() }
            { counters(comparison, *at) }
            <Table compared={Rc::clone(compared)} pairs={Rc::clone(pairs)} />
        </Region>
    }
}

/// The choice of the baseline.
fn picker(compared: &Rc<SideBySide>, act: &Callback<Action>) -> Html {
    let choices = compared.choices.clone();
    let onchange = crate::controls::when(act, move |event: Event| {
        let name = chosen(&event)?;
        Some(Action::Compare(choices.iter().copied().find(|choice| choice.name() == name)?))
    });
    let option = |choice: Baseline| {
        html! {
            <option value={choice.name()} selected={choice == compared.baseline}>{ words::against(choice) }</option>
        }
    };
    html! {
        <label class="picker">
            <span>{ words::WITH }</span>
            <select {onchange}>{ for compared.choices.iter().copied().map(option) }</select>
        </label>
    }
}

/// One setting, marked if the other side differs.
fn token(both: &[String; 2], side: usize) -> Html {
    let text = &both[side];
    if both[0] == both[1] {
        html! { <span>{ text }</span> }
    } else {
        html! { <mark>{ text }</mark> }
    }
}

/// The first difference between the runs, with a button that leads to it.
fn first(compared: &SideBySide, comparison: &Comparison, act: &Callback<Action>) -> Html {
    let [before, after] = &compared.sides;
    let parts = Plan::first_difference(&before.0, &after.0);
    let first = comparison.first.as_ref();
    let there = first.map(|first| {
        let at = first.at;
        let [one, other] = words::first([&before.1, &after.1], first);
        html! {
            <>
                <dl class="otherwise">
                    <div><dt>{ words::BEFORE }</dt><dd>{ one }</dd></div>
                    <div><dt>{ words::AFTER }</dt><dd>{ other }</dd></div>
                </dl>
                <button type="button" class="plain" onclick={act.reform(move |_| Action::Seek(at))}>
                    { words::go_to(at) }
                </button>
            </>
        }
    });
    html! { <div class="first-difference"><p>{ words::difference(parts, first) }</p>{ for there }</div> }
}

/// The playhead over the strips of a side.
fn playhead(run: &SharedRun, at: SimTime) -> Html {
    let share = (at.as_secs_f64() / run.end().as_secs_f64().max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
    html! {
        <svg class="strip-playhead" aria-hidden="true" viewBox="0 0 1000 10" preserveAspectRatio="none">
            <path d={format!("M{:.1} 0V10", share * 1_000.0)} />
        </svg>
    }
}

/// The counters that changed on either side, with the difference.
fn counters(data: &Comparison, at: SimTime) -> Html {
    let row = |counter: Counter| {
        let values = [0, 1].map(|side| data.counter(counter, side, at));
        if values == [0, 0] {
            return None;
        }
        let by = i64::try_from(values[1]).ok()? - i64::try_from(values[0]).ok()?;
        let sign = if by > 0 { "+" } else { "" };
        Some(html! {
            <tr key={counter.name()} class={classes!((by != 0).then_some("differs"))}>
                <th scope="row">{ format!("TcpExt{}", counter.name()) }</th>
                { for values.map(|value| html! { <td>{ grouped(value) }</td> }) }
                <td>{ if by == 0 { words::SAME.to_owned() } else { format!("{sign}{}", grouped_signed(by)) } }</td>
            </tr>
        })
    };
    let rows: Vec<Html> = data.counters.keys().copied().filter_map(row).collect();
    if rows.is_empty() {
        return Html::default();
    }
    html! {
        <div class="wide-table" tabindex="0" role="group" aria-label={words::COUNTERS}>
            <table class="mono">
                <caption>{ words::counters_at(at) }</caption>
                <thead><tr><th scope="col">{ "nstat" }</th>{ columns() }<th scope="col">{ words::DIFFERENCE }</th></tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

fn columns() -> Html {
    ["before", "after"].map(|column| html! { <th scope="col">{ column }</th> }).into_iter().collect()
}
