//! A verdict in an address, without the evidence that it rests on: `?page=desk&verdict=ID,ID&confidence=certain,likely`.

use desk::verdict::{Confidence, Id, Verdict, signature};
use sim_core::kernel_version::KernelVersion;

use lab::route::DESK;

const CONFIDENCES: [Confidence; 3] = [Confidence::Possible, Confidence::Likely, Confidence::Certain];

/// What a link holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// Verdicts without reasons.
    pub verdicts: Vec<Verdict>,
    /// The kernel that fixes are for.
    pub kernel: Option<KernelVersion>,
    /// What was left out, and why.
    pub notices: Vec<String>,
}

/// Reads the part of an address after the question mark.
#[must_use]
pub fn read(query: &str) -> Linked {
    let pairs: Vec<(&str, &str)> =
        query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('=')).collect();
    let value = |wanted: &str| pairs.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
    let mut linked = Linked::default();
    let confidences: Vec<&str> = value("confidence").map(|list| list.split(',').collect()).unwrap_or_default();
    let ids = value("verdict").map(|list| list.replace("%2C", ",").replace("%2c", ",")).unwrap_or_default();
    for (place, name) in ids.split(',').filter(|name| !name.is_empty()).take(Id::ALL.len()).enumerate() {
        let Some(id) = Id::ALL.iter().copied().find(|id| id.name() == name) else {
            linked.notices.push(format!("verdict={}: no verdict of this desk", cut(name)));
            continue;
        };
        let told = confidences.get(place).copied();
        let confidence = CONFIDENCES.into_iter().find(|one| Some(one.name()) == told);
        if let Some(told) = told.filter(|_| confidence.is_none()) {
            linked.notices.push(format!("confidence={}: possible, likely or certain", cut(told)));
        }
        if linked.verdicts.iter().all(|verdict| verdict.id != id) {
            linked.verdicts.push(Verdict {
                id,
                confidence: confidence.unwrap_or(Confidence::Possible),
                for_: Vec::new(),
                against: Vec::new(),
                next: signature(id).next.to_vec(),
            });
        }
    }
    if let Some(name) = value("kernel") {
        linked.kernel = KernelVersion::ALL.into_iter().find(|kernel| kernel.name() == name);
        if linked.kernel.is_none() {
            linked.notices.push(format!("kernel={}: no kernel of this lab", cut(name)));
        }
    }
    linked
}

/// The part of an address after the question mark for these verdicts. No address, name or number of the evidence is in it.
#[must_use]
pub fn written(verdicts: &[Verdict], kernel: Option<KernelVersion>) -> String {
    let list = |of: fn(&Verdict) -> &'static str| verdicts.iter().map(of).collect::<Vec<_>>().join(",");
    let kernel = kernel.map(|kernel| format!("&kernel={}", kernel.name())).unwrap_or_default();
    let (ids, confidences) = (list(|verdict| verdict.id.name()), list(|verdict| verdict.confidence.name()));
    format!("{DESK}&verdict={ids}&confidence={confidences}{kernel}")
}

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_as_it_was_written() {
        let query = "?page=desk&verdict=recycle-refuses,syn-queue-full&confidence=certain,likely&kernel=el7";
        let linked = read(query);
        assert_eq!(written(&linked.verdicts, linked.kernel), query);
        assert!(linked.notices.is_empty());
    }

    #[test]
    fn what_is_unknown_is_named_and_left_out() {
        let linked = read("?page=desk&verdict=nonsense,healthy&confidence=certain,sure&kernel=9.9");
        let ids: Vec<Id> = linked.verdicts.iter().map(|verdict| verdict.id).collect();
        assert_eq!(ids, [Id::Healthy]);
        assert_eq!(linked.notices.len(), 3, "{:?}", linked.notices);
        assert!(linked.notices[0].contains("nonsense"));
    }

    #[test]
    fn the_desk_alone_holds_no_verdict() {
        assert_eq!(read("?page=desk"), Linked::default());
    }
}
