#!/usr/bin/env bash
# Runs the fuzz until so many requests were answered (10,000,000 where nothing is said), and prints what each test did and
# the sum. Ends with 0 if there was no crash, hang, leak or difference from memcached.
#   tools/fuzz.sh [REQUESTS]
set -uo pipefail
cd "$(dirname "$0")/.."
requests=${1:-10000000}
report=$(mktemp)
trap 'rm -f "$report"' EXIT

dotnet build tests/Fuzz -c Release --nologo --verbosity quiet || exit 1
start=$SECONDS
LIVENESS_FUZZ_REQUESTS=$requests LIVENESS_FUZZ_REPORT=$report CI=true dotnet test tests/Fuzz -c Release --no-build --nologo
result=$?
echo "tools/fuzz.sh $requests: commit $(git rev-parse --short HEAD), $(nproc) cores, .NET $(dotnet --version), $(memcached -V)"
cat "$report"
awk -v seconds=$((SECONDS - start)) -v result=$result '
  { for (i = 2; i <= NF; i++) if ($i == "requests") { if ($1 == "valid") valid += $(i - 1); else spoiled += $(i - 1) } }
  END {
    printf "%d mutated requests, and %d valid ones, in %d s: %s\n", spoiled, valid, seconds,
      result == 0 ? "0 crashes, hangs, leaks, differences" : "FAILED"
  }' "$report"
exit $result
