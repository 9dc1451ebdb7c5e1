//! The page of TIME_WAIT Lab: what a run of the model looks like, and the switches that change it.
//!
//! The address of the page ([`route`]) says what is set ([`plan`]); from that follows a scenario, from the scenario a
//! run ([`run`]), and every view is a function of the run and of the playhead. [`state`] holds it together and is
//! pure, as are [`playback`], [`axis`] and [`format`]: they are tested without a browser. All that is asked of the
//! browser stands in [`platform`].

pub mod app;
pub mod axis;
pub mod charts;
pub mod controls;
pub mod desk;
pub mod format;
pub mod hooks;
pub mod keys;
pub mod later;
pub mod link;
mod markup;
pub mod odd;
pub mod plan;
pub mod platform;
pub mod playback;
pub mod presets;
pub mod recorder;
pub mod route;
pub mod run;
pub mod state;
pub mod text;
pub mod theme;
pub mod views;

/// Draws the page where the document has a place for it; `fetch` brings the parts that come later.
pub fn start(fetch: later::Fetch) {
    platform::panic::install_hook();
    platform::theme::apply(theme::Theme::stored().name());
    later::fetched_by(fetch);
    // The first frame of the desk stays until the desk itself can take its place.
    if route::is_desk(&platform::address::query()) {
        platform::theme::add_sheet(&format!("{}desk.css", platform::address::root()));
        return later::with_desk(draw);
    }
    later::with_what_it_takes(&platform::address::query(), |arrived| {
        if arrived {
            draw();
        } else {
            platform::panic::not_loaded();
        }
    });
}

fn draw() {
    platform::takeover::replace(|root| {
        yew::Renderer::<app::App>::with_root(root).render();
    });
}
