//! Replaces the first frame, which is prerendered HTML, with the running page.
//!
//! The page is drawn outside the document and replaces the first frame between two paints. `static/first-frame.js`
//! records what the visitor did in the first frame, and repeats it in the page.

use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event};

use super::{document, root_element, window};

/// Events on `window` before and after a replacement.
const BEFORE: &str = "timewait-lab-before-takeover";
const AFTER: &str = "timewait-lab-after-takeover";
/// The event once the page listens for input. Its effects run shortly after it is drawn.
const READY: &str = "timewait-lab-ready";

/// Calls `draw` with a new root element, which replaces the first frame once the page is drawn into it.
pub fn replace(draw: impl FnOnce(Element)) {
    let Some(first_frame) = root_element() else { return };
    let Ok(node) = first_frame.clone_node() else { return };
    let Ok(root) = wasm_bindgen::JsCast::dyn_into::<Element>(node) else { return };
    let _ = root.remove_attribute("data-waiting");
    keeping_what_was_done(move || {
        draw(root.clone());
        // `draw` has queued the task in which Yew draws. This task follows it, before the browser paints.
        spawn_local(async move {
            let _ = first_frame.replace_with_with_node_1(&root);
        });
    });
}

/// Calls `change`, in which Yew replaces a part of the page with the same part, and repeats what the visitor did in it.
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

/// Announces that the page listens for input.
pub fn tell_ready() {
    // A small page can be ready before it is in the document. This task follows the one that inserts it.
    spawn_local(async { tell(READY) });
}

/// The view in the first frame. It stays until the program can draw it.
pub fn view_of_first_frame() -> Option<yew::Html> {
    let view = document()?.query_selector("#app[data-waiting] #view > section").ok()??;
    Some(yew::Html::VRef(view.into()))
}
