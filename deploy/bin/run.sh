#!/usr/bin/env bash
# `make run`: from a clone to a page that answers. PORT, HOST, QUALEPREF_DATA and VENV are honoured.
set -euo pipefail
# shellcheck source=deploy/bin/lib.sh
. "$(dirname "$0")/lib.sh"

"$ROOT/deploy/bin/bootstrap.sh" requirements.txt
cd "$ROOT"
export HOST=${HOST:-127.0.0.1} PORT=${PORT:-8000}
export DJANGO_SETTINGS_MODULE=${DJANGO_SETTINGS_MODULE:-qualepref.settings.local}
# In a container it may run as root, and it serves static files without collecting them.
ignored="ignore:You're running the worker with superuser,ignore:No directory at"
export PYTHONWARNINGS=${PYTHONWARNINGS:-$ignored}
exec "$VENV/bin/python" deploy/bin/serve.py
