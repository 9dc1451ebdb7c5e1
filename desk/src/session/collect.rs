//! The commands that collect the evidence, each with its purpose.

/// Commands for the server, and what their output shows.
pub const COMMANDS: [(&str, &str); 8] = [
    (
        "nstat -az; sleep 60; nstat -az",
        "The counters, twice, 60 s apart. The difference shows what happens now. Without nstat, use netstat -s twice.",
    ),
    (
        "sysctl -a 2>/dev/null | grep -E 'net\\.ipv4\\.(tcp_|ip_local)|net\\.core\\.somaxconn'",
        "The current settings. You can also add the files in /etc/sysctl.d, which set them at boot.",
    ),
    ("uname -r", "The kernel. It decides which rules apply and which fixes exist."),
    ("cat /etc/os-release", "The distribution."),
    ("ss -s", "The number of sockets in each state."),
    ("ss -tan", "Each socket with its queues."),
    ("dmesg | grep -iE 'time wait bucket|SYN flooding'", "Warnings of the kernel about full tables and queues."),
    (
        "tcpdump -i any -s 128 -c 200000 -w syn.pcap tcp port 443",
        "A capture on the server, headers only. Replace 443 with the port of the service, and let it run while \
         clients fail to connect.",
    ),
];

/// The first word of a command, which names it in labels of buttons.
pub fn program(command: &str) -> &str {
    command.split([' ', ';']).next().unwrap_or_default()
}
