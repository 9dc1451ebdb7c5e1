//! What leaves a run, over every preset: captures at every host, the table, the JSON.

#![cfg(not(target_arch = "wasm32"))]

mod wire;

use serde_json::Value;
use sim_core::export::{capture, csv, json, pcapng, tcpdump};
use sim_core::scenario::{PRESETS, Scenario};
use sim_core::trace::{Event, NodeId, Role, Trace};
use sim_core::{run, segment::Segment};

/// Every preset with its run.
fn runs() -> impl Iterator<Item = (Scenario, Trace)> {
    let scenarios = PRESETS.iter().map(|preset| Scenario::preset(preset.name).expect("a preset reads"));
    scenarios.map(|scenario| {
        let trace = run(&scenario);
        (scenario, trace)
    })
}

fn nodes(trace: &Trace) -> impl Iterator<Item = NodeId> {
    (0..trace.nodes.len()).map(|node| NodeId(node as u16))
}

#[test]
fn the_captures_of_a_few_hosts_are_read_back_by_others() {
    for (scenario, trace) in runs() {
        // Each look at one of the 203 hosts of the crowd costs the same; ten of them are enough.
        for node in nodes(&trace).filter(|node| !trace.nodes[usize::from(node.0)].role.is_box()).take(10) {
            let held = wire::holds(&trace, node, scenario.wall_clock_ms * 1_000, &scenario.title);
            assert_eq!(held, Ok(()), "{} at {}", scenario.title, trace.nodes[usize::from(node.0)].name);
        }
    }
}

#[test]
fn a_title_is_kept_whatever_it_says_and_cut_where_it_is_too_long() {
    let trace = Trace { records: Vec::new(), ..run(&Scenario::preset("one-host-alone").expect("the preset reads")) };
    assert_eq!(wire::holds(&trace, NodeId(0), 0, "¿Qué? \"a, b\"\n"), Ok(()));
    let long = "é".repeat(40_000);
    let file = pcapng::file(&trace, NodeId(0), &long);
    assert!(wire::holds(&trace, NodeId(0), 0, &long).expect_err("cut").contains("comment"), "and no broken block");
    assert!(file.len() < 2 * (1 << 16) + 200);
}

/// Behind a NAT the same segment has the inside address at the host and the public one at the server.
#[test]
fn each_end_sees_its_own_addresses() {
    let trace = run(&Scenario::preset("one-address-many-servers").expect("the preset reads"));
    let at = |name: &str| {
        let node = trace.nodes.iter().position(|node| node.name == name).expect("it is there");
        capture::at(&trace, NodeId(node as u16))
    };
    let (host, server) = (at("web-2"), at("server"));
    let inside = host.iter().filter(|seen| seen.header.opens()).count();
    assert!(
        inside > 0
            && host.iter().all(|seen| [seen.header.src.addr, seen.header.dst.addr].contains(&[10, 0, 0, 2].into()))
    );
    for sent in host.iter().filter(|seen| seen.header.opens()) {
        let seen = server.iter().find(|seen| seen.segment == sent.segment).expect("no link loses anything here");
        assert_eq!(seen.header.src.addr.octets(), [203, 0, 113, 7]);
        assert_eq!(Segment { src: sent.header.src, ..seen.header }, sent.header);
        // 2 ms to the NAT and 12 ms to the server, as the scenario says.
        assert_eq!(seen.at.since(sent.at).as_millis(), 14);
    }
    assert!(at("nat").is_empty(), "boxes take no captures");
}

#[test]
fn the_text_of_a_capture_has_a_line_for_each_segment_with_the_time_of_day() {
    for (scenario, trace) in runs() {
        let text = tcpdump::file(&trace, NodeId(0));
        let captured = capture::at(&trace, NodeId(0));
        assert_eq!(text.lines().count(), captured.len());
        for (line, seen) in text.lines().zip(&captured) {
            let us = (scenario.wall_clock_ms * 1_000 + seen.at.as_micros()) % 86_400_000_000;
            let told: Vec<u64> = line[..15].split([':', '.']).map(|part| part.parse().expect("a number")).collect();
            assert_eq!((told[0] * 3_600 + told[1] * 60 + told[2]) * 1_000_000 + told[3], us);
            assert_eq!(&line[16..], tcpdump::line(&seen.header));
        }
    }
}

