"""Importing a composition: read and kept to be looked at, then applied in one go or given up."""

from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from accounts.models import User
from meetings.composition_files import Row, read_composition
from meetings.enums import BodyCategory, ImportRowState, ImportState
from meetings.errors import ConflictError, RefusedError
from meetings.models import Body, Committee, CompositionImport, Member
from meetings.rules.composition_plan import KnownBody, Plan, PlannedBody, plan_composition
from meetings.selectors.composition import next_protocol_order
from meetings.services.committees import lock_composition


NAME_LENGTH = 200


@transaction.atomic
def store_import(
    *, committee: Committee, file_name: str, data: bytes, by: User
) -> tuple[CompositionImport, list[str]]:
    """Read a file and keep its lines, faults included; nothing of the composition changes.

    Return the import and the titles of the columns left aside. Raises ``UnreadableFileError``.
    """
    read = read_composition(data)
    # A corrected file takes the place of the one that was being looked at.
    for earlier in committee.imports.filter(state=ImportState.PENDING, requested_by=by):
        _close(earlier, ImportState.CANCELLED)
    imported = CompositionImport.objects.create(
        committee=committee,
        file_name=file_name[-NAME_LENGTH:],
        rows=[row.as_dict() for row in read.rows],
        requested_by=by,
    )
    return imported, read.ignored


def plan_of(imported: CompositionImport) -> Plan:
    """Compare the lines of an import with the composition as it is now (2 queries)."""
    members = Prefetch("members", Member.objects.filter(removed_at__isnull=True))
    bodies = imported.committee.bodies.kept().prefetch_related(members)
    return plan_composition(
        [Row.from_dict(stored) for stored in imported.rows],
        [KnownBody(body, list(body.members.all())) for body in bodies],
    )


@transaction.atomic
def apply_import(*, imported: CompositionImport, fingerprint: str) -> Plan | None:
    """Apply what was looked at, all of it or nothing; ``None`` when it is already applied.

    ``fingerprint`` is the one of the plan that was shown: ``ConflictError`` when the composition
    changed since. ``RefusedError`` when a line is refused or the import was given up.
    """
    committee = lock_composition(imported.committee)
    stored = CompositionImport.objects.select_for_update().get(pk=imported.pk)
    if stored.state == ImportState.APPLIED:
        return None
    if stored.state == ImportState.CANCELLED:
        raise RefusedError("Cet import est abandonné. Choisissez de nouveau le fichier.")
    stored.committee = committee
    plan = plan_of(stored)
    if plan.faults:
        raise RefusedError(
            "Rien n’est importé : des lignes du fichier sont à corriger. Corrigez-les, puis choisissez "
            "de nouveau le fichier."
        )
    if plan.fingerprint != fingerprint:
        raise ConflictError(
            "La composition a changé depuis que cet aperçu a été affiché : rien n’est importé. Relisez "
            "l’aperçu ci-dessous, à jour, puis appliquez-le."
        )
    for body in plan.bodies:
        _apply_body(committee, body)
    _close(stored, ImportState.APPLIED)
    return plan


@transaction.atomic
def cancel_import(*, imported: CompositionImport) -> CompositionImport:
    """Give an import up; one that is applied stays so (``RefusedError``)."""
    stored = CompositionImport.objects.select_for_update().get(pk=imported.pk)
    if stored.state == ImportState.APPLIED:
        raise RefusedError("Cet import est déjà appliqué. Corrigez la composition elle-même.")
    return _close(stored, ImportState.CANCELLED)


def _close(imported: CompositionImport, state: ImportState) -> CompositionImport:
    imported.state = state
    # Names and addresses of people are not kept twice.
    imported.rows = []
    imported.save(update_fields=["state", "rows"])
    return imported


def _apply_body(committee: Committee, planned: PlannedBody) -> None:
    body = planned.record or _new_body(committee, planned)
    if planned.record is not None and planned.values:
        _update(body, planned.values)
    for line in planned.rows:
        if line.member is not None:
            if line.values:
                _update(line.member, line.values)
        elif line.row.has_person:
            Member.objects.create(body=body, **line.values)


def _new_body(committee: Committee, planned: PlannedBody) -> Body:
    """Create a body; what the file does not tell is guessed from its lines."""
    people = sum(line.row.has_person for line in planned.rows)
    values: dict[str, Any] = {
        "category": BodyCategory.OTHER,
        "seats": min(max(people, 1), 99),
        "protocol_order": next_protocol_order(committee),
        **planned.values,
    }
    values["names_absentees"] = values["category"] == BodyCategory.PARLIAMENT
    return Body.objects.create(committee=committee, **values)


def _update(record: Body | Member, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


def told(plan: Plan, file_name: str) -> str:
    """Return what an applied plan did, in a sentence."""
    added, changed = plan.count(ImportRowState.ADDED), plan.count(ImportRowState.CHANGED)
    done = [
        words.format(count, "s" if count > 1 else "")
        for count, words in (
            (added, "{0} ligne{1} ajoutée{1}"),
            (changed, "{0} ligne{1} modifiée{1}"),
        )
        if count
    ]
    return f"Le fichier « {file_name} » est importé : {' et '.join(done) or 'rien n’a changé'}."
