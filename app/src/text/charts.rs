//! The words of the charts.
