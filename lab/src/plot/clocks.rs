//! The chart of clocks: running clocks as lines, the remembered timestamp as a staircase, and SYNs as dots and crosses.

use core::ops::Range;

use plotters::style::text_anchor::HPos;
use sim_core::time::SimTime;
use sim_core::trace::NodeId;

use super::ticks::{clock_ticks, distance_ticks};
use crate::chart::clocks::{Clocks, HostClock, RememberedStep, Verdict, goes_round};
use crate::plot::backend::{Drawing, bold_width, text_width};
use crate::plot::bands::{bands, spread};
use crate::plot::frame::{BOTTOM_PX, Drawn, Frame, Plot};
use crate::plot::mark_style::MarkStyle;
use crate::plot::scale::{AxisScale, micros};
use crate::run::Run;
use sim_core::words::grouped;

/// The heights in CSS pixels of the band with the most SYNs, and of each other band.
const MAIN_PX: i64 = 300;
const FAR_PX: i64 = 56;
const UNSTAMPED_PX: i64 = 24;
/// The height of a break of the axis, with its remark.
const GAP_PX: i64 = 28;
const TOP_PX: i32 = 12;

/// The width of the plot per tick of the time axis.
const TICK_PX: i32 = 58;

/// The distance between two names.
const NAME_PX: i32 = 16;
/// The distance between the plot and a name.
const LEADER_PX: i32 = 16;
/// The most names beside a chart.
const MOST_NAMES: usize = 14;
/// With more SYNs than this, the marks are small.
const MANY: usize = 300;
/// In a narrower drawing, the remembered timestamp is named only in the key.
const ROOMY_PX: i32 = 560;

/// A name at the end of a line.
struct Name {
    text: String,
    value: i64,
    /// The end of the line.
    until: SimTime,
    mark_style: MarkStyle,
    /// The names with the highest weight stay if there is no room for all.
    weight: usize,
}

/// The hosts of a chart: node, name and tint, in the order of the nodes.
pub type HostNames = Vec<(NodeId, String, u8)>;

/// Draws `data`, which was taken from `run`, in a drawing of `width` CSS pixels.
pub fn clocks(run: &Run, data: &Clocks, width: i32) -> Drawing {
    drawn(&host_names(run), data, width)
}

/// Draws `data` with these names and tints, in a drawing of `width` CSS pixels.
pub fn drawn(host_names: &HostNames, data: &Clocks, width: i32) -> Drawing {
    let round = goes_round(&data.steps);
    let relative = if round { data.relative() } else { data.clone() };
    let data = &relative;
    let (y, height) = scale(data, round);
    let names = names(host_names, data, width, round);
    let (ended, names): (Vec<Name>, Vec<Name>) = names.into_iter().partition(|name| name.until < data.end);
    let widest = names.iter().map(|name| bold_width(&name.text)).max().unwrap_or(0);
    let right = if widest == 0 { 8 } else { widest + LEADER_PX + 2 };
    let time = |right: i32| AxisScale::time(data.end, width - right - Frame::left_of(&y), TICK_PX);
    // Half of the last label may extend beyond the plot.
    let right = right.max(time(right).labels().last().map_or(0, |(_, label)| text_width(label) / 2 + 2));
    let x = time(right);
    let frame = Frame { size: (width, height), top: TOP_PX, right, bottom: BOTTOM_PX, x, y };
    frame.draw(|plot| {
        for host in &data.hosts {
            running(plot, host, tint(host_names, host.host))?;
        }
        for (counts, mark_style) in [(false, MarkStyle::Idle), (true, MarkStyle::Remembered)] {
            staircase(plot, &data.steps, counts, mark_style)?;
        }
        syns(plot, data, host_names)?;
        if !round {
            left_out(plot, data)?;
        }
        put_ended(plot, &ended)?;
        put_names(plot, names)
    })
}

