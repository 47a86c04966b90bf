"""Intervals of proportions: exact values, by statsmodels or in closed form."""

import pytest

from common.proportions import newcombe, wilson


def test_wilson_and_newcombe_as_statsmodels() -> None:
    first, second = wilson(104, 200), wilson(113, 180)
    assert first
    assert second
    assert (round(first.value, 4), round(first.lower, 5), round(first.upper, 5)) == (
        0.52,
        0.45104,
        0.58821,
    )
    delta = newcombe(first, second)
    assert (round(delta.lower, 5), round(delta.upper, 5)) == (0.00816, 0.20411)
    assert delta.is_proved
    assert not newcombe(first, first).is_proved
    assert newcombe(second, first).lower == -delta.upper


def test_wilson_at_the_ends() -> None:
    # Closed form at 0: z² / (n + z²), and its mirror at n.
    nothing, everything = wilson(0, 10), wilson(10, 10)
    assert nothing
    assert everything
    assert (nothing.lower, round(nothing.upper, 6)) == (0.0, 0.277533)
    assert (round(everything.lower, 6), everything.upper) == (0.722467, 1.0)
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (0, -1)])
def test_an_impossible_proportion_is_refused(successes, n) -> None:
    with pytest.raises(ValueError, match="out of"):
        wilson(successes, n)
