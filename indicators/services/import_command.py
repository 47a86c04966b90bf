"""A workbook read, and perhaps applied, without a page: what ``manage.py import_indicators`` prints."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import Prefecture, User
from indicators.enums import ImportEffect, ImportState, Unit
from indicators.import_plan import Decision, Plan, PlanRow, undecided
from indicators.import_remarks import remarks_on_periods
from indicators.models import MeasureImport
from indicators.reading.definitions import KnownService
from indicators.selectors.imports import plan_now, reader_knowledge
from indicators.services import imports


_SHOWN = {ImportEffect.LEFT_OUT: ImportEffect.REFUSED}


@dataclass
class Outcome:
    """What a file does, each message being what, where, how to mend it.

    ``errors``: the file is at fault, and refused; ``pending``: somebody has to decide before it is
    applied (a question, a validated figure that would change, an impossible value).
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    applied: int = 0
    errors: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def is_stopped(self) -> bool:
        """Whether the file cannot be applied as it is."""
        return bool(self.errors or self.pending)

    def as_dict(self) -> dict[str, Any]:
        """Return the one JSON object of the command."""
        return {
            "rows": self.rows,
            "applied": self.applied,
            "errors": self.errors,
            "pending": self.pending,
            "questions": self.questions,
            "notices": self.notices,
        }

    def lines(self) -> Iterator[str]:
        """Yield one readable line for each row."""
        for row in self.rows:
            where = " ".join(filter(None, (row["sheet"], row["cell"]))) or "Fichier"
            what = " ".join(
                str(row[name]) for name in ("indicator", "period", "service") if row[name]
            )
            value = "" if row["value"] is None else f" = {row['value']}".replace(".", ",")
            label = str(ImportEffect(row["status"]).label).lower()
            yield f"{where} ({label}) {what}{value}  {row['reason']}".rstrip()

    def counts_in_words(self) -> str:
        """« à ajouter : 12, à remplacer : 3 »."""
        counts = {
            effect: sum(row["status"] == effect.value for row in self.rows)
            for effect in ImportEffect
        }
        told = (f"{effect.label} : {count}" for effect, count in counts.items() if count)
        return ", ".join(told) or "Aucune mesure"


def import_now(
    *,
    prefecture: Prefecture,
    file_name: str,
    data: bytes,
    by: User | None,
    apply: bool,
    answers: Mapping[str, str],
    leave_out: bool = False,
    reopen: str = "",
    reason: str = "",
) -> Outcome:
    """Read a file for a préfecture and, when asked, apply it: all of it or nothing.

    Nobody can be asked: an unusual figure is written and told in its row, an impossible one stops
    the import unless ``reason`` says why it is right. Nothing is kept of a file that is not applied.
    """
    knowledge = reader_knowledge(prefecture)
    reading = imports.read_answered(prefecture, knowledge, data, file_name, answers)
    imported = MeasureImport(prefecture=prefecture, reading=imports.frozen(reading))
    plan = plan_now(imported, None)
    decision = Decision(leave_out, reopen, every_reason=reason, is_unattended=True)
    outcome = Outcome(
        rows=[_row(row) for row in plan.everything],
        errors=_errors(plan, decision),
        pending=_pending(plan, decision),
        questions=[_question(kept, knowledge.services) for kept in imported.reading["questions"]],
        notices=[
            *(_placed(*notice) for notice in reading.notices),
            *remarks_on_periods(plan.rows),
        ],
    )
    if apply and not outcome.is_stopped and (plan.written or (plan.locked and reopen)):
        with transaction.atomic():
            kept = imports.keep_reading(
                prefecture=prefecture, file_name=file_name, data=data, reading=reading, by=by
            )
            done = imports.apply_import(
                imported=kept, decision=decision, fingerprint=None, service_ids=None, by=by
            )
        outcome.applied = len(done.changes) if done.state == ImportState.APPLIED else 0
    return outcome


def _errors(plan: Plan, decision: Decision) -> list[str]:
    """Return what is wrong in the file; empty when nothing is, or when it is left out knowingly."""
    if not plan.rows and not plan.blocking:
        return ["Aucune mesure n’est reconnue dans ce fichier."]
    if decision.leave_out:
        return []
    return [
        _placed(row.sheet, row.cell, row.reason)
        for row in plan.blocking
        if row.effect is ImportEffect.REFUSED
    ]


def _pending(plan: Plan, decision: Decision) -> list[str]:
    """Return what somebody has to decide before the file is applied."""
    problems = undecided(plan, decision)
    found = []
    if "leave_out" in problems:
        asked = [row for row in plan.blocking if row.effect is ImportEffect.QUESTION]
        found += [_placed(row.sheet, row.cell, row.reason) for row in asked]
    if "reopen" in problems:
        found += [_placed(row.sheet, row.cell, row.reason) for row in plan.locked]
    for row in plan.rows:
        if f"doubt-{row.rank}" in problems:
            found.append(_placed(row.sheet, row.cell, " ".join(row.doubts)))
    return found


def _placed(sheet: str, cell: str, message: str) -> str:
    where = ", ".join(filter(None, (f"feuille « {sheet} »" if sheet else "", cell)))
    return f"{where[0].upper()}{where[1:]} : {message}" if where else message


def _row(row: PlanRow) -> dict[str, Any]:
    unit = row.indicator.unit if row.indicator else ""
    reasons = [row.reason, *row.doubts]
    if row.effect is ImportEffect.CHANGED:
        reasons.insert(0, f"Valeur actuelle : {row.old_words}.")
    return {
        "sheet": row.sheet,
        "cell": row.cell,
        "indicator": row.indicator.code if row.indicator else None,
        "period": row.period or None,
        "service": row.place.name or row.place.label or None,
        "value": _plain(
            row.value * 100 if unit == Unit.PERCENT and row.value is not None else row.value
        ),
        "numerator": _plain(row.numerator),
        "denominator": _plain(row.denominator),
        "confidence": round(row.confidence, 3) if row.indicator else None,
        "status": _SHOWN.get(row.effect, row.effect).value,
        "reason": " ".join(filter(None, reasons)) or _missing(row),
    }


def _missing(row: PlanRow) -> str:
    """Say « non mesuré » or « sans objet », which no number tells."""
    return row.new_words if row.indicator and row.value is None else ""


def _plain(number: Decimal | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _question(kept: Mapping[str, Any], services: Iterable[KnownService]) -> dict[str, Any]:
    """Return a question with its answers: the likeliest, then every service when one is asked for."""
    choices = {value: label for value, label, _ in kept["choices"]}
    if kept["kind"] == "service":
        choices |= {service.key: service.name for service in services}
    return {
        "key": kept["key"],
        "sheet": kept["sheet"],
        "cell": kept["cell"],
        "text": kept["text"],
        "choices": [{"value": value, "label": label} for value, label in choices.items()],
    }
