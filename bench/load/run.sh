#!/usr/bin/env bash
# Load on a server of its own: the server on one core, its database and the load on the other.
# Usage: run.sh [--seconds 10] [--warm 10] [--connections "64 16"] [scenario ...]; `run.sh help` names the scenarios.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd -- "$here/../.." && pwd -P)
binary=$root/artifacts/bin/Signet.Host/release/signet
scenarios=(discovery jwks token_es256 token_rs256 introspection session code_flow sign_in)
seconds=10
# Until then most methods have not been compiled for the second time, and what is measured is the compiler.
warm=10
connections='64 16'
wanted=()
# Enough that nobody reaches the limit by account: 20 sign-ins in five minutes.
users=384

while [ $# -gt 0 ]; do
    case $1 in
        --seconds) seconds=$2; shift 2 ;;
        --warm) warm=$2; shift 2 ;;
        --connections) connections=$2; shift 2 ;;
        help | --help) echo "start rss ${scenarios[*]}"; exit ;;
        *) wanted+=("$1"); shift ;;
    esac
done
[ ${#wanted[@]} -gt 0 ] || wanted=("${scenarios[@]}")

work=$(mktemp -d "${TMPDIR:-/tmp}/signet-bench.XXXXXX")
chmod 755 "$work"
data=$work/data
port=18480
while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
origin=http://127.0.0.1:$port
server=
ticks=$(getconf CLK_TCK)

[ -x "$binary" ] || { echo "Build it first: ./dev bench does" >&2; exit 1; }

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

# Seconds of hashing and number of hashes so far. Load comes over 127.0.0.1, which is trusted as a proxy; figures are not for what comes through one.
hashes() { curl -s "http://[::1]:$port/metrics" | awk '/^signet_password_hash_seconds_sum/ { s = $2 } /^signet_password_hash_seconds_count/ { n = $2 } END { print s + 0, n + 0 }'; }

cpu() { awk -v ticks="$ticks" '{ print ($14 + $15) * 1000000 / ticks }' "/proc/$server/stat"; }

basic() { printf '%s:%s' "$1" "$2" | base64 -w 0; }

token() { curl -s -H "Authorization: Basic $1" -d grant_type=client_credentials "$origin/oauth2/token" | member access_token; }

prepare() {
    local made
    made=$(signet client create --name es256 --grant client_credentials --json)
    ES256=$(basic "$(member client_id <<<"$made")" "$(member client_secret <<<"$made")")
    made=$(signet client create --name rs256 --grant client_credentials --access-token-algorithm RS256 --json)
    RS256=$(basic "$(member client_id <<<"$made")" "$(member client_secret <<<"$made")")
    made=$(signet client create --name web --trusted --redirect-uri http://localhost:9799/cb --grant authorization_code --grant refresh_token --json)
    CLIENT=$(member client_id <<<"$made")
    WEB=$(basic "$CLIENT" "$(member client_secret <<<"$made")")
    TOKEN=$(token "$ES256")
    for number in $(seq "$users"); do
        curl -s -o /dev/null -c "$work/jar" -H 'Content-Type: application/json' -H "X-Forwarded-For: 10.200.$((number / 200)).$((number % 200))" \
            -d "{\"email\":\"user$number@example.test\",\"password\":\"a long phrase for the bench\",\"organization_name\":\"Bench $number\"}" \
            "$origin/v1/auth/register"
    done
    # The name of the cookie is not this script's business.
    COOKIE=$(awk '!/^# / && NF == 7 { print $6 "=" $7 }' "$work/jar" | tail -n 1)
    export ES256 RS256 WEB CLIENT TOKEN COOKIE
    [ -n "$TOKEN" ] && [ -n "$COOKIE" ] || { echo "The bench could not be prepared" >&2; tail "$work/server.log" >&2; exit 1; }
}

targets() {
    case $1 in
        discovery | jwks) echo 30000 ;;
        token_es256) echo 7500 ;;
        token_rs256) echo 2000 ;;
        introspection | session) echo 15000 ;;
        code_flow) echo 600 ;;
        *) echo - ;;
    esac
}

# One line: scenario, connections, whole operations a second, latency of a request, CPU of the server for an operation, errors.
measure() {
    local scenario=$1 count=$2 before after line operations share=1 hashed
    [ "$scenario" = code_flow ] && share=2
    # One core hashes one at a time and lets 32 wait; who comes beyond that is refused at once, and refusals are not what is measured.
    [ "$scenario" != sign_in ] || [ "$count" -le 16 ] || count=16
    SCENARIO=$scenario USERS=$users taskset -c 1 wrk -t1 -c"$count" -d"$warm" -s "$here/scenarios.lua" "$origin" >/dev/null
    hashed=$(hashes)
    before=$(cpu)
    line=$(SCENARIO=$scenario USERS=$users taskset -c 1 wrk -t1 -c"$count" -d"$seconds" -s "$here/scenarios.lua" "$origin" | sed -n 's/^RESULT //p')
    after=$(cpu)
    # shellcheck disable=SC2086 # The line is a list of numbers.
    set -- $line
    operations=$(($1 / share))
    awk -v name="$scenario" -v count="$count" -v operations="$operations" -v us="$2" -v p50="$3" -v p99="$4" -v errors="$5" \
        -v cpu="$(awk "BEGIN { print $after - $before }")" -v target="$(targets "$scenario")" \
        'BEGIN { printf "%-14s %5d %10.0f %9.2f %9.2f %10.1f %8d %9s\n", name, count, operations * 1e6 / us, p50 / 1000, p99 / 1000, cpu / (operations ? operations : 1), errors, target }'
    [ "$scenario" != sign_in ] || echo "$hashed $(hashes)" | awk '{ printf "  of which the hash: %.1f ms each (elapsed, %d hashes)\n", ($3 - $1) / ($4 - $2) * 1000, $4 - $2 }'
}

start
echo "First start with an empty folder: $milliseconds ms"
prepare
stop
start
echo "Start to first answer, database files there, PostgreSQL not running: $milliseconds ms"
sleep 5
echo "Idle RSS after 5 s: $(awk '/^VmRSS/ { printf "%.0f MB", $2 / 1024 }' "/proc/$server/status")"
printf '%-14s %5s %10s %9s %9s %10s %8s %9s\n' scenario conns op/s 'p50 ms' 'p99 ms' 'CPU µs/op' errors target
for scenario in "${wanted[@]}"; do
    for count in $connections; do measure "$scenario" "$count"; done
done
echo "RSS after load: $(awk '/^VmRSS/ { printf "%.0f MB", $2 / 1024 }' "/proc/$server/status")"
[ -z "${BENCH_PAUSE:-}" ] || { echo "Server $server at $origin; Enter ends"; read -r; }
