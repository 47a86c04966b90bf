"""Procedure sheets: written, submitted, approved or sent back, read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.access import Scope
from accounts.models import Prefecture, Service, User
from common.markdown import clean_pasted_text
from common.typography import number_in_words
from modules.enums import ProcedureState
from modules.models import Commitment, Procedure, ProcedureReading, ProcedureVersion
from modules.selectors.procedures import OPEN, open_version, services_to_attest
from modules.services.files import store_file
from modules.services.writing import remove, restore, write


S = ProcedureState
MAX_TEXT_LENGTH = 60_000


@dataclass
class TextConflictError(Exception):
    """Somebody else changed the text since it was read; nothing was written.

    ``base`` is the text as it was read, ``version`` the version as it now stands.
    """

    version: ProcedureVersion
    base: str


# --- The sheet --------------------------------------------------------------------------------
@transaction.atomic
def create_procedure(*, prefecture: Prefecture, values: Mapping[str, Any], by: User) -> Procedure:
    """Open a sheet with its first version, a blank draft.

    ``values``: ``reference``, ``title``, and what may be left out: ``owner``, ``service``,
    ``services`` (who must read it), ``review_on``.
    """
    procedure = Procedure(prefecture=prefecture, owner=by)
    _write_sheet(procedure, values)
    version = ProcedureVersion(procedure=procedure, number=1, written_by=by)
    write(version, {})
    return procedure


@transaction.atomic
def update_procedure(*, procedure: Procedure, values: Mapping[str, Any]) -> Procedure:
    """Change what is known of a sheet, except its text."""
    _write_sheet(procedure, values)
    return procedure


def _write_sheet(procedure: Procedure, values: Mapping[str, Any]) -> None:
    given = dict(values)
    services = given.pop("services", None)
    for service in [*(services or ()), given.get("service")]:
        if service is not None and service.prefecture_id != procedure.prefecture_id:
            raise ValidationError("Un des services est celui d’une autre préfecture.")
    write(procedure, given)
    if services is not None:
        procedure.services.set(services)


@transaction.atomic
def choose_commitments(*, procedure: Procedure, commitments: Iterable[Commitment]) -> Procedure:
    """Say which commitments the sheet serves."""
    procedure.commitments.set(commitments)
    return procedure


@transaction.atomic
def remove_procedure(*, procedure: Procedure) -> Procedure:
    """Take a sheet off the pages; ``restore_procedure`` puts it back with its versions."""
    return remove(procedure)


@transaction.atomic
def restore_procedure(*, procedure: Procedure) -> Procedure:
    """Put a sheet back, unless another one took its reference meanwhile."""
    return restore(procedure)


# --- The text ---------------------------------------------------------------------------------
def _locked(procedure: Procedure, state: ProcedureState, otherwise: str) -> ProcedureVersion:
    """Return the open version, locked; ``ValidationError`` unless it is in this state."""
    version = (
        ProcedureVersion.objects.select_for_update(of=("self",))
        .filter(procedure=procedure, state__in=OPEN)
        .first()
    )
    if version is None or version.state != state:
        raise ValidationError(otherwise)
    return version


def _draft(procedure: Procedure) -> ProcedureVersion:
    return _locked(
        procedure,
        S.DRAFT,
        "Cette fiche n’a pas de brouillon : la version soumise ou approuvée ne change plus.",
    )


@transaction.atomic
def save_text(
    *, procedure: Procedure, text: str, revision: int, change_note: str | None = None
) -> ProcedureVersion:
    """Save the text of the draft, read at ``revision``; return the draft as it now stands.

    Raises ``TextConflictError`` when somebody else changed the text, ``ValidationError`` when it is
    too long or when there is no draft any more.
    """
    version = _draft(procedure)
    text = clean_pasted_text(text)
    excess = len(text) - MAX_TEXT_LENGTH
    if excess > 0:
        raise ValidationError(
            f"Ce texte compte {number_in_words(len(text))} caractères ; la limite est de "
            f"{number_in_words(MAX_TEXT_LENGTH)}. Il n’est pas enregistré : retirez au moins "
            f"{number_in_words(excess)} caractères, ou déposez un fichier."
        )
    before = version.text, version.change_note
    base = version.text if version.revision == revision else text_at_revision(version, revision)
    # A text left as it was read never overwrites; one equal to what is stored is saved already.
    if text not in (base, version.text):
        if base != version.text:
            raise TextConflictError(version, base)
        version.text = text
    if change_note is not None:
        version.change_note = change_note
    if (version.text, version.change_note) != before:
        write(version, {})
    return version


def text_at_revision(version: ProcedureVersion, revision: int) -> str:
    """Return the text as it stood at a revision; empty when that revision is not known."""
    past = version.history.filter(revision=revision).order_by("-history_id").first()
    return past.text if past is not None else ""


@transaction.atomic
def attach_file(*, procedure: Procedure, upload: UploadedFile, by: User) -> ProcedureVersion:
    """Make a file the sheet, or a part of it; the text stays."""
    version = _draft(procedure)
    stored = store_file(
        prefecture=procedure.prefecture,
        upload=upload,
        name=f"{procedure.reference} {procedure.title} v{version.number}",
        by=by,
    )
    write(version, {"stored": stored})
    return version


@transaction.atomic
def detach_file(*, procedure: Procedure) -> ProcedureVersion:
    """Take the file off the draft; the history of the draft keeps it."""
    version = _draft(procedure)
    write(version, {"stored": None})
    return version


# --- Its life ---------------------------------------------------------------------------------
@transaction.atomic
def start_version(*, procedure: Procedure, by: User) -> ProcedureVersion:
    """Open a new version, with the text and the file of the one in force; one at a time."""
    # Two people at once: the second finds the version of the first.
    procedure = Procedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
    opened = open_version(procedure)
    if opened is not None:
        return opened
    last = procedure.versions.aggregate(last=Max("number"))["last"] or 0
    model = procedure.approved
    version = ProcedureVersion(procedure=procedure, number=last + 1, written_by=by)
    write(
        version,
        {"text": model.text if model else "", "stored": model.stored if model else None},
    )
    return version


@transaction.atomic
def submit_version(*, procedure: Procedure) -> ProcedureVersion:
    """Ask for the approval of the draft; it does not change any more, unless it is sent back."""
    version = _draft(procedure)
    if not version.text.strip() and version.stored_id is None:
        raise ValidationError(
            "Cette version est vide : écrivez-la ou déposez un fichier, puis soumettez-la."
        )
    write(version, {"state": S.SUBMITTED, "sent_back_reason": ""})
    return version


@transaction.atomic
def send_back_version(*, procedure: Procedure, reason: str) -> ProcedureVersion:
    """Give the submitted version back to who writes it, with the reason."""
    version = _locked(procedure, S.SUBMITTED, "Aucune version n’attend d’approbation.")
    write(version, {"state": S.DRAFT, "sent_back_reason": reason.strip()})
    return version


@transaction.atomic
def approve_version(
    *, procedure: Procedure, revision: int, review_on: date | None, by: User
) -> ProcedureVersion:
    """Put the submitted version in force; it replaces the former one and is to be read again.

    ``revision`` is the one that was read: a version changed since is not approved unread.
    """
    version = _locked(procedure, S.SUBMITTED, "Aucune version n’attend d’approbation.")
    if version.revision != revision:
        raise ValidationError(
            "Cette version a changé depuis que vous l’avez ouverte. Rechargez la page et relisez-la."
        )
    if review_on is not None and review_on <= timezone.localdate():
        raise ValidationError(
            {"review_on": "La fiche se revoit à une date à venir. Choisissez-en une, ou aucune."}
        )
    for former in procedure.versions.filter(state=S.APPROVED).order_by("pk"):
        write(former, {"state": S.REPLACED})
    version.approved_by, version.approved_at = by, timezone.now()
    write(version, {"state": S.APPROVED})
    write(procedure, {"approved": version, "review_on": review_on})
    return version


# --- Reading ----------------------------------------------------------------------------------
@transaction.atomic
def acknowledge_procedure(
    *, procedure: Procedure, service: Service, number: int, scope: Scope
) -> ProcedureReading:
    """Record that the reader has read the version in force, for one of their services.

    ``number`` is the version they had before their eyes: another one may have been approved since.
    """
    if procedure.approved is None or procedure.approved.number != number:
        raise ValidationError(
            "La fiche a changé entre-temps : lisez la version en vigueur, puis attestez-la."
        )
    if service not in services_to_attest(procedure, scope):
        raise ValidationError(
            "Vous avez déjà attesté cette lecture, ou ce service n’est ni concerné ni le vôtre."
        )
    return ProcedureReading.objects.get_or_create(
        version=procedure.approved, service=service, user=scope.user
    )[0]
