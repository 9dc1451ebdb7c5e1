//! A scenario in few bytes, for a program that carries many and reads them often. Whoever writes these bytes reads them
//! with the same version of this code: they are no format to keep.
//!
//! Reading goes on past the end of the bytes, with zeros, and is found out to have failed when all is read. So nothing
//! half read is ever given up on the way, which makes the code a fraction of what it would be.

use std::net::Ipv4Addr;

use super::{
    Action, Answer, Bounds, BoxKind, BoxSetup, ClockSetup, DatabaseSetup, HostSetup, LinkSetup, NatSetup, PortRule,
    Prediction, Promise, Scenario, ServerSetup, Side, StampRule, SysctlFile, TimedAction, Traffic, WaySetup,
};
use crate::kernel::mib::Counter;
use crate::kernel_version::KernelVersion;
use crate::trace::Errno;

impl Scenario {
    /// The scenario as bytes that [`Scenario::from_packed`] reads back.
    #[must_use]
    pub fn to_packed(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.pack(&mut bytes);
        bytes
    }

    /// Reads what [`Scenario::to_packed`] wrote; `None` if that is something else.
    #[must_use]
    pub fn from_packed(bytes: &[u8]) -> Option<Self> {
        let mut from = Reader { rest: bytes, broken: false };
        let scenario = Self::unpack(&mut from);
        (!from.broken && from.rest.is_empty()).then_some(scenario)
    }
}

/// What is left to read.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    /// Whether something was read that nobody wrote.
    broken: bool,
}

impl Reader<'_> {
    /// A number up to `most`: seven bits a byte, the lowest first, the last byte below 128.
    fn number(&mut self, most: u64) -> u64 {
        let (mut number, mut shift) = (0, 0);
        while shift < 64 {
            let Some((byte, rest)) = self.rest.split_first() else { break };
            self.rest = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if *byte < 0x80 && number <= most {
                return number;
            }
            shift += 7;
        }
        self.broken = true;
        0
    }
}

