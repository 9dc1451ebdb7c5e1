//! The fields of the form, with unit and error message.

use sim_core::scenario::ScenarioError;
use yew::prelude::*;

use crate::platform::element::{chosen, input_value, is_checked};
use lab::draft::fields::{Field, FieldKind, HOST, NAT, SERVER, WHEN, WHOLE};
use lab::draft::{Draft, Edit};
use lab::text::build as words;

/// What a field is drawn from.
pub(super) struct Sheet<'a> {
    pub(super) draft: &'a Draft,
    pub(super) error: Option<&'a ScenarioError>,
    /// The JSON pointer of the error.
    pub(super) pointer: Option<String>,
    pub(super) edit: &'a Callback<Edit>,
}

/// The id of the field at `pointer`.
pub(super) fn id(pointer: &str) -> String {
    format!("build{}", pointer.replace('/', "-"))
}

impl Sheet<'_> {
    pub(super) fn whole(&self) -> Html {
        self.group(words::WHOLE, "", &WHOLE, Html::default())
    }

    /// The fields of the server, and the lines of its sysctl file.
    pub(super) fn server(&self, sysctls: Html) -> Html {
        self.group(words::SERVER, "/server", &SERVER, sysctls)
    }

    pub(super) fn nat(&self) -> Html {
        let with = self.draft.at("/nat").is_some();
        let onchange = {
            let edit = self.edit.clone();
            Callback::from(move |event: Event| edit.emit(Edit::Nat(is_checked(&event).unwrap_or(false))))
        };
        let tick = html! {
            <label class="tick"><input type="checkbox" checked={with} {onchange} />{ words::SHARES }</label>
        };
        let fields: &[Field] = if with { &NAT } else { &[] };
        self.group_after(words::NAT, "/nat", fields, tick, Html::default())
    }

    /// A group of fields with a heading, followed by `after`.
    pub(super) fn group(&self, legend: &str, group: &str, fields: &[Field], after: Html) -> Html {
        self.group_after(legend, group, fields, Html::default(), after)
    }

    fn group_after(&self, legend: &str, group: &str, fields: &[Field], before: Html, after: Html) -> Html {
        html! {
            <fieldset class="fields">
                <legend>{ legend }</legend>
                { before }
                { self.unclaimed(group, fields) }
                <div class="grid">{ for fields.iter().map(|field| self.field(group, field)) }</div>
                { after }
            </fieldset>
        }
    }

    /// A field below `group`.
    pub(super) fn field(&self, group: &str, field: &Field) -> Html {
        let pointer = format!("{group}/{}", field.path);
        let id = id(&pointer);
        let note = format!("{id}-note");
        let wrong = self.mistake_at(&pointer);
        let wide = (field.kind == FieldKind::Sentence).then_some("wide");
        html! {
            <div class={classes!("field", wide, wrong.is_some().then_some("wrong"))} key={pointer.clone()}>
                <label for={id.clone()}>{ field.label }</label>
                <span class="entry">
                    { self.control(&pointer, field, &id, wrong.is_some().then_some(note.clone())) }
                    if !field.unit.is_empty() {
                        <span class="unit">{ field.unit }</span>
                    }
                </span>
                if let Some(wrong) = wrong {
                    <p class="mistake" id={note}>{ wrong }</p>
                }
            </div>
        }
    }

    fn control(&self, pointer: &str, field: &Field, id: &str, note: Option<String>) -> Html {
        let kind = field.kind;
        let typed = {
            let (edit, pointer) = (self.edit.clone(), pointer.to_owned());
            move |text: String| edit.emit(Edit::Type(pointer.clone(), kind, text))
        };
        let shown = self.draft.shown(pointer, kind);
        let invalid = note.is_some().then_some("true");
        let id = id.to_owned();
        match kind {
            FieldKind::Flag => {
                let onchange = Callback::from(move |event: Event| {
                    typed(is_checked(&event).unwrap_or(false).to_string());
                });
                html! {
                    <input type="checkbox" {id} checked={shown == "true"} {onchange} aria-invalid={invalid}
                        aria-describedby={note} />
                }
            }
            FieldKind::Choice(choices) => {
                let onchange = Callback::from(move |event: Event| typed(chosen(&event).unwrap_or_default()));
                let all = choices.all();
                // A value that is left out means the first choice.
                let first = all.first().filter(|_| shown.is_empty()).map(|(value, _)| value.clone());
                let shown = first.unwrap_or(shown);
                let other = all.iter().all(|(value, _)| *value != shown);
                html! {
                    <select {id} {onchange} aria-invalid={invalid} aria-describedby={note}>
                        if other {
                            <option value={shown.clone()} selected=true>{ &shown }</option>
                        }
                        { for all.iter().map(|(value, label)| html! {
                            <option value={value.clone()} selected={*value == shown}>{ label }</option>
                        }) }
                    </select>
                }
            }
            FieldKind::Sentence => {
                let oninput = Callback::from(move |event: InputEvent| typed(input_value(&event).unwrap_or_default()));
                html! {
                    <textarea {id} rows="3" value={shown} {oninput} aria-invalid={invalid} aria-describedby={note} />
                }
            }
            FieldKind::Text | FieldKind::Number | FieldKind::Optional(_) | FieldKind::Uptime => {
                let oninput = Callback::from(move |event: InputEvent| typed(input_value(&event).unwrap_or_default()));
                let placeholder = if let FieldKind::Optional(unsaid) = kind { unsaid } else { "" };
                let inputmode = if kind == FieldKind::Text { "text" } else { "numeric" };
                html! {
                    <input type="text" {id} value={shown} {oninput} {placeholder} {inputmode} spellcheck="false"
                        aria-invalid={invalid} aria-describedby={note} />
                }
            }
        }
    }

    /// The error message for `pointer` or a value below it.
    pub(super) fn mistake_at(&self, pointer: &str) -> Option<String> {
        let wrong = self.pointer.as_deref()?;
        let rest = wrong.strip_prefix(pointer)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| self.error.map(words::mistake))?
    }

    /// An error message below `group` that belongs to none of `fields`.
    pub(super) fn unclaimed(&self, group: &str, fields: &[Field]) -> Html {
        let elsewhere = group.is_empty() || fields.iter().any(|field| self.shows(group, field));
        let mistake = self.mistake_at(group).filter(|_| !elsewhere);
        mistake.map_or_else(Html::default, |mistake| html! { <p class="mistake" id={id(group)}>{ mistake }</p> })
    }

    fn shows(&self, group: &str, field: &Field) -> bool {
        field.kind != FieldKind::Uptime && self.mistake_at(&format!("{group}/{}", field.path)).is_some()
    }

    /// The name of the field with the error.
    pub(super) fn place(&self) -> String {
        let Some(pointer) = self.pointer.as_deref() else { return String::new() };
        let steps: Vec<&str> = pointer.split('/').skip(1).collect();
        let (group, whose, fields): (String, String, &[Field]) = match steps.as_slice() {
            ["hosts", index, ..] => {
                let group = format!("/hosts/{index}");
                let name = self.draft.shown(&format!("{group}/name"), FieldKind::Text);
                (group, if name.is_empty() { words::numbered(words::HOST, index) } else { name }, &HOST)
            }
            ["actions", index, ..] => {
                let number = index.parse::<usize>().map_or(0, |index| index + 1);
                (format!("/actions/{index}"), words::numbered(words::ACTION, &number.to_string()), &[WHEN])
            }
            ["server", ..] => ("/server".to_owned(), words::SERVER.to_owned(), &SERVER),
            ["nat", ..] => ("/nat".to_owned(), words::NAT.to_owned(), &NAT),
            _ => (String::new(), String::new(), &WHOLE),
        };
        let field = fields.iter().find(|field| self.shows(&group, field)).map(|field| field.label.to_owned());
        let rest = || pointer.trim_start_matches(&group).trim_start_matches('/').replace('/', ", ");
        let what = field.unwrap_or_else(rest);
        [whose, what].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}
