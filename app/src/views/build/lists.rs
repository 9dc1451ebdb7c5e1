//! The lists of the form: hosts, actions, and sysctls of the server, with buttons to add and remove entries.

use serde_json::{Value, json};
use yew::prelude::*;

use super::draw::{Sheet, id};
use crate::platform::element::{chosen, input_value};
use lab::draft::Edit;
use lab::draft::fields::{ACTIONS, Choices, Field, FieldKind, HOST, WHEN};
use lab::text::build as words;

/// The hosts: a line for each, and the fields of the open one.
pub(super) fn hosts(sheet: &Sheet<'_>) -> Html {
    let count = sheet.draft.count("/hosts");
    html! {
        <fieldset class="fields">
            <legend>{ words::list(words::HOSTS, count) }</legend>
            if sheet.pointer.as_deref() == Some("/hosts") {
                { sheet.unclaimed("/hosts", &[]) }
            }
            <ul class="entries" aria-label={words::HOSTS}>{ for (0..count).map(|index| host(sheet, index)) }</ul>
            <div class="under">{ button(sheet, words::ADD_HOST, words::ADD_HOST.to_owned(), Edit::AddHost(None)) }</div>
        </fieldset>
    }
}

fn host(sheet: &Sheet<'_>, index: usize) -> Html {
    let group = format!("/hosts/{index}");
    let wrong = sheet.mistake_at(&group).is_some();
    // A host with an error is always open.
    let open = sheet.draft.open == Some(index) || wrong;
    let text = |field: &str| sheet.draft.shown(&format!("{group}/{field}"), FieldKind::Text);
    let name = text("name");
    let about = [text("kernel"), text("addr")].join(", ");
    let next = if sheet.draft.open == Some(index) { None } else { Some(index) };
    let onclick = sheet.edit.reform(move |_| Edit::Open(next));
    html! {
        <li class={classes!(wrong.then_some("wrong"))}>
            <div class="entry-line">
                <button type="button" class="link" {onclick} aria-expanded={open.to_string()}>
                    { if name.is_empty() { words::NO_NAME } else { &name } }
                </button>
                <span class="soft">{ about }</span>
                <span class="entry-buttons">
                    { button(sheet, words::DUPLICATE, words::button(words::DUPLICATE, &name), Edit::AddHost(Some(index))) }
                    { button(sheet, words::REMOVE, words::button(words::REMOVE, &name), Edit::Remove(group.clone())) }
                </span>
            </div>
            if open {
                { sheet.unclaimed(&group, &HOST) }
                <div class="grid">{ for HOST.iter().map(|field| sheet.field(&group, field)) }</div>
            }
        </li>
    }
}

/// The actions. Simple ones have fields; the others are only listed by name.
pub(super) fn actions(sheet: &Sheet<'_>) -> Html {
    let count = sheet.draft.count("/actions");
    let new = |what: Value| Edit::Put("/actions/-".to_owned(), json!({ "at_ms": 10_000, "do": what }));
    let server = sheet.draft.shown("/server/name", FieldKind::Text);
    let recycle = json!({ "key": "net.ipv4.tcp_tw_recycle", "value": "0" });
    let add = [
        (words::ADD_ACTION[0], new(json!({ "set-sysctl": recycle }))),
        (words::ADD_ACTION[1], new(json!({ "reboot": { "name": server } }))),
        (words::ADD_ACTION[2], new(json!({ "set-accepting": { "accepting": false } }))),
    ];
    html! {
        <fieldset class="fields">
            <legend>{ words::list(words::ACTIONS, count) }</legend>
            <ul class="entries" aria-label={words::ACTIONS}>{ for (0..count).map(|index| action(sheet, index)) }</ul>
            <div class="under">
                { for add.into_iter().map(|(label, edit)| button(sheet, label, label.to_owned(), edit)) }
            </div>
        </fieldset>
    }
}

fn action(sheet: &Sheet<'_>, index: usize) -> Html {
    let group = format!("/actions/{index}");
    let name = sheet.draft.keys(&format!("{group}/do")).pop().unwrap_or_default();
    let simple = ACTIONS.iter().find(|(simple, _)| *simple == name).map_or(&[][..], |(_, fields)| *fields);
    let fields: Vec<Field> = [WHEN].into_iter().chain(simple.iter().copied()).collect();
    let remove = words::button(words::REMOVE, &words::numbered_action(index + 1));
    html! {
        <li>
            <div class="entry-line">
                <span>{ words::action(&name) }</span>
                <span class="entry-buttons">{ button(sheet, words::REMOVE, remove, Edit::Remove(group.clone())) }</span>
            </div>
            { sheet.unclaimed(&group, &fields) }
            <div class="grid">{ for fields.iter().map(|field| sheet.field(&group, field)) }</div>
        </li>
    }
}

/// The lines of a sysctl file, and a list of keys to add.
pub(super) fn sysctls(sheet: &Sheet<'_>, group: &'static str) -> Html {
    let keys = sheet.draft.keys(group);
    let line = |key: &String| {
        let pointer = format!("{group}/{key}");
        let wrong = sheet.mistake_at(&pointer);
        let note = wrong.is_some().then(|| format!("{}-note", id(&pointer)));
        let oninput = {
            let (edit, pointer) = (sheet.edit.clone(), pointer.clone());
            Callback::from(move |event: InputEvent| {
                edit.emit(Edit::Type(pointer.clone(), FieldKind::Text, input_value(&event).unwrap_or_default()));
            })
        };
        let value = sheet.draft.shown(&pointer, FieldKind::Text);
        html! {
            <div class={classes!("field", "sysctl", wrong.is_some().then_some("wrong"))} key={key.clone()}>
                <label class="mono" for={id(&pointer)}>{ key }</label>
                <span class="entry">
                    <input type="text" id={id(&pointer)} {value} {oninput} spellcheck="false"
                        aria-invalid={wrong.is_some().then_some("true")} aria-describedby={note.clone()} />
                    { button(sheet, words::REMOVE, words::button(words::REMOVE, key), Edit::Remove(pointer.clone())) }
                </span>
                if let Some(wrong) = wrong {
                    <p class="mistake" id={note}>{ wrong }</p>
                }
            </div>
        }
    };
    let onchange = {
        let edit = sheet.edit.clone();
        Callback::from(move |event: Event| {
            if let Some(key) = chosen(&event).filter(|key| !key.is_empty()) {
                edit.emit(Edit::Put(format!("{group}/{key}"), "0".into()));
            }
        })
    };
    let missing = Choices::Sysctls.all().into_iter().filter(|(key, _)| !keys.contains(key));
    html! {
        <>
            { for keys.iter().map(line) }
            <label class="picker">
                <span>{ words::ADD_SYSCTL }</span>
                <select {onchange} key={keys.len()}>
                    <option value="" selected=true>{ words::CHOOSE }</option>
                    { for missing.map(|(key, label)| html! { <option value={key}>{ label }</option> }) }
                </select>
            </label>
        </>
    }
}

fn button(sheet: &Sheet<'_>, label: &'static str, name: String, edit: Edit) -> Html {
    let onclick = sheet.edit.reform(move |_| edit.clone());
    html! { <button type="button" class="link" {onclick} aria-label={name}>{ label }</button> }
}
