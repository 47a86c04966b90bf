"""Labels that mean something together only: « Courriels » over « Reçus », « Traités », « Taux »."""

import re
from collections.abc import Iterable, Mapping, Sequence

from common.spreadsheets import Value
from indicators.reading.cells import rank_of
from indicators.reading.headings import Heading, Reader, without_loose_service
from indicators.reading.matching import Match, Role
from indicators.reading.periods import DoubtfulPeriod, Kind, YearlessPeriod
from indicators.reading.vocabulary import OPINIONS, answer_left_out
from indicators.reading.words import same_label


TITLE_CONFIDENCE = 0.9
_PARTS = (Role.NUMERATOR, Role.DENOMINATOR)
_MONTHS = "JFMAMJJASOND"
_BY_TELEPHONE = re.compile(
    r"\b(?:accueil |standard )?t[ée]l(?:[ée]phon(?:e|ique))?\b\.?", re.IGNORECASE
)
_OF_WHICH = re.compile(r"dont (?:nb |nombre )?(?:de )?", re.IGNORECASE)
_INITIALS = re.compile(r"[JFMASOND]{3,12}")


def together(reader: Reader, cells: Sequence[Value], found: Heading) -> Heading:
    """Return what labels that say no indicator one by one say when they are read as one."""
    texts = [str(cell) for cell in cells if without_loose_service(reader.heading(cell)).unknown]
    if not texts or found.aside or found.service and len(texts) < 2:
        return found
    return _read_as_one(reader, texts, found) or found


def under_title(
    reader: Reader, titles: Iterable[str], cells: Sequence[Value], found: Heading
) -> Heading:
    """Return what labels say under « Suivi des courriels », when they say no indicator alone."""
    if found.meanings or found.aside or not (found.possible or found.role or found.unit):
        return found
    texts = [str(cell) for cell in cells if reader.heading(cell).unknown]
    for title in titles:
        if one := _read_as_one(reader, [title, *texts], found):
            return one._replace(confidence=min(one.confidence, TITLE_CONFIDENCE))
    return found


def _read_as_one(reader: Reader, texts: Sequence[str], found: Heading) -> Heading | None:
    line = " ".join([*texts, "taux"] if found.is_rate else texts)
    one = reader.heading(_BY_TELEPHONE.sub("appels", line))  # « Téléphone », over « Reçus »
    if not one.meanings:
        one = reader.heading(line)
    if not one.meanings or one.period:
        return None
    return found._replace(
        meanings=one.meanings,
        label=one.label,
        possible=one.possible,
        unknown="",
        confidence=min(found.confidence, one.confidence),
    )


def in_their_group(
    reader: Reader,
    cells: Mapping[int, Sequence[Value]],
    headings: Sequence[Heading],
    titles: Iterable[str],
) -> list[Heading]:
    """Return the headings of columns, each also read with those over and beside it."""
    found = [
        together(reader, cells[column], heading)
        if len(cells.get(column, ())) > 1 and not heading.meanings
        else heading
        for column, heading in enumerate(headings)
    ]
    if not any(heading.meanings for heading in found):
        found = [
            under_title(reader, sorted(titles), cells.get(column, ()), heading)
            if heading.unknown
            else heading
            for column, heading in enumerate(found)
        ]
    found = [
        _rate_of_group(reader, cells, found, column) or _part_of_group(reader, cells, found, column)
        for column in range(len(found))
    ]
    found = [_part_beside(reader, cells, found, column) for column in range(len(found))]
    found = [
        _rate_of_group(reader, cells, found, column) or heading
        for column, heading in enumerate(found)
    ]
    return _with_shared_period(_without_answers(_with_this_year(_with_initials(found))))


def _group(cells: Mapping[int, Sequence[Value]], column: int) -> Sequence[Value]:
    return cells.get(column, ())[:-1]


def _rate_of_group(
    reader: Reader,
    cells: Mapping[int, Sequence[Value]],
    headings: Sequence[Heading],
    column: int,
) -> Heading | None:
    """Return « Taux », under « Courriels », as the rate of which the others are parts."""
    heading = headings[column]
    group = _group(cells, column)
    if not cells.get(column) or heading.meanings or heading.aside:
        return None
    possible = {match.target for match in heading.possible if match.role == Role.VALUE}
    if (
        not (heading.role or heading.unit or possible)
        or heading.unknown
        and not (group or possible)
    ):
        return None
    targets = {
        match.target
        for other, beside in enumerate(headings)
        if other != column and _group(cells, other) == group
        for match in beside.meanings
        if match.role == Role.NUMERATOR
    }
    if len(targets) != 1 or possible and not targets <= possible:
        return None
    meaning = Match(targets.pop(), Role.VALUE, heading.confidence)
    return heading._replace(meanings=(meaning,), label=heading.text, unknown="")


