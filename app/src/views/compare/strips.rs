//! The lanes of one side: a strip along the time axis for each host, with a mark for each attempt.

use std::rc::Rc;

use sim_core::time::SimTime;
use yew::prelude::*;

use lab::axis::Axis;
use lab::comparison::side_by_side::SideBySide;
use lab::comparison::{AttemptOutcome, HostLane, Pair};
use lab::format::capitalized;
use lab::text::compare as words;

/// The most lanes. Hosts of a crowd that differ between the runs come first.
const MOST_LANES: usize = 16;

#[derive(Clone, PartialEq, Properties)]
pub struct StripsProps {
    pub compared: Rc<SideBySide>,
    /// 0 for before, 1 for after.
    pub side: usize,
    /// The hosts of both runs.
    pub pairs: Rc<[Pair]>,
}

/// The strips of a side. They are drawn once per run, because the playhead lies over them.
#[component]
pub fn Strips(props: &StripsProps) -> Html {
    let StripsProps { compared, side, pairs: all } = props;
    let end = compared.sides.iter().map(|(_, run)| run.end()).max().unwrap_or_default();
    let axis = Axis::new(end);
    let pairs = shown(all);
    let left_out = all.len() - pairs.len();
    let strip = |pair: &&Pair| {
        let differs = pair.differs().then_some("differs");
        html! {
            <li key={pair.name.clone()} class={classes!(pair.tint.clone(), differs)}>
                <span class="tinted">{ &pair.name }</span>
                <svg aria-hidden="true" viewBox="0 0 1000 20" preserveAspectRatio="none">{ marks(&axis, &pair.lanes[*side]) }</svg>
            </li>
        }
    };
    html! {
        <>
            <ul class="strips" aria-hidden="true">{ for pairs.iter().map(strip) }</ul>
            if left_out > 0 {
                <p class="soft">{ words::left_out(left_out) }</p>
            }
        </>
    }
}

/// The hosts that get a lane, in order.
fn shown(pairs: &[Pair]) -> Vec<&Pair> {
    if pairs.len() <= MOST_LANES {
        return pairs.iter().collect();
    }
    let (otherwise, same): (Vec<&Pair>, Vec<&Pair>) = pairs.iter().partition(|pair| pair.differs());
    otherwise.into_iter().chain(same).take(MOST_LANES).collect()
}

/// The marks of a lane. Attempts rise from the line, higher if they took longer; refused SYNs hang from it.
fn marks(axis: &Axis, lane: &HostLane) -> Html {
    let ticks = |outcome: AttemptOutcome, y: f64, height: f64| {
        axis.ticks(lane.attempts.iter().filter(|(_, other)| *other == outcome).map(|(at, _)| *at), y, height)
    };
    let refused = axis.ticks(lane.refused.iter().copied(), 14.0, 5.0);
    html! {
        <>
            <path class="rail" d="M0 13H1000" />
            <path class="at-once" d={ticks(AttemptOutcome::AtOnce, 8.0, 5.0)} />
            <path class="after-retry" d={ticks(AttemptOutcome::AfterRetry, 3.0, 10.0)} />
            <path class="failed" d={ticks(AttemptOutcome::Failed, 3.0, 10.0)} />
            <path class="open" d={ticks(AttemptOutcome::Open, 3.0, 10.0)} />
            <path class="refused-syn" d={refused} />
        </>
    }
}

/// The legend of the marks.
pub fn legend() -> Html {
    let at = || core::iter::once((SimTime::from_secs(1), ()));
    let entry = |lane: HostLane, text: String| {
        html! {
            <li>
                <svg aria-hidden="true" viewBox="490 0 20 20" width="20" height="20">
                    { marks(&Axis::new(SimTime::from_secs(2)), &lane) }
                </svg>
                { text }
            </li>
        }
    };
    let kinds = AttemptOutcome::ALL.map(|outcome| {
        let lane = HostLane { attempts: at().map(|(at, ())| (at, outcome)).collect(), ..HostLane::default() };
        entry(lane, name_of(outcome))
    });
    let refused = HostLane { refused: at().map(|(at, ())| at).collect(), ..HostLane::default() };
    html! { <ul class="legend strips-legend soft">{ for kinds }{ entry(refused, words::SYN_REFUSED.to_owned()) }</ul> }
}

/// The name of a kind of attempt at the start of a line.
fn name_of(outcome: AttemptOutcome) -> String {
    capitalized(words::outcome(outcome))
}
