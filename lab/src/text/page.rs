//! The words of the page around its views.

use sim_core::trace::query::Status;

/// The name of the page.
pub const LAB: &str = "TIME_WAIT Lab";

/// What a search engine shows below the name.
pub const LAB_DESCRIPTION: &str = "See why a Linux server with tcp_tw_recycle silently drops connection attempts of some \
                                   hosts behind a NAT, change its settings, and leave with the right sysctl file.";

/// The name of the support desk.
pub const DESK: &str = "Desk";

/// What a search engine shows below the name of the desk.
pub const DESK_DESCRIPTION: &str = "Paste the output of a Linux server: counters, sysctls, sockets, a capture. The page \
                                    says why connections fail, how certain that is, and what to do. Nothing leaves your \
                                    browser.";

/// What the page teaches, for search engines.
pub const TEACHES: &str = "TIME_WAIT, tcp_tw_recycle and TCP timestamps on Linux servers behind NAT";

/// The note at the end of the page.
pub const ABOUT: &str =
    "Everything here comes from a run of a model of Linux TCP in your browser. Nothing is sent anywhere.";

/// The scenario that the page opens with is broken.
pub const BROKEN: &str = "The scenario of this page cannot be read. This is a fault of the page.";

/// The heading of the stage, for screen readers.
pub const STAGE: &str = "Stage";

/// A lazy part is being loaded.
pub const LOADING_VIEW: &str = "Loading this view";

/// A lazy part did not arrive.
pub const VIEW_FAILED: &str = "This view did not arrive. The rest of the page works without it.";

/// Loads a lazy part again.
pub const TRY_AGAIN: &str = "Try again";

/// The title of the document for a scenario.
pub fn title(scenario: &str) -> String {
    format!("{scenario} \u{b7} {LAB}")
}

/// How many connections were refused so far: the count, and the words after it. `failed_otherwise` counts the
/// connections that failed for another reason than recycle.
pub fn status(status: Status, failed_otherwise: usize) -> [String; 2] {
    let count = format!("{} of {}", status.refused, status.attempted);
    let rest = match failed_otherwise {
        0 => " connections refused so far".to_owned(),
        failed => format!(" refused by recycle, {failed} failed otherwise"),
    };
    [count, rest]
}
