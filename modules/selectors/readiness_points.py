"""Every point of a démarche (one commitment in one service) with its verdict, in few queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.access import Scope
from accounts.models import Service
from modules.enums import AssessmentResult, Sensitivity, SheetState
from modules.models import (
    AssessmentRow,
    AssessmentSheet,
    Commitment,
    Evidence,
    EvidenceLink,
    LabelCycle,
    Module,
    Procedure,
    SelfAssessment,
)
from modules.rules.readiness import Facts, Piece, Verdict, judge
from modules.selectors.perimeter import commitments_of_perimeter, services_by_module


# Ids of a commitment and of a service; no service: for all of them.
Key = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class SheetRef:
    """The grid of a service, as far as a verdict needs it."""

    pk: int
    state: SheetState


@dataclass(frozen=True, slots=True)
class Point:
    """A commitment in a service. ``row``: id of its line in the grid, if it has one."""

    commitment: Commitment
    service: Service
    verdict: Verdict
    piece_count: int
    row: int | None


@dataclass(frozen=True, slots=True)
class ModulePoints:
    """A module retained: its commitments, the services concerned, a point for each pair."""

    module: Module
    commitments: list[Commitment]
    services: list[Service]
    points: dict[tuple[int, int], Point]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the readiness page and the matrix stand on.

    ``assessment``: the self-assessment read, ``None`` before the first; then ``modules`` has no point.
    ``sheets``: by id of service.
    """

    cycle: LabelCycle
    assessment: SelfAssessment | None
    modules: list[ModulePoints]
    sheets: dict[int, SheetRef]

    @property
    def has_perimeter(self) -> bool:
        """Whether at least one commitment concerns at least one service."""
        return any(item.commitments and item.services for item in self.modules)

    @property
    def points(self) -> list[Point]:
        """All the points, module by module, commitment by commitment."""
        return [point for item in self.modules for point in item.points.values()]

    @property
    def services(self) -> list[Service]:
        """Services concerned by a module at least, by name."""
        found = {service.pk: service for item in self.modules for service in item.services}
        return sorted(found.values(), key=lambda service: (service.name, service.pk))


def assessment_to_read(cycle: LabelCycle, scope: Scope) -> SelfAssessment | None:
    """Return the self-assessment that is open, else the newest; ``None`` before the first."""
    found: SelfAssessment | None = (
        SelfAssessment.objects.visible_to(scope)
        .filter(cycle=cycle)
        # « open » comes after « closed ».
        .order_by("-state", "-opened_on", "-pk")
        .first()
    )
    return found


def ground_of(cycle: LabelCycle, scope: Scope, today: date) -> Ground:
    """Judge every point of the perimeter from the latest self-assessment (12 queries at most)."""
    assessment = assessment_to_read(cycle, scope)
    services = services_by_module(cycle)
    by_module: dict[int, list[Commitment]] = defaultdict(list)
    for commitment in commitments_of_perimeter(cycle):
        by_module[commitment.heading.module_id].append(commitment)
    modules = [
        ModulePoints(item.module, by_module[item.module_id], services[item.module_id], {})
        for item in cycle.cycle_modules.select_related("module").order_by("position")
    ]
    if assessment is None:
        return Ground(cycle, None, modules, {})
    sheets = _sheets(assessment, scope)
    judged = _Judged(
        rows=_rows(assessment, sheets),
        sheets=sheets,
        pieces=_pieces(cycle, scope, today),
        procedures=_procedures(cycle, scope),
    )
    for item in modules:
        for commitment in item.commitments:
            for service in item.services:
                item.points[commitment.pk, service.pk] = judged.point(commitment, service)
    return Ground(cycle, assessment, modules, sheets)


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    result: AssessmentResult
    needs_review: bool


