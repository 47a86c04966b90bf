"""The table of the identifiers of PILOTE: whose goes before, one name for one indicator, the pages."""

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Prefecture
from indicators.enums import MeasureState
from indicators.models import Indicator, PiloteIdentifier
from indicators.selectors.imports import reader_knowledge
from indicators.selectors.pilote_identifiers import identifiers_in_force
from indicators.services.pilote_identifiers import save_identifier
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure


def save(
    indicator: Indicator, identifier: str, prefecture: Prefecture | None = None, **values: Any
) -> PiloteIdentifier:
    row = PiloteIdentifier.objects.filter(indicator=indicator, prefecture=prefecture).first()
    given = {"identifier": identifier, "source": "", "certainty": "to_confirm", **values}
    return save_identifier(
        row=row or PiloteIdentifier(indicator=indicator, prefecture=prefecture), values=given
    )


def in_force(prefecture: Prefecture | None) -> dict[str, str]:
    return {row.indicator.code: row.identifier for row in identifiers_in_force(prefecture).values()}


@pytest.mark.django_db
def test_the_prefecture_goes_before_the_ministry(cast: Cast) -> None:
    one, two = make_indicator("UN"), make_indicator("DEUX")
    save(one, "IND-1")
    save(two, "IND-2")
    save(one, "LOC-1", cast.prefecture)
    assert in_force(cast.prefecture) == {"UN": "LOC-1", "DEUX": "IND-2"}
    assert in_force(cast.other_prefecture) == {"UN": "IND-1", "DEUX": "IND-2"}
    # Taken away, that of the ministry holds again.
    save(one, "", cast.prefecture)
    assert in_force(cast.prefecture) == {"UN": "IND-1", "DEUX": "IND-2"}
    # What the ministry gives to another afterwards does not stand for two here.
    save(one, "LOC-2", cast.prefecture)
    save(two, "LOC-2")
    assert in_force(cast.prefecture) == {"UN": "LOC-2"}


@pytest.mark.django_db
def test_an_identifier_names_one_indicator(cast: Cast) -> None:
    one, two = make_indicator("UN"), make_indicator("DEUX")
    save(one, "IND-1")
    for identifier, values, said in (
        ("ind-1", {}, "« ind-1 » désigne déjà UN"),
        ("un", {}, "« un » désigne déjà UN"),
        ("IND-2", {"certainty": "sourced"}, "Dites le document officiel"),
    ):
        with pytest.raises(ValidationError, match=said):
            save(two, identifier, cast.prefecture, **values)
    assert PiloteIdentifier.objects.count() == 1


@pytest.mark.django_db
def test_it_is_written_and_read(cast: Cast) -> None:
    indicator = make_indicator()
    make_measure(cast.prefecture, indicator, state=MeasureState.VALIDATED)
    out, told = StringIO(), StringIO()
    call_command("pilote_export", "--prefecture", "41", "--json", stdout=out)
    assert '"nameless": ["TEL-ABOUTI"]' in out.getvalue()
    save(indicator, "IND-12", cast.prefecture)
    out = StringIO()
    call_command("pilote_export", "--prefecture", "41", stdout=out, stderr=told)
    assert [line.partition(";")[0] for line in out.getvalue().splitlines()[1:]] == ["IND-12"] * 2
    assert told.getvalue() == ""
    (known,) = reader_knowledge(cast.prefecture).definitions
    assert known.pilote == "IND-12"


@pytest.mark.django_db
def test_each_writes_its_own_table(cast: Cast) -> None:
    indicator = make_indicator()
    page = reverse("indicators:pilote_page")
    form = reverse("indicators:pilote_identifier", args=[indicator.code])
    data = {"identifier": "IND-12", "source": "", "certainty": "to_confirm"}
    for who, prefecture in (("referente", cast.prefecture), ("national", None)):
        client = cast.client(who)
        assert indicator.label in client.get(page).text
        assert client.post(form, data).status_code == 302
        assert PiloteIdentifier.objects.get(prefecture=prefecture).identifier == "IND-12"
        assert "IND-12" in client.get(page).text
        PiloteIdentifier.objects.all().delete()
    assert cast.client("correspondant").post(form, data).status_code == 403


@pytest.mark.django_db
def test_the_preview_leads_to_the_table(cast: Cast) -> None:
    indicator = make_indicator()
    head = "identifiant_indic;zone_id;date_valeur;type_valeur;valeur"
    known = f"{indicator.code};D41;2021-12-31;va;90"
    client = cast.client("referente")

    def preview(*lines: str) -> str:
        file = SimpleUploadedFile("pilote.csv", "\n".join((head, *lines)).encode())
        answer = client.post(reverse("indicators:import_create"), {"file": file}, follow=True)
        return answer.text

    link = reverse("indicators:pilote_page") + "#identifiants"
    assert link not in preview(known)
    refused = preview(known, "IND-77;D41;2021-12-31;va;90")
    assert "IND-77" in refused
    assert link in refused


@pytest.mark.django_db
def test_two_people_on_one_identifier(cast: Cast) -> None:
    indicator = make_indicator()
    row = save(indicator, "IND-1", cast.prefecture)
    data = {"identifier": "IND-3", "certainty": "to_confirm", "revision": row.revision}
    save(indicator, "IND-2", cast.prefecture)
    form = reverse("indicators:pilote_identifier", args=[indicator.code])
    answer = cast.client("referente").post(form, data)
    assert "Valeurs actuelles" in answer.text
    assert "IND-3" in answer.text
    assert PiloteIdentifier.objects.get().identifier == "IND-2"
