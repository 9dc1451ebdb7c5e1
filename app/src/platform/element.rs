//! Values of form elements, scrolling and focus.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::{Event, InputEvent, KeyboardEvent, NodeRef, TargetCast};

use super::document;

/// The value of the `<input>` or `<textarea>` that `event` comes from.
pub fn input_value(event: &InputEvent) -> Option<String> {
    let of_several = || event.target_dyn_into::<HtmlTextAreaElement>().map(|input| input.value());
    event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).or_else(of_several)
}

/// Whether the checkbox that `event` comes from is checked.
pub fn is_checked(event: &Event) -> Option<bool> {
    event.target_dyn_into::<HtmlInputElement>().map(|input| input.checked())
}

/// The value of the `<select>` that `event` comes from.
pub fn chosen(event: &Event) -> Option<String> {
    event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value())
}

/// Scrolls the box in `node`, but not the page, so that its element with `aria-current` is in the middle.
pub fn scroll_to_current(node: &NodeRef) {
    let scrolled = || -> Option<()> {
        let holder: HtmlElement = node.get()?.dyn_into().ok()?;
        let current: HtmlElement = holder.query_selector("[aria-current]").ok()??.dyn_into().ok()?;
        // The style sheet positions the box, so the element's offset is relative to it.
        let middle = current.offset_top() - (holder.client_height() - current.offset_height()) / 2;
        holder.set_scroll_top(middle.max(0));
        Some(())
    };
    let _ = scrolled();
}

/// In a list of buttons, moves the focus from the button that `event` comes from to the next or the previous one.
pub fn focus_beside(event: &KeyboardEvent, next: bool) -> bool {
    let moved = || -> Option<()> {
        let entry = event.target_dyn_into::<Element>()?.closest("li").ok()??;
        let beside = if next { entry.next_element_sibling() } else { entry.previous_element_sibling() }?;
        let button: HtmlElement = beside.query_selector("button").ok()??.dyn_into().ok()?;
        button.focus().ok()
    };
    moved().is_some()
}

/// Moves the focus to the element `id` in the next frame, if it exists then.
pub fn focus(id: String) {
    // Elements that are drawn because of the same event do not exist yet.
    gloo_timers::callback::Timeout::new(0, move || {
        let element = document().and_then(|document| document.get_element_by_id(&id));
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    })
    .forget();
}

/// The element that has the focus.
pub(super) fn focused() -> Option<Element> {
    document()?.active_element()
}
