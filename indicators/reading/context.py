"""What the words around a table say: its titles, the name of its sheet, the corner over its labels."""

import re
from collections import Counter
from collections.abc import Iterable

from common.spreadsheets import Value
from indicators.reading.definitions import RefusalKind, Why
from indicators.reading.headings import (
    NOTHING,
    Heading,
    Reader,
    is_whole_prefecture,
    joined,
    without_loose_service,
)
from indicators.reading.layout import Layout
from indicators.reading.periods import DoubtfulPeriod, Period, is_dated_by_hand, plain, without_days
from indicators.reading.tables import Spot


_EDITED_ON = re.compile(r"(?:edite|imprime|mis a jour|mise a jour|maj|extrait|extraction|date d)")
# How a table is laid out, not what it counts.
_ALONG = re.compile(
    r"[\s,–-]*\bpar (?:services?|sites?|bureaux?|mois|trimestres?|semestres?|ans?|années?)\b"
    r"(?:,? (?:et )?(?:par )?(?:services?|sites?|bureaux?|mois|trimestres?|semestres?|ans?|années?)\b)*",
    re.IGNORECASE,
)
_GOALS = re.compile(
    r"(?:cibles?|objectifs?|previsions?|valeurs? cibles?)"
    r"(?: (?:qualite|annuels?|annuelles|fixes|a atteindre|et|cibles|objectifs|de l annee))*"
)
TITLE_SURE = 0.8  # « Enquête 2021 » names no indicator


# « Préfecture de Loir-et-Cher – Mission qualité »: who keeps the table, not what it measures.
_LETTERHEAD = re.compile(r"\bprefecture\b.*\b(?:qualite|pilotage|controle de gestion)\b")


def context_of(reader: Reader, spots: Iterable[Spot]) -> Heading:
    """Return what titles say together; a date of printing or of signature is no period."""
    found = NOTHING
    spots = tuple(spots)
    beside = Counter(spot.row for spot in spots)
    named: dict[int, set[str]] = {}  # row → indicators that its titles may name
    torn = False
    edited = -1  # the row of « Édité le : », which may stand beside its date
    for spot in spots:
        if isinstance(spot.cell, str) and _EDITED_ON.match(plain(spot.cell)):
            edited = spot.row
        if edited == spot.row:
            continue
        heading = without_loose_service(_title(reader, _unsigned(spot.cell)))
        is_of_all = is_whole_prefecture(heading.text) or _LETTERHEAD.search(plain(heading.text))
        if heading.service and is_of_all:
            heading = heading._replace(service=None)  # « Préfecture » is a site only among sites
        if isinstance(heading.period, DoubtfulPeriod):
            heading = heading._replace(period=None)
        unit = heading.unit if len(plain(str(spot.cell))) > 2 else ""  # « j.csv » counts no days
        if heading.confidence < TITLE_SURE:
            heading = heading._replace(meanings=(), unknown=heading.text)
        targets = {match.target for match in heading.meanings}
        torn = torn or bool(targets) and not targets & named.setdefault(spot.row, targets)
        goals = goals_of(heading) if beside[spot.row] == 1 else None
        found = joined(found, heading._replace(head="", role=None, aside=goals, unit=unit))
    # Two titles side by side stand over two tables: neither speaks for both.
    return found._replace(meanings=(), unknown=found.text) if torn else found


def goals_of(heading: Heading) -> Why | None:
    """Return why nothing is a measure under « Objectifs 2021 »; None under any other title."""
    if not any(map(_GOALS.fullmatch, heading.bare)):
        return None
    message = f"« {heading.text} » annonce des cibles : ce ne sont pas des mesures."
    return Why(message, RefusalKind.LEFT_OUT)


def _title(reader: Reader, cell: Value) -> Heading:
    """Return what a title says, « par service » or « par mois » left out where it is in the way."""
    heading = reader.heading(cell)
    if isinstance(cell, str) and (heading.unknown or heading.confidence < TITLE_SURE):
        plainer = _ALONG.sub(" ", cell)
        return reader.heading(plainer) if plainer != cell else heading
    return heading


def _unsigned(cell: Value) -> Value:
    """Return a title without the day of the document: « Comité du 12/03/2021 : 4e trimestre 2020 »."""
    return without_days(cell) if isinstance(cell, str) and is_dated_by_hand(cell) else cell


def with_corner(layout: Layout, around: list[Heading]) -> list[Heading]:
    """Add what stands over the labels: « 2021 » in the corner, or the indicator of the whole table."""
    for column in layout.label_columns:
        head = layout.headings[column]
        period = head.period if isinstance(head.period, Period) else None
        meanings = () if head.head or layout.row_axis == "indicator" else head.meanings
        if (period or meanings) and not head.aside:
            is_of_service = (
                meanings and layout.row_axis != "service" and layout.column_axis != "service"
            )
            corner = Heading(
                period=period, meanings=meanings, label=head.label, unit=head.unit,
                service=head.service if is_of_service else None, grip=head.grip,
                possible=head.possible if meanings else (),
            )  # fmt: skip
            nearest, *others = around
            return [joined(nearest, corner), *others]
    return around
