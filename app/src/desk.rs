//! The support desk: what a customer sent goes in, a verdict and a fix come out. A page and a part of its own.

use std::cell::Cell;
use std::rc::Rc;

use desk::Evidence;
use desk::evidence::{Quote, Said};
use desk::intake::is_anything;
use sim_core::kernel_version::KernelVersion;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

pub mod capture;
pub mod chart;
mod collect;
pub mod example;
pub mod hand;
pub mod link;
mod list;
mod printed;
pub mod reading;
mod result;
pub mod scenario;
pub mod told;
mod verdict;

use self::hand::{Act, Hand, Progress, Source, What};
use self::reading::{Ended, hand_in, read};
use self::result::{Judged, linked, outcome};
use crate::platform::element::{self, input_value};
use crate::platform::{address, picked};

/// Draws the page; what the program fetches for `?page=desk`.
pub fn page() -> Html {
    html! { <><Desk /><footer><p>{ ABOUT }</p></footer></> }
}

const LEAD: &str = "Paste or drop what the server printed: counters, sysctls, the kernel's release, sockets, its log, and a \
                    capture if there is one. The page says what is wrong, how sure that is, on which lines it rests, and what \
                    to do. Everything is read in this browser. Nothing leaves it.";

const ABOUT: &str = "What a capture shows is played to a model of Linux TCP in your browser. Nothing is sent anywhere.";

/// Names the summary.
const SUMMARY: &str = "desk-summary";

#[component]
fn Desk() -> Html {
    let hand = use_reducer(Hand::default);
    let act = {
        let dispatcher = hand.dispatcher();
        use_callback((), move |act: Act, ()| dispatcher.dispatch(act))
    };
    let opened = use_memo((), |()| link::read(&address::query()));
    use_effect_with((), |()| picked::entitle("Desk \u{b7} TIME_WAIT Lab"));
    use_drop(act.clone());
    use_turn(&hand, &act);
    let judged = use_memo(hand.evidence.clone(), Judged::of);
    let is_empty = hand.items.is_empty();
    let summary = match (is_empty, hand.turn()) {
        (true, _) => String::new(),
        (false, None) => judged.summary(&hand.evidence),
        (false, Some(_)) if !is_anything(&hand.evidence.0) => "A capture is being read.".to_owned(),
        (false, Some(_)) => format!("{} A capture is still being read.", judged.summary(&hand.evidence)),
    };
    html! {
        <main class="desk">
            <h1>{ "What did the customer send?" }</h1>
            { for is_empty.then(|| linked(&opened)) }
            <div class="desk-in">
                <p class="desk-lead">{ LEAD }</p>
                <Paste act={act.clone()} />
                { files(is_empty, &act) }
                { collect::collect() }
            </div>
            { list::list(&hand, &act) }
            <p class="desk-summary" id={SUMMARY} role="status" tabindex="-1">{ summary }</p>
            { for (!is_empty).then(|| outcome(&hand.evidence, &judged)) }
        </main>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PasteProps {
    act: Callback<Act>,
}

/// The field for text. It keeps what is typed to itself, so that typing draws nothing else.
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
                act.emit(Act::Paste((*text).clone()));
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

fn files(is_empty: bool, act: &Callback<Act>) -> Html {
    let onchange = {
        let act = act.clone();
        Callback::from(move |event: Event| spawn_local(hand_in(picked::chosen(&event), act.clone())))
    };
    let example = {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| {
            for (name, text) in example::TEXTS {
                act.emit(Act::Text(name.to_owned(), text.to_owned()));
            }
            if let Some(bytes) = example::capture() {
                let size = bytes.len() as f64;
                act.emit(Act::Capture(example::CAPTURE.to_owned(), Source::Made(bytes.into()), size));
            }
            // The button goes; the focus goes on to what came of it.
            element::focus(SUMMARY.to_owned());
        })
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

/// Takes files that are dropped on the page.
#[hook]
fn use_drop(act: Callback<Act>) {
    use_effect_with((), move |()| {
        let dropped = picked::on_drop(move |files| spawn_local(hand_in(files, act.clone())));
        move || drop(dropped)
    });
}

/// Reads the first capture that waits, until it is read, cancelled, gone, or to be read anew.
#[hook]
fn use_turn(hand: &UseReducerHandle<Hand>, act: &Callback<Act>) {
    let (hand, act) = (hand.clone(), act.clone());
    use_effect_with(hand.turn(), move |turn| {
        let waits = Rc::new(Cell::new(true));
        let capture = turn.and_then(|turn| {
            let item = hand.item(turn.0)?;
            match &item.what {
                What::Capture(source, bytes, Progress::Reading(_)) => {
                    Some((turn, item.name.clone(), source.clone(), *bytes))
                }
                _ => None,
            }
        });
        if let Some((turn, name, source, bytes)) = capture {
            let (texts, waits) = (hand.texts().clone(), Rc::clone(&waits));
            spawn_local(async move {
                let at = |at| act.emit(Act::Progress(turn, at));
                match read(&name, &source, bytes, &texts, waits, at).await {
                    Ended::Read(seen) => act.emit(Act::Read(turn, seen)),
                    Ended::Failed => act.emit(Act::Failed(turn)),
                    Ended::Left => {}
                }
            });
        }
        move || waits.set(false)
    });
}

/// Evidence that says which kernel runs, and nothing else: what a link can say.
fn link_facts(kernel: Option<KernelVersion>) -> Evidence {
    let release = kernel.map(|kernel| {
        let what = if kernel == KernelVersion::El7 { "3.10.0.el7".to_owned() } else { kernel.name().to_owned() };
        let quote = Quote { source: "the link".to_owned(), line: 1, text: what.clone() };
        Said { what, quote }
    });
    Evidence { release, ..Evidence::default() }
}
