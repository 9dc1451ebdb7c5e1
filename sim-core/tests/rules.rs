//! The rules of ARCHITECTURE.md, one state and one stimulus a test, also for the kernels that were not recorded.

mod common;

use common::{Bench, PEER_ISN, behind_nat, segment};
use sim_core::addr::Endpoint;
use sim_core::kernel::counter::Counter;
use sim_core::kernel::drop_reason::DropReason;
use sim_core::kernel::state::State;
use sim_core::kernel_version::KernelVersion as V;
use sim_core::segment::Flags;
use sim_core::time::Span;
use sim_core::trace::Errno;

const RECYCLE: &str = "net.ipv4.tcp_tw_recycle";
const REUSE: &str = "net.ipv4.tcp_tw_reuse";
const TIMESTAMPS: &str = "net.ipv4.tcp_timestamps";
const WITH_RECYCLE: [V; 6] = [V::V3_10, V::El7, V::V4_4, V::V4_9, V::V4_10, V::V4_11];

#[test]
fn r1_r2_a_lower_clock_from_the_same_address_meets_silence() {
    for version in WITH_RECYCLE {
        let mut bench = Bench::new(version).with(RECYCLE, 1);
        bench.serve(behind_nat(40_001), 5_012_400);
        assert_eq!(bench.syn(behind_nat(40_002), Some(4_998_200)), None, "{version}");
        let moved = [Counter::PawsPassive, Counter::ListenDrops, Counter::ListenOverflows].map(|c| bench.counter(c));
        assert_eq!(moved, [1, 1, 0], "{version}");
        assert_eq!(bench.state(behind_nat(40_002)), State::Close);
    }
}

#[test]
fn r1_a_syn_without_timestamp_passes_on_mainline_3_10_only() {
    let answered = WITH_RECYCLE.map(|version| {
        let mut bench = Bench::new(version).with(RECYCLE, 1);
        bench.serve(behind_nat(40_001), 5_012_400);
        bench.syn(behind_nat(40_002), None).is_some()
    });
    assert_eq!(answered, [true, false, false, false, false, false]);
}

#[test]
fn r3_nothing_is_remembered_when_the_peer_closes_first() {
    let mut bench = Bench::new(V::V4_9).with(RECYCLE, 1);
    let peer = behind_nat(40_001);
    let synack = bench.deliver(segment(peer, Flags::SYN, PEER_ISN, 0, Some(5_000))).unwrap();
    bench.deliver(segment(peer, Flags::FIN.with(Flags::ACK), PEER_ISN + 1, synack.seq.0 + 1, Some(5_000)));
    let socket = bench.kernel.accept(bench.now, 80, &mut bench.wire).unwrap();
    bench.kernel.close(bench.now, socket, &mut bench.wire);
    bench.deliver(segment(peer, Flags::ACK, PEER_ISN + 2, synack.seq.0 + 2, Some(5_000)));
    assert_eq!(bench.state(peer), State::Close);
    assert_eq!(bench.kernel.remembered(peer.addr), None);
}

#[test]
fn r4_the_highest_clock_wins_and_the_minute_starts_again_with_it() {
    let mut bench = Bench::new(V::V4_9).with(RECYCLE, 1);
    bench.serve(behind_nat(40_001), 9_000_000);
    bench.wait(Span::from_secs(50));
    bench.serve(behind_nat(40_001), 9_050_000);
    bench.wait(Span::from_secs(50));
    assert_eq!(bench.syn(behind_nat(40_002), Some(8_000_000)), None);
    bench.wait(Span::from_secs(11));
    assert_eq!(bench.syn(behind_nat(40_003), Some(8_000_000)).as_deref(), Some("S."));
}

#[test]
fn r5_time_wait_is_short_only_with_recycle_and_never_by_fin_timeout() {
    let lives_ms = |recycle: u32| {
        let mut bench = Bench::new(V::V4_4).with("net.ipv4.tcp_fin_timeout", 5).with(RECYCLE, recycle);
        bench.serve(behind_nat(40_001), 5_000);
        let mut ms = 0;
        while bench.state(behind_nat(40_001)) == State::TimeWait {
            bench.wait(Span::from_millis(10));
            ms += 10;
        }
        ms
    };
    // 3.5 x 200 ms, as the round trip here is nothing; else TCP_TIMEWAIT_LEN.
    assert_eq!((lives_ms(1), lives_ms(0)), (700, 60_000));
}

