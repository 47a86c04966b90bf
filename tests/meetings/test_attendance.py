"""The attendance page: ticking a cell, the whole grid, guests; what is refused, what is flagged."""

import json
from typing import Any

import pytest
from django.urls import reverse

from meetings.enums import Presence
from meetings.errors import ConflictError, LockedError, RefusedError
from meetings.models import Attendance, Body, Guest, Member
from meetings.rules import Mark
from meetings.selectors.attendance import attendance_grid, attendance_sheet, grid_target
from meetings.services.attendance import mark_presence, remove_guest, restore_guest, save_guest
from tests.cast import Cast
from tests.client import StrictClient
from tests.meetings.builders import Source, build_source, mark


JSON = {"accept": "application/json"}
UFC = "UFC Que Choisir 41"


@pytest.fixture
def source(cast: Cast) -> Source:
    return build_source(cast)


@pytest.fixture
def client(cast: Cast) -> StrictClient:
    return cast.client("referente")


def url(source: Source, name: str, *args: object) -> str:
    return reverse(f"meetings:{name}", args=[source.meeting.slug, *args])


def stored(source: Source) -> list[tuple[Any, ...]]:
    rows = source.meeting.attendances.order_by("pk")
    return list(rows.values_list("member", "body", "presence", "represented_by", "note"))


def absent(source: Source) -> dict[str, list[str]]:
    sheet = attendance_sheet(source.meeting)
    return {group.heading: [line.label for line in group.lines] for group in sheet.absent}


def row(source: Source, key: str) -> Any:
    return next(row for row in attendance_grid(source.meeting).rows if row.key == key)


def test_the_sheet_of_the_source_as_stored(source: Source) -> None:
    sheet = attendance_sheet(source.meeting)
    assert [line.label for line in sheet.present] == [
        "M. François PESNEAU, préfet de Loir-et-Cher",
        "M. Nicolas HAUPTMANN, secrétaire général",
        "M. Pierre-Louis SIRE, stagiaire de l’ENA",
        "M. Hervé GUESTAULT, directeur du SGCD",
        "Mme Pascale SILBERMANN, sous-préfète, référente qualité",
        "M. Christophe MARION, député",
        "Chambre de commerce et d’industrie du 41, trésorière",
        "M. BLOT, défenseur des droits",
        "M. Thierry BENOIST, président AMRF 41",
    ]
    assert absent(source)["Députés"] == ["M. Marc FESNEAU", "M. Roger CHUDEAU"]
    assert len(absent(source)["Organismes"]) == 14


def test_mandates_decide_who_is_expected_and_marks_are_never_forgotten(source: Source) -> None:
    Member.objects.filter(last_name="Chudeau").update(starts_on="2022-07-06")
    Member.objects.filter(last_name="Fesneau").update(ends_on="2022-07-05")
    Member.objects.filter(last_name="Blot").update(ends_on="2022-07-04")
    assert absent(source)["Députés"] == ["M. Marc FESNEAU"]
    assert "M. BLOT, défenseur des droits" in [
        line.label for line in attendance_sheet(source.meeting).present
    ]

    source.bodies["Députés"].mark_removed()
    source.members["Marion"].mark_removed()
    sheet = attendance_sheet(source.meeting)
    assert "M. Christophe MARION, député" in [line.label for line in sheet.present]
    assert "Députés" not in absent(source)


def test_a_tick_is_written_changed_and_taken_away(source: Source) -> None:
    body = source.bodies[UFC]
    mark_presence(
        meeting=source.meeting, target=body, mark=Mark(Presence.REPRESENTED, "Mme Roy", "pouvoir")
    )
    assert stored(source)[-1] == (None, body.pk, "represented", "Mme Roy", "pouvoir")
    assert UFC not in absent(source)["Organismes"]

    mark_presence(meeting=source.meeting, target=body, mark=Mark(Presence.EXCUSED))
    assert stored(source)[-1] == (None, body.pk, "excused", "", "")

    mark_presence(meeting=source.meeting, target=body, mark=None)
    assert not Attendance.objects.filter(body=body).exists()
    assert UFC in absent(source)["Organismes"]
    mark_presence(meeting=source.meeting, target=body, mark=None)


def test_the_same_tick_writes_no_history(source: Source) -> None:
    blot = source.members["Blot"]
    before = Attendance.history.count()
    mark_presence(meeting=source.meeting, target=blot, mark=Mark(Presence.PRESENT))
    assert Attendance.history.count() == before


