"""Writes of the démarche. What is refused raises ``ValidationError`` with a French message."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Prefecture, User
from modules.models import (
    VALIDATION_FOLLOWS_CHOICE,
    CycleModule,
    LabelCycle,
    Module,
    PlannedAudit,
    Referential,
)
from modules.services.perimeter import (
    complete_open_sheets,
    refuse_unless_open,
    settle_work,
)
from modules.services.writing import write


# --- Démarches --------------------------------------------------------------------------------
@transaction.atomic
def create_cycle(
    *,
    prefecture: Prefecture,
    referential: Referential,
    name: str,
    started_on: date,
    context: str = "",
) -> LabelCycle:
    """Open a démarche; the compulsory modules of its référentiel are retained at once."""
    cycle = LabelCycle(prefecture=prefecture, referential=referential)
    write(cycle, {"name": name, "started_on": started_on, "context": context})
    _retain(cycle, [])
    # Saved again so that the first line of the history already holds the compulsory modules.
    write(cycle, {})
    return cycle


@transaction.atomic
def update_cycle(*, cycle: LabelCycle, name: str, started_on: date, context: str) -> LabelCycle:
    """Change the name, the beginning or the reasons of a démarche."""
    write(cycle, {"name": name, "started_on": started_on, "context": context})
    return cycle


@transaction.atomic
def prepare_modules(
    *, cycle: LabelCycle, modules: Iterable[Module], left_work: str = ""
) -> LabelCycle:
    """Retain these modules besides the compulsory ones.

    ``left_work`` (``LeftWork``) settles the work of those that leave; ``WorkInTheWayError`` when
    there is some and it is blank. When modules change, the préfet's choice and the ministry's
    validation fall: both were about another perimeter.
    """
    refuse_unless_open(cycle)
    if _retain(cycle, modules, left_work):
        write(cycle, {**_NO_CHOICE, **_NO_VALIDATION})
    return cycle


@transaction.atomic
def record_choice(
    *,
    cycle: LabelCycle,
    modules: Iterable[Module],
    chosen_on: date,
    chosen_by_name: str,
    chosen_by_function: str = "",
    choice_note: str = "",
    left_work: str = "",
    by: User,
) -> LabelCycle:
    """Record the modules chosen by the préfet, and when; another choice asks for a new validation.

    ``left_work`` as for ``prepare_modules``.
    """
    refuse_unless_open(cycle)
    refuse_future(chosen_on, "chosen_on", "Le choix")
    values: dict[str, Any] = {
        "chosen_on": chosen_on,
        "chosen_by_name": chosen_by_name,
        "chosen_by_function": chosen_by_function,
        "choice_note": choice_note,
        "choice_recorded_by": by,
    }
    if _retain(cycle, modules, left_work):
        values |= _NO_VALIDATION
    write(cycle, values)
    return cycle


@transaction.atomic
def validate_perimeter(
    *,
    cycle: LabelCycle,
    validated_on: date,
    validated_by: str,
    validation_note: str = "",
    by: User,
) -> LabelCycle:
    """Record the ministry's validation; it needs the préfet's choice first."""
    refuse_validation_before_choice(cycle)
    refuse_unless_open(cycle)
    refuse_future(validated_on, "validated_on", "La validation")
    if cycle.chosen_on is not None and validated_on < cycle.chosen_on:
        raise ValidationError({"validated_on": VALIDATION_FOLLOWS_CHOICE})
    write(
        cycle,
        {
            "validated_on": validated_on,
            "validated_by": validated_by,
            "validation_note": validation_note,
            "validation_recorded_by": by,
        },
    )
    return cycle


def refuse_validation_before_choice(cycle: LabelCycle) -> None:
    """Raise ``ValidationError`` while the préfet has not chosen; the page asks before its form."""
    if cycle.chosen_on is None:
        raise ValidationError(
            "Le préfet n’a pas encore choisi les modules : il n’y a rien à valider. "
            "La préfecture enregistre d’abord ce choix."
        )


_NO_CHOICE: dict[str, Any] = {
    "chosen_on": None,
    "chosen_by_name": "",
    "chosen_by_function": "",
    "choice_note": "",
    "choice_recorded_by": None,
}
_NO_VALIDATION: dict[str, Any] = {
    "validated_on": None,
    "validated_by": "",
    "validation_note": "",
    "validation_recorded_by": None,
}


def _retain(cycle: LabelCycle, modules: Iterable[Module], left_work: str = "") -> bool:
    """Make these modules and the compulsory ones the perimeter; tell whether it changed."""
    wanted = {module.pk: module for module in modules}
    if any(module.referential_id != cycle.referential_id for module in wanted.values()):
        raise ValidationError({"modules": "Un des modules est celui d’un autre référentiel."})
    wanted |= {
        module.pk: module
        for module in Module.objects.filter(
            referential_id=cycle.referential_id, is_compulsory=True
        ).order_by("number")
    }
    items = cycle.cycle_modules.select_related("module").order_by("position")
    present = {item.module_id: item for item in items}
    if set(present) == set(wanted):
        return False
    leaving = [item for module_id, item in present.items() if module_id not in wanted]
    settle_work(cycle, [item.module for item in leaving], left_work)
    for item in leaving:
        item.delete()
    ranked = sorted(wanted.values(), key=lambda module: (not module.is_compulsory, module.number))
    for position, module in enumerate(ranked, start=1):
        item = present.get(module.pk) or CycleModule(cycle=cycle, module=module)
        if item.position != position:
            item.position = position
            item.save()
    complete_open_sheets(cycle)
    return True


def refuse_future(day: date, field: str, what: str) -> None:
    """Raise ``ValidationError`` beside ``field`` when an act is dated of a day to come."""
    if day > timezone.localdate():
        raise ValidationError({field: f"{what} ne peut pas être daté d’un jour à venir."})


# --- Audits -----------------------------------------------------------------------------------
@transaction.atomic
def plan_audit(
    *, cycle: LabelCycle, kind: str, on: date, body: str = "", note: str = ""
) -> PlannedAudit:
    """Add an audit to a démarche."""
    return _write_audit(PlannedAudit(cycle=cycle), kind, on, body, note)


@transaction.atomic
def update_audit(*, audit: PlannedAudit, kind: str, on: date, body: str, note: str) -> PlannedAudit:
    """Change the nature, the date or the body of an audit."""
    return _write_audit(audit, kind, on, body, note)


def _write_audit(audit: PlannedAudit, kind: str, on: date, body: str, note: str) -> PlannedAudit:
    if on < audit.cycle.started_on:
        raise ValidationError(
            {"on": "L’audit précède le début de la démarche. Corrigez l’une des deux dates."}
        )
    write(audit, {"kind": kind, "on": on, "body": body, "note": note})
    return audit


@transaction.atomic
def remove_audit(*, audit: PlannedAudit) -> PlannedAudit:
    """Take an audit off the démarche; ``restore_audit`` puts it back."""
    audit.mark_removed()
    return audit


@transaction.atomic
def restore_audit(*, audit: PlannedAudit) -> PlannedAudit:
    """Put a removed audit back, unless the same one was planned meanwhile."""
    twin = PlannedAudit.objects.kept().filter(cycle=audit.cycle, kind=audit.kind, on=audit.on)
    if twin.exclude(pk=audit.pk).exists():
        raise ValidationError("Le même audit a été prévu entre-temps : il n’y a rien à rétablir.")
    audit.mark_restored()
    return audit
