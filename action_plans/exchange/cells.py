"""How each cell is read: what it may hold, what it is taken for, what is said when it cannot be.

A value is *canonical*: what the export writes of a stored row and what the import reads of a cell
are equal when they say the same thing. Dates and numbers are Python's, codes a sorted tuple of texts.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from action_plans.exchange.columns import CHOICES, Column, Kind
from common.form_tools import one_line
from common.spreadsheets import Value
from common.typography import NBSP, number_in_words
from common.written import plain_key, written_date
from modules.models import plausible_day


# Shown in a message: more would hide what to do.
SHORT = 80
MAX_COST = Decimal("9999999999.99")
_CALENDAR_SLIP = re.compile(r"\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{4}|\d{4}-\d{2}-\d{2}")
# A spreadsheet cannot hold these; what is compared must not either.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class CellError(Exception):
    """A cell holds what its column cannot; ``message`` is French and says how to mend."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def quoted(text: str) -> str:
    """Return « text », cut when it is long."""
    flat = " ".join(text.split())
    return f"«{NBSP}{flat if len(flat) <= SHORT else flat[: SHORT - 1] + '…'}{NBSP}»"


def as_text(cell: Value) -> str:
    """Return what a person sees in the cell."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, float):
        return str(cell).replace(".", ",")
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def canonical_line(text: str) -> str:
    """Return a text of one line as it is compared and stored."""
    return one_line(_UNSEEN.sub("", text))


def canonical_text(text: str) -> str:
    """Return a long text as it is stored: line ends alike, nothing around."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def same(column: Column, first: Any, second: Any) -> bool:
    """Tell whether two canonical values say the same; spreadsheets do not keep every blank."""
    if column.kind == Kind.TEXT:
        return _squeezed(first) == _squeezed(second)
    return bool(first == second)


def _squeezed(text: str) -> str:
    lines = (" ".join(line.split()) for line in (text or "").split("\n"))
    return "\n".join(lines).strip()


def read_cell(column: Column, cell: Value) -> Any:
    """Return the canonical value of a cell; ``CellError`` when it cannot hold what it says.

    ``NAME`` and ``CODES`` come as written: who knows the préfecture resolves them.
    """
    return _READERS[column.kind](column, cell)


def _line(column: Column, cell: Value) -> str:
    text = _limited(column, canonical_line(as_text(cell)))
    if text and column.name == "owner_email":
        _check_email(text)
    return text


def _text(column: Column, cell: Value) -> str:
    return _limited(column, canonical_text(as_text(cell)))


def _limited(column: Column, text: str) -> str:
    if column.limit and len(text) > column.limit:
        raise CellError(
            f"Ce texte compte {number_in_words(len(text))} caractères ; la limite est de "
            f"{number_in_words(column.limit)}. Raccourcissez-le."
        )
    return text


def _check_email(text: str) -> None:
    try:
        validate_email(text)
    except ValidationError as error:
        raise CellError(
            f"{quoted(text)} n’est pas une adresse. Écrivez-la comme prenom.nom@exemple.fr."
        ) from error


def _date(column: Column, cell: Value) -> date | None:
    if isinstance(cell, datetime):
        day: date | None = cell.date()
    elif isinstance(cell, date):
        day = cell
    else:
        text = canonical_line(as_text(cell))
        if not text:
            return None
        day = written_date(text)
        if day is None:
            raise CellError(_not_a_date(text, cell))
    assert day is not None  # noqa: S101 – for the reader of types
    try:
        plausible_day(day)
    except ValidationError as error:
        raise CellError(error.messages[0]) from error
    return day


def _not_a_date(text: str, cell: Value) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return (
            f"{quoted(text)} est un nombre, pas une date. Donnez à la cellule le format « Date », ou "
            "écrivez la date comme 01/04/2022."
        )
    if _CALENDAR_SLIP.fullmatch(text):
        return f"Le {text} n’existe pas au calendrier. Corrigez la date."
    return f"{quoted(text)} n’est pas une date. Écrivez-la en entier, comme 01/04/2022."


