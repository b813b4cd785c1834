#!/usr/bin/env bash
# How often the daemon collects its whole heap in 60 s at full load, with 1,000,000 members: it should not at all.
#   bench/collections.sh --csv FILE [--seconds N] [--server-cpu N] [--load-cpu N]
# Wants what run-bench.sh builds.
set -euo pipefail
cd "$(dirname "$0")/.."

csv=""
seconds=60
server=()
load=()
while [ $# -gt 0 ]; do
  case "$1" in
    --csv) csv=$2 ;;
    --seconds) seconds=$2 ;;
    --server-cpu) server=(taskset -c "$2") ;;
    --load-cpu) load=(taskset -c "$2") ;;
    *) echo "collections.sh: '$1' is no option; allowed are --csv, --seconds, --server-cpu and --load-cpu" >&2; exit 64 ;;
  esac
  shift 2
done
[ -n "$csv" ] || { echo "collections.sh: --csv FILE is wanted" >&2; exit 64; }

folder=$(mktemp -d)
pid=""
trap '[ -z "$pid" ] || { kill "$pid" 2> /dev/null || true; wait "$pid" 2> /dev/null || true; }; rm -rf "$folder"' EXIT
user=()
[ "$(id -u)" = 0 ] && user=(-u root)

# A port that is free, after some tries.
for _ in 1 2 3 4 5; do
  port=$((20000 + RANDOM % 10000))
  "${server[@]}" src/LivenessEngine.Daemon/bin/Release/net10.0/liveness -l 127.0.0.1 -p "$port" -m 2048 -c 1024 -t 1 \
    --state-file "$folder/state" "${user[@]}" > "$folder/log" 2>&1 &
  pid=$!
  until ! kill -0 "$pid" 2> /dev/null || { : > "/dev/tcp/127.0.0.1/$port"; } 2> /dev/null; do sleep 0.1; done
  sleep 0.5
  kill -0 "$pid" 2> /dev/null && break
done
kill -0 "$pid" 2> /dev/null || { cat "$folder/log" >&2; exit 1; }

loadgen() { "${load[@]}" dotnet tools/LoadGen/bin/Release/net10.0/loadgen.dll "127.0.0.1:$port" --keys 1000000 --depth 16 --json "$@"; }
collections() {
  local stats
  exec {stats}<> "/dev/tcp/127.0.0.1/$port"
  printf 'stats liveness-engine\r\nquit\r\n' >&"$stats"
  tr -d '\r' <&"$stats" | awk '$2 == "full_collections" { print $3 }'
  exec {stats}>&-
}

# Before the first half everybody has joined, the ticks have told of it, and the loop has the buffers that its clients want.
loadgen --op Set --seconds 1 > "$folder/joined.json"
loadgen --op Get --seconds 1 > "$folder/asked.json"
sleep 5
before=$(collections)
loadgen --op Set --warmup 0 --seconds "$((seconds / 2))" > "$folder/set.json"
loadgen --op Get --warmup 0 --seconds "$((seconds - seconds / 2))" > "$folder/get.json"
after=$(collections)
{
  echo "members,seconds,full_collections"
  echo "1000000,$seconds,$((after - before))"
} > "$csv"
echo "$((after - before)) full collections in $seconds s at full load"
