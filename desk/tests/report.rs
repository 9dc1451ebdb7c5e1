//! The report: three golden reports, input never becomes markup, and anonymous reports.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod case;

use desk::evidence::{Evidence, Origin, Quoted, Setting, Unknown};
use desk::report::{anonymous, json, markdown};
use serde_json::json;

/// Input that Markdown, HTML and terminals would interpret.
const NASTY: &str = "<img src=x onerror=alert(1)>`|` **b** [a](javascript:1)\n# head \u{202e}\u{1b}[31m</td>";

#[test]
fn reports_equal_the_golden_reports() {
    for name in ["refuses-now", "capture-and-switch", "line-on-a-kernel-without-and-nothing-else"] {
        let now = markdown(&case::evidence(&case::named(name)));
        let file = case::folder("tests/evidence/reports").join(format!("{name}.md"));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&file, &now).unwrap();
        }
        assert_eq!(now, std::fs::read_to_string(&file).unwrap(), "{name}; BLESS=1 writes it anew");
    }
}

/// Evidence in which every text of the input is nasty.
fn nasty() -> Evidence {
    let mut evidence = case::evidence(&json!({
        "samples": [{"PAWSPassive": 1, "ListenDrops": 1}, {"PAWSPassive": 4, "ListenDrops": 4}],
        "listening": [[129, 128]], "capture": {"syns": 90, "recycle": 4, "unexplained": 3}
    }));
    let quote = case::quote(NASTY, 1, NASTY);
    let setting = |key: &str, value: &str, origin| Setting {
        key: key.to_owned(),
        value: value.to_owned(),
        origin,
        quote: quote.clone(),
    };
    evidence.settings = vec![
        setting("net.ipv4.tcp_tw_recycle", "1", Origin::File(NASTY.to_owned())),
        setting("net.ipv4.tcp_fin_timeout", &format!("5 {NASTY}"), Origin::Running),
        setting("net.core.somaxconn", &format!("5 {NASTY}"), Origin::Running),
    ];
    evidence.release = Some(Quoted { value: format!("4.9.0 {NASTY}"), quote: quote.clone() });
    evidence.distribution = Some(Quoted { value: NASTY.to_owned(), quote: quote.clone() });
    for said in evidence.samples.iter_mut().flat_map(|sample| sample.counters.values_mut()) {
        said.quote = quote.clone();
    }
    for said in &mut evidence.sockets {
        said.quote = quote.clone();
    }
    let seen = &mut evidence.captures[0];
    seen.source = NASTY.to_owned();
    seen.remotes[0].addr = NASTY.to_owned();
    seen.assumed = vec![NASTY.to_owned()];
    seen.damaged = Some(NASTY.to_owned());
    for syn in &mut seen.unanswered {
        syn.remote = NASTY.to_owned();
        syn.local = NASTY.to_owned();
    }
    let (source, first_line, because) = (NASTY.to_owned(), NASTY.to_owned(), Some(NASTY.to_owned()));
    evidence.unknown = vec![Unknown { source, first_line, because }];
    evidence
}

#[test]
fn input_never_becomes_markup() {
    let report = markdown(&nasty());
    assert!(report.contains("&lt;img src=x onerror=alert(1)&gt;"), "it is shown");
    for bad in ["<img", "</td>", "**b**", "[a](", "\n# head", "\u{202e}", "\u{1b}"] {
        assert!(!report.contains(bad), "{bad:?}");
    }
    // Each row of a table has as many cells as its head, whatever stands in them.
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let rows: Vec<&str> = report.lines().filter(|line| line.starts_with("| ")).collect();
    assert!(rows.iter().all(|row| [4, 6, 7].contains(&cells(row))), "{rows:#?}");
    assert_eq!(rows.iter().filter(|row| row.contains("onerror")).count(), 1 + 7);
}

#[test]
fn commands_contain_no_input() {
    let report = markdown(&nasty());
    let in_fences: Vec<&str> = report.split("```").skip(1).step_by(2).collect();
    assert!(!in_fences.is_empty());
    assert!(in_fences.iter().all(|text| !text.contains("onerror") && !text.contains("head")), "{in_fences:?}");
}

#[test]
fn an_anonymous_report_has_no_address_and_no_name() {
    let mut evidence = case::evidence(&json!({
        "release": "4.9.337", "running": {"tcp_tw_recycle": "1"}, "files": [["/etc/sysctl.d/60-acme.conf", "tcp_fin_timeout", "5"]],
        "samples": [{"PAWSPassive": 1}, {"PAWSPassive": 4}], "listening": [[129, 128]], "to_one": 30,
        "capture": {"syns": 90, "recycle": 4, "unexplained": 3}, "unknown": ["acme 203.0.113.5"]
    }));
    evidence.captures[0].assumed = vec!["198.51.100.10:443 is the server.".to_owned()];
    evidence.captures[0].source = "acme-192.0.2.1.pcap".to_owned();
    for said in evidence.samples.iter_mut().flat_map(|sample| sample.counters.values_mut()) {
        said.quote.text.insert_str(0, "web-1.acme.example: ");
    }
    let hidden = anonymous(&evidence);
    for text in [markdown(&hidden), json(&hidden).to_string()] {
        for bad in ["192.0.2.", "198.51.100.", "203.0.113.", "acme"] {
            assert!(!text.contains(bad), "{bad} in {text}");
        }
        for good in ["remote-1", "local-1:443", "file-1", "PAWSPassive 4"] {
            assert!(text.contains(good), "{good} in {text}");
        }
    }
}

#[test]
fn programs_get_the_numbers() {
    let object = json(&case::evidence(&case::named("capture-alone")));
    assert_eq!(object["unanswered_syns"], 52);
    assert_eq!(object["explained_by_recycle"], 50);
    assert_eq!(object["verdicts"][0]["id"], "recycle-refuses");
    assert_eq!(object["verdicts"][0]["confidence"], "likely");
    assert_eq!(object["verdicts"][0]["for"][0]["lines"][0]["source"], "syn.pcap");
    assert_eq!(object["captures"][0]["remotes"][0]["addr"], "192.0.2.1");
    assert!(object["verdicts"][0]["against"].is_array() && object["unknown"].is_array());
    let kernel = &json(&case::evidence(&case::named("refuses-now")))["kernel"];
    assert_eq!(kernel["judged_by"], "el7");
    assert_eq!(kernel["release"], "3.10.0-1160.el7.x86_64");
}

#[test]
fn timestamps_are_subtracted_as_the_kernel_does() {
    let mut evidence = case::evidence(&json!({"capture": {"syns": 9, "recycle": 3}}));
    let of = |remembered, tsval| desk::evidence::UnansweredCause::Recycle { remembered, tsval, age_s: 6 };
    let unanswered = &mut evidence.captures[0].unanswered;
    unanswered[1].because = of(10, Some(u32::MAX - 4));
    unanswered[2].because = of(10, None);
    let report = markdown(&evidence);
    for sum in [
        "remembered 5,012,400 - tsval 4,998,200 = 14,200 > 1, remembered 6 s before",
        "remembered 10 - tsval 4,294,967,291 = 15 > 1, remembered 6 s before",
        "no timestamp, and 10 was remembered 6 s before",
    ] {
        assert!(report.contains(sum), "{sum}");
    }
}