def _whole(column: Column, cell: Value) -> int | None:
    text = canonical_line(as_text(cell))
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < 1:
        raise CellError(
            f"{quoted(text)} n’est pas un numéro. Remettez celui du tableau exporté, ou videz la "
            "cellule si la ligne est nouvelle."
        )
    return int(text)


def _number(text: str) -> Decimal:
    return Decimal(re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", "."))


def _money(column: Column, cell: Value) -> Decimal | None:
    text = canonical_line(as_text(cell)).removesuffix("€").removesuffix("euros").strip()
    if not text:
        return None
    try:
        value = _number(text)
    except InvalidOperation as error:
        raise CellError(
            f"{quoted(as_text(cell))} n’est pas un montant. Écrivez un nombre d’euros, comme 1250,50."
        ) from error
    if not value.is_finite() or not 0 <= value <= MAX_COST:
        raise CellError(
            f"{quoted(as_text(cell))} n’est pas un montant possible. Écrivez un nombre d’euros."
        )
    return value.quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def _percent(column: Column, cell: Value) -> int:
    text = canonical_line(as_text(cell))
    if not text:
        return 0
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    try:
        value = Decimal(str(cell)) if is_number else _number(text.removesuffix("%"))
    except InvalidOperation as error:
        raise CellError(_NOT_A_PERCENTAGE.format(quoted(text))) from error
    # A cell in percent holds 0.45 for 45 %: the export writes such cells.
    if is_number and 0 <= value <= 1:
        value *= 100
    rounded = value.quantize(Decimal("0.000001")) if value.is_finite() else value
    if not rounded.is_finite() or rounded != rounded.to_integral_value() or not 0 <= rounded <= 100:
        raise CellError(_NOT_A_PERCENTAGE.format(quoted(text)))
    return int(rounded)


_NOT_A_PERCENTAGE = (
    "{} n’est pas un avancement. Écrivez un nombre entier de 0 % à 100 %, comme 45 %."
)


def _flag(column: Column, cell: Value) -> bool:
    text = plain_key(as_text(cell))
    if text in ("", "non", "n", "0", "faux"):
        return False
    if text in ("oui", "o", "1", "vrai", "x"):
        return True
    raise CellError(f"{quoted(as_text(cell))} ne se comprend pas ici. Écrivez oui ou non.")


def _choice(column: Column, cell: Value) -> str | int | None:
    text = canonical_line(as_text(cell))
    if not text:
        return None
    choices = CHOICES[column.name]
    for value, label in choices.items():
        if plain_key(text) == plain_key(label):
            return value
    labels = ", ".join(quoted(label) for label in choices.values())
    raise CellError(
        f"{quoted(text)} n’est pas un choix possible. Écrivez l’un de ceux-ci : {labels}."
    )


def _codes(column: Column, cell: Value) -> tuple[str, ...]:
    parts = re.split(r"[;\n,]", as_text(cell))
    return tuple(dict.fromkeys(code for part in parts if (code := canonical_line(part))))


_READERS: dict[Kind, Callable[[Column, Value], Any]] = {
    Kind.WHOLE: _whole,
    Kind.LINE: _line,
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.MONEY: _money,
    Kind.PERCENT: _percent,
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
    Kind.NAME: _line,
    Kind.CODES: _codes,
    Kind.READ: _text,
}


def shown(column: Column, value: Any) -> str:
    """Return a canonical value as a person reads it; blank when there is none."""
    if value is None or value == "" or value == ():
        return ""
    match column.kind:
        case Kind.DATE:
            return f"{value:%d/%m/%Y}"
        case Kind.CHOICE:
            return CHOICES[column.name][value]
        case Kind.FLAG:
            return "oui" if value else "non"
        case Kind.PERCENT:
            return f"{value}{NBSP}%"
        case Kind.MONEY:
            return number_in_words(value)
        case Kind.CODES:
            return " ; ".join(value)
    return str(value)


def as_json(value: Any) -> Any:
    """Return what JSON can hold of a canonical value: dates in ISO, amounts as text, codes as a list."""
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case tuple():
            return list(value)
    return value
