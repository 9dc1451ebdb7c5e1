//! The clocks behind an address, taken from a run.

use std::net::Ipv4Addr;

use sim_core::trace::query::{Fate, Flight};
use sim_core::trace::{NodeId, Role};

use super::server_memory::steps;
use super::unroll::Unroller;
use super::{Clocks, Verdict, goes_round, host_clocks};
use crate::run::Run;

impl Clocks {
    /// The clocks behind `address` in `run`.
    pub fn of(run: &Run, address: Ipv4Addr) -> Self {
        let steps = steps(run, address);
        let arrivals = arrivals(run, address);
        let stamped = arrivals.iter().flat_map(|(_, flights)| flights).find_map(|flight| flight.header.timestamps);
        let unroller = Unroller {
            steps: &steps,
            goes_round: goes_round(&steps),
            first: stamped.map_or(0, |stamps| i64::from(stamps.tsval.0)),
        };
        let epochs = host_clocks::epochs(run);
        let hosts = arrivals.iter().map(|(host, flights)| {
            let epochs = host_clocks::of(run, &epochs, *host, address);
            host_clocks::along(run, *host, flights, unroller, &epochs)
        });
        let hosts = hosts.collect();
        Self { address, end: run.end(), hosts, steps }
    }
}

/// All addresses from which SYNs reach the server: those with the most refusals first, then those with the most hosts.
pub fn addresses(run: &Run) -> Vec<Ipv4Addr> {
    /// An address, the number of its refusals, and its hosts.
    type Row = (Ipv4Addr, usize, Vec<NodeId>);
    let mut rows: Vec<Row> = Vec::new();
    for flight in syns(run) {
        let address = flight.header.src.addr;
        let index = rows.iter().position(|(known, ..)| *known == address).unwrap_or_else(|| {
            rows.push((address, 0, Vec::new()));
            rows.len() - 1
        });
        let (_, refused, hosts) = &mut rows[index];
        *refused += usize::from(Verdict::of(flight) == Verdict::Refused);
        let host = run.owner(flight.connection);
        hosts.extend(host.filter(|host| !hosts.contains(host)));
    }
    rows.sort_by_key(|(address, refused, hosts)| {
        core::cmp::Reverse((*refused, hosts.len(), core::cmp::Reverse(*address)))
    });
    rows.into_iter().map(|(address, ..)| address).collect()
}

/// The SYNs that reached the server.
fn syns(run: &Run) -> impl Iterator<Item = &Flight> {
    let server = run.trace.nodes.iter().position(|node| node.role == Role::Server);
    run.index.flights.iter().filter(move |flight| {
        let arrived = flight.arrives.is_some_and(|at| at <= run.end()) && !matches!(flight.fate, Fate::Lost(_));
        Some(usize::from(flight.to.0)) == server && flight.header.opens() && arrived
    })
}

fn arrivals(run: &Run, address: Ipv4Addr) -> Vec<(NodeId, Vec<&Flight>)> {
    let mut hosts: Vec<(NodeId, Vec<&Flight>)> = Vec::new();
    for flight in syns(run).filter(|flight| flight.header.src.addr == address) {
        let Some(owner) = run.owner(flight.connection) else { continue };
        match hosts.iter_mut().find(|(host, _)| *host == owner) {
            Some((_, flights)) => flights.push(flight),
            None => hosts.push((owner, vec![flight])),
        }
    }
    hosts.sort_by_key(|(host, _)| *host);
    for (_, flights) in &mut hosts {
        flights.sort_by_key(|flight| flight.arrives);
    }
    hosts
}
