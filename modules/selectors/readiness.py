"""The page « Si l’audit avait lieu demain »: counts by module, lists of points, cheapest acts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.access import Scope
from accounts.models import Service
from modules.models import Commitment, LabelCycle, Module
from modules.rules.readiness import Segment, Standing, Tally, conclusion, segments, tally
from modules.rules.readiness_acts import Act, ActKind, JudgedPoint, acts
from modules.selectors.readiness_points import Ground, ModulePoints, Point, SheetRef, ground_of


# Acts proposed, and lines of a list before it asks to choose a module.
ACT_COUNT, LINE_COUNT = 10, 40
# Services, codes of commitments named in a line before « et 4 autres ».
NAMED_SERVICES, NAMED_CODES = 4, 12


def short_name(service: Service) -> str:
    """Return the acronym of a service, its name when it has none."""
    return service.acronym or service.name


def services_in_words(services: Iterable[Service]) -> str:
    """« SAP, SE et 3 autres »."""
    names = [short_name(service) for service in services]
    if len(names) > NAMED_SERVICES + 1:
        more = len(names) - NAMED_SERVICES
        return f"{', '.join(names[:NAMED_SERVICES])} et {more} autres"
    return " et ".join([*([", ".join(names[:-1])] if names[1:] else []), *names[-1:]])


@dataclass(frozen=True, slots=True)
class ModuleSummary:
    """A module and where its points stand."""

    module: Module
    counts: Tally
    segments: list[Segment]


@dataclass(frozen=True, slots=True)
class Place:
    """A service in a line: its grid and the row there, ``None`` when it has none."""

    service: Service
    sheet: SheetRef | None
    row: int | None

    @property
    def name(self) -> str:
        return short_name(self.service)


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence, and the services of which it is true."""

    text: str
    places: list[Place]


