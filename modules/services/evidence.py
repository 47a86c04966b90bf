"""Pieces of evidence: added once, replaced by versions, joined to commitments."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts.models import Service, User
from modules.enums import CycleState
from modules.models import (
    Commitment,
    Evidence,
    EvidenceLink,
    EvidenceVersion,
    LabelCycle,
    StoredFile,
)
from modules.selectors.perimeter import commitments_of_perimeter
from modules.services.files import discard_file, store_file
from modules.services.writing import remove, restore, write


# The same title and content, from the same person, this close: one click too many.
SAME_CLICK = timedelta(minutes=1)
FILE_OR_LINK = "Choisissez un fichier ou indiquez une adresse, l’un ou l’autre."


@transaction.atomic
def add_evidence(
    *,
    cycle: LabelCycle,
    values: Mapping[str, Any],
    by: User,
    upload: UploadedFile | None = None,
    url: str = "",
    commitments: Iterable[Commitment] = (),
) -> Evidence:
    """Add a piece, its first version, and join it to ``commitments`` for its service.

    ``values``: ``title``, ``kind``, ``dated_on``, and what may be left out: ``service`` (none: the
    whole préfecture), ``expires_on``, ``sensitivity``, ``description``. Sent twice within a minute
    (same person, title and content), it is added once: the first piece is returned.
    """
    _check_source(upload, url)
    wanted = _in_perimeter(cycle, commitments)
    _take_turn(cycle)
    piece = Evidence(prefecture=cycle.prefecture, added_by=by, **values)
    _check_service(piece.service, cycle.prefecture_id)
    # Before the file is kept: what is refused leaves nothing behind.
    piece.full_clean()
    stored = _stored(piece, upload, by)
    if twin := _sent_just_before(piece, stored, url):
        if stored is not None:
            discard_file(stored=stored)
        return twin
    write(piece, {})
    _add_version(piece, stored=stored, url=url, by=by)
    join_evidence(evidence=piece, cycle=cycle, commitments=wanted, service=piece.service, by=by)
    return piece


@transaction.atomic
def update_evidence(*, evidence: Evidence, values: Mapping[str, Any]) -> Evidence:
    """Change what is said of a piece; its content changes by versions only."""
    _check_service(values.get("service"), evidence.prefecture_id)
    write(evidence, values)
    return evidence


@transaction.atomic
def add_version(
    *,
    evidence: Evidence,
    values: Mapping[str, Any],
    by: User,
    upload: UploadedFile | None = None,
    url: str = "",
    note: str = "",
) -> EvidenceVersion:
    """Replace the content of a piece; the former version is kept.

    ``values``: ``dated_on`` and ``expires_on`` of the new content. The content already in place is
    refused, unless the same person sent it a moment ago: then that version is returned.
    """
    _check_source(upload, url)
    write(evidence, values)
    stored = _stored(evidence, upload, by)
    current = evidence.current
    if current is not None and _is_same(current, stored, url):
        if stored is not None:
            discard_file(stored=stored)
        is_second_click = (
            current.added_by_id == by.pk and current.added_at > timezone.now() - SAME_CLICK
        )
        if is_second_click and current.number > 1:
            return current
        raise ValidationError(
            f"C’est le contenu de la version {current.number}, déjà en place : rien n’est à remplacer."
        )
    return _add_version(evidence, stored=stored, url=url, by=by, note=note)


@transaction.atomic
def join_evidence(
    *,
    evidence: Evidence,
    cycle: LabelCycle,
    commitments: Iterable[Commitment],
    service: Service | None,
    by: User,
) -> list[EvidenceLink]:
    """Join a piece to commitments of the démarche, for one service or for all of them (``None``).

    What is already joined, for this service or for all, is left as it is. Returns what was written.
    Refused once the démarche is over: what it proved stays what it was.
    """
    if evidence.removed_at is not None:
        raise ValidationError("Cette pièce a été retirée : rétablissez-la avant de la joindre.")
    if evidence.prefecture_id != cycle.prefecture_id:
        raise ValidationError("Cette pièce est celle d’une autre préfecture.")
    _check_service(service, cycle.prefecture_id)
    wanted = _in_perimeter(cycle, commitments)
    _take_turn(cycle)
    joined = set(
        EvidenceLink.objects.filter(evidence=evidence, cycle=cycle)
        .filter(Q(service=service) | Q(service__isnull=True))
        .values_list("commitment_id", flat=True)
    )
    return [
        EvidenceLink.objects.create(
            evidence=evidence, cycle=cycle, commitment=commitment, service=service, linked_by=by
        )
        for commitment in wanted
        if commitment.pk not in joined
    ]


@transaction.atomic
def detach_evidence(*, link: EvidenceLink) -> None:
    """Take a piece off a commitment; ``join_evidence`` puts it back. Refused as there."""
    _check_open(link.cycle)
    link.delete()


@transaction.atomic
def remove_evidence(*, evidence: Evidence) -> Evidence:
    """Take a piece off the pages; ``restore_evidence`` puts it back where it was joined."""
    return remove(evidence)


@transaction.atomic
def restore_evidence(*, evidence: Evidence) -> Evidence:
    """Put a removed piece back."""
    return restore(evidence)


# --- Checks -----------------------------------------------------------------------------------
def _check_source(upload: UploadedFile | None, url: str) -> None:
    if (upload is None) == (not url):
        raise ValidationError(FILE_OR_LINK)
    if url and urlsplit(url).scheme not in {"http", "https"}:
        raise ValidationError("L’adresse commence par https:// ou http://.")


def _check_service(service: Service | None, prefecture_id: int) -> None:
    if service is not None and service.prefecture_id != prefecture_id:
        raise ValidationError("Ce service est celui d’une autre préfecture.")


def _check_open(cycle: LabelCycle) -> None:
    if cycle.state == CycleState.ENDED:
        raise ValidationError(
            "Cette démarche est terminée : les pièces jointes à ses engagements ne changent plus."
        )


def _in_perimeter(cycle: LabelCycle, commitments: Iterable[Commitment]) -> list[Commitment]:
    wanted = list(commitments)
    if wanted:
        _check_open(cycle)
        allowed = {item.pk for item in commitments_of_perimeter(cycle)}
        if any(item.pk not in allowed for item in wanted):
            raise ValidationError("Un des engagements n’est pas dans le périmètre de la démarche.")
    return wanted


def _take_turn(cycle: LabelCycle) -> None:
    """Wait for the piece being added by another request: two clicks must not race."""
    LabelCycle.objects.select_for_update().get(pk=cycle.pk)


# --- Versions ---------------------------------------------------------------------------------
def _stored(piece: Evidence, upload: UploadedFile | None, by: User) -> StoredFile | None:
    if upload is None:
        return None
    return store_file(prefecture=piece.prefecture, upload=upload, name=piece.title, by=by)


def _is_same(version: EvidenceVersion, stored: StoredFile | None, url: str) -> bool:
    if version.stored is None or stored is None:
        return bool(url) and version.url == url
    return version.stored.sha256 == stored.sha256


def _sent_just_before(piece: Evidence, stored: StoredFile | None, url: str) -> Evidence | None:
    recent = Evidence.objects.kept().filter(
        prefecture=piece.prefecture,
        title=piece.title,
        added_by=piece.added_by,
        added_at__gt=timezone.now() - SAME_CLICK,
    )
    content = Q(current__stored__sha256=stored.sha256) if stored else Q(current__url=url)
    found: Evidence | None = recent.filter(content).order_by("pk").first()
    return found


def _add_version(
    piece: Evidence, *, stored: StoredFile | None, url: str, by: User, note: str = ""
) -> EvidenceVersion:
    newest = piece.versions.aggregate(newest=Max("number"))["newest"] or 0
    version = EvidenceVersion(
        evidence=piece, number=newest + 1, stored=stored, url=url, note=note, added_by=by
    )
    version.full_clean()
    version.save()
    piece.current = version
    piece.save(update_fields=["current"])
    return version
