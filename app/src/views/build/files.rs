//! Scenario files: chosen in the form or dropped on the page. Files that are not scenarios are reported.

use yew::prelude::*;

use crate::platform::file::{self, OpenedFile};
use crate::scenario_reader::{ScenarioReader, with_scenario_reader};
use lab::plan::Base;
use lab::state::Action;
use lab::text::build as words;

/// The largest file that is read. Every valid scenario is smaller.
const MOST_BYTES: u32 = 1_000_000;

/// Opens files, and holds the error of the last one.
#[derive(Clone, PartialEq)]
pub struct Files {
    pub(super) act: Callback<Action>,
    opened: Callback<OpenedFile>,
    said: UseStateHandle<Option<String>>,
}

/// Opens files that are dropped on the page.
#[hook]
pub fn use_files(act: Callback<Action>) -> Files {
    let said = use_state_eq(|| None::<String>);
    let opened = {
        let set = said.setter();
        use_callback(act.clone(), move |opened: OpenedFile, act| {
            let (set, act) = (set.clone(), act.clone());
            with_scenario_reader(move |reader| {
                set.set(match base(&opened, reader) {
                    Ok(base) => {
                        act.emit(Action::Open(base));
                        None
                    }
                    Err(because) => Some(words::not_opened(&opened.name, &because)),
                });
            });
        })
    };
    {
        let opened = opened.clone();
        use_effect_with((), move |()| {
            let dropped = file::on_drop(MOST_BYTES, move |file| opened.emit(file));
            move || drop(dropped)
        });
    }
    Files { act, opened, said }
}

impl Files {
    /// The error of the last file, if it could not be opened.
    pub fn notice(&self) -> Html {
        let Some(said) = self.said.as_deref() else { return Html::default() };
        let set = self.said.setter();
        let dismiss = Callback::from(move |_| set.set(None));
        html! {
            <div role="alert" class="notice">
                <p>{ said }</p>
                <button type="button" class="plain" onclick={dismiss}>{ words::DISMISS }</button>
            </div>
        }
    }

    pub(super) fn choose(&self, event: &Event) {
        let opened = self.opened.clone();
        file::chosen(event, MOST_BYTES, move |file| opened.emit(file));
    }
}

fn base(opened: &OpenedFile, reader: Option<ScenarioReader>) -> Result<Base, String> {
    let text = opened.text.as_ref().map_err(|unread| words::unread(*unread).to_owned())?;
    let reader = reader.ok_or(words::NO_READER)?;
    (reader.file)(text)
}
