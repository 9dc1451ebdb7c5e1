//! The export tab: the link, the run as files, and each drawing as a picture.

use std::rc::Rc;

use sim_core::export::{csv, json, pcapng, tcpdump};
use sim_core::trace::NodeId;
use yew::prelude::*;

use super::region::Region;
use crate::platform::element::chosen;
use crate::platform::{clipboard, download, picture};
use lab::plan::Plan;
use lab::run::{Run, SharedRun};
use lab::tab::Tab;
use lab::text::export as words;

const LINK_ID: &str = "link-text";
const TEXT_ID: &str = "file-text";
const STAGE_ID: &str = "stage";
const PREVIEW_ID: &str = "picture";

/// The longest text that is shown in a text field.
const MOST_SHOWN: usize = 200_000;

/// The properties of [`Export`].
#[derive(Clone, PartialEq, Properties)]
pub struct ExportProps {
    /// The visitor's settings.
    pub plan: Rc<Plan>,
    /// The run.
    pub run: SharedRun,
    /// The full address of the page.
    pub link: String,
    /// Renders a tab, to export it as a picture.
    pub draw: Callback<Tab, Html>,
}

/// The result of the last export: a sentence, and the text of the file if the browser may have blocked the download.
type Said = UseStateHandle<(String, Option<String>)>;

/// A file of the run.
#[derive(Clone, Copy)]
enum File {
    Tcpdump,
    Pcapng,
    Csv,
    Json,
}

/// The export tab.
#[component]
pub fn Export(props: &ExportProps) -> Html {
    let said: Said = use_state_eq(Default::default);
    let node = use_state_eq(|| None::<NodeId>);
    let drawn = use_state_eq(|| None::<Tab>);
    let (sentence, text) = &*said;
    html! {
        <Region id="export" heading={words::HEADING}>
            <div class="export">
                { link(props, &said) }
                { run(props, &node, &said) }
                { pictures(props, &drawn, &said) }
                <p class="soft" aria-live="polite">{ sentence }</p>
                if let Some(text) = text {
                    <pre class="printed capped" id={TEXT_ID} tabindex="0" role="group" aria-label={words::FILE_TEXT}>
                        { text }
                    </pre>
                }
                // A drawing has to be in the document to be exported.
                <div id={PREVIEW_ID}>{ for drawn.map(|view| props.draw.emit(view)) }</div>
            </div>
        </Region>
    }
}

fn link(props: &ExportProps, said: &Said) -> Html {
    let too_long = props.plan.base.name.is_none() && props.plan.base.link.is_none();
    if too_long {
        return html! { <p class="soft">{ words::NO_LINK }</p> };
    }
    let onclick = {
        let (link, said) = (props.link.clone(), said.clone());
        Callback::from(move |_| {
            let said = said.clone();
            clipboard::copy(&link, move |copied| {
                if !copied {
                    clipboard::select(LINK_ID);
                }
                said.set(((if copied { words::COPIED } else { words::NOT_COPIED }).to_owned(), None));
            });
        })
    };
    html! {
        <section aria-labelledby="link-heading">
            <h3 id="link-heading">{ words::LINK_HEADING }</h3>
            <p class="soft">{ words::LINK }</p>
            <p class="printed" id={LINK_ID} tabindex="0" role="group" aria-label={words::LINK_HEADING}>{ &props.link }</p>
            <div class="under"><button type="button" class="plain" {onclick}>{ words::COPY_LINK }</button></div>
        </section>
    }
}

fn run(props: &ExportProps, node: &UseStateHandle<Option<NodeId>>, said: &Said) -> Html {
    let machines: Vec<NodeId> = machines(&props.run).collect();
    let at = node.filter(|node| machines.contains(node)).or_else(|| server(&props.run)).unwrap_or(NodeId(0));
    let onchange = {
        let node = node.setter();
        Callback::from(move |event: Event| node.set(chosen(&event).and_then(|id| id.parse().ok()).map(NodeId)))
    };
    let option = |id: &NodeId| {
        html! { <option value={id.0.to_string()} selected={*id == at}>{ props.run.name(*id) }</option> }
    };
    let button = |label: &'static str, file: File| {
        let (props, said) = (props.clone(), said.clone());
        let onclick = Callback::from(move |_| give(file, &props, at, &said));
        html! { <button type="button" class="plain" {onclick}>{ label }</button> }
    };
    html! {
        <section aria-labelledby="run-heading">
            <h3 id="run-heading">{ words::RUN_HEADING }</h3>
            <p class="soft">{ words::RUN }</p>
            <div class="under">
                <label class="picker">
                    <span>{ words::CAPTURE_AT }</span>
                    <select {onchange}>{ for machines.iter().map(option) }</select>
                </label>
                { button("pcapng", File::Pcapng) }
                { button(words::TCPDUMP, File::Tcpdump) }
            </div>
            <div class="under">
                { button(words::CSV, File::Csv) }
                { button(words::JSON, File::Json) }
            </div>
        </section>
    }
}

