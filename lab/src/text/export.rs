//! The words of what is taken along, and the names of its files.

use crate::plan::Plan;

/// Above the link.
pub const LINK: &str = "This address holds everything that is set, and the moment. Whoever opens it sees the same run.";
/// In the place of the link.
pub const NO_LINK: &str = "This scenario is too long for an address. Save it as a file instead.";
/// Above the files of the run.
pub const RUN: &str = "What the model did, from the start to the end. Captures are taken at one machine and hold what \
                       tcpdump would see there. The sysctl file has a tab of its own.";
/// Above the pictures.
pub const PICTURES: &str = "A view as it is drawn now, in these colours. PNG has two pixels for each of the page.";
/// The clipboard took it.
pub const COPIED: &str = "Copied.";
/// The clipboard refused it.
pub const NOT_COPIED: &str = "The browser does not let this page copy. The text is selected: copy it with Ctrl+C.";
/// A file may have been swallowed by a sandbox, and there is its text.
pub const TEXT_BELOW: &str = "This page stands in a frame that may not save files. If none came, the text is below.";
/// A file may have been swallowed by a sandbox, and it cannot be shown.
pub const OPEN_APART: &str =
    "This page stands in a frame that may not save files. If none came, open the page in a tab of its own.";
/// The browser could not make the picture.
pub const NO_PNG: &str = "The browser could not draw this as PNG. SVG may work.";
/// Nothing was drawn.
pub const NO_PICTURE: &str = "Nothing is drawn there now.";

/// `SCENARIO-WHAT.ending`, in letters that every file system takes.
#[must_use]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Base;

    #[test]
    fn a_file_name_tells_scenario_and_content_and_is_safe() {
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
