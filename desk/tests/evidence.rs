//! The output of current and older tools gives the facts in the `.json` file beside it.
//!
//! `tests/evidence/real` is output that `collect.sh` collected; `tests/evidence/typed` was written from the sources of the
//! tools. `BLESS=1 cargo test -p desk --test evidence` writes the `.json` files; compare them with the texts.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use desk::evidence::{Evidence, Origin, Setting, SocketRow};
use desk::parse::read_text;
use serde_json::{Value, json};

/// The most sockets in a `.json` file.
const ROWS: usize = 6;

#[test]
fn every_text_gives_the_facts_beside_it() {
    let mut different = Vec::new();
    let mut texts = 0;
    for folder in ["real", "typed"] {
        for text in texts_of(folder) {
            texts += 1;
            check(&text, &mut different);
        }
    }
    assert!(texts > 25, "only {texts} texts");
    assert!(different.is_empty(), "blessed by BLESS=1, once the difference was read:\n{}", different.join("\n"));
}

fn texts_of(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("tests/evidence").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending != "json"));
    files.sort();
    files
}

fn check(path: &Path, different: &mut Vec<String>) {
    let text = std::fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let mut evidence = Evidence::default();
    read_text(name, &text, &mut evidence);
    let found = serde_json::to_string_pretty(&facts(&evidence)).unwrap() + "\n";
    let beside = path.with_file_name(format!("{name}.json"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&beside, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&beside).unwrap_or_default();
    if found != expected {
        different.push(format!("{name}\n--- expected\n{expected}--- found\n{found}"));
    }
    quotes_stand_there(&text, &evidence);
}

/// Every quote is the line with its number.
fn quotes_stand_there(text: &str, evidence: &Evidence) {
    let lines: Vec<&str> = text.lines().collect();
    let counters = evidence.samples.iter().flat_map(|sample| sample.counters.values().map(|said| &said.quote));
    let settings = evidence.settings.iter().map(|setting| &setting.quote);
    let sockets = evidence.sockets.iter().map(|said| &said.quote);
    let log = evidence.log.iter().map(|said| &said.quote);
    for quote in counters.chain(settings).chain(sockets).chain(log) {
        let line = lines[quote.line as usize - 1].trim();
        assert!(line.starts_with(quote.text.lines().next().unwrap().trim()) || quote.text.trim().starts_with(line));
    }
}

/// The facts of the evidence, without empty ones.
fn facts(evidence: &Evidence) -> Value {
    let mut facts = BTreeMap::<&str, Value>::new();
    let said = |name: &str| json!(name);
    facts.insert("samples", evidence.samples.iter().map(|it| sample(&it.counters)).collect());
    facts.insert("settings", settings(&evidence.settings));
    facts.insert("missing_keys", evidence.missing_keys.iter().map(|it| said(&it.value)).collect());
    facts.insert("release", evidence.release.as_ref().map_or(Value::Null, |it| said(&it.value)));
    facts.insert("distribution", evidence.distribution.as_ref().map_or(Value::Null, |it| said(&it.value)));
    facts.insert("sockets", evidence.sockets.iter().take(ROWS).map(|it| row(&it.value)).collect());
    facts.insert("sockets_in_all", json!(evidence.sockets.len()));
    let counts = evidence.socket_counts.as_ref();
    facts.insert("socket_counts", counts.map_or(Value::Null, |it| json!(it.value.by_state)));
    facts.insert("log", json!(evidence.log.iter().map(|it| format!("{:?}", it.value)).collect::<Vec<_>>()));
    let unknown = |it: &desk::evidence::Unknown| json!([it.first_line, it.because]);
    facts.insert("unknown", evidence.unknown.iter().map(unknown).collect());
    facts.retain(|_, value| *value != json!([]) && *value != json!(0) && !value.is_null());
    json!(facts)
}

/// The TCP counters that are not 0, and the number of all counters.
fn sample(counters: &BTreeMap<String, desk::evidence::Quoted<u64>>) -> Value {
    let is_other = |name: &str| ["Ip", "Icmp", "Udp", "MPTcp"].iter().any(|start| name.starts_with(start));
    let moved = counters.iter().filter(|(name, said)| said.value > 0 && !is_other(name));
    let moved: BTreeMap<_, _> = moved.map(|(name, said)| (name, said.value)).collect();
    json!({ "counters": counters.len(), "moved": moved })
}

/// The TCP settings, and the number of all settings.
fn settings(settings: &[Setting]) -> Value {
    let is_shown = |setting: &&Setting| settings.len() < 30 || setting.key.starts_with("net.ipv4.tcp_t");
    let mut shown: Vec<Value> = settings.iter().filter(is_shown).map(setting).collect();
    if shown.len() < settings.len() {
        shown.push(json!(format!("{} in all", settings.len())));
    }
    json!(shown)
}

fn setting(setting: &Setting) -> Value {
    let from = match &setting.origin {
        Origin::Running => "running",
        Origin::File(path) => path,
    };
    json!(format!("{from}: {} = {}", setting.key, setting.value))
}

fn row(row: &SocketRow) -> Value {
    json!(format!("{} {} {} {} {}", row.state, row.recv_q, row.send_q, row.local, row.remote))
}
