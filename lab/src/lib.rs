//! The page without a browser: everything that can be tested natively.
//!
//! The address of the page ([`route`]) names a [`plan`]. The plan gives a scenario, the scenario gives a [`run`], and
//! every view is a function of the run and a moment. [`state`] holds what the page is in, [`text`] every sentence that
//! a visitor reads, and [`stage`], [`ladder`], [`chart`] and [`plot`] the geometry of the drawings. ARCHITECTURE.md
//! lists the layers.

pub mod anomaly;
pub mod axis;
pub mod baseline;
pub mod catalogue;
pub mod chart;
pub mod comparison;
pub mod desk_page;
pub mod draft;
pub mod explanation;
pub mod format;
pub mod ladder;
pub mod permalink;
pub mod plan;
pub mod playback;
pub mod plot;
pub mod point;
pub mod recorder;
pub mod route;
pub mod run;
pub mod stage;
pub mod state;
pub mod tab;
pub mod text;
