"""Labels that mean something together only: « Courriels » over « Reçus », « Traités », « Taux »."""

from collections.abc import Mapping, Sequence

from common.spreadsheets import Value
from indicators.reading.definitions import RefusalKind, Why
from indicators.reading.headings import OPINIONS, Heading, Reader
from indicators.reading.matching import Match, Role
from indicators.reading.words import same_label


def together(reader: Reader, cells: Sequence[Value], found: Heading) -> Heading:
    """Return what labels that say no indicator one by one say when they are read as one."""
    texts = [str(cell) for cell in cells if reader.heading(cell).unknown]
    if not texts or found.aside or found.service and len(texts) < 2:
        return found
    one = reader.heading(" ".join([*texts, *_rate_words(found)]))
    if not one.meanings or one.period:
        return found
    return found._replace(
        meanings=one.meanings,
        label=one.label,
        possible=one.possible,
        unknown="",
        confidence=min(found.confidence, one.confidence),
    )


def in_their_group(
    reader: Reader, cells: Mapping[int, Sequence[Value]], headings: Sequence[Heading]
) -> list[Heading]:
    """Return the headings of columns, each also read with those over and beside it."""
    found = [
        together(reader, cells[column], heading)
        if len(cells.get(column, ())) > 1 and not heading.meanings
        else heading
        for column, heading in enumerate(headings)
    ]
    found = [
        _rate_of_group(reader, cells, found, column) or _part_of(reader, cells, found, column)
        for column in range(len(found))
    ]
    return _without_answers(_with_this_year(found))


def _rate_words(found: Heading) -> list[str]:
    return ["taux"] if found.role == Role.VALUE and "taux" in same_label(found.text) else []


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
    if not group or heading.meanings or heading.aside or not (heading.role or heading.unit):
        return None
    targets = {
        match.target
        for other, beside in enumerate(headings)
        if other != column and _group(cells, other) == group
        for match in beside.meanings
        if match.role == Role.NUMERATOR
    }
    if len(targets) != 1:
        return None
    meaning = Match(targets.pop(), Role.VALUE, heading.confidence)
    return heading._replace(meanings=(meaning,), label=heading.text, unknown="")


def _part_of(
    reader: Reader,
    cells: Mapping[int, Sequence[Value]],
    headings: Sequence[Heading],
    column: int,
) -> Heading:
    """Return « Reçus », under « Taux d’appels perdus » and beside other parts, as one of its parts."""
    heading = headings[column]
    own = cells.get(column, ())
    group = _group(cells, column)
    if not group or not heading.meanings or heading.role:
        return heading
    lower = reader.heading(own[-1])
    is_alone = sum(_group(cells, other) == group for other in cells) < 2
    if not lower.unknown or lower.period or is_alone:
        return heading
    targets = {match.target for match in heading.meanings}
    parts = [match for match in reader.parts(str(own[-1])) if match.target in targets]
    if not parts:
        return heading._replace(meanings=(), unknown=lower.unknown)
    return heading._replace(meanings=(parts[0],), label=lower.text, confidence=parts[0].score)


def _with_this_year(headings: list[Heading]) -> list[Heading]:
    """Return « N », beside « N-1 », as the period of the table rather than as a number."""
    if not any(heading.years_back for heading in headings):
        return headings
    return [
        Heading(text=heading.text, role=Role.VALUE)
        if heading.aside and same_label(heading.text) == "n"
        else heading
        for heading in headings
    ]


def _without_answers(headings: list[Heading]) -> list[Heading]:
    """Leave « Satisfait » out beside « Très satisfait »: an answer, not the satisfied together."""
    answers = [heading for heading in headings if same_label(heading.text) in OPINIONS]
    if not answers:
        return headings
    message = "« {} » est une réponse parmi d’autres : ajoutez une ligne ou une colonne « Satisfaits et très satisfaits »."
    return [
        heading._replace(aside=Why(message.format(heading.text), RefusalKind.LEFT_OUT))
        if same_label(heading.text) in ("satisfait", "satisfaits")
        else heading
        for heading in headings
    ]
