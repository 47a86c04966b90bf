"""Deliverables: who owes them, their life, what is late, who is called and how often."""

from datetime import date, datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from modules import tasks
from modules.enums import CycleState, DeliverableKind, DeliverableState
from modules.models import Deliverable
from modules.rules.deliverables import is_reminder_due, last_milestone
from modules.selectors.deliverables import is_mine, late_deliverables, recipients_of
from modules.services import deliverables as services
from modules.services.correspondents import name_correspondent
from modules.services.groups import add_member
from qualepref.celery import app
from qualepref.schedule import BEAT_SCHEDULE
from tests.cast import Cast
from tests.modules.builders import Scene, make_assessment, make_scene
from tests.modules.builders_groups import make_deliverable, make_group, make_procedure
from tests.modules.test_groups import text, url


pytestmark = pytest.mark.django_db
S = DeliverableState
DUE = date(2022, 4, 15)
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast.prefecture)


def at(day: date, hour: int = 7) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the hour that the services see: ``clock(at(DUE))``."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


# --- When (pure) ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "expected"),
    [(-8, None), (-7, -7), (-1, -7), (0, -7), (1, 1), (7, 1), (8, 8), (14, 8), (15, 15)],
)
def test_milestones(days: int, expected: int | None) -> None:
    found = last_milestone(DUE, DUE + timedelta(days=days))
    assert found == (None if expected is None else DUE + timedelta(days=expected))


def test_a_missed_day_is_made_up_once() -> None:
    today = DUE + timedelta(days=4)
    assert is_reminder_due(due_on=DUE, today=today, reminded_on=DUE - timedelta(days=7))
    assert not is_reminder_due(due_on=DUE, today=today, reminded_on=DUE + timedelta(days=1))


# --- What is owed -----------------------------------------------------------------------------
def test_somebody_must_owe_it(scene: Scene) -> None:
    values = {"kind": DeliverableKind.OTHER, "title": "Registre", "due_on": DUE}
    with pytest.raises(ValidationError, match="qui doit ce livrable"):
        services.fix_deliverable(cycle=scene.cycle, values=values)


def test_a_group_of_another_cycle_is_refused(scene: Scene) -> None:
    other = make_group(make_scene(scene.cycle.prefecture, name="Autre").cycle)
    with pytest.raises(ValidationError, match="autre démarche"):
        make_deliverable(scene.cycle, group=other)


def test_late_is_what_is_owed_and_past(cast: Cast, scene: Scene) -> None:
    late = make_deliverable(scene.cycle, due_on=DUE - timedelta(days=1))
    make_deliverable(scene.cycle, due_on=DUE)
    handed = make_deliverable(scene.cycle, due_on=DUE - timedelta(days=1))
    Deliverable.objects.filter(pk=handed.pk).update(state=S.DELIVERED)
    assert list(late_deliverables(scene.cycle, DUE)) == [late]


def test_mine_is_by_name_by_service_or_by_group(cast: Cast, scene: Scene) -> None:
    scope, user = cast.scope("agent"), cast.user("agent")
    group = make_group(scene.cycle)
    by_group = make_deliverable(scene.cycle, group=group)
    assert not is_mine(by_group, scope)
    member = add_member(group=group, user=user)
    assert is_mine(by_group, scope)
    member.mark_removed()
    assert not is_mine(by_group, scope)
    assert is_mine(make_deliverable(scene.cycle, owner=user), scope)
    assert is_mine(make_deliverable(scene.cycle, service=cast.service), scope)
    assert not is_mine(make_deliverable(scene.cycle, service=scene.services[1]), scope)


