"""What the démarche gives rise to: the gaps that the services found in the auto-diagnostic.

``modules`` lies below and knows no action: this app registers its rows. A row is read as its grid
is: an auditor sees accepted grids only, and nobody reads a private remark here.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator

from accounts.access import Permission, Scope
from action_plans.registry import OriginFact, OriginSource, register_origin, row_keys
from common.search import holding
from modules.enums import CLOSED_STATES, AssessmentResult, AssessmentState, SheetState
from modules.models import AssessmentRow, AssessmentSheet, SelfAssessment


ASSESSMENT_ROW = "modules.assessment_row"
GAPS = (AssessmentResult.NONCONFORMING, AssessmentResult.PARTIAL)
_ORDER = ("result", "commitment__heading__module__number", "commitment__position", "pk")
_SEARCHED = ("commitment__code", "commitment__wording", "comment", "sheet__service__name")


@register_origin
class AssessmentRowSource(OriginSource):
    """A commitment that a service does not keep, or keeps in part."""

    code = ASSESSMENT_ROW
    label = "Auto-diagnostic"
    permissions = (Permission.ASSESSMENT_READ,)
    is_signal = True

    def search(self, scope: Scope, query: str, limit: int = 20) -> list[OriginFact]:
        rows = _readable(scope).asked()
        if query:
            rows = rows.filter(
                holding(query, *_SEARCHED) | Q(sheet__service__acronym__iexact=query)
            )
        else:
            rows = rows.filter(result__in=GAPS)
        rows = rows.order_by("-sheet__assessment__opened_on", *_ORDER)
        return [_fact(row) for row in rows[:limit]]

    def describe(self, scope: Scope, references: Iterable[str]) -> dict[str, OriginFact]:
        keys = row_keys(references)
        rows = _readable(scope).filter(pk__in=keys).order_by("pk")
        return {str(row.pk): _fact(row) for row in rows}

    def weak_points(self, scope: Scope) -> list[OriginFact]:
        """Gaps of the auto-diagnostic that is open, else of the last one (3 queries)."""
        rows = _readable(scope).asked().filter(result__in=GAPS)
        current = _current_assessments(scope)
        earlier: dict[tuple[int, int], list[str]] = {}
        found = []
        for row in rows.order_by(*_ORDER):
            if row.sheet.assessment_id in current:
                found.append(row)
            else:
                earlier.setdefault(_subject(row), []).append(str(row.pk))
        return [_fact(row, tuple(earlier.get(_subject(row), ()))) for row in found]


def facts_of_rows(rows: Collection[AssessmentRow]) -> list[OriginFact]:
    """Describe the rows of one grid, with those of the same service before (1 query)."""
    sheets = {row.sheet_id: row.sheet for row in rows}
    past = AssessmentRow.objects.filter(
        sheet__service__in={sheet.service_id for sheet in sheets.values()},
        commitment__in={row.commitment_id for row in rows},
    ).exclude(sheet__in=sheets)
    earlier: dict[int, list[str]] = {}
    for pk, commitment in past.order_by("pk").values_list("pk", "commitment"):
        earlier.setdefault(commitment, []).append(str(pk))
    return [_fact(row, tuple(earlier.get(row.commitment_id, ()))) for row in rows]


def _readable(scope: Scope) -> Any:
    """Rows whose grid this reader opens; private remarks are not even fetched."""
    sheets = AssessmentSheet.objects.visible_to(scope).order_by().values("pk")
    return (
        AssessmentRow.objects.filter(sheet__in=sheets)
        .select_related("commitment__heading__module", "sheet__service", "sheet__assessment")
        .defer("private_note")
    )


def _current_assessments(scope: Scope) -> set[int]:
    """Return, for each démarche that goes on, the auto-diagnostic that tells where it stands."""
    visible = SelfAssessment.objects.visible_to(scope).exclude(cycle__state__in=CLOSED_STATES)
    by_age = sorted(
        visible.order_by("opened_on", "pk"), key=lambda item: item.state == AssessmentState.OPEN
    )
    return set({item.cycle_id: item.pk for item in by_age}.values())


def _subject(row: AssessmentRow) -> tuple[int, int]:
    return row.sheet.service_id, row.commitment_id


def _fact(row: AssessmentRow, former: tuple[str, ...] = ()) -> OriginFact:
    commitment, sheet = row.commitment, row.sheet
    result = row.current_result.label
    told = f"{result} : {row.comment}" if row.comment else result
    problem = f"{commitment.code} – {commitment.wording}\n{told} ({sheet.assessment.name})."
    return OriginFact(
        reference=str(row.pk),
        label=_short(f"{commitment.code}, {sheet.service.name} : {commitment.wording}"),
        detail=_short(f"{told} ({sheet.assessment.name})"),
        url=f"{reverse('modules:sheet_detail', args=[sheet.pk])}#ligne-{row.pk}",
        suggestion={
            "problem": problem,
            "service": sheet.service_id,
            "modules": [commitment.heading.module_id],
            "commitments": [commitment.pk],
        },
        former=former,
        is_shared=sheet.state == SheetState.ACCEPTED,
    )


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(300)
