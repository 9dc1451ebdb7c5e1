//! The texts of the made-up example on the page.

/// The name of the capture of the example.
pub const CAPTURE: &str = "made-up.pcapng";

/// The texts, each with its name.
pub const TEXTS: [(&str, &str); 3] = [
    (
        "made-up counters",
        "$ nstat -az\n\
         TcpPassiveOpens                 48211              0.0\n\
         TcpExtTW                        31877              0.0\n\
         TcpExtTWRecycled                0                  0.0\n\
         TcpExtTWKilled                  10432              0.0\n\
         TcpExtPAWSPassive               1893               0.0\n\
         TcpExtListenOverflows           0                  0.0\n\
         TcpExtListenDrops               1893               0.0\n\
         $ sleep 60; nstat -az\n\
         TcpPassiveOpens                 48297              0.0\n\
         TcpExtTW                        31933              0.0\n\
         TcpExtTWRecycled                0                  0.0\n\
         TcpExtTWKilled                  10462              0.0\n\
         TcpExtPAWSPassive               1921               0.0\n\
         TcpExtListenOverflows           0                  0.0\n\
         TcpExtListenDrops               1921               0.0\n",
    ),
    (
        "made-up sysctls",
        "$ sysctl -a | grep net.ipv4.tcp\n\
         net.ipv4.tcp_fin_timeout = 15\n\
         net.ipv4.tcp_max_tw_buckets = 262144\n\
         net.ipv4.tcp_timestamps = 1\n\
         net.ipv4.tcp_tw_recycle = 1\n\
         net.ipv4.tcp_tw_reuse = 0\n",
    ),
    ("made-up kernel", "$ uname -r\n4.9.0-19-amd64\n"),
];
