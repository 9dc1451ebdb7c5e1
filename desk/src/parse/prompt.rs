//! Recognises the command whose output follows: shell prompts, and headers such as `=== uname -r ===`.

/// Programs that people run to collect evidence. They distinguish a prompt of root from a comment, which begins with
/// `#` too.
const PROGRAMS: &[&str] = &[
    "nstat",
    "netstat",
    "sysctl",
    "ss",
    "uname",
    "cat",
    "grep",
    "egrep",
    "zgrep",
    "dmesg",
    "journalctl",
    "head",
    "tail",
    "date",
    "sleep",
    "for",
    "watch",
    "tcpdump",
    "hostnamectl",
    "sudo",
    "busybox",
    "echo",
    "ls",
    "lsb_release",
    "more",
    "less",
    "uptime",
];

/// The commands on one line of a shell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Command {
    line: String,
}

impl Command {
    /// Reads a prompt or a header; `None` for any other line. If `#` begins comments, a prompt of root needs a host
    /// name.
    pub(crate) fn of(line: &str, hash_is_comment: bool) -> Option<Self> {
        let line = line.trim();
        // Nobody types longer commands. The limit keeps the search fast on long lines.
        if line.len() > 1000 {
            return None;
        }
        let command = header(line).or_else(|| traced(line)).or_else(|| prompted(line, hash_is_comment))?;
        Some(Self { line: command.to_owned() })
    }

    /// The arguments of `program`, if the line runs it.
    pub(crate) fn arguments(&self, program: &str) -> Option<impl Iterator<Item = &str>> {
        self.calls(program).next()
    }

    /// The arguments of each call of `program`.
    pub(crate) fn calls(&self, program: &str) -> impl Iterator<Item = impl Iterator<Item = &str>> {
        self.line.split([';', '|', '&', '(', ')', '`']).filter_map(move |part| {
            let mut words = words(part);
            (words.next()? == program).then_some(words)
        })
    }

    pub(crate) fn runs(&self, program: &str) -> bool {
        self.arguments(program).is_some()
    }

    /// Every path on the line that begins with `start`.
    pub(crate) fn paths<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        let is_end =
            |char: char| char.is_whitespace() || matches!(char, ';' | '|' | '&' | '"' | '\'' | '>' | '<' | ')');
        self.line.split(is_end).filter(move |word| word.starts_with(start))
    }
}

/// The words of a command, without variables, `sudo` and `busybox` before it and without the folder of the program.
fn words(part: &str) -> impl Iterator<Item = &str> {
    let is_put_before = |word: &&str| word.contains('=') || ["sudo", "busybox", "time", "watch", "do"].contains(word);
    let mut words = part.split_whitespace().map(|word| word.trim_matches(['"', '\''])).skip_while(is_put_before);
    let program = words.next().map(|word| word.rsplit('/').next().unwrap_or(word));
    program.into_iter().chain(words)
}

fn is_known(command: &str) -> bool {
    words(command).next().is_some_and(|word| PROGRAMS.contains(&word))
}

/// `=== uname -r ===`, `--- ss -s`, `## nstat -az`, `Every 2.0s: ss -s   web: Wed ...`.
fn header(line: &str) -> Option<&str> {
    if let Some(rest) = line.strip_prefix("Every ") {
        return rest.split_once(": ").map(|(_, command)| command).filter(|command| is_known(command));
    }
    let mark = line.chars().next().filter(|char| "=-*#+~".contains(*char))?;
    let inside = line.trim_start_matches(mark);
    let marks = line.len() - inside.len();
    let command = inside.trim_matches(|char: char| char == mark || char == ':' || char.is_whitespace());
    (marks >= 2 && is_known(command)).then_some(command)
}

/// `+ uname -r`, as `set -x` prints it.
fn traced(line: &str) -> Option<&str> {
    line.strip_prefix("+ ").filter(|command| is_known(command))
}

fn prompted(line: &str, hash_is_comment: bool) -> Option<&str> {
    let at = line.find(['$', '#', '%'])?;
    let (name, rest) = line.split_at(at);
    let command = rest[1..].strip_prefix([' ', '\t']).or((rest.len() == 1).then_some(""))?.trim();
    if name.is_empty() {
        return match rest.as_bytes().first() {
            Some(b'$') => (!command.is_empty()).then_some(command),
            Some(b'#') if !hash_is_comment => (is_known(command) && !is_prose(command)).then_some(command),
            _ => None,
        };
    }
    let is_name = name.contains('@') || name.starts_with('[') || is_plain_shell(name);
    let inside = name.trim_start_matches('[').trim_end();
    // `[root@web ~]` and `web:~ admin` have one blank; sentences have more.
    (is_name && inside.split_whitespace().count() <= 2 && !name.starts_with("[ ")).then_some(command)
}

/// `bash-4.2$`, `sh-4.2#`, `/ #`, `web:~ #`.
fn is_plain_shell(name: &str) -> bool {
    let name = name.trim_end();
    name.starts_with("bash-")
        || name.starts_with("sh-")
        || name.starts_with('/') && name.len() < 40
        || name.ends_with(":~")
}

/// Whether a comment continues like a sentence and not like a command.
fn is_prose(command: &str) -> bool {
    let looks_typed = |word: &str| {
        word.starts_with(['-', '/', '\'', '"', '$', '.'])
            || word.contains(['.', '|', ';', '=', '/', '*'])
            || word == "&&"
    };
    words(command).nth(1).is_some_and(|word| !looks_typed(word)) && !command.contains('|') && !command.contains(';')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &str) -> Option<String> {
        Command::of(line, false).map(|command| command.line)
    }

    #[test]
    fn prompts_and_headers_name_their_command() {
        for (line, expected) in [
            ("$ nstat -az", "nstat -az"),
            ("# sysctl -a", "sysctl -a"),
            ("[root@web ~]# ss -s", "ss -s"),
            ("admin@web:~$ uname -r", "uname -r"),
            ("bash-4.2$ uname -r", "uname -r"),
            ("/ # netstat -tan", "netstat -tan"),
            ("=== uname -r ===", "uname -r"),
            ("## nstat -az", "nstat -az"),
            ("+ /usr/sbin/ss -s", "/usr/sbin/ss -s"),
            ("Every 2.0s: ss -s", "ss -s"),
        ] {
            assert_eq!(command(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn other_lines_name_no_command() {
        for line in [
            "#kernel",
            "# Kernel tuning",
            "# sysctl settings of this server",
            "#net.ipv4.tcp_tw_recycle = 1",
            "TcpExtPAWSPassive 12 0.0",
            "[   12.5] TCP: request # 5",
            "#####",
            "* Applying /etc/sysctl.conf ...",
            "==> /etc/sysctl.conf <==",
        ] {
            assert_eq!(command(line), None, "{line}");
        }
    }

    #[test]
    fn arguments_belong_to_their_program() {
        let command = Command::of("$ LC_ALL=C sudo /sbin/sysctl -p; uname -r | cat", false).unwrap();
        assert_eq!(command.arguments("sysctl").unwrap().collect::<Vec<_>>(), ["-p"]);
        assert!(command.runs("uname") && !command.runs("ss"));
        let command = Command::of("$ cat /proc/sys/net/ipv4/tcp_tw_reuse", false).unwrap();
        assert_eq!(command.paths("/proc/sys/").collect::<Vec<_>>(), ["/proc/sys/net/ipv4/tcp_tw_reuse"]);
    }
}
