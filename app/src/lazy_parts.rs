//! The lazy parts of the page, each a wasm file of its own: the chart of clocks, the other views, the desk, and the
//! reader of permalinks and scenario files. They keep the first load small.
//!
//! `main.rs` marks where the program is split, because the marks are linker symbols. Without a browser, all parts are
//! there from the start.

use core::cell::Cell;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::desk;
use crate::platform::{HAS_BROWSER, takeover};
use crate::scenario_reader::{self, LoadReader, Loading};
use crate::views::{self, DraftState};
use lab::state::{Action, State};
use lab::tab::Tab;

/// Draws the view of a tab.
pub type DrawTab = fn(&State, Tab, &DraftState, &Callback<Action>) -> Html;

/// A lazy part that draws something.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// Views of tabs.
    Views(DrawTab),
    /// The support desk.
    Desk(fn() -> Html),
}

/// Which part that draws is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartName {
    /// The chart of clocks.
    Clocks,
    /// The other views.
    Views,
    /// The support desk.
    Desk,
}

impl From<Tab> for PartName {
    fn from(tab: Tab) -> Self {
        if tab == Tab::Clocks { Self::Clocks } else { Self::Views }
    }
}

impl PartName {
    /// The part itself, where nothing has to be loaded.
    fn present(self) -> Part {
        match self {
            Self::Clocks | Self::Views => Part::Views(views::panel),
            Self::Desk => Part::Desk(desk::page),
        }
    }
}

/// Loads each part, again if it failed before.
#[derive(Clone, Copy, Debug)]
pub struct Loaders {
    /// The chart of clocks.
    pub clocks: fn() -> Loading<Part>,
    /// The other views.
    pub views: fn() -> Loading<Part>,
    /// The support desk.
    pub desk: fn() -> Loading<Part>,
    /// The reader of permalinks and scenario files.
    pub scenario_reader: LoadReader,
}

/// The state of a part that draws.
#[derive(Clone)]
pub enum PartState {
    /// It is being loaded, or nobody needs it yet.
    Loading,
    /// It is loaded.
    Loaded(Part),
    /// It did not arrive. The callback tries again.
    Failed(Callback<()>),
}

thread_local! {
    static LOADERS: Cell<Option<Loaders>> = const { Cell::new(None) };
    static CLOCKS: Cell<Option<Part>> = const { Cell::new(None) };
    static VIEWS: Cell<Option<Part>> = const { Cell::new(None) };
    static DESK: Cell<Option<Part>> = const { Cell::new(None) };
}

/// Sets how the parts are loaded. Call it before anything is drawn.
pub fn set_loaders(loaders: Loaders) {
    LOADERS.set(Some(loaders));
    scenario_reader::set_loader(loaders.scenario_reader);
}

/// Loads the desk if necessary, and calls `then` whether it arrived or not.
pub fn with_desk(then: impl FnOnce() + 'static) {
    match LOADERS.get().filter(|_| DESK.get().is_none()) {
        Some(loaders) => spawn_local(async move {
            DESK.set((loaders.desk)().await);
            then();
        }),
        None => then(),
    }
}

/// The state of the part `name`. The part is loaded once it is `needed`.
#[hook]
pub fn use_part(name: PartName, needed: bool) -> PartState {
    let attempt = use_state_eq(|| 0_u32);
    let failed = use_state_eq(|| false);
    let redraw = use_force_update();
    let part = match name {
        PartName::Clocks => &CLOCKS,
        PartName::Views => &VIEWS,
        PartName::Desk => &DESK,
    };
    {
        let failed = failed.setter();
        use_effect_with((name, needed, *attempt), move |(name, needed, _)| {
            let loaders = LOADERS.get().filter(|_| *needed && part.get().is_none());
            if let Some(loaders) = loaders {
                let loading = match name {
                    PartName::Clocks => (loaders.clocks)(),
                    PartName::Views => (loaders.views)(),
                    PartName::Desk => (loaders.desk)(),
                };
                failed.set(false);
                spawn_local(async move {
                    part.set(loading.await);
                    failed.set(part.get().is_none());
                    takeover::keeping_what_was_done(|| redraw.force_update());
                });
            }
        });
    }
    match if HAS_BROWSER { part.get() } else { Some(name.present()) } {
        Some(part) => PartState::Loaded(part),
        None if *failed => PartState::Failed(Callback::from(move |()| attempt.set(*attempt + 1))),
        None => PartState::Loading,
    }
}
