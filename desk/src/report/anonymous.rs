//! Evidence without addresses, file names and host names. Its verdicts stay the same.
//!
//! Lines are not searched for text to hide. They are written again from the facts, so that they contain nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{Evidence, LogLine, Origin, Quote, Quoted, Setting, SocketRow, Unknown};

const LEFT_OUT: &str = "(left out)";

/// The evidence with `remote-1`, `local-1` and `file-1` instead of names.
pub fn anonymous(evidence: &Evidence) -> Evidence {
    let names = Names::of(evidence);
    let mut hidden = known(evidence);
    for sample in &mut hidden.samples {
        for (name, said) in &mut sample.counters {
            // `netstat -s` prints the number first, `nstat` the name. Verdicts depend on it.
            let first = said.quote.text.trim_start().starts_with(|c: char| c.is_ascii_digit());
            let text = if first { format!("{} {name}", said.value) } else { format!("{name} {}", said.value) };
            names.requote(&mut said.quote, text);
        }
    }
    // Other sysctls, such as `kernel.hostname`, do not affect verdicts and may name the customer.
    hidden
        .settings
        .retain(|setting| setting.key.starts_with("net.ipv4.tcp_") || NEEDED.contains(&setting.key.as_str()));
    for setting in &mut hidden.settings {
        names.hide_setting(setting);
    }
    for said in hidden.release.iter_mut().chain(&mut hidden.distribution) {
        names.requote(&mut said.quote, said.value.clone());
    }
    for said in &mut hidden.sockets {
        names.hide_socket(said);
    }
    if let Some(said) = &mut hidden.socket_counts {
        let counts: Vec<String> = said.value.by_state.iter().map(|(state, count)| format!("{state} {count}")).collect();
        names.requote(&mut said.quote, counts.join(", "));
    }
    for said in &mut hidden.log {
        let text = match said.value {
            LogLine::TimeWaitOverflow => "TCP: time wait bucket table overflow".to_owned(),
            LogLine::SynFlooding(port) => format!("possible SYN flooding on port {port}"),
        };
        names.requote(&mut said.quote, text);
    }
    for seen in &mut hidden.captures {
        seen.source = names.source(&seen.source);
        for (called, _) in &mut seen.called {
            *called = names.endpoint(called);
        }
        for remote in &mut seen.remotes {
            remote.addr = names.addr(&remote.addr);
        }
        for syn in &mut seen.unanswered {
            syn.remote = names.endpoint(&syn.remote);
            syn.local = names.endpoint(&syn.local);
        }
        for sentence in seen.assumed.iter_mut().chain(&mut seen.damaged) {
            *sentence = names.sentence(sentence);
        }
    }
    hidden.unknown = evidence.unknown.iter().map(|unknown| names.hide_unknown(unknown)).collect();
    hidden
}

/// The parts of the evidence that `anonymous` hides. A new field is left out until it is added here.
fn known(evidence: &Evidence) -> Evidence {
    let Evidence { samples, settings, release, distribution, sockets, socket_counts, log, captures, .. } =
        evidence.clone();
    Evidence { samples, settings, release, distribution, sockets, socket_counts, log, captures, ..Evidence::default() }
}

const NEEDED: [&str; 2] = ["net.core.somaxconn", "net.ipv4.ip_local_port_range"];

/// Names of the customer, and their replacements.
struct Names {
    addrs: BTreeMap<String, String>,
    sources: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
}

impl Names {
    fn of(evidence: &Evidence) -> Self {
        let syns = || evidence.captures.iter().flat_map(|seen| &seen.unanswered);
        let called = evidence.captures.iter().flat_map(|seen| &seen.called).map(|(called, _)| host(called));
        let local = called.chain(syns().map(|syn| host(&syn.local)));
        let local = local.chain(evidence.sockets.iter().map(|said| host(&said.value.local)));
        let seen = evidence.captures.iter().flat_map(|seen| &seen.remotes).map(|remote| remote.addr.as_str());
        let remote = seen.chain(syns().map(|syn| host(&syn.remote)));
        let remote = remote.chain(evidence.sockets.iter().map(|said| host(&said.value.remote)));
        let mut addrs = BTreeMap::new();
        number(&mut addrs, local.filter(|addr| !is_wildcard(addr)), "local");
        number(&mut addrs, remote.filter(|addr| !is_wildcard(addr)), "remote");
        let mut sources = BTreeMap::new();
        number(&mut sources, all_sources(evidence).filter(|source| *source != "pasted text"), "file");
        Self { addrs, sources, files: files(evidence) }
    }

    fn source(&self, source: &str) -> String {
        self.sources.get(source).cloned().unwrap_or_else(|| source.to_owned())
    }

    fn addr(&self, addr: &str) -> String {
        self.addrs.get(addr).cloned().unwrap_or_else(|| addr.to_owned())
    }

