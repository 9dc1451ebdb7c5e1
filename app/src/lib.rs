//! The page in the browser: Yew components, and all that is asked of the browser ([`platform`]).
//!
//! Everything that needs no browser is in the crate [`lab`]: the address, plans, runs, the state of the page, its words
//! and the geometry of its drawings.

pub mod app;
pub mod charts;
pub mod controls;
pub mod desk;
pub mod hooks;
pub mod keys;
pub mod lazy_parts;
mod page_hooks;
pub mod platform;
pub mod scenario_reader;
pub mod theme;
pub mod views;

/// Draws the page where the document has a place for it; `loaders` load the lazy parts.
pub fn start(loaders: lazy_parts::Loaders) {
    platform::panic::install_hook();
    platform::theme::apply(theme::Theme::stored().name());
    lazy_parts::set_loaders(loaders);
    // The first frame of the desk stays until the desk itself can take its place.
    if lab::route::is_desk(&platform::address::query()) {
        platform::theme::add_sheet(&format!("{}desk.css", platform::address::root()));
        return lazy_parts::with_desk(draw);
    }
    scenario_reader::with_parts_for(&platform::address::query(), |arrived| {
        if arrived { draw() } else { platform::panic::not_loaded() }
    });
}

fn draw() {
    platform::takeover::replace(|root| {
        yew::Renderer::<app::App>::with_root(root).render();
    });
}
