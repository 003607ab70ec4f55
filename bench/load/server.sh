#!/usr/bin/env bash
# A server on an empty folder for a script of this folder, which sources this: the server on core 0, its database and the load on core 1.
# shellcheck disable=SC2034,SC2154 # What it sets and what it reads are also of the script that sources it.

root=$(cd -- "$here/../.." && pwd -P)
binary=$root/artifacts/bin/Signet.Host/release/signet
work=$(mktemp -d "${TMPDIR:-/tmp}/signet-bench.XXXXXX")
chmod 755 "$work"
data=$work/data
port=18480
while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
origin=http://127.0.0.1:$port
server=
ticks=$(getconf CLK_TCK)
driver=$root/artifacts/bin/Signet.Load/release/Signet.Load

if [ ! -x "$binary" ] || [ ! -x "$driver" ]; then
    echo "Build it first: ./dev bench does" >&2
    exit 1
fi

signet() { "$binary" --data "$data" "$@"; }

# The string members of flat JSON are all that is needed here.
member() { sed -n "s/.*\"$1\": *\"\\([^\"]*\\)\".*/\\1/p" | head -n 1; }

start() {
    local begun
    begun=$(date +%s%N)
    TRUSTED_PROXIES=127.0.0.1 SIGNET_LOG_LEVEL=warning env --default-signal=INT taskset -c 0 "$binary" serve --port "$port" --data "$data" >>"$work/server.log" 2>&1 &
    server=$!
    for _ in $(seq 3000); do
        if curl -sf -o /dev/null "$origin/health"; then
            milliseconds=$((($(date +%s%N) - begun) / 1000000))
            away_with_the_database
            return
        fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.01
    done
    tail "$work/server.log" >&2
    exit 1
}

# It inherits the server's core; its place is the other one.
away_with_the_database() {
    local postmaster process
    postmaster=$(head -n 1 "$data/postgres/cluster/postmaster.pid")
    for process in "$postmaster" $(ps -o pid= --ppid "$postmaster"); do taskset -apc 1 "$process" >/dev/null || true; done
}

stop() {
    [ -n "$server" ] || return 0
    kill -INT "$server" 2>/dev/null || true
    wait "$server" || true
    server=
}

trap 'stop; rm -rf "$work"' EXIT
