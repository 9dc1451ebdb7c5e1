//! What the address asked for and could not have.

use yew::prelude::*;

use super::button;
use crate::markup::element;
use lab::route::Rejected;
use lab::state::Action;

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
        let parameter = element!("code").with(rejected.parameter.clone());
        element!("li").with(parameter).with(format!(": {}", rejected.because))
    };
    let more = (more > 0).then(|| element!("li").with(format!("and {more} more")));
    let said = element!("div")
        .with(element!("p").with("The address of this page asks for something that cannot be. It was ignored:"))
        .with(element!("ul").with_each(named.map(entry)).with(more));
    element!("div", "role" = "alert", "class" = "notice")
        .with(said)
        .with(button("plain", "Dismiss", act, Action::Dismiss))
        .html()
}