def _part_beside(
    reader: Reader,
    cells: Mapping[int, Sequence[Value]],
    headings: Sequence[Heading],
    column: int,
) -> Heading:
    """Return « dont traités sous 5 jours », right of « Courriels reçus », as the numerator of their rate."""
    heading, beside = headings[column], headings[column - 1] if column else Heading()
    wholes = {match.target for match in beside.meanings if match.role == Role.DENOMINATOR}
    is_detail = bool(_OF_WHICH.match(heading.text))
    if not wholes or not (is_detail or heading.unknown) or heading.meanings or heading.period:
        return heading
    subject = str(cells[column - 1][-1])
    one = reader.heading(f"{subject} {_OF_WHICH.sub('', heading.text)}")
    parts = [m for m in one.meanings if m.role == Role.NUMERATOR and m.target in wholes]
    if len(parts) != 1:
        return heading
    return heading._replace(
        meanings=tuple(parts), label=heading.text, unknown="", aside=None, confidence=one.confidence
    )


def _part_of_group(
    reader: Reader,
    cells: Mapping[int, Sequence[Value]],
    headings: Sequence[Heading],
    column: int,
) -> Heading:
    """Return a column among others of its group as a part of what the group means."""
    heading, own = headings[column], cells.get(column, ())
    group = _group(cells, column)
    if not group or not heading.meanings or heading.role:
        return heading
    found = part_under(reader, own, heading)
    if found is not heading or sum(_group(cells, other) == group for other in cells) < 2:
        return found
    unknown = reader.heading(own[-1]).unknown
    return heading._replace(meanings=(), unknown=unknown) if unknown else heading


def part_under(reader: Reader, cells: Sequence[Value], found: Heading) -> Heading:
    """Return « Reçus », under « Taux d’appels perdus », as one of its parts."""
    if len(cells) < 2 or not found.meanings or found.role:
        return found
    lower = reader.heading(cells[-1])
    if not lower.unknown or lower.period:
        return found
    targets = {match.target for match in found.meanings}
    parts = [match for match in reader.parts(str(cells[-1])) if match.target in targets]
    if not parts:
        return found
    return found._replace(meanings=(parts[0],), label=lower.text, confidence=parts[0].score)


def _with_initials(headings: list[Heading]) -> list[Heading]:
    """Return « J », « F », « M », « A »… side by side as the months that they begin."""
    initials = "".join(h.text if len(h.text) == 1 else " " for h in headings).upper()
    found = list(headings)
    for run in _INITIALS.finditer(initials):
        first = _MONTHS.find(run[0])
        for rank in range(len(run[0]) if first >= 0 else 0):
            period = YearlessPeriod(first + rank + 1, Kind.MONTH)
            found[run.start() + rank] = Heading(text=run[0][rank], period=period)
    return _with_numbers(found)


def _with_numbers(headings: list[Heading]) -> list[Heading]:
    """Return « 1 », « 2 », « 3 » side by side as months; four of them may be quarters."""
    ranks = [rank_of(heading.text) for heading in headings]
    numbers = [rank for rank in ranks if rank]
    if len(numbers) < 3 or numbers != list(range(1, len(numbers) + 1)):
        return headings
    doubt = DoubtfulPeriod("« 1 » à « 4 » : mois ou trimestres ? Écrivez « janvier », ou « T1 ».")
    return [
        heading._replace(
            period=doubt if len(numbers) == 4 else YearlessPeriod(rank, Kind.MONTH), unknown=""
        )
        if rank
        else heading
        for rank, heading in zip(ranks, headings, strict=True)
    ]


def _with_this_year(headings: list[Heading]) -> list[Heading]:
    """Return « N », beside « N-1 », as the period of the table rather than as a number."""
    if not any(heading.years_back for heading in headings):
        return headings
    return [
        heading._replace(aside=None, role=Role.VALUE)
        if heading.aside and heading.bare == {"n"}
        else heading
        for heading in headings
    ]


def _with_shared_period(headings: list[Heading]) -> list[Heading]:
    """Give « Numérateur », beside « T1 2021 », the one period of the table."""
    periods = {heading.period for heading in headings if heading.period and not heading.aside}
    if len(periods) != 1 or not any(h.role in _PARTS and not h.period for h in headings):
        return headings
    (period,) = periods
    return [
        heading._replace(period=period)
        if heading.role in _PARTS and not heading.period
        else heading
        for heading in headings
    ]


def _without_answers(headings: list[Heading]) -> list[Heading]:
    """Leave « Satisfait » out beside « Très satisfait »: an answer, not the satisfied together.

    So is « Total » there: all the answers to a question.
    """
    answers = [heading for heading in headings if same_label(heading.text) in OPINIONS]
    if not answers:
        return headings
    return [
        heading._replace(aside=answer_left_out(heading.text))
        if same_label(heading.text) in ("satisfait", "satisfaits") or heading.is_total
        else heading
        for heading in headings
    ]
