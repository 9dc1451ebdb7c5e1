//! The drop-in file for `/etc/sysctl.d/` that follows from the switches and the kernel (R7, R10, R11, R12).
//!
//! The file is safe to install as it is. A kernel without `tcp_tw_recycle` gets the reason instead of a line. While the
//! switch is 1, its line is a comment that says what it would do and what to do instead.
//!
//! Lines are short, so that no editor breaks a comment where its second half looks like a setting.

use crate::kernel_version::{KernelVersion, Profile, TsvalOffset, UnstampedSyn};
use crate::sysctl::Sysctls;

/// Where the file goes.
pub const FILE_NAME: &str = "/etc/sysctl.d/90-time-wait.conf";

/// The most columns of a comment.
const COLUMNS: usize = 64;

/// The text of the file for a server that runs `version` with `sysctls`. Every line that sets something has a
/// comment over it; the last line ends with a line feed.
pub fn drop_in(version: KernelVersion, sysctls: &Sysctls) -> String {
    let profile = version.profile();
    let mut paragraphs = vec![head(profile), recycle(profile, sysctls), reuse(profile, sysctls)];
    paragraphs.extend(timestamps(profile, sysctls));
    paragraphs.join("\n")
}

fn head(profile: &Profile) -> String {
    let scope = if profile.per_namespace {
        "These keys belong to a network namespace: a container has its own."
    } else {
        "These keys belong to the whole machine, its containers included."
    };
    let kernel = profile.version.title();
    comment(&[
        &format!("TIME_WAIT on {kernel}. Install as"),
        &format!("  {FILE_NAME}"),
        "and run",
        "  sysctl --system",
        "That command reads /etc/sysctl.conf last, so a line for the same key there wins over this file.",
        scope,
    ])
}

fn recycle(profile: &Profile, sysctls: &Sysctls) -> String {
    if !profile.has_recycle {
        return comment(&[
            "There is no line for tcp_tw_recycle here: Linux 4.12 removed it. On this kernel such a line fails with",
            "  sysctl: cannot stat /proc/sys/net/ipv4/tcp_tw_recycle:",
            "  No such file or directory",
            "and exit status 1; the other lines still apply. Remove it wherever these find it:",
            "  grep -rn tcp_tw_recycle /etc/sysctl.conf /etc/sysctl.d",
            "  grep -rn tcp_tw_recycle /run/sysctl.d /usr/lib/sysctl.d",
        ]);
    }
    match sysctls.tcp_tw_recycle {
        0 => {
            comment(&[
                "Off. When on, the kernel remembers one clock for each remote address and drops, without a word, the SYNs \
                 of everybody behind that address whose clock is behind. Takes effect at once.",
            ]) + "net.ipv4.tcp_tw_recycle = 0\n"
        }
        on => comment(&[
            "WARNING: tcp_tw_recycle is on in the lab just now, and this file leaves it out on purpose. Where several \
             hosts share one address (NAT, load balancers, containers, carriers) it drops the SYNs of some of them \
             without a word. Switch it off to get the line that heals. Do not install this one:",
            &format!("  net.ipv4.tcp_tw_recycle = {on}"),
        ]),
    }
}

fn reuse(profile: &Profile, sysctls: &Sysctls) -> String {
    let value = sysctls.tcp_tw_reuse;
    let mut why = match value {
        0 => vec!["Off. It concerns only connections that this host opens itself, and never those that arrive."],
        2 if profile.reuse_2_is_loopback => {
            vec!["On for loopback only, the default. It concerns only connections that this host opens itself."]
        }
        _ => vec![
            "On, for connections that this host opens itself: connect() may take a source port that has been in \
             TIME_WAIT for a second or two. It refuses nobody, is harmless behind NAT, and does nothing for visitors.",
        ],
    };
    if value > 1 && !profile.reuse_2_is_loopback {
        why.push("This kernel takes every number but 0 as 1; 2 means loopback only from 4.19 on.");
    }
    if value != 0 && sysctls.tcp_timestamps == 0 {
        why.push("It has no effect while tcp_timestamps is 0.");
    }
    comment(&why) + &format!("net.ipv4.tcp_tw_reuse = {value}\n")
}

/// A line for `tcp_timestamps`, where it does not stand at its default.
fn timestamps(profile: &Profile, sysctls: &Sysctls) -> Option<String> {
    let value = sysctls.tcp_timestamps;
    let why = match value {
        1 => return None,
        0 => timestamps_off(profile),
        _ if profile.tsval_offset == TsvalOffset::None => {
            vec!["On. This kernel adds no random offset to its clock and takes 2 as 1, the default."]
        }
        _ => vec!["On, without the random offset that this kernel adds to its clock. The default is 1."],
    };
    Some(comment(&why) + &format!("net.ipv4.tcp_timestamps = {value}\n"))
}

fn timestamps_off(profile: &Profile) -> Vec<&'static str> {
    let mut why = vec![
        "WARNING: this is no cure. Without timestamps the kernel cannot tell old segments from new ones (PAWS, \
         RFC\u{a0}7323), measures round trips less well and cannot reuse ports. The default is 1.",
    ];
    if profile.has_recycle && profile.unstamped_syn == UnstampedSyn::Refused {
        why.push("While recycle is on, it makes every SYN from a remembered address fail for up to 60\u{a0}s.");
    }
    why
}

