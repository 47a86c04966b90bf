"""French typography: non-breaking spaces, decimal comma, dates in words. Pure functions."""

import re
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal


NBSP = "\u00a0"
MINUS = "\u2212"
# Not « :: » nor « http:// » nor a time « 14:30 »: a colon counts only before a space or the end.
_BEFORE_DOUBLE = re.compile(r"[ \u00a0\u202f\t]*([;?!%»]|:(?=\s|$))(?=[^\w/]|$)")
_AFTER_OPENING = re.compile(r"«[ \u00a0\u202f\t]*")
_WORD_BEFORE = re.compile(r"(?<=[\w)»\"”’%…])$")
_NUMBER_MARK = re.compile(r"\b([nN]°)[ \u00a0]*(?=\d)")
_CIVILITY = re.compile(r"\b(M\.|MM\.|Mme|Mmes) (?=[A-ZÉÈÀÂÎÔÛÇ])")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_DAY_MONTH = re.compile(
    r"\b(\d{1,2}|1er) (?=(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|"
    r"novembre|décembre)\b)"
)
_CELL_ERROR = re.compile(r"#[A-Z0-9/]+$")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def french_spaces(text: str) -> str:
    """Return ``text`` with non-breaking spaces where French typography wants them.

    Before ``: ; ? ! % »``, after ``«``, between « n° » and its number, a civility and its name, a
    day and its month, groups of thousands. Idempotent; line breaks are kept.

    >>> french_spaces("Résultat : 52 % ?") == "Résultat\u00a0: 52\u00a0%\u00a0?"
    True
    """

    def glue(match: re.Match[str]) -> str:
        mark = match.group(1)
        before = match.string[: match.start()]
        spaced = match.group(0) != mark
        if not before or before[-1] in "\n;?!" and not spaced:
            return match.group(0)
        if mark == "!" and _CELL_ERROR.search(before):
            return match.group(0)  # « #REF! » is the name of an error in a spreadsheet
        if spaced or _WORD_BEFORE.search(before[-1:]):
            return NBSP + mark
        return match.group(0)

    text = _BEFORE_DOUBLE.sub(glue, text)
    text = _AFTER_OPENING.sub("«" + NBSP, text)
    text = _NUMBER_MARK.sub(r"\1" + NBSP, text)
    text = _CIVILITY.sub(lambda m: m.group(1) + NBSP, text)
    text = _THOUSANDS.sub(NBSP, text)
    return _DAY_MONTH.sub(lambda m: m.group(1) + NBSP, text)


def date_in_words(day: date) -> str:
    """Return « 13 juillet 2022 », « 1er août 2022 » (spaces non-breaking before the month)."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{MONTHS[day.month - 1]} {day.year}"


def time_in_words(moment: time) -> str:
    """Return « 14 h 30 », « 9 h » (non-breaking)."""
    minutes = f"{NBSP}{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour}{NBSP}h{minutes}"


def number_in_words(value: Decimal | int | float, places: int | None = None) -> str:
    """Return « 1 234,5 »: decimal comma, groups of thousands, a real minus sign.

    ``places``: decimals kept, rounded half up; ``None`` keeps them all. The one place that rounds.
    """
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if exact.is_zero():
        exact = abs(exact)  # never « −0 »
    return f"{exact:,f}".replace(",", NBSP).replace(".", ",").replace("-", MINUS)
