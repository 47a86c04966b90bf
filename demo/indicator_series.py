"""Figures of the demo, made of a few anchors: the same from one loading to the next. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from zlib import crc32

from indicators.reading.periods import Kind, Period


@dataclass(frozen=True, slots=True)
class Part:
    """One figure; a rate or a mean has both numbers, a count ``numerator`` alone."""

    period: Period
    numerator: Decimal
    denominator: Decimal | None


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """How a figure went. ``anchors``: month (« 2019-01 ») → level, straight lines between them.

    ``volume``: cases per period, empty for a count, whose level is the number itself. ``spread``: how
    far a period strays from its level. ``absent`` and ``idle``: months « non mesuré » and « sans
    objet ». ``place``: acronym of a service, name of a site, empty for the whole préfecture.
    ``first`` and ``last``: first and last month.
    """

    code: str
    kind: Kind
    anchors: dict[str, str]
    volume: int | None = None
    spread: str = "0.02"
    place: str = ""
    absent: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    reasons: dict[str, str] = field(default_factory=dict)
    first: str = "2019-01"
    last: str = "2022-06"
    # The same draw as another indicator, so that answered and lost calls make the calls received.
    twin: str = ""

    def periods(self) -> Iterator[Period]:
        """Yield the periods from the first to the last, those without a figure too."""
        period = Period.holding(Period.from_code(self.first).start, self.kind)
        end = Period.from_code(self.last).end
        while period.end <= end:
            yield period
            period = period.next()


def part_of(facts: SeriesFacts, period: Period) -> Part:
    """Return the figure of a period: whole numbers, the rate being what they make."""
    level = _level(facts, period) + Decimal(facts.spread) * _stray(facts, period, "level")
    if facts.volume is None:
        return Part(period, Decimal(max(0, round(level))), None)
    cases = round(facts.volume * (1 + Decimal("0.06") * _stray(facts, period, "volume")))
    return Part(period, Decimal(max(0, round(level * cases))), Decimal(cases))


def _level(facts: SeriesFacts, period: Period) -> Decimal:
    """Return the level in the middle of a period, on the line between two anchors."""
    at = _months(period.start.year, period.start.month) + period.months // 2
    before = after = None
    for code in sorted(facts.anchors):
        month = Period.from_code(code)
        point = (_months(month.year, month.rank), Decimal(facts.anchors[code]))
        if point[0] <= at:
            before = point
        elif after is None:
            after = point
    if before is None or after is None:
        return (before or after or (0, Decimal(0)))[1]
    share = Decimal(at - before[0]) / (after[0] - before[0])
    return before[1] + (after[1] - before[1]) * share


def _months(year: int, month: int) -> int:
    return year * 12 + month - 1


def _stray(facts: SeriesFacts, period: Period, what: str) -> Decimal:
    """Return a number from -2 to 2, small ones the most frequent, that depends on the words alone."""
    words = f"{facts.twin or facts.code} {facts.place} {period.code} {what}"
    draws = [Decimal(crc32(f"{words} {n}".encode())) / Decimal(2**32) for n in (1, 2)]
    return 2 * (sum(draws, Decimal(0)) - 1)