/// The number of names that are left out.
pub fn unnamed(data: &Clocks) -> usize {
    if goes_round(&data.steps) {
        return 0;
    }
    let hosts = data.hosts.iter().filter(|host| end_of(host).is_some()).count();
    hosts.saturating_sub(MOST_NAMES)
}

/// The hosts of a run.
fn host_names(run: &Run) -> HostNames {
    let hosts = run.clients().enumerate();
    hosts.map(|(place, (node, _))| (node, run.name(node).to_owned(), (place % 10) as u8)).collect()
}

fn found(host_names: &HostNames, host: NodeId) -> (&str, u8) {
    let index = host_names.binary_search_by_key(&host, |(node, ..)| *node);
    index.map_or(("", 0), |index| (host_names[index].1.as_str(), host_names[index].2))
}

fn tint(host_names: &HostNames, host: NodeId) -> u8 {
    found(host_names, host).1
}

/// The ranges of all values in the chart.
fn intervals(data: &Clocks) -> Vec<Range<i64>> {
    let lines =
        data.hosts.iter().flat_map(|host| &host.lines).map(|line| line.first.min(line.last)..line.first.max(line.last));
    let syns = data.hosts.iter().flat_map(|host| &host.syns).filter_map(|syn| syn.value);
    let steps = data.steps.iter().map(|step| step.value);
    lines.chain(syns.chain(steps).map(|value| value..value + 1)).collect()
}

/// The axis of the clocks, and the height of the drawing.
fn scale(data: &Clocks, round: bool) -> (AxisScale, i32) {
    let bands = if round { whole(data) } else { bands(&intervals(data)) };
    let weight = |band: &Range<i64>| {
        let inside = |value: i64| (band.start..=band.end).contains(&value);
        let syns = data.hosts.iter().flat_map(|host| &host.syns).filter(|syn| syn.value.is_some_and(inside)).count();
        (data.steps.iter().any(|step| inside(step.value)), syns)
    };
    let main = (0..bands.len()).max_by_key(|index| weight(&bands[*index]));
    let mut ticks = Vec::new();
    let mut stretches = Vec::new();
    if let Some(below) = unstamped_at(data) {
        ticks.push((below, "none".to_owned()));
        stretches.push((below - 1..below + 1, UNSTAMPED_PX));
    }
    for (index, band) in bands.iter().enumerate() {
        let share = if Some(index) == main { MAIN_PX } else { FAR_PX };
        let air = (band.end - band.start) / 20 + 1;
        let padded = band.start - air..band.end + air;
        ticks.extend(if round { distance_ticks(&padded, share / 60) } else { clock_ticks(&padded, share / 60) });
        stretches.push((padded, share));
    }
    let height = stretches.iter().map(|(_, share)| share + GAP_PX).sum::<i64>() - GAP_PX;
    let height = height.max(FAR_PX) + i64::from(BOTTOM_PX + TOP_PX);
    (AxisScale::broken(&stretches, GAP_PX).ticks(ticks), height as i32)
}

/// All values as one range.
fn whole(data: &Clocks) -> Vec<Range<i64>> {
    let all = intervals(data);
    let ends = all.iter().map(|interval| interval.start).min().zip(all.iter().map(|interval| interval.end).max());
    ends.map(|(start, end)| start..end).into_iter().collect()
}

/// The value for SYNs without a timestamp, far below all others; `None` if every SYN has one.
fn unstamped_at(data: &Clocks) -> Option<i64> {
    let any = data.hosts.iter().flat_map(|host| &host.syns).any(|syn| syn.value.is_none());
    any.then_some(-(1 << 40))
}

