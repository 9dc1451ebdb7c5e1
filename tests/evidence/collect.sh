#!/bin/bash
# Runs the tools that a customer runs, on the kernel at hand, and writes what they print to tests/evidence/real/.
#
#     apt-get install iproute2 net-tools procps busybox python3; sudo tests/evidence/collect.sh
#
# It works in a network of its own with documentation addresses, so that neither addresses nor counters of this machine
# are in the files; a little traffic makes counters and TIME_WAIT sockets. What remains of the
# machine is left out: its name, the suffix of its kernel and who built it. After it: BLESS=1 cargo test -p desk --test
# evidence, and read the difference.
set -euo pipefail

if [ "${1:-}" != inside ]; then
    exec unshare --net --uts "$0" inside
fi
cd "$(dirname "$0")/real"
export LC_ALL=C
hostname web
ip link set lo up
ip address add 192.0.2.1/24 dev lo
ip address add 198.51.100.7/24 dev lo
sysctl -qw net.ipv4.tcp_max_tw_buckets=8 net.ipv4.tcp_syncookies=1

plain=$(uname -r | sed 's/-.*//')
scrub() {
    sed -e "s/$(uname -r | sed 's/[.]/\\./g')/$plain/g" -e 's/ ([^ ()]*@[^ ()]*)/ (builder@example)/' \
        -e "s/[0-9a-f]\{8\}-[0-9a-f]\{8\}-[0-9a-f]\{8\}-[0-9a-f]\{8\}/00000000-00000000-00000000-00000000/"
}
# What a command prints, its complaints too.
run() { bash -c "$1" 2>&1 | scrub || true; }
write() { run "$2" >"$1.txt"; }
# The same with a prompt before it.
ask() { echo "admin@web:~\$ $1"; run "$1"; }

write nstat-az 'nstat -az'
# A server that closes first, and one that never accepts.
python3 - <<'PYTHON' &
import socket, threading, time

def listen(port, backlog):
    server = socket.create_server(("192.0.2.1", port), backlog=backlog)
    return server

def call(port, wait=0.0):
    client = socket.socket()
    client.settimeout(0.3)
    client.bind(("198.51.100.7", 0))
    try:
        client.connect(("192.0.2.1", port))
        time.sleep(wait)
        client.recv(1)
    except OSError:
        pass
    return client

server = listen(80, 16)
deaf = listen(8080, 1)

def serve():
    for _ in range(20):
        connection, _ = server.accept()
        connection.close()

threading.Thread(target=serve, daemon=True).start()
for _ in range(20):
    call(80).close()
kept = [call(8080) for _ in range(6)]
time.sleep(8)
PYTHON
sleep 5
write nstat-az-later 'nstat -az'
write nstat-azj 'nstat -azj'
write nstat-grep "nstat -az | grep -e PAWS -e Listen -e TW -e TCPReqQFull"
write netstat-s 'netstat -s'
write netstat-s-grep "netstat -s | grep -i -e listen -e 'time wait' -e 'TCPReqQ' -e cookies"
write proc-net 'cat /proc/net/snmp /proc/net/netstat'
write sysctl-a 'sysctl -a 2>/dev/null | grep ^net.'
write sysctl-keys 'sysctl net.ipv4.tcp_tw_recycle net.ipv4.tcp_tw_reuse net.ipv4.tcp_timestamps'
write sysctl-busybox 'busybox sysctl net.ipv4.tcp_tw_recycle net.ipv4.tcp_tw_reuse'
write uname-a 'uname -a'
write uname-r 'uname -r'
write proc-version 'cat /proc/version'
write os-release 'cat /etc/os-release'
write ss-s 'ss -s'
write ss-tan 'ss -tan'
write ss-tln 'ss -tln'
write ss-time-wait-counted "ss -tan | awk '{print \$1}' | sort | uniq -c"
write netstat-tan 'netstat -tan'
write netstat-tan-busybox 'busybox netstat -tan'
write sysctl-files 'grep -rn -e tcp_syncookies -e tcp_tw_recycle /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d'
write head-of-files 'head -n 20 /etc/sysctl.conf /usr/lib/sysctl.d/*.conf'
{
    ask 'uname -r'
    ask 'cat /proc/sys/net/ipv4/tcp_tw_recycle /proc/sys/net/ipv4/tcp_tw_reuse'
    ask 'sysctl net.ipv4.tcp_timestamps; ss -s'
    ask 'nstat -az TcpExtPAWSPassive TcpExtListenDrops TcpExtTW'
    ask 'ss -tan state time-wait'
    ask 'nstat -az TcpExtPAWSPassive TcpExtListenDrops TcpExtTW'
} >session.txt
wait
