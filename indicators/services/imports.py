"""Importing a workbook: received, read, its questions answered, applied all or nothing."""

import hashlib
import io
import logging
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from celery import current_app
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import Prefecture, User
from indicators.enums import FigureOrigin, ImportState, MeasureStatus
from indicators.import_plan import Decision, Plan, PlanRow, rows_to_write, undecided
from indicators.models import MeasureImport, RememberedLabel
from indicators.reading.definitions import IGNORE, Figure, Reading
from indicators.reading.periods import Period
from indicators.reading.read import read_workbook
from indicators.selectors.imports import (
    ReaderKnowledge,
    already_applied,
    plan_now,
    reader_knowledge,
    remembered_answers,
)
from indicators.services.measures import MeasureRow, lock_figures, record_measures
from modules.models import StoredFile
from modules.services.files import discard_file, uniform_name


logger = logging.getLogger(__name__)
READ = "indicators.read_import"
# A larger file takes more than an instant to read: a worker does it.
SMALL_FILE = 30_000
NAME_LENGTH = 255
# Answers that hold for the next file of that layout; a year or a period is of one file only.
_LASTING = ("indicator:", "service:")
CHANGED_SINCE = (
    "Des mesures ont changé depuis que cet aperçu a été affiché : rien n’est appliqué. Relisez l’aperçu "
    "ci-dessous, à jour, puis appliquez-le."
)
_TYPES = {
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv",
}


class ImportRefusedError(ValidationError):
    """Something still stops the import: by field of the form, what to decide."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(list(problems.values()))
        self.problems = dict(problems)


# --- Receiving --------------------------------------------------------------------------------
@transaction.atomic
def receive_file(
    *, prefecture: Prefecture, file_name: str, data: bytes, by: User | None
) -> MeasureImport:
    """Keep a file; it is read at once when it is small, else by a worker after the commit.

    The same file sent twice by one person while it waits is one import. A file that cannot be read
    is « illisible », with the reasons in ``reading["refusals"]``, and is not kept.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    waiting = MeasureImport.objects.filter(
        prefecture=prefecture,
        read_by=by,
        sha256=sha256,
        state__in=(ImportState.READING, ImportState.PREVIEW),
    )
    found = waiting.order_by("-pk").first() if by is not None else None
    if found is not None:
        return found  # type: ignore[no-any-return]
    imported = MeasureImport.objects.create(
        prefecture=prefecture,
        file_name=file_name[-NAME_LENGTH:],
        stored=_stored(prefecture, file_name, data, by),
        sha256=sha256,
        state=ImportState.READING,
        read_by=by,
    )
    _read_now_or_later(imported)
    return imported


def _read_now_or_later(imported: MeasureImport) -> None:
    if imported.stored is not None and imported.stored.size <= SMALL_FILE:
        read_import(imported.pk)
        imported.refresh_from_db()
    else:
        transaction.on_commit(lambda: _send(imported.pk))


def _send(key: int) -> None:
    """Ask a worker; when the broker does not answer, the page offers to do it at once."""
    try:
        current_app.send_task(READ, args=[key], retry=False)
    except (OperationalError, OSError):
        logger.exception("import %s could not be sent to the workers", key)


def _stored(prefecture: Prefecture, name: str, data: bytes, by: User | None) -> StoredFile:
    kind = _kind_of(data)
    stored = StoredFile(
        prefecture=prefecture,
        original_name=name[-NAME_LENGTH:],
        name=uniform_name(name.rsplit(".", 1)[0], kind),
        content_type=_TYPES[kind],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        stored_by=by,
    )
    stored.file.save(stored.name, ContentFile(data), save=False)
    stored.save()
    return stored


