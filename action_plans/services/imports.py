"""Importing a table: handed in, read and compared, applied all of it or nothing, undone."""

import hashlib
import logging
from typing import Any

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.access import GRANTS, Permission
from accounts.enums import Role
from accounts.models import Membership, Prefecture, User
from action_plans.enums import ImportState
from action_plans.exchange.compare_steps import compare
from action_plans.exchange.known import KnownPlan
from action_plans.exchange.outcome import LineStatus, Outcome, fingerprint_of
from action_plans.exchange.reading import read_plan
from action_plans.models import ActionImport
from action_plans.selectors.exchange import plan_for_import
from action_plans.services.import_writing import lock_plan, lock_rows, write_outcome
from common.spreadsheets import UnreadableFileError


logger = logging.getLogger(__name__)
READ, APPLY = "action_plans.read_import", "action_plans.apply_import"
# A larger file, or more changes, takes more than an instant: a worker does it.
SMALL_FILE, FEW_CHANGES = 20_000, 100
NAME_LENGTH = 255
CHANGED_SINCE = (
    "Le plan a changé depuis que cet aperçu a été affiché : rien n’est importé. Relisez l’aperçu "
    "ci-dessous, à jour, puis importez-le."
)
UNDER_REPAIR = (
    "Rien n’est importé : des cellules sont à corriger. Corrigez-les dans votre tableau, puis "
    "choisissez de nouveau le fichier."
)


# --- Handing in -------------------------------------------------------------------------------


@transaction.atomic
def receive_file(*, prefecture: Prefecture, file_name: str, data: bytes, by: User) -> ActionImport:
    """Keep a file; it is read at once when it is small, else by a worker after the commit."""
    waiting = ActionImport.objects.filter(
        prefecture=prefecture, requested_by=by, state__in=(ImportState.READING, ImportState.READY)
    )
    # A corrected file takes the place of the one that was being looked at.
    waiting.update(state=ImportState.CANCELLED, content=None, outcome={})
    imported = ActionImport.objects.create(
        prefecture=prefecture,
        file_name=file_name[-NAME_LENGTH:],
        sha256=hashlib.sha256(data).hexdigest(),
        content=data,
        requested_by=by,
    )
    if len(data) <= SMALL_FILE:
        read_import(imported.pk)
        imported.refresh_from_db()
    else:
        transaction.on_commit(lambda: _send(READ, imported.pk))
    return imported


def _send(task: str, key: int) -> None:
    """Ask a worker; when the broker does not answer, the page offers to do it at once."""
    try:
        current_app.send_task(task, args=[key], retry=False)
    except (OperationalError, OSError):
        logger.exception("import %s could not be sent to the workers", key)


@transaction.atomic
def read_import(key: int) -> None:
    """Read and compare a file that waits for it; twice changes nothing."""
    imported = _locked(key)
    if imported is None or imported.state != ImportState.READING:
        return
    try:
        outcome, _ = _compared(imported)
    except UnreadableFileError as error:
        imported.state, imported.message, imported.content = ImportState.FAILED, error.message, None
    else:
        imported.state, imported.outcome = ImportState.READY, outcome.as_dict()
    imported.save(update_fields=["state", "message", "content", "outcome"])


def _locked(key: int) -> ActionImport | None:
    rows = ActionImport.objects.select_for_update(of=("self",))
    return rows.select_related("prefecture", "requested_by").filter(pk=key).first()


def _compared(imported: ActionImport) -> tuple[Outcome, KnownPlan]:
    read = read_plan(bytes(imported.content or b""))
    plan = plan_for_import(imported.prefecture, read)
    may_judge = may_conclude(imported.requested_by, imported.prefecture)
    return compare(read, plan, today=timezone.localdate(), may_judge=may_judge), plan


def may_conclude(user: User | None, prefecture: Prefecture) -> bool:
    """Whether this account concludes on effects in this préfecture (1 query)."""
    if user is None:
        return False
    held = Membership.objects.filter(user=user, prefecture=prefecture)
    roles = held.active_on(timezone.localdate()).values_list("role", flat=True)
    return any(Permission.ACTION_JUDGE in GRANTS[Role(role)] for role in roles)


# --- Applying ---------------------------------------------------------------------------------


