"""The board: columns, cards, and a move that is done once, knowingly, or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from action_plans.enums import ActionState
from action_plans.models import Action
from action_plans.selectors import board as selectors
from action_plans.selectors.actions import actions_for_list
from action_plans.services.actions import move_action, remove_action
from action_plans.services.board import MoveOutcome, move_card
from tests.action_plans.builders import make_undated
from tests.cast import Cast


pytestmark = pytest.mark.django_db
S = ActionState
BOARD = reverse("action_plans:board")
JSON = {"HTTP_ACCEPT": "application/json"}


def url_of(action: Action) -> str:
    return reverse("action_plans:board_move", args=[action.pk])


def send(cast: Cast, action: Action, target: str, name: str = "referente", **more: Any) -> Any:
    data = {"target": target, "revision": action.revision, **more}
    return cast.client(name).post(url_of(action), data, **JSON)


def stored(action: Action) -> Action:
    return Action.objects.get(pk=action.pk)


# --- Columns ----------------------------------------------------------------------------------
def test_columns_hold_the_kept_actions_of_the_prefecture_by_state(cast: Cast) -> None:
    today = timezone.localdate()
    first = make_undated(cast.prefecture, "Plus tard", due_on=today + timedelta(days=9))
    late = make_undated(cast.prefecture, "En retard", due_on=today - timedelta(days=3))
    undated = make_undated(cast.prefecture, "Un jour")
    given_up = make_undated(cast.prefecture, "Arrêtée")
    move_action(action=given_up, code="abandon", scope=cast.scope("referente"), reason="Doublon.")
    remove_action(action=make_undated(cast.prefecture, "Retirée"))
    make_undated(cast.other_prefecture, "Ailleurs")

    scope = cast.scope("referente")
    found = selectors.board_of(actions_for_list(scope), scope, today)

    assert [column.state for column in found.going] == [S.TO_START, S.ONGOING, S.DONE]
    assert [column.state for column in found.closed] == [S.EFFECTIVE, S.INEFFECTIVE, S.ABANDONED]
    cards = {column.state: column.cards for column in found.columns}
    # Due first, whatever the number; no day comes last.
    assert [card.line.action for card in cards[S.TO_START]] == [late, first, undated]
    assert [card.line.days_late for card in cards[S.TO_START]] == [3, 0, 0]
    assert [card.line.action for card in cards[S.ABANDONED]] == [given_up]
    assert [column.count for column in found.columns] == [3, 0, 0, 0, 0, 1]
    assert found.count == 4


def test_a_column_shows_fifty_cards_and_leads_to_the_list_for_the_others(cast: Cast) -> None:
    for number in range(selectors.CARDS_PER_COLUMN + 2):
        make_undated(cast.prefecture, f"Action {number}")
    page = cast.client("agent").get(BOARD, {"q": "Action"})
    column = page.context["board"].going[0]
    assert (column.count, len(column.cards), column.hidden_count) == (52, 50, 2)
    assert 'href="/actions/?q=Action&amp;state=to_start"' in page.text


def test_targets_are_what_the_workflow_and_the_role_allow(cast: Cast) -> None:
    action = make_undated(cast.prefecture, service=cast.service)

    def targets(name: str) -> list[tuple[str, bool]]:
        found = selectors.targets_of(action, cast.scope(name))
        return [(item.state.value, item.needs_reason) for item in found]

    opening = [("ongoing", False), ("done", False), ("abandoned", True)]
    assert targets("referente") == targets("correspondant") == opening
    assert targets("agent") == [("ongoing", False), ("done", False)]
    assert targets("prefet") == targets("auditeur") == []
    action.state = S.DONE
    assert targets("referente") == [
        ("ongoing", True), ("effective", True), ("ineffective", True), ("abandoned", True),
    ]  # fmt: skip
    assert targets("agent") == [("ongoing", True)]


@pytest.mark.parametrize("name", ["auditeur", "prefet", "agent"])
def test_the_board_is_read_without_any_form_by_whoever_moves_no_card(cast: Cast, name: str) -> None:
    make_undated(cast.prefecture, "Recruter")
    page = cast.client(name).get(BOARD)
    assert "Recruter" in page.text
    assert "data-move" not in page.text
    assert "board.js" not in page.text
    assert "data-move" in cast.client("referente").get(BOARD).text


def test_an_empty_plan_and_filters_without_answer_are_told_apart(cast: Cast) -> None:
    client = cast.client("referente")
    empty = client.get(BOARD).text
    assert "Aucune action dans le plan" in empty
    assert 'href="#cartes"' not in empty
    make_undated(cast.prefecture, "Recruter")
    assert 'href="#cartes"' in client.get(BOARD).text
    assert "Aucune action ne répond à ces filtres" in client.get(BOARD, {"q": "introuvable"}).text


# --- A move -----------------------------------------------------------------------------------
def test_a_drop_moves_the_card_and_answers_how_it_is_drawn(cast: Cast) -> None:
    action = make_undated(cast.prefecture)
    answer = send(cast, action, "ongoing")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["outcome"], body["state"]) == ("done", "ongoing")
    assert body["message"] == "L’action n°\u00a01 est passée à «\u00a0En cours\u00a0»."
    assert f'data-revision="{action.revision + 1}"' in body["html"]
    assert stored(action).state == S.ONGOING


def test_a_lost_answer_sent_again_writes_nothing_more(cast: Cast) -> None:
    action = make_undated(cast.prefecture)
    send(cast, action, "ongoing")
    before = stored(action)
    again = send(cast, action, "ongoing")
    assert (again.status_code, again.json()["outcome"]) == (200, "already")
    assert (stored(action).revision, action.history.count()) == (before.revision, 2)


def test_the_second_of_two_people_is_told_who_came_first(cast: Cast) -> None:
    action = make_undated(cast.prefecture, service=cast.service)
    send(cast, action, "done")
    answer = send(cast, action, "ongoing", name="correspondant")
    assert (answer.status_code, answer.json()["state"]) == (409, "done")
    assert "Mme\u00a0Pascale MARTIN" in answer.json()["message"]
    assert "«\u00a0Réalisée\u00a0»" in answer.json()["message"]
    assert stored(action).state == S.DONE


def test_an_act_that_needs_a_reason_waits_for_it(cast: Cast) -> None:
    action = make_undated(cast.prefecture)
    for reason in ("", "   "):
        answer = send(cast, action, "abandoned", reason=reason)
        assert (answer.status_code, answer.json()["outcome"]) == (422, "reason")
    assert stored(action).state == S.TO_START
    send(cast, action, "abandoned", reason="Doublon de l’action n° 3.")
    assert (stored(action).state, stored(action).state_reason) == (
        S.ABANDONED,
        "Doublon de l’action n° 3.",
    )


def test_a_move_that_the_workflow_refuses_says_where_it_may_go(cast: Cast) -> None:
    action = make_undated(cast.prefecture)
    answer = send(cast, action, "effective", reason="Oui.")
    assert answer.status_code == 422
    assert answer.json()["message"] == (
        "Vous ne pouvez pas passer cette action de «\u00a0À lancer\u00a0» à «\u00a0Efficace\u00a0». "
        "Elle peut passer à\u00a0: «\u00a0En cours\u00a0», «\u00a0Réalisée\u00a0», «\u00a0Abandonnée\u00a0»."
    )
    assert stored(action).state == S.TO_START


@pytest.mark.parametrize(("name", "target"), [("prefet", "ongoing"), ("agent", "abandoned")])
def test_somebody_else_moves_nothing(cast: Cast, name: str, target: str) -> None:
    action = make_undated(cast.prefecture, service=cast.service)
    answer = send(cast, action, target, name=name, reason="Parce que.")
    assert answer.status_code == 422
    assert stored(action).revision == action.revision


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choisissez la colonne"),
        ({"target": "perdue", "revision": "1"}, "Cette colonne n’existe pas"),
        ({"target": "ongoing", "revision": "deux"}, "entier"),
    ],
)
def test_nonsense_is_refused_in_words(cast: Cast, data: dict[str, str], words: str) -> None:
    action = make_undated(cast.prefecture)
    answer = cast.client("referente").post(url_of(action), data, **JSON)
    assert answer.status_code == 422
    assert words in answer.json()["message"]
    assert stored(action).state == S.TO_START


def test_a_removed_action_has_no_card(cast: Cast) -> None:
    action = make_undated(cast.prefecture)
    remove_action(action=action)
    assert send(cast, action, "ongoing").status_code == 404


def test_the_service_writes_only_when_it_says_done(cast: Cast) -> None:
    action, scope = make_undated(cast.prefecture), cast.scope("referente")
    asked = {"action": action, "target": S.ONGOING, "scope": scope}
    assert move_card(**asked, revision=action.revision + 1).outcome == MoveOutcome.STALE
    assert action.history.count() == 1
    assert move_card(**asked, revision=action.revision).outcome == MoveOutcome.DONE
    assert action.history.count() == 2


# --- Without script ---------------------------------------------------------------------------
def test_the_form_of_a_card_moves_it_and_comes_back_to_the_same_board(cast: Cast) -> None:
    action = make_undated(cast.prefecture)
    data = {"target": "ongoing", "revision": action.revision, "filters": "q=recruter"}
    answer = cast.client("referente").post(url_of(action), data)
    assert answer.url == f"{BOARD}?q=recruter#action-{action.pk}"
    assert stored(action).state == S.ONGOING


def test_the_form_of_a_card_asks_why_on_a_page_of_its_own(cast: Cast) -> None:
    action, client = make_undated(cast.prefecture), cast.client("referente")
    data = {"target": "abandoned", "revision": action.revision, "filters": "q=a"}
    page = client.post(url_of(action), data)
    assert page.status_code == 200
    assert "Abandonner l’action" in page.text
    assert "Dites pourquoi" not in page.text
    assert (
        "Dites pourquoi en une phrase." in client.post(url_of(action), {**data, "reason": " "}).text
    )
    assert stored(action).state == S.TO_START
    done = client.post(url_of(action), {**data, "reason": "Doublon."})
    assert done.url == f"{BOARD}?q=a#action-{action.pk}"
    assert stored(action).state_reason == "Doublon."
