//! The server's sockets, as `ss -tan` prints them.

use sim_core::export::ss;
use sim_core::trace::snapshot::Snapshot;
use yew::prelude::*;

use super::region::Region;
use lab::text::sockets as words;

/// The sockets.
pub fn sockets(snapshot: &Snapshot) -> Html {
    let lines = ss::lines(snapshot).join("\n");
    let text = format!("{}\n{lines}", ss::HEADER);
    html! {
        <Region id="sockets" heading={words::HEADING} aside={html! { <code>{ "ss -tan" }</code> }}>
            <pre class="printed capped" tabindex="0" role="group" aria-label={words::LIST}>{ text }</pre>
        </Region>
    }
}
