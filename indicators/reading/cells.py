"""What one cell says: a number, a fraction, nothing measured, nothing to measure, an error."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from common.spreadsheets import UNCOMPUTED, Value
from indicators.reading.periods import plain


class Missing(StrEnum):
    """Two ways of having no figure, both distinct from 0."""

    NOT_MEASURED = "not_measured"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Number:
    """``unit`` as written in the cell: « % », « jours », « jours ouvrés », « minutes », « /10 » or "".

    A percentage keeps its points here (12,5 % is 12.5); durations are in minutes.
    """

    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Fraction:
    """« 104/200 »."""

    numerator: Decimal
    denominator: Decimal


@dataclass(frozen=True, slots=True)
class Unusable:
    """``message`` says why the cell cannot be used and how to mend it, in French.

    ``is_figure``: it stands where a figure does (« env. 95 % », « 1.234 »); words do not.
    """

    message: str
    is_figure: bool = False


Content = Number | Fraction | Missing | Unusable

_NOT_MEASURED = {
    "-", "--", "---", "n.d.", "n.d", "nd", "n/d", "n.c.", "n.c", "nc", "n/c", "?", "x", "...", "…",
    "non mesure", "non mesuree", "non renseigne", "non renseignee", "non disponible", "non communique",
    "non connu", "non determine", "inconnu", "indisponible", "pas de donnees", "pas de donnee",
    "donnee manquante", "en attente", "a venir", "non evalue", "non recu", "nr", "n.r.", "n.m.", "nm",
}  # fmt: skip
_NOT_APPLICABLE = {
    "s.o.", "s.o", "so", "s/o", "sans objet", "n/a", "na", "n.a.", "n.a", "non applicable",
    "non concerne", "non concernee", "neant",
}  # fmt: skip
_UNITS = {
    "%": "%", "pour cent": "%", "pourcent": "%",
    "j": "jours", "j.": "jours", "jour": "jours", "jours": "jours", "jrs": "jours", "jour(s)": "jours",
    "jours calendaires": "jours",
    "jo": "jours ouvrés", "j.o.": "jours ouvrés", "jour ouvre": "jours ouvrés",
    "jours ouvres": "jours ouvrés", "jour(s) ouvre(s)": "jours ouvrés",
    "min": "minutes", "mn": "minutes", "minute": "minutes", "minutes": "minutes", "min.": "minutes",
    "'": "minutes", "s": "secondes", "sec": "secondes", "secondes": "secondes", "seconde": "secondes",
    "h": "heures", "heure": "heures", "heures": "heures",
    "/10": "/10", "/ 10": "/10", "sur 10": "/10",
}  # fmt: skip
_MINUTES_IN = {"heures": Decimal(60), "minutes": Decimal(1), "secondes": 1 / Decimal(60)}
_NUMBER = r"[+-]?(?:\d{1,3}(?:[ '.]\d{3})+|\d+)(?:[.,]\d+)?"
_PLAIN_NUMBER = re.compile(rf"({_NUMBER})\s*([a-z%/'.() ]*(?:10)?)")
_FRACTION = re.compile(r"(\d[\d ]*)\s*(?:/|sur)\s*(\d[\d ]*)")
_DURATION = re.compile(
    r"(?:(\d+) ?(?:h|heures?) ?)?(?:(\d+) ?(?:min|mn|minutes?|m|')\.? ?)?"
    r"(?:(\d+) ?(?:s|sec|secondes?|'')?\.?)?"
)
_FOOTNOTE = re.compile(
    r"\s*(?:\*+|\(\*+\)|\((?:\d|[a-d])\)|\((?:e|p|r|estime|provisoire|prov\.?|est\.?)\)|"
    r"\([+-] ?\d+(?:[.,]\d+)? ?(?:%|pts?|points?)?\))$"  # « 93 % (+2 pts) », its evolution
)
_IN_BRACKETS = re.compile(r"\(\d[\d ]*(?:[.,]\d+)? ?%?\)")
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
# « env. 95 % », « 15 à 20 jours », « 3 semaines »: figures, though none to keep.
_ROUGH = re.compile(
    r"(?:[~≈] ?|env(?:iron|\.)? ?|plus de |moins de |entre |pres de )?\d[\d ]*(?:[.,]\d+)?"
    r"(?: ?(?:a|et|ou|-|/) ?\d[\d ]*(?:[.,]\d+)?)? ?"
    r"(?:(?P<other>semaines?|(?<!12 )mois|ans?)|%|j\.?|jours?|jours ouvres|"
    r"h|heures?|min|minutes?|s|sec|secondes?)?"
)
_REMEMBERED = 50_000
_ERROR = re.compile(
    r"#\s*(?:div/0!?|n/a|nom ?\?|name ?\?|ref!?|valeur!?|value!?|nul!?|null!?|num!?|nombre!?|"
    r"spill!?|calc!?|field!?|blocked!?|connect!?|busy!?|getting_data|####*|##+).*|err ?:\d+"
)


def parse(cell: Value) -> Content | None:
    """Return what a cell says; None when it is blank.

    Numbers written as text may carry a unit, spaces of any kind, a footnote mark.
    """
    if isinstance(cell, str):
        return parse_text(cell) if cell else None
    if isinstance(cell, bool):
        return Unusable("Cette cellule dit vrai ou faux ; un nombre est attendu.")
    if isinstance(cell, int | float):
        return Number(exact(cell))
    if isinstance(cell, time) and not isinstance(cell, date):
        seconds = cell.hour * 3600 + cell.minute * 60 + cell.second
        return Number(_minutes(Decimal(seconds)), "minutes")
    return Unusable("Cette cellule est une date ; un nombre est attendu. Vérifiez son format.")


class _Exact(dict[float, Decimal]):
    """Numbers as decimals times a power of ten; those of a workbook come back often."""

    def __init__(self, exponent: int) -> None:
        self.exponent = exponent

    def __missing__(self, number: float) -> Decimal:
        found = Decimal(f"{number:.15g}").scaleb(self.exponent)
        if len(self) < _REMEMBERED:
            self[number] = found
        return found


_EXACT = {exponent: _Exact(exponent) for exponent in (0, -2)}


def exact(number: float) -> Decimal:
    """Return the decimal number that the spreadsheet shows: fifteen significant digits."""
    return _EXACT[0][number]


def all_exact(numbers: Iterable[float], *, in_points: bool = False) -> Iterator[Decimal]:
    """Return many decimal numbers, one after the other; points become rates."""
    return map(_EXACT[-2 if in_points else 0].__getitem__, numbers)


@lru_cache(maxsize=10_000)
def parse_text(text: str) -> Content | None:
    """Return what a text says; texts that are no figure at all are unusable."""
    line = plain(text)
    if not line:
        return None
    if line in _NOT_MEASURED:
        return Missing.NOT_MEASURED
    if line in _NOT_APPLICABLE:
        return Missing.NOT_APPLICABLE
    if text.strip() == UNCOMPUTED:
        return Unusable(
            "Cette cellule porte une formule dont le résultat n’est pas dans le fichier. Ouvrez-le dans "
            "votre tableur, enregistrez-le, puis choisissez-le de nouveau.",
            is_figure=True,
        )
    if _ERROR.fullmatch(line):
        return Unusable(
            f"La formule de cette cellule est en erreur ({text.strip()}). Corrigez-la dans le classeur.",
            is_figure=True,
        )
    line = _FOOTNOTE.sub("", line)
    return (
        _fraction(line) or _number(line) or _duration(line) or _clock(line) or _unusable(text, line)
    )


def is_whole(number: Decimal) -> bool:
    """Tell whether a number has no decimals; ``% 1`` fails on the greatest."""
    return number == number.to_integral_value()


def unit_of(values: Iterable[Value]) -> str:
    """Return the unit that all these figures bear, « jours » of « 12 j »; nothing when one bears none."""
    contents = map(parse, values)
    units = {content.unit for content in contents if isinstance(content, Number)}
    return units.pop() if len(units) == 1 else ""


def is_value(text: str) -> bool:
    """Tell whether a text is a figure or the mark of a missing one, rather than words."""
    content = parse_text(text)
    return content.is_figure if isinstance(content, Unusable) else content is not None


def rank_of(cell: Value) -> int:
    """Return the number of a month, « 1 » or « 01 » to 12; 0 when the cell is no such number."""
    text = str(cell).strip().removesuffix(".0")
    return int(text) if text.isdigit() and len(text) < 3 and 1 <= int(text) <= 12 else 0


def without_note(text: str) -> str:
    """Return a text without its footnote mark: « 2021 (provisoire) »."""
    return _FOOTNOTE.sub("", plain(text))


def _fraction(line: str) -> Fraction | None:
    match = _FRACTION.fullmatch(line)
    if not match:
        return None
    numerator, denominator = (Decimal(part.replace(" ", "")) for part in match.groups())
    return None if denominator == 10 else Fraction(numerator, denominator)


def _number(line: str) -> Number | Unusable | None:
    match = _PLAIN_NUMBER.fullmatch(line)
    if not match or line[0] == "+":
        return None
    unit = match[2].strip()
    if unit and unit not in _UNITS:
        return None
    value = _decimal(match[1])
    if value is None:
        return Unusable(
            f"« {match[1]} » se lit de deux façons : écrivez le nombre avec une virgule décimale, ou "
            "sans point entre les milliers.",
            is_figure=True,
        )
    name = _UNITS.get(unit, "")
    if name in _MINUTES_IN:
        return Number(_minutes(value * _MINUTES_IN[name] * 60), "minutes")
    return Number(value, name)


def _decimal(text: str) -> Decimal | None:
    """Return the number; None when its point may part thousands or decimals (« 1.234 »)."""
    text = text.replace(" ", "").replace("'", "")
    if "," in text:
        return Decimal(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", text):
        return None
    if text.count(".") > 1:
        return Decimal(text.replace(".", ""))
    return Decimal(text)


def _duration(line: str) -> Number | None:
    """« 3 min 20 », « 1 h 05 », « 3'20 »: minutes."""
    match = _DURATION.fullmatch(line)
    if not match or not (match[1] or match[2]):
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if match[1] and not match[2] and match[3]:  # « 1 h 05 »
        minutes, seconds = seconds, 0
    return Number(_minutes(Decimal(hours * 3600 + minutes * 60 + seconds)), "minutes")