def test_what_somebody_else_ticked_is_not_overwritten_in_silence(
    source: Source, cast: Cast
) -> None:
    body = source.bodies[UFC]
    read = row(source, f"body-{body.pk}").seen
    cast.client("agent").post(
        url(source, "attendance_mark"),
        {"key": f"body-{body.pk}", "presence": "excused", "seen": read},
        headers=JSON,
    )
    with pytest.raises(ConflictError, match="M. Louis BERNARD vient de choisir «\u00a0Excusé"):
        mark_presence(meeting=source.meeting, target=body, mark=Mark(Presence.PRESENT), seen=read)
    assert stored(source)[-1] == (None, body.pk, "excused", "", "")
    # The same choice twice is no conflict.
    mark_presence(meeting=source.meeting, target=body, mark=Mark(Presence.EXCUSED), seen=read)


def test_people_of_another_committee_are_refused(source: Source, cast: Cast) -> None:
    other = build_source(cast, cast.other_prefecture, slug="ailleurs")
    before = stored(source)
    for target in (other.members["Blot"], other.bodies[UFC]):
        with pytest.raises(RefusedError):
            mark_presence(meeting=source.meeting, target=target, mark=Mark(Presence.PRESENT))
    assert stored(source) == before
    assert grid_target(source.meeting, f"member-{other.members['Blot'].pk}") is None


def test_nothing_changes_once_the_minutes_are_submitted(source: Source) -> None:
    before, guests = stored(source), Guest.objects.filter(removed_at=None).count()
    guest = source.guests[0]
    source.lock()
    acts = (
        lambda: mark_presence(
            meeting=source.meeting, target=source.bodies[UFC], mark=Mark(Presence.PRESENT)
        ),
        lambda: save_guest(meeting=source.meeting, guest=Guest(last_name="Tard")),
        lambda: remove_guest(guest=guest),
        lambda: restore_guest(guest=guest),
    )
    for act in acts:
        with pytest.raises(LockedError):
            act()
    assert stored(source) == before
    assert Guest.objects.filter(removed_at=None).count() == guests


# --- One cell ---------------------------------------------------------------------------------


def test_a_cell_saved_alone_answers_with_what_changes(source: Source, client: StrictClient) -> None:
    key = f"body-{source.bodies[UFC].pk}"
    answer = client.post(
        url(source, "attendance_mark"),
        {"key": key, "presence": "present", "seen": ""},
        headers=JSON,
    )
    assert answer.status_code == 200
    told = answer.json()
    assert told["message"] == "Enregistré"
    assert told["seen"] == row(source, key).seen != ""
    assert f"<li>{UFC}" not in told["summary"]
    assert ">10</span> Présents" in told["summary"]
    assert set(told["flags"]) == {
        f"body-{source.bodies[name].pk}"
        for name in (
            "Association des maires ruraux du 41",
            "Chambre de commerce et d’industrie du 41",
            "Délégué du défenseur des droits",
        )
    }


def test_an_absence_of_a_body_whose_member_came_is_kept_and_flagged_at_once(
    source: Source, client: StrictClient
) -> None:
    key = f"body-{source.bodies['Préfecture de Loir-et-Cher'].pk}"
    answer = client.post(
        url(source, "attendance_mark"), {"key": key, "presence": "absent", "seen": ""}, headers=JSON
    )
    (flag,) = answer.json()["flags"][key]
    assert "M.\u00a0François PESNEAU est dans la liste «\u00a0Présents\u00a0»" in flag
    assert "Préfecture de Loir-et-Cher" in absent(source)["Organismes"]


def test_a_conflict_answers_with_what_is_stored(source: Source, client: StrictClient) -> None:
    body = source.bodies[UFC]
    mark(source.meeting, body, Presence.REPRESENTED, represented_by="Mme Roy")
    key = f"body-{body.pk}"
    answer = client.post(
        url(source, "attendance_mark"),
        {"key": key, "presence": "present", "seen": ""},
        headers=JSON,
    )
    assert answer.status_code == 409
    assert answer.json()["row"] == {
        "presence": "represented",
        "represented_by": "Mme Roy",
        "note": "",
        "seen": row(source, key).seen,
    }


@pytest.mark.parametrize(
    ("data", "status", "message"),
    [
        ({"presence": "dormant"}, 422, "Choisissez une des présences proposées."),
        ({"presence": "", "note": "grippe"}, 422, "Pointez d’abord une présence"),
        ({"presence": "present", "note": "x" * 301}, 422, "300"),
        ({"presence": "represented", "represented_by": "x" * 201}, 422, "200"),
        ({"presence": "present", "key": "body-999999"}, 409, "n’est plus dans la composition"),
        ({"presence": "present", "key": "chair-1"}, 409, "n’est plus dans la composition"),
        ({"presence": "present", "key": ""}, 409, "n’est plus dans la composition"),
    ],
)
def test_a_bad_cell_is_refused_and_nothing_is_written(
    source: Source, client: StrictClient, data: dict[str, str], status: int, message: str
) -> None:
    before = stored(source)
    sent = {"key": f"body-{source.bodies[UFC].pk}", "seen": "", **data}
    answer = client.post(url(source, "attendance_mark"), sent, headers=JSON)
    assert answer.status_code == status
    assert message in answer.json()["message"]
    assert stored(source) == before


