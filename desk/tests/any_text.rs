//! Pasted texts: with marks of terminals and mail programs, longer than the limits, and arbitrary ones.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;

use desk::evidence::{Evidence, LogLine, Origin};
use desk::parse::{MOST_LINES, MOST_LOG_LINES, MOST_SAMPLES, MOST_SOCKETS, read_text, resolve};
use proptest::prelude::*;

fn read(source: &str, text: &str) -> Evidence {
    let mut evidence = Evidence::default();
    read_text(source, text, &mut evidence);
    evidence
}

/// Every text that tools printed.
fn texts() -> Vec<String> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("tests/evidence");
    let mut files: Vec<_> = ["real", "typed"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(top.join(folder)).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|ending| ending != "json"))
        .collect();
    files.sort();
    files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// Values without where they stand.
fn values(evidence: &Evidence) -> Vec<BTreeMap<&str, u64>> {
    evidence
        .samples
        .iter()
        .map(|sample| sample.counters.iter().map(|(name, said)| (name.as_str(), said.value)).collect())
        .collect()
}

#[test]
fn marks_of_terminals_and_mail_programs_change_nothing() {
    for text in texts() {
        let plain = read("pasted text", &text);
        let marked: [String; 4] = [
            format!("\u{feff}{}", text.replace('\n', "\r\n")),
            text.lines().map(|line| format!("> {line}\n")).collect(),
            text.lines().map(|line| format!("\u{1b}[1m{line}\u{1b}[0m\n")).collect(),
            text.lines().map(|line| format!("{line}   \n\n")).collect(),
        ];
        for marked in marked {
            let read = read("pasted text", &marked);
            assert_eq!(values(&read), values(&plain), "{marked}");
            assert_eq!(read.release.map(|said| said.value), plain.release.clone().map(|said| said.value));
            assert_eq!(read.settings.len(), plain.settings.len());
            assert_eq!(read.sockets.len(), plain.sockets.len());
            assert_eq!(read.log.len(), plain.log.len());
        }
    }
}

#[test]
fn all_texts_in_one_paste_are_read_as_each_alone() {
    let texts = texts();
    let paste: String = texts.iter().map(|text| format!("$ next\n{text}\n")).collect();
    let together = read("pasted text", &paste);
    let mut alone = Evidence::default();
    texts.iter().for_each(|text| read_text("pasted text", &format!("$ next\n{text}\n"), &mut alone));
    assert_eq!(values(&together), values(&alone));
    assert_eq!(together.settings.len(), alone.settings.len());
    let origins = |evidence: &Evidence| evidence.settings.iter().map(|it| it.origin.clone()).collect::<Vec<_>>();
    assert_eq!(origins(&together), origins(&alone));
    assert_eq!(together.log.len(), alone.log.len());
    assert_eq!(together.sockets.len(), alone.sockets.len());
}

#[test]
fn a_text_is_read_up_to_a_limit_with_a_note() {
    let row = "TIME-WAIT 0 0 192.0.2.1:80 198.51.100.7:50000\n";
    let evidence = read("ss.txt", &row.repeat(MOST_LINES + 10));
    assert_eq!(evidence.sockets.len(), MOST_SOCKETS);
    assert_eq!(evidence.socket_counts.unwrap().value.by_state["TIME-WAIT"], MOST_LINES as u64);
    let notes: Vec<_> = evidence.unknown.iter().filter_map(|unknown| unknown.because.clone()).collect();
    assert_eq!(notes.len(), 2);
    assert!(notes[0].contains("20000") && notes[1].contains("200000"), "{notes:?}");
}

#[test]
fn samples_and_messages_are_kept_up_to_a_limit() {
    let evidence = read("x", &"TcpExtTW 1 0.0\n".repeat(MOST_SAMPLES + 1));
    assert_eq!((evidence.samples.len(), evidence.unknown.len()), (MOST_SAMPLES, 1));
    let evidence = read("x", &"TCP: time wait bucket table overflow\n".repeat(MOST_LOG_LINES + 1));
    assert_eq!((evidence.log.len(), evidence.unknown.len()), (MOST_LOG_LINES, 1));
}

