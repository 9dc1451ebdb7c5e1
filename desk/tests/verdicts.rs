//! The verdicts: those of each case, and properties of the verdicts of arbitrary evidence.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod case;

use desk::evidence::{Evidence, Quote};
use desk::facts::Facts;
use desk::fix::{Fix, fix, fixes};
use desk::harm::harms;
use desk::report;
use desk::verdict::{Effect, Reason, Verdict, VerdictId, judge, signature, verdicts};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Whether `part` is in one of the texts.
fn has(texts: &[&str], part: &str) -> bool {
    texts.iter().any(|text| text.contains(part))
}

fn says<'a>(reasons: impl Iterator<Item = &'a Reason>) -> Vec<&'a str> {
    reasons.map(|reason| reason.says.as_str()).collect()
}

fn lines<'a>(reasons: impl Iterator<Item = &'a Reason>) -> Vec<&'a Quote> {
    reasons.flat_map(|reason| &reason.lines).collect()
}

/// The differences between the verdicts and those that the case expects.
fn faults(case: &Value) -> Vec<String> {
    let evidence = case::evidence(case);
    let found = verdicts(&evidence);
    let mut faults = Vec::new();
    let expected = case::strings(&case["expect"]);
    let got: Vec<String> =
        found.iter().map(|verdict| format!("{} {}", verdict.id.name(), verdict.confidence.name())).collect();
    if got != expected {
        faults.push(format!("says {got:?}, not {expected:?}"));
    }
    let texts: Vec<&str> =
        lines(found.iter().flat_map(|verdict| &verdict.for_)).iter().map(|line| line.text.as_str()).collect();
    let checks = [
        ("quotes", texts),
        ("says", says(found.iter().flat_map(|verdict| &verdict.for_))),
        ("against", says(found.iter().flat_map(|verdict| &verdict.against))),
    ];
    for (name, texts) in checks {
        let missing = case::strings(&case[name]).into_iter().filter(|part| !has(&texts, part));
        faults.extend(missing.map(|part| format!("{name}: no {part:?} in {texts:?}")));
    }
    for part in case::strings(&case["unsaid"]) {
        if has(&says(found.iter().flat_map(|verdict| &verdict.for_)), part) {
            faults.push(format!("says {part:?}"));
        }
    }
    if case["harms"].is_array() {
        let named: Vec<String> = harms(&Facts::of(&evidence)).into_iter().map(|harm| harm.key).collect();
        if named != case::strings(&case["harms"]) {
            faults.push(format!("names {named:?} as harmful, not {}", case["harms"]));
        }
    }
    faults
}

