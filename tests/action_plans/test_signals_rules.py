"""What a change allows to say: intervals against known figures, sentences, honest silence."""

from datetime import date
from decimal import Decimal

import pytest

from action_plans.enums import Direction, EffectOutcome, MeasureUnit
from action_plans.rules.effects import (
    CAUTION,
    Point,
    change_in_words,
    conclude,
    difference_interval,
    value_in_words,
)


D, U = Decimal, MeasureUnit
BEFORE = Point(D("0.52"), date(2021, 12, 16), 180)
AFTER = Point(D("0.63"), date(2022, 12, 16), 210)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_interval_is_newcombe_s() -> None:
    """Newcombe 1998, table II, case (a): 56/70 against 48/80, method 10."""
    found = difference_interval(Point(D(48) / 80, size=80), Point(D(56) / 70, size=70))
    assert found is not None
    assert (round(found.value, 4), round(found.lower, 4), round(found.upper, 4)) == (
        0.2,
        0.0524,
        0.3339,
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Point(D("0.5")), Point(D("0.6"), size=100)),
        (Point(D("0.5"), size=0), Point(D("0.6"), size=100)),
        (Point(D("1.5"), size=10), Point(D("0.6"), size=100)),
    ],
)
def test_no_interval_without_what_it_needs(first: Point, second: Point) -> None:
    assert difference_interval(first, second) is None


def test_a_rate_with_its_answers() -> None:
    found = conclude(
        before=BEFORE, after=AFTER, unit=U.PERCENT, direction=Direction.UP, target=D("0.6")
    )
    assert found.outcome == EffectOutcome.PROGRESS
    assert plain(found.sentence) == (
        "52 % le 16 décembre 2021 (180 réponses), puis 63 % le 16 décembre 2022 (210 réponses) : "
        "soit +11 points. Intervalle de confiance à 95 % : de +1,2 à +20,6 points ; progrès établi. "
        f"La cible (60 %) est atteinte. {CAUTION}"
    )


@pytest.mark.parametrize(
    ("after", "direction", "outcome"),
    [
        (Point(D("0.55"), size=210), Direction.UP, EffectOutcome.UNPROVEN),
        (Point(D("0.40"), size=210), Direction.UP, EffectOutcome.REGRESSION),
        (Point(D("0.40"), size=210), Direction.DOWN, EffectOutcome.PROGRESS),
        (Point(D("0.63")), Direction.UP, EffectOutcome.UNPROVEN),
    ],
)
def test_established_or_not(after: Point, direction: Direction, outcome: EffectOutcome) -> None:
    found = conclude(before=BEFORE, after=after, unit=U.PERCENT, direction=direction)
    assert found.outcome == outcome


def test_without_the_number_of_answers_it_says_so() -> None:
    found = conclude(
        before=Point(D("0.52")), after=Point(D("0.63")), unit=U.PERCENT, direction=Direction.UP
    )
    assert plain(found.sentence) == (
        "52 %, puis 63 % : soit +11 points. L’écart va dans le bon sens. Faute de connaître le nombre "
        f"de réponses, on ne sait pas si l’écart dépasse le hasard. {CAUTION}"
    )


def test_days_are_told_plainly() -> None:
    found = conclude(
        before=Point(D("19.5")),
        after=Point(D(15), date(2022, 3, 1)),
        unit=U.WORKING_DAYS,
        direction=Direction.DOWN,
        target=D(12),
        done_on=date(2022, 4, 1),
    )
    assert found.outcome == EffectOutcome.UNPROVEN
    assert plain(found.sentence) == (
        "19,5 jours ouvrés, puis 15 jours ouvrés le 1er mars 2022 : soit −4,5 jours ouvrés. L’écart va "
        "dans le bon sens. La cible (12 jours ouvrés) n’est pas atteinte. Cette valeur date d’avant "
        f"la fin de l’action. {CAUTION}"
    )


def test_without_a_baseline_nothing_is_compared() -> None:
    found = conclude(before=None, after=AFTER, unit=U.PERCENT, direction=Direction.UP)
    assert found.outcome == EffectOutcome.UNPROVEN
    assert plain(found.sentence) == (
        "63 % le 16 décembre 2022 (210 réponses). Sans valeur de départ, rien ne se compare."
    )


def test_no_change() -> None:
    found = conclude(before=Point(D(8)), after=Point(D(8)), unit=U.MARK10, direction=Direction.UP)
    assert plain(found.sentence).startswith(
        "8 sur 10, puis 8 sur 10 : sans changement. La mesure n’a pas bougé."
    )


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (D("0.52"), U.PERCENT, "52 %"),
        (D("0.9516"), U.PERCENT, "95,2 %"),
        (D("12.5"), U.DAYS, "12,5 jours"),
        (D(1234), U.COUNT, "1 234"),
    ],
)
def test_values_in_words(value: Decimal, unit: MeasureUnit, words: str) -> None:
    assert plain(value_in_words(value, unit)) == words


def test_changes_in_words() -> None:
    assert plain(change_in_words(D("0.01"), U.PERCENT)) == "+1 point"
    assert plain(change_in_words(D(-1), U.WORKING_DAYS)) == "−1 jour ouvré"
    assert plain(change_in_words(D(0), U.COUNT)) == "0"


def test_the_longest_sentence_fits_its_column() -> None:
    big = Point(D("123456789012.3"), date(2021, 12, 16), 2_000_000_000)
    found = conclude(
        before=big,
        after=big,
        unit=U.WORKING_DAYS,
        direction=Direction.UP,
        target=D("999999999999.9"),
        done_on=date(2022, 1, 1),
    )
    assert len(found.sentence) <= 600