/// Writes how much of the axis is left out between two bands.
fn left_out(plot: &mut Plot<'_>, data: &Clocks) -> Drawn {
    for pair in bands(&intervals(data)).windows(2) {
        let (below, above) = (pair[0].end, pair[1].start);
        let middle = i32::midpoint(plot.y(below + (below - pair[0].start) / 20), plot.y(above));
        let left = plot.rect.0;
        for side in [-2, 2] {
            plot.stroke(&[(left - 5, middle + side + 3), (left + 5, middle + side - 3)], MarkStyle::Break)?;
        }
        let text = format!("{} ticks omitted", grouped((above - below).unsigned_abs()));
        plot.words(&text, (left + 12, middle), HPos::Left, MarkStyle::Note)?;
    }
    Ok(())
}

fn running(plot: &mut Plot<'_>, host: &HostClock, tint: u8) -> Drawn {
    for line in &host.lines {
        plot.line(vec![(micros(line.from), line.first), (micros(line.until), line.last)], MarkStyle::Clock(tint))?;
    }
    Ok(())
}

/// Draws the remembered timestamp: each step, and the rise that leads to it. Steps that cause refusals and steps that
/// do not are drawn separately, so that each style is one path.
fn staircase(plot: &mut Plot<'_>, steps: &[RememberedStep], counts: bool, mark_style: MarkStyle) -> Drawn {
    let mut points: Vec<(i64, i64)> = Vec::new();
    let mut last: Option<&RememberedStep> = None;
    for step in steps {
        let goes_on = last.is_some_and(|last| last.until == step.from);
        if !goes_on || step.counts != counts {
            draw_points(plot, &mut points, mark_style)?;
        }
        if step.counts == counts {
            // The rise belongs to the step that follows it.
            let rise = last.filter(|_| goes_on && points.is_empty()).map(|last| (micros(step.from), last.value));
            points.extend(rise);
            points.push((micros(step.from), step.value));
            points.push((micros(step.until), step.value));
        }
        last = Some(step);
    }
    draw_points(plot, &mut points, mark_style)
}

fn draw_points(plot: &mut Plot<'_>, points: &mut Vec<(i64, i64)>, mark_style: MarkStyle) -> Drawn {
    if points.is_empty() { Ok(()) } else { plot.line(core::mem::take(points), mark_style) }
}

fn syns(plot: &mut Plot<'_>, data: &Clocks, host_names: &HostNames) -> Drawn {
    let below = unstamped_at(data).unwrap_or(0);
    let many = data.hosts.iter().map(|host| host.syns.len()).sum::<usize>() > MANY;
    for verdict in [Verdict::Refused, Verdict::Dropped, Verdict::Taken] {
        for host in &data.hosts {
            for syn in host.syns.iter().filter(|syn| syn.verdict == verdict) {
                let at = (micros(syn.at), syn.value.unwrap_or(below));
                match verdict {
                    Verdict::Taken => {
                        plot.dot(at, if many { 2 } else { 4 }, MarkStyle::Taken(tint(host_names, host.host)))?;
                    }
                    Verdict::Refused => plot.cross(at, if many { 2 } else { 4 }, MarkStyle::Refused)?,
                    Verdict::Dropped => plot.ring(at, if many { 2 } else { 4 }, MarkStyle::Dropped)?,
                }
            }
        }
    }
    Ok(())
}

/// The last value of a host's clock.
fn end_of(host: &HostClock) -> Option<i64> {
    let line = host.lines.last().map(|line| line.last);
    line.or_else(|| host.syns.iter().rev().find_map(|syn| syn.value))
}

fn names(host_names: &HostNames, data: &Clocks, width: i32, round: bool) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    // A clock that wraps around has no single position.
    for host in data.hosts.iter().filter(|_| !round) {
        let Some(value) = end_of(host) else { continue };
        let written = data.steps.iter().filter(|step| step.by == Some(host.host)).count();
        let weight = written * 1_000 + host.count(Verdict::Refused);
        names.push(Name {
            text: found(host_names, host.host).0.to_owned(),
            value,
            until: host.lines.last().map_or(data.end, |line| line.until),
            mark_style: MarkStyle::Name(tint(host_names, host.host)),
            weight,
        });
    }
    names.sort_by_key(|name| core::cmp::Reverse(name.weight));
    names.truncate(MOST_NAMES);
    let last = data.steps.last().filter(|step| step.until == data.end && width >= ROOMY_PX);
    names.extend(last.map(|step| {
        let mark_style = if step.counts { MarkStyle::Remembered } else { MarkStyle::Idle };
        Name { text: "remembered".to_owned(), value: step.value, until: data.end, mark_style, weight: usize::MAX }
    }));
    names
}

