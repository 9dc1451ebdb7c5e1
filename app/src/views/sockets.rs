//! The server's sockets as `ss -tan` prints them.

use sim_core::export::ss;
use sim_core::trace::snapshot::Snapshot;
use yew::prelude::*;

use super::Region;

/// The sockets.
pub fn sockets(snapshot: &Snapshot) -> Html {
    let lines = ss::lines(snapshot).join("\n");
    let text = format!("{}\n{lines}", ss::HEADER);
    Region::new("sockets", "Sockets").aside(html! { <code>{ "ss -tan" }</code> }).around(html! {
        <pre class="printed capped" tabindex="0" role="group" aria-label="ss -tan on the server">{ text }</pre>
    })
}
