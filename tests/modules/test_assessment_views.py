"""Pages of the auto-diagnostic: who fills, who reads what, what is refused and how it is told."""

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Service
from modules.enums import AssessmentResult as R
from modules.enums import Sensitivity, SheetState
from modules.models import AssessmentRow, AssessmentSheet, SelfAssessment
from modules.services.assessment_rows import save_row
from modules.services.assessments import close_assessment, open_assessment
from tests.cast import Cast
from tests.modules.builders import (
    DUE_ON,
    OPENED_ON,
    Scene,
    accept_sheets,
    make_assessment,
    make_evidence,
    make_scene,
)


SECRET = "Le chef de bureau conteste"


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast.prefecture)


@pytest.fixture
def assessment(scene: Scene) -> SelfAssessment:
    return make_assessment(scene)


@pytest.fixture
def sheet(assessment: SelfAssessment, cast: Cast) -> AssessmentSheet:
    return assessment.sheets.get(service=cast.service)


@pytest.fixture
def row(sheet: AssessmentSheet) -> AssessmentRow:
    return sheet.rows.earliest("pk")


def url(name: str, *args: object) -> str:
    return reverse(f"modules:{name}", args=args)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def typed(row: AssessmentRow, **values: object) -> dict[str, object]:
    given = {"result": "conforming", "maturity": "", "comment": "", "private_note": ""}
    return {**given, "revision": row.revision, **values}


def save_url(row: AssessmentRow) -> str:
    return url("row_save", row.sheet_id, row.pk)


# --- Who fills --------------------------------------------------------------------------------
def test_correspondent_fills_own_service_only(
    cast: Cast, assessment: SelfAssessment, row: AssessmentRow
) -> None:
    client = cast.client("correspondant")
    foreign = assessment.sheets.exclude(service=cast.service).get()
    their_row = foreign.rows.earliest("pk")
    assert client.post(save_url(row), typed(row)).status_code == 200
    assert client.post(save_url(their_row), typed(their_row)).status_code == 403
    assert client.post(url("sheet_submit", foreign.pk)).status_code == 403
    assert client.post(url("sheet_save", foreign.pk)).status_code == 403
    their_row.refresh_from_db()
    assert their_row.result == "not_assessed"
    page = text_of(client.get(url("sheet_detail", foreign.pk)))
    assert "<textarea" not in page
    assert "Non évalué" in page


def test_referent_fills_any_service(cast: Cast, assessment: SelfAssessment) -> None:
    foreign = assessment.sheets.exclude(service=cast.service).get().rows.earliest("pk")
    assert cast.client("referente").post(save_url(foreign), typed(foreign)).status_code == 200


def test_row_of_another_sheet_is_not_found(
    cast: Cast, assessment: SelfAssessment, sheet: AssessmentSheet
) -> None:
    foreign = assessment.sheets.exclude(service=cast.service).get().rows.earliest("pk")
    response = cast.client("correspondant").post(
        url("row_save", sheet.pk, foreign.pk), typed(foreign)
    )
    assert response.status_code == 404


@pytest.mark.parametrize("name", ["agent", "prefet"])
def test_others_only_read(cast: Cast, row: AssessmentRow, name: str) -> None:
    client = cast.client(name)
    assert "<textarea" not in text_of(client.get(url("sheet_detail", row.sheet_id)))
    assert client.post(save_url(row), typed(row)).status_code == 403


# --- The auditor ------------------------------------------------------------------------------
def test_auditor_reads_accepted_sheets_and_no_private_word(
    cast: Cast, scene: Scene, assessment: SelfAssessment, sheet: AssessmentSheet
) -> None:
    sheet.rows.update(private_note=SECRET)
    make_evidence(scene, *scene.commitments, title="Charte publique")
    make_evidence(
        scene, *scene.commitments, title="Note interne", sensitivity=Sensitivity.RESTRICTED
    )
    client = cast.client("auditeur")
    assert client.get(url("sheet_detail", sheet.pk)).status_code == 404
    campaign = text_of(client.get(url("assessment_detail", assessment.pk)))
    assert "Aucune grille n’est encore acceptée" in campaign
    accept_sheets(assessment)
    compare = url("assessment_compare", scene.cycle.pk)
    pages = {
        name: text_of(client.get(address))
        for name, address in {
            "sheet": url("sheet_detail", sheet.pk),
            "campaign": url("assessment_detail", assessment.pk),
            "list": url("assessment_list", scene.cycle.pk),
            "compare": f"{compare}?before={assessment.pk}&after={assessment.pk}&move=egal",
        }.items()
    }
    for name, page in pages.items():
        assert SECRET not in page, name
        assert "Relancer" not in page, name
        assert "Historique" not in page, name
    assert "Charte publique" in pages["sheet"]
    assert "Note interne" not in pages["sheet"]
    assert "Conforme" in pages["compare"]
    assert client.get(url("row_history", sheet.pk, sheet.rows.earliest("pk").pk)).status_code == 403


