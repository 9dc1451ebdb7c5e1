//! Edits of a draft: input is kept as typed, errors name their field, and uptimes are converted to clocks.

use sim_core::scenario::PRESETS;

use super::*;
use crate::draft::fields::{ACTIONS, Field, HOST, NAT, SERVER, WHOLE};
use crate::plan::Base;

fn draft(name: &str) -> Draft {
    Draft::of(Rc::new(Plan::of(Base::preset(name).unwrap())))
}

fn typed(draft: &Draft, pointer: &str, kind: FieldKind, text: &str) -> Draft {
    draft.after(Edit::Type(pointer.to_owned(), kind, text.to_owned()))
}

#[test]
fn every_preset_starts_as_its_scenario_without_the_promise() {
    for preset in PRESETS {
        let without_prediction = |scenario: Scenario| Scenario { prediction: None, promise: None, ..scenario };
        assert_eq!(
            draft(preset.name).scenario().ok(),
            Scenario::preset(preset.name).map(without_prediction),
            "{}",
            preset.name
        );
    }
}

#[test]
fn every_field_leads_to_a_place_that_the_scenario_has() {
    let draft = draft("one-address-many-servers");
    let groups: [(&str, &[Field]); 4] = [("", &WHOLE), ("/server", &SERVER), ("/nat", &NAT), ("/hosts/0", &HOST)];
    for (group, fields) in groups {
        for field in fields {
            let pointer = format!("{group}/{}", field.path);
            let wrong = typed(&draft, &pointer, FieldKind::Text, "\u{2205}");
            if field.kind == FieldKind::Uptime {
                continue;
            }
            // Title and purpose accept any text. For every other field the error is at this field.
            match wrong.scenario() {
                Ok(_) => assert!(["title", "purpose"].contains(&field.path), "{pointer} takes anything"),
                Err(error) => assert_eq!(super::pointer(&error.path), pointer, "{error}"),
            }
        }
    }
}

#[test]
fn invalid_input_stays_in_its_field() {
    let broken = typed(&draft("reboot"), "/duration_s", FieldKind::Number, "1e");
    assert_eq!(broken.shown("/duration_s", FieldKind::Number), "1e");
    assert_eq!(broken.scenario().unwrap_err().path, "duration_s");
    let mended = typed(&broken, "/duration_s", FieldKind::Number, "100");
    assert_eq!(mended.scenario().unwrap().duration_s, 100);
    let emptied = typed(&broken, "/duration_s", FieldKind::Number, "");
    assert_eq!(emptied.shown("/duration_s", FieldKind::Number), "");
    assert!(emptied.scenario().is_err());
}

#[test]
fn an_optional_number_can_be_left_out() {
    let pointer = "/hosts/0/traffic/patience_ms";
    let kind = FieldKind::Optional("");
    let with = typed(&draft("reboot"), pointer, kind, "5000");
    assert_eq!(with.scenario().unwrap().hosts[0].traffic.patience_ms, Some(5_000));
    assert_eq!(typed(&with, pointer, kind, " ").scenario().unwrap().hosts[0].traffic.patience_ms, None);
}

/// The uptime of the form must agree with the model.
#[test]
fn uptime_is_what_the_model_makes_of_the_clock() {
    for kernel in KernelVersion::ALL.into_iter().chain(KernelVersion::CLIENTS) {
        for (hz, seconds) in [(100, 0), (250, 299), (300, 301), (1_000, 4_000_000)] {
            let mut draft = draft("one-host-alone");
            draft.put("/hosts/0/kernel", kernel.name().into());
            draft.put("/hosts/0/clock/hz", hz.into());
            let draft = typed(&draft, "/hosts/0/clock/uptime", FieldKind::Uptime, &seconds.to_string());
            assert_eq!(draft.shown("/hosts/0/clock/uptime", FieldKind::Uptime), seconds.to_string());
            let run = sim_core::run(&draft.scenario().unwrap());
            let host = run.nodes.iter().position(|node| node.role == sim_core::trace::Role::Client).unwrap();
            let uptime = run.records.iter().find_map(|record| match &record.event {
                sim_core::trace::Event::Booted { clock, .. } if usize::from(record.node.0) == host => {
                    Some(clock.uptime_us)
                }
                _ => None,
            });
            assert_eq!(uptime, Some(seconds * 1_000_000), "{kernel} at {hz}");
        }
    }
    let never = typed(&draft("reboot"), "/hosts/0/clock/uptime", FieldKind::Uptime, "soon");
    assert_eq!(never.shown("/hosts/0/clock/uptime", FieldKind::Uptime), "soon");
    assert!(never.scenario().is_err());
}

#[test]
fn hosts_are_added_beside_their_like_and_can_run() {
    for preset in PRESETS {
        let before = draft(preset.name);
        let count = before.count("/hosts");
        let mut after = before.after(Edit::AddHost(Some(0)));
        assert_eq!(after.open, Some(1));
        after = after.after(Edit::AddHost(None));
        assert_eq!(after.count("/hosts"), count + 2);
        if before.at("/hosts/0/count").is_none() {
            assert!(after.scenario().is_ok(), "{}: {:?}", preset.name, after.scenario());
        }
        let back =
            after.after(Edit::Remove(format!("/hosts/{}", count + 1))).after(Edit::Remove("/hosts/1".to_owned()));
        assert_eq!(back.value, before.value);
    }
    let mut empty = draft("one-host-alone");
    while empty.count("/hosts") > 0 {
        empty = empty.after(Edit::Remove("/hosts/0".to_owned()));
    }
    assert_eq!(empty.after(Edit::AddHost(None)).scenario().unwrap().hosts.len(), 1);
}

#[test]
fn a_nat_that_is_taken_out_comes_back_as_it_was() {
    let before = draft("one-address-many-servers");
    let without = before.after(Edit::Nat(false));
    let scenario = without.scenario().unwrap();
    assert!(scenario.nat.is_none() && scenario.hosts.iter().all(|host| !host.behind_nat));
    assert_eq!(without.after(Edit::Nat(true)).value, before.value);
    assert!(without.after(Edit::Remove("/hosts/0".to_owned())).after(Edit::Nat(true)).scenario().is_ok());
    let new = Draft { put_aside: None, ..without }.after(Edit::Nat(true));
    assert!(new.at("/nat/addr").is_some());
}

#[test]
fn sysctls_and_actions_come_and_go() {
    let before = draft("one-host-alone");
    let key = "net.ipv4.tcp_fin_timeout";
    let with = before.after(Edit::Put(format!("/hosts/0/sysctls/{key}"), "7".into()));
    assert_eq!(with.scenario().unwrap().hosts[0].sysctls.value(key), Some("7"));
    let wrong = with.after(Edit::Put(format!("/server/sysctls/{key}"), "never".into()));
    assert_eq!(pointer(&wrong.scenario().unwrap_err().path), format!("/server/sysctls/{key}"));
    for (name, fields) in ACTIONS {
        let mut acting = before.after(Edit::Put("/actions/-".to_owned(), json!({ "at_ms": 1, "do": { name: {} } })));
        for field in fields {
            let text = match field.kind {
                FieldKind::Choice(choices) => choices.all()[0].0.clone(),
                _ => "1".to_owned(),
            };
            acting = typed(&acting, &format!("/actions/0/{}", field.path), field.kind, &text);
        }
        assert_eq!(acting.scenario().unwrap().actions.len(), 1, "{name}");
        assert_eq!(acting.after(Edit::Remove("/actions/0".to_owned())).value, before.value);
    }
}
