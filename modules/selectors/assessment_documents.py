"""What the documents of an auto-diagnostic hold, ready to be frozen. Never a private remark."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import QuerySet

from modules.enums import AssessmentResult, Maturity, Sensitivity, SheetState
from modules.models import AssessmentRow, AssessmentSheet, EvidenceLink, SelfAssessment


R = AssessmentResult
RESULTS = [R.CONFORMING, R.PARTIAL, R.NONCONFORMING, R.NOT_APPLICABLE, R.NOT_ASSESSED]


def sheet_data(sheet: AssessmentSheet) -> dict[str, Any]:
    """Return the grid of one service: head, counts, then rows by module and rubrique."""
    rows = list(_rows(AssessmentRow.objects.asked().filter(sheet=sheet)))
    pieces = _titles_of_pieces(sheet.assessment, sheet.service_id)
    return {
        **_head(sheet.assessment),
        "service": str(sheet.service),
        "state": SheetState(sheet.state).label,
        "is_accepted": sheet.state == SheetState.ACCEPTED,
        "submitted_at": sheet.submitted_at,
        "reviewed_at": sheet.reviewed_at,
        "counts": _counts(rows),
        "modules": _by_module(rows, pieces),
        "has_doubt": any(row.commitment.is_correctable for row in rows),
    }


def consolidated_data(assessment: SelfAssessment) -> dict[str, Any]:
    """Return every service together: counts by module and by service, gaps, then a matrix."""
    chosen = list(assessment.sheets.select_related("service").order_by("service__name", "pk"))
    rows = list(
        _rows(AssessmentRow.objects.asked().filter(sheet__in=[sheet.pk for sheet in chosen]))
    )
    by_sheet: dict[int, list[AssessmentRow]] = defaultdict(list)
    for row in rows:
        by_sheet[row.sheet_id].append(row)
    names = {sheet.pk: sheet.service for sheet in chosen}
    columns = {sheet.pk: _short(sheet.service, rank) for rank, sheet in enumerate(chosen, start=1)}
    return {
        **_head(assessment),
        "services": [
            {
                "name": str(sheet.service),
                "short": columns[sheet.pk],
                "state": SheetState(sheet.state).label,
                "counts": _counts(by_sheet[sheet.pk]),
            }
            for sheet in chosen
        ],
        "modules": _module_counts(rows),
        "counts": _counts(rows),
        "gaps": [_gap(row, str(names[row.sheet_id])) for row in rows if _is_gap(row)],
        "matrix": _matrix(rows, chosen, columns),
        "has_doubt": any(row.commitment.is_correctable for row in rows),
    }


def flat_rows(assessment: SelfAssessment) -> list[list[Any]]:
    """Return a line for each service and commitment, for a workbook; see ``FLAT_HEADERS``."""
    rows = AssessmentRow.objects.asked().filter(sheet__assessment=assessment)
    pieces = _titles_of_pieces(assessment, None)
    return [
        [
            row.commitment.heading.module.number,
            row.commitment.heading.title,
            row.commitment.code,
            row.commitment.wording,
            str(row.sheet.service),
            R(row.result).label,
            row.maturity,
            row.comment,
            " ; ".join(pieces.get(row.commitment_id, [])),
            row.assessed_at.date() if row.assessed_at else None,
        ]
        for row in _rows(rows)
    ]


FLAT_HEADERS = [
    "Module",
    "Rubrique",
    "Engagement",
    "Énoncé",
    "Service",
    "Résultat",
    "Maturité (1 à 4)",
    "Commentaire",
    "Pièces",
    "Évalué le",
]


# --- Parts ------------------------------------------------------------------------------------
def _head(assessment: SelfAssessment) -> dict[str, Any]:
    cycle = assessment.cycle
    return {
        "assessment": assessment.name,
        "cycle": cycle.name,
        "referential": cycle.referential.name,
        "opened_on": assessment.opened_on,
        "due_on": assessment.due_on,
        "closed_on": assessment.closed_on,
        "results": [{"code": result.value, "label": result.label} for result in RESULTS],
    }


def _rows(rows: QuerySet[AssessmentRow]) -> QuerySet[AssessmentRow]:
    # Private remarks are not even read.
    return (
        rows.defer("private_note")
        .select_related("commitment__heading__module", "sheet__service")
        .order_by(
            "commitment__heading__module__number",
            "commitment__heading__position",
            "commitment__position",
            "sheet__service__name",
            "pk",
        )
    )


def _counts(rows: list[AssessmentRow]) -> list[int]:
    """Return how many rows have each result, in the order of ``RESULTS``."""
    found = Counter(row.result for row in rows)
    return [found[result] for result in RESULTS]


def _titles_of_pieces(assessment: SelfAssessment, service_id: int | None) -> dict[int, list[str]]:
    links = (
        EvidenceLink.objects.filter(cycle=assessment.cycle_id, evidence__removed_at=None)
        .exclude(evidence__sensitivity=Sensitivity.RESTRICTED)
        .select_related("evidence")
        .order_by("evidence__title", "pk")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for link in links:
        concerns = service_id is None or link.service_id in {None, service_id}
        if concerns and link.evidence.title not in found[link.commitment_id]:
            found[link.commitment_id].append(link.evidence.title)
    return found


def _by_module(rows: list[AssessmentRow], pieces: dict[int, list[str]]) -> list[dict[str, Any]]:
    modules: dict[int, dict[str, Any]] = {}
    for row in rows:
        heading = row.commitment.heading
        module = modules.setdefault(
            heading.module_id,
            {"number": heading.module.number, "title": heading.module.title, "headings": {}},
        )
        group = module["headings"].setdefault(heading.pk, {"title": heading.title, "rows": []})
        group["rows"].append(
            {
                "code": row.commitment.code,
                "wording": row.commitment.wording,
                "to_confirm": row.commitment.is_correctable,
                "result": R(row.result).label,
                "maturity": Maturity(row.maturity).label if row.maturity else "",
                "comment": row.comment,
                "pieces": pieces.get(row.commitment_id, []),
            }
        )
    return [
        {**module, "headings": list(module["headings"].values())} for module in modules.values()
    ]


def _module_counts(rows: list[AssessmentRow]) -> list[dict[str, Any]]:
    by_module: dict[int, list[AssessmentRow]] = defaultdict(list)
    for row in rows:
        by_module[row.commitment.heading.module_id].append(row)
    return [
        {
            "number": group[0].commitment.heading.module.number,
            "title": group[0].commitment.heading.module.title,
            "counts": _counts(group),
        }
        for group in by_module.values()
    ]


def _is_gap(row: AssessmentRow) -> bool:
    return row.result in {R.PARTIAL, R.NONCONFORMING}


def _gap(row: AssessmentRow, service: str) -> dict[str, Any]:
    return {
        "code": row.commitment.code,
        "wording": row.commitment.wording,
        "service": service,
        "result": R(row.result).label,
        "comment": row.comment,
    }


# Letters that stand in a column of the matrix without a break.
_SHORT = 6


def _short(service: Any, rank: int) -> str:
    """Return what heads the column of a service: its acronym, or its number in the list above."""
    return service.acronym if 0 < len(service.acronym) <= _SHORT else f"n° {rank}"


_LETTERS = {
    R.CONFORMING: "C",
    R.PARTIAL: "P",
    R.NONCONFORMING: "N",
    R.NOT_APPLICABLE: "so",
    R.NOT_ASSESSED: "–",
}
# Columns that stay legible on a landscape page.
_COLUMNS = 12


def _matrix(
    rows: list[AssessmentRow], sheets: list[AssessmentSheet], headings: dict[int, str]
) -> list[dict[str, Any]]:
    """Return a table for each module and each dozen of the services it concerns: letters."""
    letters = {(row.commitment_id, row.sheet_id): _LETTERS[R(row.result)] for row in rows}
    modules: dict[int, dict[int, AssessmentRow]] = defaultdict(dict)
    for row in rows:
        modules[row.commitment.heading.module_id].setdefault(row.commitment_id, row)
    tables = []
    for firsts in modules.values():
        module = next(iter(firsts.values())).commitment.heading.module
        concerned = [s for s in sheets if any((pk, s.pk) in letters for pk in firsts)]
        for start in range(0, len(concerned), _COLUMNS):
            columns = concerned[start : start + _COLUMNS]
            tables.append(
                {
                    "number": module.number,
                    "title": module.title,
                    "columns": [headings[sheet.pk] for sheet in columns],
                    "lines": [
                        {
                            "code": row.commitment.code,
                            "wording": row.commitment.wording,
                            "cells": [letters.get((pk, sheet.pk), "") for sheet in columns],
                        }
                        for pk, row in firsts.items()
                    ],
                }
            )
    return tables
