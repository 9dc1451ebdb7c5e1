//! Addresses that can be parsed and written, and addresses with invalid parameters.

use sim_core::scenario::PRESETS;

use super::*;

fn parse(query: &str) -> (Route, Vec<Rejected>) {
    Route::parse(query, &Loaded { read_permalink: Some(Base::linked) }).unwrap()
}

fn bare() -> Route {
    Route::of(Plan::incident().unwrap())
}

fn rejected(query: &str) -> Vec<String> {
    parse(query).1.into_iter().map(|rejected| rejected.parameter).collect()
}

#[test]
fn the_page_as_it_opens_has_no_parameters() {
    assert_eq!(parse(""), (bare(), Vec::new()));
    assert_eq!(bare().query(), "");
    assert_eq!(parse("?scenario=one-address-many-servers"), (bare(), Vec::new()));
}

#[test]
fn a_query_survives_a_round_trip() {
    let query =
        "?kernel=4.11&recycle=0&reuse=1&timestamps=0&do=12:nat&do=12.5:own&do=24.31:recycle=1&t=30.000001&play=1";
    let (route, rejected) = parse(query);
    assert_eq!(rejected, []);
    assert_eq!(route.query(), query);
}

#[test]
fn every_scenario_and_tab_has_an_address_in_any_parameter_order() {
    for preset in PRESETS {
        let (route, rejected) = parse(&format!("?t=1&kernel=4.4&scenario={}&view=log", preset.name));
        assert_eq!(rejected, []);
        assert_eq!(parse(&route.query()), (route.clone(), Vec::new()));
        assert_eq!(route.plan.base.name, Some(preset.name));
    }
}

#[test]
fn the_baseline_is_in_the_address() {
    for baseline in Baseline::ALL {
        let query = format!("?reuse=1&view=compare&against={}", baseline.name());
        let (route, rejected) = parse(&query);
        assert_eq!((rejected, route.baseline), (Vec::new(), Some(baseline)));
        assert_eq!(route.query(), query);
    }
    assert_eq!(parse("against=reuse-0&view=compare"), parse("view=compare&against=reuse-0"));
    for none in ["view=compare&against=", "view=compare&against=reuse-2", "against=reuse-1", "view=log&against=reuse-1"]
    {
        let (route, rejected) = parse(none);
        assert_eq!((route.baseline, rejected.len()), (None, 1), "{none}");
    }
}

#[test]
fn a_permalink_combines_with_the_other_parameters() {
    let mut scenario = Base::preset("reboot").unwrap().scenario.as_ref().clone();
    scenario.duration_s = 77;
    let base = Base::own(&scenario.to_json()).unwrap();
    let link = base.link.clone().unwrap();
    let (route, rejected) = parse(&format!("t=76&do=3:recycle=0&kernel=4.4&own={link}&view=sockets"));
    assert_eq!(rejected, []);
    assert_eq!(route.plan.base, base);
    assert_eq!(route.query(), format!("?own={link}&kernel=4.4&do=3:recycle=0&t=76&view=sockets"));
    assert_eq!(parse(&route.query()), (route, Vec::new()));
}

#[test]
fn a_broken_link_opens_the_incident_and_says_why() {
    for broken in ["own=", "own=1.", "own=2.AAAA", "own=1.AAAAAAAA", "own=%ff%00", "own"] {
        let (route, rejected) = parse(broken);
        assert_eq!(route, bare());
        assert_eq!(rejected.len(), 1, "{broken}");
    }
}

#[test]
fn a_scenario_without_a_nat_has_no_host_behind_it() {
    assert_eq!(rejected("scenario=load-balancer&do=1:nat&do=2:own"), ["do=1:nat"]);
}

#[test]
fn changes_are_in_the_order_of_time_and_may_be_encoded() {
    let (route, rejected) = parse("do=24.310%3Arecycle%3D0&do=12:nat");
    assert_eq!(rejected, []);
    assert_eq!(route.query(), "?do=12:nat&do=24.31:recycle=0");
}

#[test]
fn invalid_parameters_are_left_out_and_reported() {
    let query = "kernel=5.4&recycle=2&reuse=3&timestamps=x&t=181&t=-1&play=2&do=12:dance&do=x:nat&do=12:reuse=9\
                 &colour=red&scenario=other&view=sky&%zz";
    assert_eq!(parse(query).0, bare());
    assert_eq!(rejected(query).len(), 14);
    assert_eq!(rejected("kernel=5.4"), ["kernel=5.4"]);
}

#[test]
fn recycle_cannot_be_on_a_kernel_without_it() {
    let (route, rejected) = parse("recycle=1&do=3:recycle=0&do=4:nat&kernel=4.12");
    assert_eq!(rejected.len(), 2);
    assert_eq!(route.query(), "?kernel=4.12&do=4:nat");
}

#[test]
fn the_number_of_changes_is_limited() {
    let query = "do=1:reuse=1&".repeat(MOST_CHANGES + 5);
    assert_eq!(rejected(&query).len(), 5);
    assert_eq!(rejected(&"do=1:nat&".repeat(20)).len(), 14);
}

#[test]
fn a_long_value_is_cut_in_the_notice() {
    assert!(rejected(&format!("kernel={}", "9".repeat(5_000)))[0].chars().count() <= 61);
}
