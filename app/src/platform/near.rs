//! Watches whether an element is near the viewport.

use js_sys::Array;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};
use yew::NodeRef;

/// The margin above and below the viewport that counts as near. It leaves time to fetch a part before it is visible.
const MARGIN: &str = "50% 0px";

/// Watches one element until it is dropped.
pub struct Near {
    observer: IntersectionObserver,
    _callback: Closure<dyn Fn(Array)>,
}

impl Near {
    /// Calls `callback` when the element in `node` comes near. `None` in a browser without `IntersectionObserver`.
    #[must_use]
    pub fn observe(node: &NodeRef, callback: impl Fn() + 'static) -> Option<Self> {
        let element: Element = node.get()?.dyn_into().ok()?;
        let callback = Closure::wrap(Box::new(move |entries: Array| {
            let is_near =
                |entry: JsValue| entry.dyn_into().is_ok_and(|entry: IntersectionObserverEntry| entry.is_intersecting());
            if entries.iter().any(is_near) {
                callback();
            }
        }) as Box<dyn Fn(Array)>);
        let options = IntersectionObserverInit::new();
        options.set_root_margin(MARGIN);
        let observer = IntersectionObserver::new_with_options(callback.as_ref().unchecked_ref(), &options).ok()?;
        observer.observe(&element);
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for Near {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
