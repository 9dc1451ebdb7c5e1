//! The lazy part that reads permalinks and scenario files, and reading an address with it.

use core::cell::Cell;
use core::future::Future;
use core::pin::Pin;

use wasm_bindgen_futures::spawn_local;

use crate::platform::HAS_BROWSER;
use lab::plan::Base;
use lab::route::{Loaded, MissingPart, Rejected, Route};
use lab::text::build::no_scenario;

/// A part that is being loaded; `None` if it did not arrive.
pub type Loading<T> = Pin<Box<dyn Future<Output = Option<T>>>>;

/// Reads scenarios of visitors.
#[derive(Clone, Copy, Debug)]
pub struct ScenarioReader {
    /// From the text of a file. The error is a sentence for the visitor.
    pub file: fn(&str) -> Result<Base, String>,
    /// From a permalink. The error says what is wrong with the link.
    pub permalink: fn(&str) -> Result<Base, String>,
}

impl ScenarioReader {
    /// The reader. Whoever names it takes its code along.
    pub const NEW: Self =
        Self { file: |json| Base::own(json).map_err(|error| no_scenario(&error)), permalink: Base::linked };
}

/// Loads the reader, again if it failed before.
pub type LoadReader = fn() -> Loading<ScenarioReader>;

thread_local! {
    static LOADER: Cell<Option<LoadReader>> = const { Cell::new(None) };
    static SCENARIO_READER: Cell<Option<ScenarioReader>> = const { Cell::new(None) };
}

/// Sets how the reader is loaded.
pub fn set_loader(load: LoadReader) {
    LOADER.set(Some(load));
}

/// The reader of permalinks and scenario files, if it is loaded.
fn scenario_reader() -> Option<ScenarioReader> {
    if HAS_BROWSER { SCENARIO_READER.get() } else { Some(ScenarioReader::NEW) }
}

/// Loads the reader of scenarios if necessary, and calls `then` with it; with `None` if it did not arrive.
pub fn with_scenario_reader(then: impl FnOnce(Option<ScenarioReader>) + 'static) {
    match LOADER.get().filter(|_| scenario_reader().is_none()) {
        Some(load) => spawn_local(async move {
            SCENARIO_READER.set(load().await);
            then(scenario_reader());
        }),
        None => then(scenario_reader()),
    }
}

/// Reads an address with the parts that are loaded.
///
/// # Errors
/// When a part is missing.
pub fn read_route(query: &str) -> Result<(Route, Vec<Rejected>), MissingPart> {
    Route::parse(query, &Loaded { read_permalink: scenario_reader().map(|reader| reader.permalink) })
}

/// Loads what `query` needs, and calls `then`; with `false` if a part did not arrive.
pub fn with_parts_for(query: &str, then: impl FnOnce(bool) + 'static) {
    match read_route(query) {
        Err(MissingPart::PermalinkReader) => with_scenario_reader(move |reader| then(reader.is_some())),
        Ok(_) | Err(MissingPart::Incident) => then(true),
    }
}
