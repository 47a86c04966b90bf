"""A preview of 20 000 measures applied on PostgreSQL, beside a bare bulk insert of as many."""

import json
import os
import subprocess
import sys
from time import perf_counter
from typing import Any

from bench.postgres import throw_away_postgres
from bench.registry import bench, compared, ratio


# 8 services × 50 indicators × 50 months.
SERVICES, INDICATORS, MONTHS = 8, 50, 50


@bench("indicator_apply", limit=3)
def indicator_apply() -> dict[str, float] | None:
    """Compared with what is there, doubted, written, kept undoable; over the insert alone."""
    with throw_away_postgres() as address:
        if address is None:
            return None
        # A process of its own: this one is already on another database.
        done = subprocess.run(
            [sys.executable, "-m", "bench.indicator_apply"],
            env={**os.environ, "DATABASE_URL": address},
            check=True,
            stdout=subprocess.PIPE,
        )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measured() -> dict[str, float]:
    """Measure on the database of the settings, which is empty; nothing is kept of it."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)

    from indicators.import_plan import Decision
    from indicators.models import Measure, MeasureImport
    from indicators.services.imports import apply_import

    prefecture, figures, rows = _files()

    def bare() -> None:
        with transaction.atomic():
            Measure.objects.bulk_create(Measure(**row) for row in rows)
            transaction.set_rollback(True)

    def ours() -> None:
        with transaction.atomic():
            imported = MeasureImport.objects.create(
                prefecture=prefecture, file_name="suivi.xlsx", reading={"figures": figures}
            )
            done = apply_import(
                imported=imported,
                decision=Decision(every_reason="Essai"),
                fingerprint=None,
                service_ids=None,
                by=None,
            )
            if len(done.changes) != len(rows):
                raise RuntimeError("not everything was applied")
            transaction.set_rollback(True)

    floor_s, ours_s = compared(bare, ours, rounds=3, clock=perf_counter)
    return ratio(ours_s, floor_s, measures=len(rows))


def _files() -> tuple[Any, list[list[Any]], list[dict[str, Any]]]:
    """Return the préfecture, the frozen figures, and the same as bare rows."""
    from decimal import Decimal

    from django.utils import timezone

    from accounts.models import Prefecture, Service
    from indicators.enums import FigureOrigin
    from indicators.reading.periods import Kind, Period
    from tests.indicators.builders import make_indicator

    prefecture = Prefecture.objects.create(
        code="41",
        slug="loir-et-cher",
        name="Loir-et-Cher",
        of_name="de Loir-et-Cher",
        brand_block="Préfet",
    )
    services = [
        Service.objects.create(prefecture=prefecture, name=f"Bureau {rank}")
        for rank in range(SERVICES)
    ]
    indicators = [make_indicator(f"ESSAI-{rank}") for rank in range(INDICATORS)]
    periods = [Period(2019 + rank // 12, rank % 12 + 1, Kind.MONTH) for rank in range(MONTHS)]
    figures, rows, now = [], [], timezone.now()
    for service in services:
        for number, indicator in enumerate(indicators):
            for rank, period in enumerate(periods):
                value = Decimal(9000 + (rank * 37 + number * 11) % 900) / 10000
                figures.append(
                    ["Suivi", f"C{number}", indicator.code, period.code, f"service:{service.pk}",
                     str(value), None, None, "measured", 1.0, ""]
                )  # fmt: skip
                rows.append({
                    "prefecture": prefecture, "indicator": indicator, "service": service,
                    "period": period.code, "starts_on": period.start, "ends_on": period.end,
                    "value": value, "origin": FigureOrigin.FILE, "sheet": "Suivi",
                    "cell": f"C{number}", "entered_at": now,
                })  # fmt: skip
    return prefecture, figures, rows


if __name__ == "__main__":
    print(json.dumps(measured()))
