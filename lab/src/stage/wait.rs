//! Which hosts wait for an answer, and until when.

use sim_core::time::{SimTime, Span};
use sim_core::trace::snapshot::{ClientView, Phase};
use sim_core::trace::{Errno, Outcome};

use crate::run::Run;

/// So long a SYN may be without an answer before its host counts as one that waits.
const PATIENCE: Span = Span::from_millis(200);

/// A host whose SYN got no answer, until it tries again or gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When the timer was set.
    pub since: SimTime,
    /// When it fires, or the program gives up.
    pub until: SimTime,
    /// Whether the program gives up then: it may have less patience than its kernel.
    pub is_last: bool,
}

/// Whether a host waits for an answer that should have come: it was refused, or it takes long.
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
