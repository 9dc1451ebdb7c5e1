//! Benchmarks of the hot functions: `cargo bench -p tests --bench hot`. They check nothing, and no test depends on
//! them.

use std::hint::black_box;
use std::net::Ipv4Addr;

use criterion::{BatchSize, Criterion, Throughput};
use sim_core::Trace;
use sim_core::addr::{Endpoint, FourTuple};
use sim_core::kernel::{Clock, Environment, Kernel, KernelConfig, Wake};
use sim_core::kernel_version::KernelVersion;
use sim_core::segment::{Flags, Segment};
use sim_core::seq::Seq;
use sim_core::sysctl::Sysctls;
use sim_core::time::SimTime;
use sim_core::timestamp::{Timestamps, Tsval};
use sim_core::trace::{Event, Totals};
use tests::load::Work;

const SERVER: Endpoint = Endpoint::new(Ipv4Addr::new(198, 51, 100, 10), 80);
const PEER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);
const CONNECTIONS: u64 = 1_000;

/// An environment that accepts every call and stores nothing.
struct Nowhere;

impl Environment for Nowhere {
    fn transmit(&mut self, segment: Segment, _retransmission: u8) {
        black_box(segment);
    }

    fn record(&mut self, _event: Event) {}

    fn wake(&mut self, _wake: Wake) {}

    fn initial_sequence(&mut self, tuple: FourTuple) -> Seq {
        Seq(u32::from(tuple.remote.port))
    }
}

/// A listening server on Linux 4.9.
fn server() -> Kernel {
    let version = KernelVersion::V4_9;
    let sysctls = Sysctls::defaults(version.profile());
    let clock = Clock { hz: 1_000, uptime_us: 1_000_000_000, wall_us: 1_700_000_000_000_000 };
    let mut kernel = Kernel::new(KernelConfig { version, addr: SERVER.addr, sysctls, clock, secret: 1 });
    // Nothing listens yet, so the port is free.
    let _ = kernel.listen(SimTime::ZERO, SERVER.port, 65_535, &mut Nowhere);
    kernel
}

fn segment(port: u16, flags: Flags, seq: u32, ack: u32) -> Segment {
    let timestamps = Some(Timestamps { tsval: Tsval(5_000), tsecr: Tsval(0) });
    let (src, dst) = (Endpoint::new(PEER, port), SERVER);
    Segment { src, dst, flags, seq: Seq(seq), ack: Seq(ack), len: 0, window: 29_200, timestamps }
}

/// A single segment that arrives at a kernel.
fn doors(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("kernel");
    group.throughput(Throughput::Elements(100));
    let syns: Vec<Segment> = (0..100).map(|port| segment(10_000 + port, Flags::SYN, 1, 0)).collect();
    let arrive = |kernel: &mut Kernel, segments: &[Segment]| {
        for segment in segments {
            kernel.segment_arrives(SimTime::from_millis(1), segment, &mut Nowhere);
        }
    };
    group.bench_function("a SYN", |bench| {
        bench.iter_batched_ref(server, |kernel| arrive(kernel, &syns), BatchSize::SmallInput);
    });
    let mut answered = server();
    arrive(&mut answered, &syns);
    let thirds: Vec<Segment> =
        (0..100).map(|port| segment(10_000 + port, Flags::ACK, 2, u32::from(10_000 + port) + 1)).collect();
    group.bench_function("the third segment", |bench| {
        bench.iter_batched_ref(|| answered.clone(), |kernel| arrive(kernel, &thirds), BatchSize::SmallInput);
    });
    group.finish();
}

/// Whole connections, from `connect()` to the end of TIME_WAIT.
fn connections(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("connections");
    group.throughput(Throughput::Elements(CONNECTIONS)).sample_size(20);
    let work = |recycle| Work { connections: CONNECTIONS, hosts: 8, rate: 1_000, recycle };
    group.bench_function("sums", |bench| bench.iter(|| work(false).run(Totals::default())));
    group.bench_function("sums, recycle", |bench| bench.iter(|| work(true).run(Totals::default())));
    group.bench_function("all", |bench| bench.iter(|| work(false).run(Trace::empty())));
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    doors(&mut criterion);
    connections(&mut criterion);
    criterion.final_summary();
}
