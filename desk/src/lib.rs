//! The support desk: reads [`Evidence`] from a server and gives verdicts and fixes. It uses no browser, no clock and no
//! network.
//!
//! | module | what it does |
//! |---|---|
//! | [`parse`], [`capture`] | read text line by line, and captures in slices |
//! | [`evidence_builder`] | hands each input to its reader and collects the [`Evidence`] |
//! | [`replay`] | plays a capture to the kernel model: why did a SYN get no answer? |
//! | [`facts`], [`verdict`] | compare the evidence with the signature of each verdict |
//! | [`fix`], [`harm`] | what to change, and which settings do not help |
//! | [`report`] | the result as Markdown and JSON |
//! | [`session`] | the state of the desk's page |
//!
//! The replay uses the same kernel functions as a simulation, so a SYN counts as refused by recycle only if the model
//! refuses it.

pub mod capture;
pub mod evidence;
pub mod evidence_builder;
pub mod facts;
pub mod fix;
pub mod format;
pub mod harm;
pub mod kernel;
pub mod parse;
pub mod replay;
pub mod report;
pub mod session;
pub mod verdict;

pub use self::evidence::Evidence;
pub use self::verdict::{Verdict, verdicts};
