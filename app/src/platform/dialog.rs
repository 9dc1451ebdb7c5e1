//! The help dialog, a native `<dialog>`. It traps the focus and restores it when it closes.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::NodeRef;

/// Opens the dialog in `node`.
pub fn open(node: &NodeRef) {
    if let Some(dialog) = dialog(node).filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
    }
}

/// Closes the dialog in `node`.
pub fn close(node: &NodeRef) {
    if let Some(dialog) = dialog(node) {
        dialog.close();
    }
}

fn dialog(node: &NodeRef) -> Option<HtmlDialogElement> {
    node.get()?.dyn_into().ok()
}
