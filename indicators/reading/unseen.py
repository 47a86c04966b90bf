"""Figures that stand in hidden rows or columns: read as the others, and said."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby
from math import inf

from common.spreadsheet_answer import Sheet
from common.spreadsheet_reader import LAST_COLUMN
from indicators.reading.definitions import Notice
from indicators.reading.series import Series, address, letters


_MOST_NAMED = 5


def unseen(sheets: Iterable[Sheet], series: Iterable[Series]) -> list[Notice]:
    """Say of each sheet which rows and columns give figures that nobody sees."""
    hiding = {sheet.name: sheet for sheet in sheets if sheet.hidden}
    if not hiding:
        return []
    by_row: dict[str, dict[int, set[int]]] = {name: {} for name in hiding}
    for one in series:
        if one.sheet in hiding:
            by_row[one.sheet].setdefault(one.row, set()).update(one.columns)
    return [
        notice for name, rows in by_row.items() if (notice := _told(hiding[name], rows)) is not None
    ]


def _told(sheet: Sheet, rows: dict[int, set[int]]) -> Notice | None:
    across = [block for block in sheet.hidden if block.last_column == LAST_COLUMN]
    down = [block for block in sheet.hidden if block.last_column != LAST_COLUMN]
    lines = _within(rows, [(block.first_row, block.last_row) for block in across])
    used = set().union(*rows.values())
    columns = _within(used, [(block.first_column, block.last_column) for block in down])
    if not lines and not columns:
        return None
    first = lines[0] if lines else min(row for row in rows if columns[0] in rows[row])
    cell = address(first, min(rows[first]) if lines else columns[0])
    said = [
        _named("ligne", [f"{line + 1}" for line in lines], lines),
        _named("colonne", list(map(letters, columns)), columns),
    ]
    message = (
        f"Des chiffres lus ici sont masqués dans le classeur : {', '.join(filter(None, said))}. Affichez-les "
        "dans le tableur pour les vérifier ; supprimez-les s’ils ne comptent pas."
    )
    return Notice(sheet.name, cell, message)


def _within(numbers: Iterable[int], spans: list[tuple[int, int]]) -> list[int]:
    """Return the numbers that one of these spans holds, in order."""
    spans = sorted(spans)
    found = []
    for number in sorted(numbers):
        rank = bisect_right(spans, (number, inf)) - 1
        if rank >= 0 and number <= spans[rank][1]:
            found.append(number)
    return found


def _named(noun: str, names: Sequence[str], numbers: Sequence[int]) -> str:
    """« ligne 4 », « lignes 4 à 6, 8 et 12 »; nothing of nothing."""
    runs = [
        [name for _, (_, name) in group]
        for _, group in groupby(
            enumerate(zip(numbers, names, strict=True)), lambda told: told[1][0] - told[0]
        )
    ]
    listed = [run[0] if len(run) == 1 else f"{run[0]} à {run[-1]}" for run in runs]
    if len(listed) > _MOST_NAMED:
        listed = [*listed[:_MOST_NAMED], "d’autres"]
    *others, last = listed or [""]
    if not last:
        return ""
    plural = "s" if len(names) > 1 else ""
    return f"{noun}{plural} {', '.join(others)} et {last}" if others else f"{noun}{plural} {last}"
