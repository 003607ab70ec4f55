#!/usr/bin/env bash
# Foreign clients, the operator's smoke test and unkind deaths, against a server of its own on a fresh data folder.
# Prints a PASS or FAIL line for each thing shown. Names of parts run only those: clients smoke agents stop kill load.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd -- "$here/../.." && pwd -P)
parts=${*:-clients smoke agents stop kill load}
work=$(mktemp -d "${TMPDIR:-/tmp}/signet e2e.XXXXXX")
# The account of the database has to get through; what stays there for it is no secret worth keeping.
chmod 755 "$work"
data=$work/data
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
export ISSUER=http://localhost:$port
export EMAIL=a@example.test PASSWORD='a long phrase for the test' CALLBACK=http://localhost:9799/cb
server=
killed=
failed=0

pass() { echo "PASS $*"; }

fail() {
    echo "FAIL $*"
    failed=1
}

check() {
    local name=$1
    shift
    if "$@" >>"$work/checks.log" 2>&1; then pass "$name"; else fail "$name"; fi
}

healthy() { [[ $(curl -s -w '%{http_code}' "$ISSUER/health") =~ ^\{\"status\":\"ok\",\"postgres\":\"connected\",\"redis\":\"[a-z]+\"\}200$ ]]; }

start() {
    # The shell of ./dev becomes the server, so its id is the server's. What a shell puts in the background would not hear SIGINT.
    env --default-signal=INT "$root/dev" run --port "$port" --data "$data" >>"$work/server.log" 2>&1 &
    server=$!
    for _ in $(seq 300); do
        if healthy; then return; fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 "$work/server.log"
    return 1
}

postmaster() { head -n 1 "$data/postgres/cluster/postmaster.pid" 2>/dev/null; }

gone() {
    for _ in $(seq 150); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    return 1
}

stop() {
    local database
    [ -n "$server" ] || return 0
    database=$(postmaster || true)
    kill -INT "$server" 2>/dev/null || return 0
    gone "$server" || return 1
    wait "$server" && local code=0 || local code=$?
    server=
    gone "${database:-0}" && [ "$code" = 0 ]
}

# What a server of these parts logged has neither a token nor a key nor the password in it.
logs_are_clean() {
    ! grep -E "sgt_[a-z]{2}_[A-Za-z0-9_-]{16}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.|PRIVATE KEY|$PASSWORD" "$work/server.log" | grep -v '/setup'
}

finish() {
    local code=$? database
    if [ -n "$server" ]; then
        database=$(postmaster || true)
        kill -INT "$server" 2>/dev/null || true
        gone "$server" || kill -9 "$server" || true
        [ -z "$database" ] || gone "$database" || true
    fi
    if [ "$code" = 0 ] && [ "$failed" = 0 ]; then
        rm -rf "$work"
    else
        echo "The logs are in $work"
    fi
}
trap finish EXIT

start || { fail "run: starts and is healthy"; exit 1; }
pass "run: starts and is healthy"
"$root/dev" signet --data "$data" client create --name demo --redirect-uri "$CALLBACK" \
    --grant authorization_code --grant refresh_token --grant client_credentials --json >"$work/client.json"
"$root/dev" signet --data "$data" user create --email "$EMAIL" --password "$PASSWORD" --verified --json >"$work/user.json"
CLIENT_ID=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).client_id' "$work/client.json")
CLIENT_SECRET=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).client_secret' "$work/client.json")
export CLIENT_ID CLIENT_SECRET

run_clients() {
    node "$here/clients/openid-client.js" || failed=1
    node "$here/clients/oauth4webapi.js" || failed=1
}

run_smoke() { "$here/smoke.sh" "$ISSUER" || failed=1; }

# The runbook's calls, the libraries of A2A and MCP, and the samples of both packages.
run_agents() {
    local key
    "$root/dev" signet --data "$data" user create --email agents@example.test --password "$PASSWORD" --verified --role owner >/dev/null
    key=$("$root/dev" signet --data "$data" apikey create --email agents@example.test --name agents | grep -o 'sgt_ak_[A-Za-z0-9_-]*')
    "$here/agents.sh" "$ISSUER" "$key" || failed=1
    SIGNET=$ISSUER SIGNET_KEY=$key node "$here/clients/a2a.js" || failed=1
    SIGNET=$ISSUER SIGNET_KEY=$key node "$here/clients/mcp.js" || failed=1
    (cd "$root/clients/typescript" && npm ci --silent --no-audit --no-fund && npm run --silent build) || fail "agents: the TypeScript package builds"
    SIGNET=$ISSUER SIGNET_KEY=$key check "agents: the sample in TypeScript" node "$root/clients/typescript/samples/agent.js"
    SIGNET=$ISSUER/ SIGNET_KEY=$key check "agents: the sample in C#" dotnet run --project "$root/clients/dotnet/samples/SampleAgent" -v quiet
}

run_stop() {
    check "stop: SIGINT ends the server and its PostgreSQL, with exit code 0" stop
    start && pass "stop: starts again" || fail "stop: starts again"
}

# What is killed, and whether the server starts again after it.
run_kill() {
    kill_server && check "kill -9 of the server: starts again" start
    kill_postgres
    check "kill -9 of PostgreSQL: starts again, or ends for a supervisor to start" recover
    kill -9 "$(postmaster)"
    kill_server && check "kill -9 of both: starts again" start
    "$here/smoke.sh" "$ISSUER" >>"$work/checks.log" 2>&1 || true
}

kill_server() {
    kill -9 "$server"
    wait "$server" 2>/dev/null || true
    server=
}

kill_postgres() {
    killed=$(postmaster)
    kill -9 "$killed"
}

recover() {
    for _ in $(seq 100); do
        # Healthy alone could be the answer of a moment ago: it must be another PostgreSQL than the one that was killed.
        if [ "$(postmaster)" != "$killed" ] && healthy; then return 0; fi
        kill -0 "$server" 2>/dev/null || { server= && start && return 0; }
        sleep 0.2
    done
    kill_server
    start
    return 1
}

# A kill under load: whoever was given a token finds it on record.
run_load() {
    load_round "the server" kill_server
    load_round "PostgreSQL and the server" kill_both
    audit_holds
}

kill_both() {
    kill_postgres
    kill_server
}

load_round() {
    local name=$1 tokens=$work/tokens lost loop
    : >"$tokens"
    node "$here/load/tokens.js" "$ISSUER" "$tokens" &
    loop=$!
    for _ in $(seq 100); do
        [ "$(wc -l <"$tokens")" -lt 2000 ] || break
        sleep 0.1
    done
    "$2"
    wait "$loop" || true
    start || { fail "load: starts after kill -9 of $name"; return; }
    recorded >"$work/recorded"
    lost=$(sort "$tokens" | comm -23 - <(sort "$work/recorded") | wc -l)
    if [ "$lost" = 0 ] && [ -s "$tokens" ]; then
        pass "load: kill -9 of $name: all $(wc -l <"$tokens") tokens that were received are on record"
    else
        fail "load: kill -9 of $name: $lost of $(wc -l <"$tokens") tokens have no record"
    fi
}

# The owner's rows are behind row security, which only the roles below it pass.
recorded() {
    "$root/dev" psql --data "$data" -qAt -v ON_ERROR_STOP=1 <<'SQL'
set role signet_system;
select convert_from(content, 'UTF8')::jsonb #>> '{data,token_id}' from audit_events where action = 'oauth.token_issued';
SQL
}

audit_holds() {
    check "load: signet audit verify passes" "$root/dev" signet --data "$data" audit verify
}

for part in $parts; do "run_$part"; done
check "the log has no token, key or password" logs_are_clean
exit "$failed"
