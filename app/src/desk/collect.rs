//! The folded list of commands that collect the evidence.

use desk::session::collect::{COMMANDS, program};
use yew::prelude::*;

use super::copyable::Copyable;

/// The list.
pub fn collect() -> Html {
    let row = |(index, (command, purpose)): (usize, &(&'static str, &'static str))| {
        html! {
            <li>
                <p class="soft">{ *purpose }</p>
                <Copyable id={format!("collect-{index}")} what={format!("the command {}", program(command))} text={*command} />
            </li>
        }
    };
    html! {
        <details class="desk-fold" id="collect">
            <summary>{ "How to collect the evidence" }</summary>
            <p class="soft">{ "Run these commands as root on the server that does not answer. They only read." }</p>
            <ol>{ for COMMANDS.iter().enumerate().map(row) }</ol>
        </details>
    }
}