def test_who_represents_goes_with_represented_only(source: Source, client: StrictClient) -> None:
    body = source.bodies[UFC]
    data = {"key": f"body-{body.pk}", "presence": "present", "represented_by": "X", "seen": ""}
    assert client.post(url(source, "attendance_mark"), data, headers=JSON).status_code == 200
    assert stored(source)[-1] == (None, body.pk, "present", "", "")


# --- The whole grid ---------------------------------------------------------------------------


def form_data(source: Source, **changes: str) -> dict[str, str]:
    """Return what the page would send, with ``{key-field: value}`` changed."""
    data: dict[str, str] = {}
    for item in attendance_grid(source.meeting).rows:
        for name in ("presence", "represented_by", "note", "seen"):
            data[f"{item.key}-{name}"] = getattr(item, name)
    return {**data, **changes}


def test_the_grid_saved_without_javascript(source: Source, client: StrictClient) -> None:
    ufc, blot = f"body-{source.bodies[UFC].pk}", f"member-{source.members['Blot'].pk}"
    before = Attendance.history.count()
    data = form_data(source, **{f"{ufc}-presence": "excused", f"{blot}-presence": ""})
    response = client.post(url(source, "attendance_save"), data)

    assert response.status_code == 302
    assert "Les présences sont enregistrées." in client.get(response.url).content.decode()
    assert row(source, ufc).presence == "excused"
    assert row(source, blot).presence == ""
    assert Attendance.history.count() == before + 2


def test_a_large_committee_is_saved_at_once(source: Source, client: StrictClient) -> None:
    Body.objects.bulk_create(
        Body(committee=source.committee, name=f"Organisme {number}", protocol_order=200)
        for number in range(280)
    )
    data = form_data(source)
    assert len(data) > 1000
    assert client.post(url(source, "attendance_save"), data).status_code == 302


def test_a_refused_row_keeps_what_was_typed_and_the_others_are_saved(
    source: Source, client: StrictClient
) -> None:
    ufc = f"body-{source.bodies[UFC].pk}"
    emmaus = f"body-{source.bodies['EMMAÜS 41'].pk}"
    data = form_data(
        source, **{f"{ufc}-note": "excusée par téléphone", f"{emmaus}-presence": "excused"}
    )
    response = client.post(url(source, "attendance_save"), data)

    html = response.content.decode()
    assert response.status_code == 200
    assert "Pointez d’abord une présence" in html
    assert ">excusée par téléphone</textarea>" in html
    assert row(source, ufc).note == ""
    assert row(source, emmaus).presence == "excused"


def test_the_grid_leaves_alone_what_others_ticked_meanwhile(
    source: Source, client: StrictClient
) -> None:
    ufc = f"body-{source.bodies[UFC].pk}"
    emmaus = f"body-{source.bodies['EMMAÜS 41'].pk}"
    data = form_data(source, **{f"{ufc}-presence": "present"})
    mark(source.meeting, source.bodies[UFC], Presence.EXCUSED)
    mark(source.meeting, source.bodies["EMMAÜS 41"], Presence.EXCUSED)
    response = client.post(url(source, "attendance_save"), data)

    assert "vient de choisir «\u00a0Excusé\u00a0»" in response.content.decode()
    # The row that this page did not touch is not put back either.
    assert row(source, emmaus).presence == "excused"
    assert row(source, ufc).presence == "excused"
    again = response.context["grid"].rows
    shown = next(item for item in again if item.key == ufc)
    assert (shown.presence, shown.seen) == ("present", row(source, ufc).seen)


# --- Guests -----------------------------------------------------------------------------------


def test_a_guest_is_added_edited_removed_and_put_back(source: Source, client: StrictClient) -> None:
    data = {"civility": "Mme", "first_name": "Claudine", "last_name": "Martins de Sousa"}
    client.post(url(source, "guest_create"), {**data, "protocol_order": "10"})
    guest = Guest.objects.get(last_name="Martins de Sousa")
    assert "Mme Claudine MARTINS DE SOUSA" in [
        line.label for line in attendance_sheet(source.meeting).present
    ]

    edited = {**data, "function": "usagère", "protocol_order": "11", "revision": guest.revision}
    client.post(url(source, "guest_edit", guest.pk), edited)
    guest.refresh_from_db()
    assert (guest.function, guest.protocol_order) == ("usagère", 11)

    response = client.post(url(source, "guest_remove", guest.pk))
    page = client.get(response.url).content.decode()
    assert "ne figure plus parmi les invités" in page
    assert len(attendance_sheet(source.meeting).present) == 9
    client.post(url(source, "guest_restore", guest.pk))
    assert len(attendance_sheet(source.meeting).present) == 10


