//! The notice about parameters of the address that were rejected.

use yew::prelude::*;

use super::button;
use lab::route::Rejected;
use lab::state::Action;
use lab::text::notices as text;

/// The notice names up to this many parameters and counts the others.
const MOST_NAMED: usize = 5;

/// The notice, if there are rejected parameters.
pub fn notices(rejected: &[Rejected], act: &Callback<Action>) -> Html {
    if rejected.is_empty() {
        return Html::default();
    }
    let named = rejected.iter().take(MOST_NAMED);
    let more = rejected.len().saturating_sub(MOST_NAMED);
    let entry = |rejected: &Rejected| {
        html! { <li><code>{ &rejected.parameter }</code>{ format!(": {}", rejected.because) }</li> }
    };
    html! {
        <div role="alert" class="notice">
            <div>
                <p>{ text::IGNORED }</p>
                <ul>
                    { for named.map(entry) }
                    if more > 0 {
                        <li>{ text::more(more) }</li>
                    }
                </ul>
            </div>
            { button("plain", text::DISMISS, act, Action::Dismiss) }
        </div>
    }
}
