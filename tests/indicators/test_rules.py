"""What looks implausible, in words; which target holds on a day."""

from datetime import date
from decimal import Decimal as D

import pytest

from common.numbers import Unit
from indicators.enums import Direction, TargetKind
from indicators.rules import DatedTarget, Doubt, Entry, doubts_about, target_words, targets_on
from indicators.statistics import Goal


RATES = [D("0.93"), D("0.95")] * 6


def said(entry: Entry) -> list[tuple[Doubt, str]]:
    return [(item.code, item.sentence.replace("\u00a0", " ")) for item in doubts_about(entry)]


def test_an_ordinary_figure_is_not_doubted() -> None:
    assert said(Entry(Unit.PERCENT, D("0.94"), D(94), D(100), RATES)) == []
    assert said(Entry(Unit.PERCENT, D(1))) == []
    assert said(Entry(Unit.COUNT, D(0), history=[D(1), D(3)] * 3)) == []


@pytest.mark.parametrize(
    ("entry", "code", "sentence"),
    [
        (
            Entry(Unit.DAYS, D(-3)),
            Doubt.NEGATIVE,
            "Une valeur négative n’a pas de sens ici : vérifiez le signe.",
        ),
        (
            Entry(Unit.MARK10, D("10.5")),
            Doubt.ABOVE_MAXIMUM,
            "10,5/10 dépasse 10/10 : vérifiez la valeur.",
        ),
        (
            Entry(Unit.PERCENT, D("1.05")),
            Doubt.ABOVE_MAXIMUM,
            "105 % dépasse 100 % : vérifiez la valeur.",
        ),
        (
            Entry(Unit.PERCENT, D("0.59"), D(94), D(100)),
            Doubt.NOT_THE_RATIO,
            "94 sur 100 donne 94 %, et non 59 % : corrigez l’un des trois.",
        ),
        (
            Entry(Unit.PERCENT, D(95)),
            Doubt.UNIT,
            "9 500 % : serait-ce un taux écrit en points ou en fraction ? Vous vouliez peut-être "
            "écrire 95 %.",
        ),
        (
            Entry(Unit.PERCENT, D("0.0095"), history=RATES),
            Doubt.UNIT,
            "0,95 % : serait-ce un taux écrit en points ou en fraction ? Vous vouliez peut-être "
            "écrire 95 %.",
        ),
        (
            Entry(Unit.MINUTES, D(600), history=[D(9), D(11)] * 3),
            Doubt.UNIT,
            "600 minutes : serait-ce des secondes ou des heures au lieu de minutes ? Vous vouliez "
            "peut-être écrire 10 minutes.",
        ),
        (
            Entry(Unit.PERCENT, D("0.60"), history=RATES),
            Doubt.OUTSIDE_HISTORY,
            "60 % sort de ce qui est habituel (de 88,7 % à 99,3 %, d’après 12 valeurs) : vérifiez "
            "la valeur.",
        ),
    ],
)
def test_one_doubt(entry, code, sentence) -> None:
    assert said(entry) == [(code, sentence)]


def test_numerator_above_denominator_says_both() -> None:
    found = said(Entry(Unit.PERCENT, D("1.2"), D(1200), D(1000)))
    assert found[0] == (
        Doubt.NUMERATOR_ABOVE,
        "Le numérateur (1 200) dépasse le dénominateur (1 000) : vérifiez qu’ils ne sont pas inversés.",
    )
    assert [code for code, _ in found] == [Doubt.NUMERATOR_ABOVE, Doubt.ABOVE_MAXIMUM]


def test_a_mean_may_have_more_days_than_cases_and_a_rounding_is_forgiven() -> None:
    assert said(Entry(Unit.DAYS, D("12.4"), D(1240), D(100))) == []
    assert said(Entry(Unit.DAYS, D("12"), D(1240), D(100))) == []
    assert said(Entry(Unit.PERCENT, D("0.33"), D(1), D(3))) == []


def test_history_begins_with_the_last_lasting_change() -> None:
    history = [D("0.77"), D("0.79")] * 3 + [D("0.90"), D("0.92")] * 4
    assert said(Entry(Unit.PERCENT, D("0.91"), history=history)) == []
    assert said(Entry(Unit.PERCENT, D("0.78"), history=history)) == [
        (
            Doubt.OUTSIDE_HISTORY,
            "78 % sort de ce qui est habituel (de 85,7 % à 96,3 %, d’après 8 valeurs) : vérifiez la "
            "valeur.",
        )
    ]


def test_five_values_of_history_say_nothing() -> None:
    assert said(Entry(Unit.PERCENT, D("0.60"), history=RATES[:5])) == []


def test_the_local_target_wins_and_both_are_known() -> None:
    national = DatedTarget(TargetKind.TARGET, D("0.85"), date(2020, 1, 1))
    older = DatedTarget(TargetKind.TARGET, D("0.80"), date(2018, 1, 1))
    local = DatedTarget(
        TargetKind.TARGET, D("0.90"), date(2022, 1, 1), date(2022, 12, 31), is_local=True
    )
    alert = DatedTarget(TargetKind.ALERT, D("0.82"), date(2020, 1, 1))
    rows = [local, national, alert, older]

    during = targets_on(rows, date(2022, 12, 31))
    assert (during.target, during.national_target) == (local, national)
    assert during.goal(Direction.UP) == Goal(D("0.90"), Direction.UP, D("0.82"))
    after = targets_on(rows, date(2023, 1, 1))
    assert (after.target, after.alert, after.national_alert) == (national, alert, alert)
    before = targets_on(rows, date(2019, 6, 1))
    assert (before.target, before.alert) == (older, None)
    assert targets_on(rows, date(2017, 12, 31)).goal(Direction.UP) is None
    assert during.goal(Direction.NONE) is None


def test_an_alert_that_contradicts_the_local_target_judges_nothing() -> None:
    day = date(2022, 1, 1)
    local = DatedTarget(TargetKind.TARGET, D("0.75"), day, is_local=True)
    alert = DatedTarget(TargetKind.ALERT, D("0.80"), day)
    assert targets_on([local, alert], day).goal(Direction.UP) == Goal(D("0.75"), Direction.UP)
    # 0.80 is worse than 0.75 when lower is better: the alert holds.
    assert targets_on([local, alert], day).goal(Direction.DOWN) == Goal(
        D("0.75"), Direction.DOWN, D("0.80")
    )


@pytest.mark.parametrize(
    ("direction", "is_strict", "words"),
    [
        (Direction.UP, False, "au moins 10\u00a0%"),
        (Direction.UP, True, "plus de 10\u00a0%"),
        (Direction.DOWN, False, "au plus 10\u00a0%"),
        (Direction.DOWN, True, "moins de 10\u00a0%"),
        (Direction.NONE, False, "10\u00a0%"),
    ],
)
def test_a_target_in_words(direction: Direction, is_strict: bool, words: str) -> None:
    row = DatedTarget(TargetKind.TARGET, D("0.1"), date(2022, 1, 1), is_strict=is_strict)
    assert target_words(row, Unit.PERCENT, direction) == words


def test_a_strict_target_judges_strictly() -> None:
    row = DatedTarget(TargetKind.TARGET, D("0.1"), date(2022, 1, 1), is_strict=True)
    goal = targets_on([row], date(2022, 1, 1)).goal(Direction.DOWN)
    assert goal is not None
    assert (goal.is_reached(D("0.1")), goal.is_reached(D("0.0999"))) == (False, True)
