//! Hosts that wait for an answer, and how long.

use sim_core::time::{SimTime, Span};
use sim_core::trace::snapshot::{ClientView, Phase};
use sim_core::trace::{Errno, Outcome};

use crate::run::Run;

/// A host counts as waiting once its SYN has been without an answer for this long.
const PATIENCE: Span = Span::from_millis(200);

/// The wait of a host whose SYN got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When the retransmission timer was set.
    pub since: SimTime,
    /// When the timer fires, or the program gives up.
    pub until: SimTime,
    /// Whether the program gives up at `until`. Its timeout may be shorter than the kernel's.
    pub is_last: bool,
}

/// The wait of `client`, if its SYN was refused or has been without an answer for [`PATIENCE`].
pub fn wait(run: &Run, client: &ClientView, now: SimTime) -> Option<Wait> {
    let Phase::Connecting { connection, next_retry: Some(retry), refused, since, .. } = client.phase else {
        return None;
    };
    let timer = client.open.iter().find(|open| open.connection == connection).and_then(|open| open.timer);
    let is_long = refused > 0 || now.since(since) > PATIENCE;
    let end = match run.index.attempt(connection)?.ended {
        Some((at, Outcome::Failed(Errno::Etimedout))) if at <= retry => Some(at),
        _ => None,
    };
    let since = timer.map_or(since, |timer| timer.set);
    is_long.then(|| Wait { since, until: end.unwrap_or(retry), is_last: end.is_some() })
}
