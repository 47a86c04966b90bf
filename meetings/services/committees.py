"""Writing committees, their bodies and their members.

What a form can mend is refused by ``ValidationError`` (see ``common.form_tools.attempt``), what a
button asks in vain by ``MeetingError``.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Prefecture
from common.editing import is_stale
from common.models import Revised
from common.typography import date_in_words
from common.written import plain_key
from meetings.errors import RefusedError
from meetings.models import Body, Committee, Member
from meetings.rules.composition import EARLIEST, LATEST, overlap, person_key
from meetings.selectors.committees import proposed_slug


# Words that stand where the address of a committee stands.
RESERVED_SLUGS = frozenset({"seances", "diffusion", "nouveau"})
_REPEATED_BODY = "Cet organisme est déjà dans la composition du comité."


def _write(instance: Revised, values: Mapping[str, Any]) -> None:
    if instance.pk is not None and is_stale(instance):
        raise ValidationError(
            "Quelqu’un vient de modifier cette fiche. Rechargez la page, puis recommencez."
        )
    for name, value in values.items():
        setattr(instance, name, value)
    instance.full_clean()
    instance.save()


def lock_composition(committee: Committee) -> Committee:
    """Lock the committee until the transaction ends: writes of its composition wait in turn."""
    return Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)


# --- Committees -------------------------------------------------------------------------------
@transaction.atomic
def create_committee(*, prefecture: Prefecture, values: Mapping[str, Any]) -> Committee:
    """Create a committee; without a ``slug``, its address is made of its name and its préfecture."""
    committee = Committee(prefecture=prefecture)
    slug = values.get("slug") or proposed_slug(
        values["name"], values["kind"], prefecture, reserved=RESERVED_SLUGS
    )
    _write_committee(committee, {**values, "slug": slug})
    return committee


@transaction.atomic
def update_committee(*, committee: Committee, values: Mapping[str, Any]) -> Committee:
    """Change some fields of a committee."""
    _write_committee(committee, values)
    return committee


def _write_committee(committee: Committee, values: Mapping[str, Any]) -> None:
    if values.get("slug") in RESERVED_SLUGS:
        raise ValidationError(
            {"slug": f"« {values['slug']} » est réservé à l’application. Choisissez-en un autre."}
        )
    _write(committee, values)


# --- Bodies -----------------------------------------------------------------------------------
@transaction.atomic
def add_body(*, committee: Committee, values: Mapping[str, Any]) -> Body:
    """Add a body to the composition."""
    lock_composition(committee)
    body = Body(committee=committee)
    _write_body(body, values)
    return body


@transaction.atomic
def update_body(*, body: Body, values: Mapping[str, Any]) -> Body:
    """Change some fields of a body."""
    lock_composition(body.committee)
    _write_body(body, values)
    return body


def _write_body(body: Body, values: Mapping[str, Any]) -> None:
    key = plain_key(values.get("name", body.name))
    others = body.committee.bodies.kept().exclude(pk=body.pk).values_list("name", flat=True)
    if key in {plain_key(name) for name in others.order_by("pk")}:
        raise ValidationError({"name": _REPEATED_BODY})
    _write(body, values)


@transaction.atomic
def remove_body(*, body: Body) -> Body:
    """Take a body and its members off the composition, together: they come back together."""
    lock_composition(body.committee)
    if body.removed_at is not None:
        return body
    now = timezone.now()
    for row in (*body.members.kept(), body):
        row.removed_at = now
        row.save(update_fields=["removed_at"])
    return body


@transaction.atomic
def restore_body(*, body: Body) -> Body:
    """Put a removed body back, with the members who left with it."""
    lock_composition(body.committee)
    if body.removed_at is None:
        return body
    kept = body.committee.bodies.kept().order_by("pk").values_list("name", flat=True)
    if plain_key(body.name) in {plain_key(name) for name in kept}:
        raise RefusedError(
            f"Un organisme du nom de « {body.name} » a été ajouté entre-temps : l’ancien n’est pas "
            "rétabli."
        )
    for row in (*body.members.filter(removed_at=body.removed_at), body):
        row.mark_restored()
    return body


# --- Members ----------------------------------------------------------------------------------
@transaction.atomic
def add_member(*, body: Body, values: Mapping[str, Any]) -> Member:
    """Add a member to a body; the same person twice at the same time is refused."""
    lock_composition(body.committee)
    member = Member(body=body)
    _write_member(member, values)
    return member


@transaction.atomic
def update_member(*, member: Member, values: Mapping[str, Any]) -> Member:
    """Change some fields of a member, or move them to another body of the same committee."""
    lock_composition(member.body.committee)
    _write_member(member, values)
    return member


@transaction.atomic
def end_mandate(*, member: Member, on: date) -> Member:
    """Set the last day of a mandate; the member stays in the history of the body."""
    lock_composition(member.body.committee)
    if member.starts_on is not None and on < member.starts_on:
        raise ValidationError(
            {
                "ends_on": "La fin du mandat précède son début, le "
                f"{date_in_words(member.starts_on)}. Indiquez une date plus tardive."
            }
        )
    _write_member(member, {"ends_on": on})
    return member


@transaction.atomic
def remove_member(*, member: Member) -> Member:
    """Take a member off the composition; ``restore_member`` brings them back."""
    lock_composition(member.body.committee)
    if member.removed_at is None:
        member.mark_removed()
    return member


@transaction.atomic
def restore_member(*, member: Member) -> Member:
    """Put a removed member back. ``RefusedError`` when their place is taken, or their body gone."""
    lock_composition(member.body.committee)
    if member.removed_at is None:
        return member
    if member.body.removed_at is not None:
        raise RefusedError(
            f"« {member.body} » n’est plus dans la composition : rétablissez d’abord cet organisme."
        )
    twin = twin_of(member)
    if twin is not None:
        raise RefusedError(f"{_twin_message(twin)} L’ancienne ligne n’est pas rétablie.")
    member.mark_restored()
    return member


def _write_member(member: Member, values: Mapping[str, Any]) -> None:
    body = values.get("body", member.body)
    if body.committee_id != member.body.committee_id:
        raise ValidationError({"body": "Cet organisme est celui d’un autre comité."})
    if body.removed_at is not None:
        raise ValidationError({"body": "Cet organisme n’est plus dans la composition du comité."})
    for name in ("starts_on", "ends_on"):
        day = values.get(name)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise ValidationError({name: f"L’année doit aller de {EARLIEST.year} à {LATEST.year}."})
    candidate = Member(pk=member.pk, body=body)
    for name in ("first_name", "last_name", "starts_on", "ends_on"):
        setattr(candidate, name, values.get(name, getattr(member, name)))
    twin = twin_of(candidate)
    if twin is not None:
        raise ValidationError({"last_name": _twin_message(twin)})
    _write(member, values)


def twin_of(member: Member) -> Member | None:
    """Return the same person in the same body on an overlapping mandate, if there is one."""
    key = person_key(member.first_name, member.last_name)
    if not any(key):
        return None
    for other in member.body.members.kept().exclude(pk=member.pk):
        if person_key(other.first_name, other.last_name) == key and overlap(
            (member.starts_on, member.ends_on), (other.starts_on, other.ends_on)
        ):
            return other
    return None


def _twin_message(twin: Member) -> str:
    start = f" depuis le {date_in_words(twin.starts_on)}" if twin.starts_on else ""
    end = f" jusqu’au {date_in_words(twin.ends_on)}" if twin.ends_on else ""
    return (
        f"{twin.full_name} figure déjà dans « {twin.body} »{start}{end}. Modifiez cette ligne, ou "
        "terminez d’abord ce mandat."
    )
