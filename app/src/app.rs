//! The page: its state, what keeps it going, and where its parts stand.

use std::rc::Rc;

use sim_core::time::SimTime;
use yew::prelude::*;

use crate::controls::header::{Header, LabHead};
use crate::controls::help::help;
use crate::controls::notices::notices;
use crate::controls::settings::ServerSettings;
use crate::controls::tabs::tabs;
use crate::controls::time_bar::TimeBar;
use crate::hooks::{use_frames, use_near, use_rested};
use crate::keys::{Command, command};
use crate::lazy_parts::{self, Part, PartName, PartState, use_part};
use crate::platform::{HAS_BROWSER, address, dialog, keyboard, media, panic, picked, takeover, visibility};
use crate::views::build::{SharedDraft, use_files};
use crate::views::counters::counters;
use crate::views::panel::{DraftState, panel};
use crate::views::region::Region;
use crate::views::remembered::remembered;
use crate::views::stage::Stage;
use crate::views::story::Story;
use crate::views::why::why;
use lab::catalogue;
use lab::plan::Base;
use lab::route::is_desk;
use lab::state::{Action, State};
use lab::tab::Tab;
use lab::text;

/// The address is written when it has not changed for so long.
const ADDRESS_RESTS_MS: u32 = 250;

const ABOUT: &str =
    "Everything here comes from a run of a model of Linux TCP in your browser. Nothing is sent anywhere.";

/// The state, as Yew keeps it.
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

/// Two states are not worth the code of comparing them: this one comes once.
impl PartialEq for LabProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.opened, &other.opened)
    }
}

/// The whole page, from its address.
#[component]
pub fn App() -> Html {
    let query = address::query();
    let on_desk = is_desk(&query);
    let drawing = use_part(PartName::Desk, on_desk);
    // The effects of the parts have run before that of the whole.
    use_effect_with((), |()| takeover::tell_ready());
    if on_desk {
        return desk(drawing);
    }
    match lazy_parts::read_route(&query) {
        Ok((route, rejected)) => {
            html! { <Lab opened={Rc::new(Page(State::open(route, rejected, media::reduced_motion())))} /> }
        }
        Err(_) => html! { <p>{ "The scenario of this page cannot be read. This is a fault of the page." }</p> },
    }
}

/// The support desk: a page of its own, with nothing of the lab's state.
fn desk(drawing: PartState) -> Html {
    let page = match drawing {
        PartState::Loaded(Part::Desk(draw)) => draw(),
        other => html! { <main>{ not_here(other) }</main> },
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
    let drawing = use_part(state.view.into(), near);

    let settings = state.plan.settings(state.at);
    let open_help = {
        let sheet = sheet.clone();
        use_callback((), move |(), ()| dialog::open(&sheet))
    };
    let at_start = state.at == SimTime::ZERO;
    let story = || html! { <Story key="story" base={state.plan.base.clone()} {at_start} act={act.clone()} /> };
    let marked = state.run.refusal_on_stage(&state.snapshot).map(|refused| refused.at);
    let stage = html! {
        <Stage run={state.run.clone()} snapshot={Rc::clone(&state.snapshot)} {settings} still={state.still} />
    };
    let time = html! {
        <TimeBar run={state.run.clone()} plan={Rc::clone(&state.plan)} at={state.at} playing={state.playing}
            mode={state.mode} speed={state.speed} skip_idle={state.skip_idle} still={state.still} act={act.clone()} />
    };
    let server = html! {
        <ServerSettings plan={Rc::clone(&state.plan)} {settings} status_line={state.status_line.clone()}
            can_undo={state.can_undo()} can_redo={state.can_redo()} act={act.clone()} />
    };
    let (before, after) = if at_start { (Some(story()), None) } else { (None, Some(story())) };
    let shown = match (&drawing, &*first_view) {
        (PartState::Loading, (run, Some(view))) if *run == state.run && state.view == Tab::default() => view.clone(),
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
                <Region id="stage" heading="Stage" quiet=true>{ stage }</Region>
                { time }
                <div class="tell">{ for before }{ why(state, &act) }{ for after }</div>
                <div class="side">
                    { server }
                    { remembered(&state.run, &state.snapshot) }
                    { counters(&state.snapshot, marked, state.forked()) }
                </div>
                <div class="views" ref={views}>
                    { tabs(state.view, &act) }
                    <div role="tabpanel" id="view" aria-labelledby={state.view.tab_id()}>{ shown }</div>
                    { if HAS_BROWSER { Html::default() } else { without_scripts(state, &making, &act) } }
                </div>
                { spoken(state) }
            </main>
            { footer() }
            { help(&sheet) }
        </>
    }
}

/// The views that a visitor without JavaScript cannot choose: they stand below the chart. Only in the HTML.
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
            <p>{ ABOUT }</p>
        </footer>
    }
}

