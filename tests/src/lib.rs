//! Code that the tests of this workspace share: recordings of real kernels, and their replay against the model.

pub mod agreement;
pub mod golden;
pub mod load;
pub mod promise;
pub mod recording;
pub mod remote;
pub mod replay;
