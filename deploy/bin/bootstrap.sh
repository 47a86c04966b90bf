#!/usr/bin/env bash
# Make everything that the application needs on this machine; instant when it is already there.
# Usage: bootstrap.sh [requirements.txt | requirements-dev.txt]
set -euo pipefail
# shellcheck source=deploy/bin/lib.sh
. "$(dirname "$0")/lib.sh"

REQUIREMENTS=${1:-requirements.txt}

python=$(find_python) || {
  apt_install python3 python3-venv
  python=$(find_python) || die "Il faut Python 3.11 ou plus récent." \
    "Installez-le, puis recommencez (ou indiquez-le : PYTHON=/chemin/python3.11)."
}
has_libraries "$python" ||
  apt_install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core

# The runtime set is part of the development set: the latter's stamp is worth the former's.
fingerprint() { cat "$ROOT/requirements.txt" "$ROOT/$1" | sha256sum | cut -d' ' -f1; }
stamp() { echo "$VENV/.installed-$1"; }
is_installed() { [ "$(cat "$(stamp "$1")" 2>/dev/null)" = "$(fingerprint "$1")" ]; }

if [ -x "$VENV/bin/python" ]; then
  if is_installed "$REQUIREMENTS" || is_installed requirements-dev.txt; then
    exit 0
  fi
fi

# Interrupted half-way, an environment is made again from nothing.
"$VENV/bin/python" -c 'import pip' 2>/dev/null || {
  say "environnement Python dans $VENV"
  "$python" -m venv --clear "$VENV"
}
say "installation des bibliothèques de $REQUIREMENTS"
# The certificates of this machine: a préfecture's proxy signs with its own.
export UV_SYSTEM_CERTS=1
uv=$(command -v uv || true)
if [ -z "$uv" ] && "$VENV/bin/pip" install -q --disable-pip-version-check "uv==$UV_VERSION" 2>/dev/null; then
  uv=$VENV/bin/uv
fi
if [ -z "$uv" ] ||
  ! "$uv" pip install -q --python "$VENV/bin/python" -r "$ROOT/$REQUIREMENTS" 2>/dev/null; then
  "$VENV/bin/pip" install -q --disable-pip-version-check -r "$ROOT/$REQUIREMENTS" ||
    die "Les bibliothèques n’ont pas pu être installées." \
      "Vérifiez l’accès au dépôt de paquets Python (variables PIP_INDEX_URL, HTTPS_PROXY)."
fi
fingerprint "$REQUIREMENTS" >"$(stamp "$REQUIREMENTS")"
