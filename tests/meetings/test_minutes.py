"""Pages of the minutes: writing, refusals shown beside their text, rows with undo, acts, documents."""

from http import HTTPStatus
from typing import Any

import pytest
from django.urls import reverse

from meetings.models import Decision, Delivery, Minutes, Opinion, Question, TextBlock
from meetings.services.minutes import MAX_TEXT_LENGTH
from reports.models import Document
from tests.cast import Cast
from tests.client import StrictClient
from tests.meetings.scene import Scene, build_scene


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


@pytest.fixture
def client(cast: Cast) -> StrictClient:
    return cast.client("referente")


def url(scene: Scene, name: str, *args: object) -> str:
    return reverse(f"meetings:{name}", args=[scene.slug, *args])


def text(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ")


def place(scene: Scene, index: int = 1) -> str:
    return f"point-{scene.items[index].pk}"


def stored(scene: Scene, index: int = 1) -> str:
    return TextBlock.objects.get(minutes=scene.refreshed(), item=scene.items[index]).text


# --- Starting ---------------------------------------------------------------------------------


def test_the_page_offers_to_start_and_a_visit_writes_nothing(cast: Cast) -> None:
    scene = build_scene(cast, started=False)
    client = cast.client("referente")
    assert "Commencer la rédaction" in text(client.get(url(scene, "minutes")))
    assert Minutes.objects.count() == 0
    response = client.post(url(scene, "minutes_start"))
    assert response.url == url(scene, "minutes")
    assert Minutes.objects.get().version == 1
    assert 'name="texte-ouverture"' in text(client.get(url(scene, "minutes")))


def test_who_does_not_write_reads(scene: Scene) -> None:
    scene.write("Un **texte**.", item=scene.items[1])
    page = text(scene.cast.client("auditeur").get(url(scene, "minutes")))
    assert "<p>Un <strong>texte</strong>.</p>" in page
    assert "<textarea" not in page


def test_the_secretary_of_the_meeting_writes_and_another_agent_does_not(scene: Scene) -> None:
    data = {f"texte-{place(scene)}": "Par l’agent", f"revision-{place(scene)}": "0"}
    save = url(scene, "text_save", place(scene))
    assert scene.cast.client("agent").post(save, data).status_code == HTTPStatus.OK
    assert scene.cast.client("correspondant").post(save, data).status_code == HTTPStatus.FORBIDDEN
    assert stored(scene) == "Par l’agent"


# --- Saving while writing ---------------------------------------------------------------------


def autosave(client: StrictClient, scene: Scene, typed: str, revision: int) -> Any:
    data = {f"texte-{place(scene)}": typed, f"revision-{place(scene)}": str(revision)}
    return client.post(url(scene, "text_save", place(scene)), data)


def test_autosave_answers_with_the_revision_and_the_time(
    scene: Scene, client: StrictClient
) -> None:
    response = autosave(client, scene, "Un", 0)
    assert response.json()["revision"] == 1
    assert response.json()["message"].startswith("Enregistré à ")
    assert autosave(client, scene, "Un, deux", 1).json()["revision"] == 2
    assert stored(scene) == "Un, deux"


def test_autosave_of_a_conflict_answers_with_the_panel(scene: Scene, client: StrictClient) -> None:
    scene.write("Base.", item=scene.items[1])
    autosave(scene.cast.client("agent"), scene, "Base de Louis.", 1)
    response = autosave(client, scene, "Base de Pascale.", 1)
    assert response.status_code == HTTPStatus.CONFLICT
    panel = text(response)
    assert "M. Louis BERNARD a modifié ce texte le" in panel
    assert "Garder mon texte" in panel
    assert "Prendre le texte de M. Louis BERNARD" in panel
    assert "Réunir les deux" in panel
    assert 'data-revision="2"' in panel
    assert stored(scene) == "Base de Louis."


def test_autosave_of_a_text_too_long_is_refused(scene: Scene, client: StrictClient) -> None:
    response = autosave(client, scene, "x" * (MAX_TEXT_LENGTH + 1), 0)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "la limite est de 50\u00a0000" in response.json()["error"]
    assert TextBlock.objects.count() == 0


def test_autosave_once_submitted_is_refused(scene: Scene, client: StrictClient) -> None:
    scene.submit()
    response = autosave(client, scene, "Trop tard", 0)
    assert response.status_code == HTTPStatus.LOCKED
    assert "soumis à la signature" in response.json()["error"]
    assert TextBlock.objects.count() == 0


def test_autosave_of_an_item_taken_off_the_agenda_is_refused(
    scene: Scene, client: StrictClient
) -> None:
    scene.items[1].mark_removed()
    assert autosave(client, scene, "Un", 0).status_code == HTTPStatus.GONE
    for code in ("point-999999", "point-x", "nulle-part"):
        response = client.post(url(scene, "text_save", code), {f"texte-{code}": "Un"})
        assert response.status_code == HTTPStatus.GONE
    assert TextBlock.objects.count() == 0


def test_a_session_that_ended_gets_no_text_written(scene: Scene) -> None:
    response = autosave(StrictClient(), scene, "Un", 0)
    assert response.status_code == HTTPStatus.FOUND
    assert TextBlock.objects.count() == 0


# --- Saving the whole page (without JavaScript) -----------------------------------------------


def whole_page(scene: Scene, **texts: str) -> dict[str, str]:
    """Return the form of the page: every text empty at revision 0, but those given."""
    codes = ["ouverture", *(f"point-{item.pk}" for item in scene.items), "cloture"]
    fields = {f"texte-{code}": "" for code in codes} | {f"revision-{code}": "0" for code in codes}
    return fields | {name.replace("_", "-"): value for name, value in texts.items()}


def test_the_whole_page_is_saved_at_once(scene: Scene, client: StrictClient) -> None:
    data = whole_page(scene, texte_ouverture="On ouvre.", texte_cloture="On ferme.")
    data[f"texte-{place(scene)}"] = "<script>alert(1)</script>"
    response = client.post(url(scene, "minutes_save"), data)
    assert response.url == url(scene, "minutes")
    assert set(TextBlock.objects.values_list("text", flat=True)) == {
        "On ouvre.",
        "On ferme.",
        "<script>alert(1)</script>",
    }
    page = text(client.get(url(scene, "minutes")))
    assert "Textes enregistrés à" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in page
    assert "<script>alert" not in page


def test_one_text_refused_keeps_it_typed_and_saves_the_others(
    scene: Scene, client: StrictClient
) -> None:
    data = whole_page(scene, texte_ouverture="On ouvre.", texte_cloture="z" * 50_001)
    response = client.post(url(scene, "minutes_save"), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = text(response)
    assert "Ce texte compte 50 001 caractères" in page
    assert "z" * 50_001 in page
    assert list(TextBlock.objects.values_list("slot", "text")) == [("opening", "On ouvre.")]


def conflicting(scene: Scene, client: StrictClient) -> tuple[Any, dict[str, str]]:
    scene.write("Un.\n\nDeux.", item=scene.items[1])
    autosave(scene.cast.client("agent"), scene, "UN.\n\nDeux.", 1)
    data = whole_page(scene, texte_ouverture="On ouvre.")
    # As browsers send it.
    data |= {f"texte-{place(scene)}": "Un.\r\n\r\nDEUX.", f"revision-{place(scene)}": "1"}
    return client.post(url(scene, "minutes_save"), data), data


def test_the_whole_page_shows_the_conflict_and_saves_the_rest(
    scene: Scene, client: StrictClient
) -> None:
    response, _ = conflicting(scene, client)
    assert response.status_code == HTTPStatus.CONFLICT
    page = text(response)
    assert "M. Louis BERNARD a modifié ce texte" in page
    assert "Un.\n\nDEUX.</textarea>" in page
    assert f'name="revision-{place(scene)}" value="2"' in page
    assert f'name="base-{place(scene)}" value="1"' in page
    assert stored(scene) == "UN.\n\nDeux."
    assert TextBlock.objects.get(slot="opening").text == "On ouvre."


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("mine", "Un.\n\nDEUX."), ("theirs", "UN.\n\nDeux."), ("both", "UN.\n\nDeux.")],
)
def test_each_choice_does_what_it_says(
    scene: Scene, client: StrictClient, choice: str, expected: str
) -> None:
    _, data = conflicting(scene, client)
    code = place(scene)
    data |= {f"revision-{code}": "2", f"base-{code}": "1", f"choix-{code}": choice}
    data["revision-ouverture"] = "1"
    response = client.post(url(scene, "minutes_save"), data)
    assert stored(scene) == expected
    if choice == "both":
        page = text(response)
        assert "UN.\n\nDEUX.</textarea>" in page
        assert "Les deux textes sont réunis" in page
        data |= {f"texte-{code}": "UN.\n\nDEUX.", f"choix-{code}": ""}
        client.post(url(scene, "minutes_save"), data)
        assert stored(scene) == "UN.\n\nDEUX."
    else:
        assert response.status_code == HTTPStatus.FOUND


