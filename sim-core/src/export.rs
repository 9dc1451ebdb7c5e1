//! What leaves the lab: what a tool would print, and files to take home.

pub mod capture;
pub mod csv;
pub mod json;
pub mod nstat;
pub mod packet;
pub mod pcapng;
pub mod ss;
pub mod sysctl_conf;
pub mod tcpdump;
