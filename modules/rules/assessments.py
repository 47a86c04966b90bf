"""Decisions of the auto-diagnostic, pure: what is missing, what moved, when to remind."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models

from common.enums import Tone
from modules.enums import AssessmentResult, AssessmentState, SheetState


R = AssessmentResult
# One sentence is due for what is not fully kept: the reader must know what is missing.
NEEDS_COMMENT = frozenset({R.PARTIAL, R.NONCONFORMING})
# A maturity says how well something is done: without an object there is nothing to rate.
WITHOUT_MATURITY = frozenset({R.NOT_APPLICABLE, R.NOT_ASSESSED})
FIRST_REMINDER, LATE_REMINDERS = timedelta(days=7), timedelta(days=7)


# --- Progress ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Progress:
    """How far a grid is: how many rows hold each result."""

    counts: Mapping[AssessmentResult, int]

    @classmethod
    def of(cls, results: Iterable[str]) -> "Progress":
        """Count results; each is a value of ``AssessmentResult``."""
        counted = Counter(results)
        return cls({result: counted[result.value] for result in R})

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def assessed(self) -> int:
        """Rows that hold an answer; « sans objet » is one."""
        return self.total - self.counts[R.NOT_ASSESSED]

    @property
    def gaps(self) -> int:
        """Partial and non-conforming rows."""
        return sum(self.counts[result] for result in NEEDS_COMMENT)

    @property
    def words(self) -> str:
        """« 12 sur 25 »."""
        return f"{self.assessed} sur {self.total}"

    @property
    def totals(self) -> list[tuple[AssessmentResult, int]]:
        """Each result and its count, in the order of the legend."""
        return list(self.counts.items())


def sum_of(parts: Iterable[Progress]) -> Progress:
    """Add grids up."""
    total: Counter[AssessmentResult] = Counter()
    for part in parts:
        total.update(part.counts)
    return Progress({result: total[result] for result in R})


# --- One row ----------------------------------------------------------------------------------
def kept_maturity(result: str, maturity: int | None) -> int | None:
    """Return the maturity that goes with this result: none for what is not rated."""
    return None if result in WITHOUT_MATURITY else maturity


def obstacle(result: str, comment: str, needs_review: bool) -> str:
    """Return why a row keeps its grid from being handed in, in French; empty when nothing does."""
    if result == R.NOT_ASSESSED:
        return "non évalué"
    if needs_review:
        return "réponse reprise, à revoir"
    if result in NEEDS_COMMENT and not comment.strip():
        return f"{R(result).label.lower()}, sans commentaire : écrivez en une phrase ce qui manque"
    return ""


class RowFilter(models.TextChoices):
    """What the grid may be narrowed to."""

    TODO = "a-faire", "À faire"
    GAPS = "ecarts", "Écarts"
    WITHOUT_EVIDENCE = "sans-preuve", "Sans preuve"
    REVIEW = "a-revoir", "À revoir"


def filters_of(result: str, evidence_count: int, needs_review: bool) -> frozenset[RowFilter]:
    """Return the filters under which a row shows."""
    answers = {
        RowFilter.TODO: result == R.NOT_ASSESSED,
        RowFilter.GAPS: result in NEEDS_COMMENT,
        RowFilter.WITHOUT_EVIDENCE: evidence_count == 0 and result != R.NOT_APPLICABLE,
        RowFilter.REVIEW: needs_review,
    }
    return frozenset(item for item, holds in answers.items() if holds)


# --- The life of a sheet ----------------------------------------------------------------------
def locked_because(sheet_state: str, assessment_state: str) -> str:
    """Return why nobody may write in a sheet now, in French; empty when one may."""
    if assessment_state == AssessmentState.CLOSED:
        return "L’auto-diagnostic est clos : la grille se lit, elle ne se modifie plus."
    if sheet_state == SheetState.SUBMITTED:
        return "La grille est transmise au référent qualité, qui la relit."
    if sheet_state == SheetState.ACCEPTED:
        return "La grille est acceptée. Seul le référent qualité peut la rouvrir, avec un motif."
    return ""


def reminder_day(due_on: date, today: date) -> date | None:
    """Return the latest day on which a reminder was due: 7 days before, the day after, then weekly.

    ``None`` while the first one is still to come.
    """
    if today > due_on:
        first_late = due_on + timedelta(days=1)
        weeks = (today - first_late) // LATE_REMINDERS
        return first_late + weeks * LATE_REMINDERS
    first = due_on - FIRST_REMINDER
    return first if today >= first else None


def is_reminder_due(due_on: date, opened_on: date, reminded_on: date | None, today: date) -> bool:
    """Tell whether a reminder must leave today.

    A day missed (server stopped) is caught up the next one; a reminder sent by hand since counts,
    so that nobody receives two the same day. What fell before the opening is not sent.
    """
    moment = reminder_day(due_on, today)
    if moment is None or moment <= opened_on:
        return False
    return reminded_on is None or reminded_on < moment


# --- Differences ------------------------------------------------------------------------------
class Move(models.TextChoices):
    """What became of an answer from one auto-diagnostic to another."""

    BETTER = "mieux", "En progrès"
    WORSE = "moins-bien", "En recul"
    NEW = "nouveau", "Nouvelle réponse"
    GONE = "retire", "Sans réponse désormais"
    OTHER = "autre", "Sans objet d’un côté"
    SAME = "egal", "Inchangé"

    @property
    def tone(self) -> Tone:
        return _MOVE_TONES[self]


_MOVE_TONES = {
    Move.BETTER: Tone.GOOD,
    Move.WORSE: Tone.BAD,
    Move.NEW: Tone.PROGRESS,
    Move.GONE: Tone.WATCH,
    Move.OTHER: Tone.NOT_APPLICABLE,
    Move.SAME: Tone.DRAFT,
}
_RANKS = {R.NONCONFORMING: 0, R.PARTIAL: 1, R.CONFORMING: 2}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one side says on a commitment; ``row``: whatever the caller wants to find again."""

    result: AssessmentResult
    maturity: int | None = None
    row: Any = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One commitment on both sides; ``None``: no row on that side."""

    key: Hashable
    before: Answer | None
    after: Answer | None
    move: Move


def differences(
    before: Mapping[Hashable, Answer], after: Mapping[Hashable, Answer]
) -> list[Difference]:
    """Compare two sides by their keys: those of ``after`` in its order, then what it lost."""
    keys = [*after, *(key for key in before if key not in after)]
    return [
        Difference(key, before.get(key), after.get(key), move_of(before.get(key), after.get(key)))
        for key in keys
    ]


def move_of(before: Answer | None, after: Answer | None) -> Move:
    """Tell what became of an answer. The maturity decides between equal results when both have one."""
    had, has = _given(before), _given(after)
    if had is None or has is None:
        if had is has:
            return Move.SAME
        return Move.GONE if has is None else Move.NEW
    old, new = _RANKS.get(had.result), _RANKS.get(has.result)
    if old is None or new is None:
        return Move.SAME if had.result == has.result else Move.OTHER
    if old == new and had.maturity is not None and has.maturity is not None:
        old, new = had.maturity, has.maturity
    if old == new:
        return Move.SAME
    return Move.BETTER if new > old else Move.WORSE


def _given(answer: Answer | None) -> Answer | None:
    return None if answer is None or answer.result == R.NOT_ASSESSED else answer
