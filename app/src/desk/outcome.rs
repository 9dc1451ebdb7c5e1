//! The result: the verdicts, the fixes, the captures, and the buttons that export it.

use std::rc::Rc;

use desk::report;
use desk::session::SharedEvidence;
use desk::session::outcome::Outcome;
use desk::session::verdict_link::{self, VerdictLink};
use desk::verdict::Verdict;
use sim_core::kernel_version::KernelVersion;
use yew::prelude::*;

use super::capture::Capture;
use super::verdict;
use crate::platform::element::is_checked;
use crate::platform::{address, clipboard, download, picked};
use lab::desk_page::lab_link::lab_link;
use lab::route::DESK;

const FILE: &str = "time-wait-desk.md";

/// The result below its summary.
pub fn outcome(evidence: &SharedEvidence, outcome: &Rc<Outcome>) -> Html {
    if !evidence.0.is_recognised() {
        return Html::default();
    }
    html! {
        <>
            <p class="soft">{ format!("Kernel: {}.", outcome.kernel) }</p>
            <Export evidence={evidence.clone()} outcome={Rc::clone(outcome)} />
            { verdicts(outcome) }
            { verdict::harms(&outcome.harms) }
            { for (0..evidence.0.captures.len()).map(|index| html! {
                <Capture key={index} evidence={evidence.clone()} {index} />
            }) }
        </>
    }
}

/// The verdicts with their fixes, and the file that keeps the fixes.
fn verdicts(outcome: &Outcome) -> Html {
    let with_fix = |of: &Verdict| verdict::verdict(of, outcome.fix(of));
    html! {
        <>
            { for outcome.verdicts.iter().map(with_fix) }
            { for outcome.file.as_ref().map(verdict::to_keep) }
        </>
    }
}

/// The verdicts of a link, without any evidence.
pub fn linked(link: &VerdictLink) -> Html {
    let outcome = Outcome::of_link(link.verdicts.clone(), link.kernel);
    let notices = (!link.notices.is_empty()).then(|| {
        html! {
            <div class="notice" role="alert">
                <ul>{ for link.notices.iter().map(|notice| html! { <li>{ format!("Ignored: {notice}") }</li> }) }</ul>
            </div>
        }
    });
    let about = (!link.verdicts.is_empty()).then(|| {
        let kernel = link.kernel.map_or("a kernel that the link does not name", KernelVersion::title);
        html! {
            <p class="soft">
                { format!("This link holds a verdict for {kernel}, and none of the evidence for it.") }
            </p>
        }
    });
    html! { <>{ for notices }{ for about }{ verdicts(&outcome) }</> }
}

#[derive(Clone, PartialEq, Properties)]
struct ExportProps {
    evidence: SharedEvidence,
    outcome: Rc<Outcome>,
}

/// The buttons that copy, save and print the report, and that open the lab.
#[component]
fn Export(props: &ExportProps) -> Html {
    let status = use_state_eq(String::new);
    // The text, if the browser could not copy or save it.
    let shown = use_state_eq(|| None::<String>);
    let is_anonymous = use_state_eq(|| false);
    let lab = use_memo(props.evidence.clone(), |evidence| lab_link(&evidence.0));
    let report = {
        let (evidence, is_anonymous) = (props.evidence.clone(), *is_anonymous);
        move || {
            if is_anonymous { report::markdown(&report::anonymous(&evidence.0)) } else { report::markdown(&evidence.0) }
        }
    };
    let link = {
        let outcome = Rc::clone(&props.outcome);
        move || address::link(&format!("{DESK}&{}", verdict_link::write(&outcome.verdicts, outcome.version)))
    };
    let copy_report = copy(&status, &shown, report.clone(), "The report is copied.");
    let done = "The link is copied. It holds the verdicts and the kernel, and nothing else.";
    let copy_link = copy(&status, &shown, link, done);
    let hide = {
        let is_anonymous = is_anonymous.clone();
        Callback::from(move |event: Event| is_anonymous.set(is_checked(&event).unwrap_or(false)))
    };
    let button = |label: &'static str, onclick: Callback<MouseEvent>| {
        html! { <button type="button" class="plain" {onclick}>{ label }</button> }
    };
    let lab = match &*lab {
        Ok(href) => html! { <a class="plain" href={href.clone()}>{ "Open in the lab" }</a> },
        Err(because) => html! { <p class="soft">{ format!("Cannot be opened in the lab. {because}") }</p> },
    };
    html! {
        <div class="desk-take">
            <div class="under">
                { button("Copy as Markdown", copy_report) }
                { button("Save as Markdown", save(&status, &shown, report)) }
                <label class="tick">
                    <input type="checkbox" checked={*is_anonymous} onchange={hide} />
                    { "The report without addresses and names" }
                </label>
            </div>
            <div class="under">
                { button("Copy a link without addresses", copy_link) }
                { button("Print", Callback::from(|_| picked::print())) }
                { lab }
            </div>
            <p class="soft" aria-live="polite">{ &*status }</p>
            { for shown.as_ref().map(|text| html! {
                <pre class="printed capped" tabindex="0" role="group" aria-label="Text to copy">{ text }</pre>
            }) }
        </div>
    }
}

/// A handler that copies `text`, or shows it if the browser does not allow that.
fn copy(
    status: &UseStateHandle<String>,
    shown: &UseStateHandle<Option<String>>,
    text: impl Fn() -> String + 'static,
    done: &'static str,
) -> Callback<MouseEvent> {
    let (status, shown) = (status.clone(), shown.clone());
    Callback::from(move |_: MouseEvent| {
        let (status, shown, text) = (status.clone(), shown.clone(), text());
        clipboard::copy(&text.clone(), move |copied| {
            status.set(if copied { done.to_owned() } else { "Not copied. The text is below.".to_owned() });
            shown.set((!copied).then_some(text));
        });
    })
}

/// A handler that saves the report, or shows it if the browser may have blocked the download.
fn save(
    status: &UseStateHandle<String>,
    shown: &UseStateHandle<Option<String>>,
    report: impl Fn() -> String + 'static,
) -> Callback<MouseEvent> {
    let (status, shown) = (status.clone(), shown.clone());
    Callback::from(move |_: MouseEvent| {
        let text = report();
        let is_saved = download::file(FILE, "text/markdown", text.as_bytes()) && !download::may_be_swallowed();
        status.set(if is_saved {
            format!("Saved as {FILE}.")
        } else {
            "The browser may have blocked the file. Its text is below.".to_owned()
        });
        shown.set((!is_saved).then_some(text));
    })
}
