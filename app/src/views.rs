//! What is seen: each view is a function of a run and a moment.
//!
//! A view is a plain function unless it keeps something of its own, because the moment changes with every frame and
//! there would be nothing to save by comparing.

pub mod build;
pub mod counters;
pub mod event_log;
pub mod remembered;
pub mod sockets;
pub mod stage;
pub mod sysctl_file;
pub mod take_along;
pub mod why;

use yew::prelude::*;

/// The views that share a place beside the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// What happened, in sentences.
    #[default]
    Log,
    /// The sockets of the server.
    Sockets,
    /// The sysctl file that follows.
    File,
    /// A scenario of one's own.
    Build,
    /// Everything as files and as a link.
    TakeAlong,
}

impl View {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 5] = [Self::Log, Self::Sockets, Self::File, Self::Build, Self::TakeAlong];

    /// Its name in the address of the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Sockets => "sockets",
            Self::File => "file",
            Self::Build => "build",
            Self::TakeAlong => "export",
        }
    }

    /// What stands on its tab.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Log => "Event log",
            Self::Sockets => "Sockets",
            Self::File => "sysctl file",
            Self::Build => "Build",
            Self::TakeAlong => "Take along",
        }
    }

    /// Whether it is a drawing, which can be taken along as a picture.
    #[must_use]
    pub const fn is_drawn(self) -> bool {
        !matches!(self, Self::Log | Self::Sockets | Self::File | Self::Build | Self::TakeAlong)
    }
}

/// A part of the page with a heading that names it.
pub struct Region {
    id: &'static str,
    heading: &'static str,
    class: &'static str,
    quiet: bool,
    aside: Html,
}

impl Region {
    /// A region; the id is for the style sheet.
    #[must_use]
    pub fn new(id: &'static str, heading: &'static str) -> Self {
        Self { id, heading, class: "", quiet: false, aside: Html::default() }
    }

    /// With a further class.
    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// With a heading for the ear only.
    #[must_use]
    pub fn quiet(self) -> Self {
        Self { quiet: true, ..self }
    }

    /// With something beside the heading.
    #[must_use]
    pub fn aside(self, aside: Html) -> Self {
        Self { aside, ..self }
    }

    /// Around `body`.
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
