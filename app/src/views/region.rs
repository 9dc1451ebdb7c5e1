//! A part of the page with a heading that names it.

use yew::prelude::*;

/// What a region is made of.
#[derive(Clone, PartialEq, Properties)]
pub struct RegionProps {
    /// Its id, for the style sheet.
    pub id: &'static str,
    /// Its heading.
    pub heading: &'static str,
    /// A further class.
    #[prop_or_default]
    pub class: Classes,
    /// Whether the heading is for screen readers only.
    #[prop_or_default]
    pub quiet: bool,
    /// What stands beside the heading.
    #[prop_or_default]
    pub aside: Html,
    /// What stands below the heading.
    #[prop_or_default]
    pub children: Html,
}

/// A section with a heading.
#[component]
pub fn Region(props: &RegionProps) -> Html {
    let RegionProps { id, heading, class, quiet, aside, children } = props;
    let heading_id = format!("{id}-heading");
    html! {
        <section class={classes!("region", class.clone())} id={*id} aria-labelledby={heading_id.clone()}>
            <div class={classes!("region-head", quiet.then_some("for-the-ear"))}>
                <h2 id={heading_id}>{ *heading }</h2>
                { aside.clone() }
            </div>
            { children.clone() }
        </section>
    }
}
