//! How the program takes the place of the first frame, which came as HTML.
//!
//! The page is drawn beside the first frame and put in its place between two paints. `static/first-frame.js` notes
//! before what the reader did with the first frame and repeats it after.

use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event};

use super::{document, root_element, window};

/// Events of the window around a replacement.
const BEFORE: &str = "timewait-lab-before-takeover";
const AFTER: &str = "timewait-lab-after-takeover";
/// And once the page listens: its effects run a moment after it is drawn.
const READY: &str = "timewait-lab-ready";

/// Calls `draw` with an element that takes the place of the first frame once it has been drawn into.
pub fn replace(draw: impl FnOnce(Element)) {
    let Some(first_frame) = root_element() else { return };
    let Ok(node) = first_frame.clone_node() else { return };
    let Ok(root) = wasm_bindgen::JsCast::dyn_into::<Element>(node) else { return };
    let _ = root.remove_attribute("data-waiting");
    keeping_what_was_done(move || {
        draw(root.clone());
        // Yew draws in a task that was queued just now; this one follows it, before the browser paints.
        spawn_local(async move {
            let _ = first_frame.replace_with_with_node_1(&root);
        });
    });
}

/// Calls `change`, which has Yew replace a part of the page by the same part, and repeats what the reader did with it.
pub fn keeping_what_was_done(change: impl FnOnce()) {
    tell(BEFORE);
    change();
    spawn_local(async { tell(AFTER) });
}

fn tell(event: &str) {
    if let (Some(window), Ok(event)) = (window(), Event::new(event)) {
        let _ = window.dispatch_event(&event);
    }
}

/// Says that the page listens to what the reader does.
pub fn tell_ready() {
    // A small page listens before it has taken its place; this follows the task that puts it there.
    spawn_local(async { tell(READY) });
}

/// The view that stands in the first frame, to stay until the program can draw it.
#[must_use]
pub fn view_of_first_frame() -> Option<yew::Html> {
    let view = document()?.query_selector("#app[data-waiting] #view > section").ok()??;
    Some(yew::Html::VRef(view.into()))
}
