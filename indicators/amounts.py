"""A figure as it is typed and shown back in its field: « 95,16 » for a rate of 0.9516. Pure."""

import re
from decimal import ROUND_HALF_UP, Decimal

from common.numbers import bare_quantity
from indicators import limits
from indicators.enums import Unit


# What may follow the number, by unit; a rate is always typed in points.
_ENDINGS: dict[str, str] = {
    Unit.PERCENT: r"%|pour cent",
    Unit.DAYS: r"j|jours?",
    Unit.WORKING_DAYS: r"j|jo|jours?(?: ouvrés?)?",
    Unit.MINUTES: r"mn|min|minutes?",
    Unit.COUNT: "",
    Unit.MARK10: r"/ ?10|sur 10",
}
_EXPECTED: dict[str, str] = {
    Unit.PERCENT: "un pourcentage comme 95,16 %",
    Unit.DAYS: "un nombre de jours comme 12,5",
    Unit.WORKING_DAYS: "un nombre de jours comme 12,5",
    Unit.MINUTES: "un nombre de minutes comme 12,5",
    Unit.COUNT: "un nombre comme 1 234",
    Unit.MARK10: "une note sur 10 comme 7,5",
}
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


TOO_LARGE = "Ce nombre est trop grand : douze chiffres au plus avant la virgule."
_STEP = Decimal(1).scaleb(-limits.DECIMALS)
# SQLite keeps numbers as floats: above the last whole number, one could come back with a digit more.
_MOST = Decimal(10) ** (limits.DIGITS - limits.DECIMALS) - 1


class AmountError(ValueError):
    """What was typed is not a figure; its text says so in French."""


def stored(number: Decimal) -> Decimal:
    """Return a figure rounded as the tables keep it; ``AmountError`` when they cannot hold it."""
    if not number.is_finite() or abs(number) > _MOST:
        raise AmountError(TOO_LARGE)
    return number.quantize(_STEP, ROUND_HALF_UP)


def read_amount(text: str, unit: str) -> Decimal | None:
    """Return a figure in its unit (« 95,16 % » → 0.9516, « 1 234,5 » → 1234.5), ``None`` for nothing.

    Rounded as it will be kept. Raises ``AmountError`` on anything else.
    """
    line = " ".join(text.replace("−", "-").split()).lower()
    if not line:
        return None
    endings = _ENDINGS[unit]
    bare = re.sub(rf"\s*(?:{endings})$", "", line) if endings else line
    bare = bare.replace(" ", "").replace("'", "").replace(",", ".")
    if not _NUMBER.fullmatch(bare):
        raise AmountError(
            f"« {text.strip()[:40]} » n’est pas un nombre. Écrivez {_EXPECTED[unit]}."
        )
    number = Decimal(bare)
    return stored(number / 100 if unit == Unit.PERCENT else number)


def typed_amount(value: Decimal | None, unit: str) -> str:
    """Return a figure as somebody would type it, all its decimals; empty for nothing."""
    return "" if value is None else bare_quantity(value, unit, limits.DECIMALS)