fn pack_number(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// What can be packed.
pub(super) trait Packed: Sized {
    /// Writes it.
    fn pack(&self, into: &mut Vec<u8>);
    /// Reads what was written.
    fn unpack(from: &mut Reader<'_>) -> Self;
}

macro_rules! numbers {
    ($($number:ty)+) => {$(
        impl Packed for $number {
            fn pack(&self, into: &mut Vec<u8>) {
                pack_number(u64::from(*self), into);
            }
            fn unpack(from: &mut Reader<'_>) -> Self {
                from.number(u64::from(Self::MAX)) as Self
            }
        }
    )+};
}

numbers! { u8 u16 u32 u64 }

impl Packed for bool {
    fn pack(&self, into: &mut Vec<u8>) {
        u8::from(*self).pack(into);
    }
    fn unpack(from: &mut Reader<'_>) -> Self {
        from.number(1) != 0
    }
}

impl Packed for Ipv4Addr {
    fn pack(&self, into: &mut Vec<u8>) {
        self.to_bits().pack(into);
    }
    fn unpack(from: &mut Reader<'_>) -> Self {
        Self::from_bits(Packed::unpack(from))
    }
}

impl Packed for String {
    fn pack(&self, into: &mut Vec<u8>) {
        self.len().pack_len(into);
        into.extend_from_slice(self.as_bytes());
    }
    fn unpack(from: &mut Reader<'_>) -> Self {
        let length = from.number(u64::from(u32::MAX)) as usize;
        let split = from.rest.split_at_checked(length).and_then(|(text, rest)| {
            from.rest = rest;
            str::from_utf8(text).ok()
        });
        from.broken |= split.is_none();
        split.unwrap_or_default().to_owned()
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn pack(&self, into: &mut Vec<u8>) {
        self.len().pack_len(into);
        for item in self {
            item.pack(into);
        }
    }
    fn unpack(from: &mut Reader<'_>) -> Self {
        let mut items = Self::new();
        for _ in 0..from.number(u64::from(u32::MAX)) {
            if from.broken {
                break;
            }
            items.push(T::unpack(from));
        }
        items
    }
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, into: &mut Vec<u8>) {
        self.is_some().pack(into);
        if let Some(inner) = self {
            inner.pack(into);
        }
    }
    fn unpack(from: &mut Reader<'_>) -> Self {
        bool::unpack(from).then(|| T::unpack(from))
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    fn pack(&self, into: &mut Vec<u8>) {
        self.0.pack(into);
        self.1.pack(into);
    }
    fn unpack(from: &mut Reader<'_>) -> Self {
        (A::unpack(from), B::unpack(from))
    }
}

impl Packed for SysctlFile {
    fn pack(&self, into: &mut Vec<u8>) {
        self.lines().pack(into);
    }
    fn unpack(from: &mut Reader<'_>) -> Self {
        Self::of_lines(Packed::unpack(from))
    }
}

trait Length {
    fn pack_len(self, into: &mut Vec<u8>);
}

impl Length for usize {
    fn pack_len(self, into: &mut Vec<u8>) {
        pack_number(self as u64, into);
    }
}

/// Packs structures field by field.
macro_rules! packed {
    ($($of:ident { $($field:ident),* })+) => {$(
        impl $crate::scenario::packed::Packed for $of {
            fn pack(&self, into: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($field.pack(into);)*
            }
            fn unpack(from: &mut $crate::scenario::packed::Reader<'_>) -> Self {
                Self { $($field: $crate::scenario::packed::Packed::unpack(from)),* }
            }
        }
    )+};
}
pub(super) use packed;

/// Packs one of several things, each with its fields after its number.
macro_rules! packed_choice {
    ($($of:ident { $($number:literal $variant:ident { $($field:ident),* })* | $last:literal $end:ident { $($end_field:ident),* } })+) => {$(
        impl Packed for $of {
            fn pack(&self, into: &mut Vec<u8>) {
                match self {
                    $(Self::$variant { $($field),* } => {
                        pack_number($number, into);
                        $($field.pack(into);)*
                    })*
                    Self::$end { $($end_field),* } => {
                        pack_number($last, into);
                        $($end_field.pack(into);)*
                    }
                }
            }
            fn unpack(from: &mut Reader<'_>) -> Self {
                match from.number($last) {
                    $($number => Self::$variant { $($field: Packed::unpack(from)),* },)*
                    _ => Self::$end { $($end_field: Packed::unpack(from)),* },
                }
            }
        }
    )+};
}

/// Packs what is nothing but a name by its place among `ALL`.
macro_rules! packed_name {
    ($($of:ident: $all:expr;)+) => {$(
        impl Packed for $of {
            fn pack(&self, into: &mut Vec<u8>) {
                // What is not in the list could not be read again.
                $all.iter().position(|one| one == self).unwrap_or($all.len()).pack_len(into);
            }
            fn unpack(from: &mut Reader<'_>) -> Self {
                $all[from.number($all.len() as u64 - 1) as usize]
            }
        }
    )+};
}

packed! {
    Scenario {
        version, title, purpose, notice, prediction, promise, seed, duration_s, wall_clock_ms, closes_first, server,
        nat, boxes, database, hosts, actions
    }
    ServerSetup {
        name, addr, port, kernel, clock, sysctls, backlog, service_ms, request_bytes, response_bytes,
        requests_per_connection
    }
    HostSetup { name, count, addr, behind_nat, kernel, clock, sysctls, link, traffic }
    ClockSetup { hz, tsval }
    Traffic { first_ms, interval_ms, jitter_ms, at_once, patience_ms, pause_ms }
    NatSetup { name, addr, inside, first_port, last_port, idle_s, ports, link }
    BoxSetup { name, in_front_of, link, kind }
    DatabaseSetup { name, addr, port, kernel, clock, link, service_ms, request_bytes, response_bytes }
    LinkSetup { delay_ms, jitter_ms, loss_percent, duplicate_percent, back }
    WaySetup { delay_ms, jitter_ms, loss_percent, duplicate_percent }
    Prediction { question, answers }
    Answer { text, right, because }
    Promise { why, refused, refused_at_least, rise, stay, failures, time_wait }
    Bounds { at_least, at_most }
    TimedAction { at_ms, action }
}

packed_choice! {
    Side { 0 Client {} | 1 Server {} }
    PortRule { 0 Sequential {} 1 Random {} | 2 PortPreserving {} }
    StampRule { 0 Pass {} 1 Random {} | 2 Strip {} }
    BoxKind { 0 Firewall { timestamps, drops_from } | 1 LoadBalancer { addr, first_port, last_port, idle_s, ports } }
    KernelVersion {
        0 V3_10 {} 1 El7 {} 2 V4_4 {} 3 V4_9 {} 4 V4_10 {} 5 V4_11 {} 6 V4_12 {} 7 V4_14 {} 8 V4_19 {} 9 V6_18 {}
        10 V4_10_0 {} 11 MacOs {} | 12 Windows {}
    }
    Errno { 0 Eagain {} 1 Eaddrinuse {} 2 Eaddrnotavail {} 3 Econnrefused {} 4 Econnreset {} 5 Etimedout {} | 6 Enotconn {} }
    Action {
        0 SetSysctl { key, value }
        1 SetKernel { version }
        2 AddHost { behind_nat }
        3 Reboot { name }
        4 RemoveHost { name }
        5 PassAddress { from, to }
        6 SetLink { name, link }
        | 7 SetAccepting { accepting }
    }
}

packed_name! {
    Counter: Counter::ALL;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::PRESETS;

    #[test]
    fn every_preset_is_read_as_it_was_packed() {
        for preset in PRESETS {
            let scenario = Scenario::from_json(preset.json).unwrap();
            assert_eq!(Scenario::from_packed(&scenario.to_packed()), Some(scenario), "{}", preset.name);
        }
    }

    #[test]
    fn what_was_cut_off_is_nothing() {
        let packed = Scenario::preset("reboot").unwrap().to_packed();
        for end in 0..packed.len() {
            assert_eq!(Scenario::from_packed(&packed[..end]), None);
        }
        assert_eq!(Scenario::from_packed(&[&packed[..], &[0]].concat()), None);
    }

    #[test]
    fn numbers_of_every_size_are_read_as_they_were_packed() {
        for number in [0, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = Vec::new();
            number.pack(&mut bytes);
            let mut from = Reader { rest: &bytes, broken: false };
            assert_eq!((u64::unpack(&mut from), from.broken, from.rest), (number, false, &[][..]));
            let mut from = Reader { rest: &bytes, broken: false };
            assert_eq!(
                (u8::unpack(&mut from), from.broken),
                if number < 256 { (number as u8, false) } else { (0, true) }
            );
        }
    }

    #[test]
    fn every_kernel_and_counter_is_read_as_it_was_packed() {
        fn again<T: Packed + Copy>(all: &[T]) -> Vec<T> {
            let mut bytes = Vec::new();
            all.to_vec().pack(&mut bytes);
            Packed::unpack(&mut Reader { rest: &bytes, broken: false })
        }
        assert_eq!(again(Counter::ALL), Counter::ALL);
        let kernels = [&KernelVersion::ALL[..], &KernelVersion::CLIENTS].concat();
        assert_eq!(again(&kernels), kernels);
    }
}