def test_agent_reads_no_private_word(cast: Cast, sheet: AssessmentSheet) -> None:
    sheet.rows.update(private_note=SECRET)
    page = url("sheet_detail", sheet.pk)
    assert SECRET not in text_of(cast.client("agent").get(page))
    assert SECRET in text_of(cast.client("prefet").get(page))
    assert SECRET in text_of(cast.client("correspondant").get(page))


# --- Saving a row -----------------------------------------------------------------------------
def test_row_answers_with_its_new_revision(cast: Cast, row: AssessmentRow) -> None:
    response = cast.client("correspondant").post(
        save_url(row), typed(row, result="partial", maturity="2", comment="Ligne\r\nsuivante")
    )
    answer = response.json()
    assert answer["message"].startswith("Enregistré à ")
    assert (answer["revision"], answer["maturity"], answer["needs_review"]) == (2, "2", False)
    row.refresh_from_db()
    assert (row.result, row.maturity, row.comment) == ("partial", 2, "Ligne\nsuivante")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"result": ""}, "Choisissez un résultat."),
        ({"result": "parfait"}, "Résultat"),
        ({"maturity": "5"}, "Maturité"),
        ({"comment": "x" * 4001}, "Commentaire"),
    ],
)
def test_row_says_what_is_wrong(
    cast: Cast, row: AssessmentRow, values: dict[str, str], message: str
) -> None:
    response = cast.client("correspondant").post(save_url(row), typed(row, **values))
    assert response.status_code == 422
    assert message in response.json()["message"]
    row.refresh_from_db()
    assert row.revision == 1


def test_conflict_shows_who_when_and_what(cast: Cast, row: AssessmentRow) -> None:
    first = cast.client("referente").post(
        save_url(row), typed(row, result="partial", comment="Plaque illisible")
    )
    assert first.status_code == 200
    response = cast.client("correspondant").post(save_url(row), typed(row))
    assert response.status_code == 409
    page = text_of(response)
    assert "Mme Pascale MARTIN a modifié cette ligne le" in page
    assert 'data-revision="2" data-result="partial" data-maturity=""' in page
    assert "Plaque illisible" in page
    row.refresh_from_db()
    assert row.result == "partial"


def test_row_of_a_sheet_handed_in_is_refused_with_the_reason(
    cast: Cast, row: AssessmentRow
) -> None:
    AssessmentSheet.objects.filter(pk=row.sheet_id).update(state=SheetState.SUBMITTED)
    response = cast.client("correspondant").post(save_url(row), typed(row))
    assert response.status_code == 422
    assert "transmise au référent qualité" in response.json()["message"]


# --- Without JavaScript -----------------------------------------------------------------------
def page_of(sheet: AssessmentSheet) -> dict[str, object]:
    """Return what the page sends when nothing was typed."""
    return {
        f"row-{row.pk}-{name}": value or ""
        for row in sheet.rows.order_by("pk")
        for name, value in {
            "result": row.result,
            "maturity": row.maturity,
            "comment": row.comment,
            "private_note": row.private_note,
            "revision": row.revision,
        }.items()
    }


def test_page_sent_whole_saves_what_moved(cast: Cast, sheet: AssessmentSheet) -> None:
    first, second = sheet.rows.order_by("pk")[:2]
    data = {**page_of(sheet), f"row-{first.pk}-result": "conforming", "montrer": "a-faire"}
    response = cast.client("correspondant").post(url("sheet_save", sheet.pk), data)
    assert response.url == f"{url('sheet_detail', sheet.pk)}?montrer=a-faire"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.result, first.revision, second.revision) == ("conforming", 2, 1)


def test_page_sent_whole_keeps_what_is_refused(cast: Cast, sheet: AssessmentSheet) -> None:
    first, second = sheet.rows.order_by("pk")[:2]
    data = page_of(sheet) | {
        f"row-{first.pk}-comment": "y" * 4001,
        f"row-{second.pk}-result": "conforming",
    }
    response = cast.client("correspondant").post(url("sheet_save", sheet.pk), data)
    assert response.status_code == 200
    assert "y" * 4001 in response.content.decode()
    second.refresh_from_db()
    assert second.result == "conforming"