#[test]
fn every_case_gets_its_verdicts() {
    let cases = case::all();
    assert!(cases.len() >= 80, "{} cases", cases.len());
    let faults: Vec<String> = cases
        .iter()
        .flat_map(|case| faults(case).into_iter().map(move |fault| format!("{}: {fault}", case["name"])))
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn what_is_quoted_was_handed_in() {
    for case in case::all() {
        let evidence = case::evidence(&case);
        let handed_in = serde_json::to_string(&evidence).unwrap();
        for verdict in verdicts(&evidence) {
            for line in lines(verdict.for_.iter().chain(&verdict.against)) {
                let text = serde_json::to_string(&line.text).unwrap();
                assert!(line.text.starts_with("packet ") || handed_in.contains(&text), "{}: {text}", case["name"]);
            }
        }
    }
}

#[test]
fn every_verdict_is_reached_by_a_case() {
    let reached: Vec<VerdictId> =
        case::all().iter().flat_map(|case| verdicts(&case::evidence(case))).map(|verdict| verdict.id).collect();
    let missing: Vec<&VerdictId> = VerdictId::ALL.iter().filter(|id| !reached.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_signature_is_written_down_whole() {
    for id in VerdictId::ALL {
        let signature = signature(*id);
        assert_eq!(signature.id, *id);
        assert!(signature.indicators.iter().any(|one| matches!(one.effect, Effect::For(_))), "{}", id.name());
        let texts = [signature.title, signature.meaning, signature.rule, signature.function, signature.rfc];
        assert!(texts.iter().all(|text| !text.is_empty() && !text.contains('!')), "{}", id.name());
        assert!(signature.next.iter().all(|next| !next.command.is_empty() && next.why.ends_with('.')), "{}", id.name());
    }
}

#[test]
fn nothing_else_hides_the_answer_of_an_anonymous_report() {
    for case in case::all() {
        let evidence = case::evidence(&case);
        let brief =
            |verdicts: Vec<Verdict>| -> Vec<_> { verdicts.iter().map(|one| (one.id, one.confidence)).collect() };
        assert_eq!(brief(verdicts(&report::anonymous(&evidence))), brief(verdicts(&evidence)), "{}", case["name"]);
    }
}

/// All commands of a fix, and the lines of its file.
fn written(fix: &Fix) -> Vec<String> {
    let steps = [&fix.now, &fix.undo, &fix.check, &fix.elsewhere].into_iter().flatten();
    let commands = steps.filter_map(|step| step.command.clone());
    commands.chain(fix.keep.iter().map(|line| format!("{}={}", line.key, line.value))).collect()
}

#[test]
fn no_fix_is_one_of_the_wrong_ones() {
    let wrong = ["tcp_timestamps=0", "tcp_fin_timeout", "tcp_syncookies=0", "tcp_tw_recycle = 1"];
    for case in case::all() {
        let evidence = case::evidence(&case);
        let facts = Facts::of(&evidence);
        for verdict in judge(&facts) {
            if let Some(fix) = fix(verdict.id, &facts) {
                for text in written(&fix) {
                    assert!(!wrong.iter().any(|bad| text.contains(bad)), "{}: {text}", case["name"]);
                    let recycle = text.contains("tcp_tw_recycle") && !facts.can_recycle();
                    assert!(!recycle, "{}: a line for a key that is not there: {text}", case["name"]);
                }
                assert!(!fix.undo.is_empty() && !fix.check.is_empty(), "{}", case["name"]);
            }
        }
    }
}

#[test]
fn on_4_11_the_fix_reaches_into_network_namespaces_and_before_it_does_not() {
    let of = |name: &str| {
        let evidence = case::evidence(&case::named(name));
        let facts = Facts::of(&evidence);
        written(&fix(VerdictId::RecycleRefuses, &facts).unwrap()).join("\n")
    };
    let namespaced = of("container-on-4.11");
    assert!(namespaced.contains("nsenter") && namespaced.contains("ip -all netns exec"));
    assert!(!of("refuses-now").contains("nsenter"));
}

#[test]
fn the_file_sets_each_key_once_with_a_reason_over_it() {
    for case in case::all() {
        let evidence = case::evidence(&case);
        let facts = Facts::of(&evidence);
        let (_, file) = fixes(&judge(&facts), &facts);
        let Some(file) = file else { continue };
        let lines: Vec<&str> = file.text.lines().collect();
        let set: Vec<&str> = lines.iter().copied().filter(|line| line.starts_with("net.")).collect();
        let mut keys: Vec<&str> = set.iter().filter_map(|line| line.split(" = ").next()).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), set.len(), "{}", case["name"]);
        assert!(
            lines.windows(2).all(|pair| !pair[1].starts_with("net.") || pair[0].starts_with("# ")),
            "{}",
            case["name"]
        );
        assert!(lines.iter().all(|line| line.len() <= 120), "{}", case["name"]);
    }
}

#[test]
fn a_wide_range_of_ports_and_many_buckets_are_not_made_smaller() {
    let evidence = case::evidence(&json!({"running": {
        "net.ipv4.ip_local_port_range": "1024 65535", "tcp_max_tw_buckets": "9000000"
    }}));
    let facts = Facts::of(&evidence);
    assert!(
        !written(&fix(VerdictId::PortsExhausted, &facts).unwrap())
            .iter()
            .any(|text| text.contains("ip_local_port_range="))
    );
    let buckets = written(&fix(VerdictId::TimeWaitOverflow, &facts).unwrap());
    assert!(has(
        &buckets.iter().map(String::as_str).collect::<Vec<_>>(),
        "sysctl -w net.ipv4.tcp_max_tw_buckets=9000000"
    ));
}

#[test]
fn lines_that_set_the_old_value_again_are_named() {
    let evidence = case::evidence(&json!({"release": "4.9.337", "files": [
        ["/etc/sysctl.d/10-a.conf", "tcp_tw_recycle", "0"], ["/etc/sysctl.conf", "tcp_tw_recycle", "1"]
    ]}));
    let found = fix(VerdictId::RecycleOn, &Facts::of(&evidence)).unwrap().found;
    assert_eq!(found.iter().map(|line| line.source.as_str()).collect::<Vec<_>>(), ["/etc/sysctl.conf"]);
}

prop_compose! {
    /// Arbitrary evidence, much of it contradictory.
    fn any_case()(
        release in proptest::option::of(prop::sample::select(vec![
            "2.6.32", "3.10.0-1160.el7", "4.9.337", "4.11.0", "4.12.0", "5.4.0", "6.18.44", "", "x.y", "99999999999.1", "4",
        ])),
        samples in prop::collection::vec(prop::collection::btree_map(prop::sample::select(vec![
            "PAWSPassive", "ListenDrops", "ListenOverflows", "TCPReqQFullDrop", "TCPReqQFullDoCookies", "PassiveOpens", "TW",
            "TWKilled", "PAWSEstab", "PAWSTimewait", "TCPACKSkippedTimeWait", "TCPTimeWaitOverflow",
        ]), prop_oneof![Just(0), 0..5_u64, Just(u64::MAX)], 0..8), 0..4),
        running in prop::collection::btree_map(prop::sample::select(vec![
            "tcp_tw_recycle", "tcp_timestamps", "tcp_syncookies", "net.ipv4.ip_local_port_range", "tcp_max_tw_buckets",
        ]), prop::sample::select(vec!["0", "1", "2", "", "x", "70000 1", "5 5", "18446744073709551615"]), 0..4),
        file in proptest::option::of(prop::sample::select(vec!["0", "1", "-1", "<b>"])),
        netstat in any::<bool>(),
        waits in prop_oneof![0..40_000_u64, Just(u64::MAX)],
        capture in proptest::option::of((0..40_u64, 0..40_u64, 0..40_u64)),
    ) -> Value {
        let capture = capture.map(|(recycle, tuple, unexplained)| {
            json!({"syns": 200, "recycle": recycle, "tuple": tuple, "unexplained": unexplained})
        });
        let files: Vec<Value> = file.iter().map(|value| json!(["/etc/sysctl.conf", "tcp_tw_recycle", value])).collect();
        json!({
            "release": release, "samples": samples, "running": running, "files": files, "netstat": netstat,
            "counts": {"TIME-WAIT": waits}, "capture": capture,
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]
    #[test]
    fn whatever_is_handed_in_gets_an_answer(case in any_case()) {
        let evidence: Evidence = case::evidence(&case);
        let found = verdicts(&evidence);
        prop_assert!(!found.is_empty());
        prop_assert!(found.iter().all(|verdict| VerdictId::ALL.contains(&verdict.id) && !verdict.for_.is_empty()));
        prop_assert!(found.windows(2).all(|pair| pair[0].confidence >= pair[1].confidence));
        let fault = found.iter().any(|verdict| VerdictId::FAULTS.contains(&verdict.id));
        prop_assert!(fault || found.len() == 1, "healthy and not-enough stand alone");
        prop_assert!(!(fault && found.iter().any(|verdict| !VerdictId::FAULTS.contains(&verdict.id))));
        let facts = Facts::of(&evidence);
        let recycle = found.iter().any(|verdict| matches!(verdict.id, VerdictId::RecycleRefuses | VerdictId::RecycleOn));
        prop_assert!(!recycle || facts.can_recycle(), "no recycle from 4.12 on");
        prop_assert!(!report::markdown(&evidence).contains("<b>"));
        prop_assert!(report::json(&report::anonymous(&evidence))["verdicts"].is_array());
    }
}
