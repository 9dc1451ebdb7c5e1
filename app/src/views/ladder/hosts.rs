//! The choice of the ladder's hosts: those of the refusal at the playhead, or hosts that the visitor selects.

use lab::ladder::default_hosts::MOST;
use lab::ladder::sequence::Source;
use sim_core::trace::{NodeId, Role};
use yew::prelude::*;

use crate::platform::element::{chosen, is_checked};
use lab::run::SharedRun;
use lab::text::ladder as text;

/// With more hosts than this, they are chosen from lists instead of check boxes.
const MOST_BOXES: usize = 12;

/// The properties of [`Hosts`].
#[derive(Clone, PartialEq, Properties)]
pub struct HostsProps {
    /// The run.
    pub run: SharedRun,
    /// The hosts that are shown.
    pub shown: Vec<NodeId>,
    /// Whether they follow the refusals.
    pub follows: bool,
    /// Receives a choice; `None` follows the refusals.
    pub choose: Callback<Option<Vec<NodeId>>>,
}

/// The choice of hosts.
#[component]
pub fn Hosts(props: &HostsProps) -> Html {
    let HostsProps { run, shown, follows, choose } = props;
    let source = Source { trace: &run.trace, index: &run.index };
    let callers = source.callers();
    let follow = {
        let (choose, shown) = (choose.clone(), shown.clone());
        move |event: Event| choose.emit(if is_checked(&event) == Some(true) { None } else { Some(shown.clone()) })
    };
    html! {
        <fieldset class="ladder-hosts">
            <legend class="for-the-ear">{ text::HOSTS }</legend>
            if !run.index.refusals.is_empty() {
                <label class="tick"><input type="checkbox" checked={*follows} onchange={follow} />{ text::FOLLOW }</label>
            }
            if callers.len() > MOST_BOXES {
                { for (0..MOST).map(|place| list(props, &callers, place)) }
            } else if callers.len() > 1 {
                { for callers.iter().map(|host| tick(props, *host)) }
            }
        </fieldset>
    }
}

fn tick(props: &HostsProps, host: NodeId) -> Html {
    let HostsProps { run, shown, choose, .. } = props;
    let checked = shown.contains(&host);
    // The last host cannot be removed, and no more than fit can be added.
    let disabled = if checked { shown.len() == 1 } else { shown.len() >= MOST };
    let onchange = {
        let (choose, mut hosts) = (choose.clone(), shown.clone());
        if checked {
            hosts.retain(|other| *other != host);
        } else {
            hosts.push(host);
        }
        move |_: Event| choose.emit(Some(hosts.clone()))
    };
    html! {
        <label class="tick"><input type="checkbox" {checked} {disabled} {onchange} />
            <span class={classes!("tinted", tint(run, host))}>{ run.name(host) }</span>
        </label>
    }
}

/// A list to choose one of many hosts from.
fn list(props: &HostsProps, callers: &[NodeId], place: usize) -> Html {
    let HostsProps { run, shown, choose, .. } = props;
    let now = shown.get(place).copied();
    let onchange = {
        let (choose, shown) = (choose.clone(), shown.clone());
        move |event: Event| {
            let picked = chosen(&event).and_then(|value| value.parse().ok()).map(NodeId);
            let mut hosts: Vec<NodeId> = shown.clone();
            match (picked, place < hosts.len()) {
                (Some(host), _) if hosts.contains(&host) => {}
                (Some(host), true) => hosts[place] = host,
                (Some(host), false) => hosts.push(host),
                (None, true) if hosts.len() > 1 => drop(hosts.remove(place)),
                (None, _) => {}
            }
            choose.emit(Some(hosts));
        }
    };
    let option = |host: &NodeId| {
        html! { <option value={host.0.to_string()} selected={now == Some(*host)}>{ run.name(*host) }</option> }
    };
    html! {
        <label class="picker"><span class="for-the-ear">{ text::host_label(place) }</span>
            <select {onchange}>
                if place > 0 {
                    <option value="" selected={now.is_none()}>{ text::NOBODY }</option>
                }
                { for callers.iter().map(option) }
            </select>
        </label>
    }
}

/// The CSS class of the tint of a client.
pub fn tint(run: &SharedRun, host: NodeId) -> Option<String> {
    run.node(host).filter(|node| node.role == Role::Client).map(|_| run.tint_class(host))
}
