"""Corrections of the definitions: refused, asked, kept, left alone by the file, shown."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from indicators.models import Indicator, IndicatorRevision, Target
from indicators.services.corrections import CORRECTABLE, correct_definition
from modules import services
from modules.referential_files_entries import ReferentialFileError
from modules.referential_parts import Counts
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure
from tests.indicators.test_definitions import BLOCK, amended, load
from tests.modules.examples import small_text


REASON = "Référentiel imprimé, page 31"


@pytest.fixture
def loaded() -> Indicator:
    load(small_text() + BLOCK)
    return Indicator.objects.get()


def correct(indicator: Indicator, cast: Cast, **values: Any) -> IndicatorRevision:
    is_confirmed = values.pop("is_confirmed", False)
    return correct_definition(
        indicator=indicator,
        values=values,
        reason=REASON,
        by=cast.user("admin"),
        is_confirmed=is_confirmed,
    )


def refused(indicator: Indicator, cast: Cast, **values: Any) -> dict[str, list[str]]:
    """Return what a correction is refused for; nothing was written."""
    before = Indicator.objects.values().get(pk=indicator.pk)
    with pytest.raises(ValidationError) as error:
        correct(indicator, cast, **values)
    assert Indicator.objects.values().get(pk=indicator.pk) == before
    assert not IndicatorRevision.objects.exists()
    return error.value.message_dict


def typed(indicator: Indicator, **changes: Any) -> dict[str, Any]:
    """Return what the form sends, as it was shown, with these changes."""
    values = {name: getattr(indicator, name) for name in (*CORRECTABLE, "revision")}
    values["synonyms"] = "\n".join(values["synonyms"])
    return {**values, "reason": REASON, **changes}


# --- Service ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_correction_keeps_what_it_said_and_why(cast: Cast, loaded: Indicator) -> None:
    made = correct(loaded, cast, label="Appels pris", decimals=1, synonyms=["Décroché", "Pris"])
    assert made.before == {"label": "Appels décrochés", "decimals": 2, "synonyms": ["Décroché"]}
    assert made.after == {"label": "Appels pris", "decimals": 1, "synonyms": ["Décroché", "Pris"]}
    assert (made.source, made.made_by) == (REASON, cast.user("admin"))
    assert Indicator.objects.get().label == "Appels pris"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"unit": "days"}, "unit", "(1 mesure, 1 cible) dirait autre chose"),
        ({"direction": "none"}, "direction", "Retirez d’abord ce qui est fixé : 1 cible."),
        ({"direction": "down"}, "is_confirmed", "(1 mesure) sera jugé dans l’autre sens"),
        ({"periodicity": "year"}, "is_confirmed", "(1 mesure) garde ses périodes"),
        ({"denominator_label": ""}, "denominator_label", "il manque celui-ci"),
        (
            {"denominator_label": "", "numerator_label": ""},
            "denominator_label",
            "gardez les deux",
        ),
        ({"certainty": "sourced"}, "source", "dites le document officiel"),
        ({"synonyms": ["mesurés"]}, "synonyms", "« mesurés » désigne déjà AUTRE (Mesurés)"),
        ({"label": "Appels décrochés"}, "__all__", "Rien n’a changé"),
    ],
)
def test_what_known_figures_mean_is_kept(
    cast: Cast, loaded: Indicator, values: dict[str, Any], field: str, said: str
) -> None:
    make_measure(cast.prefecture, loaded)
    make_indicator("AUTRE", label="Mesurés")
    if field == "__all__":
        with pytest.raises(ValidationError, match=said):
            correct(loaded, cast, **values)
        return
    told = refused(loaded, cast, **values)
    assert list(told) == [field]
    assert said in " ".join(told[field])


@pytest.mark.django_db
def test_what_rests_on_nothing_may_change(cast: Cast, loaded: Indicator) -> None:
    Target.objects.all().delete()
    correct(loaded, cast, unit="days", direction="down", periodicity="year")
    loaded.refresh_from_db()
    assert (loaded.unit, loaded.direction, loaded.periodicity) == ("days", "down", "year")


@pytest.mark.django_db
def test_the_direction_changes_once_confirmed(cast: Cast, loaded: Indicator) -> None:
    make_measure(cast.prefecture, loaded)
    correct(loaded, cast, direction="down", is_confirmed=True)
    assert Indicator.objects.get().direction == "down"


@pytest.mark.django_db
def test_what_is_sourced_only_gains_names(cast: Cast) -> None:
    sourced = make_indicator()
    with pytest.raises(ValidationError, match="Cette définition est sourcée"):
        correct(sourced, cast, label="Autre", synonyms=["Pris"])
    correct(sourced, cast, synonyms=["Pris"])
    assert Indicator.objects.get().synonyms == ["Pris"]


@pytest.mark.django_db
def test_the_second_corrector_is_refused(cast: Cast, loaded: Indicator) -> None:
    late = Indicator.objects.get()
    correct(loaded, cast, label="Un")
    with pytest.raises(ValidationError, match="Quelqu’un vient de corriger cette définition"):
        correct(late, cast, label="Deux")
    assert Indicator.objects.get().label == "Un"


# --- The file ---------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_file_leaves_a_correction_and_says_it(cast: Cast, loaded: Indicator) -> None:
    correct(loaded, cast, label="Appels pris")
    counts = load(small_text() + BLOCK.replace("première", "deuxième"))
    assert counts == Counts(unchanged=1, corrected=1)
    kept = Indicator.objects.get()
    assert (kept.label, kept.counting_rule) == ("Appels pris", "Dès la première sonnerie.")
    with pytest.raises(ReferentialFileError, match="l’application l’a corrigée"):
        load(small_text())
    # Sourced by the application, it does not stop the file either.
    correct(kept, cast, certainty="sourced", source="Référentiel imprimé, page 31.")
    assert load(small_text() + BLOCK).corrected == 1


@pytest.mark.django_db
def test_a_later_referential_overrules_a_correction_and_says_it(
    cast: Cast, loaded: Indicator
) -> None:
    correct(loaded, cast, label="Appels pris")
    assert load(amended()) == Counts(updated=1, overruled=1)
    assert Indicator.objects.get().label == "Appels décrochés"
    # From then on it follows that file again.
    assert load(amended().replace("label: Appels", "label: Taux d’appels")).corrected == 0
    assert Indicator.objects.get().label == "Taux d’appels décrochés"


@pytest.mark.django_db
def test_a_target_of_the_file_in_another_unit_is_refused(cast: Cast, loaded: Indicator) -> None:
    Target.objects.all().delete()
    correct(loaded, cast, unit="days")
    with pytest.raises(ReferentialFileError, match="une cible en « % » n’y dirait rien"):
        services.import_referential(text=small_text() + BLOCK)
    assert not Target.objects.exists()


# --- Pages ------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_administrator_corrects_on_the_page(cast: Cast, loaded: Indicator) -> None:
    make_measure(cast.prefecture, loaded)
    client, args = cast.client("admin"), [loaded.code]
    detail, page = (
        reverse(f"indicators:definition_{name}", args=args) for name in ("detail", "correct")
    )
    assert client.get(reverse("indicators:figure_list"), follow=True).redirect_chain == [
        (reverse("indicators:definition_list"), 302)
    ]
    assert page in client.get(detail).content.decode()
    data = typed(loaded, direction="down", label="Appels pris", synonyms="Décroché\n pris \nPris")
    asked = client.post(page, data)
    assert list(asked.context["form"].errors) == ["is_confirmed"]
    assert "Appels pris" in asked.content.decode()
    assert client.post(page, {**data, "is_confirmed": "on"}).status_code == 302
    kept = Indicator.objects.get()
    assert (kept.label, kept.synonyms, kept.direction) == (
        "Appels pris",
        ["Décroché", "pris"],
        "down",
    )
    shown = client.get(detail).content.decode()
    assert REASON in shown
    assert "Motif de la correction" in shown
    assert "Plus bas est mieux" in shown
    assert page not in cast.client("referente").get(detail).content.decode()


@pytest.mark.django_db
def test_two_people_on_the_form(cast: Cast, loaded: Indicator) -> None:
    data = typed(loaded, label="Deux")
    correct(loaded, cast, label="Un")
    page = cast.client("admin").post(
        reverse("indicators:definition_correct", args=[loaded.code]), data
    )
    assert "Valeurs actuelles" in page.content.decode()
    assert "Deux" in page.content.decode()
    assert Indicator.objects.get().label == "Un"
