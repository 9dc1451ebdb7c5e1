//! Charts of a run: what they show, and how that is drawn.
//!
//! What a chart shows is a pure function of a run ([`clocks`], [`over_time`], [`sweep`]); what it looks like follows
//! from that and a width ([`draw`]). `plotters` lays out the axes and the series; its marks come out as SVG with
//! classes ([`backend`], [`ink`]).

pub mod backend;
pub mod bands;
pub mod clocks;
pub mod draw;
pub mod figure;
pub mod frame;
pub mod ink;
pub mod over_time;
pub mod scale;
pub mod sweep;