# --- Its life ---------------------------------------------------------------------------------
def test_from_owed_to_accepted(cast: Cast, scene: Scene) -> None:
    item = make_deliverable(scene.cycle, service=cast.service)
    scope = cast.scope("agent")
    sheet = make_procedure(cast, cast.prefecture)
    services.begin_deliverable(deliverable=item, scope=scope)
    assert item.state == S.DOING
    services.hand_in_deliverable(deliverable=item, scope=scope, procedure=sheet, note="Voilà")
    assert (item.state, item.procedure, item.delivered_on) == (
        S.DELIVERED,
        sheet,
        timezone.localdate(),
    )
    services.send_back_deliverable(deliverable=item, reason=" Il manque la page 2 ")
    assert (item.state, item.delivered_on) == (S.DOING, None)
    assert item.sent_back_reason == "Il manque la page 2"
    assert item.procedure == sheet, "what was handed in stays readable"
    services.hand_in_deliverable(
        deliverable=item, scope=scope, assessment=make_assessment(scene), note=""
    )
    assert item.sent_back_reason == ""
    services.accept_deliverable(deliverable=item)
    assert item.state == S.ACCEPTED
    with pytest.raises(ValidationError, match="déjà accepté"):
        services.hand_in_deliverable(deliverable=item, scope=scope, procedure=sheet)


def test_nothing_is_not_a_deliverable(cast: Cast, scene: Scene) -> None:
    item = make_deliverable(scene.cycle, service=cast.service)
    with pytest.raises(ValidationError, match="Joignez un fichier"):
        services.hand_in_deliverable(deliverable=item, scope=cast.scope("agent"))
    with pytest.raises(ValidationError, match="Seul un livrable remis"):
        services.accept_deliverable(deliverable=item)
    with pytest.raises(ValidationError, match="pas encore remis"):
        services.send_back_deliverable(deliverable=item, reason="Non")


def test_strangers_hand_in_nothing(cast: Cast, scene: Scene) -> None:
    item = make_deliverable(scene.cycle, service=scene.services[1])
    sheet = make_procedure(cast, cast.prefecture)
    with pytest.raises(ValidationError, match="ni le vôtre"):
        services.hand_in_deliverable(
            deliverable=item, scope=cast.scope("correspondant"), procedure=sheet
        )
    services.hand_in_deliverable(deliverable=item, scope=cast.scope("referente"), procedure=sheet)
    page = cast.client("agent").get(url("deliverable_hand_in", item.pk), follow=True)
    assert "ni le vôtre" in text(page)
    assert "Remettre" not in text(page)


def test_a_file_is_handed_in_and_read_by_the_staff_only(cast: Cast, scene: Scene) -> None:
    item = make_deliverable(scene.cycle, service=cast.service, title="Tableau de suivi")
    upload = SimpleUploadedFile("export.csv", b"a;b\n1;2\n", "text/csv")
    page = cast.client("agent").post(
        url("deliverable_hand_in", item.pk), {"upload": upload}, follow=True
    )
    assert "Le livrable est remis." in text(page)
    assert "tableau-de-suivi.csv" in text(page)
    response = cast.client("prefet").get(url("deliverable_file", item.pk))
    assert b"".join(response.streaming_content) == b"a;b\n1;2\n"
    response.close()
    assert cast.client("auditeur").get(url("deliverable_file", item.pk)).status_code == 403
    # Handed in again without a file: the one that is there stays.
    cast.client("agent").post(url("deliverable_hand_in", item.pk), {"note": "Relu"})
    item.refresh_from_db()
    assert (item.note, item.stored is None) == ("Relu", False)


def test_a_file_that_is_refused_is_told_beside_the_field(cast: Cast, scene: Scene) -> None:
    item = make_deliverable(scene.cycle, service=cast.service)
    upload = SimpleUploadedFile("virus.pdf", b"MZ\x90\x00 not a PDF", "application/pdf")
    page = cast.client("agent").post(url("deliverable_hand_in", item.pk), {"upload": upload})
    assert page.status_code == 200
    assert 'aria-invalid="true"' in text(page)
    item.refresh_from_db()
    assert item.state == S.TODO


