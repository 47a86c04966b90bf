"""How the rates of a PILOTE file are written: in points, or as fractions when only a person can know. Pure.

The shape says that a rate is written 78. A file whose every rate is 1 or less may hold fractions all
the same: it is asked about, once for the file.
"""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final

from indicators.reading.definitions import (
    IGNORE,
    Choice,
    Question,
    RefusalKind,
    Why,
)


class RateScale(StrEnum):
    """What the numbers of the rates are; « asked » until somebody has answered."""

    POINTS = "points"
    FRACTION = "fraction"
    ASKED = "asked"
    IGNORED = "ignored"


_HUNDRED: Final = Decimal(100)
# Why the rates of a file are not used.
_UNUSED: Final = {
    RateScale.ASKED: Why(
        "ce taux attend votre réponse : points ou fraction de 1.", RefusalKind.UNANSWERED
    ),
    RateScale.IGNORED: Why(
        "ce taux est laissé de côté, selon votre réponse.", RefusalKind.LEFT_OUT
    ),
}


def question_key(rates: Sequence[Decimal]) -> str:
    """Return the key of the question: it holds for these figures only, not for the next file."""
    told = ";".join(f"{rate.normalize():f}" for rate in rates)
    return f"scale:{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def scale_of(rates: Sequence[Decimal], remembered: Mapping[str, str]) -> RateScale:
    """Return how these numbers, all those of the rates of a file, are written."""
    told = [abs(rate) for rate in rates if rate]
    if not told or max(told) > 1:
        return RateScale.POINTS
    answer = remembered.get(question_key(rates), "")
    if answer == IGNORE:
        return RateScale.IGNORED
    return (
        RateScale(answer) if answer in (RateScale.POINTS, RateScale.FRACTION) else RateScale.ASKED
    )


def question_of(rates: Sequence[Decimal], sheet: str, cell: str) -> Question:
    """Return what is asked of a file whose every rate is 1 or less."""
    largest = max(rates, key=abs)
    points, fraction = _words(largest), _words(largest * _HUNDRED)
    return Question(
        "scale",
        question_key(rates),
        sheet,
        cell,
        f"Tous les taux de ce fichier sont inférieurs ou égaux à 1. « {points} » veut-il dire "
        f"{points} % ou {fraction} % ? La réponse vaut pour ce fichier seulement.",
        (
            Choice(RateScale.POINTS, f"{points} % : les taux sont en points", 0.5),
            Choice(RateScale.FRACTION, f"{fraction} % : les taux sont des fractions de 1", 0.5),
        ),
    )


def why_unused(scale: RateScale) -> Why | None:
    """Return why a rate of this scale is not used; ``None`` when it is."""
    return _UNUSED.get(scale)


def remark_on(rate: Decimal) -> str:
    """Return what to point out of a rate read as points; empty when it is an ordinary one."""
    if not 0 < abs(rate) < 1:
        return ""
    return (
        f"« {_words(rate)} » est lu {_words(rate)} %, comme le veut la forme de PILOTE. Si c’est "
        f"{_words(rate * _HUNDRED)} %, écrivez {_words(rate * _HUNDRED)}."
    )


def _words(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")
