//! The result: the verdicts, the fixes, what captures show, and all of it to take along.

use std::rc::Rc;

use desk::facts::Facts;
use desk::fix::{DropIn, Fix, fixes};
use desk::harm::{Harm, harms};
use desk::intake::is_anything;
use desk::report;
use desk::verdict::{Verdict, judge, signature};
use sim_core::kernel_version::KernelVersion;
use yew::prelude::*;

use super::capture::Capture;
use super::hand::Shared;
use super::link::{self, Linked};
use super::scenario::lab_link;
use super::{link_facts, verdict};
use crate::platform::element::is_checked;
use crate::platform::{address, clipboard, download, picked};
use lab::format::counted;

const FILE: &str = "time-wait-desk.md";

/// What follows from the evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    verdicts: Vec<Verdict>,
    fixes: Vec<Fix>,
    file: Option<DropIn>,
    harms: Vec<Harm>,
    kernel: String,
    version: Option<KernelVersion>,
    lab: Result<String, String>,
}

impl Judged {
    /// Of this evidence.
    #[must_use]
    pub fn of(evidence: &Shared) -> Self {
        let facts = Facts::of(&evidence.0);
        let verdicts = judge(&facts);
        let (fixes, file) = fixes(&verdicts, &facts);
        Self {
            fixes,
            file,
            harms: harms(&facts),
            kernel: facts.kernel.in_words(),
            version: facts.kernel.version,
            lab: lab_link(&evidence.0),
            verdicts,
        }
    }

    /// In a line, to be read out.
    #[must_use]
    pub fn summary(&self, evidence: &Shared) -> String {
        if !is_anything(&evidence.0) {
            return "Nothing of this was recognised. The list says why.".to_owned();
        }
        let Some(first) = self.verdicts.first() else { return String::new() };
        let more = match self.verdicts.len() - 1 {
            0 => String::new(),
            more => format!(" {} below.", counted(more, "more verdict", "more verdicts")),
        };
        format!("{}: {}.{more}", signature(first.id).title, first.confidence.name())
    }
}

/// The result below its summary.
pub fn outcome(evidence: &Shared, judged: &Rc<Judged>) -> Html {
    if !is_anything(&evidence.0) {
        return Html::default();
    }
    let fix = |of: &Verdict| judged.fixes.iter().find(|fix| fix.of == of.id);
    html! {
        <>
            <p class="soft">{ format!("Kernel: {}.", judged.kernel) }</p>
            <Take evidence={evidence.clone()} judged={Rc::clone(judged)} />
            { for judged.verdicts.iter().map(|of| verdict::verdict(of, fix(of))) }
            { for judged.file.as_ref().map(verdict::to_keep) }
            { verdict::harms(&judged.harms) }
            { for (0..evidence.0.captures.len()).map(|index| html! {
                <Capture key={index} evidence={evidence.clone()} {index} />
            }) }
        </>
    }
}

/// The verdicts of a link, without any evidence.
pub fn linked(linked: &Linked) -> Html {
    let evidence = link_facts(linked.kernel);
    let facts = Facts::of(&evidence);
    let (fixes, file) = fixes(&linked.verdicts, &facts);
    let fix = |of: &Verdict| fixes.iter().find(|fix| fix.of == of.id);
    let notices = (!linked.notices.is_empty()).then(|| {
        html! {
            <div class="notice" role="alert">
                <ul>{ for linked.notices.iter().map(|notice| html! { <li>{ format!("Left out: {notice}") }</li> }) }</ul>
            </div>
        }
    });
    let about = (!linked.verdicts.is_empty()).then(|| {
        let kernel =
            linked.kernel.map_or_else(|| "a kernel that the link does not name".to_owned(), desk::kernel::name);
        html! {
            <p class="soft">
                { format!("This link holds a verdict for {kernel}, and none of the evidence that it rests on.") }
            </p>
        }
    });
    html! {
        <>
            { for notices }
            { for about }
            { for linked.verdicts.iter().map(|of| verdict::verdict(of, fix(of))) }
            { for file.as_ref().map(verdict::to_keep) }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct TakeProps {
    evidence: Shared,
    judged: Rc<Judged>,
}

/// What can be taken along.
#[component]
fn Take(props: &TakeProps) -> Html {
    let said = use_state_eq(String::new);
    let shown = use_state_eq(|| None::<String>);
    let hidden = use_state_eq(|| false);
    let markdown = {
        let (evidence, hidden) = (props.evidence.clone(), *hidden);
        move || {
            if hidden { report::markdown(&report::anonymous(&evidence.0)) } else { report::markdown(&evidence.0) }
        }
    };
    let copy = |text: Box<dyn Fn() -> String>, done: &'static str| {
        let (said, shown) = (said.clone(), shown.clone());
        Callback::from(move |_: MouseEvent| {
            let (said, shown, text) = (said.clone(), shown.clone(), text());
            clipboard::copy(&text.clone(), move |copied| {
                said.set(if copied { done.to_owned() } else { "Not copied. The text is below.".to_owned() });
                shown.set((!copied).then_some(text));
            });
        })
    };
    let save = {
        let (said, shown, markdown) = (said.clone(), shown.clone(), markdown.clone());
        Callback::from(move |_: MouseEvent| {
            let text = markdown();
            let came = download::file(FILE, "text/markdown", text.as_bytes()) && !download::may_be_swallowed();
            said.set(if came {
                format!("Saved as {FILE}.")
            } else {
                "The file may not have come. Its text is below.".to_owned()
            });
            shown.set((!came).then_some(text));
        })
    };
    let hide = {
        let hidden = hidden.clone();
        Callback::from(move |event: Event| hidden.set(is_checked(&event).unwrap_or(false)))
    };
    let link = {
        let judged = Rc::clone(&props.judged);
        move || address::link(&link::written(&judged.verdicts, judged.version))
    };
    let button = |label: &'static str, onclick: Callback<MouseEvent>| {
        html! { <button type="button" class="plain" {onclick}>{ label }</button> }
    };
    let lab = match &props.judged.lab {
        Ok(href) => html! { <a class="plain" href={href.clone()}>{ "Open in the lab" }</a> },
        Err(because) => html! { <p class="soft">{ format!("Not to be opened in the lab. {because}") }</p> },
    };
    html! {
        <div class="desk-take">
            <div class="under">
                { button("Copy as Markdown", copy(Box::new(markdown), "The report is copied.")) }
                { button("Save as Markdown", save) }
                <label class="tick">
                    <input type="checkbox" checked={*hidden} onchange={hide} />
                    { "The report without addresses and names" }
                </label>
            </div>
            <div class="under">
                { button("Copy a link without addresses", copy(Box::new(link), "The link is copied. It holds the verdicts and the kernel, and nothing else.")) }
                { button("Print", Callback::from(|_| picked::print())) }
                { lab }
            </div>
            <p class="soft" aria-live="polite">{ &*said }</p>
            { for shown.as_ref().map(|text| html! {
                <pre class="printed capped" tabindex="0" role="group" aria-label="Text to copy">{ text }</pre>
            }) }
        </div>
    }
}
