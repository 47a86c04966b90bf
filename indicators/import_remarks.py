"""What a careful person would say of a workbook before it is applied; nothing is refused for it. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from indicators.enums import Aggregation
from indicators.import_plan import KnownIndicator, PlanRow
from indicators.reading.periods import Kind, Period


_ORDER: Final = tuple(Kind)
# One, several.
_NOUNS: Final = {
    Kind.MONTH: ("mois", "mois"),
    Kind.QUARTER: ("trimestre", "trimestres"),
    Kind.HALF: ("semestre", "semestres"),
    Kind.YEAR: ("an", "années"),
}
_EACH: Final = {**{kind: nouns[0] for kind, nouns in _NOUNS.items()}, Kind.YEAR: "année"}


def remarks_on_periods(rows: Iterable[PlanRow]) -> list[str]:
    """Say which indicators come by other periods than those they are measured by, and what is done.

    One sentence for each indicator and length of period, in the order of the file.
    """
    kinds: dict[str, Kind] = {}
    found: dict[tuple[str, Kind], list[PlanRow]] = defaultdict(list)
    for row in rows:
        if row.indicator is None:
            continue
        kind = kinds.get(row.period)
        if kind is None:
            kind = kinds[row.period] = Period.from_code(row.period).kind
        if kind != row.indicator.periodicity:
            found[row.indicator.code, kind].append(row)
    return [_remark(kind, group) for (_, kind), group in found.items()]


def _remark(kind: Kind, rows: list[PlanRow]) -> str:
    indicator: Any = rows[0].indicator
    usual = Kind(indicator.periodicity)
    values = f"{len(rows)} valeurs, gardées" if len(rows) > 1 else "1 valeur, gardée"
    said = (
        f"« {indicator.label} » se mesure par {_NOUNS[usual][0]} et ce fichier le donne par "
        f"{_NOUNS[kind][0]} ({values} ainsi)."
    )
    if _ORDER.index(kind) < _ORDER.index(usual):
        return f"{said} {_made_of(indicator, kind, usual, rows)}"
    return (
        f"{said} Une valeur par {_NOUNS[kind][0]} ne se répartit pas : les {_NOUNS[usual][1]} qui n’ont "
        "pas la leur restent non mesurés."
    )


def _made_of(indicator: KnownIndicator, kind: Kind, usual: Kind, rows: list[PlanRow]) -> str:
    """Say what becomes of the period that is awaited when shorter ones are given."""
    whole, parts = f"la valeur de chaque {_EACH[usual]}", _NOUNS[kind][1]
    given = ", sauf si elle est donnée elle-même"
    if indicator.aggregation == Aggregation.SUM:
        return f"{whole.capitalize()} en sera la somme{given}."
    if indicator.aggregation == Aggregation.NONE:
        return f"Ces valeurs ne s’additionnent pas : {whole} restera non mesurée{given}."
    if all(row.value is None or row.denominator is not None for row in rows):
        return (
            f"{whole.capitalize()} sera calculée de ses {parts}, somme des numérateurs sur somme des "
            f"dénominateurs{given}."
        )
    return (
        f"Des taux seuls ne s’additionnent pas : {whole} restera non mesurée{given}. Donnez aussi le "
        "numérateur et le dénominateur."
    )
