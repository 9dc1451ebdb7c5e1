//! The view that was chosen, in the place that the views share.

use yew::prelude::*;

use super::View;
use super::clocks::ClocksChart;
use super::compare::compare;
use super::event_log::EventLog;
use super::ladder::Ladder;
use super::over_time::OverTimeCharts;
use super::sockets::sockets;
use super::sweep::{Opened, SweepMap};
use super::sysctl_file::SysctlFile;
use crate::plan::Base;
use crate::state::{Action, State};

/// The view that was chosen.
pub fn panel(state: &State, act: &Callback<Action>) -> Html {
    let (run, at) = (state.run.clone(), state.at);
    match state.view {
        View::Clocks => html! { <ClocksChart {run} {at} /> },
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
    }
}