@transaction.atomic
def ask_to_apply(*, imported: ActionImport, fingerprint: str) -> ActionImport:
    """Apply what was looked at: at once when it is short, else by a worker. Twice changes nothing.

    ``fingerprint`` is the one of the outcome that was shown. ``ValidationError`` when another one is
    stored, when a line is refused, or when the import was given up.
    """
    stored = _locked(imported.pk)
    if stored is None or stored.state in (ImportState.CANCELLED, ImportState.FAILED):
        raise ValidationError("Cet import est abandonné. Choisissez de nouveau le fichier.")
    if stored.state != ImportState.READY:
        return stored
    if is_refused(stored.outcome):
        raise ValidationError(UNDER_REPAIR)
    if fingerprint_of(stored.outcome) != fingerprint:
        raise ValidationError(CHANGED_SINCE)
    stored.state = ImportState.APPLYING
    stored.message = ""
    stored.save(update_fields=["state", "message"])
    counts = stored.outcome["counts"]
    if counts[LineStatus.ADDED] + counts[LineStatus.CHANGED] <= FEW_CHANGES and (
        len(stored.content or b"") <= SMALL_FILE
    ):
        apply_import(stored.pk)
        stored.refresh_from_db()
    else:
        transaction.on_commit(lambda: _send(APPLY, stored.pk))
    return stored


def is_refused(outcome: dict[str, Any]) -> bool:
    """Tell whether something of a stored outcome is to be mended first."""
    return bool(outcome["errors"] or outcome["counts"][LineStatus.REFUSED])


@transaction.atomic
def apply_import(key: int) -> None:
    """Write an import that was asked for, all of it or nothing.

    When the plan changed since it was looked at, nothing is written: the outcome is brought up to
    date and waits to be looked at again.
    """
    imported = _locked(key)
    if imported is None or imported.state != ImportState.APPLYING:
        return
    lock_plan(imported.prefecture)
    lock_rows(imported.prefecture)
    outcome, plan = _compared(imported)
    seen, told = fingerprint_of(imported.outcome), outcome.as_dict()
    imported.outcome = told
    if outcome.is_refused or fingerprint_of(told) != seen:
        imported.state, imported.message = ImportState.READY, CHANGED_SINCE
    else:
        _write(imported, outcome, plan, imported.requested_by)
    imported.save()


def _write(imported: ActionImport, outcome: Outcome, plan: KnownPlan, by: User | None) -> None:
    imported.changes = write_outcome(
        prefecture=imported.prefecture, plan=plan, outcome=outcome, by=by
    )
    imported.state = ImportState.APPLIED
    imported.applied_by, imported.applied_at = by, timezone.now()
    # Names and addresses of people are not kept twice.
    imported.content = None


@transaction.atomic
def import_now(
    *, prefecture: Prefecture, file_name: str, data: bytes, by: User | None, apply: bool
) -> tuple[Outcome, ActionImport | None]:
    """Read a file and, when asked, apply it if nothing is refused (the command does so).

    Return what it changes, and the import once applied. Raises ``UnreadableFileError``.
    """
    imported = ActionImport(
        prefecture=prefecture,
        file_name=file_name[-NAME_LENGTH:],
        sha256=hashlib.sha256(data).hexdigest(),
        content=data,
        requested_by=by,
    )
    if apply:
        lock_plan(prefecture)
        lock_rows(prefecture)
    outcome, plan = _compared(imported)
    if not apply or outcome.is_refused or not outcome.changes_something:
        return outcome, None
    imported.outcome = outcome.as_dict()
    _write(imported, outcome, plan, by)
    imported.save()
    return outcome, imported


@transaction.atomic
def cancel_import(*, imported: ActionImport) -> ActionImport:
    """Give an import up; ``ValidationError`` when it is applied."""
    stored = _locked(imported.pk)
    if stored is None or stored.state in (ImportState.APPLIED, ImportState.APPLYING):
        raise ValidationError("Cet import est déjà appliqué. Annulez-le depuis sa page.")
    if stored.state != ImportState.UNDONE:
        stored.state, stored.content, stored.outcome = ImportState.CANCELLED, None, {}
        stored.save(update_fields=["state", "content", "outcome"])
    return stored


@transaction.atomic
def resume(*, imported: ActionImport) -> ActionImport:
    """Do at once what waits for a worker that does not come; twice changes nothing."""
    read_import(imported.pk)
    apply_import(imported.pk)
    imported.refresh_from_db()
    return imported
