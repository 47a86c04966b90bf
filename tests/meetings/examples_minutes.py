"""Examples of the pages of the minutes: writing, rows, validation, documents, diffusion."""

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Prefecture
from meetings.models import (
    AgendaItem,
    Decision,
    Delivery,
    Meeting,
    Member,
    Minutes,
    Opinion,
    Question,
    TextBlock,
)
from reports.models import Document
from tests.cast import Cast
from tests.examples import example, growing
from tests.meetings.scene import Scene, build_scene


def _scene(cast: Cast, prefecture: Prefecture) -> Scene:
    return build_scene(cast, prefecture, slug=f"redaction-{prefecture.slug}")


@example(
    "meetings:minutes",
    "meetings:minutes_start",
    "meetings:minutes_save",
    "meetings:question_create",
    "meetings:opinion_create",
    "meetings:decision_create",
    "meetings:preview",
    "meetings:preview_document",
    "meetings:minutes_state",
    "meetings:submit",
    "meetings:send_back",
    "meetings:visa",
    "meetings:validate",
    "meetings:correct",
    "meetings:diffuse",
    "meetings:deliveries",
    "meetings:document_request",
)
def started(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"slug": _scene(cast, prefecture).slug}


@example("meetings:text_save")
def text(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"slug": _scene(cast, prefecture).slug, "place_code": "ouverture"}


@example("meetings:question_edit", "meetings:question_remove", "meetings:question_restore")
def question(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene = _scene(cast, prefecture)
    row = Question.objects.create(minutes=scene.minutes, asker=scene.chair, text="Pourquoi ?")
    return {"slug": scene.slug, "pk": row.pk}


@example("meetings:opinion_edit", "meetings:opinion_remove", "meetings:opinion_restore")
def opinion(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene = _scene(cast, prefecture)
    row = Opinion.objects.create(minutes=scene.minutes, document_title="Lettre", verdict="none")
    return {"slug": scene.slug, "pk": row.pk}


@example("meetings:decision_edit", "meetings:decision_remove", "meetings:decision_restore")
def decision(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene = _scene(cast, prefecture)
    return {
        "slug": scene.slug,
        "pk": Decision.objects.create(minutes=scene.minutes, text="Afficher").pk,
    }


def _delivery(scene: Scene, number: int = 0) -> Delivery:
    minutes = scene.refreshed()
    document = Document.objects.filter(kind="meetings.minutes", subject_id=minutes.pk).first()
    if document is None:
        now = timezone.now()
        document = Document(
            prefecture=scene.meeting.committee.prefecture,
            kind="meetings.minutes",
            subject_id=minutes.pk,
            title="Compte rendu",
            file_name="cr.pdf",
            state="ready",
            sha256="b" * 64,
            frozen={},
            requested_at=now,
            sent_at=now,
            finished_at=now,
        )
        document.file.save("cr.pdf", ContentFile(b"%PDF-1.7"), save=False)
        document.save()
    return Delivery.objects.create(
        minutes=minutes,
        document=document,
        name=f"Membre {number}",
        email=f"membre-{number}@exemple.fr",
        state="failed",
        error_message="Refusé.",
    )


@example("meetings:delivery_retry")
def failed_delivery(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene = _scene(cast, prefecture)
    return {"slug": scene.slug, "pk": _delivery(scene).pk}


@example("meetings:delivery_receive", "meetings:delivery_download", scoped=False)
def link(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"token": _delivery(_scene(cast, prefecture)).token}


def _grown(cast: Cast, numbers: range) -> dict[str, object]:
    """Add to one meeting items, texts, rows, members and messages."""
    meeting = Meeting.objects.filter(slug="grandit-aussi").first()
    scene = (
        build_scene(cast, slug="grandit-aussi")
        if meeting is None
        else Scene(cast, meeting, meeting.chair, meeting.chair, [], Minutes())
    )
    minutes = scene.refreshed()
    for number in numbers:
        item = AgendaItem.objects.create(
            meeting=scene.meeting, title=f"Point {number}", position=10 + number
        )
        TextBlock.objects.create(
            minutes=minutes,
            slot="item",
            item=item,
            text="Texte",
            updated_by=cast.user("referente" if number % 2 else "agent"),
        )
        member = Member.objects.create(
            body=scene.chair.body, last_name=f"Membre {number}", email=f"m{number}@exemple.fr"
        )
        Question.objects.create(
            minutes=minutes, item=item, asker=member, answerer=member, text="?", answer="!"
        )
        Opinion.objects.create(minutes=minutes, item=item, document_title="D", verdict="none")
        Decision.objects.create(minutes=minutes, item=item, text="Faire")
        _delivery(scene, number)
    return {"slug": "grandit-aussi"}


growing("meetings:minutes", reader="referente", budget=22)(_grown)
growing("meetings:question_create", reader="referente", budget=18)(_grown)
growing("meetings:preview", reader="referente", budget=28)(_grown)
growing("meetings:preview_document", reader="referente", budget=26)(_grown)
growing("meetings:minutes_state", reader="referente", budget=45)(_grown)
growing("meetings:deliveries", reader="referente", budget=45)(_grown)
