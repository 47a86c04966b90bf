"""The life of a version: submitted, sent back, seen, signed, corrected. See ``meetings.workflow``."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.access import Scope
from accounts.models import User
from common.typography import NBSP
from meetings.enums import MinutesState, SignatureKind
from meetings.errors import BlockedError, RefusedError
from meetings.models import Meeting, Minutes, Signature
from meetings.selectors.consistency import meeting_findings
from meetings.selectors.documents import MINUTES_KIND, official_minutes
from meetings.selectors.pages import current_minutes
from meetings.services.minutes import copy_content
from meetings.workflow import TRANSITIONS
from reports.rendering import freeze
from reports.services import request_document


def locked_for(code: str, minutes: Minutes) -> Minutes:
    """Return the version, locked until the transaction ends, when it allows this act.

    ``RefusedError`` otherwise: a second click, or an act that this state does not know.
    """
    stored = (
        Minutes.objects.select_for_update(of=("self",))
        .select_related("meeting__committee__prefecture")
        .get(pk=minutes.pk)
    )
    transition = TRANSITIONS[code]
    if stored.current_state != transition.source:
        raise RefusedError(
            f"«{NBSP}{transition.label}{NBSP}» n’est pas possible : la version {stored.version} du "
            f"compte rendu est à l’état «{NBSP}{stored.current_state.label}{NBSP}». Rechargez la "
            "page pour voir où il en est."
        )
    return stored


@transaction.atomic
def submit_minutes(*, minutes: Minutes, by: User) -> Minutes:
    """Hand a draft to the signatory. ``BlockedError`` when something must be mended first."""
    stored = locked_for("submit", minutes)
    _refuse_blocking(stored)
    stored.state = MinutesState.SUBMITTED
    stored.submitted_at = timezone.now()
    stored.submitted_by = by
    stored.sent_back_reason = ""
    stored.save()
    return stored


@transaction.atomic
def send_back_minutes(*, minutes: Minutes, reason: str) -> Minutes:
    """Reopen a submitted version for writing. A visa given to the old text falls with it."""
    stored = locked_for("send_back", minutes)
    for signature in stored.signatures.all():
        signature.delete()
    stored.state = MinutesState.DRAFT
    stored.sent_back_reason = reason
    stored.submitted_at = None
    stored.submitted_by = None
    stored.save()
    return stored


@transaction.atomic
def sign_visa(
    *, minutes: Minutes, by: User, name: str, function: str, delegation: str = ""
) -> Signature:
    """Record the visa of somebody of the direction, before the signature; one per version."""
    stored = locked_for("validate", minutes)
    given = stored.signatures.filter(kind=SignatureKind.VISA).first()
    if given is not None:
        raise RefusedError(f"Ce compte rendu porte déjà le visa de {given.name}.")
    return _sign(stored, SignatureKind.VISA, by, name, function, delegation, timezone.now())


@transaction.atomic
def validate_minutes(
    *, minutes: Minutes, scope: Scope, name: str, function: str, delegation: str = ""
) -> Minutes:
    """Sign a submitted version: freeze all that it says, then ask for its official PDF on commit.

    From here on nothing of this version changes, whatever becomes of the committee.
    """
    if scope.user is None:
        raise ValueError("a signature needs somebody")
    stored = locked_for("validate", minutes)
    # The committee's composition may have changed since the submission.
    _refuse_blocking(stored)
    now = timezone.now()
    _sign(stored, SignatureKind.SIGNATURE, scope.user, name, function, delegation, now)
    stored.state = MinutesState.VALIDATED
    stored.validated_at = now
    stored.frozen = freeze(official_minutes(stored))
    stored.save()
    request_document(kind=MINUTES_KIND, subject_id=stored.pk, scope=scope)
    return stored


@transaction.atomic
def start_correction(*, meeting: Meeting, reason: str) -> Minutes:
    """Open the next version, with the content of the final one that it will replace.

    Facts, agenda and attendance open again with it; the replaced version stays as it was frozen.
    """
    if not reason.strip():
        raise RefusedError("Dites pourquoi vous corrigez le compte rendu : la raison est imprimée.")
    # The meeting's row is the lock: two clicks open one version.
    Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    newest = current_minutes(meeting)
    if newest is None or not newest.is_final:
        raise RefusedError(
            "Seul un compte rendu validé se corrige par une nouvelle version ; celui-ci est encore "
            "en préparation."
        )
    corrected = Minutes(
        meeting=meeting, version=newest.version + 1, correction_reason=reason.strip()
    )
    corrected.save()
    copy_content(source=newest, target=corrected)
    return corrected


def _sign(
    minutes: Minutes,
    kind: SignatureKind,
    by: User,
    name: str,
    function: str,
    delegation: str,
    moment: datetime,
) -> Signature:
    return Signature.objects.create(
        minutes=minutes,
        kind=kind,
        user=by,
        name=name,
        function=function,
        delegation=delegation,
        signed_at=moment,
    )


def _refuse_blocking(minutes: Minutes) -> None:
    findings = meeting_findings(minutes.meeting, minutes)
    blocking = [finding for finding in findings if finding.is_blocking]
    if blocking:
        count = "un point" if len(blocking) == 1 else f"{len(blocking)} points"
        raise BlockedError(
            f"Il reste {count} à corriger d’abord. "
            + " ".join(finding.message for finding in blocking),
            blocking,
        )
