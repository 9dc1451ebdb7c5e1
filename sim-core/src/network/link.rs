//! A link at run time: how long a segment takes in each direction, and whether it is lost or duplicated.

use crate::rng::Rng;
use crate::scenario::{LinkSetup, WaySetup};
use crate::time::Span;

/// The link of a node towards the rest of the world; the server itself has none to speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// Away from the node.
    pub(crate) there: Way,
    /// To the node.
    pub(crate) back: Way,
}

/// One direction of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    delay: Span,
    jitter: Span,
    loss_percent: u32,
    duplicate_percent: u32,
    /// Whether there is anything to draw.
    chancy: bool,
}

/// The fate of a segment on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Crossing {
    /// How long it takes; `None` when it is lost.
    pub(crate) takes: Option<Span>,
    /// How long a second copy of it takes, if there is one.
    pub(crate) copy: Option<Span>,
}

impl Link {
    /// A node in the middle of the network, reached by everybody else's link.
    pub(crate) const CENTRAL: Self = Self { there: Way::INSTANT, back: Way::INSTANT };

    pub(crate) const fn new(setup: LinkSetup) -> Self {
        Self { there: Way::new(setup.there()), back: Way::new(setup.back()) }
    }
}

impl Way {
    const INSTANT: Self =
        Self { delay: Span::ZERO, jitter: Span::ZERO, loss_percent: 0, duplicate_percent: 0, chancy: false };

    const fn new(setup: WaySetup) -> Self {
        Self {
            delay: Span::from_millis(setup.delay_ms as u64),
            jitter: Span::from_millis(setup.jitter_ms as u64),
            loss_percent: setup.loss_percent,
            duplicate_percent: setup.duplicate_percent,
            chancy: setup.jitter_ms > 0 || setup.loss_percent > 0 || setup.duplicate_percent > 0,
        }
    }

    /// Draws what becomes of a segment. A way without jitter, loss and copies draws no number.
    #[inline]
    pub(crate) fn cross(&self, rng: &mut Rng) -> Crossing {
        if self.chancy { self.draw(rng) } else { Crossing { takes: Some(self.delay), copy: None } }
    }

    #[cold]
    fn draw(&self, rng: &mut Rng) -> Crossing {
        if rng.happens(self.loss_percent) {
            return Crossing { takes: None, copy: None };
        }
        let takes = self.time(rng);
        let copy = rng.happens(self.duplicate_percent).then(|| self.time(rng));
        Crossing { takes: Some(takes), copy }
    }

    fn time(&self, rng: &mut Rng) -> Span {
        match self.jitter.as_micros() {
            0 => self.delay,
            most => self.delay + Span::from_micros(rng.below(most + 1)),
        }
    }
}

impl Crossing {
    /// This way and then another one. A copy that comes to be on either of them goes the whole way; one on each makes
    /// no third.
    pub(crate) fn and_then(self, next: Self) -> Self {
        let (Some(first), Some(second)) = (self.takes, next.takes) else { return Self { takes: None, copy: None } };
        let copy = match (self.copy, next.copy) {
            (None, None) => None,
            (first_copy, second_copy) => Some(first_copy.unwrap_or(first) + second_copy.unwrap_or(second)),
        };
        Self { takes: Some(first + second), copy }
    }
}

#[cfg(test)]
mod tests {
    use super::{Crossing, Link, LinkSetup, Rng, WaySetup};
    use crate::time::Span;
    use crate::trace::NodeId;

    fn crossings(setup: LinkSetup, back: bool) -> Vec<Crossing> {
        let link = Link::new(setup);
        let way = if back { link.back } else { link.there };
        let mut rng = Rng::of_node(3, NodeId(1));
        (0..2_000).map(|_| way.cross(&mut rng)).collect()
    }

    #[test]
    fn what_is_not_set_draws_no_number() {
        let mut rng = Rng::of_node(3, NodeId(1));
        let crossing = Link::new(LinkSetup::of(9)).there.cross(&mut rng);
        assert_eq!(crossing, Crossing { takes: Some(Span::from_millis(9)), copy: None });
        assert_eq!(rng, Rng::of_node(3, NodeId(1)));
    }

    #[test]
    fn jitter_lengthens_up_to_its_bound() {
        let all = crossings(LinkSetup { jitter_ms: 5, ..LinkSetup::of(10) }, false);
        let times: Vec<Span> = all.iter().filter_map(|crossing| crossing.takes).collect();
        let (least, most) = (Span::from_millis(10), Span::from_millis(15));
        assert!(times.len() == all.len() && times.iter().all(|time| (least..=most).contains(time)));
        // Of 2,000 some lie within a hundredth of the bounds.
        let near = |bound: Span| times.iter().any(|time| time.as_micros().abs_diff(bound.as_micros()) < 50);
        assert!(near(least) && near(most));
    }

    /// 20 of a hundred of 2,000 are 400, give or take 4 standard deviations of 18.
    #[test]
    fn loss_and_copies_come_as_often_as_they_should_and_each_way_has_its_own() {
        let back = WaySetup { delay_ms: 1, loss_percent: 20, ..WaySetup::default() };
        let setup = LinkSetup { duplicate_percent: 20, back: Some(back), ..LinkSetup::of(10) };
        let copies = crossings(setup, false).iter().filter(|crossing| crossing.copy.is_some()).count();
        assert!((328..=472).contains(&copies), "{copies} copies");
        assert!(crossings(setup, false).iter().all(|crossing| crossing.takes.is_some()));
        let lost = crossings(setup, true).iter().filter(|crossing| crossing.takes.is_none()).count();
        assert!((328..=472).contains(&lost), "{lost} lost");
    }
}
