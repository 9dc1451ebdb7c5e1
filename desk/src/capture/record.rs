//! A record of a capture file: one packet, or a header without one.

/// The longest packet or block that is read, in bytes. tcpdump and tshark stop at 256 KiB.
pub(super) const LONGEST: usize = 1 << 20;

/// A packet in the file.
pub(super) struct Frame<'a> {
    /// Nanoseconds since 1970; simple packets of pcapng have no time.
    pub(super) at_ns: Option<u64>,
    /// The `LINKTYPE_` of its interface.
    pub(super) link: u32,
    pub(super) data: &'a [u8],
    /// Its length in bytes before it was cut.
    pub(super) original: usize,
}

/// The result of reading one record.
pub(super) enum RecordStep<'a> {
    /// A record of this length in bytes, which may be more than are there yet.
    Record(u64, Option<Frame<'a>>),
    /// This number of bytes is needed to go on.
    Needs(usize),
    /// The bytes cannot be read, for this reason.
    Damaged(String),
}
