//! The pages of the site: their folders, titles and descriptions.

use lab::plan::Base;
use lab::text::page as words;
use sim_core::scenario::Scenario;

/// The file name of the social picture in the folder of its page.
pub const PICTURE: &str = "social.png";
/// Its width in pixels, as social networks advise.
pub const PICTURE_WIDTH: u32 = 1_200;
/// Its height in pixels.
pub const PICTURE_HEIGHT: u32 = 630;

/// A page of the site.
pub struct Page {
    /// The folder below the root of the site; empty for the root itself.
    pub folder: String,
    /// The parameter of the lab that the folder replaces.
    pub parameter: String,
    /// The title of the document.
    pub title: String,
    /// The description for search engines.
    pub description: String,
}

impl Page {
    /// The lab with its default scenario, the incident.
    pub fn lab() -> Self {
        Self {
            folder: String::new(),
            parameter: String::new(),
            title: words::LAB.to_owned(),
            description: words::LAB_DESCRIPTION.to_owned(),
        }
    }

    /// The lab with this scenario.
    pub fn scenario(name: &str, scenario: &Scenario) -> Self {
        Self {
            folder: format!("scenario/{name}"),
            parameter: format!("scenario={name}"),
            title: words::title(&scenario.title),
            description: scenario.purpose.clone(),
        }
    }

    /// The support desk.
    pub fn desk() -> Self {
        Self {
            folder: "desk".to_owned(),
            parameter: "page=desk".to_owned(),
            title: words::title(words::DESK),
            description: words::DESK_DESCRIPTION.to_owned(),
        }
    }

    /// The relative path from the page to the root of the site.
    pub fn root(&self) -> &'static str {
        match self.folder.split('/').filter(|name| !name.is_empty()).count() {
            0 => "./",
            1 => "../",
            _ => "../../",
        }
    }

    /// The canonical address of the page on `site`. The incident also has a folder; its canonical address is the root.
    pub fn address(&self, site: &str) -> String {
        if self.folder.is_empty() || self.parameter == format!("scenario={}", Base::INCIDENT) {
            site.to_owned()
        } else {
            format!("{site}{}/", self.folder)
        }
    }

    /// Whether the page is the support desk.
    pub fn is_desk(&self) -> bool {
        self.folder == "desk"
    }
}
