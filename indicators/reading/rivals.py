"""One indicator of the whole préfecture, given by one sheet for a service and by another for all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from common.typography import number_in_words
from indicators.reading.definitions import Figure, IndicatorDefinition, Notice, Unit
from indicators.reading.figure_list import PlainRow
from indicators.reading.parts import plain_number
from indicators.reading.periods import Period
from indicators.reading.series import Series


Values = dict[Period, tuple[str, Decimal]]


def rivals(
    series: Iterable[Series],
    figures: Iterable[Figure | PlainRow],
    definitions: Mapping[str, IndicatorDefinition],
    names: Mapping[str, str],
) -> list[Notice]:
    """Say where two sheets give different figures for the préfecture, because one bears a service's name.

    Both are kept: « Standard » may be a part of the whole. Two services or more are parts; a total on
    the same sheet as well.
    """
    places: dict[str, dict[str | None, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in series:
        if definitions[one.indicator].level == "prefecture":
            places[one.indicator][one.service].add(one.sheet)
    suspects = {
        code: sheets
        for code, sheets in places.items()
        if len(sheets) == 2 and None in sheets and not set.intersection(*sheets.values())
    }
    if not suspects:
        return []
    values: dict[tuple[str, str | None, str], Values] = defaultdict(dict)
    for part in figures:
        if part.indicator in suspects:
            for figure in part.figures() if isinstance(part, PlainRow) else (part,):
                if figure.value is not None:
                    place = figure.indicator, figure.service, figure.sheet
                    values[place][figure.period] = figure.cell, figure.value
    return [
        notice
        for code, sheets in suspects.items()
        for service in sheets
        if service is not None
        for sheet in sorted(sheets[service])
        for other in sorted(sheets[None])
        for notice in _told(
            definitions[code],
            names.get(service, service),
            (sheet, values[code, service, sheet]),
            (other, values[code, None, other]),
        )
    ]


def _told(
    definition: IndicatorDefinition,
    service: str,
    part: tuple[str, Values],
    whole: tuple[str, Values],
) -> list[Notice]:
    """Return one sentence on the periods for which two sheets differ; none when they agree."""
    (sheet, mine), (other, theirs) = part, whole
    periods = [
        period for period in mine if period in theirs and mine[period][1] != theirs[period][1]
    ]
    if not periods:
        return []
    first, *more = periods
    (cell, value), (other_cell, other_value) = mine[first], theirs[first]
    when = first.label
    if more:
        when += f" et {len(more)} autre{'s' if len(more) > 1 else ''} période{'s' if len(more) > 1 else ''}"
    message = (
        f"« {definition.label} » se mesure pour toute la préfecture. Pour {when}, cette feuille donne une "
        f"valeur lue pour « {service} » ({_shown(value, definition)}), et la feuille « {other} » une autre "
        f"({_shown(other_value, definition)} en {other_cell}). Les deux sont gardées : si c’est la même "
        "mesure, retirez du fichier celle qui est fausse."
    )
    return [Notice(sheet, cell, message)]


def _shown(value: Decimal, definition: IndicatorDefinition) -> str:
    if definition.unit == Unit.PERCENT:
        return f"{number_in_words(plain_number(value.scaleb(2)))} %"
    return number_in_words(plain_number(value))
