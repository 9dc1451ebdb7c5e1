//! One line about what a change will come to.

use sim_core::time::SimTime;
use sim_core::trace::query::Status;
use sim_core::trace::snapshot::{Phase, Snapshot};

use super::place;
use crate::format::{counted, in_words, moment};
use crate::plan::{Change, ChangeKind, Place, Plan};
use crate::run::Run;
use crate::stage::wait::wait;

/// What to say after `change`, or after another plan without one.
pub fn after(run: &Run, plan: &Plan, snapshot: &Snapshot, change: Option<Change>) -> String {
    match change {
        Some(Change { at, what: ChangeKind::Set(key, value) })
            if plan.changes.contains(&Change { at, what: ChangeKind::Set(key, value) }) =>
        {
            let begins = format!("From {} on, {} is {value}.", moment(at), key.short());
            [Some(begins), next_try(run, snapshot)].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Some(Change { at, what: ChangeKind::Add(place) }) => joined(run, plan, at, place),
        _ => whole(run),
    }
}

/// Why no further host can be added.
pub fn too_many(at: Place) -> String {
    let hosts = match at {
        Place::BehindNat => "hosts behind the NAT",
        Place::Own => "hosts with their own address",
    };
    format!("The stage has room for only {} more {hosts}.", in_words(at.most_added()))
}

/// The host that waits because of a refusal, and until when.
fn next_try(run: &Run, snapshot: &Snapshot) -> Option<String> {
    let refused = run.index.last_refusal(snapshot.at)?;
    let client = snapshot.clients.iter().find(|client| Some(client.node) == refused.host)?;
    if !matches!(client.phase, Phase::Connecting { refused: 1.., .. }) {
        return None;
    }
    let (name, wait) = (run.name(client.node), wait(run, client, snapshot.at)?);
    let at = moment(wait.until);
    Some(if wait.is_last {
        format!("{name} gives up at {at}, without another SYN.")
    } else {
        format!("{name} sends its SYN again at {at}.")
    })
}

fn joined(run: &Run, plan: &Plan, at: SimTime, at_place: Place) -> String {
    let joined =
        run.clients().filter(|(_, node)| node.joined == at && node.behind.is_some() == (at_place == Place::BehindNat));
    let Some((id, node)) = joined.last() else { return whole(run) };
    let first = run.next_syn(id, at).filter(|_| !plan.changes.is_empty());
    let begins = format!("{} joins {} at {}.", node.name, place(at_place), moment(at));
    match first {
        Some(first) => format!("{begins} It first connects at {}.", moment(first)),
        None => format!("{begins} It does not connect before the end of the run."),
    }
}

/// The outcome of the whole run.
fn whole(run: &Run) -> String {
    match run.index.status(run.end()) {
        Status { refused: 0, attempted } => format!("In this run all {attempted} connections succeed."),
        Status { refused, attempted } => {
            format!("In this run {} of {attempted} are refused.", counted(refused, "connection", "connections"))
        }
    }
}
