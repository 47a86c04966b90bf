"""What a caller gives to be drawn: plain frozen values, no query, no colour.

Values are ``Decimal``, ``int`` or ``float`` in their unit (a rate from 0 to 1), ``None`` when there is
no figure; ``missing`` then says why. ``key`` makes the ids of the SVG: a slug, unique on its page.
``question`` is the title of the chart, ``conclusion`` its answer in one sentence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from common.numbers import Missing, Number, Unit


_KEY = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Point:
    """One period: ``label`` in the table (« janvier 2021 »), ``short`` on the axis (« janv. 21 »)."""

    label: str
    value: Number | None
    short: str = ""
    missing: str = Missing.NOT_MEASURED
    note: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the usual variation, in the unit of the chart; ``None``: no limit on that side.

    They hold from the point of rank ``start`` to the one before ``stop`` (``None``: to the end) around
    ``mean``, that is drawn when given and written as ``level``.
    """

    lower: Number | None
    upper: Number | None
    label: str = "Variation habituelle"
    mean: Number | None = None
    level: str = ""
    start: int = 0
    stop: int | None = None

    def holds_at(self, rank: int) -> bool:
        return self.start <= rank and (self.stop is None or rank < self.stop)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened during the period of rank ``index`` (0: the first point)."""

    index: int
    label: str
    day: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What every chart has. ``ValueError`` when the key is no slug or the unit is unknown.

    ``decimals``: the fewest that its values are written with.
    """

    key: str
    question: str
    unit: str = Unit.PERCENT
    conclusion: str = ""
    source: str = ""
    decimals: int = 0

    def __post_init__(self) -> None:
        Unit(self.unit)
        if not _KEY.fullmatch(self.key):
            raise ValueError(f"the key of a chart is a slug: {self.key!r}")


@dataclass(frozen=True, slots=True)
class LineChart(Chart):
    """Values over time.

    ``target``: one value, or one per point when it changed; ``target_texts``: the same in words, one
    per point, when a figure does not say all (« moins de 10 % »). ``comparison``: one value per point
    (national figure…). ``limits``: one for each stretch, in order of time. ``signals``: ranks of the
    points to ring. ``ValueError`` when the lengths or
    ranks do not fit the points.
    """

    name: str = "Préfecture"
    points: Sequence[Point] = ()
    target: Number | Sequence[Number | None] | None = None
    target_label: str = "Cible"
    target_texts: Sequence[str] = ()
    comparison: Sequence[Number | None] = ()
    comparison_label: str = "Valeur nationale"
    limits: Sequence[Limits] = ()
    events: Sequence[Event] = ()
    signals: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        Chart.__post_init__(self)
        size = len(self.points)
        if self.comparison and len(self.comparison) != size:
            raise ValueError("the comparison needs one value per point")
        if isinstance(self.target, Sequence) and len(self.target) != size:
            raise ValueError("the target needs one value, or one per point")
        if self.target_texts and len(self.target_texts) != size:
            raise ValueError("the target needs its words for each point")
        starts = [limits.start for limits in self.limits]
        ranks = [*(event.index for event in self.events), *self.signals, *starts]
        if any(not 0 <= rank < size for rank in ranks):
            raise ValueError("events, signals and limits need the rank of a point")

    @property
    def targets(self) -> tuple[Number | None, ...]:
        """Return the target of each point."""
        if isinstance(self.target, Sequence):
            return tuple(self.target)
        return (self.target,) * len(self.points)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. ``note`` follows its label (« à surveiller »); ``is_total`` sets it apart."""

    label: str
    value: Number | None
    missing: str = Missing.NOT_MEASURED
    note: str = ""
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class BarChart(Chart):
    """Amounts side by side: ``vertical`` for periods, else one row each (services, sites).

    ``target_text``: the target in words, when its figure does not say all (« moins de 10 % »).
    """

    row_label: str = "Service"
    name: str = "Valeur"
    bars: Sequence[Bar] = ()
    target: Number | None = None
    target_label: str = "Cible"
    target_text: str = ""
    vertical: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """One bar cut in parts: how many answers in each category, in the order of the chart."""

    label: str
    counts: Sequence[int]
    missing: str = Missing.NOT_MEASURED


@dataclass(frozen=True, slots=True)
class ShareChart(Chart):
    """How answers are shared among 2 to 6 categories, best or first one first."""

    row_label: str = "Question"
    categories: Sequence[str] = ()
    shares: Sequence[Share] = ()

    def __post_init__(self) -> None:
        Chart.__post_init__(self)
        if not 2 <= len(self.categories) <= 6:
            raise ValueError("a share needs 2 to 6 categories")
        if any(len(share.counts) != len(self.categories) for share in self.shares):
            raise ValueError("each share needs one count per category")


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and its confidence interval; ``size`` is the number of answers behind it."""

    label: str
    value: Number | None
    lower: Number | None = None
    upper: Number | None = None
    size: int | None = None
    missing: str = Missing.NOT_MEASURED


@dataclass(frozen=True, slots=True)
class IntervalChart(Chart):
    """Values that are estimates: a dot and how far the truth may be."""

    row_label: str = "Question"
    name: str = "Valeur"
    intervals: Sequence[Interval] = ()
    confidence: str = "95 %"
    target: Number | None = None
    target_label: str = "Cible"
