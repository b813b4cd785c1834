#!/usr/bin/env bash
# Builds everything, checks its format and runs every test. Ends with one line: N passed, N failed, N skipped.
# What the tests talk to (memcached and its clients, databases, Nova) is installed from Debian's packages where it is
# missing and this may (root); no server is started by that, for the tests start their own. Without it those tests are
# skipped and say so; with CI=true they fail instead.
set -uo pipefail
cd "$(dirname "$0")/.."

packages=(memcached libmemcached-tools python3-pymemcache python3-memcache python3-pylibmc python3-binary-memcached
  python3-nova python3-oslo.cache python3-dogpile.cache python3-pymysql libfaketime mariadb-server postgresql)

if command -v dpkg-query > /dev/null; then
  missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  tools/install-packages.sh "${missing[@]}"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

echo "Building ..."
if ! dotnet build LivenessEngine.sln -c Release --nologo --verbosity quiet; then
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

failed=0
echo "Checking the format ..."
if ! dotnet format LivenessEngine.sln --verify-no-changes --no-restore --severity warn; then
  echo "The format is not what .editorconfig asks for; 'dotnet format LivenessEngine.sln' mends it." >&2
  failed=1
fi

echo "Testing ..."
dotnet test LivenessEngine.sln -c Release --no-build --nologo -m:1 2>&1 | tee "$log"
[ "${PIPESTATUS[0]}" = 0 ] || failed=$((failed + 1))

# "Passed!  - Failed: 0, Passed: 12, Skipped: 1, Total: 13, ..." for each test project.
sum() { grep -oE "$1: +[0-9]+" "$log" | grep -oE '[0-9]+' | awk '{ s += $1 } END { print s + 0 }'; }
passed=$(sum Passed)
failures=$(sum Failed)
skipped=$(sum Skipped)
if [ "$failures" = 0 ]; then failures=$failed; fi
if [ "$passed" = 0 ]; then failures=$((failures + 1)); fi
echo "$passed passed, $failures failed, $skipped skipped"
[ "$failures" = 0 ]
