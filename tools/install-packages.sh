#!/usr/bin/env bash
# Installs Debian packages where this may (root), and no server is started by that. Goes on where it cannot: whoever needs
# them says so.
#   tools/install-packages.sh PACKAGE...
set -uo pipefail

[ $# -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || exit 0
echo "Installing $* ..."
# Debian's way to say that no service may start.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod +x "$policy"
fi
{ apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; } > /dev/null \
  || echo "Could not install all of: $*" >&2
exit 0
