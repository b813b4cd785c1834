#!/usr/bin/env bash
# Takes the table's fences and checks out one by one and demands that the soak test named in the patch fails.
#   tools/mutants.sh                all of tests/Soak/mutants
#   tools/mutants.sh 02 11          those whose names begin so
# LIVENESS_SOAK_SECONDS (10 here) is how long a mutant has to show itself, in each of three attempts. Works on a copy;
# nothing here is changed.
set -uo pipefail
cd "$(dirname "$0")/.."
export LIVENESS_SOAK_SECONDS="${LIVENESS_SOAK_SECONDS:-10}"

patches=()
for prefix in "${@:-}"; do
  for patch in tests/Soak/mutants/"$prefix"*.patch; do
    [ -e "$patch" ] || { echo "No mutant begins with '$prefix'." >&2; exit 2; }
    patches+=("$PWD/$patch")
  done
done

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | tar --null --files-from=- -cf - | tar -xf - -C "$copy"
cd "$copy"

header() { sed -n "s/^# $1: //p" "$2" | head -1; }

build() { dotnet build tests/Soak -c Release --nologo --verbosity quiet -p:TreatWarningsAsErrors=false -p:RunAnalyzers=false > "$copy/build.log" 2>&1; }

# Runs the tests named; 0 passed, 1 failed. A crash and a hang are failures too; a test that does not exist is neither.
run() {
  local methods=() seconds=${LIVENESS_SOAK_SECONDS:-3}
  seconds=${seconds%.*}
  for test in "$@"; do methods+=(-method "LivenessEngine.Soak.$test"); done
  DOTNET_DbgEnableMiniDump=0 timeout -k 5 $((seconds * $# + 60)) \
    tests/Soak/bin/Release/net10.0/LivenessEngine.Soak "${methods[@]}" -noColor -noLogo > "$copy/run.log" 2>&1
  local code=$?
  if grep -qE 'Total: 0($|,)' "$copy/run.log"; then
    echo "There is no test $*." >&2
    exit 2
  fi
  [ $code = 0 ] && return 0
  if [ $code = 124 ]; then echo "hangs" > "$copy/why"
  elif ! grep -q 'Failed: ' "$copy/run.log"; then grep -m1 -E 'Fatal|Unhandled|error' "$copy/run.log" > "$copy/why" || echo "crashes with code $code" > "$copy/why"
  else sed -n '/\[FAIL\]/{n;s/^ *//;p;q}' "$copy/run.log" > "$copy/why"
  fi
  return 1
}

echo "As it is: building and running what the mutants have to fail ..."
build || { cat build.log; exit 2; }
tests=$(for patch in "${patches[@]}"; do header fails "$patch"; done | sort -u)
# shellcheck disable=SC2086
(unset LIVENESS_SOAK_SECONDS && run $tests) || { tail -40 run.log; echo "A soak test fails without a mutant."; exit 1; }

survived=0
for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  test=$(header fails "$patch")
  git apply "$patch" || { echo "$name does not apply." >&2; exit 2; }
  build || { cat build.log; echo "$name does not build." >&2; exit 2; }
  start=${EPOCHREALTIME/./}
  if run "$test" && run "$test" && run "$test"; then
    survived=$((survived + 1))
    echo "SURVIVED $name ($test)"
  else
    tenths=$(((${EPOCHREALTIME/./} - start) / 100000))
    echo "killed   $name ($test) in $((tenths / 10)).$((tenths % 10)) s: $(cut -c1-160 why)"
  fi
  git apply -R "$patch"
done

echo "$((${#patches[@]} - survived)) of ${#patches[@]} mutants killed"
[ "$survived" = 0 ]
