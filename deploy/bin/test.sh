#!/usr/bin/env bash
# `make test`: the whole suite with its own PostgreSQL, Redis, worker processes and browser.
# The last line printed is pytest's; any stage that fails stops here. With CI=true nothing is skipped.
set -euo pipefail
# shellcheck source=deploy/bin/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

postgres_bin() {
  local found
  found=$(find /usr/lib/postgresql -maxdepth 3 -name initdb 2>/dev/null | sort -V | tail -1)
  [ -n "$found" ] || found=$(command -v initdb || true)
  [ -z "$found" ] || dirname "$found"
}

chromium_path() {
  local name
  for name in "${CHROMIUM:-chromium}" chromium chromium-browser google-chrome; do
    # Ubuntu's package is a door to a snap, which does not open in a container.
    if has "$name" && "$name" --version >/dev/null 2>&1; then
      command -v "$name"
      return
    fi
  done
}

missing=()
[ -n "$(postgres_bin)" ] || missing+=(postgresql)
has redis-server || missing+=(redis-server)
[ -n "$(chromium_path)" ] || missing+=(chromium)
has pdftotext || missing+=(poppler-utils)
if [ ${#missing[@]} -gt 0 ]; then
  if is_root && has apt-get; then
    apt_install "${missing[@]}"
  elif [ "${CI:-}" = true ]; then
    die "Il manque à cette machine : ${missing[*]}" "Tapez : apt-get install ${missing[*]}"
  else
    say "absents (leurs essais seront sautés) : ${missing[*]}"
  fi
fi
"$ROOT/deploy/bin/bootstrap.sh" requirements-dev.txt

# --- Services of our own: never those of the machine -------------------------------------------
WORK=$(mktemp -d "${TMPDIR:-/tmp}/qualepref-services-XXXXXX")
chmod 711 "$WORK"
RUN_AS=()
if is_root; then
  # PostgreSQL refuses to be root.
  user=postgres
  id "$user" >/dev/null 2>&1 || user=nobody
  RUN_AS=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
fi
redis_pid=

stop_services() {
  [ -z "$redis_pid" ] || kill "$redis_pid" 2>/dev/null || true
  if [ -f "$WORK/pg/postmaster.pid" ]; then
    "${RUN_AS[@]}" "$(postgres_bin)/pg_ctl" -D "$WORK/pg" -m immediate stop >/dev/null 2>&1 || true
  fi
  rm -rf "$WORK"
}
trap stop_services EXIT
trap 'exit 130' INT TERM

free_port() {
  "$VENV/bin/python" -c \
    'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start_postgresql() {
  local bin port
  bin=$(postgres_bin)
  port=$(free_port)
  mkdir "$WORK/pg"
  is_root && chown "$user" "$WORK/pg"
  (cd / && "${RUN_AS[@]}" "$bin/initdb" -D "$WORK/pg" -U qualepref -A trust -E UTF8 --locale=C.UTF-8 \
    --no-sync >"$WORK/initdb.log") || die "PostgreSQL ne s’initialise pas." "$(tail -3 "$WORK/initdb.log")"
  # Throw-away data: no need to survive a power cut.
  (cd / && "${RUN_AS[@]}" "$bin/pg_ctl" -D "$WORK/pg" -w -l "$WORK/pg/log" -o \
    "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off \
     -c synchronous_commit=off -c full_page_writes=off" start >/dev/null) ||
    die "PostgreSQL ne démarre pas." "$(tail -3 "$WORK/pg/log")"
  export QUALEPREF_TEST_DATABASE_URL=postgres://qualepref@127.0.0.1:$port/postgres
}

start_redis() {
  local port
  port=$(free_port)
  redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$WORK" \
    >"$WORK/redis.log" 2>&1 &
  redis_pid=$!
  export QUALEPREF_TEST_REDIS_URL=redis://127.0.0.1:$port
}

[ -z "$(postgres_bin)" ] || start_postgresql
if has redis-server; then start_redis; fi
CHROMIUM=$(chromium_path)
export CHROMIUM
PYTEST=("$VENV/bin/python" -m pytest -q -n 2)

# What no database can change runs once, on the second stage: what never meets it, rights, counts of queries.
ONCE=(tests/indicators/reading)
for name in docs floors gates no_visible_objects permission_matrix query_budgets sizes templates; do
  ONCE+=("tests/guards/test_$name.py")
done

if [ -n "${QUALEPREF_TEST_DATABASE_URL:-}" ]; then
  say "sur PostgreSQL"
  outcome=0
  DATABASE_URL=$QUALEPREF_TEST_DATABASE_URL "${PYTEST[@]}" "${ONCE[@]/#/--ignore=}" "$@" || outcome=$?
  # 5: none of the tests asked for belongs to this stage.
  if [ "$outcome" -ne 0 ] && { [ "$outcome" -ne 5 ] || [ $# -eq 0 ]; }; then exit "$outcome"; fi
fi
say "sur SQLite, avec les services réels et le navigateur"
"${PYTEST[@]}" -m "" "$@"
