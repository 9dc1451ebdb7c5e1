//! Elements, put together by calls. What `html!` writes out at each place stands here once, and is not inlined, which
//! keeps the wasm small. For what is on the page at once; elsewhere `html!` reads better.

use std::rc::Rc;

use yew::html::{onchange, onclick, onfocus, oninput, onkeydown};
use yew::prelude::*;
use yew::virtual_dom::{AttributeOrProperty, Attributes, Key, Listener, VList, VTag, VText};

use lab::format::tenths;

/// An element by its name, its attributes and their values: `element!("path", "class" = "rule", "d" = d)`.
macro_rules! element {
    ($name:literal $(, $attribute:literal = $value:expr)* $(,)?) => {
        $crate::markup::Element::new($name, &[$($attribute),*])$(.value($value))*
    };
}
pub(crate) use element;

/// An element that is being put together.
#[must_use]
pub struct Element(Box<Parts>);

/// Behind a pointer, so that a step hands on a pointer.
struct Parts {
    tag: VTag,
    attributes: &'static [&'static str],
    values: Vec<Option<AttributeOrProperty>>,
    listeners: Vec<Option<Rc<dyn Listener>>>,
    children: Vec<Html>,
}

impl Element {
    /// An element without content. Of each attribute the value has to follow.
    #[inline(never)]
    pub fn new(name: &'static str, attributes: &'static [&'static str]) -> Self {
        let (values, listeners, children) = (Vec::with_capacity(attributes.len()), Vec::new(), Vec::new());
        Self(Box::new(Parts { tag: VTag::new(AttrValue::Static(name)), attributes, values, listeners, children }))
    }

    /// With this as the value of the next attribute.
    #[inline]
    pub fn value(self, value: impl Value) -> Self {
        value.set(self)
    }

    /// With this inside, after what is there.
    #[inline]
    pub fn with(self, content: impl Content) -> Self {
        content.put(self)
    }

    /// With all of these inside.
    #[inline]
    pub fn with_each<T: Content>(self, contents: impl IntoIterator<Item = T>) -> Self {
        contents.into_iter().fold(self, |element, content| content.put(element))
    }

    /// With a key among its neighbours.
    pub fn key(mut self, key: impl Into<Key>) -> Self {
        self.0.tag.key = Some(key.into());
        self
    }

    /// With `node` to find it by.
    pub fn found_by(mut self, node: &NodeRef) -> Self {
        self.0.tag.node_ref = node.clone();
        self
    }

    /// An input with this text in it.
    pub fn holding(mut self, text: String) -> Self {
        self.0.tag.set_value(AttrValue::from(text));
        self
    }

    /// An input that is checked or not.
    pub fn checked(mut self, checked: bool) -> Self {
        self.0.tag.set_checked(checked);
        self
    }

    /// Calls `act` when it is clicked.
    pub fn on_click(self, act: Callback<MouseEvent>) -> Self {
        self.listener(Rc::new(onclick::Wrapper::new(act)))
    }

    /// Calls `act` when something was chosen.
    pub fn on_change(self, act: Callback<Event>) -> Self {
        self.listener(Rc::new(onchange::Wrapper::new(act)))
    }

    /// Calls `act` while it is turned.
    pub fn on_input(self, act: Callback<InputEvent>) -> Self {
        self.listener(Rc::new(oninput::Wrapper::new(act)))
    }

    /// Calls `act` for each key.
    pub fn on_key(self, act: Callback<KeyboardEvent>) -> Self {
        self.listener(Rc::new(onkeydown::Wrapper::new(act)))
    }

    /// Calls `act` when it gets the focus.
    pub fn on_focus(self, act: Callback<FocusEvent>) -> Self {
        self.listener(Rc::new(onfocus::Wrapper::new(act)))
    }

    #[inline(never)]
    fn listener(mut self, listener: Rc<dyn Listener>) -> Self {
        self.0.listeners.push(Some(listener));
        self
    }

    #[inline(never)]
    fn attribute(mut self, value: Option<AttrValue>) -> Self {
        self.0.values.push(value.map(AttributeOrProperty::Attribute));
        self
    }

    #[inline(never)]
    fn fixed(self, value: &'static str) -> Self {
        self.attribute(Some(AttrValue::Static(value)))
    }

    #[inline(never)]
    fn written(self, value: String) -> Self {
        self.attribute(Some(value.into()))
    }

    #[inline(never)]
    fn measured(self, value: f64) -> Self {
        self.written(tenths(value))
    }

    #[inline(never)]
    fn flag(self, is_set: bool) -> Self {
        let name = self.0.attributes.get(self.0.values.len());
        self.attribute(name.filter(|_| is_set).map(|name| AttrValue::Static(name)))
    }

    #[inline(never)]
    fn child(mut self, child: Html) -> Self {
        self.0.children.push(child);
        self
    }

    #[inline(never)]
    fn text(self, text: AttrValue) -> Self {
        self.child(VText::new(text).into())
    }

    /// Done.
    #[inline(never)]
    pub fn html(self) -> Html {
        let Parts { mut tag, attributes: keys, values, listeners, mut children } = *self.0;
        debug_assert_eq!(keys.len(), values.len(), "{keys:?}");
        if !keys.is_empty() {
            tag.attributes = Attributes::Dynamic { keys, values: values.into_boxed_slice() };
        }
        if !listeners.is_empty() {
            tag.set_listeners(listeners.into_boxed_slice());
        }
        if let Some(inside) = tag.children_mut() {
            let only = if children.len() == 1 { children.pop() } else { None };
            *inside = only.unwrap_or_else(|| fragment(children));
        }
        tag.into()
    }
}

impl From<Element> for Html {
    fn from(element: Element) -> Self {
        element.html()
    }
}

/// Several nodes as one.
#[inline(never)]
pub fn fragment(nodes: Vec<Html>) -> Html {
    VList::with_children(nodes, None).into()
}

/// What an attribute can be set to.
pub trait Value {
    /// Sets the next attribute of `element` to it.
    fn set(self, element: Element) -> Element;
}

/// What an element can contain.
pub trait Content {
    /// Puts it after what is in `element` already.
    fn put(self, element: Element) -> Element;
}

impl Value for &'static str {
    #[inline]
    fn set(self, element: Element) -> Element {
        element.fixed(self)
    }
}

