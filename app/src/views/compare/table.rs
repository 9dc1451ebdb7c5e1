//! The comparison as a table with one row per host.

use std::rc::Rc;

use yew::prelude::*;

use lab::comparison::side_by_side::SideBySide;
use lab::comparison::{AttemptOutcome, HostLane, Pair};
use lab::text::compare as words;

#[derive(Clone, PartialEq, Properties)]
pub struct TableProps {
    pub compared: Rc<SideBySide>,
    /// The hosts of both runs.
    pub pairs: Rc<[Pair]>,
}

/// The outcomes of the attempts of each host, over the whole of both runs.
#[component]
pub fn Table(props: &TableProps) -> Html {
    let [before, after] = words::headings(props.compared.baseline);
    let numbers = |lane: &HostLane| {
        let counts = AttemptOutcome::ALL.map(|outcome| lane.count(outcome));
        let all = [lane.attempts.len()].into_iter().chain(counts).chain([lane.refused.len()]);
        all.map(|count| html! { <td>{ count }</td> }).collect::<Html>()
    };
    let row = |pair: &Pair| {
        html! {
            <tr key={pair.name.clone()} class={classes!(pair.differs().then_some("differs"))}>
                <th scope="row">{ &pair.name }</th>{ for pair.lanes.iter().map(numbers) }
            </tr>
        }
    };
    let names = || {
        let kinds = AttemptOutcome::ALL.map(words::outcome);
        let all = [words::ATTEMPTS].into_iter().chain(kinds).chain([words::SYNS_REFUSED]);
        all.map(|name| html! { <th scope="col">{ name }</th> }).collect::<Html>()
    };
    html! {
        <details>
            <summary>{ words::EACH_HOST }</summary>
            <div class="wide-table" tabindex="0" role="group" aria-label={words::EACH_HOST}>
                <table>
                    <thead>
                        <tr>
                            <td></td>
                            <th scope="colgroup" colspan="6">{ before }</th>
                            <th scope="colgroup" colspan="6">{ after }</th>
                        </tr>
                        <tr><th scope="col">{ words::HOST }</th>{ names() }{ names() }</tr>
                    </thead>
                    <tbody>{ for props.pairs.iter().map(row) }</tbody>
                </table>
            </div>
        </details>
    }
}
