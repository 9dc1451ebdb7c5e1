//! Watches the width of an element.

use js_sys::Array;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, ResizeObserver, ResizeObserverEntry};
use yew::NodeRef;

use super::{document, window};

/// Watches one element until it is dropped.
pub struct Resize {
    observer: ResizeObserver,
    _callback: Closure<dyn Fn(Array)>,
}

impl Resize {
    /// Calls `callback` with the width of the element in `node`, now and after each change.
    #[must_use]
    pub fn observe(node: &NodeRef, callback: impl Fn(f64) + 'static) -> Option<Self> {
        let element: Element = node.get()?.dyn_into().ok()?;
        let callback = Closure::wrap(Box::new(move |entries: Array| {
            let entry: Result<ResizeObserverEntry, JsValue> = entries.get(0).dyn_into();
            if let Ok(entry) = entry {
                callback(entry.content_rect().width());
            }
        }) as Box<dyn Fn(Array)>);
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(&element);
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for Resize {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// The current width of the first element that matches `selector`, in CSS pixels.
pub fn width_of(selector: &str) -> Option<f64> {
    let element = document()?.query_selector(selector).ok()??;
    Some(f64::from(element.client_width())).filter(|width| *width > 0.0)
}

/// The width of the window in CSS pixels, for a first guess before anything is drawn.
pub fn window_width() -> Option<f64> {
    window()?.inner_width().ok()?.as_f64()
}
