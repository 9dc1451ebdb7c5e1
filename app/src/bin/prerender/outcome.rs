//! The result type of the program.

use std::error::Error;

/// A value, or an error to print.
pub type Outcome<T> = Result<T, Box<dyn Error>>;
