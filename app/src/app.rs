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
use crate::later::{Drawing, Part, Wanted, use_drawing};
use crate::markup::{Element, element, fragment};
use crate::platform::{address, dialog, keyboard, media, visibility};
use crate::views::Region;
use crate::views::build::{SharedDraft, use_files};
use crate::views::counters::counters;
use crate::views::panel::DraftState;
use crate::views::remembered::remembered;
use crate::views::stage::Stage;
use crate::views::story::Story;
use crate::views::why::why;
use lab::route::{Route, is_desk};
use lab::state::{Action, State};
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
    let drawing = use_drawing(Wanted::Desk, on_desk);
    if on_desk {
        return desk(drawing);
    }
    match Route::parse(&query) {
        Some((route, rejected)) => {
            html! { <Lab opened={Rc::new(Page(State::open(route, rejected, media::reduced_motion())))} /> }
        }
        None => html! { <p>{ "The scenario of this page cannot be read. This is a fault of the page." }</p> },
    }
}

/// The support desk: a page of its own, with nothing of the lab's state.
fn desk(drawing: Drawing) -> Html {
    let page = match drawing {
        Drawing::Here(Part::Desk(draw)) => draw(),
        other => element!("main").with(not_here(other)).html(),
    };
    fragment(vec![html! { <Header /> }, page])
}

#[component]
fn Lab(props: &LabProps) -> Html {
    let opened = Rc::clone(&props.opened);
    let page = use_reducer(move || (*opened).clone());
    let sheet = use_node_ref();
    let state = &page.0;
    let act = {
        let dispatcher = page.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    use_frames(state.playing, act.reform(Action::Frame));
    use_browser(act.clone(), sheet.clone());
    use_address(state.route().query());
    let making = DraftState { draft: (*use_state(SharedDraft::default)).clone(), files: use_files(act.clone()) };

    let views = use_node_ref();
    let near = use_near(&views);
    let drawing = use_drawing(state.view.into(), near);

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
    let lead = element!("div", "class" = "lead")
        .with(notices(&state.notices, &act))
        .with(making.files.notice())
        .with(element!("h1").with(text::question(&state.run, &state.snapshot)))
        .with(status(state))
        .with(element!("p", "class" = "purpose").with(state.run.scenario.purpose.clone()));
    let (before, after) = if at_start { (Some(story()), None) } else { (None, Some(story())) };
    let tell = element!("div", "class" = "tell").with(before).with(why(state, &act)).with(after);
    let side = element!("div", "class" = "side")
        .with(server)
        .with(remembered(&state.run, &state.snapshot))
        .with(counters(&state.snapshot, marked, state.forked()));
    let shown = element!("div", "role" = "tabpanel", "id" = "view", "aria-labelledby" = state.view.tab_id())
        .with(view(drawing, state, &making, &act));
    let tabbed = element!("div", "class" = "views").with(tabs(state.view, &act)).with(shown).found_by(&views);
    let main = element!("main")
        .with(lead)
        .with(Region::new("stage", "Stage").quiet().around(stage))
        .with(time)
        .with(tell)
        .with(side)
        .with(tabbed)
        .with(spoken(state));
    fragment(vec![
        html! { <Header lab={LabHead { base: state.plan.base.clone(), act: act.clone(), help: open_help }} /> },
        main.html(),
        element!("footer").with(element!("p").with(ABOUT)).html(),
        help(&sheet),
    ])
}

/// The view that was chosen, or what there is to say until it is here.
fn view(drawing: Drawing, state: &State, making: &DraftState, act: &Callback<Action>) -> Html {
    match drawing {
        Drawing::Here(Part::Views(draw)) => draw(state, state.view, making, act),
        other => not_here(other),
    }
}

/// What there is to say of a part that is not here.
fn not_here(drawing: Drawing) -> Html {
    match drawing {
        Drawing::Coming => element!("p", "class" = "soft coming").with("Loading this view").html(),
        Drawing::Failed(again) => element!("div", "role" = "alert", "class" = "notice")
            .with(element!("p").with("This view did not arrive. The rest of the page goes on without it."))
            .with(
                element!("button", "type" = "button", "class" = "plain")
                    .with("Try again")
                    .on_click(again.reform(|_| ())),
            )
            .html(),
        Drawing::Here(_) => Html::default(),
    }
}

/// How many connections were refused, read out politely.
fn status(state: &State) -> Element {
    let status = state.run.index.status(state.at);
    let class = if status.refused > 0 { "status some" } else { "status" };
    let rest = match text::failed_otherwise(&state.run, state.at) {
        0 => " connections refused so far".to_owned(),
        failed => format!(" refused by recycle, {failed} failed otherwise"),
    };
    element!("p", "class" = class, "role" = "status")
        .with(element!("strong").with(format!("{} of {}", status.refused, status.attempted)))
        .with(rest)
}

/// What happened at this moment, for the ear; while it plays, the status line alone is read out.
fn spoken(state: &State) -> Element {
    let sentence = if state.playing && !state.still {
        String::new()
    } else {
        state.run.telling_record(state.at).map(|record| text::log::sentence(&state.run, record)).unwrap_or_default()
    };
    element!("p", "class" = "for-the-ear", "aria-live" = "polite").with(sentence)
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
                if let Some((route, rejected)) = Route::parse(&address::query()) {
                    act.emit(Action::Arrive(route, rejected));
                }
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
