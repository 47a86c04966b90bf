"""The cheapest acts before an audit: an order of effort, not an official score. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from modules.rules.readiness import Cause, Verdict


class ActKind(StrEnum):
    """What somebody does to close points."""

    RENEW = "renew"
    ATTACH = "attach"
    ACCEPT = "accept"
    COMPLETE = "complete"
    FIX_PARTIAL = "fix_partial"
    FIX_NONCONFORMING = "fix_nonconforming"


@dataclass(frozen=True, slots=True)
class Effort:
    """What an act asks. ``is_shared``: done once, it serves all its points; else once per point.

    ``units`` have no meaning but their order: each is about one and a half times the one before.
    """

    units: int
    is_shared: bool
    explanation: str


EFFORTS: dict[ActKind, Effort] = {
    ActKind.RENEW: Effort(
        2,
        True,
        "remplacer une pièce périmée, ou qui va l’être : elle existe, on sait où la prendre",
    ),
    ActKind.ATTACH: Effort(3, True, "joindre une pièce à un engagement qui n’en a pas"),
    ActKind.ACCEPT: Effort(5, True, "faire accepter la grille d’un service"),
    ActKind.COMPLETE: Effort(8, False, "évaluer un engagement, ou relire une réponse reprise"),
    ActKind.FIX_PARTIAL: Effort(12, False, "rendre conforme ce qui l’est partiellement"),
    ActKind.FIX_NONCONFORMING: Effort(18, False, "rendre conforme ce qui ne l’est pas"),
}
# An act that lifts one cause among several closes nothing by itself: it counts for half.
ADVANCE = Fraction(1, 2)
_ACTS = {
    Cause.EXPIRED: ActKind.RENEW,
    Cause.SOON: ActKind.RENEW,
    Cause.NO_PIECE: ActKind.ATTACH,
    Cause.RESTRICTED: ActKind.ATTACH,
    Cause.NOT_ACCEPTED: ActKind.ACCEPT,
    Cause.NEEDS_REVIEW: ActKind.COMPLETE,
    Cause.NOT_ASSESSED: ActKind.COMPLETE,
    Cause.NO_ROW: ActKind.COMPLETE,
    Cause.NO_SHEET: ActKind.COMPLETE,
    Cause.PARTIAL: ActKind.FIX_PARTIAL,
    Cause.NONCONFORMING: ActKind.FIX_NONCONFORMING,
}
if set(_ACTS) != set(Cause) or set(EFFORTS) != set(ActKind):
    raise RuntimeError("every cause needs an act, every act its effort")


@dataclass(frozen=True, slots=True)
class JudgedPoint:
    """A point by the ids of its commitment and of its service, with its verdict."""

    commitment: int
    service: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Act:
    """One act and the points it serves, in the order given.

    ``commitment``, ``service`` and ``piece`` are ids: what the act is about, ``None`` when it is
    about several. ``closing``: how many of its points have no other cause.
    """

    kind: ActKind
    commitment: int | None
    service: int | None
    piece: int | None
    points: tuple[JudgedPoint, ...]
    closing: int

    @property
    def advancing(self) -> int:
        """Points which wait for something else besides."""
        return len(self.points) - self.closing

    @property
    def price(self) -> Fraction:
        """Effort for one point closed: the order of the list."""
        effort = EFFORTS[self.kind]
        units = effort.units if effort.is_shared else effort.units * len(self.points)
        return units / (self.closing + ADVANCE * self.advancing)


def acts(points: Iterable[JudgedPoint]) -> list[Act]:
    """Return every act that closes or advances a point, the cheapest first.

    Equal prices: the act that closes most points, then the order of the points.
    """
    groups: dict[tuple[ActKind, int | None, int | None, int | None], list[JudgedPoint]]
    groups = defaultdict(list)
    for point in points:
        # Two causes may ask for one act: the point counts once in it.
        for key in dict.fromkeys(_act_of(point, cause) for cause in point.verdict.causes):
            groups[key].append(point)
    found = [
        Act(*key, tuple(served), sum(_kinds(point) == {key[0]} for point in served))
        for key, served in groups.items()
    ]
    return sorted(found, key=lambda act: (act.price, -act.closing))


def _kinds(point: JudgedPoint) -> set[ActKind]:
    return {_ACTS[cause] for cause in point.verdict.causes}


def _act_of(point: JudgedPoint, cause: Cause) -> tuple[ActKind, int | None, int | None, int | None]:
    """Return kind, commitment, service, piece: points with the same four share one act."""
    kind = _ACTS[cause]
    if kind is ActKind.RENEW:
        stale = point.verdict.stale
        return kind, None, None, stale.key if stale else None
    if kind is ActKind.ATTACH:
        return kind, point.commitment, None, None
    if kind in {ActKind.ACCEPT, ActKind.COMPLETE}:
        return kind, None, point.service, None
    return kind, point.commitment, point.service, None
