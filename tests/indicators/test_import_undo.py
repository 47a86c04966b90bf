"""An import undone: value, state, comment and origin come back; what changed since stays, and is told."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from indicators.enums import FigureOrigin, ImportState, MeasureState
from indicators.models import Measure, MeasureImport
from indicators.selectors.imports import done_plan
from indicators.services.import_undo import told_undone, undo_import
from indicators.services.measures import MeasureRow, as_json, record_measures
from indicators.services.validation import reopen_measure, validate_measures
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure
from tests.indicators.test_imports import RATES, apply, receive


pytestmark = pytest.mark.django_db
D = Decimal
LONG_AGO = datetime(2022, 1, 5, 9, tzinfo=timezone.get_default_timezone())


def validated(cast: Cast) -> Measure:
    """Return a figure entered by hand by the correspondent, then validated by the référente."""
    measure = make_measure(
        cast.prefecture,
        make_indicator(label="Taux d’appels aboutis"),
        state=MeasureState.VALIDATED,
        comment="Grève le 12",
        entered_by=cast.user("correspondant"),
        entered_at=LONG_AGO,
        validated_by=cast.user("referente"),
        validated_at=LONG_AGO,
    )
    measure.refresh_from_db()
    return measure


def undo(cast: Cast, imported: MeasureImport) -> MeasureImport:
    return undo_import(imported=imported, by=cast.user("referente"))


def hand(measure: Measure, value: str) -> MeasureRow:
    return MeasureRow(
        measure.indicator_id, measure.period, measure.starts_on, measure.ends_on, value=D(value)
    )


def test_a_validated_figure_comes_back_validated_with_all_it_was(cast: Cast) -> None:
    before = as_json(validated(cast))
    imported = apply(cast, receive(cast, RATES.format("95 %")), reopen="Faute de frappe")
    read = Measure.objects.get(period="2021-T4")
    assert (read.value, read.state, read.validated_at) == (D("0.95"), MeasureState.ENTERED, None)
    undone = undo(cast, imported)
    measure = Measure.objects.get()
    assert as_json(measure) == before
    assert undone.reading["given_back"] == [
        "Taux d’appels aboutis, 4e trimestre 2021 : de nouveau 90\u00a0%, validée, au lieu de "
        "95\u00a0% (saisie à la main, le 5\u00a0janvier 2022 par M. Karim PETIT)."
    ]
    assert told_undone(undone) == (
        "1 mesure ajoutée est retirée. 1 mesure remplacée est redevenue ce qu’elle était. "
        "L’une d’elles a retrouvé sa validation."
    )
    reasons = list(measure.revisions.values_list("reason", "before__state"))
    assert reasons == [
        ("Annulation de l’import de « telephone.csv »", "entered"),
        ("Faute de frappe", "validated"),
    ]


def test_what_changed_since_stays_and_is_told(cast: Cast) -> None:
    measure = validated(cast)
    imported = apply(cast, receive(cast, RATES.format("95 %")), reopen="Faute de frappe")
    by = cast.user("referente")
    record_measures(
        prefecture=cast.prefecture, rows=[hand(measure, "0.8")], by=by, origin=FigureOrigin.HAND
    )
    new = Measure.objects.get(period="2022-T1")
    validate_measures(prefecture=cast.prefecture, measure_ids=[new.pk], by=by)
    undone = undo(cast, imported)
    assert undone.reading["kept"] == [
        "Taux d’appels aboutis, 4e trimestre 2021 : elle a changé depuis, elle reste telle quelle.",
        "Taux d’appels aboutis, 1er trimestre 2022 : elle a été validée depuis, elle reste telle quelle.",
    ]
    assert told_undone(undone) == "2 mesures ont changé depuis : elles restent telles quelles."
    assert list(Measure.objects.order_by("period").values_list("value", "state")) == [
        (D("0.8"), "entered"),
        (D("0.91"), "validated"),
    ]
    assert [row.is_undone for row in done_plan(undone).rows] == [False, False]
    assert undo(cast, imported).state == ImportState.UNDONE
    assert Measure.objects.count() == 2


def test_two_imports_are_undone_one_after_the_other(cast: Cast) -> None:
    before = as_json(validated(cast))
    first = apply(cast, receive(cast, RATES.format("95 %")), reopen="Faute de frappe")
    second = apply(cast, receive(cast, RATES.format("96 %")))
    undo(cast, second)
    measure = Measure.objects.get(period="2021-T4")
    assert (measure.value, measure.imported, measure.cell) == (D("0.95"), first, "B2")
    undo(cast, first)
    assert as_json(Measure.objects.get()) == before


def test_a_figure_validated_then_reopened_since_comes_back_too(cast: Cast) -> None:
    before = as_json(validated(cast))
    imported = apply(cast, receive(cast, RATES.format("95 %")), reopen="Faute de frappe")
    by = cast.user("referente")
    measure = Measure.objects.get(period="2021-T4")
    validate_measures(prefecture=cast.prefecture, measure_ids=[measure.pk], by=by)
    reopen_measure(measure=measure, by=by, reason="À revoir")
    undo(cast, imported)
    assert as_json(Measure.objects.get()) == before


def test_a_new_figure_validated_since_is_never_erased(cast: Cast) -> None:
    imported = apply(cast, receive(cast, RATES.format("95 %")))
    by = cast.user("referente")
    measure = Measure.objects.get(period="2021-T4")
    validate_measures(prefecture=cast.prefecture, measure_ids=[measure.pk], by=by)
    reopen_measure(measure=measure, by=by, reason="À revoir")
    counts = undo(cast, imported).reading["undone"]
    assert (counts["removed"], counts["kept"]) == (1, 1)
    assert list(Measure.objects.order_by("pk").values_list("period", flat=True)) == ["2021-T4"]


def test_a_figure_erased_since_is_told(cast: Cast) -> None:
    make_measure(cast.prefecture, make_indicator(label="Taux d’appels aboutis"))
    imported = apply(cast, receive(cast, RATES.format("95 %")))
    Measure.objects.all().delete()
    assert told_undone(undo(cast, imported)) == (
        "1 mesure a été effacée depuis : elle ne revient pas."
    )


def test_whoever_left_since_does_not_stop_it(cast: Cast) -> None:
    gone = User.objects.create(email="parti@loir-et-cher.gouv.fr")
    measure = validated(cast)
    Measure.objects.update(entered_by=gone)
    imported = apply(cast, receive(cast, RATES.format("95 %")), reopen="Faute de frappe")
    gone.delete()
    undo(cast, imported)
    measure.refresh_from_db()
    assert (measure.entered_by, measure.value, measure.entered_at) == (None, D("0.9"), LONG_AGO)


def test_the_page_says_what_was_given_back(cast: Cast) -> None:
    validated(cast)
    imported = apply(cast, receive(cast, RATES.format("95 %")), reopen="Faute de frappe")
    client = cast.client("referente")
    page = client.post(reverse("indicators:import_undo", args=[imported.pk]), follow=True)
    text = page.content.decode()
    assert "Ce qui est rendu" in text
    assert "L’une d’elles a retrouvé sa validation." in text
    assert "de nouveau 90\u00a0%, validée, au lieu de 95\u00a0%" in text


def test_undoing_costs_the_same_for_any_number_of_figures(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    measure = validated(cast)
    rows = [
        replace(hand(measure, "0.8"), period=f"{year}", source_note="Essai")
        for year in range(2000, 2020)
    ]
    record_measures(prefecture=cast.prefecture, rows=rows, by=None, origin=FigureOrigin.HAND)
    text = "Année;Taux d’appels aboutis\n" + "".join(f"{row.period};81 %\n" for row in rows)
    imported = apply(cast, receive(cast, text))
    with django_assert_num_queries(11):
        undone = undo(cast, imported)
    assert undone.reading["undone"]["restored"] == 20
    assert set(Measure.objects.filter(source_note="Essai").values_list("value", flat=True)) == {
        D("0.8")
    }
