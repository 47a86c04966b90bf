"""Since when the limits hold and what moved, in words; the bands of the chart."""

from datetime import date
from decimal import Decimal as D

from common.charts.data import Limits
from common.numbers import Unit
from indicators.conclusions import Reading, read_series, rule_ranks
from indicators.enums import Direction
from indicators.levels import levels_in_words
from indicators.reading.periods import Period
from indicators.series import PeriodFigure
from indicators.stretches import stretches_of
from indicators.usual import usual_of


def figures(values, first: str = "2020-10", unit: str = Unit.PERCENT) -> list[PeriodFigure]:
    period, found = Period.from_code(first), []
    for value in values:
        found.append(PeriodFigure(period, unit, None if value is None else D(str(value))))
        period = period.next()
    return found


def read(series, rules=(), direction=Direction.UP) -> Reading:
    return read_series(series, [], unit=series[0].unit, direction=direction, rules=rules)


LOW, HIGH = ["0.77", "0.79"] * 3, ["0.90", "0.92"] * 4


def test_what_moved_and_since_when() -> None:
    found = read(figures([*LOW, *HIGH, "0.91"]))
    assert found.level.replace("\u00a0", " ") == (
        "Depuis avril 2021, le niveau est passé d’environ 78 % à environ 91 % : c’est mieux. "
        "La variation habituelle est calculée depuis."
    )
    worse = read(figures([*LOW, *HIGH, "0.91"]), direction=Direction.DOWN)
    assert "c’est moins bien" in worse.level
    nobody = read(figures([*LOW, *HIGH, "0.91"]), direction=Direction.NONE)
    assert "à environ 91\u00a0%. La" in nobody.level


def test_several_changes_are_counted() -> None:
    level = read(figures([*LOW, *HIGH, *["0.97"] * 8, "0.97"], "2019-T1")).level
    assert level.replace("\u00a0", " ") == (
        "Depuis le 3e trimestre 2022, le niveau est passé d’environ 91 % à environ 97 % : c’est "
        "mieux. C’est le 2e changement durable depuis le 1er trimestre 2019. La variation "
        "habituelle est calculée depuis."
    )


def test_no_change_and_too_few_values() -> None:
    assert read(figures(["0.5", *LOW, "0.78"][1:])).level == (
        "Aucun changement durable depuis octobre 2020 : la variation habituelle est celle des 6 "
        "valeurs qui précèdent la dernière."
    )
    assert read(figures(LOW[:5])).level == ""
    assert read(figures([None])).level == ""


def test_a_change_of_rule_is_said() -> None:
    found = read(figures([*LOW, *HIGH, "0.91"]), rules=[date(2021, 9, 15)])
    assert found.level == (
        "La règle de comptage a changé en septembre 2021 : seuls les chiffres comptés depuis font "
        "la variation habituelle."
    )
    assert found.movement.limits is None


def test_the_period_of_a_change_of_rule() -> None:
    series = figures([1, 2, 3])  # October to December 2020
    days = (date(2020, 11, 1), date(2020, 11, 30), date(2020, 10, 31), date(2021, 1, 1))
    assert [rule_ranks(series, [day]) for day in days] == [[1], [1], [], []]


def test_levels_are_as_precise_as_their_gap() -> None:
    def levels(unit, *values) -> list[str]:
        series = [D(str(value)) for value in values for _ in range(8)]
        found = levels_in_words(stretches_of(series, unit=unit), unit)
        return [text.replace("\u00a0", " ") for text in found]

    assert levels(Unit.PERCENT, "0.7813", "0.9121") == ["78 %", "91 %"]
    assert levels(Unit.PERCENT, "0.7813", "0.7969") == ["78,1 %", "79,7 %"]
    assert levels(Unit.COUNT, 45812, 56300) == ["46 000", "56 000"]
    assert levels(Unit.DAYS, "61.7", "93.2") == ["62 jours", "93 jours"]
    assert levels(Unit.COUNT, 0, 12) == ["0", "12"]


def test_bands_follow_the_stretches_that_are_shown() -> None:
    series = figures([*LOW, *HIGH, "0.91"])
    usual = usual_of(series, read(series).movement.stretches)
    shown = [item.period for item in series[4:]]
    first, second = usual.limits(shown)
    assert (first.start, first.stop, first.mean, first.level) == (0, 2, D("0.78"), "78\u00a0%")
    assert first.label == "Variation habituelle (provisoire)"
    assert second == Limits(
        D("0.91") - D("2.66") * D("0.02"),
        D("0.91") + D("2.66") * D("0.02"),
        label="Variation habituelle (provisoire) depuis avril 2021",
        mean=D("0.91"),
        level="91\u00a0%",
        start=2,
        stop=11,
    )
    assert usual.changes == {Period.from_code("2021-04"): "nouveau niveau : environ 91\u00a0%"}
    assert usual.words(series[0].period).replace("\u00a0", " ") == "de 72,7 % à 83,3 %"
    assert usual.words(series[-1].period).replace("\u00a0", " ") == "de 85,7 % à 96,3 %"


def test_older_figures_change_nothing_of_what_is_said_of_the_others() -> None:
    older, series = figures(["0.5", "0.52"] * 4, "2020-02"), figures([*LOW, "0.78"])
    stretches = read(series).movement.stretches
    both, alone = usual_of(series, stretches, older), usual_of(series, stretches)
    assert [item.stretch for item in both.spans[-1:]] == [item.stretch for item in alone.spans]
    assert both.words(older[0].period).replace("\u00a0", " ") == "de 45,7 % à 56,3 %"
    assert both.changes == {series[0].period: "variation habituelle recalculée"}
    assert alone.changes == {}
