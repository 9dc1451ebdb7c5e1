//! The view that was chosen, in the place that the views share.

use std::rc::Rc;

use yew::prelude::*;

use super::View;
use super::build::{Build, Files, Kept};
use super::clocks::ClocksChart;
use super::compare::compare;
use super::event_log::EventLog;
use super::ladder::Ladder;
use super::over_time::OverTimeCharts;
use super::sockets::sockets;
use super::sweep::{Opened, SweepMap};
use super::sysctl_file::SysctlFile;
use super::take_along::TakeAlong;
use crate::plan::Base;
use crate::platform::address;
use crate::route::Route;
use crate::state::{Action, State};

/// What making a scenario keeps from view to view.
#[derive(Clone, PartialEq)]
pub struct Making {
    /// What was typed.
    pub kept: Kept,
    /// The files that were opened.
    pub files: Files,
}

/// The chart of clocks, by itself.
pub fn clocks(state: &State, _shown: View, _making: &Making, _act: &Callback<Action>) -> Html {
    html! { <ClocksChart run={state.run.clone()} at={state.at} /> }
}

/// The view `shown`, which is the one that was chosen but for pictures that are taken along.
pub fn panel(state: &State, shown: View, making: &Making, act: &Callback<Action>) -> Html {
    let (run, at) = (state.run.clone(), state.at);
    match shown {
        View::Clocks => clocks(state, shown, making, act),
        View::Ladder => html! { <Ladder {run} {at} playing={state.playing} act={act.clone()} /> },
        View::Compare => compare(state.compared(), at, act),
        View::OverTime => html! { <OverTimeCharts {run} {at} /> },
        View::Sweep => {
            let open = act.reform(|swept: Opened| Action::Open(Base::made(swept.scenario)));
            html! { <SweepMap {run} {at} {open} /> }
        }
        View::Log => html! {
            <EventLog {run} records={state.snapshot.records} {at} chosen={state.chosen} act={act.clone()} />
        },
        View::Sockets => sockets(&state.snapshot),
        View::File => html! {
            <SysctlFile kernel={state.plan.kernel} sysctls={state.snapshot.server.sysctls.clone()} />
        },
        View::Build => html! {
            <Build plan={Rc::clone(&state.plan)} kept={making.kept.clone()} files={making.files.clone()}
                act={act.clone()} />
        },
        View::TakeAlong => {
            let draw = {
                let (state, making, act) = (state.clone(), making.clone(), act.clone());
                Callback::from(move |shown: View| panel(&state, shown, &making, &act))
            };
            let link = address::link(&Route { view: View::default(), against: None, ..state.route() }.query());
            html! { <TakeAlong plan={Rc::clone(&state.plan)} {run} {link} {draw} /> }
        }
    }
}