#[test]
fn counted_rows_replace_the_summary_before_them() {
    let evidence =
        read("x", "  1 CLOSE-WAIT\nTCP:   9 (estab 1, closed 8, timewait 8)\n  2 LISTEN\n  3 ESTAB\n  7 TIME-WAIT\n");
    let expected = [("ESTAB", 3), ("LISTEN", 2), ("TIME-WAIT", 7)].map(|(state, count)| (state.to_owned(), count));
    assert_eq!(evidence.socket_counts.unwrap().value.by_state, expected.into());
}

#[test]
fn nstat_without_a_is_ignored() {
    let samples = |command: &str| read("x", &format!("$ {command}\nTcpExtTW 1 0.0\n")).samples.len();
    assert_eq!((samples("nstat -az"), samples("nstat -n; nstat -a"), samples("cat file")), (1, 1, 1));
    assert_eq!((samples("nstat"), samples("nstat -z | grep TW")), (0, 0));
}

#[test]
fn a_number_of_more_than_64_bits_is_left_out_with_a_note() {
    let evidence = read("x", "TcpExtTW 18446744073709551616 0.0\nTcpExtTWKilled 18446744073709551615 0.0\n");
    assert_eq!(values(&evidence), [[("TWKilled", u64::MAX)].into()]);
    assert_eq!(evidence.unknown.len(), 1);
}

#[test]
fn comments_show_that_lines_are_from_a_file() {
    let origin = |source, text| read(source, text).settings[0].origin.clone();
    assert_eq!(origin("pasted text", "net.ipv4.tcp_tw_recycle = 1\n"), Origin::Running);
    assert_eq!(origin("pasted text", "# web\nnet.ipv4.tcp_tw_recycle = 1\n"), Origin::File("pasted text".to_owned()));
    assert_eq!(origin("old.txt", "net.ipv4.tcp_tw_recycle=1\n"), Origin::File("old.txt".to_owned()));
    assert_eq!(
        origin("/etc/sysctl.conf", "net.ipv4.tcp_tw_recycle = 1\n"),
        Origin::File("/etc/sysctl.conf".to_owned())
    );
    assert_eq!(origin("x", "# sysctl -a\nnet.ipv4.tcp_tw_recycle = 1\n"), Origin::Running);
}

#[test]
fn a_command_names_the_file_that_it_printed() {
    let origin = |command| read("x", &format!("$ {command}\nnet.ipv4.tcp_tw_recycle = 1\n")).settings[0].origin.clone();
    for (command, file) in [
        ("cat /etc/sysctl.conf", "/etc/sysctl.conf"),
        ("sudo grep tcp_tw /etc/sysctl.d/90-x.conf | sort", "/etc/sysctl.d/90-x.conf"),
        ("cat /etc/sysctl.conf /etc/sysctl.d/*", "/etc/sysctl.conf, /etc/sysctl.d/*"),
        ("sysctl -p /etc/sysctl.d/90-x.conf", "/etc/sysctl.d/90-x.conf"),
    ] {
        assert_eq!(origin(command), Origin::File(file.to_owned()), "{command}");
    }
    for command in ["sysctl -a", "sudo /sbin/sysctl net.ipv4.tcp_tw_recycle", "sysctl -w net.ipv4.tcp_tw_recycle=1"] {
        assert_eq!(origin(command), Origin::Running, "{command}");
    }
}

