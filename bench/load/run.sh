#!/usr/bin/env bash
# Load on a server of its own: the server on one core, its database and the load on the other.
# Usage: run.sh [--seconds 10] [--warm 10] [--connections "64 16"] [scenario ...]; `run.sh help` names the scenarios.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
scenarios=(discovery jwks token_es256 token_rs256 introspection session code_flow sign_in
    agent_es256 agent_rs256 agent_key_es256 agent_key_rs256 agent_introspection)
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

# shellcheck source=bench/load/server.sh
source "$here/server.sh"

# Seconds of hashing and number of hashes so far. Load comes over 127.0.0.1, which is trusted as a proxy; figures are not for what comes through one.
hashes() { curl -s "http://[::1]:$port/metrics" | awk '/^signet_password_hash_seconds_sum/ { s = $2 } /^signet_password_hash_seconds_count/ { n = $2 } END { print s + 0, n + 0 }'; }

cpu() { awk -v ticks="$ticks" '{ print ($14 + $15) * 1000000 / ticks }' "/proc/$server/stat"; }

basic() { printf '%s:%s' "$1" "$2" | base64 -w 0; }

token() { curl -s -H "Authorization: Basic $1" -d grant_type=client_credentials "$origin/oauth2/token" | member access_token; }

# agent NAME ALGORITHM: an agent whose tokens are signed so; prints its id.
agent() {
    curl -s -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' "$origin/api/v1/agents" -d '{"email":"'"$1"'@agents.example",
        "agentType":"custom","version":"1.0.0","capabilities":["documents:read"],"deploymentEnv":"production","scopes":["tokens:read"],
        "tokenAlgorithm":"'"$2"'"}' | member agentId
}

# credential AGENT [BODY]
credential() {
    curl -s -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' "$origin/api/v1/agents/$1/credentials" -d "${2:-{\}}"
}

prepare_agents() {
    local algorithm id secret public
    signet user create --email agents@example.test --password 'a long phrase for the bench' --verified --role owner >/dev/null
    KEY=$(signet apikey create --email agents@example.test --name bench | grep -o 'sgt_ak_[A-Za-z0-9_-]*')
    signet keys generate --type ES256 --output "$work/agent" >/dev/null
    public=$(cat "$work"/agent/publickeys/*.json)
    for algorithm in ES256 RS256; do
        id=$(agent "agent-${algorithm,,}" "$algorithm")
        secret=$(credential "$id" | member clientSecret)
        printf -v "AGENT_$algorithm" %s "$(basic "$id" "$secret")"
        id=$(agent "key-${algorithm,,}" "$algorithm")
        credential "$id" '{"kind":"private_key_jwt","jwk":'"$public"'}' >/dev/null
        printf -v "KEY_$algorithm" %s "$id"
    done
    AGENT_TOKEN=$(token "$AGENT_ES256")
    export AGENT_ES256 AGENT_RS256 KEY_ES256 KEY_RS256 AGENT_TOKEN
    [ -n "$AGENT_TOKEN" ] || { echo "The bench's agents could not be prepared" >&2; tail "$work/server.log" >&2; exit 1; }
}

# Each assertion is good once: as many as may be used, made before anything is measured.
assertions() {
    local client
    client=KEY_$(tr '[:lower:]' '[:upper:]' <<<"${1##*_}")
    "$driver" assertions --key "$work/agent/private.json" --client "${!client}" --issuer "$origin" --count $((($2) * 6000)) >"$work/assertions"
}

prepare() {
    local made
    prepare_agents
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
    export ES256 RS256 WEB CLIENT TOKEN COOKIE ASSERTIONS=$work/assertions
    [ -n "$TOKEN" ] && [ -n "$COOKIE" ] || { echo "The bench could not be prepared" >&2; tail "$work/server.log" >&2; exit 1; }
}

targets() {
    case $1 in
        discovery | jwks) echo 30000 ;;
        token_es256 | agent_es256) echo 7500 ;;
        token_rs256 | agent_rs256) echo 2000 ;;
        introspection | agent_introspection | session) echo 15000 ;;
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
    [[ $scenario != agent_key_* ]] || assertions "$scenario" "$warm"
    SCENARIO=$scenario USERS=$users taskset -c 1 wrk -t1 -c"$count" -d"$warm" -s "$here/scenarios.lua" "$origin" >/dev/null
    [[ $scenario != agent_key_* ]] || assertions "$scenario" "$seconds"
    hashed=$(hashes)
    before=$(cpu)
    line=$(SCENARIO=$scenario USERS=$users taskset -c 1 wrk -t1 -c"$count" -d"$seconds" -s "$here/scenarios.lua" "$origin" | sed -n 's/^RESULT //p')
    after=$(cpu)
    # shellcheck disable=SC2086 # The line is a list of numbers.
    set -- $line
    operations=$(($1 / share))
    awk -v name="$scenario" -v count="$count" -v operations="$operations" -v us="$2" -v p50="$3" -v p99="$4" -v errors="$5" \
        -v cpu="$(awk "BEGIN { print $after - $before }")" -v target="$(targets "$scenario")" \
        'BEGIN { printf "%-20s %5d %10.0f %9.2f %9.2f %10.1f %8d %9s\n", name, count, operations * 1e6 / us, p50 / 1000, p99 / 1000, cpu / (operations ? operations : 1), errors, target }'
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
printf '%-20s %5s %10s %9s %9s %10s %8s %9s\n' scenario conns op/s 'p50 ms' 'p99 ms' 'CPU µs/op' errors target
for scenario in "${wanted[@]}"; do
    for count in $connections; do measure "$scenario" "$count"; done
done
echo "RSS after load: $(awk '/^VmRSS/ { printf "%.0f MB", $2 / 1024 }' "/proc/$server/status")"
[ -z "${BENCH_PAUSE:-}" ] || { echo "Server $server at $origin; Enter ends"; read -r; }
