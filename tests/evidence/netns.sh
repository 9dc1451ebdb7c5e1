#!/bin/sh
# Makes the captures in captures/ anew: real kernels in network namespaces, seen by tcpdump at the server.
#
#   sudo tests/evidence/netns.sh
#
# It takes iproute2, nftables, python3 and tcpdump, and about 45 s. Only addresses for documentation are used (RFC 5737,
# RFC 3849, RFC 9542). Two clients, 192.0.2.11 and .12, stand behind a gateway that the server sees as 203.0.113.1; the
# server is 198.51.100.10, and 2001:db8::10 without NAT. Numbers differ from run to run; desk/tests/captures.rs holds
# those of the captures that were kept, as tshark counts them.
set -eu
cd "$(dirname "$0")/captures"

at() { ip netns exec "tw-$1" timeout 60 sh -c "$2"; }
clean() { for node in server gateway one two; do ip netns del "tw-$node" 2>/dev/null || true; done; }
work=$(mktemp -d)
trap 'clean; rm -rf "$work"' EXIT
clean

for node in server gateway one two; do
    ip netns add "tw-$node"
    at $node 'ip link set lo up'
done
ip -n tw-gateway link add public address 00:00:5e:00:53:01 type veth \
    peer name eth0 address 00:00:5e:00:53:10 netns tw-server
# Without addresses of their own making the interfaces say nothing by themselves.
at server 'ip link set eth0 addrgenmode none; ip addr add 198.51.100.10 peer 203.0.113.1 dev eth0
    ip addr add 2001:db8::10/64 dev eth0 nodad; ip link set eth0 up'
at gateway 'ip link set public addrgenmode none; ip addr add 203.0.113.1 peer 198.51.100.10 dev public
    ip addr add 2001:db8::1/64 dev public nodad; ip link set public up; sysctl -qw net.ipv4.ip_forward=1
    nft "add table ip nat; add chain ip nat out { type nat hook postrouting priority srcnat; }
         add rule ip nat out oifname public masquerade"'
host=11
for node in one two; do
    ip -n tw-gateway link add $node type veth peer name eth0 netns tw-$node
    at gateway "ip addr add 192.0.2.1 peer 192.0.2.$host dev $node; ip link set $node up"
    at $node "ip addr add 192.0.2.$host peer 192.0.2.1 dev eth0; ip link set eth0 up; ip route add default via 192.0.2.1"
    host=$((host + 1))
done

# tcpdump FILE OPTIONS, until `stop`. It is there once it has written the file's header.
start() {
    file=$1
    shift
    rm -f "$file"
    ip netns exec tw-server tcpdump -Z root --immediate-mode -U -n -s 96 -w "$file" "$@" \
        'ip or arp or host 2001:db8::10' 2>/dev/null &
    tcpdump=$!
    until [ -s "$file" ]; do sleep 0.1; done
    sleep 1
}
stop() {
    sleep 1
    kill -INT $tcpdump
    wait $tcpdump || true
}

# The server answers `bye` and closes first; the client reads to the end.
cat >"$work/server.py" <<'PYTHON'
import socket, sys
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
with socket.socket(family) as server:
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((sys.argv[1], int(sys.argv[2])))
    server.listen(64)
    while True:
        peer, _ = server.accept()
        peer.sendall(b"bye" * int(sys.argv[3]))
        peer.close()
PYTHON
cat >"$work/client.py" <<'PYTHON'
import socket, sys, time
for _ in range(int(sys.argv[3])):
    try:
        with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=20) as peer:
            while peer.recv(65536):
                pass
    except OSError as why:
        print(why, file=sys.stderr)
    time.sleep(0.02)
PYTHON
# serve ADDRESS PORT REPEATS
serve() {
    ip netns exec tw-server python3 "$work/server.py" "$@" &
    server=$!
    sleep 0.5
}
unserve() {
    kill $server
    wait $server 2>/dev/null || true
}

echo 'nat.pcap: two clients behind one address'
serve 198.51.100.10 8080 1
start nat.pcap -i eth0
at gateway 'ping -qc 2 -i 0.2 198.51.100.10 >/dev/null' || true
for _ in 1 2 3; do
    at one "python3 $work/client.py 198.51.100.10 8080 4"
    at two "python3 $work/client.py 198.51.100.10 8080 4"
done
stop

echo 'any.pcap: the same on all interfaces, with the header of Linux, in nanoseconds'
start any.pcap -i any -y LINUX_SLL2 --time-stamp-precision=nano
at one "python3 $work/client.py 198.51.100.10 8080 3"
stop
unserve

echo 'large.pcap: segments that the network card would cut'
serve 198.51.100.10 8080 50000
start large.pcap -i eth0
at one "python3 $work/client.py 198.51.100.10 8080 2"
stop
unserve

echo 'ports.pcap: few ports for forty connections; the server closes first, so each SYN meets its TIME_WAIT'
serve 198.51.100.10 8080 1
start ports.pcap -i eth0
at one "sysctl -qw net.ipv4.ip_local_port_range=\"50000 50002\"; python3 $work/client.py 198.51.100.10 8080 40
    sysctl -qw net.ipv4.ip_local_port_range=\"32768 60999\""
stop
unserve

echo 'filter.pcap: port 8443 is dropped after tcpdump saw it'
serve 198.51.100.10 8080 1
start filter.pcap -i eth0
at server 'nft "add table ip filter; add chain ip filter in { type filter hook input priority 0; }
    add rule ip filter in tcp dport 8443 drop"'
at one "python3 $work/client.py 198.51.100.10 8080 2; timeout 4 python3 $work/client.py 198.51.100.10 8443 1" || true
at two "timeout 4 python3 $work/client.py 198.51.100.10 8443 1" || true
stop
at server 'nft delete table ip filter'
unserve

echo 'queue.pcap: nobody accepts, and the queue takes two'
ip netns exec tw-server python3 -c '
import socket, time
with socket.socket() as server:
    server.bind(("198.51.100.10", 9000))
    server.listen(1)
    time.sleep(12)' &
server=$!
sleep 0.5
start queue.pcap -i eth0
at one 'python3 -c "
import socket, time
peers = [socket.socket() for _ in range(6)]
for peer in peers:
    peer.setblocking(False)
    peer.connect_ex((\"198.51.100.10\", 9000))
    time.sleep(0.05)
time.sleep(8)"'
stop
wait $server || true

echo 'v6.pcap: IPv6'
serve 2001:db8::10 8080 1
start v6.pcap -i eth0
at gateway "python3 $work/client.py 2001:db8::10 8080 4"
stop
unserve

ls -l
