"""Reads of one grid: its rows as the page shows them, what was typed and refused, one row's past."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from accounts.access import Permission, Scope
from common.history import HistoryEntry, history_entries
from modules.enums import AssessmentResult, Maturity
from modules.models import AssessmentRow, AssessmentSheet, Commitment, Evidence, Heading
from modules.registry import DrawnPanel, row_panels
from modules.rules.assessments import (
    Progress,
    RowFilter,
    filters_of,
    locked_because,
    obstacle,
)
from modules.selectors.assessments import in_order
from modules.selectors.evidence import evidence_by_commitment


# What somebody writes in a row, as the service takes it: result, maturity, comment, private_note.
ANSWERS = ("result", "maturity", "comment", "private_note")
# Columns of the grid: value, word, key that sets it.
RESULT_CHOICES = (
    (AssessmentResult.CONFORMING.value, AssessmentResult.CONFORMING.label, "C"),
    (AssessmentResult.PARTIAL.value, AssessmentResult.PARTIAL.label, "P"),
    (AssessmentResult.NONCONFORMING.value, AssessmentResult.NONCONFORMING.label, "N"),
    (AssessmentResult.NOT_APPLICABLE.value, AssessmentResult.NOT_APPLICABLE.label, "S"),
    (AssessmentResult.NOT_ASSESSED.value, AssessmentResult.NOT_ASSESSED.label, "0"),
)
MATURITY_CHOICES = tuple((str(level.value), level.label) for level in Maturity)


@dataclass(frozen=True, slots=True)
class RowConflict:
    """Somebody saved the row meanwhile: who, when, what it holds now."""

    row: AssessmentRow
    who: str
    when: datetime | None

    @property
    def maturity_words(self) -> str:
        """« 2, Appliquée », or « non cotée »."""
        level = self.row.maturity
        return f"{level}, {Maturity(level).label}" if level else "non cotée"


@dataclass(frozen=True, slots=True)
class GridRow:
    """One commitment of a grid: stored answers, or those typed and refused with their ``error``."""

    row: AssessmentRow
    commitment: Commitment
    pieces: list[Evidence]
    result: str
    maturity: str
    comment: str
    private_note: str
    revision: int
    error: str = ""
    conflict: RowConflict | None = None
    panels: list[DrawnPanel] = field(default_factory=list)

    @property
    def current_result(self) -> AssessmentResult:
        return AssessmentResult(self.row.result)

    @property
    def maturity_label(self) -> str:
        level = self.row.maturity
        return Maturity(level).label if level else ""

    @property
    def filters(self) -> frozenset[RowFilter]:
        return filters_of(self.row.result, len(self.pieces), self.row.needs_review)

    @property
    def obstacle(self) -> str:
        return obstacle(self.row.result, self.row.comment, self.row.needs_review)


@dataclass(frozen=True, slots=True)
class GridSection:
    """The rows of one rubrique."""

    heading: Heading
    rows: list[GridRow]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet ready to be filled or read. ``locked``: why not to fill, empty when one may."""

    sheet: AssessmentSheet
    rows: list[GridRow]
    locked: str

    @property
    def progress(self) -> Progress:
        return Progress.of(item.row.result for item in self.rows)

    @property
    def blocking(self) -> list[GridRow]:
        """Rows that keep the sheet from being handed in."""
        return [item for item in self.rows if item.obstacle]

    @property
    def filter_counts(self) -> list[tuple[RowFilter, int]]:
        return [(code, sum(code in item.filters for item in self.rows)) for code in RowFilter]

    @property
    def sections(self) -> list[GridSection]:
        """The rows, rubrique by rubrique."""
        found: list[GridSection] = []
        for item in self.rows:
            heading = item.commitment.heading
            if not found or found[-1].heading.pk != heading.pk:
                found.append(GridSection(heading, []))
            found[-1].rows.append(item)
        return found


def sheet_for_page(sheet: AssessmentSheet) -> AssessmentSheet:
    """Return the sheet with its assessment, démarche, service and people (1 query)."""
    return AssessmentSheet.objects.select_related(
        "assessment__cycle__prefecture", "service", "submitted_by", "reviewed_by"
    ).get(pk=sheet.pk)


