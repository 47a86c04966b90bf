"""What is lacking: commitments without piece, with expired ones only, or soon so."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.access import Scope
from accounts.models import Prefecture
from modules.enums import ProcedureState
from modules.models import Commitment, Evidence, LabelCycle, Module
from modules.models.evidence import EXPIRES_SOON_DAYS
from modules.rules.evidence import Gap, gap_of
from modules.selectors.evidence import evidence_by_commitment
from modules.selectors.perimeter import commitments_of_perimeter
from modules.selectors.procedures import procedures_by_commitment


@dataclass(frozen=True, slots=True)
class CommitmentGap:
    """A commitment and its pieces, none of which is good for long."""

    commitment: Commitment
    pieces: list[Evidence]


@dataclass(frozen=True, slots=True)
class ModuleGaps:
    """What is lacking in a module. ``total`` is the number of its commitments."""

    module: Module
    total: int
    missing: list[CommitmentGap] = field(default_factory=list)
    expired: list[CommitmentGap] = field(default_factory=list)
    soon: list[CommitmentGap] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Commitments that lack a piece good today; the soon expired are not counted."""
        return len(self.missing) + len(self.expired)

    @property
    def parts(self) -> list[tuple[Gap, list[CommitmentGap]]]:
        """The three lists, from the worst."""
        return [
            (Gap.MISSING, self.missing),
            (Gap.EXPIRED, self.expired),
            (Gap.SOON, self.soon),
        ]


def gaps_by_module(cycle: LabelCycle, scope: Scope, today: date) -> list[ModuleGaps]:
    """Return what is lacking in each module retained, as this scope sees the pieces (4 queries).

    A commitment is judged for the whole préfecture: one service that proves it is enough here; the
    preparation of the audit tells it service by service.
    """
    pieces = evidence_by_commitment(cycle, None, scope)
    sheets = procedures_by_commitment(cycle.prefecture, scope)
    by_module: dict[int, list[Commitment]] = {}
    for commitment in commitments_of_perimeter(cycle):
        by_module.setdefault(commitment.heading.module_id, []).append(commitment)
    found = []
    for commitments in by_module.values():
        gaps = ModuleGaps(commitments[0].heading.module, len(commitments))
        for commitment in commitments:
            own = pieces.get(commitment.pk, [])
            in_force = [
                sheet
                for sheet in sheets.get(commitment.pk, [])
                if sheet.approved and sheet.approved.state == ProcedureState.APPROVED
            ]
            gap = gap_of([piece.state_on(today) for piece in own], len(in_force))
            if gap is not None:
                dict(gaps.parts)[gap].append(CommitmentGap(commitment, own))
        found.append(gaps)
    return found


def expiring(prefecture: Prefecture, today: date) -> list[Evidence]:
    """Return the pieces of a préfecture that expire within the coming weeks, the nearest first."""
    return list(
        Evidence.objects.kept()
        .filter(
            prefecture=prefecture,
            expires_on__range=(today, today + timedelta(days=EXPIRES_SOON_DAYS)),
        )
        .select_related("service", "added_by")
        .order_by("expires_on", "title", "pk")
    )
