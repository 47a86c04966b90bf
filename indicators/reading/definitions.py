"""What the reader is told beforehand, and what it gives back. Plain values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from indicators.reading.periods import Period


class Unit(StrEnum):
    """What an indicator counts, in words: the labels of ``common.numbers.Unit``."""

    PERCENT = "%"
    DAYS = "jours"
    WORKING_DAYS = "jours ouvrés"
    MINUTES = "minutes"
    COUNT = "nombre"
    MARK = "note sur 10"


# --- What is known ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IndicatorDefinition:
    """An indicator to recognise.

    ``synonyms`` are other labels of the same quantity, ``numerator_label`` and
    ``denominator_label`` (alternatives parted by « | ») those of the columns it is computed from.
    ``pilote`` is its identifier in PILOTE, empty when nobody knows it.
    """

    code: str
    label: str
    unit: Unit
    synonyms: tuple[str, ...] = ()
    numerator_label: str = ""
    denominator_label: str = ""
    periodicity: str = ""
    level: str = ""  # « prefecture »: counted for the whole of it, whoever keeps the figures
    direction: str = ""  # « down »: lower is better
    pilote: str = ""


@dataclass(frozen=True, slots=True)
class KnownService:
    """A service or a site of the préfecture; ``key`` is what figures give back."""

    key: str
    name: str
    acronym: str = ""
    synonyms: tuple[str, ...] = ()
    is_site: bool = False


@dataclass(frozen=True, slots=True)
class KnownPrefecture:
    """The préfecture whose figures are awaited: « 41 », « Loir-et-Cher »."""

    code: str
    name: str


# --- What is found ----------------------------------------------------------------------------


class Status(StrEnum):
    """Whether there is a figure; both ways of having none are distinct from 0."""

    MEASURED = "measured"
    NOT_MEASURED = "not_measured"
    NOT_APPLICABLE = "not_applicable"


class Figure(NamedTuple):
    """One figure: a tuple, because a workbook may hold a hundred thousand of them.

    ``service`` is a ``KnownService.key``, None for the whole préfecture. ``value`` is None unless
    measured; a percentage is a rate from 0 to 1. ``confidence`` goes from 0 to 1; ``reason`` says
    in French what was understood, beyond the obvious.
    """

    sheet: str
    cell: str
    indicator: str
    period: Period
    service: str | None
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    status: Status
    confidence: float
    reason: str


class RefusalKind(StrEnum):
    """What a refusal asks of a person."""

    MISTAKE = "mistake"  # to mend in the file
    UNANSWERED = "unanswered"  # waits for the answer to a question
    NO_TABLE = "no_table"  # a sheet without figures: nothing, when another one has some
    LEFT_OUT = "left_out"  # nothing: a total, a target, another département, a repeated figure


class Why(NamedTuple):
    """Why cells are not used: how to mend them, and what that asks of a person."""

    message: str
    kind: RefusalKind = RefusalKind.MISTAKE


class Refusal(NamedTuple):
    """A cell (« C5 ») or a block of cells (« C5:C40 ») that is not used, and how to mend it.

    ``sheet`` and ``cell`` are blank when the whole file is refused.
    """

    sheet: str
    cell: str
    message: str
    kind: RefusalKind = RefusalKind.MISTAKE


class Notice(NamedTuple):
    """What a careful person would point out; nothing is refused for it."""

    sheet: str
    cell: str
    message: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer proposed to a question."""

    value: str
    label: str
    confidence: float = 0.0


IGNORE = "-"
"""The answer to any question that says: leave these cells out."""
WHOLE = "*"
"""The answer to a question about a service that says: the whole préfecture."""
WHOLE_LABEL = "Toute la préfecture"


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can know.

    Put ``{key: answer}`` in ``remembered`` and read again: the answer is the value of a choice, or
    ``IGNORE``. ``kind`` is « indicator » (all codes may answer), « service » (all keys, or ``WHOLE``),
    « year » (« 2021 »), « period » (« 2020-T1 ») or
    « scale » (of the rates: one of its choices).
    """

    kind: str
    key: str
    sheet: str
    cell: str
    text: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""  # how else to mend it

    @property
    def why(self) -> Why:
        """Why the cells that wait for the answer are not used."""
        return Why(
            f"Il manque une réponse : {self.text} {self.hint}".rstrip(), RefusalKind.UNANSWERED
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a file says, and everything that was left out.

    ``shape`` is the same for two files laid out alike, whatever their periods and figures: keep
    answers under it.
    """

    figures: Sequence[Figure] = ()
    refusals: tuple[Refusal, ...] = ()
    questions: tuple[Question, ...] = ()
    notices: tuple[Notice, ...] = ()
    shape: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether every cell was used: no refusal, no question."""
        return not self.refusals and not self.questions
