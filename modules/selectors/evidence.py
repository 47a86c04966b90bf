"""Reads of the pieces of evidence."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.access import Scope
from accounts.enums import Role
from accounts.models import Service
from common.search import holding
from modules.models import (
    AssessmentRow,
    AssessmentSheet,
    Commitment,
    Evidence,
    EvidenceLink,
    EvidenceVersion,
    LabelCycle,
)
from modules.models.scoping import kept
from modules.selectors.evidence_rights import joinable, may_detach
from modules.selectors.procedures import present_cycle


def evidence_by_commitment(
    cycle: LabelCycle, service: Service | None, scope: Scope
) -> dict[int, list[Evidence]]:
    """Return the pieces joined to each commitment (key: its id), as this scope may see them.

    For ``service``: its own and those of the whole préfecture; ``None``: all of the démarche. Removed
    pieces are left out. Each piece comes with ``current.stored``. 1 query.
    """
    links = (
        EvidenceLink.objects.filter(
            cycle=cycle, evidence__in=Evidence.objects.visible_to(scope).filter(removed_at=None)
        )
        .select_related("evidence__current__stored")
        .order_by("evidence__title", "pk")
    )
    if service is not None:
        links = links.filter(Q(service=service) | Q(service__isnull=True))
    found: dict[int, dict[int, Evidence]] = defaultdict(dict)
    for link in links:
        found[link.commitment_id][link.evidence_id] = link.evidence
    return {commitment: list(pieces.values()) for commitment, pieces in found.items()}


# --- List -------------------------------------------------------------------------------------
def links_in(cycle: LabelCycle) -> QuerySet[EvidenceLink]:
    """Links of the démarche to one piece, for a subquery on pieces."""
    return EvidenceLink.objects.filter(cycle=cycle, evidence=OuterRef("pk"))


def pieces_for_list(cycle: LabelCycle, scope: Scope) -> QuerySet[Evidence]:
    """Pieces of the préfecture, joined or not; an auditor sees those of this démarche only.

    Each comes with ``joined``, its links in the démarche.
    """
    rows = Evidence.objects.visible_to(scope).filter(kept(), prefecture=cycle.prefecture_id)
    if scope.role == Role.AUDITOR:
        rows = rows.filter(Exists(links_in(cycle)))
    own = (
        EvidenceLink.objects.filter(cycle=cycle)
        .select_related("commitment")
        .order_by("commitment__position", "pk")
    )
    return rows.select_related("service", "current__stored").prefetch_related(
        Prefetch("links", own, "joined")
    )


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A piece in the list. ``codes`` are those of the commitments that it proves, each once."""

    piece: Evidence
    state: object
    codes: list[str]

    @property
    def more_count(self) -> int:
        """Codes beyond the four that a line shows."""
        return max(len(self.codes) - 4, 0)


def lines_of(pieces: QuerySet[Evidence], today: date) -> list[PieceLine]:
    """Describe the pieces of ``pieces_for_list`` for a page."""
    return [
        PieceLine(
            piece,
            piece.state_on(today),
            list(dict.fromkeys(link.commitment.code for link in piece.joined)),  # type: ignore[attr-defined]
        )
        for piece in pieces
    ]


# --- One piece --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LinkLine:
    """A commitment that a piece proves, and whether the reader may take the piece off it."""

    link: EvidenceLink
    may_detach: bool

    @property
    def key(self) -> str:
        """What « Annuler » sends to join it again; see ``link_key``."""
        return link_key(self.link)


def link_key(link: EvidenceLink) -> str:
    """Return « démarche-engagement-service » (0: all services), enough to write the link again."""
    return f"{link.cycle_id}-{link.commitment_id}-{link.service_id or 0}"


