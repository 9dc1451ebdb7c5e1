//! Why a link or a box lost a segment: one row per reason, with its words.
//!
//! A new reason is a row here and a `SegmentLost` where it arises.

use serde::{Deserialize, Serialize};

use crate::words::Words;

macro_rules! loss_reasons {
    ($($(#[$doc:meta])* $reason:ident { short: $short:literal, label: $label:literal, sentence: $sentence:literal, })+) => {
        /// Why a link or box lost a segment.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum LossReason {
            $($(#[$doc])* $reason,)+
        }

        impl LossReason {
            /// Every reason, in the order of the rows.
            pub const ALL: &'static [Self] = &[$(Self::$reason,)+];

            /// Its words. Slots: `here` (the box, or the host whose link it is), `segment` (such as `web-2's SYN`),
            /// `to` (the endpoint that the segment goes to).
            pub const fn words(self) -> Words {
                match self {
                    $(Self::$reason => Words { short: $short, label: $label, sentence: $sentence },)+
                }
            }
        }
    };
}

loss_reasons! {
    /// By chance, as the link's loss rate says.
    Link {
        short: "lost on the link",
        label: "loss on the link",
        sentence: "{segment} is lost on a link of {here}. No kernel counter records it.",
    }
    /// The NAT has no mapping for it.
    NoMapping {
        short: "no mapping",
        label: "no NAT mapping",
        sentence: "{here} has no mapping for {to}, so it drops {segment}.",
    }
    /// The NAT has no outside port left.
    NoPort {
        short: "no port left",
        label: "no outside port left",
        sentence: "{here} has no outside port left, so it drops {segment}.",
    }
    /// No host has the address, or its host has left.
    NoRoute {
        short: "no host has this address",
        label: "no host with the address",
        sentence: "No host has the address of {to}, so {segment} is lost.",
    }
    /// A firewall drops everything from its address.
    Firewall {
        short: "dropped by the firewall",
        label: "firewall rule",
        sentence: "{here} drops {segment}, because a firewall rule blocks the address of the sender.",
    }
}

#[cfg(test)]
mod tests {
    use super::LossReason;
    use crate::words::slots;

    #[test]
    fn every_reason_is_worded_in_the_slots_that_readers_fill() {
        for reason in LossReason::ALL {
            let words = reason.words();
            assert!(slots(words.sentence).all(|slot| ["here", "segment", "to"].contains(&slot)), "{reason:?}");
            assert!(
                words.sentence.ends_with('.') && !words.short.contains('{') && !words.label.contains('{'),
                "{reason:?}"
            );
        }
    }
}
