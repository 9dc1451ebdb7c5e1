//! The report, as Markdown for people and as JSON for programs, with or without the customer's addresses.
//!
//! Input never becomes markup in a report: see `escape`.

mod anonymous;
mod capture;
mod escape;
mod json;
mod put;

use std::fmt::Write as _;

use crate::evidence::{Evidence, Quote, Unknown};
use crate::facts::Facts;
use crate::fix::{DropIn, Fix, FixStep, fixes};
use crate::harm::{Harm, harms};
use crate::verdict::{NextCommand, Reason, Verdict, VerdictId, confidence_label, judge, signature};

pub use self::anonymous::anonymous;
pub use self::capture::why;
pub use self::json::json;

use self::escape::{code, text};
use self::put::put;

/// The report as Markdown. For a report without addresses, pass [`anonymous`] evidence.
pub fn markdown(evidence: &Evidence) -> String {
    let facts = Facts::of(evidence);
    let verdicts = judge(&facts);
    let mut out = head(&facts, &verdicts);
    for verdict in &verdicts {
        out += &about(verdict);
    }
    out += &harmful_settings(&harms(&facts));
    for seen in &evidence.captures {
        out += &capture::section(seen);
    }
    let (fixes, file) = fixes(&verdicts, &facts);
    for fix in &fixes {
        out += &how_to_fix(fix);
    }
    out += &file.map(|file| to_keep(&file)).unwrap_or_default();
    out += &to_run_next(&verdicts);
    out += &not_recognised(&evidence.unknown);
    out
}

fn head(facts: &Facts<'_>, verdicts: &[Verdict]) -> String {
    let mut out = String::new();
    if let Some(first) = verdicts.first() {
        put!(out, "# {}: {}\n", signature(first.id).title, confidence_label(first));
    }
    put!(out, "Kernel: {}.", text(&facts.kernel.in_words()));
    if let Some(said) = &facts.evidence.distribution {
        put!(out, "System: {}.", text(&said.value));
    }
    if verdicts.len() > 1 {
        put!(out, "\n| verdict | confidence | |\n| --- | --- | --- |");
        for verdict in verdicts {
            put!(out, "| `{}` | {} | {} |", verdict.id.name(), verdict.confidence.name(), signature(verdict.id).title);
        }
    }
    out
}

fn about(verdict: &Verdict) -> String {
    let signature = signature(verdict.id);
    let mut out = String::new();
    put!(out, "\n## Verdict `{}`: {}\n", verdict.id.name(), confidence_label(verdict));
    put!(out, "{}", signature.meaning);
    if signature.rule != "none" {
        put!(out, "\nRule: {}. Kernel: {}. Standard: {}.", signature.rule, signature.function, signature.rfc);
    }
    out += &reasons("Reasons for it", &verdict.for_);
    out += &reasons("Reasons against it", &verdict.against);
    out
}

fn reasons(title: &str, reasons: &[Reason]) -> String {
    let mut out = String::new();
    if reasons.is_empty() {
        return out;
    }
    put!(out, "\n{title}:\n");
    for reason in reasons {
        put!(out, "- {}", text(&reason.says));
        for line in &reason.lines {
            put!(out, "  - {}", quoted(line));
        }
    }
    out
}

/// A line with its source and number. The line of a SYN contains the number of its packet instead.
fn quoted(quote: &Quote) -> String {
    if quote.text.starts_with("packet ") {
        return format!("{}, {}", code(&quote.source), code(&quote.text));
    }
    format!("{}, line {}: {}", code(&quote.source), quote.line, code(&quote.text))
}

fn harmful_settings(harms: &[Harm]) -> String {
    let mut out = String::new();
    if harms.is_empty() {
        return out;
    }
    put!(out, "\n## Settings that cure nothing\n");
    for harm in harms {
        put!(out, "- {}: {}", code(&format!("{} = {}", harm.key, harm.value)), text(&harm.says));
        put!(out, "  - {}", quoted(&harm.line));
    }
    out
}

fn how_to_fix(fix: &Fix) -> String {
    let mut out = String::new();
    put!(out, "\n## Fix for `{}`", fix.of.name());
    out += &steps("Now", &fix.now);
    if !fix.found.is_empty() {
        put!(out, "\n### Lines of the evidence that set the old value\n");
        for line in &fix.found {
            put!(out, "- {}", quoted(line));
        }
    }
    out += &steps("Other places that may set the old value", &fix.elsewhere);
    out += &steps("How to undo it", &fix.undo);
    out += &steps("How to check that it worked", &fix.check);
    out
}

/// The commands of a fix contain nothing from the input except numbers.
fn steps(title: &str, steps: &[FixStep]) -> String {
    let mut out = String::new();
    if steps.is_empty() {
        return out;
    }
    put!(out, "\n### {title}");
    for step in steps {
        put!(out, "\n{}", step.says);
        if let Some(command) = &step.command {
            put!(out, "\n```sh\n{command}\n```");
        }
    }
    out
}

fn to_keep(file: &DropIn) -> String {
    let mut out = String::new();
    put!(out, "\n## To keep the fix after a reboot: `{}`\n", file.path);
    put!(out, "```\n{}```", file.text);
    out
}

fn to_run_next(verdicts: &[Verdict]) -> String {
    let mut seen: Vec<&NextCommand> = Vec::new();
    for next in verdicts.iter().flat_map(|verdict| &verdict.next) {
        if seen.iter().all(|other| other.command != next.command) {
            seen.push(next);
        }
    }
    let mut out = String::new();
    if seen.is_empty() {
        return out;
    }
    let is_missing = verdicts.iter().any(|verdict| verdict.id == VerdictId::Inconclusive);
    put!(out, "\n## {}", if is_missing { "What to send" } else { "What to run next" });
    for next in seen {
        put!(out, "\n{}\n\n```sh\n{}\n```", next.why, next.command);
    }
    out
}

fn not_recognised(unknown: &[Unknown]) -> String {
    let mut out = String::new();
    if unknown.is_empty() {
        return out;
    }
    put!(out, "\n## Not recognised\n");
    for one in unknown {
        let because = one.because.as_deref().map(|why| format!(" ({})", text(why))).unwrap_or_default();
        put!(out, "- {}: {}{because}", code(&one.source), code(&one.first_line));
    }
    out
}
