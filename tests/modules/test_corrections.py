"""Pages of the commitments, and corrections of what is « à confirmer »."""

from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse

from modules.models import Commitment, CommitmentRevision, Referential
from tests.cast import Cast
from tests.modules.examples import choose, correct, make_cycle, make_referential


OPEN, CLOSED = "M1-AP-2", "SPP-1"


def text_of(response: HttpResponse) -> str:
    return " ".join(unescape(response.content.decode()).replace("\xa0", " ").split()).replace(
        "\u202f", " "
    )


def url(name: str, *args: object) -> str:
    return reverse(f"modules:{name}", args=args)


@pytest.fixture
def referential() -> Referential:
    return make_referential()


@pytest.fixture
def commitment(referential: Referential) -> Commitment:
    return Commitment.objects.get(referential=referential, code=OPEN)


def form_of(commitment: Commitment, **changes: str) -> dict[str, str]:
    names = ("wording", "certainty", "evidence", "audit", "evidence_certainty", "revision")
    values = {name: str(getattr(commitment, name)) for name in names}
    return {**values, "correction_source": "Référentiel imprimé, page 12", **changes}


# --- Service ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_correction_keeps_what_it_said_and_its_source(cast: Cast, commitment: Commitment) -> None:
    old_source = commitment.source
    made = correct(commitment, cast.user("admin"), wording="Orienter.", certainty="sourced")
    commitment.refresh_from_db()
    assert (commitment.wording, commitment.certainty) == ("Orienter.", "sourced")
    assert commitment.source == "Référentiel imprimé, page 12"
    assert made.made_by == cast.user("admin")
    assert made.before == {
        "wording": "Orienter vers le bon service et prendre en charge.",
        "certainty": "to_confirm",
        "source": old_source,
    }
    assert made.after == {
        "wording": "Orienter.",
        "certainty": "sourced",
        "source": "Référentiel imprimé, page 12",
    }


@pytest.mark.django_db
def test_sourced_wording_stays_while_its_evidence_is_corrected(
    cast: Cast, referential: Referential
) -> None:
    half = Commitment.objects.get(referential=referential, code="M1-AP-1")
    with pytest.raises(ValidationError, match="L’énoncé est sourcé"):
        correct(half, cast.user("admin"), wording="Autre.")
    source = half.source
    correct(half, cast.user("admin"), evidence="Badges.", evidence_certainty="sourced")
    half.refresh_from_db()
    assert (half.evidence, half.evidence_certainty, half.source) == ("Badges.", "sourced", source)
    with pytest.raises(ValidationError, match="Cet engagement est sourcé : il ne change plus"):
        correct(half, cast.user("admin"), evidence="Rien.")
    assert CommitmentRevision.objects.count() == 1


@pytest.mark.django_db
def test_correction_that_changes_nothing(cast: Cast, commitment: Commitment) -> None:
    with pytest.raises(ValidationError, match="Rien n’a changé"):
        correct(commitment, cast.user("admin"))
    assert CommitmentRevision.objects.count() == 0


@pytest.mark.django_db
def test_second_corrector_is_refused(cast: Cast, commitment: Commitment) -> None:
    late = Commitment.objects.get(pk=commitment.pk)
    correct(commitment, cast.user("admin"), wording="Un.")
    with pytest.raises(ValidationError, match="Quelqu’un vient de corriger"):
        correct(late, cast.user("admin"), wording="Deux.")
    commitment.refresh_from_db()
    assert commitment.wording == "Un."


@pytest.mark.django_db
def test_evidence_taken_away_takes_its_certainty(cast: Cast, commitment: Commitment) -> None:
    correct(commitment, cast.user("admin"), evidence="", audit="")
    commitment.refresh_from_db()
    assert commitment.evidence_certainty == ""


# --- Pages ------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_administrator_corrects_on_the_page(cast: Cast, commitment: Commitment) -> None:
    args = (commitment.referential.slug, OPEN)
    client = cast.client("admin")
    assert url("commitment_correct", *args) in text_of(client.get(url("commitment_detail", *args)))
    page = client.post(url("commitment_correct", *args), form_of(commitment, wording="Orienter."))
    assert page.status_code == 302
    shown = text_of(client.get(url("commitment_detail", *args)))
    assert "Référentiel imprimé, page 12" in shown
    assert "M. Hugo LAURENT" in shown
    assert "<del><span" in shown


