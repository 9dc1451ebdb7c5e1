//! Starts the page, and marks where the program is split into lazy parts.
//!
//! `xtask/src/split.rs` puts the code that only these functions reach into files of their own.

#![allow(unsafe_code, reason = "the marks are linker symbols")]

use app::lazy_parts::{Loaders, Part};
use app::scenario_reader::ScenarioReader;
use app::{desk, views};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

#[wasm_split(clocks, fallible)]
fn clocks() -> Result<Part, SplitLoaderError> {
    Ok(Part::Views(views::clocks))
}

#[wasm_split(views, fallible)]
fn views() -> Result<Part, SplitLoaderError> {
    Ok(Part::Views(views::panel))
}

#[wasm_split(desk, fallible)]
fn the_desk() -> Result<Part, SplitLoaderError> {
    Ok(Part::Desk(desk::page))
}

#[wasm_split(scenario_reader, fallible)]
fn scenario_reader() -> Result<ScenarioReader, SplitLoaderError> {
    Ok(ScenarioReader::NEW)
}

fn main() {
    app::start(Loaders {
        clocks: || Box::pin(async { clocks().await.ok() }),
        views: || Box::pin(async { views().await.ok() }),
        desk: || Box::pin(async { the_desk().await.ok() }),
        scenario_reader: || Box::pin(async { scenario_reader().await.ok() }),
    });
}
