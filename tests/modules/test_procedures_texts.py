"""Writing a sheet: saved while it is written, two people on one draft, with and without JavaScript."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from modules.enums import ProcedureState
from modules.models import Procedure, ProcedureVersion
from modules.services.procedures import MAX_TEXT_LENGTH, TextConflictError, save_text
from tests.cast import Cast
from tests.modules.builders_groups import make_procedure
from tests.modules.test_groups import text, url


pytestmark = pytest.mark.django_db
BASE = "Premier paragraphe.\n\nSecond paragraphe."


@pytest.fixture
def sheet(cast: Cast) -> Procedure:
    made = make_procedure(cast, cast.prefecture, service=cast.service, text="")
    save_text(procedure=made, text=BASE, revision=draft_of(made).revision)
    return made


def draft_of(procedure: Procedure) -> ProcedureVersion:
    found: ProcedureVersion = procedure.versions.get()
    return found


def send(cast: Cast, name: str, sheet: Procedure, who: str = "correspondant", **data: Any) -> Any:
    return cast.client(who).post(
        url(name, sheet.pk), {key.replace("__", "-"): value for key, value in data.items()}
    )


def test_saved_while_written(cast: Cast, sheet: Procedure) -> None:
    revision = draft_of(sheet).revision
    response = send(
        cast, "procedure_text_save", sheet, texte__fiche="Un\r\nDeux", revision__fiche=revision
    )
    assert response.json()["revision"] == revision + 1
    assert response.json()["message"].startswith("Enregistré à")
    assert draft_of(sheet).text == "Un\nDeux"
    again = send(
        cast, "procedure_text_save", sheet, texte__fiche="Un\nDeux", revision__fiche=revision
    )
    assert again.json()["revision"] == revision + 1, "an answer that was lost is asked again"


def test_two_people_overwrite_nothing(cast: Cast, sheet: Procedure) -> None:
    revision = draft_of(sheet).revision
    save_text(procedure=sheet, text=f"{BASE} Le sien.", revision=revision)
    with pytest.raises(TextConflictError) as caught:
        save_text(procedure=sheet, text=f"{BASE} Le mien.", revision=revision)
    assert caught.value.base == BASE
    assert draft_of(sheet).text == f"{BASE} Le sien."
    # Who changed nothing takes nothing away.
    assert save_text(procedure=sheet, text=BASE, revision=revision).text == f"{BASE} Le sien."


def test_a_note_changed_meanwhile_is_no_conflict(cast: Cast, sheet: Procedure) -> None:
    revision = draft_of(sheet).revision
    save_text(procedure=sheet, text=BASE, revision=revision, change_note="Relu")
    saved = save_text(procedure=sheet, text="Mon texte", revision=revision)
    assert (saved.text, saved.change_note) == ("Mon texte", "Relu")


def test_a_conflict_offers_the_three_choices(cast: Cast, sheet: Procedure) -> None:
    revision = draft_of(sheet).revision
    theirs = BASE.replace("Premier", "Tout premier")
    send(
        cast,
        "procedure_text_save",
        sheet,
        "referente",
        texte__fiche=theirs,
        revision__fiche=revision,
    )
    mine = BASE.replace("Second", "Tout second")
    panel = send(cast, "procedure_text_save", sheet, texte__fiche=mine, revision__fiche=revision)
    assert panel.status_code == 409
    assert "Mme Pascale MARTIN a modifié ce texte" in text(panel)
    for words in ("Garder mon texte", "Prendre le texte de", "Réunir les deux"):
        assert words in text(panel)
    # Without JavaScript, the page offers the same and each choice is a sending of the page.
    page = send(cast, "procedure_write", sheet, texte__fiche=mine, revision__fiche=revision)
    assert page.status_code == 409
    assert "Tout second" in text(page)
    now = page.context["revision"]
    data = {"texte__fiche": mine, "revision__fiche": now, "base__fiche": revision}
    joined = send(cast, "procedure_write", sheet, choix__fiche="both", **data)
    assert joined.context["text"] == "Tout premier paragraphe.\n\nTout second paragraphe."
    assert draft_of(sheet).text == theirs
    send(cast, "procedure_write", sheet, choix__fiche="theirs", **data)
    assert draft_of(sheet).text == theirs
    send(cast, "procedure_write", sheet, choix__fiche="mine", **data)
    assert draft_of(sheet).text == mine


def test_too_long_is_told_and_kept_on_the_page(cast: Cast, sheet: Procedure) -> None:
    long = "a" * (MAX_TEXT_LENGTH + 1)
    revision = draft_of(sheet).revision
    data = {"texte__fiche": long, "revision__fiche": revision}
    answer = send(cast, "procedure_text_save", sheet, **data)
    assert answer.status_code == 422
    assert "retirez au moins" in answer.json()["error"]
    page = send(cast, "procedure_write", sheet, **data)
    assert page.status_code == 422
    assert page.context["text"] == long
    assert draft_of(sheet).text == BASE


def test_saved_and_submitted_by_the_page(cast: Cast, sheet: Procedure) -> None:
    send(
        cast,
        "procedure_write",
        sheet,
        texte__fiche="Définitif",
        revision__fiche=draft_of(sheet).revision,
        change_note="Délais\nplus courts",
        suite="soumettre",
    )
    draft = draft_of(sheet)
    assert (draft.text, draft.state) == ("Définitif", ProcedureState.SUBMITTED)
    assert draft.change_note == "Délais plus courts"
    page = cast.client("correspondant").get(url("procedure_write", sheet.pk), follow=True)
    assert "préparez une nouvelle version" in text(page)
    late = send(cast, "procedure_text_save", sheet, texte__fiche="Trop tard", revision__fiche=1)
    assert late.status_code == 422


def test_a_paste_from_a_word_processor_is_cleaned(cast: Cast, sheet: Procedure) -> None:
    saved = save_text(
        procedure=sheet, text="•\tUn\u200b\r\n•\tDeux", revision=draft_of(sheet).revision
    )
    assert saved.text == "- Un\n- Deux"


def test_the_longest_text_that_is_accepted_is_the_one_of_the_table() -> None:
    field: Any = ProcedureVersion._meta.get_field("text")
    assert field.max_length == MAX_TEXT_LENGTH


def test_no_draft_no_text(cast: Cast) -> None:
    made = make_procedure(cast, cast.prefecture)
    ProcedureVersion.objects.filter(procedure=made).update(state=ProcedureState.APPROVED)
    with pytest.raises(ValidationError, match="n’a pas de brouillon"):
        save_text(procedure=made, text="Encore", revision=1)
