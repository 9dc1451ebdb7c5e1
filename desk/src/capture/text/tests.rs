//! Output of tcpdump 4.99.

use super::{Packet, is_tcpdump_text, read_text};
use crate::capture::Summary;

fn read(text: &str) -> (Vec<Packet>, Summary) {
    let mut packets = Vec::new();
    let summary = read_text(text, &mut |packet| packets.push(packet));
    (packets, summary)
}

const RELATIVE: &str = "\
tcpdump: listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
1795649885.370379 IP 203.0.113.1.48578 > 198.51.100.10.8080: Flags [S], seq 329574830, win 64240, options [mss 1460,sackOK,TS val 1392010447 ecr 0,nop,wscale 10], length 0
1795649885.370393 IP 198.51.100.10.8080 > 203.0.113.1.48578: Flags [S.], seq 4150000723, ack 329574831, win 65160, options [mss 1460,sackOK,TS val 2062187703 ecr 1392010447,nop,wscale 10], length 0
1795649885.370400 ARP, Request who-has 198.51.100.10 tell 203.0.113.1, length 28
1795649885.370413 IP 203.0.113.1.48578 > 198.51.100.10.8080: Flags [.], ack 1, win 63, options [nop,nop,TS val 1392010448 ecr 2062187703], length 0
1795649885.370648 IP 198.51.100.10.8080 > 203.0.113.1.48578: Flags [P.], seq 1:7241, ack 1, win 64, options [nop,nop,TS val 2062187704 ecr 1392010448], length 7240: HTTP: length 3, options [TS val 1 ecr 2]
1795649885.370700 IP 203.0.113.1.48578 > 198.51.100.10.8080: Flags [R], seq 329574831, win 0, length 0
";

#[test]
fn relative_numbers_become_those_of_the_segments() {
    assert!(is_tcpdump_text(RELATIVE));
    let (packets, summary) = read(RELATIVE);
    let numbers: Vec<_> =
        packets.iter().map(|packet| (packet.number, packet.segment.seq.0, packet.segment.ack.0)).collect();
    let (client, server) = (329_574_830, 4_150_000_723);
    assert_eq!(
        numbers,
        [
            (1, client, 0),
            (2, server, client + 1),
            (4, client + 1, server + 1),
            (5, server + 1, client + 1),
            (6, client + 1, 0)
        ]
    );
    let data = packets[3].segment;
    let stamps = data.timestamps.map(|stamps| (stamps.tsval.0, stamps.tsecr.0));
    assert_eq!((data.len, data.window, stamps), (7_240, 64, Some((2_062_187_704, 1_392_010_448))));
    assert_eq!(packets[4].segment.timestamps, None);
    assert_eq!(summary.span_ns, Some((1_795_649_885_370_379_000, 1_795_649_885_370_700_000)));
    assert_eq!((summary.packets, summary.segments, summary.notes.len()), (6, 5, 0));
}

#[test]
fn absolute_numbers_stay() {
    let absolute = RELATIVE.replace("ack 1,", "ack 4150000724,").replace("seq 1:7241", "seq 4150000724:4150007964");
    let absolute = absolute.replace("7964, ack 4150000724", "7964, ack 329574831");
    assert_eq!(read(&absolute).0, read(RELATIVE).0);
}

#[test]
fn two_lines_names_and_cut_options() {
    let verbose = "\
23:38:05.370379 IP (tos 0x0, ttl 63, id 1449, offset 0, flags [DF], proto TCP (6), length 60)
    203.0.113.1.48578 > 198.51.100.10.8080: Flags [SEW], cksum 0x666e (incorrect -> 0x545f), seq 329574830, win 64240, options [mss 1460,sackOK,TS [|tcp]>
23:38:05.370379 IP 203.0.113.1.48578 > web.http: Flags [S], seq 329574830, win 64240, length 0
00:00:05.370379 IP6 2001:db8::1.34160 > 2001:db8::10.8080: Flags [S], seq 4144884099, win 64800, length 0
not a packet
    203.0.113.1.48578 > 198.51.100.10.8080: Flags [S], seq 1, win 64240, length 0
00:00:06.000000 IP 203.0.113.1.48578 > 198.51.100.10.8080: Flags [Q], seq 1, win 64240, length 0
";
    let (packets, summary) = read(verbose);
    assert_eq!(packets.iter().map(|packet| (packet.number, packet.cut)).collect::<Vec<_>>(), [(1, true), (3, false)]);
    assert_eq!(packets[0].segment.flags.to_string(), "S");
    // The second is of the next day.
    assert_eq!(packets.iter().map(|packet| packet.at_ns / 1_000_000).collect::<Vec<_>>(), [85_085_370, 86_405_370]);
    assert_eq!(summary.addresses.name(packets[1].segment.src.addr), "2001:db8::1");
    let notes = [
        "1 lines left out: they have names instead of numbers; `tcpdump -n` prints numbers",
        "1 lines left out: they do not look like a segment of tcpdump",
        "the times have no date; `tcpdump -tt` prints full times",
    ];
    assert_eq!((summary.packets, summary.notes), (4, notes.map(str::to_owned).to_vec()));
}

#[test]
fn an_excerpt_without_its_beginning_stays_relative() {
    let excerpt: String = RELATIVE.lines().skip(4).map(|line| format!("{line}\n")).collect();
    let numbers: Vec<_> = read(&excerpt).0.iter().map(|packet| (packet.segment.seq.0, packet.segment.ack.0)).collect();
    assert_eq!(numbers, [(0, 1), (1, 1), (329_574_831, 0)]);
}

#[test]
fn other_texts_are_not_from_tcpdump() {
    for text in ["", "a > b", "Flags [S]", "tcp 0 0 203.0.113.1:80 198.51.100.1:443 TIME_WAIT", ": Flags [S] > b"] {
        assert!(!is_tcpdump_text(text), "{text}");
    }
}