def test_coming_back_from_the_login_page_leads_to_the_page(
    scene: Scene, client: StrictClient
) -> None:
    assert client.get(url(scene, "minutes_save")).url == url(scene, "minutes")


# --- Questions, opinions, decisions -----------------------------------------------------------


def test_a_question_by_a_member_under_its_item(scene: Scene, client: StrictClient) -> None:
    item = scene.items[2]
    form = text(client.get(url(scene, "question_create") + f"?point={item.pk}"))
    assert f'<option value="{item.pk}" selected>2 Questions diverses</option>' in form
    data = {
        "asker_choice": f"m{scene.absent.pk}",
        "text": "•\tPourquoi ?",
        "answerer_choice": f"m{scene.chair.pk}",
        "answer": "Parce que.",
        "item": str(item.pk),
    }
    response = client.post(url(scene, "question_create"), data)
    assert response.url == f"{url(scene, 'minutes')}#point-{item.pk}"
    question = Question.objects.get()
    assert (question.asker, question.asker_name) == (scene.absent, "")
    assert (question.answerer, question.text) == (scene.chair, "- Pourquoi ?")
    assert "Mme Zoé GARNIER, présidente" in text(client.get(url(scene, "minutes")))


def test_a_question_by_somebody_of_no_list(scene: Scene, client: StrictClient) -> None:
    data = {"asker_choice": "autre", "asker_name": "Mme X", "asker_body": "CCI", "text": "Quand ?"}
    client.post(url(scene, "question_create"), data)
    assert Question.objects.get().asker_label == "Mme X (CCI)"