#[test]
fn r7_reuse_needs_rest_and_only_loopback_counts_as_2_from_4_19_on() {
    let to = Endpoint::new([203, 0, 113, 80].into(), 443);
    let reuses_after = |version: V, reuse: u32, rest_ms: u64| {
        let mut bench = Bench::new(version).with(REUSE, reuse);
        bench.kernel.write_sysctl(bench.now, "net.ipv4.ip_local_port_range", "50010 50010", &mut bench.wire).unwrap();
        bench.dial_and_close(to).unwrap();
        bench.wait(Span::from_millis(rest_ms));
        bench.dial(to).is_ok()
    };
    // Half a second into a second: 1.4 s later the whole seconds differ by 1, 1.5 s later by 2.
    assert_eq!([1_400, 1_500].map(|ms| reuses_after(V::V4_14, 1, ms)), [false, true]);
    // Up for whole seconds: 0.9 s later they differ by 0, 1 s later by 1.
    assert_eq!([900, 1_000].map(|ms| reuses_after(V::V4_19, 1, ms)), [false, true]);
    assert_eq!([1_000, 1_001].map(|ms| reuses_after(V::V6_18, 1, ms)), [false, true]);
    assert_eq!([V::V4_14, V::V4_19, V::V6_18].map(|version| reuses_after(version, 2, 5_000)), [true, false, false]);
    assert!(!reuses_after(V::V4_9, 0, 5_000));
}

#[test]
fn r8_ports_run_out_after_28_232_connections_to_one_place() {
    let to = Endpoint::new([203, 0, 113, 80].into(), 443);
    for (version, ports) in [(V::V3_10, 28_233), (V::V4_9, 28_232)] {
        let mut bench = Bench::new(version);
        let opened = (0..30_000).take_while(|_| bench.dial_and_close(to).is_ok()).count();
        assert_eq!(opened, ports, "{version}");
        assert_eq!(bench.dial(to), Err(Errno::Eaddrnotavail));
        let elsewhere = Endpoint::new([203, 0, 113, 81].into(), 443);
        assert!(bench.dial(elsewhere).is_ok());
    }
}

#[test]
fn r10_from_4_12_on_the_key_is_gone() {
    for version in [V::V4_12, V::V4_14, V::V4_19, V::V6_18] {
        let mut bench = Bench::new(version);
        let error = bench.kernel.write_sysctl(bench.now, RECYCLE, "1", &mut bench.wire).unwrap_err();
        assert_eq!(error.to_string(), "No such file or directory");
        bench.serve(behind_nat(40_001), 5_012_400);
        assert_eq!(bench.syn(behind_nat(40_002), Some(4_998_200)).as_deref(), Some("S."));
    }
}

#[test]
fn r12_timestamps_off_refuses_everybody_and_recycle_off_heals_at_once() {
    let mut bench = Bench::new(V::V4_9).with(RECYCLE, 1);
    bench.serve(behind_nat(40_001), 5_000);
    bench.set(TIMESTAMPS, 0);
    assert_eq!(bench.syn(behind_nat(40_002), Some(9_000_000)), None);
    bench.set(RECYCLE, 0);
    assert_eq!(bench.syn(behind_nat(40_003), Some(1)).as_deref(), Some("S."));
}

#[test]
fn r13_a_syn_is_sent_again_until_the_client_gives_up() {
    let to = Endpoint::new([203, 0, 113, 80].into(), 443);
    let seconds = |version| {
        let mut bench = Bench::new(version);
        bench.kernel.connect(bench.now, to, None, &mut bench.wire).unwrap();
        bench.wait(Span::from_secs(200));
        let sent: Vec<u64> = bench.wire.sent.iter().map(|(at, _)| at.as_micros() / 1_000_000).collect();
        (sent, bench.wire.woken.len())
    };
    assert_eq!(seconds(V::V4_9), (vec![0, 1, 3, 7, 15, 31, 63], 1));
    assert_eq!(seconds(V::V6_18), (vec![0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67], 1));
}

#[test]
fn r13_the_client_gives_up_at_127_s_and_from_6_5_on_at_131_s() {
    let to = Endpoint::new([203, 0, 113, 80].into(), 443);
    let has_given_up_after = |version, s| {
        let mut bench = Bench::new(version);
        bench.kernel.connect(bench.now, to, None, &mut bench.wire).unwrap();
        bench.wait(Span::from_secs(s));
        !bench.wire.woken.is_empty()
    };
    assert_eq!([126, 127].map(|s| has_given_up_after(V::V4_9, s)), [false, true]);
    assert_eq!([130, 131].map(|s| has_given_up_after(V::V6_18, s)), [false, true]);
}

#[test]
fn a_fin_wait_2_longer_than_a_minute_is_spent_as_a_full_socket_first() {
    let mut bench = Bench::new(V::V4_9).with("net.ipv4.tcp_fin_timeout", 90);
    let peer = behind_nat(40_001);
    let synack = bench.deliver(segment(peer, Flags::SYN, PEER_ISN, 0, None)).unwrap();
    bench.deliver(segment(peer, Flags::ACK, PEER_ISN + 1, synack.seq.0 + 1, None));
    let socket = bench.kernel.accept(bench.now, 80, &mut bench.wire).unwrap();
    bench.kernel.close(bench.now, socket, &mut bench.wire);
    bench.deliver(segment(peer, Flags::ACK, PEER_ISN + 1, synack.seq.0 + 2, None));
    let timewait = |bench: &Bench| bench.kernel.sockets().iter().any(|socket| socket.timewait);
    assert_eq!((bench.state(peer), timewait(&bench)), (State::FinWait2, false));
    bench.wait(Span::from_secs(31));
    assert_eq!((bench.state(peer), timewait(&bench)), (State::FinWait2, true));
    bench.wait(Span::from_secs(35));
    assert_eq!(bench.state(peer), State::Close);
}

