"""How the action plan names a figure: indicator, period, place. Stable for ever: it is stored."""

from dataclasses import dataclass
from typing import Final

from indicators.reading.periods import Period
from indicators.series import WHOLE, plausible_period


# Code of the indicators among the origins of actions.
ORIGIN: Final = "indicators.indicator"


@dataclass(frozen=True, slots=True)
class FigureReference:
    """« TEL-ABOUTI:2021-T4 », « REC-DELAI:2021-T4:service:3 »."""

    code: str
    period: Period
    place: str = WHOLE

    def __str__(self) -> str:
        return ":".join(part for part in (self.code, self.period.code, self.place) if part)

    @classmethod
    def read(cls, text: str) -> "FigureReference":
        """Return what a reference names; ``ValueError`` when it is none."""
        code, _, rest = text.partition(":")
        period, _, place = rest.partition(":")
        family, _, number = place.partition(":")
        is_place = family in {"service", "site"} and number.isascii() and number.isdigit()
        if not code or (place and not is_place):
            raise ValueError(f"not the reference of a figure: {text!r}")
        return cls(code, plausible_period(period), place)
