"""Decisions of the auto-diagnostic: progress, what keeps a row back, reminders, differences."""

from datetime import date, timedelta

import pytest

from modules.enums import AssessmentResult as R
from modules.enums import AssessmentState, SheetState
from modules.rules.assessments import (
    Answer,
    Move,
    Progress,
    RowFilter,
    differences,
    filters_of,
    is_reminder_due,
    kept_maturity,
    locked_because,
    move_of,
    obstacle,
    reminder_day,
    sum_of,
)


DUE, OPENED = date(2022, 4, 15), date(2022, 3, 1)


def test_progress_counts_what_is_answered() -> None:
    progress = Progress.of(["conforming", "partial", "not_applicable", "not_assessed"])
    assert (progress.total, progress.assessed, progress.gaps) == (4, 3, 1)
    assert progress.words == "3 sur 4"
    assert dict(progress.totals)[R.NONCONFORMING] == 0


def test_progress_adds_up_and_nothing_is_zero_of_zero() -> None:
    assert sum_of([]).words == "0 sur 0"
    two = sum_of([Progress.of(["conforming"]), Progress.of(["conforming", "nonconforming"])])
    assert two.words == "3 sur 3"
    assert two.counts[R.CONFORMING] == 2


@pytest.mark.parametrize(
    ("result", "expected"),
    [(R.CONFORMING, 3), (R.NONCONFORMING, 3), (R.NOT_APPLICABLE, None), (R.NOT_ASSESSED, None)],
)
def test_maturity_needs_something_to_rate(result: R, expected: int | None) -> None:
    assert kept_maturity(result, 3) == expected


@pytest.mark.parametrize(
    ("result", "comment", "needs_review", "expected"),
    [
        (R.CONFORMING, "", False, ""),
        (R.NOT_APPLICABLE, "", False, ""),
        (R.NOT_ASSESSED, "Vu", False, "non évalué"),
        (R.CONFORMING, "", True, "réponse reprise, à revoir"),
        (R.PARTIAL, "Plaque illisible", False, ""),
        (
            R.PARTIAL,
            "  ",
            False,
            "partiel, sans commentaire : écrivez en une phrase ce qui manque",
        ),
        (
            R.NONCONFORMING,
            "",
            False,
            "non conforme, sans commentaire : écrivez en une phrase ce qui manque",
        ),
    ],
)
def test_obstacle(result: R, comment: str, needs_review: bool, expected: str) -> None:
    assert obstacle(result, comment, needs_review) == expected


def test_filters() -> None:
    assert filters_of(R.NOT_ASSESSED, 1, False) == {RowFilter.TODO}
    assert filters_of(R.PARTIAL, 0, True) == {
        RowFilter.GAPS,
        RowFilter.WITHOUT_EVIDENCE,
        RowFilter.REVIEW,
    }
    assert filters_of(R.NOT_APPLICABLE, 0, False) == frozenset()


@pytest.mark.parametrize(
    ("sheet", "assessment", "start"),
    [
        (SheetState.TO_FILL, AssessmentState.OPEN, ""),
        (SheetState.SENT_BACK, AssessmentState.OPEN, ""),
        (SheetState.SUBMITTED, AssessmentState.OPEN, "La grille est transmise"),
        (SheetState.ACCEPTED, AssessmentState.OPEN, "La grille est acceptée"),
        (SheetState.TO_FILL, AssessmentState.CLOSED, "L’auto-diagnostic est clos"),
    ],
)
def test_locked_says_why(sheet: str, assessment: str, start: str) -> None:
    reason = locked_because(sheet, assessment)
    assert reason.startswith(start)
    assert bool(reason) == bool(start)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2022, 4, 7), None),
        (date(2022, 4, 8), date(2022, 4, 8)),
        (date(2022, 4, 15), date(2022, 4, 8)),
        (date(2022, 4, 16), date(2022, 4, 16)),
        (date(2022, 4, 22), date(2022, 4, 16)),
        (date(2022, 4, 23), date(2022, 4, 23)),
        (date(2022, 5, 1), date(2022, 4, 30)),
    ],
)
def test_days_of_reminders(today: date, expected: date | None) -> None:
    assert reminder_day(DUE, today) == expected


def test_every_reminder_of_two_months_leaves_once() -> None:
    sent: list[date] = []
    for offset in range(60):
        today = date(2022, 4, 1) + timedelta(days=offset)
        if is_reminder_due(DUE, OPENED, sent[-1] if sent else None, today):
            sent.append(today)
    assert [day.isoformat()[5:] for day in sent] == [
        "04-08",
        "04-16",
        "04-23",
        "04-30",
        "05-07",
        "05-14",
        "05-21",
        "05-28",
    ]


def test_reminders_missed_are_caught_up_once() -> None:
    assert is_reminder_due(DUE, OPENED, None, date(2022, 4, 11))
    assert not is_reminder_due(DUE, OPENED, date(2022, 4, 11), date(2022, 4, 12))


def test_reminder_by_hand_counts() -> None:
    assert not is_reminder_due(DUE, OPENED, date(2022, 4, 16), date(2022, 4, 16))
    assert is_reminder_due(DUE, OPENED, date(2022, 4, 15), date(2022, 4, 16))


def test_campaign_shorter_than_a_week_begins_without_a_reminder() -> None:
    assert not is_reminder_due(DUE, date(2022, 4, 12), None, date(2022, 4, 12))
    assert is_reminder_due(DUE, date(2022, 4, 12), None, date(2022, 4, 16))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Answer(R.NONCONFORMING), Answer(R.PARTIAL), Move.BETTER),
        (Answer(R.CONFORMING), Answer(R.PARTIAL), Move.WORSE),
        (Answer(R.CONFORMING), Answer(R.CONFORMING), Move.SAME),
        (Answer(R.CONFORMING, 2), Answer(R.CONFORMING, 3), Move.BETTER),
        (Answer(R.CONFORMING, 3), Answer(R.CONFORMING, 1), Move.WORSE),
        (Answer(R.CONFORMING, 3), Answer(R.CONFORMING), Move.SAME),
        (Answer(R.NONCONFORMING, 4), Answer(R.PARTIAL, 1), Move.BETTER),
        (None, Answer(R.PARTIAL), Move.NEW),
        (Answer(R.NOT_ASSESSED), Answer(R.PARTIAL), Move.NEW),
        (Answer(R.PARTIAL), None, Move.GONE),
        (Answer(R.PARTIAL), Answer(R.NOT_ASSESSED), Move.GONE),
        (None, Answer(R.NOT_ASSESSED), Move.SAME),
        (Answer(R.NOT_APPLICABLE), Answer(R.CONFORMING), Move.OTHER),
        (Answer(R.NOT_APPLICABLE), Answer(R.NOT_APPLICABLE), Move.SAME),
    ],
)
def test_move(before: Answer | None, after: Answer | None, expected: Move) -> None:
    assert move_of(before, after) == expected


def test_differences_hold_both_sides() -> None:
    found = differences({"a": Answer(R.PARTIAL), "b": Answer(R.PARTIAL)}, {"c": Answer(R.PARTIAL)})
    assert [(item.key, item.move) for item in found] == [
        ("c", Move.NEW),
        ("a", Move.GONE),
        ("b", Move.GONE),
    ]
