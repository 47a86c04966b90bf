#!/usr/bin/env bash
# `make quality`: what CI refuses before it runs a single test.
set -euo pipefail
# shellcheck source=deploy/bin/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
PATH=$(cd "$VENV/bin" && pwd):$PATH

QUALEPREF_DATA=$(mktemp -d)
export QUALEPREF_DATA
trap 'rm -rf "$QUALEPREF_DATA"' EXIT

say "mise en forme et fautes de Python"
ruff format --check .
ruff check .
say "gabarits"
djlint templates --lint --quiet
say "types"
mypy --no-incremental accounts common modules reports action_plans indicators meetings demo qualepref
if has shellcheck; then
  say "scripts"
  shellcheck -x deploy/bin/*.sh .ci/run
fi
say "migrations"
python manage.py makemigrations --check --dry-run -v 0
say "réglages de production"
DJANGO_SETTINGS_MODULE=qualepref.settings.production ALLOWED_HOSTS=qualepref.exemple.fr \
  PUBLIC_URL=https://qualepref.exemple.fr DATABASE_URL="sqlite:///$QUALEPREF_DATA/check.sqlite3" \
  REDIS_URL=redis://127.0.0.1:6379/0 \
  SECRET_KEY=for-this-check-only-eis6Ohqu4phaiXoo7ohp8ahT2ua9Eewei3Ieph7oh \
  python manage.py check --deploy --fail-level WARNING
say "tout est en ordre"
