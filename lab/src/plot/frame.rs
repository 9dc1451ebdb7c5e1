//! The frame of a chart: axes with ticks and labels, drawn by `plotters`, and simple marks inside.

use core::convert::Infallible;

use plotters::chart::{ChartBuilder, ChartContext, LabelAreaPosition};
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, Cross, PathElement, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, ShapeStyle, TextStyle};

use super::backend::{Drawing, FINE, Surface, TEXT_PX, text_width};
use super::mark_style::MarkStyle;
use super::scale::AxisScale;

/// The length of a tick, in CSS pixels. `plotters` places a label at twice this distance from its axis.
const TICK_PX: i32 = 4;
/// The distance from the axis to its labels, and a margin on their other side.
const LABEL_GAP_PX: i32 = 2 * TICK_PX + 4;
/// The height of the labels below a chart.
pub const BOTTOM_PX: i32 = 28;

/// The result type that `plotters` requires. The backend never fails.
pub type Drawn = Result<(), DrawingAreaErrorKind<Infallible>>;

/// A frame that has not been drawn yet.
pub struct Frame {
    /// The width and height of the drawing, in CSS pixels.
    pub size: (i32, i32),
    /// The space above the plot.
    pub top: i32,
    /// The space to the right of the plot.
    pub right: i32,
    /// The space below the plot, for the labels.
    pub bottom: i32,
    /// The horizontal axis.
    pub x: AxisScale,
    /// The vertical axis.
    pub y: AxisScale,
}

/// The inside of a chart, to draw marks on.
pub struct Plot<'a> {
    chart: ChartContext<'a, Surface<'a>, Cartesian2d<AxisScale, AxisScale>>,
    /// The whole drawing.
    root: DrawingArea<Surface<'a>, Shift>,
    /// The plot area: left, top, right and bottom, in CSS pixels.
    pub rect: (i32, i32, i32, i32),
    x: AxisScale,
    y: AxisScale,
}

impl Frame {
    /// The width of the labels of a vertical axis, including the distance to the axis.
    pub fn left_of(y: &AxisScale) -> i32 {
        y.labels().iter().map(|(_, label)| text_width(label)).max().map_or(1, |width| width + LABEL_GAP_PX)
    }

    /// The plot area: left, top, right and bottom, in CSS pixels.
    pub fn rect(&self) -> (i32, i32, i32, i32) {
        let (width, height) = self.size;
        (Self::left_of(&self.y), self.top, width - self.right, height - self.bottom)
    }

    /// Draws the frame and the marks that `fill` adds.
    pub fn draw(self, fill: impl FnOnce(&mut Plot<'_>) -> Drawn) -> Drawing {
        let mut drawing = Drawing::new(self.size.0, self.size.1);
        let rect = self.rect();
        // The backend never fails, so there is no error to report.
        let _ = self.draw_on(Surface(&mut drawing), rect, fill);
        drawing.plot = rect;
        drawing
    }

    fn draw_on(
        self,
        surface: Surface<'_>,
        rect: (i32, i32, i32, i32),
        fill: impl FnOnce(&mut Plot<'_>) -> Drawn,
    ) -> Drawn {
        let root = surface.into_drawing_area();
        let chart = ChartBuilder::on(&root)
            .margin_top(self.top * FINE)
            .margin_right(self.right * FINE)
            .set_label_area_size(LabelAreaPosition::Left, rect.0 * FINE)
            .set_label_area_size(LabelAreaPosition::Bottom, self.bottom * FINE)
            .build_cartesian_2d(self.x.clone(), self.y.clone())?;
        let mut plot = Plot { chart, root, rect, x: self.x, y: self.y };
        plot.axes()?;
        fill(&mut plot)
    }
}

impl Plot<'_> {
    fn axes(&mut self) -> Drawn {
        let labels = words(MarkStyle::Label);
        let ticks = [&self.x, &self.y].map(|axis| axis.labels().len());
        self.chart
            .configure_mesh()
            .disable_x_mesh()
            .max_light_lines(0)
            .x_labels(ticks[0])
            .y_labels(ticks[1])
            .bold_line_style(line(MarkStyle::Grid))
            .light_line_style(line(MarkStyle::Grid))
            .axis_style(line(MarkStyle::Axis))
            .label_style(labels)
            .set_all_tick_mark_size(TICK_PX * FINE)
            .draw()
    }

    /// The x coordinate of a value, in CSS pixels.
    pub fn x(&self, value: i64) -> i32 {
        self.x.place(value, (self.rect.0, self.rect.2))
    }

    /// The y coordinate of a value, in CSS pixels.
    pub fn y(&self, value: i64) -> i32 {
        self.y.place(value, (self.rect.3, self.rect.1))
    }

    /// Draws a line through these values.
    pub fn line(&mut self, points: Vec<(i64, i64)>, mark_style: MarkStyle) -> Drawn {
        self.chart.plotting_area().draw(&PathElement::new(points, line(mark_style)))
    }

    /// Fills the rectangle between two corners.
    pub fn area(&mut self, corners: [(i64, i64); 2], mark_style: MarkStyle) -> Drawn {
        self.chart.plotting_area().draw(&Rectangle::new(corners, line(mark_style).filled()))
    }

    /// Draws the outline of the rectangle between two corners.
    pub fn edge(&mut self, corners: [(i64, i64); 2], mark_style: MarkStyle) -> Drawn {
        self.chart.plotting_area().draw(&Rectangle::new(corners, line(mark_style)))
    }

    /// Draws a filled circle.
    pub fn dot(&mut self, at: (i64, i64), radius_px: i32, mark_style: MarkStyle) -> Drawn {
        self.chart.plotting_area().draw(&Circle::new(at, radius_px * FINE, line(mark_style).filled()))
    }

    /// Draws the outline of a circle.
    pub fn ring(&mut self, at: (i64, i64), radius_px: i32, mark_style: MarkStyle) -> Drawn {
        self.chart.plotting_area().draw(&Circle::new(at, radius_px * FINE, line(mark_style)))
    }

    /// Draws a diagonal cross.
    pub fn cross(&mut self, at: (i64, i64), reach_px: i32, mark_style: MarkStyle) -> Drawn {
        self.chart.plotting_area().draw(&Cross::new(at, reach_px * FINE, line(mark_style)))
    }

    /// Draws a line through points of the drawing, in CSS pixels.
    pub fn stroke(&mut self, points: &[(i32, i32)], mark_style: MarkStyle) -> Drawn {
        let points: Vec<(i32, i32)> = points.iter().map(|(x, y)| (x * FINE, y * FINE)).collect();
        self.root.draw(&PathElement::new(points, line(mark_style)))
    }

    /// Writes text at a point of the drawing, in CSS pixels. `across` says which part of the text is at `x`; its middle
    /// is at `y`.
    pub fn words(&mut self, text: &str, (x, y): (i32, i32), across: HPos, mark_style: MarkStyle) -> Drawn {
        let style = words(mark_style).pos(Pos::new(across, VPos::Center));
        self.root.draw_text(text, &style, (x * FINE, y * FINE))
    }
}

fn line(mark_style: MarkStyle) -> ShapeStyle {
    ShapeStyle { color: mark_style.to_rgba(), filled: false, stroke_width: 1 }
}

fn words(mark_style: MarkStyle) -> TextStyle<'static> {
    let font = ("sans-serif", TEXT_PX).into_font();
    TextStyle { color: mark_style.to_backend_color(), ..TextStyle::from(font) }
}
