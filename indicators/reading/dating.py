"""The period of a cell: from its row, its column, or the words farther around."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum
from itertools import pairwise

from common.spreadsheets import Value
from indicators.reading.definitions import IGNORE, Question, Why
from indicators.reading.headings import Heading
from indicators.reading.periods import DoubtfulPeriod, Kind, Period, Reading, YearlessPeriod, day_of
from indicators.reading.vocabulary import LEFT_OUT
from indicators.reading.words import same_label


class Ends(Enum):
    """What the dates of a table are the last days of."""

    MONTHS = "months"
    MAYBE_QUARTERS = "maybe"
    QUARTERS = "quarters"
    YEARS = "years"


def ends_of(cells: Iterable[Value]) -> Ends:
    """Tell what the dates among these cells end.

    Quarters when one follows the other three months later, years when all are a 31/12; a lone 31/03 may
    also stand for March.
    """
    days = sorted({day for cell in cells if (day := day_of(cell))})
    if not days or any(day.month % 3 or (day + timedelta(1)).day != 1 for day in days):
        return Ends.MONTHS
    if len(days) > 1 and {day.month for day in days} == {12}:
        return Ends.YEARS
    ranks = [day.year * 12 + day.month for day in days]
    gaps = {later - earlier for earlier, later in pairwise(ranks)}
    return Ends.QUARTERS if gaps == {3} else Ends.MAYBE_QUARTERS


def ended(periods: Sequence[Period], kind: Kind) -> list[Period]:
    """Return the quarters, or the years, that these months end; what is no such month stays itself."""
    held = [Period.holding(period.end, kind) for period in periods]
    return [
        longer if period.kind == Kind.MONTH and longer.end == period.end else period
        for period, longer in zip(periods, held, strict=True)
    ]


@dataclass
class Dating:
    """Dates the cells of one table; ``cell`` is where a question about it is asked."""

    sheet: str
    cell: str
    around: Sequence[Heading]
    remembered: Mapping[str, str]
    _periods: dict[tuple[Reading | None, Reading | None], Period | Why | Question] = field(
        default_factory=dict
    )

    def period(
        self, heading: Heading, over: Heading, around: Sequence[Heading]
    ) -> Period | Why | Question:
        """Return the period of cells under ``over`` in the row of ``heading``.

        Otherwise what must be asked, or why there is none. ``around`` differs from that of the
        table where a section speaks too.
        """
        if around is not self.around or heading.years_back or over.years_back:
            found = self._found(heading, over, around)
            back = over.years_back or heading.years_back
            return replace(found, year=found.year - back) if isinstance(found, Period) else found
        key = heading.period, over.period
        if key not in self._periods:
            self._periods[key] = self._found(heading, over, around)
        return self._periods[key]

    def _found(
        self, heading: Heading, over: Heading, around: Sequence[Heading]
    ) -> Period | Why | Question:
        near = [h.period for h in (over, heading) if h.period is not None]
        for period in near:
            if isinstance(period, DoubtfulPeriod):
                return Why(period.message)
        far = [h.period for h in around if h.period is not None]
        for period in near:
            if isinstance(period, Period) and period.kind != Kind.YEAR:
                return period
        for group in (near, far):
            part = next((p for p in group if isinstance(p, YearlessPeriod)), None)
            years = [p.year for p in (*near, *far) if isinstance(p, Period)]
            if part:
                return part.of_year(years[0]) if years else self._year_asked(part)
            whole = next((p for p in group if isinstance(p, Period)), None)
            later = next((p for p in far if isinstance(p, YearlessPeriod)), None)
            if whole and whole.kind == Kind.YEAR and later:
                return later.of_year(whole.year)
            if whole:
                return whole
        return self._period_asked()

    def _year_asked(self, part: YearlessPeriod) -> Period | Why | Question:
        answer, question = self._asked("year", "De quelle année parle")
        return part.of_year(int(answer)) if re.fullmatch(r"\d{4}", answer) else question

    def _period_asked(self) -> Period | Why | Question:
        answer, question = self._asked("period", "De quelle période parle")
        try:
            return Period.from_code(answer)
        except ValueError:
            return question

    def _asked(self, kind: str, words: str) -> tuple[str, Why | Question]:
        """Return the answer given earlier, and what to do without a good one."""
        key = f"{kind}:{same_label(self.sheet)}"
        answer = self.remembered.get(key, "")
        if answer == IGNORE:
            return "", LEFT_OUT
        where = f"la feuille « {self.sheet} »" if self.sheet else "ce fichier"
        return answer, Question(kind, key, self.sheet, self.cell, f"{words} {where} ?")
