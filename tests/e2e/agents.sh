#!/usr/bin/env bash
# What a runbook tells an operator of agents to do, as curl has it: health, stop an agent, list and revoke its credentials, read the record of a while,
# look at the metrics. Usage: agents.sh ADDRESS API_KEY
set -euo pipefail

host=${1:?an address such as http://localhost:8080}
admin_token=${2:?an API key that may manage agents and read the record}
failed=0

# expect WHAT IS SHOULD
expect() {
    if [ "$2" = "$3" ]; then
        echo "PASS agents: $1"
    else
        echo "FAIL agents: $1: $2 instead of $3"
        failed=1
    fi
}

# of EXPRESSION: what JavaScript says of the JSON that comes in as `it`.
of() { node -e 'const it = JSON.parse(require("fs").readFileSync(0, "utf8")); console.log(eval(process.argv[1]))' "$1"; }

token_of() {
    curl -s -X POST "$host/api/v1/token" -u "$agent_id:$secret" -d 'grant_type=client_credentials'
}

active() { curl -s -X POST "$host/api/v1/token/introspect" -u "$watcher_id:$watcher_secret" -d "token=$token" | of it.active; }

register() {
    curl -s -X POST "$host/api/v1/agents" \
        -H "Authorization: Bearer $admin_token" \
        -H "Content-Type: application/json" \
        -d "{\"email\":\"$1\",\"agentType\":\"custom\",\"version\":\"1.0.0\",\"capabilities\":[\"mail:read\"],\"deploymentEnv\":\"production\",\"scopes\":[\"$2\"]}" | of it.agentId
}

credential() {
    curl -s -X POST "$host/api/v1/agents/$1/credentials" -H "Authorization: Bearer $admin_token"
}

expect health "$(curl -s "$host/health" | of '[it.status, it.postgres].join(" ")')" "ok connected"

agent_id=$(register "curl-$$@example.com" mail:read)
made=$(credential "$agent_id")
secret=$(of it.clientSecret <<<"$made")
watcher_id=$(register "watch-$$@example.com" tokens:read)
watcher_secret=$(credential "$watcher_id" | of it.clientSecret)
token=$(token_of | of it.access_token)
expect 'a token holds' "$(active)" true

expect 'suspend an agent' "$(curl -s -X PATCH "$host/api/v1/agents/$agent_id" \
    -H "Authorization: Bearer $admin_token" \
    -H "Content-Type: application/json" \
    -d '{"status": "suspended"}' | of it.status)" suspended
expect 'its token is dead' "$(active)" false
expect 'it gets no other' "$(token_of | of it.error)" invalid_client

credentials=$(curl -s "$host/api/v1/agents/$agent_id/credentials" \
    -H "Authorization: Bearer $admin_token" | of 'it.credentials.map((one) => one.credentialId).join(" ")')
expect 'list its credentials' "$(wc -w <<<"$credentials")" 1
for credential_id in $credentials; do
    expect 'revoke a credential' "$(curl -s -o /dev/null -w '%{http_code}' -X DELETE "$host/api/v1/agents/$agent_id/credentials/$credential_id" \
        -H "Authorization: Bearer $admin_token")" 204
done
curl -s -o /dev/null -X PATCH "$host/api/v1/agents/$agent_id" \
    -H "Authorization: Bearer $admin_token" -H "Content-Type: application/json" -d '{"status": "active"}'
expect 'active again, its secret stays dead' "$(token_of | of it.error)" invalid_client
expect 'and so does its token' "$(active)" false

from=$(date -u -d '1 hour ago' +%Y-%m-%dT%H:%M:%SZ)
to=$(date -u -d '1 hour' +%Y-%m-%dT%H:%M:%SZ)
record=$(curl -s "$host/api/v1/audit?agentId=$agent_id&startDate=$from&endDate=$to" \
    -H "Authorization: Bearer $admin_token")
for action in agent.created credential.generated token.issued agent.suspended credential.revoked agent.reactivated; do
    expect "the record has $action" "$(of "it.entries.filter((one) => one.action === '$action').length" <<<"$record")" 1
done
expect 'newest first' "$(of 'it.entries.every((one, i) => i === 0 || one.timestamp <= it.entries[i - 1].timestamp)' <<<"$record")" true
expect 'nothing outside the dates' "$(curl -s "$host/api/v1/audit?agentId=$agent_id&startDate=2020-01-01T00:00:00Z&endDate=2020-01-31T23:59:59Z" \
    -H "Authorization: Bearer $admin_token" | of it.entries.length)" 0

expect metrics "$(curl -s "$host/metrics" | grep -c '^signet_agents_registered_total{')" 1
exit "$failed"