def test_sent_back_by_the_page(cast: Cast, scene: Scene) -> None:
    item = make_deliverable(scene.cycle, service=cast.service)
    Deliverable.objects.filter(pk=item.pk).update(state=S.DELIVERED)
    client = cast.client("referente")
    refused = client.post(url("deliverable_send_back", item.pk), {"reason": ""})
    assert "Dites ce qui est à reprendre" in text(refused)
    page = client.post(
        url("deliverable_send_back", item.pk), {"reason": "Il manque les délais"}, follow=True
    )
    assert "Renvoyé : à reprendre" in text(page)
    assert "Il manque les délais" in text(
        cast.client("agent").get(url("deliverable_detail", item.pk))
    )


def test_undo_of_a_removal(cast: Cast, scene: Scene) -> None:
    item = make_deliverable(scene.cycle)
    client = cast.client("referente")
    removed = client.post(url("deliverable_remove", item.pk))
    assert "est retiré" in text(client.get(removed.url))
    assert client.get(url("deliverable_detail", item.pk)).status_code == 404
    client.post(url("deliverable_restore", item.pk))
    assert client.get(url("deliverable_detail", item.pk)).status_code == 200


# --- List -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ancien", "Remis", "Futur"]),
        ("?state=late", ["Ancien"]),
        ("?state=owed", ["Ancien", "Futur"]),
        ("?state=delivered", ["Remis"]),
        ("?kind=tracking&whose=mine", ["Ancien"]),
        ("?state=nonsense", ["Ancien", "Remis", "Futur"]),
    ],
)
def test_filters(cast: Cast, scene: Scene, query: str, expected: list[str]) -> None:
    today = timezone.localdate()
    make_deliverable(
        scene.cycle, title="Ancien", due_on=today - timedelta(days=9), service=cast.service
    )
    handed = make_deliverable(scene.cycle, title="Remis", due_on=today)
    make_deliverable(scene.cycle, title="Futur", due_on=today + timedelta(days=9))
    Deliverable.objects.filter(pk=handed.pk).update(state=S.DELIVERED)
    response = cast.client("agent").get(url("deliverable_list", scene.cycle.pk) + query)
    assert [line.deliverable.title for line in response.context["lines"]] == expected


def test_created_by_the_page(cast: Cast, scene: Scene) -> None:
    group = make_group(scene.cycle)
    client = cast.client("referente")
    address = url("deliverable_create", scene.cycle.pk)
    assert f'<option value="{group.pk}" selected>' in text(
        client.get(f"{address}?groupe={group.pk}")
    )
    data = {"kind": "tracking", "title": "Registre", "due_on": "2022-04-15"}
    assert "Dites qui doit ce livrable" in text(client.post(address, data))
    client.post(address, {**data, "group": group.pk})
    assert Deliverable.objects.get().group == group


# --- Reminders --------------------------------------------------------------------------------
def test_who_is_called(cast: Cast, scene: Scene) -> None:
    user = cast.user("agent")
    group = make_group(scene.cycle)
    item = make_deliverable(scene.cycle, owner=user, service=cast.service, group=group)
    add_member(group=group, user=cast.user("prefet"), is_pilot=True)
    add_member(group=group, user=cast.user("referente"))
    name_correspondent(
        cycle=scene.cycle,
        service=cast.service,
        name="Adjointe",
        email="b@exemple.fr",
        is_deputy=True,
    )
    assert [person.email for person in recipients_of(item)] == [user.email]
    user.is_active = False
    user.save()
    assert [person.email for person in recipients_of(item)] == ["b@exemple.fr"]
    name_correspondent(
        cycle=scene.cycle, service=cast.service, name="Titulaire", email="a@exemple.fr"
    )
    assert [person.email for person in recipients_of(item)] == ["a@exemple.fr"]
    item.service = None
    assert [person.email for person in recipients_of(item)] == [cast.user("prefet").email]