def links_of(piece: Evidence, scope: Scope) -> list[LinkLine]:
    """Return the commitments that a piece proves, in the démarches that the reader sees."""
    links = (
        EvidenceLink.objects.visible_to(scope)
        .filter(evidence=piece)
        .select_related(
            "cycle", "commitment__heading__module", "commitment__referential", "service"
        )
        .order_by("-cycle__started_on", "-cycle_id", "commitment__position", "service__name", "pk")
    )
    for link in links:
        link.evidence = piece
    return [LinkLine(link, may_detach(link, scope)) for link in links]


def versions_for(piece: Evidence, scope: Scope) -> QuerySet[EvidenceVersion]:
    """Versions that the reader may be handed, newest first.

    An auditor gets the current one only: a content may have been replaced because it should not leave.
    """
    rows = EvidenceVersion.objects.filter(evidence=piece)
    if scope.role == Role.AUDITOR:
        rows = rows.filter(pk=piece.current_id or 0)
    return rows.select_related("stored", "added_by").order_by("-number")


def twins_of(piece: Evidence, scope: Scope) -> list[Evidence]:
    """Return the other pieces with the same content, that the reader may see."""
    version = piece.current
    if version is None:
        return []
    content = (
        Q(current__stored__sha256=version.stored.sha256)
        if version.stored
        else Q(current__stored__isnull=True, current__url=version.url)
    )
    rows = Evidence.objects.visible_to(scope).filter(
        kept(), content, prefecture=piece.prefecture_id
    )
    return list(rows.exclude(pk=piece.pk).order_by("title", "pk"))


def free_commitments(
    piece: Evidence, cycle: LabelCycle, commitments: Iterable[Commitment]
) -> list[Commitment]:
    """Return the commitments of the démarche to which the piece is not joined for all services."""
    taken = set(
        EvidenceLink.objects.filter(evidence=piece, cycle=cycle, service__isnull=True).values_list(
            "commitment_id", flat=True
        )
    )
    return [item for item in commitments if item.pk not in taken]


def cycle_of(piece: Evidence, scope: Scope) -> LabelCycle | None:
    """Return the démarche under whose tabs a piece stands: its latest one, else the present one."""
    own = LabelCycle.objects.visible_to(scope).filter(evidence_links__evidence=piece)
    found: LabelCycle | None = own.order_by("-started_on", "-pk").first()
    return found or present_cycle(scope)


def pieces_to_join(
    cycle: LabelCycle, commitment: Commitment, service: Service | None, scope: Scope
) -> QuerySet[Evidence]:
    """Pieces that the reader may join to a commitment, and that are not joined to it yet."""
    joined = links_in(cycle).filter(commitment=commitment)
    joined = joined.filter(Q(service=service) | Q(service__isnull=True))
    rows = Evidence.objects.visible_to(scope).filter(
        kept(), ~Exists(joined), prefecture=cycle.prefecture_id
    )
    return joinable(rows, scope).select_related("service").order_by("title", "pk")


def matching(pieces: QuerySet[Evidence], search: str) -> QuerySet[Evidence]:
    """Keep the pieces whose title or description holds every word."""
    return pieces.filter(holding(search, "title", "description"))


# --- Where a reader comes from ----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a commitment, a service, the grid to go back to (row: its id)."""

    commitment: Commitment | None
    service: Service | None
    sheet: AssessmentSheet | None
    row: int | None


def asked_for(cycle: LabelCycle, scope: Scope, *, code: str, service: int, sheet: int) -> Asked:
    """Read ``?engagement=<code>&service=<pk>&retour=<sheet>``; what makes no sense is ignored."""
    commitment = Commitment.objects.filter(
        heading__module__cycle_modules__cycle=cycle, code=code
    ).first()
    found = Service.objects.filter(prefecture=cycle.prefecture_id, pk=service).first()
    back = AssessmentSheet.objects.visible_to(scope).filter(assessment__cycle=cycle, pk=sheet)
    grid = back.first()
    row = AssessmentRow.objects.filter(sheet=grid, commitment=commitment).first() if grid else None
    return Asked(commitment, found, grid, row.pk if row else None)
