//! The session from outside: inputs come and go, and captures follow the kernel that the texts name.

use super::*;

type TestSession = Session<u32>;

const COUNTERS: &str = "$ nstat -az\nTcpExtPAWSPassive 10 0.0\n$ nstat -az\nTcpExtPAWSPassive 25 0.0\n";

fn session(actions: Vec<Action<u32>>) -> TestSession {
    let mut session = TestSession::default();
    actions.into_iter().for_each(|action| session.apply(action));
    session
}

fn capture(name: &str) -> Action<u32> {
    Action::AddCapture(name.to_owned(), CaptureSource::File(7), 1_000.0)
}

fn seen(packets: u64) -> Box<CaptureSeen> {
    Box::new(CaptureSeen { packets, ..CaptureSeen::default() })
}

fn labels(session: &TestSession) -> Vec<(&str, &str)> {
    session.inputs.iter().map(|input| (&*input.name, input.label.as_str())).collect()
}

#[test]
fn pasted_texts_are_numbered_and_labelled() {
    let paste = |text: &str| Action::Paste(text.to_owned());
    let session = session(vec![paste("3.10.0-957.el7.x86_64\n"), paste(COUNTERS), paste("Dear support,\n")]);
    let expected = [
        ("pasted text", "kernel 3.10.0-957.el7.x86_64"),
        ("pasted text 2", "counters, 2 times"),
        ("pasted text 3", "not recognised; it begins with: Dear support,"),
    ];
    assert_eq!(labels(&session), expected);
    assert_eq!(session.evidence.0.samples.len(), 2);
}

#[test]
fn a_removed_input_comes_back_to_its_place() {
    let paste = |text: &str| Action::Paste(text.to_owned());
    let mut session = session(vec![paste("4.9.337-1\n"), paste(COUNTERS), paste("net.ipv4.tcp_tw_recycle = 1\n")]);
    session.apply(Action::Remove(1));
    assert!(session.evidence.0.samples.is_empty());
    session.apply(Action::Undo);
    assert_eq!(session.inputs.iter().map(|input| input.id).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(session.evidence.0.samples.len(), 2);
    session.apply(Action::Undo);
    assert_eq!(session.inputs.len(), 3);
}

#[test]
fn captures_are_read_one_after_the_other() {
    let mut session = session(vec![capture("a.pcap"), capture("b.pcap")]);
    assert_eq!(session.next_reading(), Some((0, 0)));
    session.apply(Action::Progressed((0, 0), 500.0));
    // The second one has to wait.
    session.apply(Action::Finished((1, 0), seen(3)));
    assert!(session.evidence.0.captures.is_empty());
    session.apply(Action::Finished((0, 0), seen(2)));
    assert_eq!(session.next_reading(), Some((1, 0)));
    session.apply(Action::Failed((1, 0)));
    assert_eq!(session.next_reading(), None);
    assert_eq!(session.evidence.0.captures.len(), 1);
    assert_eq!(labels(&session)[0], ("a.pcap", "capture with 2 packets"));
}

#[test]
fn a_cancelled_capture_stays_cancelled_until_it_is_restarted() {
    let mut session = session(vec![capture("a.pcap")]);
    session.apply(Action::Progressed((0, 0), 500.0));
    session.apply(Action::Cancel(0));
    assert_eq!(labels(&session), [("a.pcap", "capture, cancelled after 500 bytes of 1,000 bytes")]);
    session.apply(Action::Finished((0, 0), seen(2)));
    assert!(session.evidence.0.captures.is_empty());
    session.apply(Action::Restart(0));
    assert_eq!(session.next_reading(), Some((0, 0)));
}

#[test]
fn another_kernel_restarts_the_captures() {
    let mut session = session(vec![Action::Paste("4.9.337-1\n".to_owned()), capture("a.pcap")]);
    let first = session.next_reading().unwrap();
    session.apply(Action::Finished(first, seen(2)));
    assert_eq!(session.evidence.0.captures.len(), 1);
    // Counters do not change the replay.
    session.apply(Action::Paste(COUNTERS.to_owned()));
    assert_eq!(session.next_reading(), None);
    session.apply(Action::Paste("net.ipv4.tcp_tw_recycle = 0\n".to_owned()));
    let second = session.next_reading().unwrap();
    assert!(second.0 == first.0 && second.1 > first.1);
    assert!(session.evidence.0.captures.is_empty());
    // A late result of the first reading is ignored.
    session.apply(Action::Finished(first, seen(2)));
    assert!(session.evidence.0.captures.is_empty());
}

#[test]
fn unreadable_files_are_listed_with_their_reason() {
    let session = session(vec![Action::AddUnreadable("a.bin".to_owned(), "it is too long".to_owned())]);
    assert_eq!(labels(&session), [("a.bin", "it is too long")]);
    assert_eq!(session.evidence.0.unknown[0].because.as_deref(), Some("it is too long"));
    assert!(!session.evidence.0.is_recognised());
}
