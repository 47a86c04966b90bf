#!/usr/bin/env bash
# `make run`: from a clone to a page that answers. PORT, HOST, QUALEPREF_DATA and VENV are honoured.
set -euo pipefail
# shellcheck source=deploy/bin/lib.sh
. "$(dirname "$0")/lib.sh"

"$ROOT/deploy/bin/bootstrap.sh" requirements.txt
cd "$ROOT"
export HOST=${HOST:-127.0.0.1} PORT=${PORT:-8000}
export DJANGO_SETTINGS_MODULE=${DJANGO_SETTINGS_MODULE:-qualepref.settings.local}
# The embedded default may run as root in a container: Celery's general warning helps nobody there.
export PYTHONWARNINGS=${PYTHONWARNINGS:-ignore::RuntimeWarning:celery.platforms}
exec "$VENV/bin/python" deploy/bin/serve.py
