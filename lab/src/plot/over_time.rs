//! The charts over time: counts as lines, attempts as bars, and times to connect as a histogram.

use plotters::style::text_anchor::HPos;
use sim_core::time::SimTime;

use super::ticks::count_ticks;
use crate::chart::over_time::{BINS_MS, OverTime, PortsOverTime, peak};
use crate::plot::backend::{Drawing, text_width};
use crate::plot::frame::{BOTTOM_PX, Drawn, Frame, Plot};
use crate::plot::mark_style::MarkStyle;
use crate::plot::scale::{AxisScale, micros};
use sim_core::words::grouped;

const HEIGHT_PX: i32 = 168;
const TOP_PX: i32 = 12;
/// The space above the bars of the histogram, for their numbers and the remarks.
const REMARKS_PX: i32 = 40;
/// The height of a second row of labels.
const SECOND_ROW_PX: i32 = 8;
/// The distance between the stripes of a hatched bar.
const STRIPES_PX: i32 = 4;
/// The width of the plot per tick of the time axis.
const TICK_PX: i32 = 58;
/// The width of a bin, in units of its axis.
const BIN: i64 = 100;
/// The first bin that needs a retry: its lower edge is 1 s, the initial retransmission timeout.
const RETRIED: i64 = 5;

/// The number of the server's sockets in TIME_WAIT.
pub fn time_wait(data: &OverTime, width: i32) -> Drawing {
    count(data.end, &data.time_wait, peak(&data.time_wait).1, width)
}

/// The number of source ports in use.
pub fn ports(data: &OverTime, ports: &PortsOverTime, width: i32) -> Drawing {
    // The axis ends at the number of ports, unless the line would then be close to zero throughout.
    let highest = peak(&ports.used).1;
    count(data.end, &ports.used, if ports.all <= highest * 4 { ports.all } else { highest }, width)
}

fn count(end: SimTime, series: &[(SimTime, u32)], highest: u32, width: i32) -> Drawing {
    let y = AxisScale::new(0..i64::from(highest.max(1))).ticks(count_ticks(highest));
    frame(end, y, width, TOP_PX).draw(|plot| {
        let mut points = vec![(0, 0)];
        let mut value = 0;
        for (at, next) in series {
            points.extend([(micros(*at), value), (micros(*at), i64::from(*next))]);
            value = i64::from(*next);
        }
        points.push((micros(end), value));
        plot.line(points, MarkStyle::Count)
    })
}

/// Attempts by the time at which they began.
pub fn connections(data: &OverTime, width: i32) -> Drawing {
    let highest = data.buckets.iter().map(|bucket| bucket.succeeded + bucket.unsuccessful()).max().unwrap_or(0);
    let y = AxisScale::new(0..i64::from(highest.max(1))).ticks(count_ticks(highest));
    frame(data.end, y, width, TOP_PX).draw(|plot| {
        let bar = |index: usize| {
            let from = i64::try_from(data.bucket.as_micros()).unwrap_or(i64::MAX) * index as i64;
            (from, i64::try_from(data.bucket.as_micros()).unwrap_or(0) / 8)
        };
        for (index, bucket) in data.buckets.iter().enumerate().filter(|(_, bucket)| bucket.succeeded > 0) {
            let (from, air) = bar(index);
            let to = from + air * 8;
            plot.area([(from + air, 0), (to - air, i64::from(bucket.succeeded))], MarkStyle::Succeeded)?;
        }
        for (index, bucket) in data.buckets.iter().enumerate().filter(|(_, bucket)| bucket.unsuccessful() > 0) {
            let (from, air) = bar(index);
            let (low, high) = (i64::from(bucket.succeeded), i64::from(bucket.succeeded + bucket.unsuccessful()));
            hatched(plot, [(from + air, low), (from + air * 7, high)])?;
        }
        Ok(())
    })
}

