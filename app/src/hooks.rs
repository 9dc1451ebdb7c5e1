//! Hooks for browser APIs. A listener is registered when its component mounts and removed when it unmounts.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_render::{AnimationFrame, request_animation_frame};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::platform::HAS_BROWSER;
use crate::platform::near::Near;
use crate::platform::resize::{Resize, width_of, window_width};

/// While `active`, calls `frame` before each repaint with the milliseconds since the last one.
#[hook]
pub fn use_frames(active: bool, frame: Callback<f64>) {
    use_effect_with(active, move |active| {
        let pending = Pending::default();
        if *active {
            request(Rc::clone(&pending), None, frame);
        }
        move || drop(pending.borrow_mut().take())
    });
}

/// The width of a drawing that the prerendered HTML contains only once, in CSS pixels: the width on a phone.
const IN_HTML: f64 = 358.0;

/// The width of the element in `node`, in CSS pixels.
#[hook]
pub fn use_width(node: &NodeRef) -> f64 {
    use_width_from(node, None)
}

/// Like [`use_width`], with a first width that is known before the element is on the page.
#[hook]
fn use_width_from(node: &NodeRef, first: Option<f64>) -> f64 {
    let width = use_state_eq(|| first.or_else(|| window_width().map(first_guess)).unwrap_or(IN_HTML));
    let set = width.setter();
    use_effect_with(node.clone(), move |node| {
        let watched = Resize::observe(node, move |width| set.set(width.floor()));
        move || drop(watched)
    });
    *width
}

/// The widths of a drawing in the HTML of the first frame, narrowest first. The style sheet shows the one that fits,
/// see `.in-html`.
#[derive(Clone, Copy, Debug)]
pub struct InHtml {
    /// A selector that finds the place of the drawing in the first frame.
    pub place: &'static str,
    /// Classes of the style sheet, with widths in CSS pixels.
    pub widths: &'static [(&'static str, f64)],
}

/// The widths to draw at, in CSS pixels, each with its class: the width of the element in `node`, or several widths
/// while the page is prerendered.
#[hook]
pub fn use_drawn_widths(node: &NodeRef, html: InHtml) -> Vec<(&'static str, f64)> {
    let first = use_memo((), |()| width_of(html.place));
    let width = use_width_from(node, *first);
    if HAS_BROWSER { vec![("", width)] } else { html.widths.to_vec() }
}

/// Whether the element in `node` has come near the viewport at least once. Always true in a browser without
/// `IntersectionObserver`.
#[hook]
pub fn use_near(node: &NodeRef) -> bool {
    let near = use_state_eq(|| false);
    let set = near.setter();
    use_effect_with((node.clone(), *near), move |(node, near)| {
        let watched = if *near {
            None
        } else {
            Some(Near::observe(node, {
                let set = set.clone();
                move || set.set(true)
            }))
        };
        if matches!(watched, Some(None)) {
            set.set(true);
        }
        move || drop(watched)
    });
    *near
}

/// Calls `act` when `value` has not changed for `delay_ms` milliseconds.
#[hook]
pub fn use_rested<T: PartialEq + Clone + 'static>(value: T, delay_ms: u32, act: impl Fn(T) + 'static) {
    use_effect_with(value, move |value| {
        let value = value.clone();
        let timeout = Timeout::new(delay_ms, move || act(value));
        move || drop(timeout)
    });
}

type Pending = Rc<RefCell<Option<AnimationFrame>>>;

fn request(pending: Pending, last_ms: Option<f64>, frame: Callback<f64>) {
    let next = Rc::clone(&pending);
    let handle = request_animation_frame(move |now_ms| {
        if let Some(last_ms) = last_ms {
            frame.emit(now_ms - last_ms);
        }
        // The callback may have stopped playback, which ends this loop.
        let goes_on = next.borrow().is_some();
        if goes_on {
            request(next, Some(now_ms), frame);
        }
    });
    *pending.borrow_mut() = Some(handle);
}

/// The width of the stage in a window of this width, before it has been measured.
fn first_guess(window: f64) -> f64 {
    match window {
        window if window < 720.0 => window - 32.0,
        window if window < 1_000.0 => window - 48.0,
        window => (window - 48.0).min(1_376.0) - 352.0,
    }
}
