//! The state of the page as a yew reducer, and the handle of a file that is read in slices.

use std::ops::Deref;
use std::rc::Rc;

use desk::session::{Action, Session};
use yew::Reducible;

use crate::platform::picked::Picked;

/// An action of the visitor or the browser.
pub type DeskAction = Action<Picked>;

/// The state of the page.
#[derive(Clone, Debug, Default)]
pub struct DeskState(Session<Picked>);

impl Deref for DeskState {
    type Target = Session<Picked>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Reducible for DeskState {
    type Action = DeskAction;

    fn reduce(self: Rc<Self>, action: DeskAction) -> Rc<Self> {
        let mut state = Rc::unwrap_or_clone(self);
        state.0.apply(action);
        Rc::new(state)
    }
}