@pytest.mark.django_db
def test_correction_without_source_loses_nothing(cast: Cast, commitment: Commitment) -> None:
    target = url("commitment_correct", commitment.referential.slug, OPEN)
    data = form_of(commitment, wording="Écrit en vain ?", correction_source="")
    page = cast.client("admin").post(target, data)
    assert set(page.context["form"].errors) == {"correction_source"}
    assert "Écrit en vain ?" in text_of(page)
    commitment.refresh_from_db()
    assert commitment.wording.startswith("Orienter")


@pytest.mark.django_db
def test_sourced_commitment_has_no_correction_page(cast: Cast) -> None:
    slug = make_referential("services-publics-plus-2023.yaml").slug
    client = cast.client("admin")
    shown = client.get(url("commitment_detail", slug, CLOSED))
    assert url("commitment_correct", slug, CLOSED) not in text_of(shown)
    page = client.post(url("commitment_correct", slug, CLOSED), {"wording": "X"}, follow=True)
    assert "Cet engagement est sourcé : il ne change plus." in text_of(page)
    assert CommitmentRevision.objects.count() == 0


@pytest.mark.django_db
def test_only_administrators_see_the_button(cast: Cast, commitment: Commitment) -> None:
    args = (commitment.referential.slug, OPEN)
    page = text_of(cast.client("referente").get(url("commitment_detail", *args)))
    assert url("commitment_correct", *args) not in page
    assert "ce n’est pas un numéro officiel" in page
    assert "Registre" not in page
    assert "Signalétique ; visite mystère." in page


@pytest.mark.django_db
def test_unknown_code_is_not_found(cast: Cast, referential: Referential) -> None:
    assert (
        cast.client("referente").get(url("commitment_detail", referential.slug, "X")).status_code
        == 404
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=courtoise", 2),
        ("q=m4-", 5),
        ("q=accueil+badges", 1),
        ("certainty=sourced", 11),
        ("certainty=nimporte", 40),
        ("q=introuvable", 0),
    ],
)
def test_search(cast: Cast, referential: Referential, query: str, count: int) -> None:
    page = cast.client("agent").get(f"{url('referential_detail', referential.slug)}?{query}")
    assert page.context["found_count"] == count
    words = f"{count} engagement{'s' if count > 1 else ''}." if count else "Aucun engagement ne"
    assert words in text_of(page)


@pytest.mark.django_db
def test_what_changes_and_for_whom(cast: Cast) -> None:
    cycle = choose(make_cycle(cast.prefecture), cast.user("prefet"), 4, 6)
    target = url("referential_changes", cycle.referential.slug)
    page = cast.client("referente").get(target)
    consequences = page.context["page"].consequences
    assert [change.main.number for change in consequences.modules] == [1, 4, 6]
    text = text_of(page)
    assert (
        "La démarche « Qual-e-Pref 2022 » suit déjà Qual-e-Pref ; changement : modules 1, 4, 6."
    ) in text
    assert '<span class="fr-sr-only">(retiré) </span>Pilotage interministériel</del>' in text
    assert "Le module 6, « Pilotage interministériel », devient" in text
    assert cast.client("other_referent").get(target).context["page"].consequences is None
    assert cast.client("national").get(target).context["page"].consequences is None


@pytest.mark.django_db
def test_consequences_for_who_follows_the_old_one(cast: Cast) -> None:
    make_cycle(cast.prefecture)
    newer = make_referential("services-publics-plus-2023.yaml")
    page = cast.client("referente").get(url("referential_changes", newer.slug))
    assert page.context["page"].consequences.sentence == (
        "La démarche « Qual-e-Pref 2022 » suit encore Qual-e-Pref ; adopter le nouveau référentiel "
        "toucherait son module 1."
    )


@pytest.mark.django_db
def test_first_referential_has_no_changes(cast: Cast) -> None:
    first = make_referential("qualipref-2.0.yaml")
    client = cast.client("referente")
    assert client.get(url("referential_changes", first.slug)).status_code == 404
    assert url("referential_changes", first.slug) not in text_of(
        client.get(url("referential_detail", first.slug))
    )