def test_the_button_writes_once_a_day(cast: Cast, scene: Scene) -> None:
    item = make_deliverable(scene.cycle, owner=cast.user("agent"), title="Registre des plaintes")
    client = cast.client("referente")
    page = client.post(url("deliverable_remind", item.pk), follow=True)
    assert "Relance envoyée à M. Louis BERNARD." in text(page)
    (letter,) = mail.outbox
    assert letter.to == [cast.user("agent").email]
    assert reverse("modules:deliverable_detail", args=[item.pk]) in letter.body
    assert "http" in letter.body
    assert "Registre des plaintes" in letter.subject
    page = client.post(url("deliverable_remind", item.pk), follow=True)
    assert "déjà partie aujourd’hui" in text(page)
    assert len(mail.outbox) == 1


def test_what_cannot_be_called_for_is_told(cast: Cast, scene: Scene) -> None:
    with pytest.raises(ValidationError, match="Personne à qui écrire"):
        services.remind_deliverable(deliverable=make_deliverable(scene.cycle))
    handed = make_deliverable(scene.cycle, owner=cast.user("agent"))
    handed.state = S.DELIVERED
    with pytest.raises(ValidationError, match="est remis"):
        services.remind_deliverable(deliverable=handed)


def break_the_post(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: EmailMessage, fail_silently: bool = False) -> int:
        raise SMTPServerDisconnected("no answer")

    monkeypatch.setattr(EmailMessage, "send", fail)


def test_a_letter_that_does_not_leave_is_no_reminder(
    cast: Cast, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = make_deliverable(scene.cycle, owner=cast.user("agent"))
    break_the_post(monkeypatch)
    with pytest.raises(ValidationError, match="n’a pas pu partir"):
        services.remind_deliverable(deliverable=item)
    assert services.send_due_reminders() == 0
    item.refresh_from_db()
    assert item.reminded_at is None


def test_the_day_by_day_calls(cast: Cast, scene: Scene, clock: Any) -> None:
    item = make_deliverable(scene.cycle, owner=cast.user("agent"), due_on=DUE)
    sent = []
    for days in range(-10, 18):
        clock(at(DUE + timedelta(days=days)))
        before = len(mail.outbox)
        tasks.send_due_reminders()
        tasks.send_due_reminders()  # delivered twice
        if len(mail.outbox) > before:
            assert len(mail.outbox) == before + 1
            sent.append(days)
    assert sent == [-7, 1, 8, 15]
    item.refresh_from_db()
    assert item.revision == 1, "a reminder is no change of the deliverable"


def test_one_letter_for_several_deliverables(cast: Cast, scene: Scene, clock: Any) -> None:
    for title in ("Registre", "Tableau"):
        make_deliverable(scene.cycle, owner=cast.user("agent"), title=title, due_on=DUE)
    make_deliverable(scene.cycle, owner=cast.user("correspondant"), due_on=DUE)
    clock(at(DUE + timedelta(days=1)))
    assert services.send_due_reminders() == 2
    bodies = sorted((letter.subject, letter.body) for letter in mail.outbox)
    assert "2 livrables attendus" in bodies[0][0]
    assert "Registre" in bodies[0][1]
    assert "Tableau" in bodies[0][1]
    assert "en retard" in bodies[1][0]


def test_nothing_is_called_for_once_it_is_over(cast: Cast, scene: Scene, clock: Any) -> None:
    item = make_deliverable(scene.cycle, owner=cast.user("agent"), due_on=DUE)
    clock(at(DUE + timedelta(days=1)))
    scene.cycle.state = CycleState.ENDED
    scene.cycle.save()
    assert services.send_due_reminders() == 0
    scene.cycle.state = CycleState.PREPARATION
    scene.cycle.save()
    services.remove_deliverable(deliverable=item)
    assert services.send_due_reminders() == 0
    services.restore_deliverable(deliverable=item)
    assert services.send_due_reminders() == 1


def test_the_clock_calls_the_task() -> None:
    entry = BEAT_SCHEDULE["remind-deliverables"]
    assert entry["task"] in app.tasks
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({7}, {0})
