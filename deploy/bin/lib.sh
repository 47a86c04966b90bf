# shellcheck shell=bash
# Shared by the scripts of this folder; sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VENV=${VENV:-$ROOT/.venv}
# Used by bootstrap.sh.
export UV_VERSION=0.13.9

say() { printf '→ %s\n' "$*"; }

die() {
  printf '\n✗ %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

has() { command -v "$1" >/dev/null 2>&1; }

# Install Debian packages when root; else say in French what the administrator must type.
apt_install() {
  if ! is_root || ! has apt-get; then
    die "Il manque des logiciels à cette machine." \
      "Demandez à son administrateur de taper :" \
      "  apt-get install $*"
  fi
  say "installation de : $*"
  hush_services
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq || true
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null || {
    unhush_services
    die "L’installation de ces logiciels a échoué : $*"
  }
  unhush_services
}

# Nothing that we install may start by itself: a cluster on 5432 or a Redis on 6379 could be in the
# way of somebody's own. Debian asks this file before it starts a service.
POLICY=/usr/sbin/policy-rc.d
POLICY_IS_OURS=no

hush_services() {
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] ||
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  [ -e "$POLICY" ] && return
  printf '#!/bin/sh\nexit 101\n' >"$POLICY"
  chmod +x "$POLICY"
  POLICY_IS_OURS=yes
}

unhush_services() {
  [ "$POLICY_IS_OURS" = no ] || rm -f "$POLICY"
  POLICY_IS_OURS=no
}

# Print a Python ≥ 3.11 able to make environments, the version we pin for first.
find_python() {
  local name
  for name in "${PYTHON:-python3.11}" python3.11 python3 python3.12 python3.13 /usr/bin/python3; do
    if has "$name" && "$name" -c \
      'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  return 1
}

# Tell whether WeasyPrint's libraries are here; harfbuzz-subset makes fonts 70 times faster to cut.
has_libraries() {
  "$1" - <<'PYTHON' 2>/dev/null
import ctypes
for name in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0", "libfontconfig.so.1"):
    ctypes.CDLL(name)
PYTHON
}
