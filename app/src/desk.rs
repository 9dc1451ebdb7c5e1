//! The page of the support desk: evidence from a server goes in, a verdict and a fix come out. It is a lazy part of the
//! app.
//!
//! The state is in [`desk::session`]; the files here draw it, read files, and export the result.

use std::cell::Cell;
use std::rc::Rc;

use desk::session::outcome::Outcome;
use desk::session::{Action, CaptureSource, Content, Progress, example, verdict_link};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

pub mod capture;
mod collect;
mod copyable;
mod input_list;
mod outcome;
pub mod reading;
pub mod state;
mod verdict;

use self::outcome::{linked, outcome};
use self::reading::{ReadingEnd, add_files, replay};
use self::state::{DeskAction, DeskState};
use crate::platform::element::{self, input_value};
use crate::platform::{address, picked};

/// Draws the page for `?page=desk`.
pub fn page() -> Html {
    html! { <><Desk /><footer><p>{ ABOUT }</p></footer></> }
}

const LEAD: &str = "Paste or drop the output of the server: counters, sysctls, the kernel's release, sockets, its \
                    log, and a \
                    capture if there is one. The page says what is wrong, how certain that is, which lines show it, \
                    and what \
                    to do. Your browser reads everything. Nothing leaves it.";

const ABOUT: &str = "Captures are replayed with a model of Linux TCP in your browser. Nothing is sent anywhere.";

/// The ID of the summary.
const SUMMARY: &str = "desk-summary";

#[component]
fn Desk() -> Html {
    let state = use_reducer(DeskState::default);
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: DeskAction, ()| dispatcher.dispatch(action))
    };
    let link = use_memo((), |()| verdict_link::read(&address::query()));
    use_effect_with((), |()| picked::entitle("Desk \u{b7} TIME_WAIT Lab"));
    use_drop(act.clone());
    use_reading(&state, &act);
    let result = use_memo(state.evidence.clone(), |evidence| Outcome::of(&evidence.0));
    let is_empty = state.inputs.is_empty();
    html! {
        <main class="desk">
            <h1>{ "What did the customer send?" }</h1>
            { for is_empty.then(|| linked(&link)) }
            <div class="desk-in">
                <p class="desk-lead">{ LEAD }</p>
                <Paste act={act.clone()} />
                { files(is_empty, &act) }
                { collect::collect() }
            </div>
            { input_list::input_list(&state, &act) }
            <p class="desk-summary" id={SUMMARY} role="status" tabindex="-1">{ summary(&state, &result) }</p>
            { for (!is_empty).then(|| outcome(&state.evidence, &result)) }
        </main>
    }
}

/// The line that screen readers announce when the result changes.
fn summary(state: &DeskState, outcome: &Outcome) -> String {
    let evidence = &state.evidence.0;
    match state.next_reading() {
        _ if state.inputs.is_empty() => String::new(),
        None => outcome.summary(evidence),
        Some(_) if !evidence.is_recognised() => "A capture is being read.".to_owned(),
        Some(_) => format!("{} A capture is still being read.", outcome.summary(evidence)),
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PasteProps {
    act: Callback<DeskAction>,
}

/// The field for pasted text. It keeps its text to itself, so that typing draws nothing else.
#[component]
fn Paste(props: &PasteProps) -> Html {
    let text = use_state_eq(String::new);
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| text.set(input_value(&event).unwrap_or_default()))
    };
    let is_empty = text.trim().is_empty();
    let add = {
        let (text, act) = (text.clone(), props.act.clone());
        Callback::from(move |()| {
            if !text.trim().is_empty() {
                act.emit(Action::Paste((*text).clone()));
                text.set(String::new());
            }
        })
    };
    let onkeydown = {
        let add = add.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                add.emit(());
            }
        })
    };
    html! {
        <div class="desk-paste">
            <label for="desk-text">{ "Text, in any mix and order" }</label>
            <textarea id="desk-text" rows="7" spellcheck="false" autocomplete="off" value={(*text).clone()} {oninput} {onkeydown} />
            <div class="under">
                <button type="button" class="plain strong" aria-disabled={is_empty.to_string()}
                    aria-keyshortcuts="Control+Enter" onclick={add.reform(|_| ())}>{ "Add this text" }</button>
                <span class="soft">{ "or Ctrl+Enter" }</span>
            </div>
        </div>
    }
}

fn files(is_empty: bool, act: &Callback<DeskAction>) -> Html {
    let onchange = {
        let act = act.clone();
        Callback::from(move |event: Event| spawn_local(add_files(picked::chosen(&event), act.clone())))
    };
    let example = {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| add_example(&act))
    };
    html! {
        <div class="under desk-files">
            <label class="picker file">
                <span>{ "Files, or drop them anywhere" }</span>
                <input type="file" multiple=true {onchange} />
            </label>
            { for is_empty.then(|| html! {
                <button type="button" class="plain" onclick={example}>{ "Try it with an example" }</button>
            }) }
        </div>
    }
}

fn add_example(act: &Callback<DeskAction>) {
    for (name, text) in example::TEXTS {
        act.emit(Action::AddText(name.to_owned(), text.to_owned()));
    }
    if let Some(bytes) = lab::desk_page::example_capture::capture() {
        let size = bytes.len() as f64;
        act.emit(Action::AddCapture(example::CAPTURE.to_owned(), CaptureSource::Bytes(bytes.into()), size));
    }
    // The button disappears, so the focus moves to the result.
    element::focus(SUMMARY.to_owned());
}

/// Adds files that are dropped on the page.
#[hook]
fn use_drop(act: Callback<DeskAction>) {
    use_effect_with((), move |()| {
        let dropped = picked::on_drop(move |files| spawn_local(add_files(files, act.clone())));
        move || drop(dropped)
    });
}

/// Reads the first capture that waits. Stops when it is read, cancelled or removed, or has to be read again.
#[hook]
fn use_reading(state: &UseReducerHandle<DeskState>, act: &Callback<DeskAction>) {
    let (state, act) = (state.clone(), act.clone());
    use_effect_with(state.next_reading(), move |reading| {
        let wanted = Rc::new(Cell::new(true));
        let capture = reading.and_then(|reading| {
            let input = state.input(reading.0)?;
            match &input.content {
                Content::Capture(source, bytes, Progress::Reading(_)) => {
                    Some((reading, input.name.clone(), source.clone(), *bytes))
                }
                _ => None,
            }
        });
        if let Some((reading, name, source, bytes)) = capture {
            let (texts, wanted) = (state.texts().clone(), Rc::clone(&wanted));
            spawn_local(async move {
                let at = |at| act.emit(Action::Progressed(reading, at));
                match replay(&name, &source, bytes, &texts, wanted, at).await {
                    ReadingEnd::Finished(seen) => act.emit(Action::Finished(reading, seen)),
                    ReadingEnd::Failed => act.emit(Action::Failed(reading)),
                    ReadingEnd::Cancelled => {}
                }
            });
        }
        move || wanted.set(false)
    });
}