/// The nodes at which a capture can be taken: all except boxes.
fn machines(run: &Run) -> impl Iterator<Item = NodeId> + '_ {
    let ids = (0..u16::MAX).map(NodeId);
    ids.zip(&run.trace.nodes).filter(|(_, node)| !node.role.is_box()).map(|(id, _)| id)
}

fn server(run: &Run) -> Option<NodeId> {
    machines(run).find(|id| run.name(*id) == run.scenario.server.name)
}

fn give(file: File, props: &ExportProps, at: NodeId, said: &Said) {
    let ExportProps { run, plan, .. } = props;
    let place = run.name(at);
    let named = |what: &str, ending: &str| words::file_name(plan, what, ending);
    match file {
        File::Pcapng => {
            let bytes = pcapng::file(&run.trace, at, &run.scenario.title);
            let name = named(place, "pcapng");
            let offered = download::file(&name, "application/x-pcapng", &bytes);
            tell(said, &name, offered, None);
        }
        File::Tcpdump => text(said, &named(place, "txt"), "text/plain", tcpdump::file(&run.trace, at)),
        File::Csv => text(said, &named("trace", "csv"), "text/csv", csv::file(&run.trace)),
        File::Json => text(said, &named("trace", "json"), "application/json", json::file(&run.trace)),
    }
}

fn text(said: &Said, name: &str, kind: &str, text: String) {
    let offered = download::file(name, kind, text.as_bytes());
    tell(said, name, offered, Some(text));
}

/// Reports the result of an export. If the download may have been blocked, the text of the file is shown.
fn tell(said: &Said, name: &str, offered: bool, text: Option<String>) {
    if offered && !download::may_be_swallowed() {
        said.set((words::saved(name), None));
        return;
    }
    match text.filter(|text| text.len() <= MOST_SHOWN) {
        Some(text) => said.set((words::TEXT_BELOW.to_owned(), Some(text))),
        None => said.set((words::OPEN_APART.to_owned(), None)),
    }
}

fn pictures(props: &ExportProps, drawn: &UseStateHandle<Option<Tab>>, said: &Said) -> Html {
    let onchange = {
        let drawn = drawn.setter();
        Callback::from(move |event: Event| {
            let name = chosen(&event).unwrap_or_default();
            drawn.set(Tab::named(&name).filter(|view| view.is_drawn()));
        })
    };
    let views = Tab::all().filter(|view| view.is_drawn());
    let option = |view: Tab| {
        let selected = **drawn == Some(view);
        html! { <option value={view.name()} {selected}>{ view.label() }</option> }
    };
    let button = |label: &'static str, png: bool| {
        let (plan, drawn, said) = (Rc::clone(&props.plan), **drawn, said.clone());
        let onclick = Callback::from(move |_| take(&plan, drawn, png, &said));
        html! { <button type="button" class="plain" {onclick}>{ label }</button> }
    };
    html! {
        <section aria-labelledby="pictures-heading">
            <h3 id="pictures-heading">{ words::PICTURES_HEADING }</h3>
            <p class="soft">{ words::PICTURES }</p>
            <div class="under">
                <label class="picker">
                    <span>{ words::PICTURE_OF }</span>
                    <select {onchange}>
                        <option value="stage" selected={drawn.is_none()}>{ words::STAGE }</option>
                        { for views.map(option) }
                    </select>
                </label>
                { button("SVG", false) }
                { button("PNG", true) }
            </div>
        </section>
    }
}

/// Exports each drawing of a tab as a file. Most tabs have one drawing.
fn take(plan: &Plan, drawn: Option<Tab>, png: bool, said: &Said) {
    let pictures = picture::taken(if drawn.is_some() { PREVIEW_ID } else { STAGE_ID });
    if pictures.is_empty() {
        said.set((words::NO_PICTURE.to_owned(), None));
    }
    for (index, picture) in pictures.iter().enumerate() {
        let view = drawn.map_or(STAGE_ID, Tab::name);
        let number = if index == 0 { String::new() } else { format!("-{}", index + 1) };
        let name = words::file_name(plan, &format!("{view}{number}"), if png { "png" } else { "svg" });
        if png {
            let said = said.clone();
            picture::png_file(&name.clone(), picture, move |made| {
                if made {
                    tell(&said, &name, true, None);
                } else {
                    said.set((words::NO_PNG.to_owned(), None));
                }
            });
        } else {
            text(said, &name, "image/svg+xml", picture.svg.clone());
        }
    }
}
