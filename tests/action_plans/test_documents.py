"""The documents of the plan: what is collected, how the sentences count, the section of the committee."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from action_plans.documents import EffectsDocument, PlanDocument, subject_id_of
from action_plans.enums import ActionState, EffectOutcome
from action_plans.models import Action, Axis, EffectReading, Origin
from action_plans.rules.plan_words import counts_in_words
from action_plans.selectors import plan_documents as data
from action_plans.services.actions import conclude_unknown, move_action
from reports.errors import SubjectNotFound
from reports.models import Document
from reports.registry import get_kind, get_section
from reports.rendering import freeze
from reports.services import produce_now
from tests.action_plans.builders import make_undated
from tests.action_plans.builders_signals import make_measure
from tests.cast import Cast


S = ActionState
PAGE = reverse("action_plans:plan_documents")
ASK = reverse("action_plans:plan_document_request")


@pytest.fixture(autouse=True)
def _files_apart(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(
    ("counts", "late", "words"),
    [
        ({}, 0, "Aucune action"),
        ({S.DONE: 1}, 0, "1 action\u00a0: 1 réalisée"),
        (
            {S.DONE: 2, S.TO_START: 1, S.ONGOING: 3, S.INEFFECTIVE: 0},
            2,
            "6 actions, dont 2 en retard\u00a0: 1 à lancer, 3 en cours, 2 réalisées",
        ),
    ],
)
def test_counts_in_words(counts: dict[ActionState, int], late: int, words: str) -> None:
    assert counts_in_words(counts, late) == words


@pytest.fixture
def plan(cast: Cast) -> dict[str, Action]:
    """One late action with two axes of others: known, unknown three ways, abandoned, elsewhere."""
    today, scope, home = timezone.localdate(), cast.scope("referente"), cast.prefecture
    axis = Axis.objects.create(prefecture=home, title="Délais", position=1)
    late = make_undated(
        home, "Recruter", axis=axis, due_on=today - timedelta(days=4), progress=30,
        service=cast.service, owner_name="Mme Rose LIMA", is_highlighted=True,
    )  # fmt: skip
    for label in ("Enquête 2021", "Question de M. Roux", "Réclamation", "Audit"):
        Origin.objects.create(action=late, label=label)
    make_measure(late, measure_on=date(2022, 12, 1))
    known, asked, bare, judged = (
        make_undated(home, title) for title in ("Publier", "Former", "Afficher", "Traduire")
    )
    for action in (known, asked, bare, judged):
        move_action(action=action, code="finish", scope=scope)
    EffectReading.objects.create(
        measure=make_measure(known), value="0.63", measured_on=date(2022, 12, 16),
        outcome=EffectOutcome.PROGRESS, sentence="De 52 % à 63 %.",
    )  # fmt: skip
    make_measure(asked)
    conclude_unknown(action=asked, scope=scope, reason="La question n’a pas été posée.")
    move_action(action=judged, code="judge_effective", scope=scope, reason="L’agent le dit.")
    gone = make_undated(home, "Déménager")
    move_action(action=gone, code="abandon", scope=scope, reason="Le bail est reconduit.")
    make_undated(cast.other_prefecture, "Ailleurs")
    return {
        "late": late,
        "known": known,
        "asked": asked,
        "bare": bare,
        "judged": judged,
        "gone": gone,
    }


@pytest.mark.django_db
def test_the_plan_is_told_by_axis_with_what_each_adds_up_to(
    cast: Cast, plan: dict[str, Action]
) -> None:
    found = data.plan_data(cast.prefecture, None, timezone.localdate())
    assert found["total"] == (
        "6 actions, dont 1 en retard\u00a0: 1 à lancer, 3 réalisées, 1 efficace, 1 abandonnée"
    )
    assert [(group["title"], group["total"]) for group in found["groups"]] == [
        ("Délais", "1 action, dont 1 en retard\u00a0: 1 à lancer"),
        ("Sans axe", "5 actions\u00a0: 3 réalisées, 1 efficace, 1 abandonnée"),
    ]
    (row,) = found["groups"][0]["rows"]
    assert (row.number, row.title, row.progress, row.days_late) == (1, "Recruter", 30, 4)
    assert row.origin == "Enquête 2021 ; Question de M. Roux ; et 2 autres"
    assert (row.owner, row.service) == ("Mme Rose LIMA", "Accueil du public (SAP)")
    assert [measure.words for measure in row.measures] == [
        "Usagers satisfaits du délai\u00a0: départ 52\u00a0% (16/12/2021), cible 60\u00a0%, "
        "à mesurer le\u00a001/12/2022"
    ]


@pytest.mark.django_db
def test_the_plan_of_a_year_leaves_out_the_other_years(cast: Cast) -> None:
    home, today = cast.prefecture, date(2022, 9, 1)
    make_undated(home, "De 2022", starts_on=date(2022, 1, 1), due_on=date(2022, 12, 31))
    make_undated(home, "De 2024", starts_on=date(2024, 1, 1))
    make_undated(home, "Sans date")
    done = make_undated(home, "Sans date, faite")
    Action.objects.filter(pk=done.pk).update(state=S.DONE)

    def titles(year: int | None) -> set[str]:
        return {row.title for row in data.actions_of_plan(home, year, today)}

    assert titles(2022) == {"De 2022", "Sans date"}
    assert titles(2024) == {"De 2024", "Sans date"}
    assert len(titles(None)) == 4


@pytest.mark.django_db
def test_what_is_not_known_is_said_with_its_reason(cast: Cast, plan: dict[str, Action]) -> None:
    found = data.effects_data(cast.prefecture, None, timezone.localdate())
    assert [row.title for row in found["known"]] == ["Publier"]
    assert {item["facts"].title: item["why"] for item in found["unknown"]} == {
        "Former": "La question n’a pas été posée.",
        "Afficher": "Aucune mesure n’a été prévue pour cette action.",
        "Traduire": "Conclue « efficace » sans valeur relevée : L’agent le dit.",
    }
    assert [row.title for row in found["remaining"]] == ["Recruter"]
    assert [(row.title, row.reason) for row in found["abandoned"]] == [
        ("Déménager", "Le bail est reconduit.")
    ]
    assert {item["label"]: item["count"] for item in found["outcomes"]} == {
        "Progrès établi": 1,
        "Évolution non établie": 0,
        "Recul établi": 0,
        "Pas encore mesuré": 3,
    }
    assert found["finished_count"] == 4


@pytest.mark.django_db
def test_the_number_of_queries_does_not_follow_the_actions(
    cast: Cast, plan: dict[str, Action], django_assert_num_queries: Any
) -> None:
    today = timezone.localdate()
    for _ in range(2):
        # The actions, their origins, measures and readings.
        with django_assert_num_queries(4):
            data.plan_data(cast.prefecture, today.year, today)
        for number in range(6):
            action = make_undated(cast.prefecture, f"Autre {number}")
            Origin.objects.create(action=action, label="Enquête")
            make_measure(action)


@pytest.mark.django_db
def test_only_highlighted_actions_go_to_the_committee(cast: Cast, plan: dict[str, Action]) -> None:
    section = get_section("actions")
    frozen = freeze({"item": section.frozen(cast.prefecture)})["item"]
    assert [row["title"] for row in frozen["data"]["rows"]] == ["Recruter"]
    assert section.frozen(cast.other_prefecture) is None


@pytest.mark.django_db
@pytest.mark.parametrize("year", ["tout", "2022"])
def test_a_plan_is_that_of_the_readers_own_prefecture(cast: Cast, year: str) -> None:
    kind, home = get_kind(PlanDocument.code), cast.prefecture.pk
    assert str(kind.subject(cast.scope("auditeur"), f"{home}-{year}").prefecture.pk) == str(home)
    for name in ("other_referent", "national", "anonymous"):
        with pytest.raises(SubjectNotFound):
            kind.subject(cast.scope(name), f"{home}-{year}")
    for wrong in (f"{home}", f"{home}-", f"{home}-22", f"{home}-abcd", "-2022"):
        with pytest.raises(SubjectNotFound):
            kind.subject(cast.scope("referente"), wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [PlanDocument.code, EffectsDocument.code])
def test_the_file_is_tagged_and_says_what_was_collected(
    cast: Cast, plan: dict[str, Action], kind: str
) -> None:
    document = produce_now(
        kind=kind, subject_id=subject_id_of(cast.prefecture, None), scope=cast.scope("referente")
    )
    assert document.is_ready, document.error_message
    with document.file.open("rb") as file:
        content = file.read()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "fr"
        width, height = (float(side) for side in pdf.pages[0].mediabox[2:])
        assert (width > height) == (kind == PlanDocument.code)
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    text = " ".join(text.replace("\u00a0", " ").split())
    for words in ("Recruter", "En retard", "Déménager", "6 actions, dont 1 en retard"):
        assert words in text
    assert "Ailleurs" not in text


@pytest.mark.django_db
def test_documents_are_asked_for_from_their_page(cast: Cast, plan: dict[str, Action]) -> None:
    client = cast.client("referente")
    assert "Pas encore produit" in client.get(PAGE).text
    asked = {"kind": PlanDocument.code, "subject_id": subject_id_of(cast.prefecture, None)}
    for _ in range(2):
        assert client.post(ASK, asked).url == PAGE
    document = Document.objects.get()
    assert (document.kind, document.prefecture) == (PlanDocument.code, cast.prefecture)
    assert client.post(ASK, {**asked, "subject_id": "1-1850"}).status_code == 404
    assert client.post(ASK, {**asked, "kind": "meetings.agenda"}).status_code == 404
    assert cast.client("agent").post(ASK, asked).status_code == 403
    assert Document.objects.count() == 1