impl Value for String {
    #[inline]
    fn set(self, element: Element) -> Element {
        element.written(self)
    }
}

/// A coordinate or a length, with one digit after the point.
impl Value for f64 {
    #[inline]
    fn set(self, element: Element) -> Element {
        element.measured(self)
    }
}

/// An attribute that is there or not.
impl Value for bool {
    #[inline]
    fn set(self, element: Element) -> Element {
        element.flag(self)
    }
}

impl<T: Value> Value for Option<T> {
    #[inline]
    fn set(self, element: Element) -> Element {
        match self {
            Some(value) => value.set(element),
            None => element.attribute(None),
        }
    }
}

impl Content for &'static str {
    #[inline]
    fn put(self, element: Element) -> Element {
        element.text(AttrValue::Static(self))
    }
}

impl Content for String {
    #[inline]
    fn put(self, element: Element) -> Element {
        element.text(self.into())
    }
}

impl Content for Html {
    #[inline]
    fn put(self, element: Element) -> Element {
        element.child(self)
    }
}

impl Content for Element {
    #[inline]
    fn put(self, element: Element) -> Element {
        element.child(self.html())
    }
}

/// What is not there keeps its place, so that its neighbours are compared with themselves.
impl<T: Content> Content for Option<T> {
    #[inline]
    fn put(self, element: Element) -> Element {
        match self {
            Some(content) => content.put(element),
            None => element.child(Html::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_what_the_macro_makes_of_it() {
        let inner = element!("i").with("one");
        let made =
            element!("p", "title" = 1.25, "lang" = None::<&str>, "hidden" = true, "class" = "a b").with(inner).html();
        assert_eq!(
            made,
            html! { <p title="1.2" hidden=true lang={None::<AttrValue>} class={classes!("a", "b")}><i>{ "one" }</i></p> }
        );
    }
}