@dataclass(frozen=True, slots=True)
class _Judged:
    """Everything fetched, by key; ``procedures``: ids of sheets in force."""

    rows: dict[Key, _Row]
    sheets: dict[int, SheetRef]
    pieces: dict[Key, tuple[Piece, ...]]
    procedures: dict[Key, set[int]]

    def point(self, commitment: Commitment, service: Service) -> Point:
        key, for_all = (commitment.pk, service.pk), (commitment.pk, None)
        row = self.rows.get(key)
        sheet = self.sheets.get(service.pk)
        # A piece joined for the service and for all of them counts once.
        both = (*self.pieces.get(key, ()), *self.pieces.get(for_all, ()))
        pieces = tuple({piece.key: piece for piece in both}.values())
        facts = Facts(
            sheet=sheet.state if sheet else None,
            result=row.result if row else None,
            needs_review=row.needs_review if row else False,
            pieces=pieces,
            procedure_count=len(
                self.procedures.get(key, set()) | self.procedures.get(for_all, set())
            ),
        )
        return Point(commitment, service, judge(facts), len(pieces), row.pk if row else None)


def _sheets(assessment: SelfAssessment, scope: Scope) -> dict[int, SheetRef]:
    found = AssessmentSheet.objects.visible_to(scope).filter(assessment=assessment).order_by("pk")
    return {
        service: SheetRef(pk, SheetState(state))
        for pk, service, state in found.values_list("pk", "service_id", "state")
    }


def _rows(assessment: SelfAssessment, sheets: dict[int, SheetRef]) -> dict[Key, _Row]:
    services = {sheet.pk: service for service, sheet in sheets.items()}
    found = AssessmentRow.objects.filter(sheet__assessment=assessment).order_by("pk")
    values = found.values_list("pk", "commitment_id", "sheet_id", "result", "needs_review")
    return {
        (commitment, services[sheet]): _Row(pk, AssessmentResult(result), needs_review)
        for pk, commitment, sheet, result, needs_review in values
        if sheet in services
    }


def _pieces(cycle: LabelCycle, scope: Scope, today: date) -> dict[Key, tuple[Piece, ...]]:
    """Return the pieces joined in this démarche, by title."""
    joined = EvidenceLink.objects.filter(cycle=cycle)
    seen = Evidence.objects.visible_to(scope).filter(
        removed_at=None, pk__in=joined.values("evidence")
    )
    pieces = {
        item.pk: Piece(
            key=item.pk,
            title=item.title,
            state=item.state_on(today),
            expires_on=item.expires_on,
            is_restricted=item.sensitivity == Sensitivity.RESTRICTED,
        )
        for item in seen.order_by("title", "pk")
    }
    found: dict[Key, list[Piece]] = defaultdict(list)
    links = joined.order_by("evidence__title", "pk")
    for evidence, commitment, service in links.values_list(
        "evidence_id", "commitment_id", "service_id"
    ):
        if evidence in pieces:
            found[commitment, service].append(pieces[evidence])
    return {key: tuple(items) for key, items in found.items()}


def _procedures(cycle: LabelCycle, scope: Scope) -> dict[Key, set[int]]:
    """Return the sheets in force for each commitment; one that names no service is for all."""
    in_force: QuerySet[Procedure] = Procedure.objects.visible_to(scope).filter(
        removed_at=None, approved__isnull=False, prefecture=cycle.prefecture_id
    )
    services: dict[int, list[int | None]] = defaultdict(list)
    named = Procedure.services.through.objects.filter(procedure__in=in_force.values("pk"))
    for procedure, service in named.order_by("pk").values_list("procedure_id", "service_id"):
        services[procedure].append(service)
    found: dict[Key, set[int]] = defaultdict(set)
    proved = Procedure.commitments.through.objects.filter(
        procedure__in=in_force.values("pk"), commitment__referential=cycle.referential_id
    )
    for procedure, commitment in proved.order_by("pk").values_list("procedure_id", "commitment_id"):
        for concerned in services.get(procedure) or [None]:
            found[commitment, concerned].add(procedure)
    return found
