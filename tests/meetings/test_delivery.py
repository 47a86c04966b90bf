"""Diffusion: everybody once, failures told, nobody twice, the link for people without an account."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone

from meetings import mails
from meetings.enums import DeliveryState, MinutesState
from meetings.errors import RefusedError
from meetings.models import Body, Delivery, Member
from meetings.selectors.delivery import delivery_counts, recipients
from meetings.services import delivery as service
from meetings.services.delivery import diffuse_minutes, retry_delivery, send_delivery
from meetings.services.workflow import start_correction
from reports.models import Document
from tests.cast import Cast
from tests.client import StrictClient
from tests.meetings.scene import Scene, build_scene


PDF = b"%PDF-1.7 test"


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Messages handed to the workers, by delivery id."""
    sent: list[int] = []
    monkeypatch.setattr(service, "_queue", sent.append)
    return sent


@pytest.fixture
def scene(cast: Cast, queued: list[int]) -> Scene:
    scene = build_scene(cast)
    body = scene.chair.body
    for order, (name, email) in enumerate(
        [("Petit", "petit@exemple.fr"), ("Doublon", "PETIT@exemple.fr"), ("Sans", "")], start=3
    ):
        Member.objects.create(body=body, last_name=name, email=email, protocol_order=order)
    scene.validate()
    return scene


def make_ready(scene: Scene) -> Document:
    """Finish the official document of the newest version without rendering it."""
    document = Document.objects.get(kind="meetings.minutes", subject_id=scene.refreshed().pk)
    document.state = "ready"
    document.file_name = "2022-05-12_CLU_compte-rendu_v1.pdf"
    document.sha256 = "a" * 64
    document.size = len(PDF)
    document.frozen = {}
    document.finished_at = timezone.now()
    document.file.save(document.file_name, ContentFile(PDF), save=False)
    document.save()
    return document


@pytest.fixture
def diffused(
    scene: Scene, queued: list[int], django_capture_on_commit_callbacks: Any
) -> list[Delivery]:
    make_ready(scene)
    with django_capture_on_commit_callbacks(execute=True):
        diffuse_minutes(minutes=scene.refreshed())
    return list(Delivery.objects.order_by("pk"))


# --- Who receives -----------------------------------------------------------------------------


def test_recipients_are_members_of_that_day_once_per_address(scene: Scene) -> None:
    gone = Body.objects.create(committee=scene.meeting.committee, name="Dissoute")
    gone.mark_removed()
    Member.objects.create(body=gone, last_name="Parti", email="parti@exemple.fr")
    Member.objects.create(
        body=scene.chair.body,
        last_name="Ancien",
        email="ancien@exemple.fr",
        ends_on=scene.meeting.held_on - timedelta(days=1),
    )
    found = recipients(scene.meeting)
    assert [member.last_name for member in found.by_email] == ["Durand", "Petit"]
    assert [member.last_name for member in found.by_hand] == ["Garnier", "Sans"]


def test_diffusing_waits_for_the_official_pdf(scene: Scene) -> None:
    with pytest.raises(RefusedError, match="n’est pas encore prêt"):
        diffuse_minutes(minutes=scene.refreshed())
    assert scene.refreshed().state == MinutesState.VALIDATED
    assert Delivery.objects.count() == 0


def test_diffusing_makes_one_message_per_address(
    scene: Scene, diffused: list[Delivery], queued: list[int]
) -> None:
    minutes = scene.refreshed()
    assert (minutes.state, minutes.diffused_at is not None) == ("diffused", True)
    assert [(d.email, d.state) for d in diffused] == [
        ("prefet.durand@exemple.fr", "queued"),
        ("petit@exemple.fr", "queued"),
    ]
    assert queued == [d.pk for d in diffused]
    assert len({d.token for d in diffused}) == 2


def test_diffusing_twice_sends_nothing_more(scene: Scene, diffused: list[Delivery]) -> None:
    with pytest.raises(RefusedError):
        diffuse_minutes(minutes=scene.refreshed())
    assert Delivery.objects.count() == 2


# --- One message ------------------------------------------------------------------------------


def test_a_message_has_text_html_link_and_file(scene: Scene, diffused: list[Delivery]) -> None:
    send_delivery(diffused[0].pk)
    diffused[0].refresh_from_db()
    assert (diffused[0].state, diffused[0].error_message) == ("sent", "")
    assert diffused[0].sent_at is not None
    (letter,) = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    assert letter.subject == "[Qualité] Compte rendu du CLU du 12 mai 2022"
    assert letter.to == ["prefet.durand@exemple.fr"]
    link = f"http://localhost:8000{reverse('meetings:delivery_receive', args=[diffused[0].token])}"
    assert link in letter.body
    assert "en pièce jointe" in letter.body
    html = letter.alternatives[0].content
    assert f'href="{link}"' in html
    assert "<img" not in html
    assert letter.attachments == [("2022-05-12_CLU_compte-rendu_v1.pdf", PDF, "application/pdf")]