/// Draws the names of hosts that left before the end of the run, above the ends of their lines.
fn put_ended(plot: &mut Plot<'_>, ended: &[Name]) -> Drawn {
    for name in ended {
        let (x, y) = (plot.x(micros(name.until)), plot.y(name.value) - NAME_PX * 3 / 4);
        let x = x.max(plot.rect.0 + bold_width(&name.text) + 4);
        plot.words(&name.text, (x, y), HPos::Right, name.mark_style)?;
    }
    Ok(())
}

fn put_names(plot: &mut Plot<'_>, mut names: Vec<Name>) -> Drawn {
    names.sort_by_key(|name| core::cmp::Reverse(name.value));
    let (_, top, right, bottom) = plot.rect;
    let ends: Vec<i32> = names.iter().map(|name| plot.y(name.value)).collect();
    let places = spread(&ends, NAME_PX, (top, bottom - 4));
    for (end, place) in ends.iter().zip(&places) {
        plot.stroke(&[(right + 2, *end), (right + LEADER_PX - 4, *place)], MarkStyle::Leader)?;
    }
    for (name, place) in names.iter().zip(&places) {
        plot.words(&name.text, (right + LEADER_PX, *place), HPos::Left, name.mark_style)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sim_core::Scenario;
    use sim_core::scenario::PRESETS;

    use super::*;
    use crate::chart::clocks::addresses;
    use crate::plot::backend::Mark;

    /// The texts of a drawing with their style, left edge and right edge.
    fn texts(drawing: &Drawing) -> Vec<(MarkStyle, String, i32, i32)> {
        let place = |mark: &Mark| {
            let Mark::Text { mark_style, x, anchor, text, .. } = mark else { return None };
            let width = if matches!(mark_style, MarkStyle::Name(_)) { bold_width(text) } else { text_width(text) };
            let from = match *anchor {
                "start" => *x,
                "middle" => x - width / 2,
                _ => x - width,
            };
            Some((*mark_style, text.clone(), from, from + width))
        };
        drawing.marks.iter().filter_map(place).collect()
    }

    #[test]
    fn no_text_extends_beyond_the_drawing() {
        for preset in PRESETS {
            let run = Run::from(Scenario::from_json(preset.json).unwrap());
            for address in addresses(&run) {
                let data = Clocks::of(&run, address);
                for width in [340, 358, 640, 1_376] {
                    for (mark_style, text, from, to) in texts(&clocks(&run, &data, width)) {
                        let name = preset.name;
                        assert!(
                            from >= 0 && to <= width,
                            "{name}, {width} px: {text:?}, {mark_style:?}, {from} to {to}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn the_name_of_a_host_that_leaves_is_at_the_end_of_its_line() {
        let run = Run::from(Scenario::preset("address-passed-on").unwrap());
        let data =
            addresses(&run).into_iter().map(|address| Clocks::of(&run, address)).find(|data| data.hosts.len() > 1);
        let drawing = clocks(&run, &data.unwrap(), 640);
        let end = |name: &str| texts(&drawing).into_iter().find(|(_, text, ..)| text == name).map(|(.., to)| to);
        let right = drawing.plot.2;
        assert!(end("web-1").is_some_and(|end| end < right), "{:?} of {right}", end("web-1"));
        assert!(end("new-1").is_some_and(|end| end > right), "{:?} of {right}", end("new-1"));
    }
}