/// Sentences as comment lines. An indented part gets a line of its own, to be copied. A no-break space is never broken.
fn comment(parts: &[&str]) -> String {
    let mut text = String::new();
    let mut column = 0;
    for part in parts {
        if part.starts_with("  ") {
            text.extend([if column > 0 { "\n# " } else { "# " }, part, "\n"]);
            column = 0;
            continue;
        }
        for word in part.split(' ') {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > COLUMNS {
                text.push('\n');
                column = 0;
            }
            text.push_str(if column > 0 { " " } else { "# " });
            text.push_str(&word.replace('\u{a0}', " "));
            column += length + if column > 0 { 1 } else { 2 };
        }
    }
    text + if column > 0 { "\n" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::drop_in;
    use crate::kernel_version::KernelVersion;
    use crate::sysctl::Sysctls;

    fn file(version: KernelVersion, settings: &[(&str, &str)]) -> String {
        let profile = version.profile();
        let mut sysctls = Sysctls::defaults(profile);
        for (key, value) in settings {
            sysctls.write(profile, &format!("net.ipv4.{key}"), value).unwrap();
        }
        drop_in(version, &sysctls)
    }

    /// The comments joined to one line.
    fn words(text: &str) -> String {
        text.lines().filter_map(|line| line.strip_prefix("# ")).collect::<Vec<_>>().join(" ")
    }

    /// The lines that set something.
    fn settings(text: &str) -> Vec<&str> {
        text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect()
    }

    #[test]
    fn both_switches_off_give_the_two_lines_of_the_old_advice() {
        for version in ["3.10", "el7", "4.4", "4.9", "4.10", "4.11"] {
            let text = file(version.parse().unwrap(), &[]);
            assert_eq!(settings(&text), ["net.ipv4.tcp_tw_recycle = 0", "net.ipv4.tcp_tw_reuse = 0"], "{version}");
        }
    }

    #[test]
    fn a_kernel_without_recycle_gets_the_reason_and_no_line() {
        for version in KernelVersion::ALL.into_iter().filter(|version| !version.profile().has_recycle) {
            let text = file(version, &[("tcp_tw_reuse", "0")]);
            assert_eq!(settings(&text), ["net.ipv4.tcp_tw_reuse = 0"], "{version}");
            assert!(text.contains("cannot stat /proc/sys/net/ipv4/tcp_tw_recycle"));
            assert!(!text.contains("net.ipv4.tcp_tw_recycle"), "{version}: not even as a comment");
        }
    }

    #[test]
    fn recycle_on_is_never_a_line_that_acts() {
        let text = file(KernelVersion::V4_9, &[("tcp_tw_recycle", "1")]);
        assert_eq!(settings(&text), ["net.ipv4.tcp_tw_reuse = 0"]);
        assert!(text.contains("\n#   net.ipv4.tcp_tw_recycle = 1\n"));
    }

    #[test]
    fn reuse_says_what_its_number_means_here() {
        let said = |version, settings: &[(&str, &str)]| words(&file(version, settings));
        assert!(said(KernelVersion::V4_9, &[("tcp_tw_reuse", "2")]).contains("every number but 0 as 1"));
        assert!(said(KernelVersion::V4_19, &[]).contains("On for loopback only"));
        assert!(said(KernelVersion::V6_18, &[("tcp_tw_reuse", "1")]).contains("refuses nobody"));
    }

    #[test]
    fn timestamps_have_a_line_and_a_warning_only_when_not_at_their_default() {
        assert!(!file(KernelVersion::V4_9, &[]).contains("tcp_timestamps"));
        let text = file(KernelVersion::V4_9, &[("tcp_timestamps", "0"), ("tcp_tw_reuse", "1")]);
        assert_eq!(settings(&text).last(), Some(&"net.ipv4.tcp_timestamps = 0"));
        let said = words(&text);
        assert!(said.contains("(PAWS, RFC 7323)") && said.contains("for up to 60 s"), "{text}");
        assert!(said.contains("no effect while tcp_timestamps is 0"), "{text}");
    }

    #[test]
    fn every_setting_has_a_comment_over_it_and_lines_stay_short() {
        for version in KernelVersion::ALL {
            for settings in
                [[("tcp_timestamps", "0"), ("tcp_tw_reuse", "1")], [("tcp_timestamps", "2"), ("tcp_tw_reuse", "2")]]
            {
                let text = file(version, &settings);
                let lines: Vec<&str> = text.lines().collect();
                assert!(lines.iter().all(|line| line.len() <= 64 && !line.ends_with(' ')), "{version}: {text}");
                let is_covered = |pair: &[&str]| !pair[1].starts_with("net.") || pair[0].starts_with("# ");
                assert!(lines.windows(2).all(is_covered), "{version}");
                // Nothing else could be taken for a setting.
                let known = |line: &&str| line.is_empty() || line.starts_with("# ") || line.starts_with("net.ipv4.");
                assert!(lines.iter().all(known), "{version}: {text}");
            }
        }
    }
}