def test_a_heavy_file_is_not_attached(
    diffused: list[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "MAX_ATTACHMENT_BYTES", len(PDF) - 1)
    send_delivery(diffused[0].pk)
    (letter,) = mail.outbox
    assert letter.attachments == []
    assert "pièce jointe" not in letter.body
    assert "/comites/diffusion/" in letter.body


def test_a_message_delivered_twice_by_the_broker_leaves_once(diffused: list[Delivery]) -> None:
    send_delivery(diffused[0].pk)
    send_delivery(diffused[0].pk)
    assert len(mail.outbox) == 1


def test_a_message_being_sent_is_not_sent_by_another(diffused: list[Delivery]) -> None:
    Delivery.objects.filter(pk=diffused[0].pk).update(state=DeliveryState.SENDING)
    send_delivery(diffused[0].pk)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (SMTPRecipientsRefused({}), "refuse cette adresse"),
        (SMTPServerDisconnected(), "ne répond pas"),
        (ConnectionRefusedError(), "ne répond pas"),
        (FileNotFoundError(), "fichier PDF est introuvable"),
    ],
)
def test_a_failure_is_told_and_its_neighbours_leave(
    diffused: list[Delivery], monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    def fail(self: EmailMultiAlternatives) -> int:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", fail)
        send_delivery(diffused[0].pk)
    send_delivery(diffused[1].pk)
    diffused[0].refresh_from_db()
    assert diffused[0].state == DeliveryState.FAILED
    assert message in diffused[0].error_message
    assert [letter.to for letter in mail.outbox] == [["petit@exemple.fr"]]
    counts = delivery_counts(diffused[0].minutes)
    assert (counts.sent, counts.waiting, counts.failed) == (1, 0, 1)


# --- Again ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "age", "allowed"),
    [
        ("failed", timedelta(0), True),
        ("sent", timedelta(days=1), False),
        ("sending", timedelta(minutes=9), False),
        ("sending", timedelta(minutes=11), True),
        ("queued", timedelta(minutes=1), False),
        ("queued", timedelta(minutes=3), True),
    ],
)
def test_what_may_be_sent_again(
    diffused: list[Delivery],
    queued: list[int],
    django_capture_on_commit_callbacks: Any,
    state: str,
    age: timedelta,
    allowed: bool,
) -> None:
    queued.clear()
    Delivery.objects.filter(pk=diffused[0].pk).update(state=state, state_since=timezone.now() - age)
    diffused[0].refresh_from_db()
    assert diffused[0].may_be_retried is allowed
    with django_capture_on_commit_callbacks(execute=True):
        if allowed:
            retry_delivery(delivery=diffused[0])
        else:
            with pytest.raises(RefusedError):
                retry_delivery(delivery=diffused[0])
    assert queued == ([diffused[0].pk] if allowed else [])
    diffused[0].refresh_from_db()
    assert diffused[0].state == ("queued" if allowed else state)


# --- The link ---------------------------------------------------------------------------------


def test_the_link_opens_without_an_account(diffused: list[Delivery]) -> None:
    client = StrictClient()
    page = client.get(reverse("meetings:delivery_receive", args=[diffused[0].token]))
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    download = client.get(reverse("meetings:delivery_download", args=[diffused[0].token]))
    assert b"".join(download.streaming_content) == PDF  # type: ignore[attr-defined]
    assert download["Content-Type"] == "application/pdf"
    assert "2022-05-12_CLU_compte-rendu_v1.pdf" in download["Content-Disposition"]


@pytest.mark.parametrize("name", ["delivery_receive", "delivery_download"])
def test_a_link_nobody_was_sent_is_not_found(diffused: list[Delivery], name: str) -> None:
    response = StrictClient().get(reverse(f"meetings:{name}", args=["x" * 32]))
    assert response.status_code == 404


def test_an_old_link_says_that_a_newer_version_exists(
    scene: Scene, diffused: list[Delivery]
) -> None:
    url = reverse("meetings:delivery_receive", args=[diffused[0].token])
    assert "version plus récente" not in StrictClient().get(url).content.decode()
    start_correction(meeting=scene.meeting, reason="Un nom.")
    assert "version plus récente" not in StrictClient().get(url).content.decode()
    scene.validate()
    assert "version plus récente" in StrictClient().get(url).content.decode()


def test_a_correction_is_sent_again_to_everybody(
    scene: Scene, diffused: list[Delivery], queued: list[int]
) -> None:
    start_correction(meeting=scene.meeting, reason="Un nom manquait.")
    scene.validate()
    make_ready(scene)
    diffuse_minutes(minutes=scene.refreshed())
    second = Delivery.objects.filter(minutes=scene.refreshed()).order_by("pk")
    assert [d.email for d in second] == ["prefet.durand@exemple.fr", "petit@exemple.fr"]
    send_delivery(second[0].pk)
    (letter,) = mail.outbox
    assert letter.subject == "[Qualité] Compte rendu du CLU du 12 mai 2022 (version 2)"
    assert "Motif de la correction : Un nom manquait." in letter.body