@dataclass(frozen=True, slots=True)
class Line:
    """A commitment that stands there, and why in which services."""

    commitment: Commitment
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class MissingLine:
    """What a service did not answer, for one reason."""

    place: Place
    reason: str
    commitments: list[Commitment]

    @property
    def codes(self) -> str:
        return ", ".join(item.code for item in self.commitments)


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act of the list of the cheapest: what to do, where it is done, what it closes.

    ``piece`` is an id; ``commitment`` is there for the acts about one; ``place`` for those done in
    a grid.
    """

    kind: ActKind
    what: str
    where: str
    closing: int
    advancing: int
    piece: int | None
    commitment: Commitment | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Listed:
    """The lines shown of a list, how many there are, and how many points all of them tell."""

    lines: list[Any]
    line_count: int
    point_count: int

    @property
    def more(self) -> int:
        """Lines left out."""
        return self.line_count - len(self.lines)


@dataclass(frozen=True, slots=True)
class ReadinessPage:
    """Everything on the page. ``chosen``: the module whose lists are shown, ``None`` for all."""

    ground: Ground
    counts: Tally
    sentence: str
    modules: list[ModuleSummary]
    acts: list[ActLine]
    doubtful: Listed
    gaps: Listed
    missing: Listed
    chosen: Module | None


def readiness_for_page(
    cycle: LabelCycle, scope: Scope, today: date, *, number: int | None = None
) -> ReadinessPage:
    """Gather the page (12 queries at most); ``number``: lists of this module only."""
    ground = ground_of(cycle, scope, today)
    kept = [item for item in ground.modules if item.module.number == number]
    points = [point for item in kept or ground.modules for point in item.points.values()]
    counts = _tally(ground.points)
    assessed = {point.commitment.pk for point in ground.points}
    return ReadinessPage(
        ground=ground,
        counts=counts,
        sentence=conclusion(counts, len(assessed), len(ground.services)),
        modules=[_summary(item) for item in ground.modules],
        acts=_cheapest(ground),
        doubtful=_by_commitment(ground, points, Standing.DOUBTFUL),
        gaps=_by_commitment(ground, points, Standing.GAP),
        missing=_by_service(ground, points),
        chosen=kept[0].module if kept else None,
    )


def _tally(points: Iterable[Point]) -> Tally:
    return tally(point.verdict.standing for point in points)


def _summary(item: ModulePoints) -> ModuleSummary:
    counts = _tally(item.points.values())
    return ModuleSummary(item.module, counts, segments(counts))


def _place(ground: Ground, point: Point) -> Place:
    return Place(point.service, ground.sheets.get(point.service.pk), point.row)


def _by_commitment(ground: Ground, points: list[Point], standing: Standing) -> Listed:
    """Gather the services where a commitment stands there, those with the same reason together."""
    groups: dict[int, dict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
    for point in points:
        if point.verdict.standing is standing:
            groups[point.commitment.pk][point.verdict.reason].append(point)
    commitments = {point.commitment.pk: point.commitment for point in points}
    lines = [
        Line(
            commitments[pk],
            [
                Reason(text, [_place(ground, item) for item in served])
                for text, served in reasons.items()
            ],
        )
        for pk, reasons in groups.items()
    ]
    count = sum(point.verdict.standing is standing for point in points)
    return Listed(lines[:LINE_COUNT], len(lines), count)


def _by_service(ground: Ground, points: list[Point]) -> Listed:
    """Gather what each service did not answer; the services with most to answer first."""
    groups: dict[tuple[int, str], list[Point]] = defaultdict(list)
    for point in points:
        if point.verdict.standing is Standing.MISSING:
            groups[point.service.pk, point.verdict.reason].append(point)
    lines = [
        MissingLine(
            # The line speaks of several rows: its link leads to the top of the grid.
            Place(group[0].service, ground.sheets.get(group[0].service.pk), None),
            group[0].verdict.reason,
            [item.commitment for item in group],
        )
        for group in groups.values()
    ]
    lines.sort(key=lambda line: (-len(line.commitments), line.place.name))
    return Listed(lines[:LINE_COUNT], len(lines), sum(len(line.commitments) for line in lines))


# --- Cheapest acts ----------------------------------------------------------------------------
def _cheapest(ground: Ground) -> list[ActLine]:
    by_key = {(point.commitment.pk, point.service.pk): point for point in ground.points}
    judged = (JudgedPoint(*key, point.verdict) for key, point in by_key.items())
    return [_act_line(ground, act, by_key) for act in acts(judged)[:ACT_COUNT]]


def _act_line(ground: Ground, act: Act, by_key: dict[tuple[int, int], Point]) -> ActLine:
    served = [by_key[item.commitment, item.service] for item in act.points]
    first = served[0]
    place = _place(ground, first) if act.service else None
    if place and not act.commitment:
        place = Place(place.service, place.sheet, None)
    return ActLine(
        kind=act.kind,
        what=_what(act, first),
        where=_where(act, served),
        closing=act.closing,
        advancing=act.advancing,
        piece=act.piece,
        commitment=first.commitment if act.commitment else None,
        place=place,
    )


def _what(act: Act, first: Point) -> str:
    service, code = short_name(first.service), first.commitment.code
    match act.kind:
        case ActKind.RENEW:
            stale = first.verdict.stale
            return f"Renouveler la pièce « {stale.title if stale else ''} »"
        case ActKind.ATTACH:
            return f"Joindre une pièce à l’engagement {code}"
        case ActKind.ACCEPT:
            return f"Faire accepter la grille : {service}"
        case ActKind.COMPLETE:
            count = len(act.points)
            plural = "s" if count > 1 else ""
            return f"Compléter la grille : {service} ({count} engagement{plural})"
        case ActKind.FIX_PARTIAL:
            return f"Rendre pleinement conforme l’engagement {code} : {service}"
        case ActKind.FIX_NONCONFORMING:
            return f"Rendre conforme l’engagement {code} : {service}"


def _where(act: Act, served: list[Point]) -> str:
    """Return what the title does not say: the wording, the services, the commitments served."""
    if act.commitment and act.service:
        return served[0].commitment.wording
    services = {point.service.pk: point.service for point in served}
    if act.commitment:
        return f"{served[0].commitment.wording} ({services_in_words(services.values())})"
    codes = _codes_in_words(dict.fromkeys(point.commitment.code for point in served))
    return codes if act.service else f"{codes} ({services_in_words(services.values())})"


def _codes_in_words(codes: Iterable[str]) -> str:
    named = list(codes)
    if len(named) > NAMED_CODES + 1:
        return f"{', '.join(named[:NAMED_CODES])} et {len(named) - NAMED_CODES} autres"
    return ", ".join(named)
