"""Actions: who does what, their life, their list, their steps, two people at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import Service
from action_plans.enums import ActionState, Priority, Verdict
from action_plans.forms.filters import ActionFilterForm
from action_plans.models import Action, ActionComment, Axis, Origin, SavedView, Step, SuccessMeasure
from action_plans.selectors import timeline
from action_plans.selectors.actions import actions_for_list, kept_actions, life_of, my_actions
from action_plans.selectors.plan_documents import plan_data
from action_plans.selectors.reviews import review_by
from action_plans.selectors.rights import may_edit, may_move, may_report
from action_plans.services import actions as services
from action_plans.services import steps as step_services
from action_plans.services.axes import add_axis, remove_axis, restore_axis, shift_axis
from action_plans.services.bulk import CHANGED, BulkAct, act_on_many
from action_plans.services.saved_views import MAX_VIEWS, cleaned_query, save_view
from action_plans.workflow import TRANSITIONS
from tests.action_plans.builders import DUE_ON, make_action, make_step
from tests.action_plans.builders_signals import declared
from tests.cast import Cast
from tests.modules.builders import make_evidence, make_scene


pytestmark = pytest.mark.django_db
S = ActionState
LONG = (
    "Mettre à jour les horaires affichés dans le hall, sur le site, au standard et dans les mairies "
    * 2
)


def url(name: str, *args: Any) -> str:
    return reverse(f"action_plans:{name}", args=args)


@pytest.fixture
def other(cast: Cast) -> Service:
    """A service of the préfecture to which nobody of the cast belongs."""
    made: Service = Service.objects.create(prefecture=cast.prefecture, name="Bureau du séjour")
    return made


# --- Who --------------------------------------------------------------------------------------
def test_who_edits_and_who_reports(cast: Cast, other: Service) -> None:
    ours = make_action(cast.prefecture, service=cast.service)
    theirs = make_action(cast.prefecture, service=other)
    owned = make_action(cast.prefecture, service=other, owner=cast.user("agent"))
    edits = {name: [may_edit(a, cast.scope(name)) for a in (ours, theirs)] for name in PEOPLE}
    assert edits == {
        "referente": [True, True],
        "correspondant": [True, False],
        "agent": [False, False],
        "prefet": [False, False],
        "auditeur": [False, False],
    }
    reports = [may_report(a, cast.scope("agent")) for a in (ours, theirs, owned)]
    assert reports == [True, False, True]
    assert not may_report(ours, cast.scope("auditeur"))
    assert not may_move(ours, cast.scope("agent"), TRANSITIONS["abandon"])
    assert not may_move(ours, cast.scope("correspondant"), TRANSITIONS["judge_effective"])


PEOPLE = ("referente", "correspondant", "agent", "prefet", "auditeur")


def test_a_stranger_is_told_and_changes_nothing(cast: Cast, other: Service) -> None:
    action = make_action(cast.prefecture, service=other)
    client = cast.client("correspondant")
    page = client.post(url("action_edit", action.pk), {"title": "Autre"}, follow=True)
    assert "suivie par un autre service" in page.content.decode()
    client.post(url("action_move", action.pk, "start"))
    client.post(url("action_progress", action.pk), {"progress": 50})
    action.refresh_from_db()
    assert (action.title, action.state, action.progress) == ("Ajouter des créneaux", S.TO_START, 0)


def test_a_correspondant_opens_for_their_services_only(cast: Cast, other: Service) -> None:
    client = cast.client("correspondant")
    data = {"title": "Former l’accueil", "kind": "corrective", "priority": 2, "service": other.pk}
    assert client.post(url("action_create"), data).status_code == 200
    assert not Action.objects.exists()
    client.post(url("action_create"), {**data, "service": cast.service.pk})
    action = Action.objects.get()
    assert (action.number, action.service, action.created_by) == (
        1,
        cast.service,
        cast.user("correspondant"),
    )


def test_an_auditor_reads_without_comments_nor_history(cast: Cast) -> None:
    action = make_action(cast.prefecture, owner_name="M. Noir", owner_email="noir@exemple.fr")
    ActionComment.objects.create(action=action, text="Ne pas dire à l’audit", author_name="M. Noir")
    page = cast.client("auditeur").get(url("action_detail", action.pk)).content.decode()
    assert "Ajouter des créneaux" in page
    for hidden in ("Ne pas dire", "noir@exemple.fr", "Historique", "Modifier l’action"):
        assert hidden not in page


# --- Open -------------------------------------------------------------------------------------
def test_sent_twice_is_opened_once(cast: Cast) -> None:
    client = cast.client("referente")
    data = {"title": "Former l’accueil", "kind": "corrective", "priority": 2}
    first = client.post(url("action_create"), data)
    second = client.post(url("action_create"), data)
    assert first.url == second.url
    assert Action.objects.count() == 1


def test_numbers_are_never_given_again(cast: Cast) -> None:
    first = make_action(cast.prefecture)
    services.remove_action(action=first)
    assert [make_action(cast.prefecture).number, make_action(cast.other_prefecture).number] == [
        2,
        1,
    ]


def test_removal_is_undone(cast: Cast) -> None:
    action = make_action(cast.prefecture)
    client = cast.client("referente")
    page = client.post(url("action_remove", action.pk), follow=True).content.decode()
    assert "Action n° 1 – Ajouter des créneaux" in page.replace("\u00a0", " ")
    assert client.get(url("action_detail", action.pk)).status_code == 404
    client.post(url("action_restore", action.pk))
    assert client.get(url("action_detail", action.pk)).status_code == 200


def test_the_second_editor_sees_the_first_value(cast: Cast) -> None:
    action = make_action(cast.prefecture)
    data = {"title": "Second", "kind": "corrective", "priority": 2, "revision": action.revision}
    services.update_action(action=Action.objects.get(), values={"title": "Premier"})
    page = cast.client("referente").post(url("action_edit", action.pk), data).content.decode()
    assert "Premier" in page
    assert "Second" in page
    assert Action.objects.get().title == "Premier"


def test_modules_changed_meanwhile_are_not_overwritten(cast: Cast) -> None:
    one, two = {row.heading.module for row in make_scene(cast.prefecture).commitments}
    action = make_action(cast.prefecture)
    data = {"title": "Ajouter des créneaux", "kind": "corrective", "priority": 2}
    data |= {"due_on": DUE_ON.isoformat(), "modules": [two.pk], "revision": action.revision}
    services.update_action(action=Action.objects.get(), values={"modules": [one]})
    client = cast.client("referente")
    page = client.post(url("action_edit", action.pk), data)
    (message,) = page.context["form"].non_field_errors()
    assert f"modules concernés\u00a0: « {one} »" in message
    assert list(action.modules.all()) == [one]
    # Sent again, knowing: what was typed is kept.
    client.post(url("action_edit", action.pk), {**data, "revision": action.revision + 1})
    assert list(action.modules.all()) == [two]


def test_an_end_before_the_start_is_told_beside_the_date(cast: Cast) -> None:
    data = {"title": "A", "kind": "corrective", "priority": 2}
    data |= {"starts_on": "2022-05-02", "due_on": "2022-05-01"}
    page = cast.client("referente").post(url("action_create"), data)
    assert page.context["form"].errors["due_on"] == [
        "L’échéance précède le début de l’action. Corrigez l’une des deux dates."
    ]
    assert not Action.objects.exists()


def test_rows_of_another_prefecture_are_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="autre préfecture"):
        make_action(cast.prefecture, service=cast.other_service)


def test_an_unknown_origin_is_told(cast: Cast) -> None:
    address = url("action_create") + "?origine=inconnue:1"
    assert "L’origine demandée" in cast.client("referente").get(address).content.decode()


def test_opened_from_an_origin_and_tied_to_it(cast: Cast) -> None:
    client = cast.client("referente")
    address = url("action_create") + "?origine=tests.finding:A1"
    with declared():
        page = client.get(address)
        assert page.context["form"]["title"].value() == "Corriger un"
        assert "Constat un" in page.content.decode()
        data = {"title": "Corriger un", "kind": "corrective", "priority": 2}
        client.post(address, data)
        origin = Origin.objects.get()
        assert (origin.action.title, origin.source, origin.reference, origin.label) == (
            "Corriger un",
            "tests.finding",
            "A1",
            "Constat un",
        )
        assert "Corriger un" in client.get(address).content.decode()
        # Refused: neither the action nor its origin is written.
        client.post(address, {**data, "title": ""})
        assert (Action.objects.count(), Origin.objects.count()) == (1, 1)


# --- Life -------------------------------------------------------------------------------------
def test_from_opened_to_concluded(cast: Cast) -> None:
    action = make_action(cast.prefecture, service=cast.service)
    agent, referente = cast.client("agent"), cast.client("referente")
    agent.post(url("action_move", action.pk, "start"))
    agent.post(url("action_progress", action.pk), {"progress": 60})
    agent.post(url("action_move", action.pk, "finish"))
    action.refresh_from_db()
    today = timezone.localdate()
    assert (action.state, action.progress, action.done_on) == (S.DONE, 100, today)
    address = url("action_conclude", action.pk)
    assert agent.get(address).status_code == 403
    refused = referente.post(address, {"verdict": "effective", "reason": ""})
    assert refused.context["form"].errors["reason"] == ["Dites pourquoi en une phrase."]
    referente.post(address, {"verdict": "effective", "reason": "52 % puis 71 %."})
    action.refresh_from_db()
    assert (action.state, action.verdict, action.state_reason, action.verdict_by) == (
        S.EFFECTIVE,
        Verdict.EFFECTIVE,
        "52 % puis 71 %.",
        cast.user("referente"),
    )


def test_nobody_knows_is_a_conclusion(cast: Cast) -> None:
    action = make_action(cast.prefecture)
    scope = cast.scope("referente")
    services.move_action(action=action, code="finish", scope=scope)
    services.conclude(action=action, scope=scope, verdict=Verdict.UNKNOWN, reason="Pas d’enquête.")
    assert (action.state, action.verdict) == (S.DONE, Verdict.UNKNOWN)


def test_an_act_asks_why(cast: Cast) -> None:
    action = make_action(cast.prefecture)
    client = cast.client("referente")
    client.post(url("action_move", action.pk, "abandon"), {"reason": " "})
    action.refresh_from_db()
    assert action.state == S.TO_START
    client.post(url("action_move", action.pk, "abandon"), {"reason": "Reprise par la région."})
    action.refresh_from_db()
    assert (action.state, action.state_reason) == (S.ABANDONED, "Reprise par la région.")
    assert life_of(action) == []
    # The second time, the act is no longer possible: told, and nothing changes.
    page = client.post(url("action_move", action.pk, "abandon"), {"reason": "Encore"}, follow=True)
    assert "cet acte n’est plus possible" in page.content.decode()
    action.refresh_from_db()
    assert action.state_reason == "Reprise par la région."


def test_the_first_progress_launches(cast: Cast) -> None:
    action = make_action(cast.prefecture)
    services.report_progress(action=action, progress=10)
    assert (action.state, action.progress) == (S.ONGOING, 10)
    services.move_action(action=action, code="finish", scope=cast.scope("referente"))
    with pytest.raises(ValidationError, match="ne change plus"):
        services.report_progress(action=action, progress=20)


@pytest.mark.parametrize("typed", ["", "abc", "-1", "101", "12,5"])
def test_a_progress_that_is_none_is_refused(cast: Cast, typed: str) -> None:
    action = make_action(cast.prefecture)
    address = url("action_progress", action.pk)
    page = cast.client("referente").post(address, {"progress": typed}, follow=True)
    assert "Action n° 1. " in page.content.decode().replace("\u00a0", " ")
    action.refresh_from_db()
    assert (action.progress, action.revision) == (0, 1)


# --- Steps ------------------------------------------------------------------------------------
def test_a_step_after_the_end_is_refused_beside_its_field(cast: Cast) -> None:
    action = make_action(cast.prefecture)
    data = {"title": "Recruter", "due_on": (DUE_ON + timedelta(days=1)).isoformat()}
    page = cast.client("referente").post(url("step_create", action.pk), data)
    assert page.context["form"].errors["due_on"] == [
        "L’étape finirait le 1er\u00a0juillet 2022, après l’échéance de l’action, le 30\u00a0juin 2022. "
        "Avancez l’étape, ou repoussez d’abord l’échéance."
    ]
    assert not Step.objects.exists()


def test_an_end_before_a_step_is_refused(cast: Cast) -> None:
    action = make_action(cast.prefecture)
    make_step(action, due_on=DUE_ON)
    sooner = DUE_ON - timedelta(days=1)
    with pytest.raises(ValidationError, match="Écrire la note") as refusal:
        services.update_action(action=action, values={"due_on": sooner})
    assert set(refusal.value.error_dict) == {"due_on"}
    assert Action.objects.get().due_on == DUE_ON


def test_steps_are_ticked_ordered_and_undone(cast: Cast) -> None:
    action = make_action(cast.prefecture, owner=cast.user("agent"))
    first, second = make_step(action, "A"), make_step(action, "B")
    client = cast.client("agent")
    client.post(url("step_tick", action.pk, first.pk), {"faite": "1"})
    client.post(url("step_tick", action.pk, first.pk), {"faite": "1"})
    client.post(url("step_shift", action.pk, second.pk), {"sens": "haut"})
    client.post(url("step_shift", action.pk, second.pk), {"sens": "haut"})
    rows = Step.objects.order_by("position").values_list("title", "done_on")
    assert list(rows) == [("B", None), ("A", timezone.localdate())]
    page = client.post(url("step_remove", action.pk, second.pk), follow=True).content.decode()
    assert "B » est retirée" in page.replace("\u00a0", " ")
    client.post(url("step_restore", action.pk, second.pk))
    assert Step.objects.get(pk=second.pk).removed_at is None


def test_a_step_sent_twice_is_one(cast: Cast) -> None:
    action = make_action(cast.prefecture)
    assert make_step(action).pk == make_step(action).pk


def test_a_step_of_another_action_is_not_found(cast: Cast) -> None:
    step = make_step(make_action(cast.prefecture))
    other = make_action(cast.prefecture)
    answer = cast.client("referente").post(url("step_tick", other.pk, step.pk), {"faite": "1"})
    assert answer.status_code == 404


def test_a_step_comes_back_only_before_the_end(cast: Cast) -> None:
    action = make_action(cast.prefecture)
    step = step_services.remove_step(step=make_step(action, due_on=DUE_ON))
    services.update_action(action=action, values={"due_on": DUE_ON - timedelta(days=9)})
    step = Step.objects.select_related("action").get(pk=step.pk)
    with pytest.raises(ValidationError, match="après l’échéance"):
        step_services.restore_step(step=step)


# --- Comments and pieces ----------------------------------------------------------------------
def test_a_comment_sent_twice_is_one_and_its_author_removes_it(cast: Cast) -> None:
    action = make_action(cast.prefecture, service=cast.service)
    client = cast.client("agent")
    for _ in range(2):
        client.post(url("comment_create", action.pk), {"text": "Deux créneaux de plus."})
    comment = ActionComment.objects.get()
    assert comment.author_name == "M. Louis BERNARD"
    cast.client("correspondant").post(url("comment_remove", action.pk, comment.pk))
    assert ActionComment.objects.get().removed_at is None
    client.post(url("comment_remove", action.pk, comment.pk))
    assert ActionComment.objects.get().removed_at is not None


def test_pieces_are_attached_once_and_hidden_from_who_may_not_see_them(cast: Cast) -> None:
    scene = make_scene(cast.prefecture)
    piece = make_evidence(scene, title="Note de service")
    action = make_action(cast.prefecture)
    client = cast.client("referente")
    for _ in range(2):
        client.post(url("piece_attach", action.pk), {"pieces": [piece.pk]})
    assert action.evidence_links.count() == 1
    # Joined to no commitment of a démarche opened to the auditor: not theirs to read.
    page = cast.client("auditeur").get(url("action_detail", action.pk)).content.decode()
    assert "Note de service" not in page
    page = client.post(url("piece_detach", action.pk, piece.pk), follow=True).content.decode()
    assert "plus jointe" in page
    client.post(url("piece_rejoin", action.pk, piece.pk))
    assert action.evidence_links.count() == 1


# --- List -------------------------------------------------------------------------------------
def found(cast: Cast, query: str, today: date = DUE_ON + timedelta(days=1)) -> list[str]:
    scope = cast.scope("referente")
    form = ActionFilterForm(QueryDict(query), scope=scope, today=today)
    return [row.title for row in form.ordered(actions_for_list(scope))]


def test_filters_and_orders(cast: Cast, other: Service) -> None:
    axis = add_axis(prefecture=cast.prefecture, title="Accueil")
    scene = make_scene(cast.prefecture)
    first = make_action(
        cast.prefecture,
        "A",
        service=cast.service,
        axis=axis,
        owner=cast.user("agent"),
        priority=Priority.HIGH,
        modules=[scene.commitments[0].heading.module],
    )
    second = make_action(cast.prefecture, "B", due_on=None, service=other, owner_name="M. Noir")
    third = make_action(cast.prefecture, "C", due_on=DUE_ON + timedelta(days=5))
    make_action(cast.other_prefecture, "Ailleurs")
    Origin.objects.create(action=second, label="Un courrier")
    SuccessMeasure.objects.create(action=first, label="Satisfaction")
    services.move_action(action=third, code="finish", scope=cast.scope("referente"))
    module = scene.commitments[0].heading.module_id
    expected = {
        "": ["A", "B", "C"],
        "sort=-number": ["C", "B", "A"],
        "sort=due": ["A", "C", "B"],
        "sort=nonsense": ["A", "B", "C"],
        "state=late": ["A"],
        "state=open": ["A", "B"],
        "state=done": ["C"],
        f"service={other.pk}": ["B"],
        "service=999999": ["A", "B", "C"],
        "due=7": ["C"],
        "due=none": ["B"],
        "due=y2022": ["A", "C"],
        f"axis={axis.pk}": ["A"],
        f"module={module}": ["A"],
        "priority=1": ["A"],
        "owner=personne": ["C"],
        "owner=nom:M. Noir": ["B"],
        f"owner={cast.user('agent').pk}": ["A"],
        "origin=none": ["A", "C"],
        "origin=manual": ["B"],
        "measure=with": ["A"],
        "measure=without": ["B", "C"],
        "q=2": ["B"],
        "q=noir": ["B"],
    }
    assert {query: found(cast, query) for query in expected} == expected


def test_chips_take_one_filter_off(cast: Cast) -> None:
    query = QueryDict("state=late&q=accueil&page=2&sort=due")
    form = ActionFilterForm(query, scope=cast.scope("referente"), today=DUE_ON)
    assert [(chip.label, chip.url) for chip in form.chips(query)] == [
        ("Chercher : accueil", "?state=late&sort=due"),
        ("État : En retard", "?q=accueil&sort=due"),
    ]


def test_long_titles_and_empty_lists_are_shown(cast: Cast) -> None:
    client = cast.client("referente")
    assert "Aucune action. Ouvrez la première" in client.get(url("action_list")).content.decode()
    action = make_action(cast.prefecture, LONG[:200].strip())
    assert action.title in client.get(url("action_list")).content.decode()
    assert "Aucune action ne répond" in client.get(url("action_list") + "?q=zzz").content.decode()


def test_mine_are_late_first_and_ticked_from_there(cast: Cast) -> None:
    agent = cast.user("agent")
    later = make_action(cast.prefecture, "Plus tard", owner=agent, due_on=date(2099, 1, 1))
    late = make_action(cast.prefecture, "En retard", owner=agent)
    make_action(cast.prefecture, "À d’autres")
    step = make_step(late)
    client, back = cast.client("agent"), url("my_actions")
    rows = my_actions(cast.scope("agent"), timezone.localdate())
    assert [(row.line.action, row.line.is_late, row.step_count) for row in rows] == [
        (late, True, 1),
        (later, False, 0),
    ]
    answer = client.post(url("step_tick", late.pk, step.pk), {"faite": "1", "retour": back})
    assert answer.url == back
    evil = {"faite": "0", "retour": "//exemple.fr/"}
    assert "exemple" not in client.post(url("step_tick", late.pk, step.pk), evil).url


# --- Saved views ------------------------------------------------------------------------------
def test_a_view_is_saved_opened_renamed_and_deleted(cast: Cast) -> None:
    client = cast.client("agent")
    client.post(url("view_create"), {"name": "Mes retards", "vue": "state=late&page=3&q="})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Mes retards", "state=late")
    assert "Mes retards" not in cast.client("referente").get(url("action_list")).content.decode()
    client.post(url("view_edit", view.pk), {"name": "Retards"})
    make_action(cast.prefecture)
    assert "Retards" in client.get(url("action_list")).content.decode()
    client.post(url("view_delete", view.pk))
    assert not SavedView.objects.exists()


def test_a_name_used_twice_is_refused_and_views_have_an_end(cast: Cast) -> None:
    scope = cast.scope("agent")
    for number in range(MAX_VIEWS):
        save_view(scope=scope, name=f"Vue {number}", query="state=late")
    save_view(scope=scope, name="Vue 0", query="state=open")
    assert SavedView.objects.get(name="Vue 0").query == "state=open"
    with pytest.raises(ValidationError, match="supprimez-en une"):
        save_view(scope=scope, name="Une de trop", query="state=late")
    address = url("view_edit", SavedView.objects.get(name="Vue 1").pk)
    page = cast.client("agent").post(address, {"name": "Vue 2"})
    assert "porte déjà ce nom" in page.content.decode()
    assert cleaned_query("page=2&q=&state=late&retire=action-1") == "state=late"


# --- Many at once -----------------------------------------------------------------------------
def test_each_action_is_checked_apart(cast: Cast) -> None:
    fresh, stale, blocked = (make_action(cast.prefecture, title) for title in "ABC")
    make_step(blocked, due_on=DUE_ON)
    read = [(row, row.revision) for row in (fresh, stale, blocked)]
    services.update_action(action=Action.objects.get(pk=stale.pk), values={"title": "Changée"})
    rows = [(Action.objects.get(pk=row.pk), revision) for row, revision in read]
    day = DUE_ON - timedelta(days=3)
    act = BulkAct({"due_on": day, "priority": Priority.HIGH})
    result = act_on_many(actions=rows, act=act, scope=cast.scope("referente"))
    assert [row.title for row in result.changed] == ["A"]
    assert [item.action.pk for item in result.refused] == [stale.pk, blocked.pk]
    assert result.refused[0].reason == CHANGED
    stored = kept_actions(cast.scope("referente")).order_by("number")
    assert [(row.due_on, row.priority) for row in stored] == [
        (day, Priority.HIGH),
        (DUE_ON, Priority.NORMAL),
        (DUE_ON, Priority.NORMAL),
    ]
    again = act_on_many(actions=rows[:1], act=act, scope=cast.scope("referente"))
    assert (len(again.unchanged), again.refused) == (1, [])


def test_a_bulk_page_moves_and_tells_refusals(cast: Cast, other: Service) -> None:
    ours = make_action(cast.prefecture, "A", service=cast.service)
    theirs = make_action(cast.prefecture, "B", service=other)
    client = cast.client("correspondant")
    listed = client.get(url("action_list")).content.decode()
    assert (f'id="a-{ours.pk}"' in listed, f'id="a-{theirs.pk}"' in listed) == (True, False)
    page = client.get(url("action_bulk") + f"?a={ours.pk}&a={theirs.pk}&a=x")
    assert "Modifier 2 actions" in page.content.decode().replace("\u00a0", " ")
    data = {"a": [ours.pk, theirs.pk], "code": "postpone", "reason": ""}
    data |= {f"revision-{row.pk}": row.revision for row in (ours, theirs)}
    errors = client.post(url("action_bulk"), data).context["form"].errors
    assert errors["reason"] == ["Dites pourquoi en une phrase."]
    page = client.post(url("action_bulk"), {**data, "code": "start"})
    assert [item.action.pk for item in page.context["refused"]] == [theirs.pk]
    states = {row.title: row.state for row in Action.objects.all()}
    assert states == {"A": S.ONGOING, "B": S.TO_START}
    nothing = client.post(url("action_bulk"), {"code": "start"}, follow=True)
    assert "Cochez au moins une action" in nothing.content.decode()


# --- Axes -------------------------------------------------------------------------------------
def test_axes_are_ordered_removed_and_put_back(cast: Cast) -> None:
    first = add_axis(prefecture=cast.prefecture, title="Accueil")
    second = add_axis(prefecture=cast.prefecture, title="Délais")
    shift_axis(axis=second, up=True)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.position, first.position) == (0, 1)
    with pytest.raises(ValidationError, match="déjà cet intitulé"):
        add_axis(prefecture=cast.prefecture, title="Accueil")
    remove_axis(axis=first)
    add_axis(prefecture=cast.prefecture, title="Accueil")
    with pytest.raises(ValidationError, match="déjà cet intitulé"):
        restore_axis(axis=first)


def test_a_removed_axis_heads_nothing_anywhere(cast: Cast) -> None:
    today, scope = timezone.localdate(), cast.scope("referente")
    axis, kept = (
        add_axis(prefecture=cast.prefecture, title=name) for name in ("Attente", "Délais")
    )
    action = make_action(cast.prefecture, "Former", axis=axis, starts_on=today, due_on=today)
    make_action(cast.prefecture, "Publier", axis=kept, starts_on=today, due_on=today)
    make_action(cast.prefecture, "Trier", starts_on=today, due_on=today)

    def headings() -> list[list[tuple[str, int]]]:
        rows = actions_for_list(scope)
        calendar = timeline.ordered_for(timeline.in_year(rows, today.year, today), "axe")
        drawn = timeline.timeline_of(calendar, today.year, "axe", today)
        printed = plan_data(cast.prefecture, None, today)["groups"]
        return [
            [(line.title, line.total) for line in review_by(rows, "axe", today).lines],
            [(group.title, len(group.rows)) for group in drawn.groups],
            [(group["title"], len(group["rows"])) for group in printed],
        ]

    remove_axis(axis=axis)
    assert headings() == [[("Délais", 1), ("Sans axe", 2)]] * 3
    client = cast.client("referente")
    for page in (
        url("action_list"),
        url("action_detail", action.pk),
        url("action_edit", action.pk),
    ):
        assert "Attente" not in client.get(page).content.decode()
    restore_axis(axis=Axis.objects.get(pk=axis.pk))
    assert headings() == [[("Attente", 1), ("Délais", 1), ("Sans axe", 1)]] * 3
