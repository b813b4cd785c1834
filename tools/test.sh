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

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
trap 'kill $(jobs -p) 2> /dev/null; exit 130' INT

# What is built finds the runtime where dotnet is.
export DOTNET_ROOT="${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}"

echo "Building ..."
if ! dotnet build LivenessEngine.sln -c Release --nologo --verbosity quiet; then
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

# The rules of style but whitespace, and of the analyzers, have been kept, or the build would have failed.
echo "Checking the format, and testing ..."
dotnet format whitespace LivenessEngine.sln --verify-no-changes --no-restore > "$logs/format" 2>&1 &
format=$!

# A test project is a program, and runs its tests sooner by itself than in a test host (Wire: 118 s for 166).
run() {
  local folder=$1 name=LivenessEngine.${1#LivenessEngine.}
  "tests/$folder/bin/Release/net10.0/$name" -noLogo -noColor > "$logs/$folder" 2>&1 || echo "$folder" >> "$logs/failed"
  cat "$logs/$folder"
}

run LivenessEngine.Tests
failed=0
if ! wait "$format"; then
  cat "$logs/format"
  echo "The format is not what .editorconfig asks for; 'dotnet format LivenessEngine.sln' mends it." >&2
  failed=1
fi

run Soak
run Wire

# It starts hundreds of programs that live for seconds, in which profiles for the compiler cost more than they give.
DOTNET_TieredPGO=0 run Interop

# The tests of Memcached run one by one, those of Database wait for servers, and the fuzz has its time: side by side they are
# done sooner.
{ run LivenessEngine.Database.Tests; run Fuzz; } > "$logs/beside" &
run LivenessEngine.Memcached.Tests
wait
cat "$logs/beside"

# "   LivenessEngine.Wire  Total: 12, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0, Time: 1.5s" by each project. What a failed
# test prints may hold any bytes.
sum() { grep -ahE '^ +LivenessEngine\.[A-Za-z.]+ +Total: ' "$logs"/{*.Tests,Soak,Wire,Fuzz,Interop} | grep -oE "$1: +[0-9]+" | awk '{ s += $2 } END { print s + 0 }'; }
skipped=$(sum Skipped)
broken=$(($(sum Failed) + $(sum Errors)))
passed=$(($(sum Total) - broken - skipped))
if [ "$broken" = 0 ] && [ -e "$logs/failed" ]; then broken=$(wc -l < "$logs/failed"); fi
broken=$((broken + failed))
echo "$passed passed, $broken failed, $skipped skipped"
[ "$broken" = 0 ] && [ "$passed" -gt 0 ]
