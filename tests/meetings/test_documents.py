"""The three documents of a meeting: what they say, how they are tagged, how their files are called."""

import io
from datetime import date
from typing import Any

import pikepdf
import pypdf
import pytest
from django.utils import timezone

from accounts.access import Scope
from accounts.scopes import scope_of
from meetings.enums import Presence, Slot
from meetings.models import Attendance, Body, Decision, Guest, Member, Minutes, Opinion, Question
from meetings.selectors.documents import (
    AGENDA_KIND,
    ATTENDANCE_KIND,
    DRAFT_KIND,
    MINUTES_KIND,
    draft_minutes,
)
from meetings.services.workflow import start_correction
from reports.models import Document
from reports.registry import get_kind
from reports.rendering import freeze
from reports.services import produce_now
from tests.cast import Cast
from tests.meetings.scene import Scene, build_scene


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def scope(scene: Scene, name: str = "referente") -> Scope:
    return scope_of(scene.cast.user(name), today=timezone.localdate())


def produce(scene: Scene, kind: str, pk: int) -> Document:
    document = produce_now(kind=kind, subject_id=pk, scope=scope(scene))
    assert document.is_ready, document.error_message
    return document


def text_of(document: Document) -> str:
    with document.file.open("rb") as file:
        reader = pypdf.PdfReader(io.BytesIO(file.read()))
    text = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(text.replace("\u00a0", " ").split())


def data(scene: Scene) -> dict[str, Any]:
    return freeze(draft_minutes(scene.refreshed()))


# --- What is collected ------------------------------------------------------------------------


def test_the_head_is_that_of_the_meeting(scene: Scene) -> None:
    collected = data(scene)
    paper, meeting = collected["paper"], collected["meeting"]
    assert paper["title"] == "Compte rendu"
    assert paper["running_title"] == "Compte rendu du CLU du 12\u00a0mai 2022"
    assert (paper["kicker"], paper["service"]) == ("Comité local des usagers", "Mission qualité")
    assert (paper["notice"], paper["version"], paper["dated_on"]) == ("", 1, None)
    assert meeting["hours"] == "de 14\u00a0h à 15\u00a0h\u00a030"
    assert meeting["chair"] == "M. François DURAND, préfet"
    assert meeting["secretary"] == "M. Louis BERNARD, agent d’accueil"
    assert meeting["legal_basis"] == "Arrêté du 3 mars 2021"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("CLU", "Compte rendu du CLU du 12\u00a0mai 2022"),
        ("GT", "Compte rendu du groupe de travail du 12\u00a0mai 2022"),
        ("REVUE", "Compte rendu de la revue annuelle du 12\u00a0mai 2022"),
    ],
)
def test_the_running_title_follows_the_kind(scene: Scene, kind: str, words: str) -> None:
    scene.meeting.committee.kind = kind
    scene.meeting.committee.save()
    assert data(scene)["paper"]["running_title"] == words


def test_people_are_listed_as_they_read(scene: Scene) -> None:
    committee = scene.meeting.committee
    deputies = Body.objects.create(
        committee=committee, name="Députés", names_absentees=True, protocol_order=3
    )
    Member.objects.create(body=deputies, civility="M.", first_name="Marc", last_name="Roux")
    chamber = Body.objects.create(committee=committee, name="CCI", protocol_order=4)
    treasurer = Member.objects.create(body=chamber, function="trésorière")
    Attendance.objects.create(meeting=scene.meeting, member=treasurer, presence=Presence.PRESENT)
    Attendance.objects.create(
        meeting=scene.meeting, body=chamber, presence=Presence.ABSENT, note="Selon la feuille"
    )
    Attendance.objects.create(
        meeting=scene.meeting,
        member=scene.absent,
        presence=Presence.REPRESENTED,
        represented_by="M. Leroux",
    )
    Guest.objects.create(
        meeting=scene.meeting, civility="M.", last_name="Sire", organisation="ENA", protocol_order=2
    )
    people = data(scene)["attendance"]
    assert people["present"]["people"] == [
        {"name": "M. François DURAND", "function": "préfet"},
        {"name": "M. SIRE", "function": "ENA"},
        {"name": "CCI", "function": "trésorière"},
    ]
    assert people["represented"]["people"] == [
        {"name": "Mme Zoé GARNIER", "function": "présidente, représenté par M. Leroux"}
    ]
    assert people["absent"] == [
        {"heading": "Députés", "people": [{"name": "M. Marc ROUX", "function": ""}], "short": True},
        {"heading": "Organismes", "people": [{"name": "CCI", "function": ""}], "short": True},
    ]
    assert people["observations"] == [{"about": "CCI", "text": "Selon la feuille"}]