def test_page_sent_whole_meets_somebody_else(cast: Cast, scene: Scene) -> None:
    made = open_assessment(cycle=scene.cycle, name="Mars 2022", opened_on=OPENED_ON, due_on=DUE_ON)
    sheet = made.sheets.get(service=cast.service)
    row = sheet.rows.earliest("pk")
    data = {**page_of(sheet), f"row-{row.pk}-comment": "Ma phrase"}
    save_row(
        row=row,
        by=cast.user("referente"),
        revision=1,
        result=R.PARTIAL,
        maturity=None,
        comment="Sa phrase",
        private_note="",
    )
    client, address = cast.client("correspondant"), url("sheet_save", sheet.pk)
    page = text_of(client.post(address, data))
    assert "Ma phrase" in page
    assert "Sa phrase" in page
    assert f'name="row-{row.pk}-revision" value="2"' in page
    knowing = {**data, f"row-{row.pk}-revision": 2}
    assert client.post(address, {**knowing, "theirs": row.pk}).status_code == 302
    row.refresh_from_db()
    assert row.comment == "Sa phrase"
    assert client.post(address, {**knowing, "mine": row.pk}).status_code == 302
    row.refresh_from_db()
    assert row.comment == "Ma phrase"


def test_filter_hides_the_other_rows(cast: Cast, sheet: AssessmentSheet) -> None:
    sheet.rows.filter(pk=sheet.rows.earliest("pk").pk).update(result=R.PARTIAL, comment="Vu")
    client, page = cast.client("correspondant"), url("sheet_detail", sheet.pk)
    whole = client.get(page).content.decode()
    narrowed = client.get(f"{page}?montrer=ecarts").content.decode()
    assert narrowed.count("<tr id=") == whole.count("<tr id=") == 6
    hidden = re.compile(r'<tr id="ligne-[^>]*\shidden>')
    assert (len(hidden.findall(whole)), len(hidden.findall(narrowed))) == (0, 5)


# --- Handing in and review --------------------------------------------------------------------
def test_incomplete_sheet_lists_what_is_missing(
    cast: Cast, sheet: AssessmentSheet, row: AssessmentRow
) -> None:
    client = cast.client("correspondant")
    response = client.post(url("sheet_submit", sheet.pk), follow=True)
    page = text_of(response)
    assert "La grille n’est pas encore complète : 6 lignes restent à traiter." in page
    assert f'<a href="#ligne-{row.pk}">{row.commitment.code}</a> : non évalué' in page


def test_review_by_the_referent(cast: Cast, sheet: AssessmentSheet) -> None:
    sheet.rows.update(result=R.CONFORMING)
    correspondent, referent = cast.client("correspondant"), cast.client("referente")
    correspondent.post(url("sheet_submit", sheet.pk))
    page, review = url("sheet_detail", sheet.pk), url("sheet_review", sheet.pk)
    assert "<textarea" not in text_of(correspondent.get(page))
    assert "Accepter la grille" in text_of(referent.get(page))
    assert referent.post(review, {"decision": "send_back", "reason": ""}).status_code == 200
    referent.post(review, {"decision": "send_back", "reason": "Précisez les délais."})
    told = text_of(correspondent.get(page))
    assert "Précisez les délais." in told
    assert "par Mme Pascale MARTIN" in told
    assert "<textarea" in told
    correspondent.post(url("sheet_submit", sheet.pk))
    referent.post(review, {"decision": "accept"})
    sheet.refresh_from_db()
    assert sheet.state == "accepted"
    assert "Rouvrir avec un motif" in text_of(referent.get(page))


# --- The campaign -----------------------------------------------------------------------------
def test_opening_by_the_form(cast: Cast, scene: Scene) -> None:
    client, page = cast.client("referente"), url("assessment_create", scene.cycle.pk)
    assert "Reprendre les réponses" not in text_of(client.get(page))
    wrong = client.post(page, {"name": "Mars", "due_on": "2022-03-31", "note": ""})
    assert "La date limite précède l’ouverture." in text_of(wrong)
    assert not SelfAssessment.objects.exists()
    response = client.post(page, {"name": "Mars", "due_on": "2099-03-31", "note": "Ensemble"})
    made = SelfAssessment.objects.get()
    assert response.url == url("assessment_detail", made.pk)
    assert made.sheets.count() == 2


def test_opening_offers_the_last_closed_answers(
    cast: Cast, scene: Scene, assessment: SelfAssessment, sheet: AssessmentSheet
) -> None:
    sheet.rows.update(result=R.CONFORMING)
    close_assessment(assessment=assessment, closed_on=DUE_ON)
    client, page = cast.client("referente"), url("assessment_create", scene.cycle.pk)
    assert "Reprendre les réponses de « Auto-diagnostic 2022 »" in text_of(client.get(page))
    client.post(page, {"name": "Suite", "due_on": "2099-03-31", "note": "", "carry": "on"})
    assert AssessmentRow.objects.filter(needs_review=True).count() == 6