def _kind_of(data: bytes) -> str:
    """Return the extension of the content: what is no workbook is told as text, and read as such."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if not data.startswith(b"PK\x03\x04"):
        return "csv"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xlsx" if "xl/workbook.xml" in archive.namelist() else "ods"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        return "xlsx"


# --- Reading ----------------------------------------------------------------------------------
@transaction.atomic
def read_import(key: int) -> None:
    """Read a file that waits for it; twice changes nothing."""
    imported = locked_import(key)
    if imported is None or imported.state != ImportState.READING or imported.stored is None:
        return
    with imported.stored.file.open("rb") as file:
        data = file.read()
    knowledge = reader_knowledge(imported.prefecture)
    reading = read_answered(
        imported.prefecture, knowledge, data, imported.file_name, imported.answers
    )
    imported.reading, imported.shape = frozen(reading), reading.shape
    if not reading.figures and not reading.questions:
        imported.state = ImportState.FAILED
        _forget_file(imported)
    else:
        imported.state = ImportState.PREVIEW
    imported.save()


def read_answered(
    prefecture: Prefecture,
    knowledge: ReaderKnowledge,
    data: bytes,
    file_name: str,
    answers: Mapping[str, str],
) -> Reading:
    """Read a file with what was answered, then with what is remembered of its layout."""
    about: dict[str, Any] = {
        "definitions": knowledge.definitions,
        "services": knowledge.services,
        "prefecture": knowledge.prefecture,
    }
    reading = read_workbook(data, file_name, remembered=answers, **about)
    known = remembered_answers(prefecture, reading.shape)
    if not known.keys() - answers.keys():
        return reading
    return read_workbook(data, file_name, remembered={**known, **answers}, **about)


@transaction.atomic
def keep_reading(
    *, prefecture: Prefecture, file_name: str, data: bytes, reading: Reading, by: User | None
) -> MeasureImport:
    """Keep a file that was read already, ready to be applied."""
    return MeasureImport.objects.create(
        prefecture=prefecture,
        file_name=file_name[-NAME_LENGTH:],
        stored=_stored(prefecture, file_name, data, by),
        sha256=hashlib.sha256(data).hexdigest(),
        shape=reading.shape,
        state=ImportState.PREVIEW,
        reading=frozen(reading),
        read_by=by,
    )


def frozen(reading: Reading) -> dict[str, Any]:
    """Return a reading ready for JSON: numbers as text, periods by their codes."""
    return {
        "figures": [_frozen_figure(figure) for figure in reading.figures],
        "refusals": [list(refusal) for refusal in reading.refusals],
        "notices": [list(notice) for notice in reading.notices],
        "questions": [
            {
                **asdict(question),
                "choices": [
                    (choice.value, choice.label, choice.confidence) for choice in question.choices
                ],
            }
            for question in reading.questions
        ],
    }


def _frozen_figure(figure: Figure) -> list[Any]:
    numbers = (figure.value, figure.numerator, figure.denominator)
    return [
        figure.sheet,
        figure.cell,
        figure.indicator,
        figure.period.code,
        figure.service,
        *(None if number is None else str(number) for number in numbers),
        figure.status.value,
        round(figure.confidence, 3),
        figure.reason,
    ]


@transaction.atomic
def answer_questions(
    *, imported: MeasureImport, answers: Mapping[str, str], by: User | None
) -> MeasureImport:
    """Keep answers (``{question.key: answer}``) for this file and the next of its layout; read again."""
    stored = locked_import(imported.pk)
    if stored is None or stored.state != ImportState.PREVIEW:
        raise ValidationError("Cet import n’attend plus de réponse.")
    stored.answers = {**stored.answers, **answers}
    RememberedLabel.objects.bulk_create(
        [
            RememberedLabel(
                prefecture=stored.prefecture,
                shape=stored.shape,
                label=key,
                meaning="" if answer == IGNORE else answer,
                said_by=by,
                said_at=timezone.now(),
            )
            for key, answer in answers.items()
            if key.startswith(_LASTING) and len(key) <= 300
        ],
        update_conflicts=True,
        unique_fields=["prefecture", "shape", "label"],
        update_fields=["meaning", "said_by", "said_at"],
    )
    stored.state = ImportState.READING
    stored.save(update_fields=["answers", "state"])
    _read_now_or_later(stored)
    return stored


@transaction.atomic
def resume(*, imported: MeasureImport) -> MeasureImport:
    """Read at once what waits for a worker that does not come; twice changes nothing."""
    read_import(imported.pk)
    imported.refresh_from_db()
    return imported


# --- Applying ---------------------------------------------------------------------------------
@transaction.atomic
def apply_import(
    *,
    imported: MeasureImport,
    decision: Decision,
    fingerprint: str | None,
    service_ids: frozenset[int] | None,
    by: User | None,
) -> MeasureImport:
    """Write what was looked at, all of it or nothing. Twice changes nothing.

    ``fingerprint`` is that of the plan that was shown (``None``: none was). ``service_ids``: services
    whose figures ``by`` may write, ``None`` for all; only they may reopen. Raise
    ``ImportRefusedError`` when something is still to decide, ``ValidationError`` when figures changed
    since, or when the import was given up.
    """
    # The préfecture first, as every writing of figures does.
    lock_figures(imported.prefecture)
    stored = locked_import(imported.pk)
    if stored is None or stored.state not in (ImportState.PREVIEW, ImportState.APPLIED):
        raise ValidationError(
            "Cet import est abandonné ou annulé. Choisissez de nouveau le fichier."
        )
    if stored.state == ImportState.APPLIED:
        return stored
    plan = plan_now(stored, service_ids)
    if fingerprint is not None and plan.fingerprint != fingerprint:
        raise ValidationError(CHANGED_SINCE)
    if decision.reopen and service_ids is not None:
        raise ValidationError("Seul le référent qualité rouvre une mesure validée.")
    if problems := undecided(plan, decision):
        raise ImportRefusedError(problems)
    rows = rows_to_write(plan, decision)
    if not rows:
        raise ValidationError("Il n’y a rien à appliquer : aucune mesure ne changerait.")
    _write(stored, plan, rows, decision, by)
    return stored


def _write(
    stored: MeasureImport, plan: Plan, rows: list[PlanRow], decision: Decision, by: User | None
) -> None:
    done = record_measures(
        prefecture=stored.prefecture,
        rows=[_measure_row(row, decision) for row in rows],
        by=by,
        origin=FigureOrigin.FILE,
        imported=stored,
        reason=decision.reopen or f"Import de « {stored.file_name[:200]} »",
        reopen=bool(decision.reopen),
    )
    stored.changes = done.changes
    stored.reading = {**stored.reading, "effects": _effects(plan, rows)}
    stored.state, stored.applied_by, stored.applied_at = ImportState.APPLIED, by, timezone.now()
    stored.save(update_fields=["changes", "reading", "state", "applied_by", "applied_at"])


def _effects(plan: Plan, rows: list[PlanRow]) -> list[list[str]]:
    """Return what was done of each written row, for the page: its rank, effect and old value."""
    return [[str(row.rank), row.effect.value, row.old_words] for row in rows]


def _measure_row(row: PlanRow, decision: Decision) -> MeasureRow:
    period = Period.from_code(row.period)
    return MeasureRow(
        indicator_id=row.key[0],
        period=row.period,
        starts_on=period.start,
        ends_on=period.end,
        status=MeasureStatus(row.status),
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        service_id=row.place.service_id,
        site_id=row.place.site_id,
        doubt=decision.reason_for(row)[:300] if row.doubts else "",
        sheet=row.sheet,
        cell=row.cell,
    )


# --- Giving up --------------------------------------------------------------------------------
@transaction.atomic
def drop_import(*, imported: MeasureImport) -> MeasureImport:
    """Give an import up and forget its file; ``ValidationError`` when it was applied."""
    stored = locked_import(imported.pk)
    if stored is None or stored.state in (ImportState.APPLIED, ImportState.UNDONE):
        raise ValidationError("Cet import est déjà appliqué. Annulez-le depuis sa page.")
    if stored.state != ImportState.DROPPED:
        stored.state, stored.reading = ImportState.DROPPED, {}
        _forget_file(stored)
        stored.save(update_fields=["state", "reading", "stored"])
    return stored


def _forget_file(imported: MeasureImport) -> None:
    file, imported.stored = imported.stored, None
    if file is not None:
        MeasureImport.objects.filter(pk=imported.pk).update(stored=None)
        discard_file(stored=file)


def locked_import(key: int) -> MeasureImport | None:
    """Return an import held until the transaction ends, if it is still there."""
    rows = MeasureImport.objects.select_for_update(of=("self",))
    return rows.select_related("prefecture", "stored", "read_by").filter(pk=key).first()  # type: ignore[no-any-return]


def applied_before(imported: MeasureImport) -> str:
    """Say that the very same file was applied already; empty when it was not."""
    before = already_applied(imported)
    if before is None or before.applied_at is None:
        return ""
    who = f" par {before.applied_by}" if before.applied_by else ""
    day = timezone.localtime(before.applied_at)
    return f"Ce fichier a déjà été appliqué le {day:%d/%m/%Y à %H:%M}{who}."


def told_applied(imported: MeasureImport) -> str:
    """Return what an applied import did, in a sentence."""
    count = len(imported.changes)
    words = f"{count} mesures sont enregistrées" if count > 1 else "1 mesure est enregistrée"
    return f"« {imported.file_name} » est appliqué : {words}."