#[test]
fn text_after_a_table_is_not_part_of_it() {
    let evidence = read("x", "TcpExt: TW PAWSPassive\nTcpExt: 1 2\n3\nTcpExt: TW PAWSPassive\nTcpExt: 4 5\n6\n");
    assert_eq!(values(&evidence), [[("TW", 1), ("PAWSPassive", 2)].into(), [("TW", 4), ("PAWSPassive", 5)].into()]);
    let pretty = "{\n    \"kernel\": {\n        \"TcpExtTW\": 1,\n        \"TcpExtTWKilled\": 2\n    }\n}\n4.9.337-x\n";
    let evidence = read("x", pretty);
    assert_eq!(values(&evidence), [[("TW", 1), ("TWKilled", 2)].into()]);
    assert_eq!(evidence.release.unwrap().value, "4.9.337-x");
    // A block that somebody put in by four blanks is no table of netstat to its end.
    let evidence = read("x", "    TcpExt:\n        3 SYN cookies sent\n    4.9.337-x\n    net.ipv4.tcp_tw_reuse = 1\n");
    assert_eq!((evidence.samples.len(), evidence.settings.len()), (1, 1));
    assert!(evidence.release.is_some());
}

#[test]
fn files_decide_the_values_after_the_next_boot() {
    let text = include_str!("../../tests/evidence/typed/sysctl-files.txt");
    let evidence = read("pasted text", text);
    let resolve = resolve(&evidence.settings);
    let recycle = resolve.iter().find(|winner| winner.key == "net.ipv4.tcp_tw_recycle").unwrap();
    assert_eq!(recycle.current().unwrap().value, "1");
    assert_eq!(recycle.at_boot.unwrap().origin, Origin::File("/etc/sysctl.conf".to_owned()));
    assert_eq!(recycle.beaten.len(), 2);
    let reuse = resolve.iter().find(|winner| winner.key == "net.ipv4.tcp_tw_reuse").unwrap();
    assert_eq!((reuse.at_boot, reuse.not_applied.len()), (None, 1));
}

#[test]
fn settings_that_identify_the_machine_are_not_kept() {
    let evidence = read("x", "kernel.hostname = web.example\nkernel.osrelease = 4.9.337\nnet.ipv4.tcp_tw_reuse = 0\n");
    assert_eq!(evidence.settings.len(), 2);
    assert_eq!(evidence.release.unwrap().value, "4.9.337");
}

/// A text of a tool, cut, shuffled and with letters changed.
fn damaged() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), any::<char>());
    let text = prop::sample::select(texts()).prop_flat_map(|text| {
        let lines: Vec<String> = text.lines().take(120).map(str::to_owned).collect();
        prop_oneof![Just(lines.clone()).prop_shuffle(), Just(lines)]
    });
    (text, prop::collection::vec(change, 0..12), any::<prop::sample::Index>()).prop_map(|(lines, changes, cut)| {
        let mut text: Vec<char> = lines.join("\n").chars().collect();
        for (at, char) in changes.into_iter().filter(|_| !lines.is_empty()) {
            let at = at.index(text.len().max(1));
            text.get_mut(at).into_iter().for_each(|old| *old = char);
        }
        let keep = cut.index(text.len() * 2 + 1);
        text.into_iter().take(keep).collect()
    })
}

