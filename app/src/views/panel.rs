//! The view that was chosen, in the place that the views share.

use std::rc::Rc;

use yew::prelude::*;

use super::build::{Build, Files, Kept};
use super::clocks::ClocksChart;
use super::compare::compare;
use super::event_log::EventLog;
use super::export::Export;
use super::ladder::Ladder;
use super::over_time::OverTimeCharts;
use super::sockets::sockets;
use super::sweep::{OpenedRun, SweepMap};
use super::sysctl_file::SysctlFile;
use crate::platform::address;
use lab::plan::Base;
use lab::route::Route;
use lab::state::{Action, State};
use lab::tab::Tab;

/// What making a scenario keeps from view to view.
#[derive(Clone, PartialEq)]
pub struct Making {
    /// What was typed.
    pub kept: Kept,
    /// The files that were opened.
    pub files: Files,
}

/// The chart of clocks, by itself.
pub fn clocks(state: &State, _shown: Tab, _making: &Making, _act: &Callback<Action>) -> Html {
    html! { <ClocksChart run={state.run.clone()} at={state.at} /> }
}

/// The view `shown`, which is the one that was chosen but for pictures that are taken along.
pub fn panel(state: &State, shown: Tab, making: &Making, act: &Callback<Action>) -> Html {
    let (run, at) = (state.run.clone(), state.at);
    match shown {
        Tab::Clocks => clocks(state, shown, making, act),
        Tab::Ladder => html! { <Ladder {run} {at} playing={state.playing} act={act.clone()} /> },
        Tab::Compare => compare(state.side_by_side(), at, act),
        Tab::OverTime => html! { <OverTimeCharts {run} {at} /> },
        Tab::Sweep => {
            let open = act.reform(|swept: OpenedRun| Action::Open(Base::made(swept.scenario)));
            html! { <SweepMap {run} {at} {open} /> }
        }
        Tab::Log => html! {
            <EventLog {run} records={state.snapshot.records} {at} chosen={state.chosen} act={act.clone()} />
        },
        Tab::Sockets => sockets(&state.snapshot),
        Tab::File => html! {
            <SysctlFile kernel={state.plan.kernel} sysctls={state.snapshot.server.sysctls.clone()} />
        },
        Tab::Build => html! {
            <Build plan={Rc::clone(&state.plan)} kept={making.kept.clone()} files={making.files.clone()}
                act={act.clone()} />
        },
        Tab::Export => {
            let draw = {
                let (state, making, act) = (state.clone(), making.clone(), act.clone());
                Callback::from(move |shown: Tab| panel(&state, shown, &making, &act))
            };
            let link = address::link(&Route { view: Tab::default(), against: None, ..state.route() }.query());
            html! { <Export plan={Rc::clone(&state.plan)} {run} {link} {draw} /> }
        }
    }
}
