//! The marks on the time bar, and the playhead among them.

use std::rc::Rc;

use sim_core::time::SimTime;
use yew::prelude::*;

use lab::anomaly::Anomaly;
use lab::axis::Axis;
use lab::format::filled;
use lab::plan::Plan;
use lab::run::{Run, SharedRun};
use lab::text::time_bar;

/// The y coordinate and the length of each mark, on a bar that is 28 units high.
const ATTEMPT: (f64, f64) = (9.0, 5.0);
const REFUSAL: (f64, f64) = (5.0, 14.0);
const ODD: (f64, f64) = (19.0, 6.0);

/// The properties of [`Marks`].
#[derive(Clone, PartialEq, Properties)]
pub struct MarksProps {
    /// The run.
    pub run: SharedRun,
    /// The visitor's settings.
    pub plan: Rc<Plan>,
}

/// The marks. They are drawn once per run, because the slider lies over them.
#[component]
pub fn Marks(props: &MarksProps) -> Html {
    let MarksProps { run, plan } = props;
    let axis = Axis::new(run.end());
    let ticks = |moments: &mut dyn Iterator<Item = SimTime>, (y, height)| axis.ticks(moments, y, height);
    let attempts = ticks(&mut run.index.attempts.iter().map(|attempt| attempt.at), ATTEMPT);
    let refusals = ticks(&mut run.index.refusals.iter().map(|refused| refused.at), REFUSAL);
    let anomaly = ticks(&mut other_oddities(run).into_iter(), ODD);
    let of_scenario = plan.base.scenario.actions.iter().map(|timed| line("scenario-change", &axis, timed.at()));
    let changes = plan.effective().map(|change| line("change", &axis, change.at));
    track(html! {
        <>
            { path("rail", "M0 14H1000".to_owned()) }
            { for of_scenario }
            { path("attempts", attempts) }
            { path("odd", anomaly) }
            { path("refusals", refusals) }
            { for changes }
        </>
    })
}

fn track(marks: Html) -> Html {
    html! {
        <svg viewBox="0 0 1000 28" preserveAspectRatio="none" aria-hidden="true" class="marks">{ marks }</svg>
    }
}

fn line(class: &'static str, axis: &Axis, at: SimTime) -> Html {
    path(class, filled("M# 0V28", &[axis.place(at)]))
}

fn path(class: &'static str, d: String) -> Html {
    html! { <path {d} {class} /> }
}

/// The moments of losses, resets, failed calls, and drops for another reason than R1.
fn other_oddities(run: &Run) -> Vec<SimTime> {
    let wanted = |anomaly: Anomaly| match anomaly {
        Anomaly::Dropped(reason) => !reason.is_recycle(),
        Anomaly::Lost(_) | Anomaly::Reset | Anomaly::CannotConnect(_) | Anomaly::BucketsFull => true,
        Anomaly::Cookie | Anomaly::TakenOver(_) | Anomaly::NotSet | Anomaly::Failed(_) => false,
    };
    let records = run.anomaly.iter().filter(|(_, anomaly)| wanted(*anomaly));
    records.filter_map(|(position, _)| Some(run.trace.records.get(position)?.at)).collect()
}

/// The playhead among the marks.
pub fn playhead(run: &Run, at: SimTime) -> Html {
    track(line("playhead", &Axis::new(run.end()), at))
}

/// The legend of the marks.
pub fn marks_legend() -> Html {
    let whole = (0.0, 28.0);
    let entries = [
        ("attempts", ATTEMPT),
        ("refusals", REFUSAL),
        ("odd", ODD),
        ("change", whole),
        ("scenario-change", whole),
        ("playhead", whole),
    ];
    let entry = |((class, (y, height)), text): ((&'static str, (f64, f64)), &'static str)| {
        html! {
            <li>
                <svg viewBox="0 0 20 28" width="20" height="28" aria-hidden="true" class="marks">
                    { path("rail", "M0 14H20".to_owned()) }
                    { path(class, filled("M10 #v#", &[y, height])) }
                </svg>
                { text }
            </li>
        }
    };
    html! { <ul class="legend marks-legend">{ for entries.into_iter().zip(time_bar::MARKS).map(entry) }</ul> }
}

#[cfg(test)]
mod tests {
    use sim_core::scenario::PRESETS;
    use sim_core::trace::Event;

    use super::*;
    use lab::plan::Base;

    /// Each segment that a kernel, a link or a box dropped has a mark, either as a refusal or as another drop.
    #[test]
    fn every_drop_and_loss_has_a_mark() {
        for preset in PRESETS {
            let run = Run::of(&Plan::of(Base::preset(preset.name).unwrap()));
            let others = other_oddities(&run);
            for record in &run.trace.records {
                let marked = match &record.event {
                    Event::SegmentDropped { refusal: Some(_), .. } => {
                        run.index.refusals.iter().any(|refused| refused.at == record.at)
                    }
                    Event::SegmentDropped { .. } | Event::SegmentLost { .. } => {
                        others.binary_search(&record.at).is_ok()
                    }
                    _ => true,
                };
                assert!(marked, "{} at {}", preset.name, record.at);
            }
        }
    }
}
