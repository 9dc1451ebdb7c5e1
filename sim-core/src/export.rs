//! What leaves the lab as text: what a tool would print, and files to take home.

pub mod nstat;
pub mod ss;
pub mod sysctl_conf;
pub mod tcpdump;
