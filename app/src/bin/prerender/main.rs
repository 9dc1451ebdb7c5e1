//! Prerenders the first frame of every page as HTML, with the code that draws it in the browser.
//!
//! `prerender DIST` reads the folder that Trunk has built. Its `index.html` is the template. The program fills it with
//! the incident, and writes filled copies to `scenario/NAME/index.html` and `desk/index.html`. If the environment
//! variable `SITE_URL` holds the address of the site, it also writes canonical links, social pictures and a
//! `sitemap.xml`.

mod escape;
mod html;
mod outcome;
mod page;
mod social;

use std::path::{Path, PathBuf};
use std::{env, fs};

use app::app::App;
use app::platform::address::{self, HtmlFile};
use sim_core::scenario::{PRESETS, Scenario};
use tokio::runtime::Builder;
use tokio::task::LocalSet;
use yew::LocalServerRenderer;

use outcome::Outcome;
use page::Page;

fn main() -> Outcome<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from).ok_or("usage: prerender DIST")?;
    let site = env::var("SITE_URL").ok().filter(|site| !site.is_empty());
    let site = site.map(|site| format!("{}/", site.trim_end_matches('/')));
    write(&folder, site.as_deref())
}

fn write(folder: &Path, site: Option<&str>) -> Outcome<()> {
    let template = fs::read_to_string(folder.join("index.html"))?;
    let artist = site.map(|_| social::Artist::new(&style_sheet(folder)?)).transpose()?;
    let mut pages = vec![Page::lab()];
    for preset in PRESETS {
        pages.push(Page::scenario(preset.name, &Scenario::from_json(preset.json)?));
    }
    pages.push(Page::desk());
    for page in &pages {
        let frame = first_frame(page)?;
        let place = folder.join(&page.folder);
        fs::create_dir_all(&place)?;
        if let Some(artist) = &artist {
            fs::write(place.join(page::PICTURE), artist.picture(page, &frame)?)?;
        }
        fs::write(place.join("index.html"), html::compose(&template, page, &frame, site)?)?;
    }
    if let Some(site) = site {
        fs::write(folder.join("sitemap.xml"), html::sitemap(&pages, site))?;
    }
    Ok(())
}

/// The content of `#app` for this page.
fn first_frame(page: &Page) -> Outcome<String> {
    address::set_html_file(HtmlFile { parameter: page.parameter.clone(), root: page.root().to_owned() });
    let runtime = Builder::new_current_thread().build()?;
    let rendered = LocalServerRenderer::<App>::new().hydratable(false).render();
    Ok(LocalSet::new().block_on(&runtime, rendered))
}

/// The style sheet in the folder that Trunk has built.
fn style_sheet(folder: &Path) -> Outcome<String> {
    let is_sheet = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with("style") && name.ends_with(".css")
    };
    let mut files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    Ok(fs::read_to_string(files.find(is_sheet).ok_or("the build has no style sheet")?)?)
}
