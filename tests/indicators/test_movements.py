"""Signal or noise, in words: the latest value, and what came of an action."""

from decimal import Decimal as D

import pytest

from common.numbers import Unit
from indicators.control import ControlLimits, Signal
from indicators.enums import Direction
from indicators.movements import Movement, Verdict, effect_of, signal_or_noise


# Mean 10, moving ranges 2 2 2 2 2: limits 10 ± 5.32, nearer to a limit than to the mean beyond ± 2.66.
SIX = [D(9), D(11)] * 3
LIMITS = ControlLimits(D(10), D(2), D("4.68"), D("15.32"), 6)


def movement(history, latest, unit=Unit.DAYS, direction=Direction.DOWN, rules=()) -> Movement:
    return signal_or_noise(history, latest, unit=unit, direction=direction, rules=rules)


def effect(history, after, rules=()) -> Movement:
    return effect_of(history, after, unit=Unit.DAYS, direction=Direction.DOWN, rules=rules)


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


# --- After a change ---------------------------------------------------------------------------
def test_the_eighth_value_is_the_signal_and_the_next_one_is_usual() -> None:
    founding = [D(13), D(15)] * 4
    eighth = movement(SIX + founding[:7], founding[7])
    assert (eighth.verdict, eighth.is_better) == (Verdict.SIGNAL, False)
    assert eighth.limits is not None
    assert eighth.limits.n == 13
    ninth = movement(SIX + founding, D(13))
    assert ninth.verdict == Verdict.NOISE
    assert ninth.sentence.replace("\u00a0", " ") == (
        "Ce mouvement reste dans la variation habituelle (de 8,7 jours à 19,3 jours). "
        "Limites provisoires, calculées sur 8 valeurs."
    )
    back = movement(SIX + founding, D(8))
    assert (back.signal, back.is_better) == (Signal.OUTSIDE, True)


def test_nothing_is_told_until_the_new_rule_has_its_own_values() -> None:
    early = movement(SIX * 2, D(40), rules=[12])
    assert (early.verdict, early.limits) == (Verdict.UNKNOWN, None)
    assert early.sentence.endswith(
        "aucune n’est connue depuis le changement de la règle de comptage."
    )
    later = movement(SIX * 2 + [D(39), D(41)] * 3, D(40), rules=[12])
    assert later.verdict == Verdict.NOISE
    assert later.limits is not None
    assert (later.limits.mean, later.limits.n) == (D(40), 6)


def test_limits_of_a_count_are_whole() -> None:
    # Mean 34, moving ranges of 2: from 28.68 to 39.32, so that 28 and 40 are out.
    found = movement([D(33), D(35)] * 6, D(34), unit=Unit.COUNT)
    assert found.sentence == "Ce mouvement reste dans la variation habituelle (de 29 à 39)."
    assert movement([D(33), D(35)] * 6, D(28), unit=Unit.COUNT).signal == Signal.OUTSIDE


# --- The effect of an action ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("after", "verdict", "signal"),
    [
        ([12], Verdict.NOISE, None),
        ([16], Verdict.SIGNAL, Signal.OUTSIDE),
        ([13, 10, 13, 13], Verdict.SIGNAL, Signal.NEAR_LIMIT),
        # Eleven comes last before the action too: seven values after it are not eight.
        ([11] * 7, Verdict.NOISE, None),
        ([11] * 8, Verdict.SIGNAL, Signal.RUN),
        # A new level for long is usual by now, and still the effect of what came before it.
        ([14] * 20, Verdict.SIGNAL, Signal.NEAR_LIMIT),
        ([16, 10], Verdict.NOISE, None),
        ([12, None], Verdict.UNKNOWN, None),
    ],
)
def test_values_after_against_the_stretch_before(after, verdict, signal) -> None:
    values = [None if value is None else D(value) for value in after]
    found = effect(SIX * 2, values)
    assert (found.verdict, found.signal) == (verdict, signal)


def test_the_stretch_before_is_the_last_one() -> None:
    history = SIX + [D(13), D(15)] * 4
    assert effect(history, [D(14)]).verdict == Verdict.NOISE
    assert effect(history, [D(8)]).is_better is True


def test_a_rule_that_changed_since_compares_nothing() -> None:
    for rank in (12, 13):
        found = effect(SIX * 2, [D(40), D(40)], rules=[rank])
        assert found.verdict == Verdict.UNKNOWN
        assert "ne se comparent pas" in found.sentence
    assert effect(SIX * 2, [D(40)], rules=[6]).verdict == Verdict.SIGNAL
