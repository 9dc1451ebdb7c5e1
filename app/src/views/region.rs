//! A section of the page with a heading.

use yew::prelude::*;

/// The properties of [`Region`].
#[derive(Clone, PartialEq, Properties)]
pub struct RegionProps {
    /// The id, used by the style sheet.
    pub id: &'static str,
    /// The heading.
    pub heading: &'static str,
    /// Further classes.
    #[prop_or_default]
    pub class: Classes,
    /// Whether the heading is only for screen readers.
    #[prop_or_default]
    pub quiet: bool,
    /// Content beside the heading.
    #[prop_or_default]
    pub aside: Html,
    /// Content below the heading.
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
