"""`make bench`: one JSON object on standard output, each key a ratio with its parts.

Names as arguments choose benches (`python -m bench.run minutes_pdf_overhead`). The exit code is 1
when a ratio passes its limit.
"""

import json
import os
import shutil
import sys
import tempfile


def main(names: list[str]) -> int:
    folder = tempfile.mkdtemp(prefix="qualepref-bench-")
    os.environ["QUALEPREF_DATA"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "qualepref.settings.local"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)
    try:
        return measure_all(names)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure_all(names: list[str]) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("demo", if_empty=True, stdout=sys.stderr)

    from bench import (  # noqa: F401 - they register themselves
        dossier,
        indicator_apply,
        indicator_list,
        indicator_read,
        minutes_pdf,
        workers,
    )
    from bench.registry import BENCHES

    results = {}
    for name in names or sorted(BENCHES):
        print(f"→ {name}", file=sys.stderr, flush=True)
        found = BENCHES[name].measure()
        if found is not None:
            results[name] = {**found, "limit": BENCHES[name].limit}
    print(json.dumps(results, ensure_ascii=False, indent=2))
    return int(any(_passes(BENCHES[name], found["ratio"]) for name, found in results.items()))


def _passes(bench: object, found: float) -> bool:
    """Tell whether a ratio is on the wrong side of its limit."""
    limit, at_least = bench.limit, bench.at_least  # type: ignore[attr-defined]
    return found < limit if at_least else found > limit


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
