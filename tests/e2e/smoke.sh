#!/usr/bin/env bash
# The four calls an operator makes after a deployment: register, session, sign out, and no session any more.
# Usage: smoke.sh ADDRESS
set -euo pipefail

host=${1:?an address such as http://localhost:8080}
jar=$(mktemp)
trap 'rm -f "$jar"' EXIT
failed=0

expect() {
    if [ "$2" = "$3" ]; then
        echo "PASS smoke: $1"
    else
        echo "FAIL smoke: $1: $2 instead of $3"
        failed=1
    fi
}

status() { curl -s -o /dev/null -w '%{http_code}' "$@"; }

expect register "$(status -X POST "$host/v1/auth/register" \
    -H 'Content-Type: application/json' \
    -d '{"email":"smoke@example.com","password":"smoke-test-password","organization_name":"Smoke"}' \
    -c "$jar")" 201
expect session "$(status "$host/v1/auth/session" -b "$jar")" 200
expect logout "$(status -X POST "$host/v1/auth/logout" -b "$jar" -c "$jar")" 204
expect 'no session any more' "$(status -i "$host/v1/auth/session" -b "$jar")" 401
exit "$failed"
