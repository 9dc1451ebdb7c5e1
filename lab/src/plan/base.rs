//! The scenario that a plan starts from: a preset, or a scenario of the visitor.

use std::rc::Rc;

use sim_core::scenario::{Action, Scenario, ScenarioError, TimedAction};
use sim_core::time::SimTime;

use super::key::Key;
use crate::catalogue;
use crate::permalink;

/// The scenario that a plan starts from.
#[derive(Clone, Debug)]
pub struct Base {
    /// The name of the preset in the address of the page; `None` for a scenario of the visitor.
    pub name: Option<&'static str>,
    /// The scenario.
    pub scenario: Rc<Scenario>,
    /// The visitor's scenario as the address holds it; `None` if it is too long for an address.
    pub link: Option<Rc<str>>,
}

/// Two bases are equal if the address is the same. A scenario that is too long for an address is equal only to itself.
impl PartialEq for Base {
    fn eq(&self, other: &Self) -> bool {
        let addressed = self.name.is_some() || self.link.is_some();
        Rc::ptr_eq(&self.scenario, &other.scenario) || (addressed && self.name == other.name && self.link == other.link)
    }
}

impl Eq for Base {}

impl Base {
    /// The preset that the page opens with.
    pub const INCIDENT: &'static str = "one-address-many-servers";

    /// The preset called `name`.
    pub fn preset(name: &str) -> Option<Self> {
        let name = catalogue::named(name)?.name;
        Some(Self { name: Some(name), scenario: Rc::new(Scenario::preset(name)?), link: None })
    }

    /// A scenario of the visitor, from the text of a file.
    ///
    /// # Errors
    /// If the text is not a valid scenario. The error names the field, the value and what is allowed.
    pub fn own(json: &str) -> Result<Self, ScenarioError> {
        Ok(Self::of(Scenario::from_json(json)?))
    }

    /// A scenario of the visitor, from the parameter `own` of the address.
    ///
    /// # Errors
    /// The reason why the link cannot be read, as a phrase.
    pub fn linked(text: &str) -> Result<Self, String> {
        permalink::read(text).map(Self::of)
    }

    fn of(scenario: Scenario) -> Self {
        Self::made(Rc::new(scenario))
    }

    /// A scenario that was built on the page.
    pub fn made(scenario: Rc<Scenario>) -> Self {
        Self { name: None, link: permalink::written(&scenario).map(Rc::from), scenario }
    }

    /// Whether this is the preset that the page opens with.
    pub fn is_incident(&self) -> bool {
        self.name == Some(Self::INCIDENT)
    }

    /// The scenario's own writes to the switches of the server: moment, key and value.
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
