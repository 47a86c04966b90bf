"""Computed figures: recorded once, never over what a person wrote."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import ClassVar

import pytest

from accounts.models import Prefecture
from indicators import registry
from indicators.enums import FigureOrigin, MeasureState, MeasureStatus
from indicators.models import Measure, MeasureRevision
from indicators.reading.periods import Period
from indicators.registry import ComputedFigure, ComputedSource
from indicators.services.computed import recalculate, recalculate_due
from indicators.tasks import recalculate_figures
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure


pytestmark = pytest.mark.django_db
PERIOD = Period.from_code("2021-T4")


class Calls(ComputedSource):
    """Answers what the test put in ``counts``: answered, received."""

    code = "tests.calls"
    label = "Appels d’essai"
    indicators = ("TEL-ABOUTI",)
    counts: ClassVar[list[int]] = [90, 100]
    fails: ClassVar[bool] = False

    def figures(
        self, prefecture: Prefecture, starts_on: date, ends_on: date
    ) -> list[ComputedFigure]:
        if type(self).fails:
            raise RuntimeError("no register")
        top, bottom = self.counts
        if not bottom:
            return [ComputedFigure("TEL-ABOUTI", MeasureStatus.NOT_MEASURED, note="Aucun appel")]
        return [
            ComputedFigure(
                "TEL-ABOUTI",
                MeasureStatus.MEASURED,
                numerator=Decimal(top),
                denominator=Decimal(bottom),
            )
        ]


@pytest.fixture(autouse=True)
def source(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Calls]]:
    monkeypatch.setattr(Calls, "counts", [90, 100])
    monkeypatch.setattr(registry, "_sources", {Calls.code: Calls()})
    make_indicator()
    return Calls


def test_a_figure_is_recorded_once_then_follows_its_source(cast: Cast) -> None:
    first = recalculate(prefecture=cast.prefecture, period=PERIOD)
    again = recalculate(prefecture=cast.prefecture, period=PERIOD)
    Calls.counts[0] = 95
    moved = recalculate(prefecture=cast.prefecture, period=PERIOD)

    assert [(done.written, done.unchanged) for done in (first, again, moved)] == [
        (1, 0),
        (0, 1),
        (1, 0),
    ]
    measure = Measure.objects.get()
    assert (measure.value, measure.origin, measure.computed_by, measure.source_note) == (
        Decimal("0.95"),
        FigureOrigin.COMPUTED,
        "tests.calls",
        "Appels d’essai",
    )
    assert MeasureRevision.objects.get().before["value"] == "0.900000"


def test_no_call_is_not_measured_never_zero(cast: Cast) -> None:
    Calls.counts[1] = 0

    recalculate(prefecture=cast.prefecture, period=PERIOD)

    measure = Measure.objects.get()
    assert (measure.status, measure.value, measure.source_note) == (
        MeasureStatus.NOT_MEASURED,
        None,
        "Aucun appel",
    )


@pytest.mark.parametrize(
    "fields",
    [{}, {"origin": FigureOrigin.COMPUTED, "state": MeasureState.VALIDATED}],
    ids=["typed", "validated"],
)
def test_what_a_person_answers_for_is_kept_and_both_values_are_told(
    cast: Cast, fields: dict[str, str]
) -> None:
    make_measure(cast.prefecture, value="0.8", **fields)

    done = recalculate(prefecture=cast.prefecture, period=PERIOD)

    assert (done.written, Measure.objects.get().value) == (0, Decimal("0.8"))
    (conflict,) = done.conflicts
    assert "80\u00a0% (" in conflict.sentence
    assert "« Appels d’essai » donne 90\u00a0%" in conflict.sentence
    Calls.counts[0] = 80
    assert recalculate(prefecture=cast.prefecture, period=PERIOD).conflicts == [], "they agree"


def test_a_source_that_fails_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Calls, "fails", True)

    done = recalculate(prefecture=cast.prefecture, period=PERIOD)

    assert (done.failed, Measure.objects.count()) == (["Appels d’essai"], 0)


def test_only_periods_as_long_as_the_indicator_asks(cast: Cast) -> None:
    assert recalculate(prefecture=cast.prefecture, period=Period.from_code("2021")).written == 0

    recalculate_due(prefecture=cast.prefecture, today=date(2022, 2, 10))

    assert Measure.objects.get().period == "2021-T4"


def test_the_task_serves_every_prefecture(cast: Cast) -> None:
    recalculate_figures()

    owners = set(Measure.objects.order_by().values_list("prefecture", flat=True))
    assert owners == {cast.prefecture.pk, cast.other_prefecture.pk}


def test_the_grid_offers_to_recalculate_and_shows_what_was_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_measure(cast.prefecture, value="0.8")
    client, grid = cast.client("referente"), "/indicateurs/saisie/2021-T4/"

    assert "Recalculer" in client.get(grid).text
    shown = client.post(f"{grid}recalculer/", follow=True).text

    assert "« Appels d’essai » donne 90 %" in " ".join(shown.split())
    assert Measure.objects.get().value == Decimal("0.8")
    monkeypatch.setattr(registry, "_sources", {})
    assert "Recalculer" not in client.get(grid).text, "nothing computes anything"
