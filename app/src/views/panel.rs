//! The panel below the tab list, with the view of the selected tab.

use std::rc::Rc;

use yew::prelude::*;

use super::build::{Build, Files, SharedDraft};
use super::clocks::ClocksChart;
use super::compare::Compare;
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

/// The state of the form, which is kept while another tab is open.
#[derive(Clone, PartialEq)]
pub struct DraftState {
    /// The draft.
    pub draft: SharedDraft,
    /// The files that were opened.
    pub files: Files,
}

/// The chart of clocks, outside of the panel.
pub fn clocks(state: &State, _shown: Tab, _making: &DraftState, _act: &Callback<Action>) -> Html {
    html! { <ClocksChart run={state.run.clone()} at={state.at} /> }
}

/// The view of the tab `shown`. This is the selected tab, except while a picture of another tab is exported.
pub fn panel(state: &State, shown: Tab, draft_state: &DraftState, act: &Callback<Action>) -> Html {
    let (run, at) = (state.run.clone(), state.at);
    match shown {
        Tab::Clocks => clocks(state, shown, draft_state, act),
        Tab::Ladder => html! { <Ladder {run} {at} playing={state.playing} act={act.clone()} /> },
        Tab::Compare => html! { <Compare compared={state.side_by_side()} {at} act={act.clone()} /> },
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
            <Build plan={Rc::clone(&state.plan)} draft={draft_state.draft.clone()} files={draft_state.files.clone()}
                act={act.clone()} />
        },
        Tab::Export => {
            let draw = {
                let (state, draft_state, act) = (state.clone(), draft_state.clone(), act.clone());
                Callback::from(move |shown: Tab| panel(&state, shown, &draft_state, &act))
            };
            let link = address::link(&Route { view: Tab::default(), against: None, ..state.route() }.query());
            html! { <Export plan={Rc::clone(&state.plan)} {run} {link} {draw} /> }
        }
    }
}
