//! What an attribute can be set to, and what an element can contain.

use yew::prelude::*;

use super::Element;

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