#[test]
fn the_json_is_the_trace() {
    for (scenario, trace) in runs() {
        let text = json::file(&trace);
        assert_eq!(Trace::from_json(&text), Ok(trace.clone()), "{}", scenario.title);
        let lines = text.lines().filter(|line| line.starts_with("{\"at\"")).count();
        assert_eq!(lines, trace.records.len(), "a record a line");
    }
}

/// Reads RFC 4180 as its grammar says it, without knowing how it was written.
fn table(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut rest) = (Vec::new(), Vec::new(), String::new(), text.chars().peekable());
    let mut quoted = false;
    while let Some(letter) = rest.next() {
        match letter {
            '"' if quoted && rest.peek() == Some(&'"') => field.extend(rest.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted => {
                assert_eq!(rest.next(), Some('\n'));
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            other => field.push(other),
        }
    }
    assert!(row.is_empty() && field.is_empty() && !quoted, "the last line ends");
    rows
}

#[test]
fn the_table_has_a_line_for_each_record_with_what_the_trace_says() {
    for (scenario, trace) in runs() {
        let rows = table(&csv::file(&trace));
        assert_eq!(
            (rows[0].as_slice(), rows.len() - 1),
            (csv::COLUMNS.map(str::to_owned).as_slice(), trace.records.len())
        );
        let column = |name: &str| csv::COLUMNS.iter().position(|column| *column == name).expect("a column");
        for (row, record) in rows[1..].iter().zip(&trace.records) {
            assert_eq!(row.len(), csv::COLUMNS.len());
            let cell = |name: &str| row[column(name)].as_str();
            let event = serde_json::to_value(&record.event).expect("an event is JSON");
            assert_eq!(Some(cell("event")), event["event"].as_str(), "{}", scenario.title);
            let us = |name| (cell(name).parse::<f64>().expect("seconds") * 1e6).round() as u64;
            assert_eq!(us("at_s"), record.at.as_micros());
            // A double has 53 bits, and microseconds since 1970 need 51.
            assert!(us("unix_s").abs_diff(scenario.wall_clock_ms * 1_000 + record.at.as_micros()) <= 1);
            assert!(!cell("sentence").is_empty());
            if let Value::Object(header) = &event["header"] {
                let number = |name: &str| cell(name).parse::<u64>().ok();
                let told = ["seq", "len_bytes", "window_bytes", "src_port", "dst_port"].map(number);
                let [source, target] = ["src", "dst"].map(|end| header[end]["port"].as_u64());
                assert_eq!(
                    told,
                    [header["seq"].as_u64(), header["len"].as_u64(), header["window"].as_u64(), source, target]
                );
                assert_eq!(
                    [cell("src"), cell("dst")].map(Some),
                    ["src", "dst"].map(|end| header[end]["addr"].as_str())
                );
                assert_eq!(number("tsval_ticks"), header["timestamps"]["tsval"].as_u64());
                assert_eq!(number("tsecr_ticks"), header["timestamps"]["tsecr"].as_u64());
                assert_eq!(number("retransmission"), event["retransmission"].as_u64());
            }
        }
    }
}

/// A refused SYN stands in the table with its clock, and in the capture with the reason.
#[test]
fn a_refusal_is_told_in_both() {
    let trace = run(&Scenario::preset("one-address-many-servers").expect("the preset reads"));
    let refused = |record: &&sim_core::trace::Record| match &record.event {
        Event::SegmentDropped { reason, .. } => reason.is_recycle(),
        _ => false,
    };
    let count = trace.records.iter().filter(refused).count();
    assert!(count > 10);
    let rows = table(&csv::file(&trace));
    let lines =
        rows.iter().filter(|row| row[3] == "segment-dropped" && row[20].contains(" behind, so server drops it"));
    assert_eq!(lines.clone().count(), count);
    assert!(lines.clone().all(|row| row[13] == "S" && row[18].parse::<u32>().is_ok()));
    let server = trace.nodes.iter().position(|node| node.role == Role::Server).expect("there is a server");
    let file = pcapng::file(&trace, NodeId(server as u16), "");
    let told = file.windows(28).filter(|bytes| bytes == b" behind, so server drops it ").count();
    assert_eq!(told, count);
}
