//! The views of the page, and the one that the open tab shows. Each view is a function of a run and a moment.
//!
//! A view is a plain function unless it has a state of its own. The moment changes with every frame, so comparing the
//! properties of a component would save nothing.

pub mod build;
pub mod clocks;
pub mod compare;
pub mod counters;
pub mod event_log;
pub mod export;
pub mod ladder;
pub mod over_time;
pub mod region;
pub mod remembered;
pub mod sockets;
pub mod stage;
pub mod story;
pub mod sweep;
pub mod sysctl_file;
pub mod why;

use std::rc::Rc;

use yew::prelude::*;

use self::build::{Build, Files, SharedDraft};
use self::clocks::ClocksChart;
use self::compare::Compare;
use self::event_log::EventLog;
use self::export::Export;
use self::ladder::Ladder;
use self::over_time::OverTimeCharts;
use self::sockets::sockets;
use self::sweep::{OpenedRun, SweepMap};
use self::sysctl_file::SysctlFile;
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
            let link = address::link(&Route { tab: Tab::default(), baseline: None, ..state.route() }.query());
            html! { <Export plan={Rc::clone(&state.plan)} {run} {link} {draw} /> }
        }
    }
}