/// A histogram of the times to connect.
pub fn took(data: &OverTime, width: i32) -> Drawing {
    let highest = data.took.iter().chain([&data.never]).max().copied().unwrap_or(0);
    let y = AxisScale::new(0..i64::from(highest.max(1))).ticks(count_ticks(highest));
    let bins = BINS_MS.len() as i64 + 1;
    let left = Frame::left_of(&y);
    let labels = (0..bins).map(|bin| (bin * BIN + BIN / 2, label(bin as usize)));
    // If the labels would touch, every other one is lower.
    let widest = (0..bins).map(|bin| text_width(&label(bin as usize))).max().unwrap_or(0);
    let narrow = (width - left) / (bins as i32) < widest + 4;
    let x = AxisScale::new(0..bins * BIN);
    let x = if narrow { x } else { x.ticks(labels.clone()) };
    let bottom = BOTTOM_PX + if narrow { SECOND_ROW_PX } else { 0 };
    let size = (width, HEIGHT_PX + REMARKS_PX + bottom - BOTTOM_PX);
    let frame = Frame { size, top: REMARKS_PX, right: 12, bottom, x, y };
    frame.draw(|plot| {
        if narrow {
            for (index, (at, text)) in labels.enumerate() {
                let place = (plot.x(at), plot.rect.3 + if index % 2 == 0 { 10 } else { 23 });
                plot.words(&text, place, HPos::Center, MarkStyle::Label)?;
            }
        }
        remarks(plot)?;
        for (bin, count) in data.took.iter().enumerate().filter(|(_, count)| **count > 0) {
            plot.area(bin_corners(bin, *count), MarkStyle::Succeeded)?;
        }
        if data.never > 0 {
            hatched(plot, bin_corners(BINS_MS.len(), data.never))?;
        }
        for (bin, count) in data.took.iter().chain([&data.never]).enumerate().filter(|(_, count)| **count > 0) {
            let at = (plot.x(bin as i64 * BIN + BIN / 2), plot.y(i64::from(*count)) - 8);
            plot.words(&grouped(u64::from(*count)), at, HPos::Center, MarkStyle::Label)?;
        }
        Ok(())
    })
}

/// Labels the parts of the histogram: at once, and after a retry.
fn remarks(plot: &mut Plot<'_>) -> Drawn {
    let (left, .., bottom) = plot.rect;
    let edges = [RETRIED, BINS_MS.len() as i64].map(|bin| plot.x(bin * BIN));
    for edge in edges {
        plot.stroke(&[(edge, 2), (edge, bottom)], MarkStyle::Limit)?;
    }
    for (at, text) in [(left, "at once"), (edges[0], "after a retry")] {
        plot.words(text, (at + 4, 8), HPos::Left, MarkStyle::Note)?;
    }
    Ok(())
}

/// The label of a bin: its lower edge.
pub fn label(bin: usize) -> String {
    match BINS_MS.get(bin) {
        Some(0) => "0".to_owned(),
        Some(ms) if *ms < 100 => format!("{ms} ms"),
        Some(ms) if *ms < 1_000 => format!("0.{} s", ms / 100),
        Some(ms) => format!("{} s", ms / 1_000),
        None => "never".to_owned(),
    }
}

fn bin_corners(bin: usize, count: u32) -> [(i64, i64); 2] {
    let from = bin as i64 * BIN;
    [(from + BIN / 8, 0), (from + BIN * 7 / 8, i64::from(count))]
}

/// Draws a bar with an outline and stripes.
fn hatched(plot: &mut Plot<'_>, corners: [(i64, i64); 2]) -> Drawn {
    let [(left, low), (right, high)] = corners;
    let (from, to) = (plot.x(left), plot.x(right));
    let mut y = plot.y(low) - STRIPES_PX;
    while y > plot.y(high) {
        plot.stroke(&[(from, y), (to, y)], MarkStyle::Hatch)?;
        y -= STRIPES_PX;
    }
    plot.edge(corners, MarkStyle::Refused)
}

fn frame(end: SimTime, y: AxisScale, width: i32, top: i32) -> Frame {
    let plot_px = width - Frame::left_of(&y);
    Frame { size: (width, HEIGHT_PX), top, right: 20, bottom: BOTTOM_PX, x: AxisScale::time(end, plot_px, TICK_PX), y }
}