    fn endpoint(&self, endpoint: &str) -> String {
        match endpoint.rsplit_once(':') {
            Some((_, port)) => format!("{}:{port}", self.addr(host(endpoint))),
            None => self.addr(endpoint),
        }
    }

    /// Replaces the names in a sentence of the desk. Longer names come first, because they may contain shorter ones.
    fn sentence(&self, sentence: &str) -> String {
        let mut names: Vec<(&String, &String)> = self.addrs.iter().chain(&self.sources).collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        names.iter().fold(sentence.to_owned(), |text, (name, instead)| text.replace(name.as_str(), instead))
    }

    fn requote(&self, quote: &mut Quote, text: String) {
        quote.source = self.source(&quote.source);
        quote.text = text;
    }

    fn hide_setting(&self, setting: &mut Setting) {
        if !setting.value.chars().all(|c| c.is_ascii_digit() || c.is_whitespace()) {
            setting.value = LEFT_OUT.to_owned();
        }
        if let Origin::File(path) = &setting.origin {
            setting.origin = Origin::File(self.files.get(path).cloned().unwrap_or_else(|| LEFT_OUT.to_owned()));
        }
        let text = format!("{} = {}", setting.key, setting.value);
        self.requote(&mut setting.quote, text);
    }

    fn hide_socket(&self, said: &mut Quoted<SocketRow>) {
        let row = &mut said.value;
        row.local = self.endpoint(&row.local);
        row.remote = self.endpoint(&row.remote);
        let text = format!("{} {} {} {} {}", row.state, row.recv_q, row.send_q, row.local, row.remote);
        self.requote(&mut said.quote, text);
    }

    fn hide_unknown(&self, unknown: &Unknown) -> Unknown {
        let because = unknown.because.as_deref().map(|because| self.sentence(because));
        Unknown { source: self.source(&unknown.source), first_line: LEFT_OUT.to_owned(), because }
    }
}

/// The address of `address:port`.
fn host(endpoint: &str) -> &str {
    endpoint.rsplit_once(':').map_or(endpoint, |(host, _)| host)
}

fn is_wildcard(addr: &str) -> bool {
    ["*", "0.0.0.0", "[::]", "::", "127.0.0.1", "[::1]", ""].contains(&addr)
}

/// Gives `prefix-1`, `prefix-2` and so on to names without a replacement.
fn number<'a>(names: &mut BTreeMap<String, String>, of: impl Iterator<Item = &'a str>, prefix: &str) {
    let mut next = 1;
    for name in of {
        if !names.contains_key(name) {
            names.insert(name.to_owned(), format!("{prefix}-{next}"));
            next += 1;
        }
    }
}

fn all_sources(evidence: &Evidence) -> impl Iterator<Item = &str> {
    let counters = evidence.samples.iter().flat_map(|sample| sample.counters.values().map(|said| &said.quote));
    let settings = evidence.settings.iter().map(|setting| &setting.quote);
    let system = evidence.release.iter().chain(&evidence.distribution).map(|said| &said.quote);
    let sockets = evidence.sockets.iter().map(|said| &said.quote);
    let counts = evidence.socket_counts.iter().map(|said| &said.quote);
    let log = evidence.log.iter().map(|said| &said.quote);
    let quotes = counters.chain(settings).chain(system).chain(sockets).chain(counts).chain(log);
    let others = evidence.unknown.iter().map(|unknown| unknown.source.as_str());
    let captures = evidence.captures.iter().map(|seen| seen.source.as_str());
    quotes.map(|quote| quote.source.as_str()).chain(captures).chain(others)
}

/// Replacements for the files of settings. Their numbers keep the order of the names, because that decides which file
/// is applied last.
fn files(evidence: &Evidence) -> BTreeMap<String, String> {
    let paths: BTreeSet<&str> = evidence.settings.iter().filter_map(|setting| path(&setting.origin)).collect();
    let bases: BTreeSet<&str> = paths.iter().map(|path| base(path)).collect();
    let numbers: BTreeMap<&str, usize> = bases.iter().enumerate().map(|(at, base)| (*base, at + 1)).collect();
    let instead = |path: &str| match path.rsplit_once('/') {
        _ if path == "/etc/sysctl.conf" || path == "pasted text" => path.to_owned(),
        Some((folder, base)) if FOLDERS.contains(&folder) => format!("{folder}/{:04}.conf", numbers[base]),
        _ => format!("file {:04}", numbers[base(path)]),
    };
    paths.iter().map(|path| ((*path).to_owned(), instead(path))).collect()
}

const FOLDERS: [&str; 6] =
    ["/etc/sysctl.d", "/run/sysctl.d", "/usr/lib/sysctl.d", "/usr/local/lib/sysctl.d", "/lib/sysctl.d", "/etc"];

fn path(origin: &Origin) -> Option<&str> {
    match origin {
        Origin::File(path) => Some(path),
        Origin::Running => None,
    }
}

fn base(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, base)| base)
}
