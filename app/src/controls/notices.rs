//! What the address asked for and could not have.

use yew::prelude::*;

use super::button;
use lab::route::Rejected;
use lab::state::Action;
use lab::text::notices as text;

/// So many are named; the others are counted.
const MOST_NAMED: usize = 5;

/// The notice, if there is something to say.
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