/// Words of all texts in any order: lines that are nearly some.
fn nearly() -> impl Strategy<Value = String> {
    let words = [
        "TcpExt:",
        "Tcp:",
        "TcpExtTW",
        "1",
        "-1",
        "99999999999999999999999",
        "#kernel",
        "{\"kernel\":{",
        "\"TcpInSegs\":",
        "}}",
        "$",
        "#",
        "[root@web ~]#",
        "nstat",
        "sysctl",
        "-a",
        "cat",
        "/proc/sys/net/ipv4/tcp_tw_recycle",
        "=",
        "==>",
        "<==",
        "net.ipv4.tcp_tw_reuse",
        "/etc/sysctl.conf",
        ":",
        "ss",
        "state",
        "time-wait",
        "State",
        "Recv-Q",
        "Send-Q",
        "LISTEN",
        "0",
        "*:80",
        "Linux",
        "version",
        "4.9.337",
        "possible SYN flooding on port",
        "80.",
        "(estab",
        "timewait",
        "1/0),",
        "SYNs to LISTEN sockets dropped",
        "\u{1b}[",
        "\u{1b}]",
        "\u{feff}",
        "ä",
        "\t",
        "\n",
        "\n",
        "\n",
        "\r\n",
        ";",
        "Every ",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..80).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_is_read_without_panic(text in prop_oneof![any::<String>(), damaged(), nearly()], source in "[a-z./]{0,12}") {
        let once = read(&source, &text);
        prop_assert_eq!(&once, &read(&source, &text));
        prop_assert!(resolve(&once.settings).len() <= once.settings.len());
        let last = u32::try_from(text.split('\n').count()).unwrap();
        let quotes = once.samples.iter().flat_map(|it| it.counters.values().map(|said| said.quote.line));
        let quotes = quotes.chain(once.settings.iter().map(|it| it.quote.line)).chain(once.sockets.iter().map(|it| it.quote.line));
        for line in quotes {
            prop_assert!((1..=last).contains(&line));
        }
    }

    #[test]
    fn output_of_nstat_is_read_back(counters in prop::collection::btree_map("[A-Z][A-Za-z]{2,20}", any::<u64>(), 1..40)) {
        let rows = |print: &dyn Fn(&str, u64) -> String| counters.iter().map(|(name, value)| print(name, *value)).collect::<Vec<_>>();
        let expected: BTreeMap<&str, u64> = counters.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let nstat = rows(&|name, value| format!("{:<32}{value:<16}{:>6}", format!("TcpExt{name}"), "0.0")).join("\n");
        let json = format!("{{\"kernel\":{{{}}}}}", rows(&|name, value| format!("\"TcpExt{name}\":{value}")).join(","));
        let netstat = format!("TcpExt:\n{}", rows(&|name, value| format!("    {name}: {value}")).join("\n"));
        let names = rows(&|name, _| name.to_owned()).join(" ");
        let raw = format!("TcpExt: {names}\nTcpExt: {}\n", rows(&|_, value| value.to_string()).join(" "));
        for text in [format!("#kernel\n{nstat}\n"), json, netstat, raw] {
            let evidence = read("x", &text);
            prop_assert_eq!(&values(&evidence), &vec![expected.clone()], "{}", text);
        }
        let twice = format!("#kernel\n{nstat}\n#kernel\n{nstat}\n");
        let evidence = read("x", &twice);
        prop_assert_eq!(values(&evidence), vec![expected.clone(), expected]);
    }

    #[test]
    fn rows_of_sockets_are_read_back(rows in prop::collection::vec((0..=9_u64, any::<u16>(), any::<u16>()), 1..40)) {
        let ss = |(queue, local, remote): &(u64, u16, u16)| format!("TIME-WAIT {queue} 0 192.0.2.1:{local} 198.51.100.7:{remote}\n");
        let netstat = |(queue, local, remote): &(u64, u16, u16)| {
            format!("tcp        {queue}      0 192.0.2.1:{local}     198.51.100.7:{remote}      TIME_WAIT\n")
        };
        let texts = [rows.iter().map(ss).collect::<String>(), rows.iter().map(netstat).collect()];
        for text in texts {
            let evidence = read("x", &text);
            let found: Vec<_> = evidence.sockets.iter().map(|it| (it.value.recv_q, it.value.local.clone(), it.value.remote.clone())).collect();
            let expected: Vec<_> = rows.iter().map(|(queue, local, remote)| {
                (*queue, format!("192.0.2.1:{local}"), format!("198.51.100.7:{remote}"))
            }).collect();
            prop_assert_eq!(found, expected);
            prop_assert_eq!(evidence.socket_counts.unwrap().value.by_state["TIME-WAIT"], rows.len() as u64);
        }
    }

    #[test]
    fn sysctls_and_messages_are_read_back(value in "[0-9]{1,9}", port in any::<u16>()) {
        let text = format!("net.ipv4.tcp_tw_recycle = {value}\n[ 12.5] TCP: request_sock_TCP: Possible SYN flooding \
                            on port {port}. x\n");
        let evidence = read("x", &text);
        prop_assert_eq!(&evidence.settings[0].value, &value);
        prop_assert_eq!(&evidence.log[0].value, &LogLine::SynFlooding(port));
    }
}
