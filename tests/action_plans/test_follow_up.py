"""Following up: weekly letters, once each; what a link opens, and what it refuses in words."""

from datetime import date, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from action_plans import tasks
from action_plans.enums import ActionState
from action_plans.follow_up_links import LIFE, link_to, owner_of
from action_plans.models import Action, ActionComment, FollowUpLetter, Step
from action_plans.rules.follow_up import Owed, in_order, week_of
from action_plans.services import follow_up as services
from action_plans.services.actions import move_action
from qualepref.celery import app
from qualepref.schedule import BEAT_SCHEDULE
from tests.action_plans.builders import make_action, make_step
from tests.cast import Cast


pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
ZOE = {"owner_name": "Mme Zoé GARNIER", "owner_email": "zoe@exemple.fr"}


def link(action: Action) -> str:
    """Return the path of the link that its owner receives."""
    action = Action.objects.select_related("owner").get(pk=action.pk)
    owner = owner_of(action)
    assert owner is not None
    address = link_to(action, owner)
    return address[address.index("/actions/") :]


def answer(client: Client, action: Action, **given: Any) -> Any:
    action.refresh_from_db()
    form = {"revision": action.revision, "progress": action.progress, "comment": "", **given}
    return client.post(link(action), form)


# --- Order (pure) -----------------------------------------------------------------------------
def test_late_first_and_what_has_no_day_last() -> None:
    def owed(number: int, day: date | None) -> Owed:
        return Owed(number, "Faire", day, "", "")

    items = [owed(1, None), owed(2, TODAY), owed(3, TODAY - timedelta(days=3)), owed(4, TODAY)]
    assert [item.number for item in in_order(items)] == [3, 2, 4, 1]
    assert [item.days_late(TODAY) for item in in_order(items)] == [3, 0, 0, 0]


def test_the_week_begins_on_monday() -> None:
    assert {week_of(date(2022, 7, 4) + timedelta(days=n)) for n in range(7)} == {date(2022, 7, 4)}


# --- Letters ----------------------------------------------------------------------------------
def test_one_letter_to_each_owner_late_first(cast: Cast) -> None:
    soon = make_action(cast.prefecture, "Bientôt", due_on=TODAY + timedelta(days=4), **ZOE)
    late = make_action(cast.prefecture, "Déjà due", due_on=TODAY - timedelta(days=2), **ZOE)
    make_action(cast.prefecture, "Avec compte", due_on=None, owner=cast.user("agent"))
    make_action(cast.prefecture, "À personne")
    assert services.send_digests() == 2
    letters = {message.to[0]: message for message in mail.outbox}
    assert set(letters) == {"zoe@exemple.fr", "agent@exemple.fr"}
    letter = letters["zoe@exemple.fr"]
    assert letter.subject == "[Qualité] 1 action en retard sur 2"
    first, second, third = str(letter.body).splitlines()[:3]
    assert first == f"EN RETARD de 2 jours – action n° {late.number} : Déjà due"
    assert second.endswith(link(late).partition(":")[0]) or "/actions/suivi/" in second
    assert third == ""
    assert f"action n° {soon.number} : Bientôt" in str(letter.body)
    assert "Avec compte" not in str(letter.body)
    html = letter.alternatives[0]  # type: ignore[attr-defined]
    assert "Déjà due" in html[0]


def test_the_next_step_is_told_when_it_comes_first(cast: Cast) -> None:
    action = make_action(cast.prefecture, due_on=TODAY + timedelta(days=40), **ZOE)
    make_step(action, "Écrire la note", due_on=TODAY + timedelta(days=3))
    services.send_digests()
    assert "Étape : Écrire la note" in str(mail.outbox[0].body)


def test_never_twice_in_a_week(cast: Cast) -> None:
    make_action(cast.prefecture, **ZOE)
    make_action(cast.other_prefecture, **ZOE)
    assert services.send_digests() == 2, "one for each préfecture"
    assert services.send_digests() == 0
    assert len(mail.outbox) == 2


