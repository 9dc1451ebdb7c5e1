//! The sweep: a heat map of the share of refused connections, computed in slices while the page stays responsive.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use sim_core::Scenario;
use sim_core::time::{SimTime, Span};
use yew::prelude::*;

use super::region::Region;
use crate::platform::clock;
use lab::chart::sweep::{Cell, HOSTS, PER_MINUTE, Sweep};
use lab::run::SharedRun;
use lab::text::charts as text;

/// The target length of a slice in milliseconds. The page is rendered between two slices.
const SLICE_MS: f64 = 7.0;
/// The simulated time between two checks of the clock.
const STEP: Span = Span::from_secs(5);

/// A cell that was opened as a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenedRun {
    /// The number of hosts behind the address.
    pub hosts: u16,
    /// The number of connections that each host opens per minute.
    pub per_minute: u32,
    /// The scenario of the cell's first run.
    pub scenario: Rc<Scenario>,
}

/// The properties of [`SweepMap`].
#[derive(Clone, PartialEq, Properties)]
pub struct SweepProps {
    /// The run whose server is swept.
    pub run: SharedRun,
    /// The moment whose settings are used.
    pub at: SimTime,
    /// Called when a cell is opened.
    pub open: Callback<OpenedRun>,
}

/// A sweep in progress, and the timer of its next slice.
#[derive(Default)]
struct Work {
    sweep: Option<Sweep>,
    timer: Option<Timeout>,
}

type Shared = Rc<RefCell<Work>>;

/// The heat map.
#[component]
pub fn SweepMap(props: &SweepProps) -> Html {
    let work: Shared = (*use_state(Shared::default)).clone();
    // The sweep is not part of Yew's state. A change of this number makes Yew render it again.
    let version = use_state_eq(|| 0_usize);
    {
        // Another run has other settings, so its sweep starts again. The timer is dropped on unmount.
        let work = Rc::clone(&work);
        let version = version.setter();
        use_effect_with(props.run.clone(), move |_| {
            *work.borrow_mut() = Work::default();
            version.set(0);
            move || *work.borrow_mut() = Work::default()
        });
    }
    let start = {
        let (work, run, at, version) = (Rc::clone(&work), props.run.clone(), props.at, version.setter());
        Callback::from(move |_: MouseEvent| {
            *work.borrow_mut() = Work { sweep: Some(Sweep::new(&run.scenario, at)), timer: None };
            version.set(usize::MAX);
            go_on(&work, version.clone());
        })
    };
    let cancel = {
        let (work, version) = (Rc::clone(&work), version.setter());
        Callback::from(move |_: MouseEvent| {
            *work.borrow_mut() = Work::default();
            version.set(0);
        })
    };
    let held = work.borrow();
    let under_way = held.sweep.as_ref().is_some_and(|sweep| !sweep.is_done());
    let button = match (&held.sweep, under_way) {
        (_, true) => html! { <button type="button" class="plain" onclick={cancel}>{ text::SWEEP_CANCEL }</button> },
        (Some(_), false) => {
            html! { <button type="button" class="plain" onclick={start}>{ text::SWEEP_AGAIN }</button> }
        }
        (None, false) => html! { <button type="button" class="plain" onclick={start}>{ text::SWEEP_RUN }</button> },
    };
    let open = {
        let (work, open) = (Rc::clone(&work), props.open.clone());
        Callback::from(move |(row, column): (usize, usize)| {
            let scenario = work.borrow().sweep.as_ref().and_then(|sweep| sweep.scenario(row, column));
            if let Some(scenario) = scenario {
                let (hosts, per_minute) = (HOSTS[column], PER_MINUTE[row]);
                open.emit(OpenedRun { hosts, per_minute, scenario: Rc::new(scenario) });
            }
        })
    };
    html! {
        <Region id="sweep" heading={text::SWEEP}>
            <p class="chart-lead">{ text::SWEEP_LEAD }</p>
            <div class="under">{ button }{ for held.sweep.as_ref().map(progress) }</div>
            <p class="soft" aria-live="polite">{ held.sweep.as_ref().and_then(summary).unwrap_or_default() }</p>
            { for held.sweep.as_ref().map(|sweep| map(sweep, &open)) }
        </Region>
    }
}

/// Works for one slice and schedules the next.
fn go_on(work: &Shared, version: UseStateSetter<usize>) {
    let begun = clock::now_ms();
    let mut held = work.borrow_mut();
    let Some(sweep) = &mut held.sweep else { return };
    while !sweep.is_done() && clock::now_ms() - begun < SLICE_MS {
        sweep.step(STEP);
    }
    version.set(sweep.progress().0);
    if !sweep.is_done() {
        let next = Rc::clone(work);
        held.timer = Some(Timeout::new(0, move || go_on(&next, version)));
    }
}

fn progress(sweep: &Sweep) -> Html {
    let (done, all) = sweep.progress();
    if sweep.is_done() {
        return Html::default();
    }
    html! {
        <>
            <progress max={all.to_string()} value={done.to_string()} aria-label={text::SWEEP} />
            <span class="soft">{ text::sweep_progress(done, all) }</span>
        </>
    }
}

/// The result in a sentence, once the sweep is finished.
fn summary(sweep: &Sweep) -> Option<String> {
    let alone = (0..PER_MINUTE.len()).filter_map(|row| sweep.cell(row, 0)).fold(Cell::default(), |sum, cell| Cell {
        connections: sum.connections + cell.connections,
        refused: sum.refused + cell.refused,
    });
    let places = (0..PER_MINUTE.len()).flat_map(|row| (0..HOSTS.len()).map(move |column| (row, column)));
    let cells = places.filter_map(|(row, column)| Some((HOSTS[column], PER_MINUTE[row], sweep.cell(row, column)?)));
    let most = cells.max_by_key(|(.., cell)| cell.percent())?;
    sweep.is_done().then(|| text::swept(alone, most))
}

/// The heat map as a table. Each cell has its number as text, and a shade.
fn map(sweep: &Sweep, open: &Callback<(usize, usize)>) -> Html {
    let cell = |row: usize, column: usize| match sweep.cell(row, column) {
        None => html! { <td key={column}></td> },
        Some(cell) => {
            let onclick = open.reform(move |_: MouseEvent| (row, column));
            let class = format!("heat heat-{}", cell.percent().div_ceil(20));
            let label = text::cell(cell, HOSTS[column], PER_MINUTE[row]);
            html! {
                <td key={column}>
                    <button type="button" {class} {onclick} aria-label={label}>{ cell.percent() }</button>
                </td>
            }
        }
    };
    let row = |row: usize| {
        html! {
            <tr key={row}>
                <th scope="row">{ PER_MINUTE[row] }</th>
                { for (0..HOSTS.len()).map(|column| cell(row, column)) }
            </tr>
        }
    };
    html! {
        <table class="heat-map">
            <caption>{ text::SWEEP_CAPTION }</caption>
            <thead><tr>
                <td></td>
                { for HOSTS.iter().map(|hosts| html! { <th scope="col" key={*hosts}>{ hosts }</th> }) }
            </tr></thead>
            <tbody>{ for (0..PER_MINUTE.len()).map(row) }</tbody>
        </table>
    }
}
