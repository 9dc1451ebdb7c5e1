//! A chart with the playhead over it. During playback only the playhead changes.

use sim_core::time::SimTime;
use yew::prelude::*;

use lab::plot::backend::{Drawing, Mark};
use lab::plot::mark_style::MarkStyle;

/// A drawing and its nodes, which are created once per drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    drawing: Drawing,
    marks: Html,
    /// The nodes above the playhead.
    notes: Html,
}

impl From<Drawing> for Figure {
    fn from(drawing: Drawing) -> Self {
        let is_note = |mark: &&Mark| matches!(mark, Mark::Text { mark_style: MarkStyle::Note, .. });
        let marks = html! { <g>{ for drawing.marks.iter().filter(|mark| !is_note(mark)).map(mark) }</g> };
        let notes = html! { <g>{ for drawing.marks.iter().filter(is_note).map(mark) }</g> };
        Self { drawing, marks, notes }
    }
}

impl Figure {
    /// The chart as an image with the accessible name `label`, a sentence with the main numbers. `playhead` is the
    /// moment and the end of the run; `None` if the chart has no time axis.
    pub fn show(&self, label: &str, playhead: Option<(SimTime, SimTime)>) -> Html {
        let Drawing { width, height, plot, .. } = &self.drawing;
        let playhead = playhead.map(|(at, end)| {
            let share = at.as_secs_f64() / end.as_secs_f64().max(1e-6);
            let x = f64::from(plot.0) + share.clamp(0.0, 1.0) * f64::from(plot.2 - plot.0);
            html! { <path class="playhead" d={format!("M{x:.1} {}V{}", plot.1 - 6, plot.3)} /> }
        });
        html! {
            <svg class="chart" viewBox={format!("0 0 {width} {height}")} width={width.to_string()}
                height={height.to_string()} role="img" aria-label={label.to_owned()}>
                { self.marks.clone() }
                { for playhead }
                { self.notes.clone() }
            </svg>
        }
    }
}

fn mark(mark: &Mark) -> Html {
    let class = mark.class();
    match mark {
        Mark::Path { d, .. } => html! { <path {class} d={d.clone()} /> },
        Mark::Text { x, y, anchor, text, .. } => html! {
            <text {class} x={x.to_string()} y={y.to_string()} text-anchor={*anchor}>{ text.clone() }</text>
        },
    }
}
