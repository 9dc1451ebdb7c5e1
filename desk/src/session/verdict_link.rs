//! Verdicts as parameters of a link, without the evidence: `verdict=ID,ID&confidence=certain,likely&kernel=4.9`.

use sim_core::kernel_version::KernelVersion;

use crate::verdict::{Confidence, Verdict, VerdictId, signature};

const CONFIDENCES: [Confidence; 3] = [Confidence::Possible, Confidence::Likely, Confidence::Certain];

/// The content of a link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerdictLink {
    /// The verdicts, without reasons.
    pub verdicts: Vec<Verdict>,
    /// The kernel for the fixes.
    pub kernel: Option<KernelVersion>,
    /// Parameters that were not understood, each with the reason.
    pub notices: Vec<String>,
}

/// Reads the query of an address. Other parameters are ignored.
pub fn read(query: &str) -> VerdictLink {
    let pairs: Vec<(&str, &str)> =
        query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('=')).collect();
    let value = |wanted: &str| pairs.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
    let mut linked = VerdictLink::default();
    let confidences: Vec<&str> = value("confidence").map(|list| list.split(',').collect()).unwrap_or_default();
    let ids = value("verdict").map(|list| list.replace("%2C", ",").replace("%2c", ",")).unwrap_or_default();
    for (place, name) in ids.split(',').filter(|name| !name.is_empty()).take(VerdictId::ALL.len()).enumerate() {
        let Some(id) = VerdictId::ALL.iter().copied().find(|id| id.name() == name) else {
            linked.notices.push(format!("verdict={}: not a verdict of this desk", cut(name)));
            continue;
        };
        let given = confidences.get(place).copied();
        let confidence = CONFIDENCES.into_iter().find(|one| Some(one.name()) == given);
        if let Some(given) = given.filter(|_| confidence.is_none()) {
            linked.notices.push(format!("confidence={}: not one of possible, likely, certain", cut(given)));
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
            linked.notices.push(format!("kernel={}: not a kernel of this lab", cut(name)));
        }
    }
    linked
}

/// The parameters for these verdicts. They contain no address, name or number of the evidence.
pub fn write(verdicts: &[Verdict], kernel: Option<KernelVersion>) -> String {
    let list = |of: fn(&Verdict) -> &'static str| verdicts.iter().map(of).collect::<Vec<_>>().join(",");
    let kernel = kernel.map(|kernel| format!("&kernel={}", kernel.name())).unwrap_or_default();
    let (ids, confidences) = (list(|verdict| verdict.id.name()), list(|verdict| verdict.confidence.name()));
    format!("verdict={ids}&confidence={confidences}{kernel}")
}

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_back() {
        let query = "verdict=recycle-refuses,syn-queue-full&confidence=certain,likely&kernel=el7";
        let linked = read(&format!("?page=desk&{query}"));
        assert_eq!(write(&linked.verdicts, linked.kernel), query);
        assert!(linked.notices.is_empty());
    }

    #[test]
    fn unknown_values_are_named_and_ignored() {
        let linked = read("?page=desk&verdict=nonsense,healthy&confidence=certain,sure&kernel=9.9");
        let ids: Vec<VerdictId> = linked.verdicts.iter().map(|verdict| verdict.id).collect();
        assert_eq!(ids, [VerdictId::Healthy]);
        assert_eq!(linked.notices.len(), 3, "{:?}", linked.notices);
        assert!(linked.notices[0].contains("nonsense"));
    }

    #[test]
    fn a_query_without_verdicts_is_empty() {
        assert_eq!(read("?page=desk"), VerdictLink::default());
    }
}
