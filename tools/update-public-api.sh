#!/usr/bin/env bash
# Writes the public API baselines (PublicAPI.Unshipped.txt) anew from what the libraries declare.
# Run it after a deliberate change of the public API, and read the diff.
set -euo pipefail
cd "$(dirname "$0")/.."

# The engine first: the others build on it.
for project in src/LivenessEngine/PublicAPI.Unshipped.txt src/LivenessEngine.*/PublicAPI.Unshipped.txt; do
  folder=$(dirname "$project")
  echo '#nullable enable' > "$project"
  { dotnet build "$folder" --nologo --verbosity quiet 2>&1 || true; } \
    | sed -nE "s/.*error RS0016: Symbol '(.*)' is not part of the declared public API.*/\1/p" \
    | sort -u > "$project.new"
  cat "$project.new" >> "$project"
  rm "$project.new"
  dotnet build "$folder" --nologo --verbosity quiet
  echo "$project: $(($(wc -l < "$project") - 1)) symbols"
done
