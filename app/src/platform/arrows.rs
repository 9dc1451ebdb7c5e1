//! Focus and scrolling for the arrows of the ladder.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::NodeRef;

/// Moves the focus to arrow `number` in the box.
pub fn focus(holder: &NodeRef, number: usize) -> bool {
    let focused = || -> Option<()> {
        let holder: Element = holder.get()?.dyn_into().ok()?;
        let arrow = holder.query_selector(&format!("[data-arrow=\"{number}\"]")).ok()??;
        // SVG elements have the same `focus` method as HTML elements.
        arrow.unchecked_into::<HtmlElement>().focus().ok()
    };
    focused().is_some()
}

/// Scrolls the box, but not the page, so that position `y` and its surroundings are visible.
pub fn keep_in_sight(holder: &NodeRef, y: f64) {
    let scrolled = || -> Option<()> {
        let holder: HtmlElement = holder.get()?.dyn_into().ok()?;
        let (top, height) = (f64::from(holder.scroll_top()), f64::from(holder.client_height()));
        let place = y - top;
        if place > height * 0.66 {
            holder.set_scroll_top((y - height * 0.66) as i32);
        } else if place < height * 0.2 {
            holder.set_scroll_top((y - height * 0.4).max(0.0) as i32);
        }
        Some(())
    };
    let _ = scrolled();
}
