//! The views. Each is a function of a run and a moment.
//!
//! A view is a plain function unless it has state of its own. The moment changes with every frame, so a component could
//! not skip any rendering.

pub mod build;
pub mod clocks;
pub mod compare;
pub mod counters;
pub mod event_log;
pub mod export;
pub mod ladder;
pub mod over_time;
pub mod panel;
pub mod region;
pub mod remembered;
pub mod sockets;
pub mod stage;
pub mod story;
pub mod sweep;
pub mod sysctl_file;
pub mod why;

use yew::prelude::*;

/// A section of the page with a heading.
pub struct Region {
    id: &'static str,
    heading: &'static str,
    class: &'static str,
    quiet: bool,
    aside: Html,
}

impl Region {
    /// A section; `id` is used by the style sheet.
    #[must_use]
    pub fn new(id: &'static str, heading: &'static str) -> Self {
        Self { id, heading, class: "", quiet: false, aside: Html::default() }
    }

    /// Adds a class.
    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// Hides the heading from everyone but screen readers.
    #[must_use]
    pub fn quiet(self) -> Self {
        Self { quiet: true, ..self }
    }

    /// Adds content beside the heading.
    #[must_use]
    pub fn aside(self, aside: Html) -> Self {
        Self { aside, ..self }
    }

    /// The section with `body` below its heading.
    pub fn around(self, body: Html) -> Html {
        let heading_id = format!("{}-heading", self.id);
        html! {
            <section class={classes!("region", self.class)} id={self.id} aria-labelledby={heading_id.clone()}>
                <div class={classes!("region-head", self.quiet.then_some("for-the-ear"))}>
                    <h2 id={heading_id}>{ self.heading }</h2>
                    { self.aside }
                </div>
                { body }
            </section>
        }
    }
}
