"""What people write, read back: words compared without accents, dates as they are typed. Pure."""

import re
import unicodedata
from datetime import date

from common.typography import MONTHS


def plain_key(text: str) -> str:
    """Return a text without capitals, accents nor punctuation, to compare what people type.

    >>> plain_key("Chambre d’Agriculture – Loir-et-Cher") == plain_key("CHAMBRE D'AGRICULTURE Loir et Cher")
    True
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


_MONTH_NUMBERS = {plain_key(month): number for number, month in enumerate(MONTHS, start=1)}
_NUMERIC_DATE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_WORDED_DATE = re.compile(r"(\d{1,2}|1er) ([a-z]+) (\d{4})")


def written_date(text: str) -> date | None:
    """Return the day that a text names in full; ``None`` for « 04/21 », « avrl-21 », « 31/02/2022 »."""
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _NUMERIC_DATE.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := _WORDED_DATE.fullmatch(plain_key(text)):
        day = 1 if match[1] == "1er" else int(match[1])
        month, year = _MONTH_NUMBERS.get(match[2], 0), int(match[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
