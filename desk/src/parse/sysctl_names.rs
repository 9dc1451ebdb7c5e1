//! The names of sysctls and of the files that set them.

/// The folders of `/proc/sys`. They distinguish sysctls from lines of other files with dots and `=`.
const ROOTS: &[&str] = &["net", "kernel", "vm", "fs", "dev", "debug", "abi", "user", "crypto", "sunrpc"];
/// Sysctls that identify the machine and do not affect TCP.
const IDENTIFYING: &[&str] = &["kernel.hostname", "kernel.domainname", "kernel.random.", "net.ipv4.tcp_fastopen_key"];

/// The full name with dots, such as `net.ipv4.conf.eth0/1.rp_filter` for `net/ipv4/conf/eth0.1/rp_filter`
/// (sysctl.d(5)).
pub(super) fn full_name(written: &str) -> Option<String> {
    let written = written.trim().trim_start_matches("/proc/sys/");
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@*".contains(&byte);
    let first = written.find(['.', '/']).filter(|_| written.len() <= 200 && written.bytes().all(is_part))?;
    if !ROOTS.contains(&&written[..first]) || written.len() == first + 1 {
        return None;
    }
    Some(if written.as_bytes()[first] == b'/' { swapped(written) } else { written.to_owned() })
}

fn swapped(written: &str) -> String {
    written
        .chars()
        .map(|char| {
            if char == '/' {
                '.'
            } else if char == '.' {
                '/'
            } else {
                char
            }
        })
        .collect()
}

pub(super) fn identifies_a_machine(key: &str) -> bool {
    IDENTIFYING.iter().any(|start| key.starts_with(start)) || key.ends_with("stable_secret")
}

/// The sysctl of a path below `/proc/sys`.
pub(super) fn of_path(path: &str) -> Option<String> {
    full_name(path.strip_prefix("/proc/sys/")?)
}

/// Whether this is the name of a file of sysctls.
pub(super) fn is_conf(name: &str) -> bool {
    name.ends_with(".conf") || name.contains("sysctl.d/") || name.starts_with("/etc/sysctl.conf")
}

/// The path in a header: `==> /etc/sysctl.conf <==`, `* Applying /etc/sysctl.conf ...`, `# /etc/sysctl.conf - ...`,
/// `# /etc/sysctl.d/90-tune.conf` (systemd-analyze).
pub(super) fn file_header(line: &str) -> Option<&str> {
    let inside = line.strip_prefix("==> ").and_then(|rest| rest.strip_suffix(" <=="));
    let inside = inside.or_else(|| line.strip_prefix("* Applying ").map(|rest| rest.trim_end_matches([' ', '.'])));
    // Headers that people write have marks on one side or both.
    let inside = inside.or_else(|| {
        let rest = line.strip_prefix(['#', '=', '-'])?.trim_matches(['#', '=', '-', ' ', ':']);
        let (path, more) = rest.split_once(' ').unwrap_or((rest, ""));
        let is_path = path.starts_with('/') && is_conf(path);
        (is_path && (more.is_empty() || more.starts_with("- "))).then_some(path)
    })?;
    let is_path = inside.starts_with('/') || is_conf(inside);
    (is_path && inside.len() <= 200 && !inside.contains(char::is_whitespace)).then_some(inside)
}

/// Splits `PATH:LINE` or `PATH:NUMBER:LINE`, the output of `grep` in several files.
pub(super) fn grepped(line: &str) -> Option<(&str, &str)> {
    let (path, rest) = line.split_once(':')?;
    let is_path = (path.starts_with('/') || is_conf(path)) && !path.contains([' ', '\t', '=', '#']);
    if !is_path || path.len() > 200 {
        return None;
    }
    let numbered = rest.split_once(':').filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()));
    Some((path, numbered.filter(|(number, _)| !number.is_empty()).map_or(rest, |(_, rest)| rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_dots_are_swapped_in_names_with_slashes() {
        assert_eq!(full_name("net/ipv4/tcp_tw_recycle").as_deref(), Some("net.ipv4.tcp_tw_recycle"));
        assert_eq!(full_name("net/ipv4/conf/eth0.1/rp_filter").as_deref(), Some("net.ipv4.conf.eth0/1.rp_filter"));
        assert_eq!(full_name("net.ipv4.conf.eth0/1.rp_filter").as_deref(), Some("net.ipv4.conf.eth0/1.rp_filter"));
        for not_one in ["log4j.rootLogger", "net", "net.", "server.port", "net.ipv4 tcp"] {
            assert_eq!(full_name(not_one), None, "{not_one}");
        }
    }

    #[test]
    fn headers_name_a_file() {
        for line in [
            "==> /etc/sysctl.conf <==",
            "* Applying /etc/sysctl.conf ...",
            "# /etc/sysctl.conf",
            "# /etc/sysctl.conf - Configuration file for setting system variables",
            "--- /etc/sysctl.conf ---",
        ] {
            assert_eq!(file_header(line), Some("/etc/sysctl.conf"), "{line}");
        }
        for line in
            ["# See /etc/sysctl.d/", "# sysctl settings", "#net.ipv4.tcp_tw_recycle=1", "# /etc/sysctl.conf is old"]
        {
            assert_eq!(file_header(line), None, "{line}");
        }
        let found = Some(("/etc/sysctl.d/10.conf", "net.ipv4.tcp_tw_recycle = 1"));
        assert_eq!(grepped("/etc/sysctl.d/10.conf:net.ipv4.tcp_tw_recycle = 1"), found);
        assert_eq!(grepped("/etc/sysctl.d/10.conf:12:net.ipv4.tcp_tw_recycle = 1"), found);
    }
}
