//! Starts the page, and says where the program is cut into parts that come later.
//!
//! What only these functions lead to is put into files of their own by `split-page`.

#![allow(unsafe_code, reason = "the cuts are symbols of the linker")]

use app::later::{Fetch, Part};
use app::{desk, views};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

#[wasm_split(clocks, fallible)]
fn clocks() -> Result<Part, SplitLoaderError> {
    Ok(Part::Views(views::panel::clocks))
}

#[wasm_split(views, fallible)]
fn views() -> Result<Part, SplitLoaderError> {
    Ok(Part::Views(views::panel::panel))
}

#[wasm_split(desk, fallible)]
fn the_desk() -> Result<Part, SplitLoaderError> {
    Ok(Part::Desk(desk::page))
}

fn main() {
    app::start(Fetch {
        clocks: || Box::pin(async { clocks().await.ok() }),
        views: || Box::pin(async { views().await.ok() }),
        desk: || Box::pin(async { the_desk().await.ok() }),
    });
}
