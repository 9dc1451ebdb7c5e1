//! The answer about one odd record, put together: the words, the numbers, and the ways on.

use sim_core::kernel::drop_reason::DropReason;
use sim_core::kernel_version::KernelVersion;
use sim_core::time::SimTime;
use sim_core::trace::Errno;
use sim_core::trace::snapshot::Snapshot;

use crate::anomaly::Anomaly;
use crate::plan::{Key, Plan};
use crate::run::Run;
use crate::state::{Action, Direction};
use crate::text::why::{self, Context, SumLine};

/// A button that changes something or leads somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// What stands on it.
    pub label: &'static str,
    /// What it does.
    pub action: Action,
}

/// The answer about one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// When it happened.
    pub at: SimTime,
    /// Whether it is a refusal by R1.
    pub is_refusal: bool,
    /// The rule with its numbers put in.
    pub say: String,
    /// The numbers as the rule compares them.
    pub sum: Vec<SumLine>,
    /// What its sender hears of it, and does next.
    pub afterwards: String,
    /// What would have changed it.
    pub remedy: &'static str,
    /// The function, the kernel, the standard.
    pub citation: String,
    /// The counters that moved with it.
    pub counters: Vec<String>,
    /// What the last change has come to, if it is about this.
    pub since: Option<String>,
    /// The buttons.
    pub ways: Vec<Way>,
}

impl Explained {
    /// The answer about the record at `position`, as it is told at the moment of `now`.
    #[must_use]
    pub fn of(plan: &Plan, run: &Run, now: &Snapshot, (position, anomaly): (usize, Anomaly)) -> Option<Self> {
        let scene = Context::of(run, position)?;
        let rule = why::rule(anomaly);
        let refused = run.index.refusal_at(position);
        let (say, sum, afterwards) = match refused {
            Some(refused) => {
                (why::sentence(run, refused), why::lines(run, refused), why::silence(run, refused, now.at))
            }
            None => (
                why::odd_sentence(&scene, anomaly),
                why::odd_lines(&scene, anomaly),
                why::afterwards(&scene, anomaly, now.at),
            ),
        };
        let mut ways = ways_out(plan, now, anomaly);
        ways.extend(ways_on(run, now, position, anomaly));
        Some(Self {
            at: scene.record.at,
            is_refusal: refused.is_some(),
            say,
            sum,
            afterwards,
            remedy: why::remedy(&scene, anomaly),
            citation: why::citation(rule, scene.kernel()),
            counters: scene.counters(),
            since: refused.and_then(|refused| why::since(plan, now, refused)),
            ways,
        })
    }
}

/// The settings that would have changed the outcome, as far as they stand otherwise.
fn ways_out(plan: &Plan, now: &Snapshot, anomaly: Anomaly) -> Vec<Way> {
    let settings = plan.settings(now.at);
    let recycle_off = (settings.value(Key::RECYCLE).is_some_and(|value| value > 0))
        .then_some(Way { label: why::RECYCLE_OFF, action: Action::Set(Key::RECYCLE, 0) });
    let without_recycle = plan
        .kernel
        .profile()
        .has_recycle
        .then_some(Way { label: why::KERNEL_4_12, action: Action::SetKernel(KernelVersion::V4_12) });
    let stamped = settings
        .is(Key::TIMESTAMPS, 0)
        .then_some(Way { label: why::TIMESTAMPS_ON, action: Action::Set(Key::TIMESTAMPS, 1) });
    let ways = match anomaly {
        Anomaly::Dropped(DropReason::RecycleTimestamp) => vec![recycle_off, without_recycle],
        Anomaly::Dropped(DropReason::RecycleNoTimestamp) => vec![recycle_off, without_recycle, stamped],
        Anomaly::Failed(Errno::Etimedout) => vec![recycle_off.filter(|_| now.server.counters.iter().any(refuses))],
        Anomaly::Dropped(DropReason::TimeWaitAcked | DropReason::TimeWaitRateLimited | DropReason::TimeWaitSilent) => {
            vec![stamped]
        }
        Anomaly::CannotConnect(Errno::Eaddrnotavail) => {
            let reuse = Way { label: why::REUSE_1, action: Action::Set(Key::REUSE, 1) };
            vec![(!settings.is(Key::REUSE, 1)).then_some(reuse), stamped]
        }
        Anomaly::TakenOver(sim_core::trace::Takeover::Connect) => {
            let rest = Way { label: why::REUSE_0, action: Action::Set(Key::REUSE, 0) };
            vec![(!settings.is(Key::REUSE, 0)).then_some(rest)]
        }
        Anomaly::NotSet => {
            let older = Way { label: why::KERNEL_4_11, action: Action::SetKernel(KernelVersion::V4_11) };
            vec![(!plan.kernel.profile().has_recycle).then_some(older)]
        }
        _ => Vec::new(),
    };
    ways.into_iter().flatten().collect()
}

fn refuses(row: &sim_core::trace::snapshot::CounterRow) -> bool {
    row.counter == sim_core::kernel::counter::Counter::PawsPassive && row.value > 0
}

/// To others of its kind.
fn ways_on(run: &Run, now: &Snapshot, position: usize, anomaly: Anomaly) -> Vec<Way> {
    let ways = if anomaly.is_refusal() {
        [
            run.refusal_before(now.at)
                .map(|_| Way { label: why::PREVIOUS_REFUSAL, action: Action::StepRefusal(Direction::Back) }),
            run.index
                .next_refusal(now.at)
                .map(|_| Way { label: why::NEXT_REFUSAL, action: Action::StepRefusal(Direction::Forward) }),
        ]
    } else {
        [
            run.anomaly
                .previous_like(position, anomaly)
                .map(|other| Way { label: why::PREVIOUS_LIKE, action: Action::Show(other) }),
            run.anomaly
                .next_like(position, anomaly)
                .map(|other| Way { label: why::NEXT_LIKE, action: Action::Show(other) }),
        ]
    };
    ways.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