def test_what_could_not_leave_is_sent_at_the_next_run(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(self: EmailMultiAlternatives, *args: Any, **kwargs: Any) -> int:
        raise SMTPServerDisconnected

    make_action(cast.prefecture, **ZOE)
    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", send)
        assert services.send_digests() == 0
    assert FollowUpLetter.objects.count() == 0
    assert services.send_digests() == 1


def test_nothing_is_written_about_what_is_over_or_removed(cast: Cast) -> None:
    done = make_action(cast.prefecture, **ZOE)
    move_action(action=done, code="finish", scope=cast.scope("referente"))
    make_action(cast.prefecture, **ZOE).mark_removed()
    agent = cast.user("agent")
    agent.is_active = False
    agent.save()
    make_action(cast.prefecture, owner=agent)
    assert services.send_digests() == 0


def test_the_clock_knows_the_tasks(cast: Cast) -> None:
    make_action(cast.prefecture, **ZOE)
    for entry in ("send-action-digests", "refresh-effects"):
        assert BEAT_SCHEDULE[entry]["task"] in app.tasks
    tasks.refresh_effects()
    tasks.send_digests()
    assert len(mail.outbox) == 1


# --- The link ---------------------------------------------------------------------------------
def test_an_owner_without_an_account_answers(cast: Cast, client: Client) -> None:
    action = make_action(cast.prefecture, **ZOE)
    step = make_step(action, "Écrire la note")
    make_action(cast.prefecture, "Une autre action", **ZOE)
    page = client.get(link(action))
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert "Écrire la note" in page.content.decode()
    assert "Une autre action" not in page.content.decode()
    answer(client, action, progress=40, steps=[step.pk], comment="La note est partie.")
    action.refresh_from_db()
    assert (action.progress, action.state) == (40, ActionState.ONGOING)
    assert Step.objects.get().done_on == TODAY
    comment = ActionComment.objects.get()
    assert comment.author_name == "Mme Zoé GARNIER"
    assert comment.text == (
        "La note est partie.\nÉtape faite : Écrire la note.\nAvancement : 0 % → 40 %."
    )


def test_sending_twice_changes_nothing_more(cast: Cast, client: Client) -> None:
    action = make_action(cast.prefecture, **ZOE)
    step = make_step(action)
    action.refresh_from_db()
    form = {"revision": action.revision, "progress": 40, "steps": [step.pk], "comment": ""}
    for _ in range(2):
        assert client.post(link(action), form).status_code == 302
    assert ActionComment.objects.count() == 1
    assert Step.history.filter(id=step.pk).count() == 2


def test_who_answers_on_an_older_progress_is_told_and_nothing_is_lost(
    cast: Cast, client: Client
) -> None:
    action = make_action(cast.prefecture, **ZOE)
    read = action.revision
    action.progress = 70
    action.save()
    page = client.post(link(action), {"revision": read, "progress": 40, "comment": "Presque fini."})
    text = page.content.decode().replace("\u00a0", " ")
    assert "porté à 70 %" in text
    assert "Presque fini." in text
    action.refresh_from_db()
    assert action.progress == 70
    assert ActionComment.objects.count() == 0


@pytest.mark.parametrize("progress", ["101", "-1", "beaucoup", ""])
def test_a_wrong_progress_is_refused_beside_its_field(
    cast: Cast, client: Client, progress: str
) -> None:
    action = make_action(cast.prefecture, **ZOE)
    page = answer(client, action, progress=progress, comment="Gardé")
    assert page.status_code == 200
    assert "de 0 à 100" in page.content.decode()
    assert "Gardé" in page.content.decode()
    assert ActionComment.objects.count() == 0


def test_a_step_of_another_action_is_refused(cast: Cast, client: Client) -> None:
    action, other = make_action(cast.prefecture, **ZOE), make_action(cast.prefecture, "Autre")
    step = make_step(other)
    assert answer(client, action, steps=[step.pk]).status_code == 200
    step.refresh_from_db()
    assert step.done_on is None


@pytest.mark.parametrize("how", ["hands", "removed", "cut", "age", "forged"])
def test_a_link_that_opens_nothing_says_why(
    cast: Cast, client: Client, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = make_action(cast.prefecture, "Secret", **ZOE)
    address, said = link(action), ""
    match how:
        case "hands":
            Action.objects.filter(pk=action.pk).update(owner_email="autre@exemple.fr")
            said = "n’est plus la vôtre"
        case "removed":
            action.mark_removed()
            said = "n’est plus dans le plan"
        case "cut":
            address, said = f"{address[:-4]}/", "incomplet ou abîmé"
        case "forged":
            address, said = "/actions/suivi/WzEsMV0:1abc:xyz/", "incomplet ou abîmé"
        case "age":
            later = timezone.now() + LIFE + timedelta(minutes=1)
            monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
            said = f"plus de {LIFE.days} jours"
    page = client.get(address)
    text = page.content.decode().replace("\u00a0", " ")
    assert page.status_code == 410
    assert said in text
    assert "Secret" not in text
    assert client.post(address, {"progress": 50}).status_code == 410
    action.refresh_from_db()
    assert action.progress == 0


def test_an_action_that_is_over_takes_no_news(cast: Cast, client: Client) -> None:
    action = make_action(cast.prefecture, **ZOE)
    address = link(action)
    move_action(action=action, code="finish", scope=cast.scope("referente"))
    assert "elle n’attend plus" in client.get(address).content.decode()
    client.post(address, {"revision": action.revision, "progress": 10, "comment": "Encore"})
    action.refresh_from_db()
    assert action.progress == 100
    assert ActionComment.objects.count() == 0
