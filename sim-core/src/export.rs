//! Exports: the output of well-known tools, and files to download.

pub mod capture;
pub mod csv;
pub mod json;
pub mod nstat;
pub mod packet;
pub mod pcapng;
pub mod ss;
pub mod sysctl_conf;
pub mod tcpdump;
