"""Tables that count by day, by week or by hour: no measure is so short, and none is added up here."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from common.spreadsheets import Value
from indicators.reading.definitions import RefusalKind, Why
from indicators.reading.layout import Layout
from indicators.reading.periods import day_of, plain


_SEVERAL = 3
_SAMPLE = 60
_WEEK_HEAD = re.compile(r"(?:n ?°? ?(?:de )?)?(?:semaines?|sem\.?|week)")
_WEEK = re.compile(r"(?:semaine|sem\.?|s|w) ?(?:n ?°? ?)?(\d{1,2})(?:[ /-]+(?:20)?\d\d)?")
_HOUR = re.compile(r"\d{1,2} ?(?:h|:)(?: ?\d\d)?(?: ?(?:-|a|/) ?\d{1,2} ?(?:h|:)(?: ?\d\d)?)?")
_WEEKDAYS = {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}


def too_fine(layout: Layout) -> Why | None:
    """Return why a table of days, weeks or hours is not used; None for any other table."""
    grain = _grain(layout)
    if not grain:
        return None
    return Why(
        f"Ce tableau compte par {grain}, et une mesure porte sur un mois au moins. Ajoutez-y un tableau par "
        "mois, où les nombres sont additionnés et les taux recalculés : ils ne s’additionnent pas ici.",
        RefusalKind.NO_TABLE,
    )


def side_by_side(layout: Layout) -> Why | None:
    """Return why a row that begins twice is not used: it holds the figures of two tables."""
    columns, kinds = layout.label_columns, layout.label_kinds
    for kind in ("period", "service", "indicator"):
        for first, second in pairwise(column for column in columns if kinds[column] == kind):
            between = set(range(first + 1, second))
            empty = between - {c for c in between if layout.headings[c].text}
            empty -= {*columns, *layout.value_columns}
            is_split = between & set(layout.value_columns) and (empty or kind == "period")
            if is_split and (layout.headings[second].meanings or _differ(layout, first, second)):
                return Why(
                    "Deux tableaux sont côte à côte : leurs lignes ne se distinguent pas. Placez-les l’un "
                    "sous l’autre, séparés par une ligne vide, chacun sous son titre."
                )
    return None


def _differ(layout: Layout, first: int, second: int) -> bool:
    """Tell whether a row says one thing on the left and another on the right."""
    pairs = ({layout.at(row, first), layout.at(row, second)} - {""} for row in layout.table.rows)
    return any(len(pair) > 1 for pair in pairs)


def _grain(layout: Layout) -> str:
    for labels in _axes(layout):
        texts = [plain(label) if isinstance(label, str) else "" for label in labels]
        days = {day for label in labels if (day := day_of(label))}
        in_month = Counter((day.year, day.month) for day in days)
        if max(in_month.values(), default=0) >= _SEVERAL:
            return "jour"
        if len(_WEEKDAYS & {text.split(" ")[0] for text in texts}) >= _SEVERAL:
            return "jour"
        weeks = {int(match[1]) for text in texts if (match := _WEEK.fullmatch(text))}
        is_headed = bool(texts) and bool(_WEEK_HEAD.fullmatch(texts[0]))
        if max(weeks, default=0) > 2 and len(weeks) >= _SEVERAL or is_headed:
            return "semaine"
        if len({text for text in texts if _HOUR.fullmatch(text)}) >= _SEVERAL:
            return "heure"
    return ""


def _axes(layout: Layout) -> Iterator[list[Value]]:
    """Yield the labels over the figures, then each column of labels with its heading."""
    headings = layout.table.headings
    yield [cell for column in layout.value_columns for cell in headings.get(column, ())]
    for column in layout.label_columns:
        if layout.label_kinds[column] not in ("aside", "service", "unit"):
            cells = [layout.at(row, column) for row in layout.table.rows[:_SAMPLE]]
            yield [*headings.get(column, ()), *cells]