def test_campaign_page_tells_late_and_nameless(
    cast: Cast, assessment: SelfAssessment, scene: Scene
) -> None:
    page = text_of(cast.client("referente").get(url("assessment_detail", assessment.pk)))
    assert page.count("En retard") == 2
    assert "M. Karim PETIT" in page
    assert "aucune adresse : nommez un correspondant" in page
    assert "Le périmètre a changé" not in page
    Service.objects.create(prefecture=cast.prefecture, name="Bureau des élections")
    page = text_of(cast.client("referente").get(url("assessment_detail", assessment.pk)))
    assert "6 lignes manquent aux grilles : Bureau des élections." in page
    done = cast.client("referente").post(url("assessment_complete", assessment.pk), follow=True)
    assert "6 lignes ajoutées" in text_of(done)


def test_closing_lists_what_is_not_accepted(
    cast: Cast, assessment: SelfAssessment, sheet: AssessmentSheet
) -> None:
    AssessmentSheet.objects.filter(pk=sheet.pk).update(state=SheetState.ACCEPTED)
    client, page = cast.client("referente"), url("assessment_close", assessment.pk)
    told = text_of(client.get(page))
    assert "Service 01" in told
    assert "Accueil du public" not in told
    client.post(page)
    assessment.refresh_from_db()
    assert not assessment.is_open
    client.post(url("assessment_reopen", assessment.pk))
    assessment.refresh_from_db()
    assert assessment.is_open


def test_deadline_of_one_service(cast: Cast, sheet: AssessmentSheet) -> None:
    cast.client("referente").post(
        url("sheet_deadline", sheet.pk), {"due_on": "2022-06-01", "revision": sheet.revision}
    )
    sheet.refresh_from_db()
    assert sheet.due_on == date(2022, 6, 1)


def test_list_leads_each_to_the_next_act(
    cast: Cast, scene: Scene, assessment: SelfAssessment, sheet: AssessmentSheet
) -> None:
    page, grid = url("assessment_list", scene.cycle.pk), url("sheet_detail", sheet.pk)
    assert f'href="{grid}">Remplir la grille de mon service' in text_of(
        cast.client("correspondant").get(page)
    )
    assert "Remplir la grille" not in text_of(cast.client("agent").get(page))
    assert "Suivre l’auto-diagnostic en cours" in text_of(cast.client("referente").get(page))
    AssessmentSheet.objects.filter(pk=sheet.pk).update(state=SheetState.SUBMITTED)
    assert "Remplir la grille" not in text_of(cast.client("correspondant").get(page))


# --- Differences ------------------------------------------------------------------------------
@pytest.fixture
def two(cast: Cast, scene: Scene, assessment: SelfAssessment) -> tuple[int, int]:
    """Two auto-diagnostics: at « accueil », one better, one worse, one new."""
    old = assessment.sheets.get(service=cast.service)
    for row, result in zip(old.rows.order_by("pk"), [R.PARTIAL, R.CONFORMING], strict=False):
        AssessmentRow.objects.filter(pk=row.pk).update(result=result)
    close_assessment(assessment=assessment, closed_on=DUE_ON)
    newer = make_assessment(scene, "Juin 2022")
    new = newer.sheets.get(service=cast.service).rows.order_by("pk")
    for row, result in zip(new, [R.CONFORMING, R.PARTIAL, R.CONFORMING], strict=False):
        AssessmentRow.objects.filter(pk=row.pk).update(result=result)
    return assessment.pk, newer.pk


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", {"M1-1", "M1-2", "M1-3"}),
        ("&move=mieux", {"M1-1"}),
        ("&move=moins-bien", {"M1-2"}),
        ("&move=nouveau", {"M1-3"}),
        ("&module=2", set()),
        ("&service=other", set()),
    ],
)
def test_compare(
    cast: Cast, scene: Scene, two: tuple[int, int], query: str, codes: set[str]
) -> None:
    module = scene.referential.modules.get(number=2)
    query = query.replace("module=2", f"module={module.pk}")
    query = query.replace("other", str(scene.services[1].pk))
    address = f"{url('assessment_compare', scene.cycle.pk)}?before={two[0]}&after={two[1]}{query}"
    page = text_of(cast.client("agent").get(address))
    assert {code for code in ("M1-1", "M1-2", "M1-3", "M2-1") if code in page} == codes
    assert "En progrès" in page


def test_compare_two_services(cast: Cast, scene: Scene, two: tuple[int, int]) -> None:
    mine, other = scene.services
    address = url("assessment_compare", scene.cycle.pk)
    query = f"?before={two[1]}&after={two[1]}&service={other.pk}&other_service={mine.pk}"
    page = text_of(cast.client("agent").get(address + query))
    assert "<strong>3</strong>" in page
    assert "3 engagements" in page
    lone = cast.client("agent").get(
        f"{address}?before={two[1]}&after={two[1]}&other_service={mine.pk}"
    )
    assert "Choisissez le premier des deux services" in text_of(lone)
