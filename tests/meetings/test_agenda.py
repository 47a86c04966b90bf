"""The agenda: adding, editing, moving, reordering, removing; and what each refuses."""

import json
from typing import Any

import pytest
from django.urls import reverse

from meetings.enums import MinutesState
from meetings.errors import ConflictError, LockedError, RefusedError
from meetings.models import AgendaItem
from meetings.selectors.agenda import agenda_tree, order_of, parent_choices
from meetings.services.agenda import (
    add_item,
    edit_item,
    move_item,
    remove_item,
    reorder_items,
    restore_item,
)
from tests.cast import Cast
from tests.client import StrictClient
from tests.meetings.builders import Source, build_source


@pytest.fixture
def source(cast: Cast) -> Source:
    return build_source(cast)


@pytest.fixture
def client(cast: Cast) -> StrictClient:
    return cast.client("referente")


def shape(source: Source) -> list[tuple[str, str]]:
    return [(node.number, node.item.title) for node in agenda_tree(source.meeting)]


def numbers(source: Source) -> dict[str, str]:
    return {title: number for number, title in shape(source)}


def url(source: Source, name: str, *args: object) -> str:
    return reverse(f"meetings:{name}", args=[source.meeting.slug, *args])


def tree_of(source: Source) -> list[dict[str, Any]]:
    """Return the agenda as the page sends it."""

    def told(node: Any) -> dict[str, Any]:
        return {"id": node.item.pk, "children": [told(child) for child in node.children]}

    return [told(node) for node in agenda_tree(source.meeting) if node.level == 1]


MODULES = "Les 8 modules métiers"
RESULTS = "Résultats des exigences qualité"
MAILS = "Présentation des courriels types pour avis"
QUESTIONS = "Questions / réponses"


