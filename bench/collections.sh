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
user=()
[ "$(id -u)" = 0 ] && user=(-u root)
"${server[@]}" src/LivenessEngine.Daemon/bin/Release/net10.0/liveness -s "$folder/socket" -m 2048 -c 1024 -t 1 \
  --state-file "$folder/state" "${user[@]}" > "$folder/log" 2>&1 &
pid=$!
trap 'kill "$pid" 2> /dev/null || true; wait "$pid" 2> /dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do [ -S "$folder/socket" ] && break; sleep 0.1; done
[ -S "$folder/socket" ] || { cat "$folder/log" >&2; exit 1; }

loadgen() { "${load[@]}" dotnet tools/LoadGen/bin/Release/net10.0/loadgen.dll "$folder/socket" --keys 1000000 --depth 16 --json "$@"; }
collections() {
  python3 - "$folder/socket" << 'END'
import socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect(sys.argv[1])
    server.sendall(b"stats liveness-engine\r\n")
    reply = b""
    while not reply.endswith(b"END\r\n"):
        reply += server.recv(65536)
print(*(line.split()[2] for line in reply.decode().splitlines() if line.startswith("STAT full_collections ")))
END
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