/// `tcp_check_req` with and without `tcp_abort_on_overflow`: the peer is told or not, but one segment is one drop.
#[test]
fn r14_a_third_segment_too_many_is_dropped_once_also_where_a_rst_answers_it() {
    for (abort, answer, state) in [(0, None, State::SynRecv), (1, Some(Flags::RST), State::Close)] {
        let mut bench = Bench::new(V::V4_9).with("net.ipv4.tcp_abort_on_overflow", abort);
        let third = |bench: &mut Bench, port| {
            bench.deliver(segment(behind_nat(port), Flags::ACK, PEER_ISN + 1, 5_001, Some(5_000)))
        };
        // One more than the backlog of 128 may wait; the last two SYNs come while there is room.
        for port in 1..=128 {
            bench.syn(behind_nat(port), Some(5_000));
            third(&mut bench, port);
        }
        bench.syn(behind_nat(129), Some(5_000));
        bench.syn(behind_nat(130), Some(5_000));
        third(&mut bench, 129);
        assert_eq!(bench.wire.drops, []);
        assert_eq!(third(&mut bench, 130).map(|answer| answer.flags), answer);
        assert_eq!(bench.wire.drops, [DropReason::AcceptQueueFull]);
        assert_eq!([Counter::ListenOverflows, Counter::ListenDrops].map(|counter| bench.counter(counter)), [1, 1]);
        assert_eq!(bench.state(behind_nat(130)), state);
    }
}

#[test]
fn r15_a_full_syn_queue_sends_cookies_which_r1_is_not_asked_about() {
    let drops = |version: V| {
        let mut bench = Bench::new(version).with(RECYCLE, 1);
        bench.serve(behind_nat(40_001), 5_012_400);
        // Red Hat 7's queue is full at 256: the backlog of 128 and one, rounded up to a power of two.
        for port in 0..256 {
            bench.syn(Endpoint::new([192, 0, 2, 1].into(), 1_024 + port), Some(1));
        }
        let before = bench.counter(Counter::ListenDrops);
        assert_eq!(bench.syn(behind_nat(40_002), Some(4_998_200)).as_deref(), Some("S."), "{version}");
        bench.counter(Counter::ListenDrops) - before
    };
    // To 4.4 the request of a cookie was thrown away by the same lines that count drops (`drop_and_free`).
    assert_eq!([V::El7, V::V4_4, V::V4_9, V::V4_11].map(drops), [1, 1, 0, 0]);
}

#[test]
fn r15_a_cookie_that_comes_back_is_a_connection() {
    let mut bench = Bench::new(V::V4_9).with("net.ipv4.tcp_syncookies", 2);
    let peer = behind_nat(40_001);
    let synack = bench.deliver(segment(peer, Flags::SYN, PEER_ISN, 0, Some(5_000))).unwrap();
    assert_eq!(bench.state(peer), State::Close);
    let wrong = segment(peer, Flags::ACK, PEER_ISN + 1, synack.seq.0 + 2, Some(5_000));
    assert_eq!(bench.deliver(wrong).map(|answer| answer.flags), Some(Flags::RST));
    bench.deliver(segment(peer, Flags::ACK, PEER_ISN + 1, synack.seq.0 + 1, Some(5_000)));
    assert_eq!(bench.state(peer), State::Established);
}

#[test]
fn r15_the_last_quarter_of_the_backlog_is_for_known_peers_and_up_to_4_12_for_nobody() {
    let answered = |version: V| {
        let mut bench = Bench::new(version).with("net.ipv4.tcp_syncookies", 0);
        bench.serve(behind_nat(40_001), 5_000);
        // 128 - 97 = 31 < 32: the last quarter begins after 97 requests.
        for port in 0..97 {
            bench.syn(Endpoint::new([192, 0, 2, 1].into(), 1_024 + port), Some(1));
        }
        [bench.syn(Endpoint::new([192, 0, 2, 2].into(), 1_024), Some(1)), bench.syn(behind_nat(40_002), Some(5_000))]
            .map(|answer| answer.is_some())
    };
    assert_eq!(answered(V::V4_9), [false, false]);
    assert_eq!(answered(V::V4_14), [false, true]);
}

/// Recorded on 6.18.44: two SYN-ACKs to different ports of one address carry clocks that are not minutes, but days apart.
#[test]
fn r9_6_18_shows_another_clock_on_every_connection() {
    let clocks = |version: V| {
        let mut bench = Bench::new(version);
        [40_001, 40_002].map(|port| {
            let synack = bench.deliver(segment(behind_nat(port), Flags::SYN, PEER_ISN, 0, Some(1))).unwrap();
            synack.timestamps.unwrap().tsval
        })
    };
    assert!([V::V4_9, V::V4_14].map(clocks).iter().all(|[one, other]| one == other));
    let [one, other] = clocks(V::V6_18);
    assert_ne!(one, other);
}
