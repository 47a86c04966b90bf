"""Pages of origins, measures and of the « fil rouge »; actions read back from what gave rise to them."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from action_plans.models import Action, EffectReading, Origin, SuccessMeasure
from action_plans.selectors.thread import thread_counts
from action_plans.services.evidence import attach_evidence
from action_plans.services.signals import add_origin, add_typed_origin
from action_plans.thread_document import KIND
from meetings.models import Decision, Question
from modules.enums import AssessmentResult, Sensitivity, SheetState
from modules.models import AssessmentRow
from reports.services import produce_now
from tests.action_plans.builders import make_action
from tests.action_plans.builders_signals import make_measure
from tests.cast import Cast
from tests.meetings.scene import build_scene
from tests.modules.builders import make_assessment, make_evidence, make_scene


pytestmark = pytest.mark.django_db
THREAD = "/actions/fil-rouge/"


def url(name: str, *args: Any) -> str:
    return reverse(f"action_plans:{name}", args=args)


def text(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ")


def gap(cast: Cast, result: str = AssessmentResult.PARTIAL) -> AssessmentRow:
    made = make_assessment(make_scene(cast.prefecture))
    rows = AssessmentRow.objects.filter(sheet__assessment=made, sheet__service=cast.service)
    row = rows.order_by("pk").first()
    assert row is not None
    row.result, row.comment, row.private_note = result, "Le matin seul", "SECRET"
    row.save()
    return row


def filled(form: Any) -> dict[str, Any]:
    """Return what a browser sends of a form that nobody touched."""
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value}


# --- Opened from, read back from --------------------------------------------------------------
def test_an_action_is_opened_from_a_gap_and_read_back_from_its_grid(cast: Cast) -> None:
    row, client = gap(cast), cast.client("correspondant")
    sheet = reverse("modules:sheet_detail", args=[row.sheet_id])
    address = f"{url('action_create')}?origine=modules.assessment_row%3A{row.pk}"
    assert address in client.get(sheet).content.decode()
    form = client.get(address).context["form"]
    given = {name: form[name].value() or "" for name in form.fields} | {
        "title": "Mesurer l’attente"
    }
    client.post(address, given)
    action = Action.objects.get()
    origin = action.origins.get()
    assert (origin.source, origin.reference) == ("modules.assessment_row", str(row.pk))
    assert [item.pk for item in action.commitments.all()] == [row.commitment_id]
    for reader in ("correspondant", "referente", "prefet"):
        assert f"Action n° {action.number} (à lancer)" in text(cast.client(reader).get(sheet))
    row.sheet.state = SheetState.ACCEPTED
    row.sheet.save()
    page = text(cast.client("auditeur").get(sheet))
    assert f"Action n° {action.number} (à lancer)" in page
    assert "Ouvrir une action" not in page
    assert "SECRET" not in text(cast.client("auditeur").get(url("action_detail", action.pk)))


def test_an_action_is_opened_from_a_decision_and_read_back_from_the_minutes(cast: Cast) -> None:
    scene, client = build_scene(cast), cast.client("referente")
    decision = Decision.objects.create(minutes=scene.minutes, text="Afficher", owner="SAP")
    question = Question.objects.create(minutes=scene.minutes, asker=scene.chair, text="Quand ?")
    pages = [
        reverse(f"meetings:{name}", args=[scene.slug]) for name in ("minutes", "meeting_detail")
    ]
    for page in pages:
        shown = client.get(page).content.decode()
        for code, row in (("meetings.decision", decision), ("meetings.question", question)):
            assert f"?origine={code}%3A{row.pk}" in shown
    address = f"{url('action_create')}?origine=meetings.decision%3A{decision.pk}"
    form = client.get(address).context["form"]
    assert (form["title"].value(), form["owner_name"].value()) == ("Afficher", "SAP")
    client.post(address, filled(form))
    action = Action.objects.get()
    for page in pages:
        assert f"Action n° {action.number} (à lancer)" in text(client.get(page))
    assert Origin.objects.get().reference == str(decision.lineage)


def test_signed_minutes_say_which_action_and_never_change(cast: Cast) -> None:
    scene, scope = build_scene(cast), cast.scope("referente")
    decision = Decision.objects.create(minutes=scene.minutes, text="Afficher")
    first = make_action(cast.prefecture)
    add_origin(action=first, source="meetings.decision", reference=str(decision.pk), scope=scope)
    frozen = scene.validate().frozen
    assert frozen is not None
    assert frozen["decisions"][0]["actions"] == [first.number]
    later = make_action(cast.prefecture)
    add_origin(action=later, source="meetings.decision", reference=str(decision.pk), scope=scope)
    assert scene.refreshed().frozen == frozen


# --- Origins ----------------------------------------------------------------------------------
def test_an_origin_is_searched_chosen_untied_and_put_back(cast: Cast) -> None:
    row, action = gap(cast), make_action(cast.prefecture)
    client, page = cast.client("referente"), url("origin_add", action.pk)
    found = client.get(page, {"nature": "modules.assessment_row", "q": row.commitment.code})
    assert "Le matin seul" in text(found)
    client.post(page, {"nature": "modules.assessment_row", "reference": row.pk})
    origin = action.origins.get()
    told = client.post(url("origin_remove", action.pk, origin.pk), follow=True)
    assert "est retirée." in text(told)
    assert action.origins.count() == 0
    number = told.redirect_chain[0][0].split("origine=")[1].split("#")[0]
    client.post(url("origin_restore", action.pk, number))
    assert action.origins.get().reference == str(row.pk)


def test_an_origin_typed_twice_is_told_beside_its_field(cast: Cast) -> None:
    action, client = make_action(cast.prefecture), cast.client("referente")
    page = url("origin_add", action.pk)
    client.post(page, {"label": "Courrier d’un maire", "detail": ""})
    again = client.post(page, {"label": "Courrier d’un maire", "detail": ""})
    assert "déjà celle de l’action" in text(again)
    assert "Courrier d’un maire" in text(again)
    assert action.origins.count() == 1


def test_a_service_edits_its_own_actions_only(cast: Cast) -> None:
    action = make_action(cast.prefecture)
    client = cast.client("correspondant")
    told = client.post(url("origin_add", action.pk), {"label": "Courrier"}, follow=True)
    assert "suivie par un autre service" in text(told)
    assert action.origins.count() == 0


# --- Measures ---------------------------------------------------------------------------------
MEASURE = {
    "label": "Usagers satisfaits",
    "unit": "percent",
    "direction": "up",
    "baseline": "52,5",
    "baseline_on": "2021-12-16",
    "baseline_size": "180",
    "baseline_source": "Enquête 2021",
    "target": "60",
    "measure_on": "2022-12-16",
}


def test_a_measure_is_typed_in_percent_and_its_value_later(cast: Cast) -> None:
    action, client = make_action(cast.prefecture), cast.client("referente")
    client.post(url("measure_add", action.pk), MEASURE)
    measure = action.measures.get()
    assert (measure.baseline, measure.target) == (Decimal("0.525"), Decimal("0.6"))
    shown = client.get(url("measure_edit", action.pk, measure.pk)).context["form"]
    assert (str(shown["baseline"].value()), str(shown["target"].value())) == ("52.5", "60")
    value = {"value": "63,5", "measured_on": "2022-12-16", "size": "210", "source_note": "Enquête"}
    told = client.post(url("measure_value", action.pk, measure.pk), value, follow=True)
    assert EffectReading.objects.get().value == Decimal("0.635")
    assert "C’est une association, pas une preuve" in text(told)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("baseline", "152", "comprise entre 0 et 100"),
        ("target", "-1", "comprise entre 0 et 100"),
        ("baseline", "beaucoup", "Saisissez un nombre"),
        ("baseline_on", "", "de quand date"),
        ("measure_on", "2021-12-16", "doit suivre"),
        ("label", "", "Dites ce qui est mesuré"),
    ],
)
def test_a_wrong_measure_is_refused_beside_its_field(
    cast: Cast, field: str, typed: str, said: str
) -> None:
    action, client = make_action(cast.prefecture), cast.client("referente")
    page = client.post(url("measure_add", action.pk), MEASURE | {field: typed})
    assert page.status_code == 200
    assert said in " ".join(page.context["form"].errors[field])
    assert "Enquête 2021" in text(page)
    assert SuccessMeasure.objects.count() == 0


def test_two_people_on_one_measure(cast: Cast) -> None:
    action, client = make_action(cast.prefecture), cast.client("referente")
    measure = make_measure(action)
    read = measure.revision
    measure.target = Decimal("0.7")
    measure.save()
    page = client.post(url("measure_edit", action.pk, measure.pk), MEASURE | {"revision": read})
    assert "70 %" in text(page)
    measure.refresh_from_db()
    assert measure.target == Decimal("0.7")


def test_a_measure_taken_off_comes_back(cast: Cast) -> None:
    action, client = make_action(cast.prefecture), cast.client("referente")
    measure = make_measure(action)
    told = client.post(url("measure_remove", action.pk, measure.pk), follow=True)
    assert "est retirée, avec ses effets" in text(told)
    assert client.get(url("measure_edit", action.pk, measure.pk)).status_code == 404
    client.post(url("measure_restore", action.pk, measure.pk))
    assert action.measures.get().removed_at is None


# --- Fil rouge --------------------------------------------------------------------------------
def test_the_thread_tells_what_is_whole_and_what_is_not(cast: Cast) -> None:
    whole, bare = make_action(cast.prefecture, "Entière"), make_action(cast.prefecture, "Nue")
    add_typed_origin(action=whole, label="Courrier d’un maire")
    make_measure(whole)
    counts = thread_counts(cast.scope("auditeur"))
    assert (counts.actions, counts.without_origin, counts.without_measure) == (2, 1, 1)
    client = cast.client("auditeur")
    for missing, titles in (
        ("", {whole.pk, bare.pk}),
        ("origin", {bare.pk}),
        ("measure", {bare.pk}),
        ("effect", {whole.pk, bare.pk}),
        ("n’importe quoi", {whole.pk, bare.pk}),
    ):
        page = client.get(THREAD, {"missing": missing})
        assert {line.action.pk for line in page.context["lines"]} == titles
    found = client.get(THREAD, {"source": "manual"}).context["lines"]
    assert [line.action.pk for line in found] == [whole.pk]


def test_the_thread_lists_orphan_signals_to_who_may_know(cast: Cast) -> None:
    row = gap(cast, AssessmentResult.NONCONFORMING)
    page = cast.client("referente").get(THREAD)
    assert [item.fact.reference for item in page.context["signals"]] == [str(row.pk)]
    assert "Ouvrir une action" in text(page)
    assert cast.client("auditeur").get(THREAD).context["signals"] == []


def test_the_document_prints_only_what_an_auditor_may_know(cast: Cast) -> None:
    row, scope = gap(cast), cast.scope("referente")
    action = make_action(cast.prefecture)
    add_origin(action=action, source="modules.assessment_row", reference=str(row.pk), scope=scope)
    other = AssessmentRow.objects.exclude(pk=row.pk).order_by("pk").first()
    assert other is not None
    other.result = AssessmentResult.PARTIAL
    other.save()
    scene = make_scene(cast.prefecture, name="Autre démarche")
    for sensitivity in (Sensitivity.AUDIT, Sensitivity.RESTRICTED):
        piece = make_evidence(scene, title=f"Pièce {sensitivity}", sensitivity=sensitivity)
        attach_evidence(action=action, pieces=[piece], by=None)
    document = produce_now(kind=KIND, subject_id=cast.prefecture.pk, scope=scope)
    assert document.state == "ready", document.error_message
    (line,) = document.frozen["lines"]
    assert line["pieces"] == [f"Pièce {Sensitivity.AUDIT}"]
    assert "Le matin seul" not in str(document.frozen)
    assert document.frozen["signals"] == []
    assert document.frozen["without_measure"] == [action.number]