def grid_for_page(sheet: AssessmentSheet, scope: Scope) -> Grid:
    """Gather a grid as this scope may see it (2 queries and those of its panels, whatever the rows).

    Who may not read private remarks gets empty ones: nothing downstream can leak them.
    """
    rows = (
        sheet.rows.asked()
        .select_related("commitment__heading__module", "assessed_by")
        .order_by(*in_order("commitment__"))
        .all()
    )
    if not scope.may(Permission.ASSESSMENT_READ_PRIVATE):
        rows = rows.defer("private_note")
    pieces = evidence_by_commitment(sheet.assessment.cycle, sheet.service, scope)
    shown = scope.may(Permission.ASSESSMENT_READ_PRIVATE)
    found: list[AssessmentRow] = list(rows)
    for row in found:
        # Known already: a panel that asks for it needs no query.
        row.sheet = sheet
    panels = row_panels(found, scope)
    return Grid(
        sheet=sheet,
        rows=[
            replace(_grid_row(row, pieces.get(row.commitment_id, []), shown), panels=panels[row.pk])
            for row in found
        ],
        locked=locked_because(sheet.state, sheet.assessment.state),
    )


def _grid_row(row: AssessmentRow, pieces: list[Evidence], with_private: bool) -> GridRow:
    return GridRow(
        row=row,
        commitment=row.commitment,
        pieces=pieces,
        result=row.result,
        maturity=str(row.maturity or ""),
        comment=row.comment,
        private_note=row.private_note if with_private else "",
        revision=row.revision,
    )


def with_typed(
    grid: Grid,
    typed: Mapping[int, Mapping[str, Any]],
    errors: Mapping[int, str],
    conflicts: Mapping[int, RowConflict],
) -> Grid:
    """Return the grid with what was typed in the rows refused (keys: ids of rows)."""
    rows = []
    for item in grid.rows:
        pk = item.row.pk
        if pk in errors or pk in conflicts:
            item = _as_typed(item, typed[pk], errors.get(pk, ""), conflicts.get(pk))
        rows.append(item)
    return replace(grid, rows=rows)


def _as_typed(
    item: GridRow, typed: Mapping[str, Any], error: str, conflict: RowConflict | None
) -> GridRow:
    read = str(typed.get("revision", ""))
    return replace(
        item,
        result=str(typed.get("result") or ""),
        maturity=str(typed.get("maturity") or ""),
        comment=str(typed.get("comment") or ""),
        private_note=str(typed.get("private_note") or ""),
        # Once the conflict is shown, the next sending is compared with what it showed.
        revision=item.revision if conflict or not read.isdecimal() else int(read),
        error=error,
        conflict=conflict,
    )


# --- One row ----------------------------------------------------------------------------------
def row_of_sheet(sheet: AssessmentSheet, pk: int) -> AssessmentRow | None:
    """Return a row of this sheet, with its commitment (1 query)."""
    return sheet.rows.select_related("commitment").filter(pk=pk).first()


def conflict_of(row: AssessmentRow) -> RowConflict:
    """Tell who saved the row last, and when (1 query)."""
    latest = (
        row.history.order_by("-history_date", "-history_id").select_related("history_user").first()
    )
    who = str(latest.history_user) if latest and latest.history_user else "Quelqu’un"
    return RowConflict(row, who, latest.history_date if latest else None)


def answers_at(read: Mapping[int, int]) -> dict[int, dict[str, Any]]:
    """Return what rows (key: id) held at the revision that was read (1 query, none for no row).

    A row whose past is not known is left out.
    """
    if not read:
        return {}
    wanted = Q()
    for pk, revision in read.items():
        wanted |= Q(id=pk, revision=revision)
    past = AssessmentRow.history.filter(wanted).order_by("history_id")
    return {item["key"]: item for item in past.values(*ANSWERS, key=F("id"))}


def row_history(row: AssessmentRow) -> list[HistoryEntry]:
    """Return who changed the row and how. It quotes private remarks: only for who reads them."""
    return history_entries(row)
