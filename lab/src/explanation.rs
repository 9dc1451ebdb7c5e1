//! The explanation of one anomaly: the sentences, the numbers, and buttons for what to try next.

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

/// A button that changes a setting or moves the playhead.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionButton {
    /// The label.
    pub label: &'static str,
    /// The action that a click triggers.
    pub action: Action,
}

/// The explanation of one anomaly.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The moment of the record.
    pub at: SimTime,
    /// Whether it is a refusal by rule R1.
    pub is_refusal: bool,
    /// The rule, with its numbers filled in.
    pub say: String,
    /// The comparison that the rule makes.
    pub sum: Vec<SumLine>,
    /// What the sender notices, and what it does next.
    pub afterwards: String,
    /// What would have changed the outcome.
    pub remedy: &'static str,
    /// The kernel function, the kernel version and the RFC.
    pub citation: String,
    /// The counters that were incremented with it.
    pub counters: Vec<String>,
    /// The effect of the last change on this refusal, if there is one.
    pub since: Option<String>,
    /// The buttons.
    pub buttons: Vec<ActionButton>,
}

impl Explanation {
    /// The explanation of the record at `position`, from the point of view of the moment of `now`.
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
        let mut buttons = buttons_for_settings(plan, now, anomaly);
        buttons.extend(buttons_to_others(run, now, position, anomaly));
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
            buttons,
        })
    }
}

/// Buttons for settings that would have changed the outcome and are not set yet.
fn buttons_for_settings(plan: &Plan, now: &Snapshot, anomaly: Anomaly) -> Vec<ActionButton> {
    let settings = plan.settings(now.at);
    let recycle_off = (settings.value(Key::RECYCLE).is_some_and(|value| value > 0))
        .then_some(ActionButton { label: why::RECYCLE_OFF, action: Action::Set(Key::RECYCLE, 0) });
    let without_recycle = plan
        .kernel
        .profile()
        .has_recycle
        .then_some(ActionButton { label: why::KERNEL_4_12, action: Action::SetKernel(KernelVersion::V4_12) });
    let stamped = settings
        .is(Key::TIMESTAMPS, 0)
        .then_some(ActionButton { label: why::TIMESTAMPS_ON, action: Action::Set(Key::TIMESTAMPS, 1) });
    let buttons = match anomaly {
        Anomaly::Dropped(DropReason::RecycleTimestamp) => vec![recycle_off, without_recycle],
        Anomaly::Dropped(DropReason::RecycleNoTimestamp) => vec![recycle_off, without_recycle, stamped],
        Anomaly::Failed(Errno::Etimedout) => vec![recycle_off.filter(|_| now.server.counters.iter().any(refuses))],
        Anomaly::Dropped(DropReason::TimeWaitAcked | DropReason::TimeWaitRateLimited | DropReason::TimeWaitSilent) => {
            vec![stamped]
        }
        Anomaly::CannotConnect(Errno::Eaddrnotavail) => {
            let reuse = ActionButton { label: why::REUSE_1, action: Action::Set(Key::REUSE, 1) };
            vec![(!settings.is(Key::REUSE, 1)).then_some(reuse), stamped]
        }
        Anomaly::TakenOver(sim_core::trace::Takeover::Connect) => {
            let rest = ActionButton { label: why::REUSE_0, action: Action::Set(Key::REUSE, 0) };
            vec![(!settings.is(Key::REUSE, 0)).then_some(rest)]
        }
        Anomaly::NotSet => {
            let older = ActionButton { label: why::KERNEL_4_11, action: Action::SetKernel(KernelVersion::V4_11) };
            vec![(!plan.kernel.profile().has_recycle).then_some(older)]
        }
        _ => Vec::new(),
    };
    buttons.into_iter().flatten().collect()
}

fn refuses(row: &sim_core::trace::snapshot::CounterRow) -> bool {
    row.counter == sim_core::kernel::counter::Counter::PawsPassive && row.value > 0
}

/// Buttons that lead to other anomalies of the same kind.
fn buttons_to_others(run: &Run, now: &Snapshot, position: usize, anomaly: Anomaly) -> Vec<ActionButton> {
    let buttons = if anomaly.is_refusal() {
        [
            run.refusal_before(now.at)
                .map(|_| ActionButton { label: why::PREVIOUS_REFUSAL, action: Action::StepRefusal(Direction::Back) }),
            run.index
                .next_refusal(now.at)
                .map(|_| ActionButton { label: why::NEXT_REFUSAL, action: Action::StepRefusal(Direction::Forward) }),
        ]
    } else {
        [
            run.anomaly
                .previous_like(position, anomaly)
                .map(|other| ActionButton { label: why::PREVIOUS_LIKE, action: Action::Show(other) }),
            run.anomaly
                .next_like(position, anomaly)
                .map(|other| ActionButton { label: why::NEXT_LIKE, action: Action::Show(other) }),
        ]
    };
    buttons.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
