//! Where a plan starts from: a scenario that comes with the lab, or one of the visitor's own.

use std::rc::Rc;

use sim_core::scenario::{Action, Scenario, ScenarioError, TimedAction};
use sim_core::time::SimTime;

use super::Key;
use crate::catalogue;
use crate::permalink;

/// The scenario that a plan starts from.
#[derive(Clone, Debug)]
pub struct Base {
    /// Its name in the address of the page; `None` for one of the visitor's own.
    pub name: Option<&'static str>,
    /// What it says.
    pub scenario: Rc<Scenario>,
    /// One of the visitor's own as the address of the page holds it; `None` for one that is too long for that.
    pub link: Option<Rc<str>>,
}

/// What stands in the address says it all; one that is too long for that is equal to itself alone.
impl PartialEq for Base {
    fn eq(&self, other: &Self) -> bool {
        let addressed = self.name.is_some() || self.link.is_some();
        Rc::ptr_eq(&self.scenario, &other.scenario) || (addressed && self.name == other.name && self.link == other.link)
    }
}

impl Eq for Base {}

impl Base {
    /// The scenario that the page opens with.
    pub const INCIDENT: &'static str = "one-address-many-servers";

    /// The scenario of that name.
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        let name = catalogue::named(name)?.name;
        Some(Self { name: Some(name), scenario: Rc::new(Scenario::preset(name)?), link: None })
    }

    /// A scenario of the visitor's own.
    ///
    /// # Errors
    /// When the text is no scenario: where, what stood there, and what is allowed.
    pub fn own(json: &str) -> Result<Self, ScenarioError> {
        Ok(Self::of(Scenario::from_json(json)?))
    }

    /// A scenario of the visitor's own, from the address of the page.
    ///
    /// # Errors
    /// Why the link stands for none.
    pub fn linked(text: &str) -> Result<Self, String> {
        permalink::read(text).map(Self::of)
    }

    fn of(scenario: Scenario) -> Self {
        Self::made(Rc::new(scenario))
    }

    /// A scenario that was made here.
    #[must_use]
    pub fn made(scenario: Rc<Scenario>) -> Self {
        Self { name: None, link: permalink::written(&scenario).map(Rc::from), scenario }
    }

    /// Whether this is the scenario that the page opens with.
    #[must_use]
    pub fn is_incident(&self) -> bool {
        self.name == Some(Self::INCIDENT)
    }

    /// What the scenario itself writes to the switches of the server, and when.
    #[must_use]
    pub fn writes(&self) -> Vec<(SimTime, Key, u8)> {
        let write = |timed: &TimedAction| match &timed.action {
            Action::SetSysctl { key, value } => {
                let key = Key::all().find(|known| known.name() == key)?;
                Some((timed.at(), key, value.trim().parse().ok()?))
            }
            _ => None,
        };
        self.scenario.actions.iter().filter_map(write).collect()
    }
}
