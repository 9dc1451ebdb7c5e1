//! The parts of the page that come when they are first asked for, each in a file of its own: the chart of clocks, the
//! other views, the desk, and what reads scenarios that are not the lab's. What is needed at once stays small by that.
//!
//! `main.rs` says where the program is cut, since the cut is made of symbols of the linker. Where there is no browser
//! everything is there from the start.

use core::cell::Cell;
use core::future::Future;
use core::pin::Pin;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::desk;
use crate::platform::{HAS_BROWSER, takeover};
use crate::views::panel::{self, DraftState};
use lab::state::{Action, State};
use lab::tab::Tab;

/// Draws the view that was chosen.
pub type Draw = fn(&State, Tab, &DraftState, &Callback<Action>) -> Html;

/// A part that draws something. One type for all, because a second one would have a second hook in the wasm.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// Views beside the stage.
    Views(Draw),
    /// The support desk.
    Desk(fn() -> Html),
}

/// What is wanted of the parts that draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The chart of clocks.
    Clocks,
    /// The other views.
    Views,
    /// The support desk.
    Desk,
}

impl From<Tab> for Wanted {
    fn from(view: Tab) -> Self {
        if view == Tab::Clocks { Self::Clocks } else { Self::Views }
    }
}

impl Wanted {
    /// The part where everything is there from the start.
    fn present(self) -> Part {
        match self {
            Self::Clocks | Self::Views => Part::Views(panel::panel),
            Self::Desk => Part::Desk(desk::page),
        }
    }
}

/// A part on its way; `None` if it did not arrive.
pub type Coming<T> = Pin<Box<dyn Future<Output = Option<T>>>>;

/// What fetches each part, again if it failed before.
#[derive(Clone, Copy, Debug)]
pub struct Fetch {
    /// The chart of clocks.
    pub clocks: fn() -> Coming<Part>,
    /// The other views.
    pub views: fn() -> Coming<Part>,
    /// The support desk.
    pub desk: fn() -> Coming<Part>,
}

/// A part that draws, as far as it has come.
#[derive(Clone)]
pub enum Drawing {
    /// On its way, or not asked for yet.
    Coming,
    /// Here.
    Here(Part),
    /// It did not arrive; this tries again.
    Failed(Callback<()>),
}

thread_local! {
    static FETCH: Cell<Option<Fetch>> = const { Cell::new(None) };
    static CLOCKS: Cell<Option<Part>> = const { Cell::new(None) };
    static VIEWS: Cell<Option<Part>> = const { Cell::new(None) };
    static DESK: Cell<Option<Part>> = const { Cell::new(None) };
}

/// Says how the parts are fetched, before anything is drawn.
pub fn fetched_by(fetch: Fetch) {
    FETCH.set(Some(fetch));
}

/// Fetches the desk if it is not here, and goes on whether it arrived or not.
pub fn with_desk(then: impl FnOnce() + 'static) {
    match FETCH.get().filter(|_| DESK.get().is_none()) {
        Some(fetch) => spawn_local(async move {
            DESK.set((fetch.desk)().await);
            then();
        }),
        None => then(),
    }
}

/// The part `of` the page; it is fetched once it is `wanted`.
#[hook]
pub fn use_drawing(of: Wanted, wanted: bool) -> Drawing {
    let attempt = use_state_eq(|| 0_u32);
    let failed = use_state_eq(|| false);
    let redraw = use_force_update();
    let part = match of {
        Wanted::Clocks => &CLOCKS,
        Wanted::Views => &VIEWS,
        Wanted::Desk => &DESK,
    };
    {
        let failed = failed.setter();
        use_effect_with((of, wanted, *attempt), move |(of, wanted, _)| {
            let fetch = FETCH.get().filter(|_| *wanted && part.get().is_none());
            if let Some(fetch) = fetch {
                let coming = match of {
                    Wanted::Clocks => (fetch.clocks)(),
                    Wanted::Views => (fetch.views)(),
                    Wanted::Desk => (fetch.desk)(),
                };
                failed.set(false);
                spawn_local(async move {
                    part.set(coming.await);
                    failed.set(part.get().is_none());
                    takeover::keeping_what_was_done(|| redraw.force_update());
                });
            }
        });
    }
    match if HAS_BROWSER { part.get() } else { Some(of.present()) } {
        Some(draw) => Drawing::Here(draw),
        None if *failed => Drawing::Failed(Callback::from(move |()| attempt.set(*attempt + 1))),
        None => Drawing::Coming,
    }
}
