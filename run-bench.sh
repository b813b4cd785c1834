#!/usr/bin/env bash
# Measures the engine on this machine, beside memcached: the parts (BenchmarkDotNet), the wire (tools/LoadGen), the drivers
# on memcached and on databases, and fleets on each backend (tools/FleetSim).
#   ./run-bench.sh --quick   under two minutes, once what it needs is installed
#   ./run-bench.sh           everything, in half an hour at the most
#   --faults   and what faults do to verdicts (tools/Faults), in a quarter of an hour more
#   --peer NAME='command with {port}'   one more server on the wire; those whose names begin with redis are spoken to in
#                                       redis's protocol
# memcached, redis (not for --quick), PostgreSQL and MariaDB are installed from Debian's packages where they are missing and this may (root); no
# server is started by that, for each run starts its own.
# Writes bench/results/<date>/: report.md, its charts, and the CSV files that they are made from.
set -euo pipefail
cd "$(dirname "$0")"

quick=""
faulty=""
others=()
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) quick=--quick ;;
    --faults) faulty=yes ;;
    --peer)
      [[ "${2:-}" == ?*=*{port}* ]] || { echo "run-bench.sh: --peer wants NAME='command with {port}'" >&2; exit 64; }
      others+=(--peer "$2")
      shift ;;
    *) echo "run-bench.sh: '$1' is no option; allowed are --quick, --faults and --peer NAME='command with {port}'" >&2; exit 64 ;;
  esac
  shift
done

missing=()
command -v memcached > /dev/null || missing+=(memcached)
[ -n "$quick" ] || command -v redis-server > /dev/null || missing+=(redis-server)
bench/databases.sh --can postgresql || missing+=(postgresql)
bench/databases.sh --can mariadb || missing+=(mariadb-server)
tools/install-packages.sh "${missing[@]}"
if ! command -v memcached > /dev/null; then
  echo "run-bench.sh: memcached is not installed, and comparing with it is half of this" >&2
  exit 1
fi

out="bench/results/$(date -u +%Y-%m-%d)${quick:+-quick}"
mkdir -p "$out"
commit=$(git rev-parse --short HEAD 2> /dev/null || echo unknown)
[ -z "$(git status --porcelain --untracked-files=no 2> /dev/null)" ] || commit="$commit with changes"

# Says what comes, and how long it has been.
step() { printf '[%d:%02d] %s\n' $((SECONDS / 60)) $((SECONDS % 60)) "$1"; }

step "Building ..."
dotnet build LivenessEngine.sln -c Release --nologo --verbosity quiet > "$out/build.log" 2>&1 || { cat "$out/build.log"; exit 1; }
rm "$out/build.log"
bench="dotnet bench/LivenessEngine.Benchmarks/bin/Release/net10.0/LivenessEngine.Benchmarks.dll"
fleetsim="dotnet tools/FleetSim/bin/Release/net10.0/fleetsim.dll"
loadgen="dotnet tools/LoadGen/bin/Release/net10.0/loadgen.dll"
liveness="src/LivenessEngine.Daemon/bin/Release/net10.0/liveness"

step "Parts ..."
if [ -n "$quick" ]; then
  filter=('*HandleBench.BeatByHandle(Members: 1000000)' '*SweepBench*1000000*' '*ProtocolBench.ParseSet*'
    '*LookupBench.BeatByKey(Members: 1000000*' '*LookupBench.BeatConcurrentDictionary(Members: 1000000*'
    '*LookupBench.IsUpByKey(Members: 1000000*' '*LookupBench.IsUpConcurrentDictionary(Members: 1000000*'
    '*ItemBench*(Items: 1000, Threads: 1)')
else
  filter=('*')
fi
# Code is compiled for good as soon as it has been called often enough, not a while later: iterations are short.
DOTNET_TC_CallCountingDelayMs=0 $bench micro $quick --out "$out" --filter "${filter[@]}" | grep --line-buffered -E '^// Benchmark: |^// \* Errors' | sed -u 's/InProcess.*//' || true

step "Wire ..."
cores=$(nproc)
pin=()
[ "$cores" -ge 2 ] && pin=(--server-cpu 0 --load-cpu 1)
if [ -n "$quick" ]; then turns=(--loads-only --seconds 0.4 --rounds 2); else turns=(--seconds 0.9 --rounds 6); fi
user=()
[ "$(id -u)" = 0 ] && user=(-u nobody)
rm -f "$out/wire-loops.csv" "$out/wire-busy-loops.csv" "$out/collections.csv"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ -z "$quick" ] && command -v redis-server > /dev/null; then
  printf 'bind 127.0.0.1\nsave ""\nappendonly no\nmaxclients 10000\n' > "$scratch/redis.conf"
  others+=(--peer "redis=redis-server $scratch/redis.conf --port {port}")
fi
serve="-l 127.0.0.1 -p {port} -m 1024 -c 10000"
$loadgen compare $quick "${turns[@]}" "${pin[@]}" --out "$out" \
  --peer "memcached=memcached ${user[*]} $serve -t 1" \
  "${others[@]}" --peer "liveness=$liveness $serve -t 1 --state-file none"
if [ -z "$quick" ]; then
  # Two loops want two cores. Where there are no more than that, the load shares them, and neither loop is busy all the time:
  # memcached's are there to compare. Both loops on one core are busy, and show what sharing the table costs.
  loops=(--peer "one loop=$liveness $serve -t 1 --state-file none" --peer "two loops=$liveness $serve -t 2 --state-file none")
  $loadgen compare --quick --loads-only --seconds 0.8 --rounds 5 --out "$out" --file wire-loops.csv "${loops[@]}" \
    --peer "memcached -t 1=memcached ${user[*]} $serve -t 1" --peer "memcached -t 2=memcached ${user[*]} $serve -t 2"
  $loadgen compare --quick --loads-only --seconds 0.8 --rounds 5 "${pin[@]}" --out "$out" --file wire-busy-loops.csv "${loops[@]}"
  bench/collections.sh --csv "$out/collections.csv" ${pin[@]+"${pin[@]}"}
fi

step "Drivers ..."
rm -f "$out/databases.csv"
if [ -n "$quick" ]; then rounds=6; turn=(--seconds 0.3 --rounds 2); else rounds=100; turn=(--seconds 2 --rounds 5 --rows 500 100 300); fi
$bench external --rounds "$rounds" --csv "$out/external.csv"
for database in sqlite postgresql mariadb; do
  if bench/databases.sh --can "$database"; then
    bench/databases.sh --only "$database" --csv "$out/databases.csv" "${turn[@]}" | tail -n +2
  else
    echo "$database is not installed; it is left out"
  fi
done

step "Fleets ..."
rm -f "$out/fleet.csv" "$out/fleet.md"
$fleetsim scale $quick --out "$out" --commit "$commit" ${pin[@]+"${pin[@]}"}

if [ -n "$faulty" ]; then
  step "Faults ..."
  faults="dotnet tools/Faults/bin/Release/net10.0/faults.dll"
  $faults compare --out "$out" --commit "$commit" || echo "The engine was wrong; see $out/faults.md" >&2
  $faults latency --out "$out" ${pin[@]+"${pin[@]}"}
fi

step "Charts ..."
$bench charts --out "$out" --commit "$commit"
$bench report --out "$out" --command "./run-bench.sh ${quick}" --commit "$commit"
step "Results: $out/report.md"
