//! The support desk: [`Evidence`] in, a verdict and a fix out. No browser, no clock, no network.
//!
//! Text is recognised by what it says and read line by line; a capture is read in slices and never held. What a capture
//! shows is played to the model's kernel by the doors that a simulation uses, so that a SYN counts as refused by recycle
//! only where the model refuses it.

pub mod capture;
pub mod clocks;
pub mod evidence;
pub mod facts;
pub mod fix;
pub mod harm;
pub mod intake;
pub mod kernel;
pub mod parse;
pub mod play;
pub mod ran;
pub mod report;
pub mod shadow;
pub mod verdict;
pub mod watch;

pub use self::evidence::Evidence;
pub use self::verdict::{Verdict, verdicts};
