//! The page: the lab or the desk, the state of the lab, and the layout of its parts.

use std::rc::Rc;

use sim_core::time::SimTime;
use yew::prelude::*;

use crate::controls::header::{Header, LabHead};
use crate::controls::help::help;
use crate::controls::notices::notices;
use crate::controls::settings::ServerSettings;
use crate::controls::tabs::tabs;
use crate::controls::time_bar::TimeBar;
use crate::hooks::{use_frames, use_near};
use crate::lazy_parts::{Part, PartName, PartState, use_part};
use crate::page_hooks::{use_address, use_browser, use_title};
use crate::platform::{HAS_BROWSER, address, dialog, media, takeover};
use crate::scenario_reader::read_route;
use crate::views::build::{SharedDraft, use_files};
use crate::views::counters::counters;
use crate::views::region::Region;
use crate::views::remembered::remembered;
use crate::views::stage::Stage;
use crate::views::story::Story;
use crate::views::why::why;
use crate::views::{DraftState, panel};
use lab::catalogue;
use lab::plan::Settings;
use lab::route::is_desk;
use lab::state::{Action, State};
use lab::tab::Tab;
use lab::text;

/// The state of the lab as a Yew reducer.
#[derive(Clone)]
struct Page(State);

impl Reducible for Page {
    type Action = Action;
    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut page = Rc::unwrap_or_clone(self);
        page.0.apply(action);
        Rc::new(page)
    }
}

#[derive(Clone, Properties)]
struct LabProps {
    opened: Rc<Page>,
}

/// The state is passed once, when the page opens, so comparing the pointers is enough.
impl PartialEq for LabProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.opened, &other.opened)
    }
}

/// The root component. The address decides between the lab and the desk.
#[component]
pub fn App() -> Html {
    let query = address::query();
    let on_desk = is_desk(&query);
    let drawing = use_part(PartName::Desk, on_desk);
    // Effects of child components run before this one, so their listeners are in place.
    use_effect_with((), |()| takeover::tell_ready());
    if on_desk {
        return desk(drawing);
    }
    match read_route(&query) {
        Ok((route, rejected)) => {
            html! { <Lab opened={Rc::new(Page(State::open(route, rejected, media::reduced_motion())))} /> }
        }
        Err(_) => html! { <p>{ text::page::BROKEN }</p> },
    }
}

/// The page of the support desk. It does not use the state of the lab.
fn desk(drawing: PartState) -> Html {
    let page = match drawing {
        PartState::Loaded(Part::Desk(draw)) => draw(),
        other => html! { <main>{ not_loaded(other) }</main> },
    };
    html! { <><Header />{ page }</> }
}

