#!/usr/bin/env bash
# Heartbeats into SQLite, PostgreSQL and MariaDB, each with the durability that it has by itself, on servers of the bench's
# own: in a temporary folder, behind a unix socket. Further arguments go to the bench: --seconds 5 --rows 100 300 1000
#   bench/databases.sh [--only sqlite|postgresql|mariadb] [ARGUMENT...]
set -euo pipefail
cd "$(dirname "$0")/.."

# Whether what a database needs is installed: bench/databases.sh --can postgresql
if [ "${1:-}" = --can ]; then
  case "$2" in
    sqlite) exit 0 ;;
    postgresql) ls -d /usr/lib/postgresql/*/bin > /dev/null 2>&1; exit ;;
    mariadb) command -v mariadbd > /dev/null; exit ;;
  esac
fi

exec dotnet bench/LivenessEngine.Benchmarks/bin/Release/net10.0/LivenessEngine.Benchmarks.dll database "$@"
