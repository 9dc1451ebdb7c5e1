//! The form for a scenario of the visitor. It starts from the current scenario. Input is kept as it was typed, valid or
//! not, until the scenario can run.

mod draw;
mod files;
mod lists;

use std::cell::RefCell;
use std::rc::Rc;

use sim_core::scenario::ScenarioError;
use yew::prelude::*;

use self::draw::Sheet;
pub use self::files::{Files, use_files};
use super::region::Region;
use crate::controls::when;
use crate::platform::{download, element};
use lab::draft::{Draft, Edit, pointer};
use lab::plan::{Base, Plan};
use lab::state::Action;
use lab::text::{build as words, export};

/// The draft, which is kept while another tab is open.
#[derive(Clone, Default)]
pub struct SharedDraft(Rc<RefCell<Option<Rc<Draft>>>>);

impl PartialEq for SharedDraft {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The properties of [`Build`].
#[derive(Clone, PartialEq, Properties)]
pub struct BuildProps {
    /// The plan of the page.
    pub plan: Rc<Plan>,
    /// The draft.
    pub draft: SharedDraft,
    /// Opens scenario files.
    pub files: Files,
    /// Receives the actions.
    pub act: Callback<Action>,
}

/// The form.
#[component]
pub fn Build(props: &BuildProps) -> Html {
    let BuildProps { plan, draft: kept, files, act } = props;
    let said = use_state_eq(String::new);
    let redraw = use_force_update();
    let draft = current(kept, plan);
    let keep = {
        let (kept, redraw) = (kept.clone(), redraw.clone());
        move |draft: Draft| {
            kept.0.replace(Some(Rc::new(draft)));
            redraw.force_update();
        }
    };
    let edit = {
        let (kept, plan, keep, said) = (kept.clone(), Rc::clone(plan), keep.clone(), said.clone());
        Callback::from(move |edit: Edit| {
            // The second of two edits in one frame has to see the first.
            keep(current(&kept, &plan).after(edit));
            said.set(String::new());
        })
    };
    let read = draft.scenario();
    let error = read.as_ref().err();
    let sheet = Sheet { draft: &draft, error, pointer: error.map(|error| pointer(&error.path)), edit: &edit };
    let run = run(&draft, keep.clone(), &said, act, sheet.place());
    let start_again = {
        let (keep, plan) = (keep.clone(), Rc::clone(plan));
        Callback::from(move |_: MouseEvent| keep(Draft::of(Rc::clone(&plan))))
    };
    let choose = when(&files.act, {
        let files = files.clone();
        move |event: Event| {
            files.choose(&event);
            None
        }
    });
    let another = draft.touched && draft.from != *plan;
    html! {
        <Region id="build" heading={words::HEADING}>
            <form class="build" onsubmit={run} novalidate=true autocomplete="off">
                <p class="soft">{ words::ABOUT }</p>
                if another {
                    <p class="soft">{ words::ANOTHER }</p>
                }
                <div class="under">
                    <button type="submit" class="plain strong">{ words::RUN }</button>
                    if draft.touched {
                        <button type="button" class="plain" onclick={start_again}>
                            { words::RESET }
                        </button>
                    }
                    <span class="soft" aria-live="polite">{ standing(&said, error, &sheet) }</span>
                </div>
                { sheet.whole() }
                { sheet.server(lists::sysctls(&sheet, "/server/sysctls")) }
                { sheet.nat() }
                { lists::hosts(&sheet) }
                { lists::actions(&sheet) }
                <p class="soft">{ words::KEPT }</p>
                { as_file(save(plan, &said), choose) }
            </form>
        </Region>
    }
}

/// The callback of the Run button. `place` names the field of the first error.
fn run(
    draft: &Rc<Draft>,
    keep: impl Fn(Draft) + 'static,
    said: &UseStateHandle<String>,
    act: &Callback<Action>,
    place: String,
) -> Callback<SubmitEvent> {
    let (draft, said, act) = (Rc::clone(draft), said.clone(), act.clone());
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        match Base::own(&draft.json()) {
            Ok(base) => {
                keep(draft.run_as(Plan::of(base.clone())));
                said.set(words::OPENED.to_owned());
                act.emit(Action::Open(base));
            }
            Err(error) => {
                said.set(String::new());
                element::focus(draw::id(&pointer(&error.path)));
                said.set(format!("{place}: {}", words::mistake(&error)));
            }
        }
    })
}

/// The buttons that save the scenario to a file and open one.
fn as_file(save: Callback<MouseEvent>, choose: Callback<Event>) -> Html {
    html! {
        <fieldset class="fields">
            <legend>{ words::FILE }</legend>
            <p class="soft">{ words::OPEN_FILE }</p>
            <div class="under">
                <button type="button" class="plain" onclick={save}>{ words::SAVE }</button>
                <label class="picker file">
                    <span>{ words::OPEN }</span>
                    <input type="file" accept=".json,application/json" onchange={choose} />
                </label>
            </div>
        </fieldset>
    }
}

/// The stored draft. A draft without changes follows the plan of the page.
fn current(kept: &SharedDraft, plan: &Rc<Plan>) -> Rc<Draft> {
    let before = kept.0.borrow().clone();
    match before.filter(|draft| draft.touched || draft.from == *plan) {
        Some(draft) => draft,
        None => Rc::new(Draft::of(Rc::clone(plan))),
    }
}

/// The text beside the Run button.
fn standing(said: &str, error: Option<&ScenarioError>, sheet: &Sheet<'_>) -> String {
    match error {
        _ if !said.is_empty() => said.to_owned(),
        Some(error) => format!("{}: {}", sheet.place(), words::mistake(error)),
        None => words::FINE.to_owned(),
    }
}

fn save(plan: &Rc<Plan>, said: &UseStateHandle<String>) -> Callback<MouseEvent> {
    let (plan, said) = (Rc::clone(plan), said.clone());
    Callback::from(move |_| {
        let name = export::file_name(&plan, "scenario", "json");
        let saved = download::file(&name, "application/json", plan.scenario().to_json().as_bytes());
        said.set(if saved { export::saved(&name) } else { words::NOT_SAVED.to_owned() });
    })
}