#[component]
fn Lab(props: &LabProps) -> Html {
    let opened = Rc::clone(&props.opened);
    let page = use_reducer(move || (*opened).clone());
    let sheet = use_node_ref();
    let state = &page.0;
    let first_view = use_memo((), |()| (state.run.clone(), takeover::view_of_first_frame()));
    let act = {
        let dispatcher = page.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    use_frames(state.playing, act.reform(Action::Frame));
    use_browser(act.clone(), sheet.clone());
    use_address(state.route().query());
    let making = DraftState { draft: (*use_state(SharedDraft::default)).clone(), files: use_files(act.clone()) };

    use_title(&state.plan.base);

    let views = use_node_ref();
    let near = use_near(&views);
    let drawing = use_part(state.tab.into(), near);

    let settings = state.plan.settings(state.at);
    let open_help = {
        let sheet = sheet.clone();
        use_callback((), move |(), ()| dialog::open(&sheet))
    };
    let shown = match (&drawing, &*first_view) {
        (PartState::Loading, (run, Some(view))) if *run == state.run && state.tab == Tab::default() => view.clone(),
        _ => view(drawing, state, &making, &act),
    };
    let open_help = LabHead { base: state.plan.base.clone(), act: act.clone(), help: open_help };
    html! {
        <>
            <Header lab={open_help} />
            <main>
                <div class="lead">
                    { notices(&state.notices, &act) }
                    { making.files.notice() }
                    <h1>{ text::question(&state.run, &state.snapshot) }</h1>
                    { status(state) }
                    <p class="purpose">{ &state.run.scenario.purpose }</p>
                </div>
                <Region id="stage" heading={text::page::STAGE} quiet=true>
                    <Stage run={state.run.clone()} snapshot={Rc::clone(&state.snapshot)} {settings}
                        reduced_motion={state.reduced_motion} />
                </Region>
                <TimeBar run={state.run.clone()} plan={Rc::clone(&state.plan)} at={state.at} playing={state.playing}
                    mode={state.mode} speed={state.speed} skip_idle={state.skip_idle}
                    reduced_motion={state.reduced_motion} act={act.clone()} />
                { story_and_why(state, &act) }
                { side(state, settings, &act) }
                <div class="views" ref={views}>
                    { tabs(state.tab, &act) }
                    <div role="tabpanel" id="view" aria-labelledby={state.tab.tab_id()}>{ shown }</div>
                    { if HAS_BROWSER { Html::default() } else { without_scripts(state, &making, &act) } }
                </div>
                { announced(state) }
            </main>
            { footer() }
            { help(&sheet) }
        </>
    }
}

/// The question of the scenario and the explanation of the moment. The question comes first at the start of the run.
fn story_and_why(state: &State, act: &Callback<Action>) -> Html {
    let at_start = state.at == SimTime::ZERO;
    let story = html! { <Story key="story" base={state.plan.base.clone()} {at_start} act={act.clone()} /> };
    let (before, after) = if at_start { (Some(story), None) } else { (None, Some(story)) };
    html! { <div class="tell">{ for before }{ why(state, act) }{ for after }</div> }
}

/// The column beside the stage: switches, remembered timestamps, counters.
fn side(state: &State, settings: Settings, act: &Callback<Action>) -> Html {
    let marked = state.run.refusal_on_stage(&state.snapshot).map(|refused| refused.at);
    html! {
        <div class="side">
            <ServerSettings plan={Rc::clone(&state.plan)} {settings} status_line={state.status_line.clone()}
                can_undo={state.can_undo()} can_redo={state.can_redo()} act={act.clone()} />
            { remembered(&state.run, &state.snapshot) }
            { counters(&state.snapshot, marked, state.forked()) }
        </div>
    }
}

/// The other views, below the chart, for visitors without JavaScript. They are only in the prerendered HTML.
fn without_scripts(state: &State, making: &DraftState, act: &Callback<Action>) -> Html {
    html! {
        <noscript>
            { panel(state, Tab::Ladder, making, act) }
            { panel(state, Tab::File, making, act) }
        </noscript>
    }
}

fn footer() -> Html {
    let root = address::root();
    html! {
        <footer>
            <nav aria-label="Scenarios" class="scenarios">
                { for catalogue::entries().iter().map(|entry| html! {
                    <a href={format!("{root}scenario/{}/", entry.name)}>{ &entry.title }</a>
                }) }
            </nav>
            <p>{ text::page::ABOUT }</p>
        </footer>
    }
}

/// The view of the open tab, or a message until it is loaded.
fn view(drawing: PartState, state: &State, making: &DraftState, act: &Callback<Action>) -> Html {
    match drawing {
        PartState::Loaded(Part::Views(draw)) => draw(state, state.tab, making, act),
        other => not_loaded(other),
    }
}

/// The message that is shown while a part is not loaded.
fn not_loaded(drawing: PartState) -> Html {
    match drawing {
        PartState::Loading => html! { <p class="soft coming">{ text::page::LOADING_VIEW }</p> },
        PartState::Failed(again) => html! {
            <div role="alert" class="notice">
                <p>{ text::page::VIEW_FAILED }</p>
                <button type="button" class="plain" onclick={again.reform(|_| ())}>{ text::page::TRY_AGAIN }</button>
            </div>
        },
        PartState::Loaded(_) => Html::default(),
    }
}

/// The number of connections refused so far, as an `aria-live="polite"` region.
fn status(state: &State) -> Html {
    let status = state.run.index.status(state.at);
    let [count, rest] = text::page::status(status, text::failed_otherwise(&state.run, state.at));
    html! {
        <p class={if status.refused > 0 { "status some" } else { "status" }} role="status">
            <strong>{ count }</strong>{ rest }
        </p>
    }
}

/// The event at the playhead, for screen readers. During playback they read out only the status line.
fn announced(state: &State) -> Html {
    let sentence = if state.playing && !state.reduced_motion {
        String::new()
    } else {
        state.run.telling_record(state.at).map(|record| text::log::sentence(&state.run, record)).unwrap_or_default()
    };
    html! { <p class="for-the-ear" aria-live="polite">{ sentence }</p> }
}