def written(scene: Scene) -> dict[str, Any]:
    """Write texts, questions, an opinion and a decision; return what is collected."""
    _, child, last = scene.items
    scene.write("On **ouvre**.", slot=Slot.OPENING)
    scene.write("# Titre\n\nUn texte", item=child)
    under: dict[str, Any] = {"minutes": scene.minutes, "item": last}
    Question.objects.create(
        **under, asker_name="Mme X", asker_body="CCI", text="Quand ?", answer="*Hier*."
    )
    Question.objects.create(minutes=scene.minutes, asker=scene.chair, text="Sans point ?")
    Question.objects.create(**under, asker_name="Y", text="Retirée", removed_at=timezone.now())
    Opinion.objects.create(**under, document_title="Courriels types", verdict="reserved")
    Decision.objects.create(**under, text="Afficher", owner="SGCD", due_on=date(2022, 9, 30))
    return data(scene)


def test_texts_stand_under_their_item(scene: Scene) -> None:
    collected = written(scene)
    assert collected["opening"] == "<p>On <strong>ouvre</strong>.</p>"
    assert collected["closing"] == ""
    items = collected["items"]
    assert [(i["number"], i["level"], i["title"]) for i in items] == [
        ("1", 1, "Résultats"),
        ("1.1", 2, "Enquête de satisfaction"),
        ("2", 1, "Questions diverses"),
    ]
    assert items[1]["html"] == "<h4>Titre</h4>\n<p>Un texte</p>"
    assert [i["is_empty"] for i in items] == [False, False, False]


def test_rows_stand_under_their_item_and_in_the_tables(scene: Scene) -> None:
    collected = written(scene)
    item = collected["items"][2]
    assert item["questions"] == [
        {
            "asker": "Mme X (CCI)",
            "html": "<p>Quand\u00a0?</p>",
            "answerer": "",
            "answer_html": "<p><em>Hier</em>.</p>",
        }
    ]
    assert item["outcomes"] == [
        {"label": "Avis du comité", "text": "Avis favorable avec réserves sur « Courriels types »"},
        {"label": "Décision n° 1", "text": "Afficher"},
    ]
    assert [q["asker"] for q in collected["other_questions"]] == ["M. François DURAND, préfet"]
    assert collected["opinions"] == [
        {
            "item": "2",
            "document": "Courriels types",
            "verdict": "Avis favorable avec réserves",
            "comment": "",
        }
    ]
    assert collected["decisions"] == [
        {
            "number": 1,
            "item": "2",
            "text": "Afficher",
            "owner": "SGCD",
            "due_on": "2022-09-30",
            "actions": [],
        }
    ]


def test_a_leaf_without_anything_says_so_and_its_parent_does_not(scene: Scene) -> None:
    assert [i["is_empty"] for i in data(scene)["items"]] == [False, True, True]


def test_what_stood_under_a_removed_item_is_not_lost(scene: Scene) -> None:
    Question.objects.create(minutes=scene.minutes, item=scene.items[2], asker_name="X", text="Q")
    scene.items[2].mark_removed()
    assert [q["html"] for q in data(scene)["other_questions"]] == ["<p>Q</p>"]


def test_hostile_text_is_frozen_harmless(scene: Scene) -> None:
    scene.write("<script>alert(1)</script>", item=scene.items[1])
    html = data(scene)["items"][1]["html"]
    assert html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


# --- The files --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (AGENDA_KIND, "2022-05-12_CLU_ordre-du-jour.pdf"),
        (ATTENDANCE_KIND, "2022-05-12_CLU_feuille-d-emargement.pdf"),
        (DRAFT_KIND, "2022-05-12_CLU_projet-de-compte-rendu_v1.pdf"),
    ],
)
def test_files_sort_by_date(scene: Scene, kind: str, name: str) -> None:
    registered = get_kind(kind)
    subject = scene.minutes if kind == DRAFT_KIND else scene.meeting
    assert registered.file_name(freeze(registered.collect(subject))) == name


def test_a_meeting_without_date_has_documents_all_the_same(scene: Scene) -> None:
    scene.meeting.held_on = None
    scene.meeting.save()
    registered = get_kind(AGENDA_KIND)
    frozen = freeze(registered.collect(scene.meeting))
    assert registered.file_name(frozen) == "sans-date_CLU_ordre-du-jour.pdf"
    assert registered.title(frozen) == "Ordre du jour du CLU (date à préciser)"


