"""The XmR chart: limits worked by hand, each rule alone, and what is said in words."""

from decimal import Decimal as D

import pytest

from common.numbers import Unit
from indicators.control import (
    ControlLimits,
    Movement,
    Signal,
    Verdict,
    control_limits,
    signal_or_noise,
    signals_in,
)
from indicators.enums import Direction


# Mean 10, moving ranges 2 2 2 2 2: limits 10 ± 5.32.
SIX = [D(9), D(11)] * 3
LIMITS = ControlLimits(D(10), D(2), D("4.68"), D("15.32"), 6)


def movement(history, latest, unit=Unit.DAYS, direction=Direction.DOWN) -> Movement:
    return signal_or_noise(history, latest, unit=unit, direction=direction)


def test_limits_by_hand() -> None:
    assert control_limits(SIX, unit=Unit.DAYS) == LIMITS
    assert LIMITS.is_provisional
    assert control_limits(SIX * 2, unit=Unit.DAYS).is_provisional is False


def test_five_values_make_no_limits() -> None:
    assert control_limits(SIX[:5], unit=Unit.DAYS) is None
    assert control_limits([*SIX[:5], None], unit=Unit.DAYS) is None


def test_no_range_is_taken_across_a_gap() -> None:
    # 9 11 9 | 19 21 19: four ranges of 2, and none of 10 between 9 and 19.
    limits = control_limits([D(9), D(11), D(9), None, D(19), D(21), D(19)], unit=Unit.DAYS)
    assert limits is not None
    assert (limits.moving_range, limits.n) == (D(2), 6)
    assert control_limits([D(9), None] * 6, unit=Unit.DAYS) is None


def test_a_limit_that_the_unit_forbids_is_no_limit() -> None:
    high = control_limits([D("0.95"), D("0.99")] * 3, unit=Unit.PERCENT)
    assert high is not None
    assert (high.lower, high.upper) == (D("0.97") - D("2.66") * D("0.04"), None)
    assert not high.is_above(D(1))
    low = control_limits([D(1), D(3)] * 3, unit=Unit.COUNT)
    assert low is not None
    assert (low.lower, low.upper) == (None, D("7.32"))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([10, 16], {1: Signal.OUTSIDE}),
        ([10, "4.67", "4.68"], {1: Signal.OUTSIDE}),
        # Nearer to the upper limit than to the mean: above 12.66.
        ([13, 10, 13, 13], {3: Signal.NEAR_LIMIT}),
        ([13, 13, 7, 7], {}),
        ([13, 13, 13], {2: Signal.NEAR_LIMIT}),
        ([13, None, 13, 13], {}),
        ([11] * 8, {7: Signal.RUN}),
        ([11] * 7, {}),
        ([11] * 4 + [10] + [11] * 4, {}),
        ([11] * 4 + [None] + [11] * 4, {}),
        ([9] * 9, {7: Signal.RUN, 8: Signal.RUN}),
    ],
)
def test_the_three_rules(values, found) -> None:
    series = [None if value is None else D(value) for value in values]
    assert signals_in(series, LIMITS) == found


def test_a_signal_in_words() -> None:
    found = movement(SIX * 2, D(20))
    assert (found.verdict, found.signal, found.is_better) == (Verdict.SIGNAL, Signal.OUTSIDE, False)
    assert found.sentence.replace("\u00a0", " ") == (
        "Ce mouvement est un signal : 20 jours, c’est au-dessus de la variation habituelle "
        "(de 4,7 jours à 15,3 jours). C’est une dégradation."
    )


def test_the_signal_does_not_widen_its_own_limits() -> None:
    assert movement(SIX, D(100)).limits == LIMITS


def test_noise_in_words_and_provisional_limits() -> None:
    found = movement(SIX, D(12))
    assert (found.verdict, found.signal, found.is_better) == (Verdict.NOISE, None, None)
    assert found.sentence.replace("\u00a0", " ") == (
        "Ce mouvement reste dans la variation habituelle (de 4,7 jours à 15,3 jours). "
        "Limites provisoires, calculées sur 6 valeurs."
    )


def test_a_run_in_words() -> None:
    history = [D(9), D(11)] * 6 + [D(9)] * 7
    found = movement(history, D("8.9"), direction=Direction.NONE)
    assert (found.signal, found.is_better) == (Signal.RUN, None)
    assert "8 valeurs de suite sont en dessous de la moyenne" in found.sentence


def test_near_a_limit_in_words() -> None:
    history = [*SIX, *SIX, D(13), D(13)]
    found = movement(history, D(14), direction=Direction.UP)
    assert (found.signal, found.is_better) == (Signal.NEAR_LIMIT, True)
    assert "3 des 4 dernières valeurs sont plus proches de la limite haute" in found.sentence


def test_a_series_that_never_varied() -> None:
    assert movement([D(1)] * 12, D(1), Unit.PERCENT).signal is None
    found = movement([D(1)] * 12, D("0.98"), Unit.PERCENT, Direction.UP)
    assert found.sentence.replace("\u00a0", " ") == (
        "Ce mouvement est un signal : la valeur n’avait jamais varié (100 %). C’est une dégradation."
    )


@pytest.mark.parametrize(
    ("history", "end"),
    [
        ([], "aucune n’est connue."),
        ([D(1)], "une est connue."),
        ([D(1), None, D(2)], "2 sont connues."),
    ],
)
def test_too_early_to_say(history, end) -> None:
    found = movement(history, D(5))
    assert (found.verdict, found.limits) == (Verdict.UNKNOWN, None)
    assert found.sentence.startswith("Trop tôt pour le dire : il faut 6 valeurs avant celle-ci")
    assert found.sentence.endswith(end)


def test_nothing_to_compare() -> None:
    assert movement(SIX, None).verdict == Verdict.UNKNOWN
