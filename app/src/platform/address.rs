//! The address of the page: reads it, updates it, and listens for navigation.
//!
//! The site has one HTML file for the incident, one for each scenario and one for the desk. The `#app`
//! element of each file has the matching query (`data-query`) and the path to the root of the site (`data-root`), so
//! that the rest of the page only handles queries: `scenario/reboot/?t=3` is the same as `?scenario=reboot&t=3`.

use std::cell::RefCell;

use gloo_events::EventListener;
use wasm_bindgen::JsValue;

use super::{root_element, window};

/// The HTML file of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HtmlFile {
    /// The parameter that its folder replaces, such as `scenario=reboot`; empty for the file at the root of the site.
    pub parameter: String,
    /// The relative path from this file to the root of the site, such as `../../`; empty means `./`.
    pub root: String,
}

thread_local! {
    static FILE: RefCell<Option<HtmlFile>> = const { RefCell::new(None) };
}

/// Sets the HTML file that is being prerendered. In a browser, the attributes of `#app` give it.
pub fn set_html_file(file: HtmlFile) {
    FILE.set(Some(file));
}

fn html_file() -> HtmlFile {
    FILE.with_borrow_mut(|file| {
        let read = || {
            let attribute = |name: &str| root_element()?.get_attribute(name);
            HtmlFile {
                parameter: attribute("data-query").unwrap_or_default(),
                root: attribute("data-root").unwrap_or_default(),
            }
        };
        file.get_or_insert_with(read).clone()
    })
}

/// The relative path from this page to the root of the site, such as `./` or `../../`.
pub fn root() -> String {
    let root = html_file().root;
    if root.is_empty() { "./".to_owned() } else { root }
}

/// The query of this page, including the parameter of its HTML file.
pub fn query() -> String {
    let search = window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    with_parameter(&search, &html_file().parameter)
}

/// The absolute address of this page with `query`.
pub fn link(query: &str) -> String {
    let here = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let page = here.split(['?', '#']).next().unwrap_or_default();
    format!("{page}{}", without_parameter(query, &html_file().parameter))
}

/// Replaces the query in the address bar without a new entry in the history.
///
/// WebKit refuses more than 100 such changes in 10 s, and a sandbox may refuse all of them. The page works without
/// them.
pub fn replace_query(query: &str) {
    let Some(window) = window() else { return };
    let (Ok(history), Ok(path)) = (window.history(), window.location().pathname()) else { return };
    let hash = window.location().hash().unwrap_or_default();
    let query = without_parameter(query, &html_file().parameter);
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("{path}{query}{hash}")));
}

/// Adds the parameter of the HTML file to a query that names no other page.
fn with_parameter(search: &str, parameter: &str) -> String {
    let search = search.trim_start_matches('?');
    let names_page = ["scenario=", "own=", "page="];
    if parameter.is_empty() || search.split('&').any(|pair| names_page.iter().any(|name| pair.starts_with(name))) {
        return if search.is_empty() { String::new() } else { format!("?{search}") };
    }
    if search.is_empty() { format!("?{parameter}") } else { format!("?{parameter}&{search}") }
}

/// Removes the parameter of the HTML file from a query. The query of the incident is usually empty, but in the file of
/// another scenario it needs its parameter.
fn without_parameter(query: &str, parameter: &str) -> String {
    let query = query.trim_start_matches('?');
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    let rest = match rest.split_first() {
        Some((first, rest)) if !parameter.is_empty() && *first == parameter => rest.join("&"),
        _ if parameter.starts_with("scenario=") && parameter != INCIDENT => return with_parameter(query, INCIDENT),
        _ => query.to_owned(),
    };
    if rest.is_empty() { rest } else { format!("?{rest}") }
}

const INCIDENT: &str = "scenario=one-address-many-servers";

/// Calls `callback` when the visitor navigates to another address of this page, until the listener is dropped.
#[must_use]
pub fn on_change(callback: impl Fn() + 'static) -> Option<EventListener> {
    let window = window()?;
    Some(EventListener::new(&window, "popstate", move |_| callback()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_for_its_parameter() {
        for (search, query) in [
            ("", "?scenario=reboot"),
            ("?t=3", "?scenario=reboot&t=3"),
            ("?scenario=keep-alive", "?scenario=keep-alive"),
            ("?own=1.AA", "?own=1.AA"),
        ] {
            assert_eq!(with_parameter(search, "scenario=reboot"), query);
        }
        assert_eq!(with_parameter("?t=3", ""), "?t=3");
        assert_eq!(with_parameter("", ""), "");
    }

    #[test]
    fn what_is_written_into_the_address_reads_as_the_same_query() {
        assert_eq!(INCIDENT, format!("scenario={}", lab::plan::Base::INCIDENT));
        for parameter in ["", "scenario=reboot", "scenario=one-address-many-servers", "page=desk"] {
            for query in ["?scenario=reboot", "?scenario=reboot&t=3", "?scenario=keep-alive&t=1", "?own=1.AA&t=2"] {
                let written = without_parameter(query, parameter);
                assert_eq!(with_parameter(&written, parameter), query, "{written} in the file of {parameter}");
            }
        }
        assert_eq!(without_parameter("?scenario=reboot&t=3", "scenario=reboot"), "?t=3");
        assert_eq!(without_parameter("?page=desk&verdict=healthy", "page=desk"), "?verdict=healthy");
        assert_eq!(without_parameter("?t=3", "scenario=reboot"), "?scenario=one-address-many-servers&t=3");
        assert_eq!(without_parameter("", "scenario=reboot"), "?scenario=one-address-many-servers");
    }
}
