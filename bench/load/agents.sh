#!/usr/bin/env bash
# Many agents, and one that is stopped under load. Usage: agents.sh [--agents "1000 100000"] [--rounds 5] [fleet] [stop]
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
agents='1000 100000'
rounds=5
wanted=()
while [ $# -gt 0 ]; do
    case $1 in
        --agents) agents=$2; shift 2 ;;
        --rounds) rounds=$2; shift 2 ;;
        *) wanted+=("$1"); shift ;;
    esac
done
[ ${#wanted[@]} -gt 0 ] || wanted=(stop fleet)

# shellcheck source=bench/load/server.sh
source "$here/server.sh"
second=

# Another node on the same folder: it finds the database running, and answers to the same name.
start_second() {
    local other=$((port + 1))
    while (exec 3<>"/dev/tcp/127.0.0.1/$other") 2>/dev/null; do other=$((other + 1)); done
    SIGNET_PUBLIC_URL=$origin SIGNET_LISTEN=127.0.0.1:$other SIGNET_LOG_LEVEL=warning env --default-signal=INT "$binary" serve --data "$data" >>"$work/second.log" 2>&1 &
    second=$!
    node=http://127.0.0.1:$other
    for _ in $(seq 300); do
        ! curl -sf -o /dev/null "$node/health" || return 0
        sleep 0.1
    done
    tail "$work/second.log" >&2
    return 1
}

stop_second() {
    [ -n "$second" ] || return 0
    kill -INT "$second" 2>/dev/null || true
    wait "$second" || true
    second=
}
trap 'stop_second; stop; rm -rf "$work"' EXIT

start
signet user create --email agents@example.test --password 'a long phrase for the bench' --verified --role owner >/dev/null
SIGNET_KEY=$(signet apikey create --email agents@example.test --name bench | grep -o 'sgt_ak_[A-Za-z0-9_-]*')
export SIGNET_KEY
for part in "${wanted[@]}"; do
    case $part in
        stop)
            start_second
            "$driver" stop --origins "$origin,$node" --rounds "$rounds"
            stop_second
            ;;
        fleet) for count in $agents; do taskset -c 1 "$driver" fleet --origin "$origin" --agents "$count"; done ;;
        *) echo "agents.sh does not know $part" >&2; exit 1 ;;
    esac
done
