//! A verdict on the page: its meaning, the lines that show it, the fix, and the commands to run next.

use desk::evidence::Quote;
use desk::fix::{DropIn, Fix, FixStep};
use desk::harm::Harm;
use desk::verdict::{Reason, Verdict, signature};
use yew::prelude::*;

use super::copyable::Copyable;

/// The verdict with its fix.
pub fn verdict(verdict: &Verdict, fix: Option<&Fix>) -> Html {
    let signature = signature(verdict.id);
    let name = verdict.id.name();
    let heading = format!("{name}-heading");
    let rule = (signature.rule != "none").then(|| {
        html! {
            <p class="soft">{ format!("Rule: {}. Kernel: {}. Standard: {}.", signature.rule, signature.function, signature.rfc) }</p>
        }
    });
    html! {
        <section class="verdict" key={name} aria-labelledby={heading.clone()}>
            <h2 id={heading}>{ signature.title }</h2>
            <p class="sure">
                <span class={classes!("confidence", verdict.confidence.name())}>{ verdict.confidence.name() }</span>
                <code>{ name }</code>
            </p>
            <p>{ worded(signature.meaning) }</p>
            { for rule }
            { reasons("Reasons for it", &verdict.for_) }
            { reasons("Reasons against it", &verdict.against) }
            { for fix.map(how_to_fix) }
            { next(verdict) }
        </section>
    }
}

fn reasons(title: &'static str, reasons: &[Reason]) -> Html {
    if reasons.is_empty() {
        return Html::default();
    }
    let reason = |reason: &Reason| {
        html! { <li>{ worded(&reason.says) }<ul class="quotes">{ for reason.lines.iter().map(quoted) }</ul></li> }
    };
    html! {
        <>
            <h3>{ title }</h3>
            <ul class="reasons">{ for reasons.iter().map(reason) }</ul>
        </>
    }
}

/// A sentence with commands between backticks.
fn worded(sentence: &str) -> Html {
    let part = |(index, part): (usize, &str)| {
        if index % 2 == 1 {
            html! { <code>{ part.to_owned() }</code> }
        } else {
            html! { part.to_owned() }
        }
    };
    html! { { for sentence.split('`').enumerate().map(part) } }
}

/// A line with its source and number. The line of a SYN contains the number of its packet instead.
fn quoted(quote: &Quote) -> Html {
    let place = if quote.text.starts_with("packet ") {
        quote.source.clone()
    } else {
        format!("{}:{}", quote.source, quote.line)
    };
    html! { <li><span class="soft">{ place }</span>{ " " }<code>{ &quote.text }</code></li> }
}

fn how_to_fix(fix: &Fix) -> Html {
    let of = fix.of.name();
    html! {
        <>
            { steps("Fix now", of, "now", &fix.now) }
            { steps("Other places that may set the old value", of, "elsewhere", &fix.elsewhere) }
            { steps("How to undo it", of, "undo", &fix.undo) }
            { steps("How to check that it worked", of, "check", &fix.check) }
        </>
    }
}

fn steps(title: &'static str, of: &str, part: &str, steps: &[FixStep]) -> Html {
    if steps.is_empty() {
        return Html::default();
    }
    let step = |(index, step): (usize, &FixStep)| {
        let printed = step.command.as_ref().map(|command| {
            let what = format!("the command {}", command.split(' ').next().unwrap_or_default());
            html! { <Copyable id={format!("{of}-{part}-{index}")} {what} text={command.clone()} /> }
        });
        html! { <li><p>{ worded(&step.says) }</p>{ for printed }</li> }
    };
    html! {
        <>
            <h3>{ title }</h3>
            <ol class="steps">{ for steps.iter().enumerate().map(step) }</ol>
        </>
    }
}

fn next(verdict: &Verdict) -> Html {
    if verdict.next.is_empty() {
        return Html::default();
    }
    let row = |(index, next): (usize, &desk::verdict::NextCommand)| {
        html! {
            <li>
                <p>{ worded(next.why) }</p>
                <Copyable id={format!("{}-next-{index}", verdict.id.name())}
                    what={format!("the command {}", next.command.split([' ', ';']).next().unwrap_or_default())}
                    text={next.command} />
            </li>
        }
    };
    html! {
        <>
            <h3>{ "What to run next" }</h3>
            <ol class="steps">{ for verdict.next.iter().enumerate().map(row) }</ol>
        </>
    }
}

/// The file that keeps the fixes at the next boot.
pub fn to_keep(file: &DropIn) -> Html {
    html! {
        <section class="verdict" aria-labelledby="keep-heading">
            <h2 id="keep-heading">{ "To keep the fix after a reboot" }</h2>
            <p>{ "As " }<code>{ file.path }</code>{ ":" }</p>
            <Copyable id="keep-text" what="the file" text={file.text.clone()} />
        </section>
    }
}

/// Settings that do not help, or do harm.
pub fn harms(harms: &[Harm]) -> Html {
    if harms.is_empty() {
        return Html::default();
    }
    let row = |harm: &Harm| {
        html! {
            <li>
                <code>{ format!("{} = {}", harm.key, harm.value) }</code>{ ": " }{ worded(&harm.says) }
                <ul class="quotes">{ quoted(&harm.line) }</ul>
            </li>
        }
    };
    html! {
        <section class="verdict" aria-labelledby="harms-heading">
            <h2 id="harms-heading">{ "Settings that cure nothing" }</h2>
            <ul class="reasons">{ for harms.iter().map(row) }</ul>
        </section>
    }
}
