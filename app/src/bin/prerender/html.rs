//! Fills the template that Trunk built with the content of a page.

use lab::text::page as words;
use serde_json::json;

use crate::escape::escaped;
use crate::outcome::Outcome;
use crate::page::{PICTURE, PICTURE_HEIGHT, PICTURE_WIDTH, Page};

/// The placeholder for the first frame in the template, see `app/index.html`.
const OPEN: &str = "<div id=\"app\" data-waiting>";
const TITLE: &str = "<title>TIME_WAIT Lab</title>";
const DESCRIPTION: &str = "<meta name=\"description\" content=\"";
const HEAD_END: &str = "</head>";

/// Delays the first paint until the stage is parsed. Without it the header grew after the first paint on a phone: a
/// layout shift of 0.0025 in one of three loads, with it 0 (2026-11-28).
const EXPECT_STAGE: &str = "<link rel=\"expect\" href=\"#stage\" blocking=\"render\">";

/// The HTML of `page` with `frame` as its content.
///
/// # Errors
/// When the template was not built by Trunk from `app/index.html`, or is filled already.
pub fn compose(template: &str, page: &Page, frame: &str, site: Option<&str>) -> Outcome<String> {
    let missing = |what: &str| format!("{what} is not in the template; only a fresh build can be written to");
    let (before, after) = template.split_once(OPEN).ok_or_else(|| missing(OPEN))?;
    let (head, body) = before.split_once(HEAD_END).ok_or_else(|| missing(HEAD_END))?;
    let (head, rest) = head.split_once(TITLE).ok_or_else(|| missing(TITLE))?;
    let (between, rest) = rest.split_once(DESCRIPTION).ok_or_else(|| missing(DESCRIPTION))?;
    let (_, rest) = rest.split_once('"').ok_or_else(|| missing("the end of the description"))?;
    let at_root = |text: &str| text.replace("\"./", &format!("\"{}", page.root()));
    let link = if page.is_desk() { "<link rel=\"stylesheet\" href=\"../desk.css\">" } else { EXPECT_STAGE };
    let [title, description, parameter] = [&page.title, &page.description, &page.parameter].map(|text| escaped(text));
    let head = format!(
        "{}<title>{title}</title>{}{DESCRIPTION}{description}\"{}{link}{}{HEAD_END}",
        at_root(head),
        at_root(between),
        at_root(rest),
        meta(page, site)?,
    );
    let root = page.root();
    Ok(format!(
        "{head}{}<div id=\"app\" data-waiting data-root=\"{root}\" data-query=\"{parameter}\">{}{}",
        at_root(body),
        not_ready(frame),
        at_root(after),
    ))
}

/// Marks every control as not ready yet.
fn not_ready(frame: &str) -> String {
    let mut html = String::with_capacity(frame.len());
    for (index, part) in frame.split('<').enumerate() {
        if index > 0 {
            html.push('<');
        }
        let name = part.split([' ', '>', '/']).next().unwrap_or_default();
        let tag = part.split('>').next().unwrap_or_default();
        if matches!(name, "button" | "input" | "select" | "textarea") && !tag.contains(" aria-disabled=") {
            html.push_str(name);
            html.push_str(" aria-disabled=\"true\"");
            html.push_str(&part[name.len()..]);
        } else {
            html.push_str(part);
        }
    }
    html
}

/// The metadata for search engines and social networks.
fn meta(page: &Page, site: Option<&str>) -> Outcome<String> {
    let [title, description] = [&page.title, &page.description].map(|text| escaped(text));
    let mut meta = format!(
        "<meta property=\"og:type\" content=\"website\"><meta property=\"og:title\" content=\"{title}\">\
         <meta property=\"og:description\" content=\"{description}\">"
    );
    let mut about = json!({
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": page.title,
        "description": page.description,
        "inLanguage": "en",
        "isAccessibleForFree": true,
        "learningResourceType": if page.is_desk() { "tool" } else { "simulation" },
        "teaches": words::TEACHES,
    });
    if let Some(site) = site {
        let address = page.address(site);
        let picture = format!("{address}{PICTURE}");
        about["url"] = json!(address);
        about["image"] = json!(picture);
        let (address, picture) = (escaped(&address), escaped(&picture));
        meta.push_str(&format!(
            "<link rel=\"canonical\" href=\"{address}\"><meta property=\"og:url\" content=\"{address}\">\
             <meta property=\"og:image\" content=\"{picture}\"><meta property=\"og:image:width\" content=\"{PICTURE_WIDTH}\">\
             <meta property=\"og:image:height\" content=\"{PICTURE_HEIGHT}\"><meta name=\"twitter:card\" content=\"summary_large_image\">"
        ));
    }
    // A `<` could start `</script>` and end the script.
    let about = serde_json::to_string(&about)?.replace('<', "\\u003c");
    meta.push_str(&format!("<script type=\"application/ld+json\">{about}</script>"));
    Ok(meta)
}

/// The sitemap for search engines.
pub fn sitemap(pages: &[Page], site: &str) -> String {
    let mut addresses: Vec<String> = pages.iter().map(|page| page.address(site)).collect();
    addresses.sort();
    addresses.dedup();
    let entries: String =
        addresses.iter().map(|address| format!("  <url><loc>{}</loc></url>\n", escaped(address))).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{entries}</urlset>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "<head><title>TIME_WAIT Lab</title><meta name=\"description\" content=\"Old.\">\
        <script src=\"./first-frame.js\"></script></head><body><a href=\"./\">x</a>\
        <div id=\"app\" data-waiting><p id=\"loading\">Loading</p></div></body>";

    fn page(folder: &str) -> Page {
        Page { folder: folder.to_owned(), title: "A <b>".to_owned(), ..Page::desk() }
    }

    #[test]
    fn a_page_in_a_folder_leads_back_to_the_root() {
        let html = compose(TEMPLATE, &page("scenario/reboot"), "<p>Frame</p>", None).unwrap();
        assert!(html.contains("src=\"../../first-frame.js\"") && html.contains("href=\"../../\""), "{html}");
        assert!(html.contains("<title>A &lt;b&gt;</title>") && !html.contains("Old."), "{html}");
        assert!(html.contains("<p>Frame</p><p id=\"loading\">"), "{html}");
        assert!(!html.contains("canonical") && !html.contains("og:image"), "{html}");
    }

    #[test]
    fn the_address_of_the_site_gives_canonical_links_and_pictures() {
        let html = compose(TEMPLATE, &page("desk"), "", Some("https://lab.example/")).unwrap();
        for text in ["rel=\"canonical\" href=\"https://lab.example/desk/\"", "https://lab.example/desk/social.png"] {
            assert!(html.contains(text), "{text} in {html}");
        }
    }

    #[test]
    fn a_page_cannot_be_filled_twice() {
        let html = compose(TEMPLATE, &page(""), "", None).unwrap();
        assert!(compose(&html, &page(""), "", None).is_err());
    }

    #[test]
    fn a_control_of_the_first_frame_is_not_ready() {
        assert_eq!(
            not_ready("<p><button type=\"button\">1 &lt; 2</button><input aria-disabled=\"true\"></p>"),
            "<p><button aria-disabled=\"true\" type=\"button\">1 &lt; 2</button><input aria-disabled=\"true\"></p>"
        );
    }
}