/// The view that was chosen, or what there is to say until it is here.
fn view(drawing: PartState, state: &State, making: &DraftState, act: &Callback<Action>) -> Html {
    match drawing {
        PartState::Loaded(Part::Views(draw)) => draw(state, state.view, making, act),
        other => not_here(other),
    }
}

/// What there is to say of a part that is not here.
fn not_here(drawing: PartState) -> Html {
    match drawing {
        PartState::Loading => html! { <p class="soft coming">{ "Loading this view" }</p> },
        PartState::Failed(again) => html! {
            <div role="alert" class="notice">
                <p>{ "This view did not arrive. The rest of the page goes on without it." }</p>
                <button type="button" class="plain" onclick={again.reform(|_| ())}>{ "Try again" }</button>
            </div>
        },
        PartState::Loaded(_) => Html::default(),
    }
}

/// How many connections were refused, read out politely.
fn status(state: &State) -> Html {
    let status = state.run.index.status(state.at);
    let rest = match text::failed_otherwise(&state.run, state.at) {
        0 => " connections refused so far".to_owned(),
        failed => format!(" refused by recycle, {failed} failed otherwise"),
    };
    html! {
        <p class={if status.refused > 0 { "status some" } else { "status" }} role="status">
            <strong>{ format!("{} of {}", status.refused, status.attempted) }</strong>{ rest }
        </p>
    }
}

/// What happened at this moment, for the ear; while it plays, the status line alone is read out.
fn spoken(state: &State) -> Html {
    let sentence = if state.playing && !state.still {
        String::new()
    } else {
        state.run.telling_record(state.at).map(|record| text::log::sentence(&state.run, record)).unwrap_or_default()
    };
    html! { <p class="for-the-ear" aria-live="polite">{ sentence }</p> }
}

/// The page has the title of its file until another scenario is opened.
#[hook]
fn use_title(base: &Base) {
    let opened = use_memo((), |()| base.clone());
    use_effect_with(base.clone(), move |base| {
        if *base != *opened {
            picked::entitle(&format!("{} \u{b7} TIME_WAIT Lab", base.scenario.title));
        }
    });
}

/// Writes the address when it has rested, and only when it is another one: the visitor may have gone on meanwhile.
#[hook]
fn use_address(query: String) {
    let written = use_mut_ref(address::query);
    use_rested(query, ADDRESS_RESTS_MS, move |query| {
        if *written.borrow() != query {
            address::replace_query(&query);
            *written.borrow_mut() = query;
        }
    });
}

/// What comes from the browser: keys, another address, a hidden tab, less motion.
#[hook]
fn use_browser(act: Callback<Action>, help: NodeRef) {
    use_effect_with((), move |()| {
        let keys = {
            let act = act.clone();
            keyboard::on_press(move |press| match command(&press) {
                Some(Command::Act(action)) => {
                    act.emit(action);
                    true
                }
                Some(Command::Help) => {
                    dialog::open(&help);
                    true
                }
                None => false,
            })
        };
        let back = {
            let act = act.clone();
            address::on_change(move || {
                let act = act.clone();
                let query = address::query();
                lazy_parts::with_parts_for(&address::query(), move |arrived| match lazy_parts::read_route(&query) {
                    Ok((route, rejected)) if arrived => act.emit(Action::Arrive(route, rejected)),
                    _ => panic::not_loaded(),
                });
            })
        };
        let hidden = {
            let act = act.clone();
            visibility::on_hidden(move || act.emit(Action::Pause))
        };
        let motion = media::on_reduced_motion(move |still| act.emit(Action::SetStill(still)));
        move || drop((keys, back, hidden, motion))
    });
}
