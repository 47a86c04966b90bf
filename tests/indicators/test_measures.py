"""The one door by which figures are written."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Service
from indicators.enums import FigureOrigin, MeasureState, MeasureStatus
from indicators.models import Measure, MeasureRevision
from indicators.services.measures import (
    LockedMeasuresError,
    MeasureRow,
    Recorded,
    move_measures,
    record_measures,
    undo_changes,
)
from tests.cast import Cast
from tests.indicators.builders import make_indicator


pytestmark = pytest.mark.django_db
D = Decimal


def row(**fields: Any) -> MeasureRow:
    values: dict[str, Any] = {
        "indicator_id": make_indicator().pk,
        "period": "2020-T1",
        "starts_on": date(2020, 1, 1),
        "ends_on": date(2020, 3, 31),
        "numerator": D(9516),
        "denominator": D(10000),
    }
    return MeasureRow(**{**values, **fields})


def record(cast: Cast, *rows: MeasureRow, **fields: Any) -> Recorded:
    values = {"by": cast.user("referente"), "origin": FigureOrigin.HAND, **fields}
    return record_measures(prefecture=cast.prefecture, rows=rows, **values)


def test_the_rate_is_made_of_its_two_numbers(cast: Cast) -> None:
    done = record(cast, row())
    measure = Measure.objects.get()
    assert (measure.value, measure.numerator, measure.denominator) == (D("0.9516"), 9516, 10000)
    assert (measure.state, measure.entered_by) == (MeasureState.ENTERED, cast.user("referente"))
    assert done.changes == [{"measure": measure.pk, "before": None, "revision": 1}]


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    record(cast, row(numerator=D(1), denominator=D(3)))
    again = record(cast, row(numerator=D(1), denominator=D(3)), origin=FigureOrigin.FILE)
    assert (again.unchanged, again.created, again.changed) == (1, [], [])
    measure = Measure.objects.get()
    assert (measure.value, measure.origin) == (D("0.333333"), FigureOrigin.HAND)
    assert MeasureRevision.objects.count() == 0


def test_a_change_keeps_what_was(cast: Cast) -> None:
    record(cast, row(comment="Grève en janvier"))
    done = record(
        cast, row(numerator=D(5000)), origin=FigureOrigin.FILE, by=cast.user("prefet"), reason="x"
    )
    measure = Measure.objects.get()
    assert (measure.value, measure.revision) == (D("0.5"), 2)
    # A file that says nothing of the comment leaves it.
    assert (measure.comment, measure.origin) == ("Grève en janvier", FigureOrigin.FILE)
    kept = MeasureRevision.objects.get()
    assert (kept.before["value"], kept.before["numerator"]) == ("0.951600", "9516.000000")
    assert (kept.made_by, kept.reason) == (cast.user("prefet"), "x")
    assert done.changes == [{"measure": measure.pk, "before": kept.before, "revision": 2}]


def test_places_and_periods_are_figures_of_their_own(cast: Cast) -> None:
    site = cast.service.site
    assert site is not None
    rows = [
        row(),
        row(service_id=cast.service.pk),
        row(site_id=site.pk),
        row(period="2020", ends_on=date(2020, 12, 31)),
    ]
    assert len(record(cast, *rows).created) == 4
    assert record(cast, *rows).unchanged == 4


def test_absence_is_never_zero(cast: Cast) -> None:
    nothing = {"numerator": None, "denominator": None}
    record(cast, row(status=MeasureStatus.NOT_MEASURED, **nothing))
    assert Measure.objects.get().value is None
    record(cast, row(value=D(0), **nothing))
    assert Measure.objects.get().value == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"denominator": D(0)}, "nul"),
        ({"denominator": None}, "Il manque la valeur"),
        ({"status": MeasureStatus.NOT_APPLICABLE}, "pas deux à la fois"),
        ({"denominator": D("0.0000001")}, "nul"),
        ({"denominator": D(-3)}, "négatif"),
        ({"numerator": D(10) ** 12}, "trop grand"),
        ({"denominator": D("0.000001"), "numerator": D(10) ** 8}, "trop grand"),
        ({"value": D("999999999999.9999999")}, "trop grand"),
        ({"value": D("NaN")}, "trop grand"),
        ({"service_id": 1, "site_id": 1}, "pas sur les deux"),
    ],
)
def test_what_contradicts_itself_is_refused(cast: Cast, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        record(cast, row(period="2020-T2"), row(**fields))
    assert Measure.objects.count() == 0


def test_two_values_for_one_figure_are_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="2020-T1 porte deux valeurs"):
        record(cast, row(), row(numerator=D(1)))
    assert Measure.objects.count() == 0


def test_a_validated_figure_stays(cast: Cast) -> None:
    record(cast, row())
    measure = Measure.objects.get()
    by = cast.user("referente")
    moved = {"prefecture": cast.prefecture, "measure_ids": [measure.pk], "by": by}
    entered, validated = [MeasureState.ENTERED], MeasureState.VALIDATED
    assert move_measures(**moved, sources=entered, target=validated) == 1
    assert move_measures(**moved, sources=entered, target=validated) == 0
    with pytest.raises(LockedMeasuresError) as refused:
        record(cast, row(numerator=D(1)), row(period="2020-T2"))
    assert [item.pk for item in refused.value.measures] == [measure.pk]
    assert Measure.objects.count() == 1
    done = record(cast, row(numerator=D(1)), row(period="2020-T2"), skip_locked=True)
    assert (len(done.created), len(done.locked)) == (1, 1)
    measure.refresh_from_db()
    assert (measure.value, measure.validated_by) == (D("0.9516"), by)
    move_measures(**moved, sources=[validated], target=MeasureState.ENTERED, reason="Faute")
    assert MeasureRevision.objects.get().before["state"] == MeasureState.VALIDATED
    assert len(record(cast, row(numerator=D(1))).changed) == 1


def test_undone(cast: Cast) -> None:
    other = Service.objects.create(prefecture=cast.prefecture, name="Étrangers")
    old, new, late = row(), row(period="2020-T2"), row(service_id=other.pk)
    record(cast, old)
    done = record(cast, replace(old, numerator=D(1)), new, late)
    record(cast, replace(late, numerator=D(2)))
    undone = undo_changes(
        prefecture=cast.prefecture, changes=done.changes, by=cast.user("referente")
    )
    assert (undone.removed, len(undone.restored), undone.erased) == (1, 1, 0)
    assert [measure.service for measure in undone.kept] == [other]
    values = list(Measure.objects.order_by("pk").values_list("numerator", flat=True))
    assert values == [9516, 2]
    again = undo_changes(
        prefecture=cast.prefecture, changes=done.changes, by=cast.user("referente")
    )
    assert (again.removed, again.restored, len(again.kept)) == (0, [], 2)


def test_the_number_of_queries_does_not_follow_the_figures(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    rows = [row(period=f"{2000 + year}", numerator=D(year)) for year in range(20)]
    with django_assert_num_queries(5):  # savepoint, lock, read, insert, release
        record(cast, *rows)
    changed = [replace(item, numerator=D(99)) for item in rows]
    with django_assert_num_queries(6):  # and the revisions
        record(cast, *changed)
    assert Measure.objects.filter(value=D("0.0099")).count() == 20
