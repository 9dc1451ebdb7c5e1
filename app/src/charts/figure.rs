//! A drawing on the page, with the playhead over it. While a run plays, only the playhead changes.

use std::rc::Rc;

use sim_core::time::SimTime;
use yew::prelude::*;

use super::backend::{Drawing, Mark};

/// What is shown.
#[derive(Clone, PartialEq, Properties)]
pub struct FigureProps {
    /// The drawing. Kept by whoever makes it, so that one that has not changed is the same.
    pub drawing: Rc<Drawing>,
    /// The story in a sentence with its numbers.
    pub label: AttrValue,
    /// The moment and the end of the run, where the chart has an axis of time.
    #[prop_or_default]
    pub playhead: Option<(SimTime, SimTime)>,
}

/// A chart.
#[component]
pub fn Figure(props: &FigureProps) -> Html {
    let Drawing { width, height, plot, .. } = &*props.drawing;
    let playhead = props.playhead.map(|(at, end)| {
        let share = at.as_secs_f64() / end.as_secs_f64().max(1e-6);
        let x = f64::from(plot.0) + share.clamp(0.0, 1.0) * f64::from(plot.2 - plot.0);
        html! { <path class="playhead" d={format!("M{x:.1} {}V{}", plot.1 - 6, plot.3)} /> }
    });
    html! {
        <svg class="chart" viewBox={format!("0 0 {width} {height}")} width={width.to_string()}
            height={height.to_string()} role="img" aria-label={&props.label}>
            <Marks drawing={Rc::clone(&props.drawing)} />
            { for playhead }
        </svg>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct MarksProps {
    drawing: Rc<Drawing>,
}

#[component]
fn Marks(props: &MarksProps) -> Html {
    html! { <g>{ for props.drawing.marks.iter().map(mark) }</g> }
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
