"""Periods of measures: months, quarters, halves and years, and the many ways people write them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Self

from rapidfuzz import fuzz, process

from common.typography import MONTHS


class Kind(StrEnum):
    """How long a period lasts, from the shortest."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


_MONTHS_IN = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF: 6, Kind.YEAR: 12}
_CODE = re.compile(r"(\d{4})(?:-(T[1-4]|S[12]|0[1-9]|1[0-2]))?")
_KIND_WORDS = {Kind.QUARTER: "trimestre", Kind.HALF: "semestre"}


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A span of whole months; ``rank`` counts from 1 in its year (the year itself: 1).

    Ordered by year, then by rank within one kind.
    """

    year: int
    rank: int
    kind: Kind

    def __post_init__(self) -> None:
        if not 1 <= self.rank <= 12 // self.months:
            raise ValueError(f"no {self.kind} {self.rank}")

    @classmethod
    def from_code(cls, code: str) -> Self:
        """Return the period written ``2021``, ``2022-S1``, ``2020-T1`` or ``2021-01``.

        Raises ``ValueError`` on anything else.
        """
        match = _CODE.fullmatch(code)
        if not match:
            raise ValueError(f"not a period: {code!r}")
        year, part = int(match[1]), match[2] or ""
        if not part:
            return cls(year, 1, Kind.YEAR)
        if part[0] == "T":
            return cls(year, int(part[1]), Kind.QUARTER)
        if part[0] == "S":
            return cls(year, int(part[1]), Kind.HALF)
        return cls(year, int(part), Kind.MONTH)

    @classmethod
    def holding(cls, day: date, kind: Kind) -> Self:
        """Return the period of this kind that holds a day."""
        return cls(day.year, (day.month - 1) // _MONTHS_IN[kind] + 1, kind)

    @property
    def months(self) -> int:
        """How many months it lasts."""
        return _MONTHS_IN[self.kind]

    @property
    def code(self) -> str:
        """« 2021 », « 2022-S1 », « 2020-T1 », « 2021-01 »."""
        match self.kind:
            case Kind.YEAR:
                return f"{self.year}"
            case Kind.HALF:
                return f"{self.year}-S{self.rank}"
            case Kind.QUARTER:
                return f"{self.year}-T{self.rank}"
        return f"{self.year}-{self.rank:02d}"

    @property
    def label(self) -> str:
        """« 2021 », « 1er semestre 2022 », « 2e trimestre 2020 », « janvier 2021 »."""
        if self.kind == Kind.YEAR:
            return f"{self.year}"
        if self.kind == Kind.MONTH:
            return f"{MONTHS[self.rank - 1]} {self.year}"
        return f"{self.rank}{'er' if self.rank == 1 else 'e'} {_KIND_WORDS[self.kind]} {self.year}"

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, (self.rank - 1) * self.months + 1, 1)

    @property
    def end(self) -> date:
        """Last day."""
        return self.next().start - timedelta(days=1)

    def next(self) -> "Period":
        """Return the period of the same kind that follows."""
        return self._moved(1)

    def previous(self) -> "Period":
        """Return the period of the same kind that comes before."""
        return self._moved(-1)

    def same_last_year(self) -> "Period":
        """Return the same months one year before."""
        return Period(self.year - 1, self.rank, self.kind)

    def contains(self, other: "Period") -> bool:
        """Tell whether every day of ``other`` is a day of this period."""
        return self.start <= other.start and other.end <= self.end

    def _moved(self, steps: int) -> "Period":
        per_year = 12 // self.months
        years, rank = divmod(self.year * per_year + self.rank - 1 + steps, per_year)
        return Period(years, rank + 1, self.kind)


@dataclass(frozen=True, slots=True)
class YearlessPeriod:
    """« janvier », « T1 »: the year stands elsewhere, in a title or in another heading."""

    rank: int
    kind: Kind

    def of_year(self, year: int) -> Period:
        return Period(year, self.rank, self.kind)


@dataclass(frozen=True, slots=True)
class DoubtfulPeriod:
    """What resembles a period and cannot be taken for one; ``message`` says why, in French."""

    message: str


Reading = Period | YearlessPeriod | DoubtfulPeriod

# --- How people write them --------------------------------------------------------------------

# Every beginning of a month that names one only: « jan », « janv », « fev », « mars »…
_SHORT = {
    "jan": 1, "janv": 1, "fev": 2, "fevr": 2, "fv": 2, "mar": 3, "avr": 4, "juin": 6, "jun": 6,
    "juil": 7, "jul": 7, "juill": 7, "aou": 8, "aout": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11,
    "dec": 12, "feb": 2, "apr": 4, "may": 5, "aug": 8,
}  # fmt: skip


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """Return ``text`` in lower case, without accents, with plain spaces, hyphens and apostrophes."""
    text = unicodedata.normalize("NFKD", text.replace("’", "'")).lower()
    text = "".join(mark for mark in text if not unicodedata.combining(mark))
    return re.sub(r"\s+", " ", re.sub(r"[‐‑‒–—−]", "-", text)).strip()


_MONTH_RANKS = {plain(name): rank for rank, name in enumerate(MONTHS, 1)} | _SHORT
_NAMES = "|".join(sorted(_MONTH_RANKS, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_ANY_YEAR = r"'?(?P<year>(?:19|20)\d\d|\d\d)"
_SHORT_YEAR = r"'?(?P<year>\d\d)"
_SEP = r"[\s./_-]*"
_ORDINAL = (
    r"(?P<rank>[1-4]|premier|deuxieme|second|troisieme|quatrieme|i{1,3}|iv)(?:er|ere|e|eme|nd|nde)?"
)
_RANKS = {
    "premier": 1, "deuxieme": 2, "second": 2, "troisieme": 3, "quatrieme": 4,
    "i": 1, "ii": 2, "iii": 3, "iv": 4,
}  # fmt: skip
_QUARTER_WORD, _HALF_WORD = r"(?:trimestre|trim|tri)\b\.?", r"(?:semestre|sem)\b\.?"

_WITH_YEAR: list[tuple[re.Pattern[str], Kind]] = [
    (re.compile(pattern), kind)
    for kind, pattern in [
        (Kind.QUARTER, rf"\b[tq]{_SEP}(?P<rank>[1-4])(?:{_SEP}{_ANY_YEAR})\b"),
        (Kind.QUARTER, rf"\b(?P<rank>[1-4]){_SEP}[tq]{_SEP}{_ANY_YEAR}\b"),
        (Kind.QUARTER, rf"\b{_YEAR}{_SEP}[tq]{_SEP}(?P<rank>[1-4])\b"),
        (Kind.QUARTER, rf"\b{_ORDINAL} ?{_QUARTER_WORD}{_SEP}(?:de )?(?:l'annee )?{_YEAR}\b"),
        (Kind.QUARTER, rf"\b{_QUARTER_WORD} ?(?P<rank>[1-4]){_SEP}{_YEAR}\b"),
        (Kind.QUARTER, rf"\b{_ORDINAL} ?{_QUARTER_WORD} ?{_SHORT_YEAR}$"),
        (Kind.HALF, rf"\bs{_SEP}(?P<rank>[12])(?:{_SEP}{_ANY_YEAR})\b"),
        (Kind.HALF, rf"\b(?P<rank>[12]){_SEP}s{_SEP}{_ANY_YEAR}\b"),
        (Kind.HALF, rf"\b{_YEAR}{_SEP}s{_SEP}(?P<rank>[12])\b"),
        (Kind.HALF, rf"\b{_ORDINAL} ?{_HALF_WORD}{_SEP}(?:de )?(?:l'annee )?{_YEAR}\b"),
        (Kind.HALF, rf"\b{_HALF_WORD} ?(?P<rank>[12]){_SEP}{_YEAR}\b"),
        (Kind.HALF, rf"\b{_ORDINAL} ?{_HALF_WORD} ?{_SHORT_YEAR}$"),
        (Kind.MONTH, rf"\b(?P<rank>{_NAMES})\b\.?{_SEP}(?:de )?(?:l'annee )?{_ANY_YEAR}\b"),
        (Kind.MONTH, rf"\b{_YEAR}{_SEP}(?P<rank>{_NAMES})\b\.?"),
        (Kind.MONTH, rf"\b{_YEAR}[ -]?m(?P<rank>0?[1-9]|1[0-2])\b"),
        (Kind.MONTH, rf"(?<![\d/.-])(?P<rank>0?[1-9]|1[0-2])[/.-]{_YEAR}(?![\d/.-])"),
        (Kind.MONTH, rf"(?<![\d/.-]){_YEAR}[/.-]?(?P<rank>0[1-9]|1[0-2])(?![\d/.-])"),
    ]
]
_WITHOUT_YEAR: list[tuple[re.Pattern[str], Kind]] = [
    (re.compile(r"\bt ?(?P<rank>[1-4])\b|\bq(?P<q>[1-4])\b"), Kind.QUARTER),
    (re.compile(rf"\b{_ORDINAL} ?{_QUARTER_WORD}"), Kind.QUARTER),
    (re.compile(rf"\b{_QUARTER_WORD} ?(?P<rank>[1-4])\b"), Kind.QUARTER),
    (re.compile(r"\bs(?P<rank>[12])\b"), Kind.HALF),
    (re.compile(rf"\b{_ORDINAL} ?{_HALF_WORD}"), Kind.HALF),
    (re.compile(rf"\b{_HALF_WORD} ?(?P<rank>[12])\b"), Kind.HALF),
    (re.compile(rf"\b(?P<rank>{_NAMES})\b\.?"), Kind.MONTH),
]
_SPAN = re.compile(
    rf"\b(?:de )?(?P<first>{_NAMES})\b\.? ?(?:a|-|au|/) ?(?P<last>{_NAMES})\b\.?(?:{_SEP}{_ANY_YEAR}\b)?"
)
_LONE_YEAR = re.compile(
    r"(?:\b(?:l'|en |pour )?(?:annee|exercice|an) )?(?<![\d/.,])\b(?:19|20)\d\d\b(?![\d/]|[.,]\d| ?%)"
)
_DAY = re.compile(
    r"(?<!\d)(?:(?P<dd>\d{1,2})[/.-](?P<dm>\d{1,2})[/.-](?P<dy>\d{4}|\d{2})"
    r"|(?P<iy>\d{4})-(?P<im>\d\d)-(?P<id>\d\d)"
    rf"|(?P<wd>\d{{1,2}})(?:er)?[ -](?P<wm>{_NAMES})\b\.?[ -](?P<wy>(?:19|20)\d\d|\d\d))"
    r"(?:[ t]00:00(?::00)?)?(?!\d)"
)
_YEARS = re.compile(r"(?<![\d/.-])((?:19|20)\d\d) ?[/-] ?((?:19|20)\d\d)(?![\d/.-])")
_FIRST_DAY = rf"(?P<d>\d{{1,2}})(?:er)?(?:[/.-](?P<m>\d{{1,2}})|[ -](?P<w>{_NAMES})\b\.?)"
_DAYS = re.compile(
    rf"\b(?:du )?{_FIRST_DAY}(?:[ /.-](?P<y>\d{{4}}|\d\d))? ?(?:au|a|-) ?(?={_DAY.pattern})"
)
_AT = re.compile(r"(?:(?:situation|arretee?s?|etat) )?(?:au|fin) ")
_NO_PERIOD = "« {} » est un jour, pas une période : écrivez le mois, le trimestre ou l’année."
_YEARLESS_DAY = re.compile(rf"(?<![\d/])(?P<d>\d{{1,2}})(?:er)? (?P<w>{_NAMES})\b(?!\.?{_SEP}\d)")
_WORD_AND_YEAR = re.compile(r"(?P<word>[a-z]{3,10})\.?[\s./-]*'?(?P<year>(?:19|20)\d\d|\d\d)")


def is_dated_by_hand(text: str) -> bool:
    """Tell whether a text holds a day among other words (« Blois, le 31/03/2021 ») and no span of days.

    It dates the document: it may be the end of a month, of a quarter, or of nothing.
    """
    line = plain(text)
    match = _DAY.search(line)
    return bool(match) and not _DAYS.search(line) and not _DAY.fullmatch(line)


def without_days(text: str) -> str:
    """Return a text in plain letters, its days left out."""
    return re.sub(r"\s+", " ", _DAY.sub(" ", plain(text))).strip(" ,;:-")


def period_of_day(day: date) -> Period | DoubtfulPeriod:
    """Return the month that a date cell stands for: its first or its last day."""
    month = Period.holding(day, Kind.MONTH)
    if day in (month.start, month.end):
        return month
    return DoubtfulPeriod(_NO_PERIOD.format(f"{day:%d/%m/%Y}"))


def span_of_days(first: date, last: date, text: str) -> Period | DoubtfulPeriod:
    """Return the period that goes from one day to another; ``text`` says them."""
    for kind in Kind:
        period = Period.holding(last, kind)
        if (period.start, period.end) == (first, last):
            return period
    return DoubtfulPeriod(
        f"« {text} » n’est ni un mois, ni un trimestre, ni un semestre, ni une année."
    )


def day_of(cell: object) -> date | None:
    """Return the day that a date cell, or a text that is a date and nothing else, stands for."""
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day)
    match = _DAY.fullmatch(_AT.sub("", plain(cell))) if isinstance(cell, str) else None
    if not match:
        return None
    return _matched_day(match)


def read_period(text: str) -> Reading | None:
    """Read a text that is a period and nothing else; None when it is none.

    >>> read_period("1er trimestre 2020").code
    '2020-T1'
    """
    found = find_period(text)
    if found is not None and not found[1]:
        return found[0]
    return None if found is not None else _misspelt(text.strip())


@lru_cache(maxsize=10_000)
def find_period(text: str) -> tuple[Reading, str] | None:
    """Find the period written inside a text; return it with the words left, accents lost."""
    line = plain(text)
    for search in _SEARCHES:
        found = search(line)
        if found:
            reading, match = found
            left = f"{line[: match.start()]} {line[match.end() :]}"
            return reading, re.sub(r"\s+", " ", left).strip(" .,:;-()[]/'")
    return None


def _year_number(text: str) -> int:
    number = int(text)
    if number >= 100:
        return number
    return number + (2000 if number < 70 else 1900)


def _rank(text: str) -> int:
    if text in _MONTH_RANKS:
        return _MONTH_RANKS[text]
    return _RANKS.get(text) or int(text)


def _dated_in(line: str) -> tuple[Reading, re.Match[str]] | None:
    for pattern, kind in _WITH_YEAR:
        if match := pattern.search(line):
            return Period(_year_number(match["year"]), _rank(match["rank"]), kind), match
    return None


def _year_in(line: str) -> tuple[Reading, re.Match[str]] | None:
    """A year alone; with a quarter or a month elsewhere in the text, it is the year of that."""
    match = _LONE_YEAR.search(line)
    if not match:
        return None
    year = int(match[0][-4:])
    rest = f"{line[: match.start()]}{' ' * len(match[0])}{line[match.end() :]}"
    part = _yearless_in(rest)
    if (
        part
        and isinstance(part[0], YearlessPeriod)
        and not rest.replace(part[1][0], "").strip(" .,-:()")
    ):
        whole = re.compile(r".*", re.DOTALL).match(line)
        return (part[0].of_year(year), whole) if whole else None
    return Period(year, 1, Kind.YEAR), match


def _yearless_day_in(line: str) -> tuple[Reading, re.Match[str]] | None:
    """« 12 mai » is a day; « 05 mai » may be a month and its number."""
    match = _YEARLESS_DAY.search(line)
    if not match or int(match["d"]) == _rank(match["w"]):
        return None
    return DoubtfulPeriod(_NO_PERIOD.format(match[0])), match


def _yearless_in(line: str) -> tuple[Reading, re.Match[str]] | None:
    for pattern, kind in _WITHOUT_YEAR:
        if match := pattern.search(line):
            groups = match.groupdict()
            return YearlessPeriod(_rank(groups["rank"] or groups.get("q") or "0"), kind), match
    return None


def _span_in(line: str) -> tuple[Reading, re.Match[str]] | None:
    """« janvier à mars 2020 » is a quarter, « janv.-juin » a half; other spans are doubtful."""
    match = _SPAN.search(line)
    if not match:
        return None
    first, last = _MONTH_RANKS[match["first"]], _MONTH_RANKS[match["last"]]
    for kind, months in _MONTHS_IN.items():
        if last - first + 1 == months and (first - 1) % months == 0:
            part = YearlessPeriod((first - 1) // months + 1, kind)
            return (part.of_year(_year_number(match["year"])) if match["year"] else part), match
    message = f"« {match[0]} » n’est ni un mois, ni un trimestre, ni un semestre, ni une année."
    return DoubtfulPeriod(message), match


def _day_in(line: str) -> tuple[Reading, re.Match[str]] | None:
    match = _DAY.search(line)
    if not match:
        return None
    day = _matched_day(match)
    if day is None:
        return DoubtfulPeriod(f"« {match[0]} » n’est pas une date du calendrier."), match
    return period_of_day(day), match


def is_end(text: str) -> bool:
    """Tell whether a text is « au 31/12/2021 » and nothing else."""
    line = plain(text)
    start = _AT.match(line)
    return bool(start) and _DAY.fullmatch(line, start.end() if start else 0) is not None


def _matched_day(match: re.Match[str]) -> date | None:
    year, month, day = (
        match[f"d{part}"] or match[f"i{part}"] or match[f"w{part}"] for part in ("y", "m", "d")
    )
    try:
        return date(_year_number(year), _rank(month), int(day))
    except ValueError:
        return None


def _days_in(line: str) -> tuple[Reading, re.Match[str]] | None:
    """« du 01/01/2021 au 31/03/2021 » is a quarter; a span that is no period is doubtful."""
    match = _DAYS.search(line)
    end = _DAY.match(line, match.end()) if match else None
    last = _matched_day(end) if end else None
    if match is None or end is None or last is None:
        return None
    year = _year_number(match["y"]) if match["y"] else last.year
    text = line[match.start() : end.end()]
    whole = re.compile(re.escape(text)).search(line)
    try:
        first = date(year, _rank(match["w"] or match["m"]), int(match["d"]))
    except ValueError:
        return None
    return (span_of_days(first, last, text), whole) if whole else None


def _years_in(line: str) -> tuple[Reading, re.Match[str]] | None:
    """« 2020-2021 », alone: a school year, or two years together."""
    match = _YEARS.fullmatch(line)
    if not match or int(match[2]) != int(match[1]) + 1:
        return None
    message = (
        f"« {match[0]} » va d’une année à l’autre : donnez les chiffres par année civile, par trimestre "
        "ou par mois."
    )
    return DoubtfulPeriod(message), match


def _misspelt(text: str) -> DoubtfulPeriod | None:
    """« avrl-21 »: nearly a month, and a year; to be mended by a person."""
    match = _WORD_AND_YEAR.fullmatch(plain(text))
    if not match:
        return None
    names = [plain(name) for name in MONTHS]
    close = process.extractOne(match["word"], names, scorer=fuzz.ratio, score_cutoff=80)
    if not close:
        return None
    meant = f"{MONTHS[close[2]]} {_year_number(match['year'])}"
    return DoubtfulPeriod(
        f"« {text} » n’est pas une période connue. Écrivez « {meant} », si c’est bien cela."
    )


_SEARCHES = (
    _days_in,
    _span_in,
    _day_in,
    _years_in,
    _dated_in,
    _yearless_day_in,
    _year_in,
    _yearless_in,
)
