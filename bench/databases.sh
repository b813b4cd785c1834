#!/usr/bin/env bash
# Heartbeats into SQLite, PostgreSQL and MariaDB, each with the durability that it has by itself, on servers of this
# script's own: in a temporary folder, on loopback. Further arguments go to the bench: --seconds 5 --rows 100 300 1000
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

only=""
if [ "${1:-}" = --only ]; then only=$2; shift 2; fi
bench="dotnet bench/LivenessEngine.Benchmarks/bin/Release/net10.0/LivenessEngine.Benchmarks.dll database"
schema=tests/LivenessEngine.Database.Tests/Schema
folder=$(mktemp -d)
chmod 755 "$folder"
server=""
stop() { if [ -n "$server" ]; then kill "$server" 2> /dev/null || true; wait "$server" 2> /dev/null || true; server=""; fi; }
trap 'stop; rm -rf "$folder"' EXIT

# Neither server runs as root. setpriv becomes the server, so its process id stays.
as() { local user=$1; shift; if [ "$(id -u)" = 0 ]; then exec setpriv --reuid "$user" --regid "$user" --clear-groups "$@"; else exec "$@"; fi; }
make_folder() { mkdir "$folder/$1"; if [ "$(id -u)" = 0 ]; then chown "$2" "$folder/$1"; fi; }
wanted() { [ -z "$only" ] || [ "$only" = "$1" ]; }
await() { for _ in $(seq 300); do if "$@" > /dev/null 2>&1; then return 0; fi; sleep 0.1; done; echo "It does not answer: $*" >&2; return 1; }

if wanted sqlite; then
  $bench --name SQLite --url "sqlite:///$folder/nova.sqlite" "$@"
fi

if wanted postgresql; then
  bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
  make_folder pg postgres
  (as postgres "$bin/initdb" -D "$folder/pg/data" -U nova -A trust > /dev/null)
  (as postgres "$bin/postgres" -D "$folder/pg/data" -k "$folder/pg" -c listen_addresses= > "$folder/pg.log" 2>&1) &
  server=$!
  await "$bin/psql" -h "$folder/pg" -U nova -c "SELECT 1" postgres
  "$bin/psql" -q -h "$folder/pg" -U nova -f "$schema/postgresql.sql" postgres
  $bench --name PostgreSQL --url "postgresql://nova@/postgres?host=$folder/pg" --pid "$server" "$@"
  stop
fi

if wanted mariadb; then
  make_folder my mysql
  (as mysql mariadb-install-db --no-defaults --datadir="$folder/my/data" --auth-root-authentication-method=normal --skip-test-db > /dev/null)
  printf "CREATE USER nova@localhost;\nGRANT ALL ON *.* TO nova@localhost;\nCREATE DATABASE nova CHARACTER SET utf8mb3;\n" > "$folder/init.sql"
  (as mysql mariadbd --no-defaults --datadir="$folder/my/data" --socket="$folder/my/s" --pid-file="$folder/my/pid" --skip-networking --init-file="$folder/init.sql" > "$folder/my.log" 2>&1) &
  server=$!
  await mariadb --no-defaults -u nova --socket="$folder/my/s" -e "SELECT 1" nova
  mariadb --no-defaults -u nova --socket="$folder/my/s" nova < "$schema/mariadb.sql"
  $bench --name MariaDB --url "mysql+pymysql://nova@localhost/nova?unix_socket=$folder/my/s" --pid "$server" "$@"
  stop
fi