def test_the_draft_says_that_it_is_one(scene: Scene) -> None:
    document = produce(scene, DRAFT_KIND, scene.minutes.pk)
    assert document.is_draft
    assert "Projet. Ce document n’est pas validé" in text_of(document)


def test_the_official_minutes_are_tagged_and_say_everything(scene: Scene) -> None:
    scene.write("Résultat : **52 %** de satisfaction.", item=scene.items[1])
    Question.objects.create(
        minutes=scene.minutes,
        item=scene.items[2],
        asker=scene.chair,
        text="Pourquoi ?",
        answer="Voilà.",
    )
    Decision.objects.create(minutes=scene.minutes, text="Afficher les résultats", owner="SGCD")
    scene.validate()
    document = produce(scene, MINUTES_KIND, scene.minutes.pk)
    assert document.file_name == "2022-05-12_CLU_compte-rendu_v1.pdf"
    assert not document.is_draft
    text = text_of(document)
    for fact in (
        "Compte rendu",
        "Séance du 12 mai 2022",
        "de 14 h à 15 h 30",
        "M. François DURAND, préfet",
        "UFC Que Choisir",
        "Résultat : 52 % de satisfaction.",
        "Question de M. François DURAND, préfet",
        "Voilà.",
        "Relevé de décisions",
        "Afficher les résultats",
        "Signature",
        document.verification_code,
        "Page 1 sur",
    ):
        assert fact in text
    assert "Projet" not in text
    with document.file.open("rb") as file, pikepdf.open(io.BytesIO(file.read())) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "fr"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo.Title).replace("\u00a0", " ") == "Compte rendu du CLU du 12 mai 2022"
        assert "/Outlines" in pdf.Root


def test_the_sign_in_sheet_is_landscape_with_room_to_sign(scene: Scene) -> None:
    document = produce(scene, ATTENDANCE_KIND, scene.meeting.pk)
    with document.file.open("rb") as file:
        page = pypdf.PdfReader(io.BytesIO(file.read())).pages[0]
    assert page.mediabox.width > page.mediabox.height
    text = text_of(document)
    for fact in ("Organisme", "Nom et fonction", "Représenté par", "Signature", "Mme Zoé GARNIER"):
        assert fact in text


def test_the_agenda_is_dated_by_its_convocation(scene: Scene) -> None:
    scene.meeting.convened_on = date(2022, 4, 20)
    scene.meeting.save()
    text = text_of(produce(scene, AGENDA_KIND, scene.meeting.pk))
    assert "20 avril 2022" in text
    assert "1.1 Enquête de satisfaction" in text


# --- Draft and official are never mistaken for one another -------------------------------------


def test_the_official_kind_refuses_a_draft(scene: Scene) -> None:
    document = produce_now(kind=MINUTES_KIND, subject_id=scene.minutes.pk, scope=scope(scene))
    assert (document.state, document.error_code) == ("failed", "not_validated")


def test_a_draft_asked_before_the_signature_never_becomes_official(scene: Scene) -> None:
    scene.validate()
    document = produce_now(kind=DRAFT_KIND, subject_id=scene.minutes.pk, scope=scope(scene))
    assert (document.state, document.error_code) == ("failed", "already_validated")


def test_both_versions_stay_readable_and_make_one_series(scene: Scene) -> None:
    scene.validate()
    first = produce(scene, MINUTES_KIND, scene.minutes.pk)
    second_version = start_correction(meeting=scene.meeting, reason="Un nom manquait.")
    scene.items[0].title = "Résultats corrigés"
    scene.items[0].save()
    scene.validate()
    second = produce(scene, MINUTES_KIND, second_version.pk)
    assert first.series == second.series
    assert second.file_name == "2022-05-12_CLU_compte-rendu_v2.pdf"
    assert "Résultats corrigés" in text_of(second)
    assert "Version 2 : elle remplace la version 1" in text_of(second)
    assert "Résultats corrigés" not in text_of(first)
    again = produce_now(kind=MINUTES_KIND, subject_id=scene.minutes.pk, scope=scope(scene))
    assert "Résultats corrigés" not in text_of(again)


def test_nobody_of_another_prefecture_gets_it(scene: Scene) -> None:
    with pytest.raises(Exception, match=str(scene.minutes.pk)):
        produce_now(
            kind=DRAFT_KIND, subject_id=scene.minutes.pk, scope=scope(scene, "other_referent")
        )
    assert Document.objects.count() == 0
    assert Minutes.objects.count() == 1