def test_the_same_person_twice_is_refused(source: Source, client: StrictClient) -> None:
    for first_name, last_name, message in (
        ("PIERRE LOUIS", "Siré", "est déjà parmi les invités"),
        ("Thierry", "Benoist", "est membre du comité au titre de l’organisme"),
    ):
        data = {"first_name": first_name, "last_name": last_name, "protocol_order": "1"}
        html = client.post(url(source, "guest_create"), data).content.decode()
        assert message in html
        assert f'value="{last_name}"' in html
    assert Guest.objects.count() == 1


def test_a_guest_written_again_cannot_come_back_twice(source: Source) -> None:
    guest = source.guests[0]
    remove_guest(guest=guest)
    twin = Guest(first_name="Pierre-Louis", last_name="Sire")
    save_guest(meeting=source.meeting, guest=twin)
    with pytest.raises(RefusedError, match="déjà parmi les invités"):
        restore_guest(guest=guest)
    assert list(source.meeting.guests.filter(removed_at=None)) == [twin]


def test_guests_of_another_meeting_are_not_found(
    source: Source, cast: Cast, client: StrictClient
) -> None:
    pk = build_source(cast, slug="autre-seance").guests[0].pk
    for name in ("guest_edit", "guest_remove", "guest_restore"):
        assert client.post(url(source, name, pk)).status_code == 404
    assert Guest.objects.filter(removed_at=None).count() == 2


# --- Pages ------------------------------------------------------------------------------------


def test_the_page_shows_every_row_with_its_legend(source: Source, client: StrictClient) -> None:
    html = client.get(url(source, "attendance")).content.decode()
    assert html.count("data-key=") == 16 + 10
    assert html.count('type="radio"') == 26 * 5
    for word in ("Présent", "Excusé", "Représenté", "Absent", "Non pointé"):
        assert f"</kbd> {word}</li>" in html
    assert "Absents calculés" in html
    assert "Ajouter un invité" in html


@pytest.mark.parametrize("reader", ["auditeur", "correspondant", "prefet"])
def test_who_does_not_write_reads_the_presences(source: Source, cast: Cast, reader: str) -> None:
    page = cast.client(reader).get(url(source, "attendance")).content.decode()
    assert "Mme\u00a0Pascale SILBERMANN" in page
    assert 'type="radio"' not in page
    assert "Ajouter un invité" not in page


def test_who_may_not_write_is_refused(source: Source, cast: Cast) -> None:
    before = stored(source)
    data = {"key": f"body-{source.bodies[UFC].pk}", "presence": "present", "seen": ""}
    for reader in ("auditeur", "correspondant", "prefet"):
        client = cast.client(reader)
        assert client.post(url(source, "attendance_mark"), data).status_code == 403
        assert client.post(url(source, "attendance_save"), form_data(source)).status_code == 403
        assert client.get(url(source, "guest_create")).status_code == 403
    stranger = cast.client("other_referent")
    assert stranger.post(url(source, "attendance_mark"), data).status_code == 404
    assert stored(source) == before


def test_a_locked_attendance_is_read_only_and_says_why(
    source: Source, client: StrictClient
) -> None:
    source.lock()
    html = client.get(url(source, "attendance")).content.decode()
    assert "Le compte rendu est soumis à la signature" in html
    assert 'type="radio"' not in html
    data = {"key": f"body-{source.bodies[UFC].pk}", "presence": "present", "seen": ""}
    answer = client.post(url(source, "attendance_mark"), data, headers=JSON)
    assert answer.status_code == 409
    assert "soumis à la signature" in json.loads(answer.content)["message"]
    response = client.post(url(source, "attendance_save"), form_data(source))
    assert "soumis à la signature" in client.get(response.url).content.decode()


def test_markup_typed_in_a_cell_is_shown_as_typed(source: Source, client: StrictClient) -> None:
    note = "<script>alert(1)</script>"
    data = {"key": f"body-{source.bodies[UFC].pk}", "presence": "absent", "note": note, "seen": ""}
    answer = client.post(url(source, "attendance_mark"), data, headers=JSON)
    assert "<script>" not in answer.json()["summary"]
    assert "&lt;script&gt;" in client.get(url(source, "attendance")).content.decode()


def test_an_empty_composition_says_what_to_do(source: Source, client: StrictClient) -> None:
    source.meeting.attendances.all().delete()
    source.meeting.chair = None
    source.meeting.save()
    for member in source.members.values():
        member.delete()
    source.committee.bodies.all().delete()
    html = client.get(url(source, "attendance")).content.decode()
    assert "Composer le comité" in html