def _clock(line: str) -> Number | Unusable | None:
    """« 00:03:12 » of a telephone exchange; « 03:12 » may be minutes or hours."""
    match = _CLOCK.fullmatch(line)
    if not match:
        return None
    if not match[3]:
        return Unusable(
            f"« {line} » se lit de deux façons : écrivez « {int(match[1])} min {match[2]} » ou "
            f"« {int(match[1])} h {match[2]} ».",
            is_figure=True,
        )
    hours, minutes, seconds = (int(part) for part in match.groups())
    return Number(_minutes(Decimal(hours * 3600 + minutes * 60 + seconds)), "minutes")


def _minutes(seconds: Decimal) -> Decimal:
    return (seconds / 60).quantize(Decimal("0.0001")).normalize() + 0


def _unusable(text: str, line: str) -> Unusable:
    shown = text.strip()[:60]
    if line.startswith("+"):
        message = f"« {shown} » est une évolution : ôtez-la, ou titrez sa colonne « Évolution »."
        return Unusable(message, is_figure=line[1:2].isdigit())
    if re.match(r"[<>≤≥]", line):
        message = f"« {shown} » est une borne, pas une valeur : écrivez la valeur mesurée."
        return Unusable(message, is_figure=True)
    if _IN_BRACKETS.fullmatch(plain(text)):
        message = f"« {shown} » se lit de deux façons : écrivez ce nombre sans parenthèses."
        return Unusable(message, is_figure=True)
    if match := _ROUGH.fullmatch(line):
        message = f"« {shown} » n’est pas un nombre précis : écrivez la valeur mesurée."
        if match["other"]:
            message = f"« {shown} » : écrivez ce délai dans l’unité de l’indicateur, en jours ou en minutes."
        return Unusable(message, is_figure=True)
    return Unusable(f"« {shown} » n’est pas un nombre.")
