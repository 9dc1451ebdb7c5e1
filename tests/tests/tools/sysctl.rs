//! The real `sysctl -p` accepts our file for the running kernel, in a network namespace of its own.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output};

use sim_core::export::sysctl_conf;
use sim_core::kernel_version::{KernelVersion, Profile};
use sim_core::sysctl::Sysctls;

use super::printed;

/// Runs a shell script in a temporary network namespace. `$1` is `file`.
fn in_namespace(script: &str, file: &str) -> Output {
    let mut unshare = Command::new("unshare");
    unshare.args(["--net", "sh", "-c", script, "sh", file]).env("LC_ALL", "C").output().unwrap()
}

/// Whether this machine allows creating a network namespace and writing its sysctls. If not, a line says so.
fn may_write() -> bool {
    let key = "/proc/sys/net/ipv4/tcp_timestamps";
    let tried = in_namespace(r#"value=$(cat "$1") && echo "$value" > "$1""#, key);
    if !tried.status.success() {
        let why = String::from_utf8_lossy(&tried.stderr);
        let why = why.lines().next().unwrap_or("no network namespace");
        // Written directly to stderr, because the captured output of a test is not shown when it passes.
        let _ = writeln!(std::io::stderr(), "skipped: `sysctl -p` of our file, because this machine refuses: {why}");
    }
    tried.status.success()
}

/// The newest profile that is not newer than the running kernel.
fn profile_here() -> &'static Profile {
    let release = printed(Command::new("uname").arg("-r"));
    if release.contains("el7") {
        return KernelVersion::El7.profile();
    }
    let number = |text: &str| -> Option<(u32, u32)> {
        let mut parts = text.split(['.', '-']);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    let here = number(&release).unwrap();
    let known = KernelVersion::ALL.into_iter().filter_map(|version| Some((number(version.name())?, version)));
    let (_, version) = known.filter(|(number, _)| *number <= here).max_by_key(|(number, _)| *number).unwrap();
    version.profile()
}

fn written(name: &str, text: &str) -> String {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn our_file_is_accepted_and_holds() {
    if !may_write() {
        return;
    }
    let profile = profile_here();
    for (reuse, timestamps) in [("0", "1"), ("1", "1"), ("2", "1"), ("1", "0"), ("0", "2")] {
        let mut sysctls = Sysctls::defaults(profile);
        sysctls.write(profile, "net.ipv4.tcp_tw_reuse", reuse).unwrap();
        sysctls.write(profile, "net.ipv4.tcp_timestamps", timestamps).unwrap();
        let file = written("accepted.conf", &sysctl_conf::drop_in(profile.version, &sysctls));
        let script = r#"sysctl -q -p "$1" && cd /proc/sys/net/ipv4 && cat tcp_tw_reuse tcp_timestamps"#;
        let output = in_namespace(script, &file);
        let [said, complained] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
        assert_eq!((output.status.code(), &*complained), (Some(0), ""), "{}", profile.version);
        assert_eq!(said.split_whitespace().collect::<Vec<_>>(), [reuse, timestamps], "{}", profile.version);
    }
}

/// What the file says about a kernel without recycle happens here (rule R10).
#[test]
fn a_line_for_recycle_fails_as_the_file_says_and_the_others_apply() {
    let profile = profile_here();
    if profile.has_recycle || !may_write() {
        return;
    }
    let file = written("refused.conf", "net.ipv4.tcp_tw_recycle = 0\nnet.ipv4.tcp_tw_reuse = 1\n");
    let output =
        in_namespace(r#"sysctl -q -p "$1"; status=$?; cat /proc/sys/net/ipv4/tcp_tw_reuse; exit $status"#, &file);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stdout).trim()), (Some(1), "1"));
    let ours = sysctl_conf::drop_in(profile.version, &Sysctls::defaults(profile));
    // The file wraps long lines.
    let said: Vec<&str> = ours.split_whitespace().filter(|word| *word != "#").collect();
    assert!(said.join(" ").contains(complaint.trim()) && !complaint.trim().is_empty(), "{complaint}");
}
