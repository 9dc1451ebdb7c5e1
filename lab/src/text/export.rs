//! The words of the export, and the names of its files.

use crate::plan::Plan;

/// Above the link.
pub const LINK: &str =
    "This address contains all settings and the current time. Anybody who opens it sees the same run.";
/// In the place of the link.
pub const NO_LINK: &str = "This scenario is too long for an address. Save it as a file instead.";
/// Above the files of the run.
pub const RUN: &str = "The whole run, from start to end. A capture is taken on one machine and contains what tcpdump \
                       would see there. The sysctl file has its own tab.";
/// Above the pictures.
pub const PICTURES: &str =
    "A view as it is drawn now, in the current colours. The PNG has twice the resolution of the page.";
/// The clipboard took it.
pub const COPIED: &str = "Copied.";
/// The clipboard refused it.
pub const NOT_COPIED: &str = "The browser does not let this page copy. The text is selected: copy it with Ctrl+C.";
/// A file may have been swallowed by a sandbox, and there is its text.
pub const TEXT_BELOW: &str =
    "The browser does not let this embedded page save files. If no file was saved, copy the text below.";
/// A file may have been swallowed by a sandbox, and it cannot be shown.
pub const OPEN_APART: &str =
    "The browser does not let this embedded page save files. If no file was saved, open the page in its own tab.";
/// The browser could not make the picture.
pub const NO_PNG: &str = "The browser could not draw this as PNG. SVG may work.";
/// Nothing was drawn.
pub const NO_PICTURE: &str = "There is no drawing to export now.";

/// `SCENARIO-WHAT.ending`, in letters that every file system takes.
pub fn file_name(plan: &Plan, what: &str, ending: &str) -> String {
    let scenario = plan.base.name.map_or_else(|| plain(&plan.base.scenario.title), str::to_owned);
    let scenario = if scenario.is_empty() { "scenario" } else { &scenario };
    format!("{scenario}-{}.{ending}", plain(what))
}

/// Small letters and digits of ASCII, with a dash for each gap.
fn plain(text: &str) -> String {
    const MOST: usize = 48;
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let plain = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    plain.chars().take(MOST).collect::<String>().trim_end_matches('-').to_owned()
}

/// The heading.
pub const HEADING: &str = "Export";
/// The name of the text of a file.
pub const FILE_TEXT: &str = "Text of the file";
/// Over the link, and its name.
pub const LINK_HEADING: &str = "Link";
/// Copies the link.
pub const COPY_LINK: &str = "Copy the link";
/// Over the files of the run.
pub const RUN_HEADING: &str = "Run";
/// Over the list of machines.
pub const CAPTURE_AT: &str = "Capture at";
/// A capture as text.
pub const TCPDUMP: &str = "tcpdump text";
/// All records as CSV.
pub const CSV: &str = "Trace as CSV";
/// All records as JSON.
pub const JSON: &str = "Trace as JSON";
/// Over the pictures.
pub const PICTURES_HEADING: &str = "Pictures";
/// Over the list of views.
pub const PICTURE_OF: &str = "Picture of";
/// The first of them.
pub const STAGE: &str = "Stage";

/// A file was saved.
pub fn saved(name: &str) -> String {
    format!("Saved as {name}.")
}

/// A scenario that no link can hold.
pub const TOO_LONG: &str = "The scenario is too long for a link.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Base;

    #[test]
    fn a_file_name_has_scenario_and_content_and_safe_characters() {
        let plan = Plan::incident().unwrap();
        assert_eq!(file_name(&plan, "server", "pcapng"), "one-address-many-servers-server.pcapng");
        let named = |title: &str| {
            let mut scenario = (*plan.base.scenario).clone();
            title.clone_into(&mut scenario.title);
            file_name(&Plan::of(Base::own(&scenario.to_json()).unwrap()), "trace", "csv")
        };
        assert_eq!(named("../../My  Café: 2nd try"), "my-caf-2nd-try-trace.csv");
        assert_eq!(named("\u{65e5}\u{672c}"), "scenario-trace.csv");
        assert_eq!(named(&"x".repeat(500)).len(), 48 + "-trace.csv".len());
    }
}
