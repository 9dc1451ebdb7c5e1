//! The link from the desk to the lab, with a scenario that is derived from a capture.

use desk::Evidence;
use desk::session::lab_scenario::scenario;

use crate::permalink;
use crate::text::export;

/// The address of the lab with the scenario; `root` leads from the page to the root of the site, such as `../`.
///
/// # Errors
/// A sentence that says why there is no scenario.
pub fn lab_link(evidence: &Evidence, root: &str) -> Result<String, String> {
    let scenario = scenario(evidence)?;
    let own = permalink::written(&scenario).ok_or(export::TOO_LONG)?;
    Ok(format!("{root}?own={own}"))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use desk::replay::CaptureReplay;
    use desk::session::example;
    use sim_core::Scenario;

    use super::*;
    use crate::desk_page::example_capture;

    fn evidence() -> Evidence {
        let mut evidence = Evidence::default();
        for (name, text) in example::TEXTS {
            desk::parse::read_text(name, text, &mut evidence);
        }
        let mut replay = CaptureReplay::new("example", &evidence);
        replay.push(&example_capture::capture().unwrap());
        let capture = replay.finish();
        evidence.captures.push(capture);
        evidence
    }

    #[test]
    fn the_example_is_refused_by_recycle() {
        let verdicts = desk::verdicts(&evidence());
        assert_eq!(verdicts[0].id, desk::verdict::VerdictId::RecycleRefuses);
        assert_eq!(verdicts[0].confidence, desk::verdict::Confidence::Certain);
    }

    #[test]
    fn a_capture_of_the_lab_comes_back_with_its_clocks() {
        let scenario = scenario(&evidence()).unwrap();
        assert_eq!(scenario.nat.as_ref().map(|nat| nat.addr), Some(Ipv4Addr::new(203, 0, 113, 7)));
        let original = Scenario::preset("one-address-many-servers").unwrap();
        for host in original.hosts.iter().filter(|host| host.behind_nat) {
            // The capture begins with the first segment, not with the start of the run.
            let near = |tsval: u32| host.clock.tsval.abs_diff(tsval) < 1_000;
            assert!(scenario.hosts.iter().any(|made| near(made.clock.tsval) && made.clock.hz == 250), "{}", host.name);
        }
        assert!(lab_link(&evidence(), "./").unwrap().starts_with("./?own=1."));
    }
}
