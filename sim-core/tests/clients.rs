//! How those call that are no server here: when their SYNs go out again, and what clock they carry (R9, R13).

#[expect(dead_code, reason = "these tests need less of the bench than those of the rules")]
mod common;

use common::{Bench, HOST};
use sim_core::addr::Endpoint;
use sim_core::kernel::Wake;
use sim_core::kernel_version::KernelVersion as V;
use sim_core::time::Span;
use sim_core::trace::Errno;

const PEER: Endpoint = Endpoint::new(std::net::Ipv4Addr::new(192, 0, 2, 1), 80);

/// The seconds at which the SYNs of one attempt go out, and the second at which it fails.
fn attempt(version: V) -> (Vec<u64>, u64) {
    let mut bench = Bench::new(version);
    bench.kernel.connect(bench.now, PEER, None, &mut bench.wire).expect("a port is free");
    let began = bench.now;
    let failed = (1..200).find(|_| {
        bench.wait(Span::from_secs(1));
        bench.wire.woken.iter().any(|wake| matches!(wake, Wake::Failed(_, Errno::Etimedout)))
    });
    let sent = bench.wire.sent.iter().map(|(at, _)| at.since(began).as_millis() / 1_000).collect();
    (sent, failed.expect("it gives up"))
}

#[test]
fn syns_go_out_again_as_the_documents_of_each_system_say() {
    // Linux: ip-sysctl, `tcp_syn_retries` 6, and `tcp_syn_linear_timeouts` 4 from 6.5.
    assert_eq!(attempt(V::V4_9), (vec![0, 1, 3, 7, 15, 31, 63], 127));
    assert_eq!(attempt(V::V4_10_0), attempt(V::V4_9));
    assert_eq!(attempt(V::V6_18), (vec![0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67], 131));
    // xnu: `tcp_syn_backoff` 1, 1, 1, 1, 1, 2, 4, 8, 16, 32 and `TCPTV_KEEP_INIT` 75 s.
    assert_eq!(attempt(V::MacOs), (vec![0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67], 75));
    // Windows: `TcpInitialRtt` 3 s, doubled, `TcpMaxConnectRetransmissions` 2: 3 + 6 + 12 = 21 s.
    assert_eq!(attempt(V::Windows), (vec![0, 3, 9], 21));
}

/// The timestamp in the SYN of a new connection.
fn tsval(bench: &mut Bench) -> Option<u32> {
    bench.kernel.connect(bench.now, PEER, None, &mut bench.wire).expect("a port is free");
    let syn = bench.wire.sent.last().expect("it was sent").1;
    assert_eq!(syn.src.addr, HOST);
    syn.timestamps.map(|stamps| stamps.tsval.0)
}

#[test]
fn each_system_has_its_own_idea_of_a_clock() {
    let two = |version| {
        let mut bench = Bench::new(version);
        (tsval(&mut bench), tsval(&mut bench))
    };
    assert_eq!(two(V::Windows), (None, None));
    let same = |version| {
        let (first, second) = two(version);
        first.is_some() && first == second
    };
    let told = [V::V4_9, V::V4_10, V::V4_10_0, V::MacOs].map(same);
    assert_eq!(told, [true, true, false, false]);
}

/// A port that comes again has another clock on macOS, and the same on 4.10.0, whose offset is a hash of the four-tuple.
#[test]
fn the_same_four_tuple_has_another_clock_on_macos_only() {
    let same = |version| {
        let mut bench = Bench::new(version);
        let mut syn = || {
            let socket = bench.kernel.connect(bench.now, PEER, Some(50_000), &mut bench.wire).expect("it is free");
            bench.kernel.close(bench.now, socket, &mut bench.wire);
            bench.wire.sent.last().expect("it was sent").1.timestamps
        };
        syn() == syn()
    };
    assert_eq!([V::V4_10_0, V::MacOs].map(same), [true, false]);
}

/// None of them can be a server's, and the page offers none of them.
#[test]
fn they_are_no_kernels_of_a_server() {
    for client in V::CLIENTS {
        assert!(!V::ALL.contains(&client) && client.name().parse::<V>().is_err());
        let mut scenario = sim_core::Scenario::preset("one-address-many-servers").expect("the preset reads");
        scenario.server.kernel = client;
        let error = scenario.check().expect_err("no server runs it");
        assert_eq!((error.path.as_str(), error.found.as_str()), ("server.kernel", client.name()));
        scenario.server.kernel = V::V4_9;
        scenario.hosts[0].kernel = client;
        assert_eq!(scenario.check(), Ok(()));
    }
}
