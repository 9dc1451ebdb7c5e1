//! Exports drawings of the page: as SVG that looks the same in every program, and as PNG.
//!
//! The computed style of every element becomes its attributes. A file with the style sheet would be larger, and most
//! programs that open SVG do not know custom properties and `light-dark()`.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, CanvasRenderingContext2d, CssStyleDeclaration, Element, HtmlCanvasElement, HtmlImageElement, NodeList, Url,
    XmlSerializer,
};

use super::{document, download, window};

/// Drawings smaller than this, in CSS pixels, are icons of buttons.
const LEAST_WIDTH: f64 = 120.0;

/// The number of PNG pixels per CSS pixel, in each direction.
const PIXELS: f64 = 2.0;

/// The style properties that children inherit, and those that they do not inherit, with their initial values.
const INHERITED: [&str; 18] = [
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "letter-spacing",
    "text-anchor",
    "dominant-baseline",
    "paint-order",
    "visibility",
];
const OWN: [(&str, &str); 3] = [("opacity", "1"), ("display", "inline"), ("vector-effect", "none")];

/// A drawing of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The SVG file.
    pub svg: String,
    width: f64,
    height: f64,
}

/// The drawings inside the element `id`, as they look now.
pub fn taken(id: &str) -> Vec<Picture> {
    let drawings = document()
        .and_then(|document| document.get_element_by_id(id))
        .and_then(|holder| holder.query_selector_all("svg").ok());
    drawings.map(|drawings| elements(&drawings).iter().filter_map(take).collect()).unwrap_or_default()
}

/// Downloads `picture` as a PNG file, and calls `done` with whether the browser could draw it.
pub fn png_file(name: &str, picture: &Picture, done: impl FnOnce(bool) + 'static) {
    let (name, picture) = (name.to_owned(), picture.clone());
    spawn_local(async move {
        let blob = rasterised(&picture).await;
        done(blob.is_some_and(|blob| download::offer(&name, &blob).is_some()));
    });
}

fn take(drawing: &Element) -> Option<Picture> {
    let place = drawing.get_bounding_client_rect();
    let (width, height) = (place.width(), place.height());
    if width < LEAST_WIDTH {
        return None;
    }
    let copy: Element = drawing.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
    let pairs =
        elements(&drawing.query_selector_all("*").ok()?).into_iter().zip(elements(&copy.query_selector_all("*").ok()?));
    dress(drawing, None, &copy)?;
    for (original, copy) in pairs {
        dress(&original, original.parent_element().as_ref(), &copy)?;
    }
    let size = |value: f64| value.ceil().to_string();
    if !copy.has_attribute("viewBox") {
        copy.set_attribute("viewBox", &format!("0 0 {} {}", size(width), size(height))).ok()?;
    }
    copy.set_attribute("width", &size(width)).ok()?;
    copy.set_attribute("height", &size(height)).ok()?;
    lay_paper(&copy)?;
    let svg = XmlSerializer::new().ok()?.serialize_to_string(&copy).ok()?;
    Some(Picture { svg: format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{svg}\n"), width, height })
}

/// Writes the computed style of `original` onto `copy`, without the values that it inherits.
fn dress(original: &Element, parent: Option<&Element>, copy: &Element) -> Option<()> {
    let looks = looks(original)?;
    let parent = parent.and_then(self::looks);
    let value = |looks: &CssStyleDeclaration, name: &str| looks.get_property_value(name).unwrap_or_default();
    for name in INHERITED {
        let own = value(&looks, name);
        let handed_down = parent.as_ref().is_some_and(|parent| value(parent, name) == own);
        if !own.is_empty() && (!handed_down || copy.has_attribute(name)) {
            copy.set_attribute(name, &own).ok()?;
        }
    }
    for (name, unsaid) in OWN {
        let own = value(&looks, name);
        if !own.is_empty() && (own != unsaid || copy.has_attribute(name)) && parent.is_some() {
            copy.set_attribute(name, &own).ok()?;
        }
    }
    copy.remove_attribute("class").ok()?;
    copy.remove_attribute("style").ok()
}

/// Adds a background, because the picture can be shown on any colour.
fn lay_paper(copy: &Element) -> Option<()> {
    let document = document()?;
    let colour = looks(document.body()?.as_ref())?.get_property_value("background-color").ok()?;
    let paper = document.create_element_ns(copy.namespace_uri().as_deref(), "rect").ok()?;
    for (name, value) in [("width", "100%"), ("height", "100%"), ("fill", colour.as_str()), ("stroke", "none")] {
        paper.set_attribute(name, value).ok()?;
    }
    copy.insert_before(&paper, copy.first_child().as_ref()).ok().map(drop)
}

fn looks(element: &Element) -> Option<CssStyleDeclaration> {
    window()?.get_computed_style(element).ok()?
}

fn elements(list: &NodeList) -> Vec<Element> {
    (0..list.length()).filter_map(|index| list.get(index)?.dyn_into().ok()).collect()
}

async fn rasterised(picture: &Picture) -> Option<Blob> {
    let url = Url::create_object_url_with_blob(&download::blob("image/svg+xml", picture.svg.as_bytes())?).ok()?;
    let canvas = drawn(&url, picture).await;
    let _ = Url::revoke_object_url(&url);
    let canvas = canvas?;
    let made = js_sys::Promise::new(&mut |resolve, _| {
        let give = wasm_bindgen::closure::Closure::once_into_js(move |blob: wasm_bindgen::JsValue| {
            let _ = resolve.call1(&wasm_bindgen::JsValue::NULL, &blob);
        });
        let _ = canvas.to_blob(give.unchecked_ref());
    });
    JsFuture::from(made).await.ok()?.dyn_into().ok()
}

async fn drawn(url: &str, picture: &Picture) -> Option<HtmlCanvasElement> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(url);
    JsFuture::from(image.decode()).await.ok()?;
    let (width, height) = (picture.width * PIXELS, picture.height * PIXELS);
    let canvas: HtmlCanvasElement = document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width.ceil() as u32);
    canvas.set_height(height.ceil() as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height).ok()?;
    Some(canvas)
}