def test_the_agenda_of_the_source_is_numbered(source: Source) -> None:
    assert [number for number, _ in shape(source)] == [
        *("1", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6"),
        *("2", "2.1", "2.2", "2.3", "3", "4", "5"),
    ]
    assert numbers(source)["Les réclamations et les suggestions"] == "2.3"
    assert [node.is_leaf for node in agenda_tree(source.meeting)][:2] == [False, True]


def test_a_new_item_comes_last_under_its_parent(source: Source) -> None:
    parent = source.items[RESULTS]
    add_item(meeting=source.meeting, item=AgendaItem(title="Sous-point", parent=parent))
    add_item(meeting=source.meeting, item=AgendaItem(title="Dernier"))

    assert numbers(source)["Sous-point"] == "2.4"
    assert numbers(source)["Dernier"] == "6"


def test_a_fourth_level_is_refused(source: Source) -> None:
    third = add_item(
        meeting=source.meeting, item=AgendaItem(title="Détail", parent=source.items[MODULES])
    )
    assert numbers(source)["Détail"] == "1.1.1"
    with pytest.raises(RefusedError, match="au plus 3 niveaux"):
        add_item(meeting=source.meeting, item=AgendaItem(title="Trop bas", parent=third))
    assert "Trop bas" not in numbers(source)
    # Nor offered by the form.
    assert third.pk not in dict(parent_choices(source.meeting))


def test_an_item_never_stands_under_itself_or_its_own(source: Source) -> None:
    before = shape(source)
    first = source.items["Présentation de la démarche Qual-e-Pref"]
    for parent in (first, source.items[MODULES]):
        first.parent = parent
        with pytest.raises(RefusedError, match="sous lui-même"):
            edit_item(item=first)
        first.refresh_from_db()
    assert shape(source) == before
    assert (
        dict(parent_choices(source.meeting, first))
        .keys()
        .isdisjoint({first.pk, source.items[MODULES].pk})
    )


def test_an_edited_item_may_change_parent_with_what_it_carries(source: Source) -> None:
    results = source.items[RESULTS]
    results.parent = source.items["Présentation de la démarche Qual-e-Pref"]
    edit_item(item=results)

    assert numbers(source)[RESULTS] == "1.7"
    assert numbers(source)["Les indicateurs qualité"] == "1.7.1"
    assert numbers(source)[MAILS] == "2"


def test_moves_tell_what_happened(source: Source) -> None:
    assert (
        move_item(item=source.items[RESULTS], direction="up")
        == "Le point\u00a02 est maintenant le point\u00a01."
    )
    assert numbers(source)["Les indicateurs qualité"] == "1.1"
    move_item(item=source.items[QUESTIONS], direction="in")
    assert numbers(source)[QUESTIONS] == "4.1"
    move_item(item=source.items[QUESTIONS], direction="out")
    assert numbers(source)[QUESTIONS] == "5"


def test_impossible_moves_change_nothing(source: Source) -> None:
    before = shape(source)
    revisions = list(source.meeting.agenda_items.order_by("pk").values_list("pk", "revision"))
    for title, direction in (
        ("Présentation de la démarche Qual-e-Pref", "up"),
        (QUESTIONS, "down"),
        (QUESTIONS, "out"),
        (MODULES, "in"),
        (MODULES, "sideways"),
    ):
        with pytest.raises(RefusedError):
            move_item(item=source.items[title], direction=direction)
    assert shape(source) == before
    assert (
        list(source.meeting.agenda_items.order_by("pk").values_list("pk", "revision")) == revisions
    )


def test_removing_takes_what_the_item_carries_and_restoring_brings_it_back(source: Source) -> None:
    before = shape(source)
    # Removed alone before: it stays away when its parent comes back.
    remove_item(item=source.items["Les réclamations et les suggestions"])
    remove_item(item=source.items[RESULTS])
    assert [number for number, _ in shape(source)][-3:] == ["2", "3", "4"]

    restore_item(item=source.items[RESULTS])
    assert shape(source) == [pair for pair in before if pair[0] != "2.3"]
    restore_item(item=source.items["Les réclamations et les suggestions"])
    assert shape(source) == before


def test_an_item_whose_parent_left_comes_back_at_the_first_level(source: Source) -> None:
    child = source.items["Les indicateurs qualité"]
    remove_item(item=child)
    remove_item(item=source.items[RESULTS])
    restore_item(item=child)

    assert numbers(source)["Les indicateurs qualité"] == "5"


def test_an_item_whose_parent_went_deeper_comes_back_where_it_fits(source: Source) -> None:
    results = source.items[RESULTS]
    indicators = source.items["Les indicateurs qualité"]
    add_item(meeting=source.meeting, item=AgendaItem(title="Détail", parent=indicators))
    remove_item(item=indicators)
    move_item(item=results, direction="in")
    restore_item(item=indicators)

    assert numbers(source)[RESULTS] == "1.7"
    assert numbers(source)["Les indicateurs qualité"] == "5"
    assert numbers(source)["Détail"] == "5.1"


def test_a_whole_order_is_saved_and_told(source: Source) -> None:
    tree = tree_of(source)
    tree.insert(0, tree.pop())
    seen = order_of(agenda_tree(source.meeting))
    pk = source.items[QUESTIONS].pk
    sentence = reorder_items(meeting=source.meeting, tree=tree, seen=seen, moved_pk=pk)

    assert sentence == "Le point\u00a05 est maintenant le point\u00a01."
    assert numbers(source)[QUESTIONS] == "1"
    assert numbers(source)["Les indicateurs qualité"] == "3.1"


def test_an_order_of_other_items_is_refused(source: Source, cast: Cast) -> None:
    before = shape(source)
    other = build_source(cast, cast.other_prefecture, slug="ailleurs")
    seen = order_of(agenda_tree(source.meeting))
    foreign = other.items[QUESTIONS].pk
    for tree in (
        tree_of(source)[1:],
        [*tree_of(source), {"id": foreign, "children": []}],
        tree_of(other),
    ):
        with pytest.raises(ConflictError, match="vient de modifier"):
            reorder_items(meeting=source.meeting, tree=tree, seen=seen)
    assert shape(source) == before
    assert numbers(other)[QUESTIONS] == "5"


def test_an_order_built_on_another_one_is_refused(source: Source) -> None:
    seen, tree = order_of(agenda_tree(source.meeting)), tree_of(source)
    move_item(item=source.items[RESULTS], direction="up")
    before = shape(source)
    with pytest.raises(ConflictError):
        reorder_items(meeting=source.meeting, tree=tree, seen=seen)
    assert shape(source) == before


@pytest.mark.parametrize("state", [MinutesState.SUBMITTED])
def test_nothing_changes_once_the_minutes_are_submitted(
    source: Source, state: MinutesState
) -> None:
    before = shape(source)
    item = source.items[RESULTS]
    source.lock(state)
    acts = (
        lambda: add_item(meeting=source.meeting, item=AgendaItem(title="Tard")),
        lambda: edit_item(item=item),
        lambda: remove_item(item=item),
        lambda: restore_item(item=item),
        lambda: move_item(item=item, direction="up"),
        lambda: reorder_items(meeting=source.meeting, tree=tree_of(source), seen=[]),
    )
    for act in acts:
        with pytest.raises(LockedError, match="soumis à la signature"):
            act()
    assert shape(source) == before


# --- Pages ------------------------------------------------------------------------------------


def test_the_page_shows_the_tree_and_its_acts(source: Source, client: StrictClient) -> None:
    html = client.get(url(source, "agenda")).content.decode()
    assert html.count('class="qp-agenda__number"') == 14
    assert "Mettre sous le point précédent\u00a0: point 1.2" in html
    assert "Ajouter un point" in html


def test_who_only_reads_gets_no_act(source: Source, cast: Cast) -> None:
    html = cast.client("auditeur").get(url(source, "agenda")).content.decode()
    assert "Les réclamations et les suggestions" in html
    assert "Ajouter un point" not in html
    assert "agenda-move" not in html


def test_the_secretary_of_the_meeting_writes_and_another_agent_does_not(
    source: Source, cast: Cast
) -> None:
    data = {"item_pk": source.items[RESULTS].pk, "direction": "up"}
    assert cast.client("correspondant").post(url(source, "agenda_move"), data).status_code == 403
    assert numbers(source)[RESULTS] == "2"
    assert cast.client("agent").post(url(source, "agenda_move"), data).status_code == 302
    assert numbers(source)[RESULTS] == "1"


def test_a_move_without_javascript_comes_back_to_the_item(
    source: Source, client: StrictClient
) -> None:
    pk = source.items[RESULTS].pk
    response = client.post(url(source, "agenda_move"), {"item_pk": pk, "direction": "up"})
    assert response.url == f"{url(source, 'agenda')}#point-{pk}"
    page = client.get(response.url).content.decode()
    assert "Le point\u00a02 est maintenant le point\u00a01." in page


def test_a_move_by_script_answers_with_the_tree(source: Source, client: StrictClient) -> None:
    data = {"item_pk": source.items[RESULTS].pk, "direction": "up"}
    answer = client.post(url(source, "agenda_move"), data, headers={"accept": "application/json"})
    assert answer.json()["message"] == "Le point\u00a02 est maintenant le point\u00a01."
    assert answer.json()["html"].count("qp-agenda__number") == 14
    assert "csrfmiddlewaretoken" in answer.json()["html"]

    refused = client.post(url(source, "agenda_move"), data, headers={"accept": "application/json"})
    assert refused.status_code == 409
    assert refused.json() == {"message": "Ce point est déjà le premier à son niveau."}


@pytest.mark.parametrize("pk", ["", "abc", "999999", "9" * 30, "²"])
def test_an_unknown_item_is_refused_in_words(source: Source, client: StrictClient, pk: str) -> None:
    response = client.post(url(source, "agenda_move"), {"item_pk": pk, "direction": "up"})
    assert "n’est plus à l’ordre du jour" in client.get(response.url).content.decode()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b'{"tree": []}', b"[" * 5000, b'{"tree": 1, "seen": 2}'],
)
def test_an_unreadable_order_is_refused(source: Source, client: StrictClient, body: bytes) -> None:
    before = shape(source)
    answer = client.post(
        url(source, "agenda_reorder"),
        body,
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 409
    assert shape(source) == before


def test_a_drag_is_saved(source: Source, client: StrictClient) -> None:
    tree = tree_of(source)
    seen = order_of(agenda_tree(source.meeting))
    body = {"tree": [tree[1], tree[0], *tree[2:]], "seen": seen, "moved": tree[1]["id"]}
    answer = client.post(
        url(source, "agenda_reorder"), json.dumps(body), content_type="application/json"
    )
    assert answer.json()["message"] == "Le point\u00a02 est maintenant le point\u00a01."
    assert numbers(source)[RESULTS] == "1"


def test_an_item_is_added_and_edited_by_its_forms(source: Source, client: StrictClient) -> None:
    data = {"title": "Bilan <script>", "parent": source.items[RESULTS].pk, "expects_opinion": "on"}
    client.post(url(source, "agenda_item_create"), data)
    item = AgendaItem.objects.get(title="Bilan <script>")
    assert (numbers(source)[item.title], item.expects_opinion) == ("2.4", True)
    assert "Bilan &lt;script&gt;" in client.get(url(source, "agenda")).content.decode()

    edited = {"title": "Bilan", "parent": "", "presenter": "Mme X", "revision": item.revision}
    client.post(url(source, "agenda_item_edit", item.pk), edited)
    item.refresh_from_db()
    assert (item.title, item.presenter, item.parent_id) == ("Bilan", "Mme X", None)


def test_bad_items_are_refused_beside_their_field(source: Source, client: StrictClient) -> None:
    before = shape(source)
    for data, message in (
        ({"title": ""}, "Donnez un intitulé à ce point."),
        ({"title": "x" * 301}, "301"),
        ({"title": "A", "parent": "999999"}, "Ce point ne peut pas en porter d’autre."),
        ({"title": "A", "section": "inventée"}, "inventée"),
    ):
        response = client.post(url(source, "agenda_item_create"), data)
        assert response.status_code == 200
        assert message in response.content.decode()
    assert shape(source) == before


def test_two_people_on_one_item_the_second_is_told(source: Source, cast: Cast) -> None:
    item = source.items[QUESTIONS]
    read = {"title": "Questions diverses", "revision": item.revision}
    cast.client("agent").post(
        url(source, "agenda_item_edit", item.pk), {"title": "Débat", "revision": item.revision}
    )
    referente = cast.client("referente")
    response = referente.post(url(source, "agenda_item_edit", item.pk), read)

    html = response.content.decode()
    assert "M. Louis BERNARD a modifié cette page" in html
    assert "intitulé\u00a0: «\u00a0Débat\u00a0»" in html
    assert 'value="Questions diverses"' in html
    item.refresh_from_db()
    assert item.title == "Débat"

    # Sent again knowingly, with the revision that the error has shown.
    form = response.context["form"]
    referente.post(
        url(source, "agenda_item_edit", item.pk), {**read, "revision": form["revision"].value()}
    )
    item.refresh_from_db()
    assert item.title == "Questions diverses"


def test_a_move_by_somebody_is_no_conflict_for_who_edits_the_title(
    source: Source, client: StrictClient
) -> None:
    item = source.items[QUESTIONS]
    read = item.revision
    move_item(item=item, direction="up")
    client.post(
        url(source, "agenda_item_edit", item.pk), {"title": "Débat", "parent": "", "revision": read}
    )
    item.refresh_from_db()
    assert item.title == "Débat"
    assert numbers(source)["Débat"] == "4"


def test_a_removal_offers_to_be_taken_back(source: Source, client: StrictClient) -> None:
    item = source.items[MAILS]
    response = client.post(url(source, "agenda_item_remove", item.pk))
    page = client.get(response.url).content.decode()
    restore = url(source, "agenda_item_restore", item.pk)
    assert "est retiré de l’ordre du jour" in page
    assert f'action="{restore}"' in page
    assert MAILS not in numbers(source)

    client.post(restore)
    assert numbers(source)[MAILS] == "3"
    assert client.get(f"{url(source, 'agenda')}?retire=point-x").status_code == 200


def test_items_of_another_meeting_are_not_found(
    source: Source, cast: Cast, client: StrictClient
) -> None:
    other = build_source(cast, slug="autre-seance")
    pk = other.items[QUESTIONS].pk
    assert client.get(url(source, "agenda_item_edit", pk)).status_code == 404
    assert client.post(url(source, "agenda_item_remove", pk)).status_code == 404
    assert client.post(url(source, "agenda_item_restore", pk)).status_code == 404
    assert numbers(other)[QUESTIONS] == "5"


def test_a_locked_agenda_is_read_only_and_says_why(source: Source, client: StrictClient) -> None:
    source.lock()
    html = client.get(url(source, "agenda")).content.decode()
    assert "Le compte rendu est soumis à la signature" in html
    assert "Ajouter un point" not in html
    response = client.post(url(source, "agenda_item_remove", source.items[MAILS].pk))
    assert "soumis à la signature" in client.get(response.url).content.decode()
    assert client.get(url(source, "agenda_item_create")).status_code == 302
    assert MAILS in numbers(source)
