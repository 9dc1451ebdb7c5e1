//! How to collect the evidence: the commands, each with what it tells.

use yew::prelude::*;

use super::printed::Printed;

/// What to type on the customer's server, and why.
const COMMANDS: [(&str, &str); 8] = [
    (
        "nstat -az; sleep 60; nstat -az",
        "The counters, twice 60 s apart: what moves is happening now. Where nstat is not there: netstat -s, twice.",
    ),
    (
        "sysctl -a 2>/dev/null | grep -E 'net\\.ipv4\\.(tcp_|ip_local)|net\\.core\\.somaxconn'",
        "The settings that run. Files in /etc/sysctl.d may say otherwise and can be handed in too.",
    ),
    ("uname -r", "The kernel decides which rules hold and which fix there is."),
    ("cat /etc/os-release", "The distribution."),
    ("ss -s", "How many sockets are in which state."),
    ("ss -tan", "The sockets one by one, with their queues."),
    ("dmesg | grep -iE 'time wait bucket|SYN flooding'", "What the kernel's log says of full tables."),
    (
        "tcpdump -i any -s 128 -c 200000 -w syn.pcap tcp port 443",
        "A capture on the server, without contents. Put the service's port in place of 443, and let it run while somebody cannot connect.",
    ),
];

/// The list, folded.
pub fn collect() -> Html {
    let row = |(index, (command, why)): (usize, &(&'static str, &'static str))| {
        html! {
            <li>
                <p class="soft">{ *why }</p>
                <Printed id={format!("collect-{index}")} what={format!("the command {}", first_word(command))} text={*command} />
            </li>
        }
    };
    html! {
        <details class="desk-fold" id="collect">
            <summary>{ "How to collect the evidence" }</summary>
            <p class="soft">{ "To be run as root on the server that does not answer. Every one of them only reads." }</p>
            <ol>{ for COMMANDS.iter().enumerate().map(row) }</ol>
        </details>
    }
}

fn first_word(command: &str) -> String {
    command.split([' ', ';']).next().unwrap_or_default().to_owned()
}