def test_a_question_by_a_guest_keeps_name_and_body(scene: Scene, client: StrictClient) -> None:
    guest = scene.meeting.guests.create(civility="M.", last_name="Sire", organisation="ENA")
    data = {"asker_choice": f"g{guest.pk}", "text": "Quand ?"}
    client.post(url(scene, "question_create"), data)
    question = Question.objects.get()
    assert (question.asker_name, question.asker_body) == ("M. SIRE", "ENA")
    edit = text(client.get(url(scene, "question_edit", question.pk)))
    assert f'<option value="g{guest.pk}" selected>' in edit


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"text": "Quand ?"}, "On ne sait pas qui pose la question."),
        ({"asker_choice": "autre", "text": "Quand ?"}, "Saisissez le nom de cette personne."),
        ({"asker_choice": "m999999", "text": "Quand ?"}, "m999999"),
    ],
)
def test_a_question_without_its_author_is_refused_beside_the_field(
    scene: Scene, client: StrictClient, data: dict[str, str], message: str
) -> None:
    response = client.post(url(scene, "question_create"), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert message in text(response)
    assert "Quand ?</textarea>" in text(response)
    assert Question.objects.count() == 0


def test_opinion_and_decision(scene: Scene, client: StrictClient) -> None:
    item = str(scene.items[2].pk)
    opinion = {"item": item, "document_title": "Courriels types", "verdict": "against"}
    client.post(url(scene, "opinion_create"), opinion)
    decision = {"item": item, "text": "Afficher", "owner": "SGCD", "due_on": "2022-09-30"}
    client.post(url(scene, "decision_create"), decision)
    client.post(url(scene, "decision_create"), decision | {"text": "Imprimer"})
    assert Opinion.objects.get().current_verdict.label == "Avis défavorable"
    assert list(Decision.objects.values_list("text", "position")) == [
        ("Afficher", 0),
        ("Imprimer", 1),
    ]
    page = text(client.get(url(scene, "minutes")))
    assert "Avis défavorable" in page
    assert "pour le 30 septembre 2022" in page


def test_an_impossible_date_is_refused_and_the_rest_kept(
    scene: Scene, client: StrictClient
) -> None:
    data = {"text": "Afficher", "due_on": "2022-02-31"}
    response = client.post(url(scene, "decision_create"), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Afficher</textarea>" in text(response)
    assert "2022-02-31" in text(response)
    assert Decision.objects.count() == 0


def test_a_stale_form_is_refused_and_told(scene: Scene, client: StrictClient) -> None:
    decision = Decision.objects.create(minutes=scene.minutes, text="Base")
    other = scene.cast.client("agent")
    other.post(url(scene, "decision_edit", decision.pk), {"text": "De Louis", "revision": "1"})
    response = client.post(
        url(scene, "decision_edit", decision.pk), {"text": "De Pascale", "revision": "1"}
    )
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "M. Louis BERNARD a modifié" in text(response)
    assert "De Pascale</textarea>" in text(response)
    decision.refresh_from_db()
    assert decision.text == "De Louis"


@pytest.mark.parametrize("kind", ["question", "opinion", "decision"])
def test_a_row_is_removed_then_put_back(scene: Scene, client: StrictClient, kind: str) -> None:
    rows: dict[str, Any] = {
        "question": lambda: Question.objects.create(
            minutes=scene.minutes, asker_name="Mme X", text="La ligne"
        ),
        "opinion": lambda: Opinion.objects.create(
            minutes=scene.minutes, document_title="La ligne", verdict="none"
        ),
        "decision": lambda: Decision.objects.create(minutes=scene.minutes, text="La ligne"),
    }
    row = rows[kind]()
    response = client.post(url(scene, f"{kind}_remove", row.pk), follow=True)
    row.refresh_from_db()
    assert row.removed_at is not None
    page = text(response)
    assert "« La ligne » est retiré" in page
    restore = url(scene, f"{kind}_restore", row.pk)
    assert f'action="{restore}"' in page
    assert f'id="{kind}-{row.pk}"' not in page
    client.post(restore)
    row.refresh_from_db()
    assert row.removed_at is None
    assert f'id="{kind}-{row.pk}"' in text(client.get(url(scene, "minutes")))


def test_rows_are_closed_once_submitted(scene: Scene, client: StrictClient) -> None:
    decision = Decision.objects.create(minutes=scene.minutes, text="Base")
    scene.submit()
    for name, args in (
        ("decision_create", []),
        ("decision_edit", [decision.pk]),
        ("decision_remove", [decision.pk]),
        ("decision_restore", [decision.pk]),
    ):
        response = client.post(url(scene, name, *args), {"text": "Autre"}, follow=True)
        assert "soumis à la signature" in text(response)
    decision.refresh_from_db()
    assert (decision.text, decision.removed_at, Decision.objects.count()) == ("Base", None, 1)


def test_a_row_of_another_meeting_is_not_found(scene: Scene, client: StrictClient) -> None:
    other = build_scene(scene.cast, slug="autre-seance")
    decision = Decision.objects.create(minutes=other.minutes, text="Ailleurs")
    assert client.get(url(scene, "decision_edit", decision.pk)).status_code == 404
    assert client.post(url(scene, "decision_remove", decision.pk)).status_code == 404


# --- From the draft to the diffusion -----------------------------------------------------------


def test_the_page_names_what_blocks_and_hides_the_act(scene: Scene, client: StrictClient) -> None:
    scene.meeting.place = ""
    scene.meeting.save()
    page = text(client.get(url(scene, "minutes_state")))
    assert "La séance n’a pas de lieu" in page
    assert "Soumettre à la signature du préfet" not in page
    response = client.post(url(scene, "submit"), follow=True)
    assert "Il reste un point à corriger" in text(response)
    assert scene.refreshed().state == "draft"


def test_the_whole_way_by_the_pages(scene: Scene, client: StrictClient) -> None:
    prefet = scene.cast.client("prefet")
    client.post(url(scene, "submit"))
    page = text(prefet.get(url(scene, "minutes_state")))
    assert 'value="M. François DURAND"' in page
    assert 'value="préfet de Loir-et-Cher"' in page
    prefet.post(url(scene, "visa"), {"visa-name": "N. H.", "visa-function": "SG"})
    prefet.post(
        url(scene, "validate"),
        {"signature-name": "M. François DURAND", "signature-function": "préfet"},
    )
    minutes = scene.refreshed()
    assert minutes.state == "validated"
    assert [s["name"] for s in minutes.frozen["signatures"]] == ["N. H.", "M. François DURAND"]
    document = Document.objects.get()
    assert (document.kind, document.subject_id) == ("meetings.minutes", str(minutes.pk))
    page = text(client.get(url(scene, "minutes_state")))
    assert "Le PDF signé est en préparation" in page
    assert "À remettre en main propre, faute d’adresse : Mme Zoé GARNIER, présidente" in page
    response = client.post(url(scene, "diffuse"), follow=True)
    assert "n’est pas encore prêt" in text(response)


def test_signing_asks_for_a_name_and_keeps_what_was_typed(scene: Scene) -> None:
    scene.submit()
    prefet = scene.cast.client("prefet")
    data = {"signature-name": "", "signature-function": "préfet par intérim"}
    response = prefet.post(url(scene, "validate"), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Indiquez le nom qui sera imprimé." in text(response)
    assert 'value="préfet par intérim"' in text(response)
    assert scene.refreshed().state == "submitted"


def test_sending_back_needs_a_reason_that_the_writer_reads(
    scene: Scene, client: StrictClient
) -> None:
    scene.submit()
    prefet = scene.cast.client("prefet")
    assert prefet.post(url(scene, "send_back"), {"reason": " "}).status_code == 422
    assert scene.refreshed().state == "submitted"
    prefet.post(url(scene, "send_back"), {"reason": "Précisez le point 2."})
    assert scene.refreshed().state == "draft"
    assert "Précisez le point 2." in text(client.get(url(scene, "minutes")))


@pytest.mark.parametrize("name", ["validate", "visa"])
def test_who_writes_does_not_sign(scene: Scene, client: StrictClient, name: str) -> None:
    scene.submit()
    assert client.post(url(scene, name), {}).status_code == HTTPStatus.FORBIDDEN
    assert scene.minutes.signatures.count() == 0


def test_a_second_click_is_told_and_changes_nothing(scene: Scene, client: StrictClient) -> None:
    client.post(url(scene, "submit"))
    response = client.post(url(scene, "submit"), follow=True)
    assert "n’est pas possible" in text(response)
    assert scene.refreshed().state == "submitted"


def test_a_correction_opens_the_pages_again(scene: Scene, client: StrictClient) -> None:
    scene.write("Texte.", item=scene.items[1])
    scene.validate()
    assert "<textarea" not in text(client.get(url(scene, "minutes")))
    response = client.post(
        url(scene, "correct"), {"correction_reason": "Un nom manquait."}, follow=True
    )
    page = text(response)
    assert "La version 2 est ouverte" in page
    assert "Texte.</textarea>" in page
    assert "Un nom manquait." in page
    old = text(client.get(url(scene, "preview_document") + "?version=1"))
    assert "Projet" not in old
    assert "Version 2 : elle remplace la version 1" in text(
        client.get(url(scene, "preview_document"))
    )
    versions = text(client.get(url(scene, "minutes_state")))
    assert "Version 1" in versions


# --- Preview and documents --------------------------------------------------------------------


def test_the_preview_is_the_document(scene: Scene, client: StrictClient) -> None:
    scene.write("Le **texte**.", item=scene.items[1])
    page = client.get(url(scene, "preview"))
    assert f'src="{url(scene, "preview_document")}"' in text(page)
    document = client.get(url(scene, "preview_document"))
    assert document["X-Frame-Options"] == "SAMEORIGIN"
    assert "<p>Le <strong>texte</strong>.</p>" in text(document)
    assert client.get(url(scene, "preview_document") + "?version=9").status_code == 404
    assert client.get(url(scene, "preview_document") + "?version=x").status_code == 404


def test_asking_for_a_document_comes_back_to_the_page(scene: Scene, client: StrictClient) -> None:
    preview = url(scene, "preview")
    data = {"kind": "meetings.minutes_draft", "next": preview}
    assert client.post(url(scene, "document_request"), data).url == preview
    assert client.post(url(scene, "document_request"), data).url == preview
    assert Document.objects.get().kind == "meetings.minutes_draft"
    away = {"kind": "meetings.agenda", "next": "https://ailleurs.example/"}
    response = client.post(url(scene, "document_request"), away)
    assert response.url == url(scene, "minutes_state")


@pytest.mark.parametrize("kind", ["", "meetings.minutes", "meetings.inconnu"])
def test_a_document_that_is_not_offered_is_refused(
    scene: Scene, client: StrictClient, kind: str
) -> None:
    response = client.post(url(scene, "document_request"), {"kind": kind}, follow=True)
    assert "ne peut pas être produit" in text(response)
    assert Document.objects.count() == 0


def test_the_secretary_asks_for_documents_and_the_auditor_does_not(scene: Scene) -> None:
    data = {"kind": "meetings.agenda"}
    page = url(scene, "document_request")
    assert scene.cast.client("agent").post(page, data).status_code == HTTPStatus.FOUND
    assert scene.cast.client("correspondant").post(page, data).status_code == HTTPStatus.FORBIDDEN
    assert scene.cast.client("auditeur").post(page, data).status_code == HTTPStatus.FORBIDDEN
    assert Document.objects.count() == 1
    assert Delivery.objects.count() == 0
