//! The kernel's log: `dmesg`, `/var/log/messages`, `journalctl -k`.

use super::line::TextLine;
use super::line_parser::{Context, LineParser};
use super::parse_state::ParseState;
use crate::evidence::{LogLine, Quote};

/// The parser of the log.
#[derive(Default)]
pub(super) struct Dmesg {
    /// A line that was broken before the port.
    broken: Option<(String, Quote)>,
}

/// The words before the port, in lower case, because their spelling changed in 3.1.
const FLOODING: &str = "possible syn flooding on port";

impl LineParser for Dmesg {
    fn read(&mut self, line: &TextLine<'_>, _: &Context, reading: &mut ParseState<'_>) -> bool {
        let text = line.trimmed().to_ascii_lowercase();
        let broken = self.broken.take();
        if let Some((port, quote)) =
            broken.and_then(|(start, quote)| Some((port_of(&format!("{start} {text}"))?, quote)))
        {
            reading.log(LogLine::SynFlooding(port), quote);
            return true;
        }
        if text.contains("time wait bucket table overflow") {
            reading.log(LogLine::TimeWaitOverflow, line.quote());
        } else if let Some(port) = port_of(&text) {
            reading.log(LogLine::SynFlooding(port), line.quote());
        } else if text.ends_with(FLOODING) {
            self.broken = Some((text, line.quote()));
        } else {
            return is_of_a_log(line.trimmed());
        }
        true
    }
}

/// The port in `80.`, and since 6.1 in `0.0.0.0:80.` or `[::]:80.`.
fn port_of(text: &str) -> Option<u16> {
    let (_, rest) = text.split_once(FLOODING)?;
    let end = rest.split_whitespace().next()?.trim_end_matches(['.', ',']);
    end.rsplit(':').next()?.parse().ok()
}

/// Whether this is another line of the kernel's log. The line with the kernel's release is left to another parser.
fn is_of_a_log(text: &str) -> bool {
    let stamp = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let is_seconds = |stamp: &str| stamp.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_stamped = stamp.is_some_and(|(stamp, _)| stamp.contains('.') && is_seconds(stamp));
    (is_stamped || text.contains(" kernel: ")) && !text.contains("Linux version ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_of_every_wording() {
        for (text, port) in [
            ("possible syn flooding on port 80. sending cookies.", Some(80)),
            ("tcp: request_sock_tcp: possible syn flooding on port 0.0.0.0:8080. sending cookies.", Some(8080)),
            ("tcp: request_sock_tcpv6: possible syn flooding on port [::]:443. dropping request.", Some(443)),
            ("possible syn flooding on port 99999.", None),
            ("possible syn flooding on port", None),
        ] {
            assert_eq!(port_of(text), port, "{text}");
        }
    }
}
