"""The list of committees, their page, their address; who may see and write them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from meetings.enums import MinutesState
from meetings.models import Committee, Minutes
from meetings.selectors.committees import proposed_slug, rows_for_committees
from meetings.services.committees import create_committee, update_committee
from tests.cast import Cast
from tests.meetings.compositions import (
    TODAY,
    make_body,
    make_committee,
    make_composition,
    make_meeting,
    make_member,
)


pytestmark = pytest.mark.django_db
VALUES = {
    "name": "Comité local des usagers de Loir-et-Cher",
    "kind": "CLU",
    "legal_basis": "",
    "service_line": "",
    "default_place": "",
    "slug": "",
}


def text(response: Any) -> str:
    """Return the page with plain spaces."""
    return str(response.content.decode()).replace("\u00a0", " ")


def page(cast: Cast, name: str, *args: object, reader: str = "referente", query: str = "") -> Any:
    return cast.client(reader).get(reverse(f"meetings:{name}", args=args) + query)


# --- List -------------------------------------------------------------------------------------


def test_next_and_last_meetings(cast: Cast) -> None:
    committee = make_committee(cast.prefecture)
    dated = [date(2026, 6, 1), date(2026, 4, 1), date(2025, 1, 1), date(2026, 3, 15), None]
    for rank, day in enumerate(dated):
        make_meeting(committee, day, f"seance-{rank}")
    last = committee.meetings.get(slug="seance-3")
    Minutes.objects.create(meeting=last, state=MinutesState.SUBMITTED)
    Minutes.objects.create(meeting=committee.meetings.get(slug="seance-2"))
    (row,) = rows_for_committees([committee], TODAY)
    assert row.next is not None
    assert (row.next.meeting.slug, row.next.is_past) == ("seance-1", False)
    assert row.last is not None
    assert row.last.meeting == last
    assert row.last.minutes is not None
    assert row.last.minutes.current_state == MinutesState.SUBMITTED


def test_a_meeting_today_is_the_next_one_and_an_undated_one_waits(cast: Cast) -> None:
    today, undated = make_committee(cast.prefecture, "a"), make_committee(cast.prefecture, "b")
    make_meeting(today, TODAY, "aujourdhui")
    make_meeting(undated, None, "sans-date")
    first, second = rows_for_committees([today, undated], TODAY)
    assert (first.next.meeting.slug, first.last) == ("aujourdhui", None)  # type: ignore[union-attr]
    assert (second.next.meeting.slug, second.last) == ("sans-date", None)  # type: ignore[union-attr]


def test_the_newest_version_of_the_minutes_is_told(cast: Cast) -> None:
    committee = make_committee(cast.prefecture)
    meeting = make_meeting(committee, date(2022, 1, 1), "passee")
    frozen = {"state": MinutesState.VALIDATED, "frozen": {}, "validated_at": timezone.now()}
    Minutes.objects.create(meeting=meeting, version=1, **frozen)
    Minutes.objects.create(meeting=meeting, version=2, correction_reason="Erreur de nom")
    (row,) = rows_for_committees([committee], TODAY)
    assert row.last is not None
    assert row.last.minutes is not None
    assert row.last.minutes.version == 2
    assert "Brouillon" in text(page(cast, "committee_list"))


def test_the_list_is_empty_at_first(cast: Cast) -> None:
    assert "Créez le comité local des usagers" in text(page(cast, "committee_list"))
    agent = text(page(cast, "committee_list", reader="agent"))
    assert "Le référent qualité de la préfecture les crée." in agent
    assert reverse("meetings:committee_create") not in agent


def test_filters_come_with_many_committees(cast: Cast) -> None:
    for number in range(5):
        make_committee(cast.prefecture, f"comite-{number}", name=f"Comité n° {number}")
    assert "Filtrer" not in text(page(cast, "committee_list"))
    make_committee(cast.prefecture, "copil", name="Comité de pilotage", kind="COPIL")
    assert "Filtrer" in text(page(cast, "committee_list"))
    by_kind = page(cast, "committee_list", query="?kind=COPIL")
    assert [row.committee.slug for row in by_kind.context["rows"]] == ["copil"]
    by_name = page(cast, "committee_list", query="?q=n° 3")
    assert [row.committee.slug for row in by_name.context["rows"]] == ["comite-3"]
    nothing = page(cast, "committee_list", query="?q=introuvable")
    assert "Aucun comité ne répond à ces filtres." in text(nothing)
    nonsense = page(cast, "committee_list", query="?kind=LICORNE&page=cent")
    assert len(nonsense.context["rows"]) == 6


def test_the_list_is_cut_into_pages(cast: Cast) -> None:
    for number in range(21):
        make_committee(cast.prefecture, f"comite-{number:02}", name=f"Comité {number:02}")
    second = page(cast, "committee_list", query="?page=2&q=Comité")
    assert [row.committee.slug for row in second.context["rows"]] == ["comite-20"]
    assert "q=Comit" in text(second)


def test_each_prefecture_sees_its_own(cast: Cast) -> None:
    make_committee(cast.prefecture, "le-notre", name="Le nôtre")
    make_committee(cast.other_prefecture, "le-leur", name="Le leur")
    assert "Le leur" not in text(page(cast, "committee_list"))
    assert page(cast, "committee_detail", "le-leur").status_code == 404
    other = page(cast, "committee_detail", "le-leur", reader="other_referent")
    assert other.status_code == 200


# --- Address ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "slug"),
    [
        ("Comité local des usagers de Loir-et-Cher", "CLU", "clu-loir-et-cher"),
        ("Comité local des usagers", "CLU", "clu-loir-et-cher"),
        ("Groupe de travail « Accueil »", "GT", "gt-accueil-loir-et-cher"),
        ("Comité de pilotage de la qualité", "COPIL", "copil-qualite-loir-et-cher"),
        ("委員会", "COPIL", "copil-loir-et-cher"),
        ("de la", "REVUE", "revue-loir-et-cher"),
    ],
)
def test_the_address_is_made_of_the_name(cast: Cast, name: str, kind: str, slug: str) -> None:
    assert proposed_slug(name, kind, cast.prefecture) == slug


def test_the_address_is_free_and_fits(cast: Cast) -> None:
    long_name = "Commission départementale d’amélioration continue de l’accueil des usagers " * 2
    made = [
        create_committee(prefecture=cast.prefecture, values={**VALUES, "name": name})
        for name in (VALUES["name"], VALUES["name"], long_name[:160])
    ]
    assert [committee.slug for committee in made[:2]] == ["clu-loir-et-cher", "clu-loir-et-cher-2"]
    assert made[2].slug.endswith("-loir-et-cher")
    assert len(made[2].slug) <= 80


@pytest.mark.parametrize("slug", ["seances", "diffusion", "nouveau"])
def test_reserved_addresses_are_refused(cast: Cast, slug: str) -> None:
    committee = make_committee(cast.prefecture)
    with pytest.raises(ValidationError) as caught:
        update_committee(committee=committee, values={"slug": slug})
    assert list(caught.value.error_dict) == ["slug"]
    assert Committee.objects.get().slug == "clu-essai"
    client = cast.client("referente")
    response = client.post(reverse("meetings:committee_create"), {**VALUES, "slug": slug})
    assert f"« {slug} » est réservé à l’application." in text(response)
    assert Committee.objects.count() == 1


def test_a_taken_address_is_refused_next_to_its_field(cast: Cast) -> None:
    make_committee(cast.other_prefecture, "pris")
    client = cast.client("referente")
    response = client.post(reverse("meetings:committee_create"), {**VALUES, "slug": "pris"})
    assert response.context["form"].errors == {
        "slug": ["Cette adresse est déjà prise. Choisissez-en une autre."]
    }
    assert VALUES["name"] in text(response)


# --- Creating and changing --------------------------------------------------------------------


def test_creating_leads_to_the_composition(cast: Cast) -> None:
    client = cast.client("referente")
    response = client.post(reverse("meetings:committee_create"), VALUES, follow=True)
    committee = Committee.objects.get()
    assert (committee.slug, committee.prefecture) == ("clu-loir-et-cher", cast.prefecture)
    assert response.redirect_chain[0][0] == reverse("meetings:composition", args=[committee.slug])
    assert "Importez le tableau de la composition" in text(response)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Donnez un nom au comité."),
        ("name", "x" * 300, "160 caractères (actuellement 300)"),
        ("kind", "LICORNE", "Sélectionnez un choix valide"),
        ("slug", "é à ç", "que des lettres sans accent"),
        ("default_place", "x" * 300, "200 caractères (actuellement 300)"),
    ],
)
def test_faults_are_told_in_french(cast: Cast, field: str, value: str, message: str) -> None:
    response = cast.client("referente").post(
        reverse("meetings:committee_create"), {**VALUES, field: value}
    )
    (told,) = response.context["form"].errors[field]
    assert message in str(told).replace("\u00a0", " ")
    assert not Committee.objects.exists()


def test_script_in_a_field_stays_text(cast: Cast) -> None:
    name = "<script>alert(1)</script>"
    cast.client("referente").post(reverse("meetings:committee_create"), {**VALUES, "name": name})
    committee = Committee.objects.get()
    for url_name in ("committee_detail", "composition", "committee_edit"):
        html = text(page(cast, url_name, committee.slug))
        assert name not in html
        assert "&lt;script&gt;" in html


def test_two_people_on_the_same_committee(cast: Cast) -> None:
    committee = make_committee(cast.prefecture)
    url = reverse("meetings:committee_edit", args=[committee.slug])
    data = {**VALUES, "slug": committee.slug, "revision": committee.revision}
    client = cast.client("referente")
    assert client.post(url, {**data, "default_place": "Blois"}).status_code == 302
    late = client.post(url, {**data, "default_place": "Vendôme"})
    told = str(late.context["form"].non_field_errors()[0]).replace("\u00a0", " ")
    assert "Mme Pascale MARTIN a modifié cette page" in told
    assert "lieu habituel : « Blois »" in told
    assert "Vendôme" in text(late)
    committee.refresh_from_db()
    assert committee.default_place == "Blois"


# --- Page of a committee ----------------------------------------------------------------------


def test_the_page_tells_what_is_missing(cast: Cast) -> None:
    committee = make_composition(cast.prefecture)
    today = timezone.localdate()
    body = make_body(committee, "UFC Que Choisir 41")
    make_member(body, "Un", email="un@exemple.fr", ends_on=today + timedelta(days=30))
    make_member(body, "Deux", email="deux@exemple.fr")
    response = page(cast, "committee_detail", committee.slug)
    findings = response.context["composition"].findings
    assert [finding.code for finding in findings] == ["overfull", "no_member", "ending", "no_email"]
    assert response.context["facts"] == [
        ("Nature", "Comité local des usagers"),
        ("Organismes", 4),
        ("Sièges", 5),
        ("Membres en cours de mandat", 5),
        ("Lieu habituel", ""),
        ("Secrétariat", ""),
    ]
    html = text(response)
    assert "1 organisme a plus de membres que de sièges" in html
    assert "Préparer une séance" in html
    assert 'Fondement :</strong> <span class="qp-missing">non renseigné' in html


def test_readers_get_no_buttons(cast: Cast) -> None:
    committee = make_composition(cast.prefecture)
    make_meeting(committee, date(2022, 1, 1), "passee")
    for reader in ("agent", "prefet", "auditeur"):
        html = text(page(cast, "committee_detail", committee.slug, reader=reader))
        assert "À rédiger" in html
        assert "Préparer une séance" not in html
        assert "Modifier" not in html


def test_the_history_is_told(cast: Cast) -> None:
    committee = make_committee(cast.prefecture)
    client = cast.client("referente")
    client.post(
        reverse("meetings:body_create", args=[committee.slug]),
        {"name": "EMMAÜS 41", "category": "association", "seats": 1, "protocol_order": 1},
    )
    html = text(page(cast, "committee_detail", committee.slug))
    assert "Mme Pascale MARTIN a créé l’organisme « EMMAÜS 41 »" in html
