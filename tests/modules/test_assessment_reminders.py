"""Reminders of the auto-diagnostic: who receives them, never twice, never without an address."""

from datetime import date, datetime
from smtplib import SMTPException
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from celery import current_app
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from modules.enums import SheetState
from modules.models import AssessmentSheet, Correspondent, SelfAssessment
from modules.selectors.assessments import contacts_by_service
from modules.services.assessment_reminders import (
    REMIND,
    SEND_BACK_LETTER,
    remind_due_sheets,
    send_back_letter,
    send_reminder,
)
from qualepref.schedule import BEAT_SCHEDULE
from tests.cast import Cast
from tests.modules.builders import DUE_ON, Scene, make_assessment, make_scene


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
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What is handed to the workers: (task, sheet)."""
    sent: list[tuple[str, int]] = []

    def send_task(name: str, args: list[int], **options: Any) -> None:
        sent.append((name, args[0]))

    monkeypatch.setattr(current_app._get_current_object(), "send_task", send_task)
    return sent


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> date:
    """Make it that day, seven in the morning."""
    now = datetime(day.year, day.month, day.day, 7, tzinfo=ZoneInfo("Europe/Paris"))
    monkeypatch.setattr(timezone, "now", lambda: now)
    return day


def test_clock_is_seven_in_the_morning() -> None:
    entry = BEAT_SCHEDULE["remind-assessments"]
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({7}, {0})
    current_app.loader.import_default_modules()
    assert {entry["task"], REMIND, SEND_BACK_LETTER} <= set(current_app.tasks)


def test_a_spring_of_mornings(
    assessment: SelfAssessment, monkeypatch: pytest.MonkeyPatch, cast: Cast
) -> None:
    days = []
    for number in range(30):
        day = date.fromordinal(date(2022, 4, 5).toordinal() + number)
        on(monkeypatch, day)
        # A second run the same day (a task delivered twice) sends nothing.
        if sum(remind_due_sheets(day) for _ in range(2)):
            days.append(day.day)
    assert days == [8, 16, 23, 30]
    # The other service has nobody with an address.
    assert [message.to for message in mail.outbox] == [[cast.user("correspondant").email]] * 4


def test_what_was_handed_in_is_not_reminded(
    assessment: SelfAssessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = on(monkeypatch, date(2022, 4, 16))
    assessment.sheets.update(state=SheetState.SUBMITTED)
    assert remind_due_sheets(day) == 0
    assessment.sheets.update(state=SheetState.SENT_BACK)
    SelfAssessment.objects.update(state="closed", closed_on=DUE_ON)
    assert remind_due_sheets(day) == 0
    assert mail.outbox == []


def test_letter_says_what_and_by_when(
    sheet: AssessmentSheet, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://qualepref.exemple.fr"
    sheet.rows.filter(pk=sheet.rows.earliest("pk").pk).update(result="conforming")
    on(monkeypatch, date(2022, 4, 8))
    assert send_reminder(sheet.pk)
    letter = mail.outbox[0]
    body = letter.body.replace("\u00a0", " ")
    assert letter.subject.replace("\u00a0", " ") == (
        "[Qualité] Auto-diagnostic à rendre pour le 15 avril 2022 – Accueil du public"
    )
    assert "est attendue pour le 15 avril 2022" in body
    assert "Engagements évalués : 1 sur 6" in body
    assert f"https://qualepref.exemple.fr{reverse('modules:sheet_detail', args=[sheet.pk])}" in body


def test_late_letter_says_so(sheet: AssessmentSheet, monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, date(2022, 4, 16))
    send_reminder(sheet.pk)
    assert "en retard" in mail.outbox[0].subject
    assert "était attendue" in mail.outbox[0].body


def test_letter_that_cannot_leave_gives_the_day_back(
    sheet: AssessmentSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, date(2022, 4, 8))

    def refuse(self: EmailMessage, fail_silently: bool = False) -> int:
        raise SMTPException

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        assert not send_reminder(sheet.pk)
    sheet.refresh_from_db()
    assert sheet.reminded_at is None
    assert send_reminder(sheet.pk)


def test_button_of_a_service(
    cast: Cast, sheet: AssessmentSheet, queued: list[tuple[str, int]]
) -> None:
    client, address = cast.client("referente"), reverse("modules:sheet_remind", args=[sheet.pk])
    assert "Le rappel part par courriel" in client.post(address, follow=True).content.decode()
    assert queued == [(REMIND, sheet.pk)]
    send_reminder(sheet.pk)
    again = client.post(address, follow=True).content.decode()
    assert "déjà été relancé aujourd’hui" in again
    assert len(queued) == 1


@pytest.mark.parametrize(
    ("state", "message"),
    [(SheetState.TO_FILL, "nommez un correspondant"), (SheetState.ACCEPTED, "rien à rappeler")],
)
def test_button_says_why_nothing_leaves(
    cast: Cast,
    assessment: SelfAssessment,
    queued: list[tuple[str, int]],
    state: str,
    message: str,
) -> None:
    foreign = assessment.sheets.exclude(service=cast.service).get()
    AssessmentSheet.objects.filter(pk=foreign.pk).update(state=state)
    address = reverse("modules:sheet_remind", args=[foreign.pk])
    assert message in cast.client("referente").post(address, follow=True).content.decode()
    assert queued == []


def test_button_for_all_who_are_late(
    cast: Cast, scene: Scene, assessment: SelfAssessment, queued: list[tuple[str, int]]
) -> None:
    other = scene.services[1]
    Correspondent.objects.create(
        cycle=scene.cycle, service=other, name="Mme Lise ROUX", email="lise.roux@exemple.fr"
    )
    address = reverse("modules:assessment_remind", args=[assessment.pk])
    page = cast.client("referente").post(address, follow=True).content.decode()
    assert "2 rappels partent" in page.replace("\u00a0", " ")
    assert {sheet for _, sheet in queued} == set(assessment.sheets.values_list("pk", flat=True))


def test_each_address_once(cast: Cast, scene: Scene) -> None:
    account = cast.user("correspondant")
    named = {"cycle": scene.cycle, "service": cast.service}
    Correspondent.objects.create(**named, name="M. Petit", user=account)
    Correspondent.objects.create(**named, name="Mme Roux", email="Lise.Roux@exemple.fr")
    Correspondent.objects.create(**named, name="M. Sans")
    gone = Correspondent.objects.create(**named, name="M. Parti", email="parti@exemple.fr")
    gone.mark_removed()
    found = contacts_by_service(scene.cycle, date(2022, 4, 1))[cast.service.pk]
    assert [contact.email for contact in found] == [account.email, "", "lise.roux@exemple.fr"]


def test_sending_back_writes_to_the_service(
    cast: Cast, sheet: AssessmentSheet, queued: list[tuple[str, int]]
) -> None:
    AssessmentSheet.objects.filter(pk=sheet.pk).update(state=SheetState.SUBMITTED)
    cast.client("referente").post(
        reverse("modules:sheet_review", args=[sheet.pk]), {"reason": "Précisez l’horaire."}
    )
    assert queued == [(SEND_BACK_LETTER, sheet.pk)]
    assert send_back_letter(sheet.pk)
    letter = mail.outbox[0]
    assert letter.to == [cast.user("correspondant").email]
    assert "Précisez l’horaire." in letter.body
    assert "Mme Pascale MARTIN vous renvoie" in letter.body.replace("\u00a0", " ")
