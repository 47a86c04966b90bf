"""How a démarche ends: the label decided, renewed, lost or expired; the démarche given up or refused."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from modules.enums import CycleState
from modules.models import LabelCycle
from modules.rules.label import default_end
from modules.services.cycles import refuse_future
from modules.services.writing import write
from modules.workflow import closings_of, is_allowed


S = CycleState
_NO_LABEL: dict[str, Any] = {"labelled_on": None, "label_ends_on": None, "label_body": ""}
_NO_END: dict[str, Any] = {"ended_on": None, "end_reason": ""}


def _refuse_unless_allowed(cycle: LabelCycle, target: CycleState, refusal: str) -> None:
    if not is_allowed(cycle.state, target):
        label = CycleState(cycle.state).label.lower()
        raise ValidationError(f"Cette démarche est dans l’état « {label} » : {refusal}")


def refuse_decision(cycle: LabelCycle) -> None:
    """Raise ``ValidationError`` while no decision can be recorded; the page asks before its form."""
    _refuse_unless_allowed(cycle, S.LABELLED, "il n’y a pas de décision à y enregistrer.")
    if cycle.validated_on is None:
        raise ValidationError(
            "Une démarche n’est labellisée qu’après la validation de son périmètre par le ministère. "
            "Enregistrez d’abord cette validation."
        )


def refuse_closing(cycle: LabelCycle) -> None:
    """Raise ``ValidationError`` when the démarche is already closed."""
    if not closings_of(cycle.state):
        raise ValidationError("Cette démarche est déjà close.")


@transaction.atomic
def record_decision(
    *,
    cycle: LabelCycle,
    labelled_on: date,
    label_body: str,
    label_ends_on: date | None = None,
    predecessor: LabelCycle | None = None,
) -> LabelCycle:
    """Record that the label is granted; without an end, it is worth the usual length.

    ``predecessor``, if it holds the label, passes to « renouvelé » on the same day.
    """
    refuse_decision(cycle)
    refuse_future(labelled_on, "labelled_on", "La décision")
    if cycle.validated_on is not None and labelled_on < cycle.validated_on:
        raise ValidationError({"labelled_on": "La décision suit la validation du périmètre."})
    ends_on = label_ends_on or default_end(labelled_on)
    if ends_on <= labelled_on:
        raise ValidationError({"label_ends_on": "Le label prend fin après la décision."})
    if not label_body:
        raise ValidationError({"label_body": "Indiquez l’organisme qui a décidé."})
    if predecessor is not None:
        _renew(predecessor, cycle, labelled_on)
    values = {
        "state": S.LABELLED,
        "labelled_on": labelled_on,
        "label_ends_on": ends_on,
        "label_body": label_body,
        "predecessor": predecessor,
    }
    write(cycle, values)
    return cycle


def _renew(predecessor: LabelCycle, cycle: LabelCycle, on: date) -> None:
    if predecessor.prefecture_id != cycle.prefecture_id or predecessor.pk == cycle.pk:
        raise ValidationError({"predecessor": "Choisissez une autre démarche de la préfecture."})
    if predecessor.state != S.LABELLED:
        # Lost, expired or never labelled: it stays what it became; the link alone is kept.
        return
    values = {
        "state": S.RENEWED,
        "ended_on": on,
        "end_reason": f"Renouvelé par « {cycle.name} »",
    }
    write(predecessor, values)


@transaction.atomic
def cancel_decision(*, cycle: LabelCycle) -> LabelCycle:
    """Take the decision back: the démarche is in preparation again, the former label runs again.

    Raises ``ValidationError`` unless the démarche holds its label.
    """
    if cycle.state != S.LABELLED:
        raise ValidationError("Cette démarche n’a pas de label en cours : il n’y a rien à annuler.")
    former = cycle.predecessor
    if former is not None and former.state == S.RENEWED:
        write(former, {"state": S.LABELLED, **_NO_END})
    write(cycle, {"state": S.PREPARATION, **_NO_LABEL})
    return cycle


@transaction.atomic
def close_cycle(*, cycle: LabelCycle, closing: str, ended_on: date, end_reason: str) -> LabelCycle:
    """Close a démarche; ``closing`` is a code of ``workflow.CLOSINGS`` that its state allows."""
    refuse_closing(cycle)
    act = next((item for item in closings_of(cycle.state) if item.code == closing), None)
    if act is None:
        raise ValidationError({"closing": "Cette démarche ne peut pas être close ainsi."})
    refuse_future(ended_on, "ended_on", "La fin de la démarche")
    begun, what = cycle.started_on, "le début de la démarche"
    if cycle.labelled_on is not None:
        begun, what = cycle.labelled_on, "la décision de labellisation"
    if ended_on < begun:
        raise ValidationError({"ended_on": f"Cette date précède {what}."})
    if not end_reason:
        raise ValidationError({"end_reason": "Indiquez le motif."})
    values = {
        "state": act.target,
        "ended_on": ended_on,
        "end_reason": f"{act.label} : {end_reason}",
    }
    write(cycle, values)
    return cycle


@transaction.atomic
def reopen_cycle(*, cycle: LabelCycle) -> LabelCycle:
    """Take a closing back: the démarche returns to its label or to its preparation.

    Raises ``ValidationError`` unless it was closed; a renewed label comes back with the decision
    that renewed it (``cancel_decision``).
    """
    if cycle.state == S.RENEWED:
        raise ValidationError(
            "Ce label a été renouvelé : annulez la décision dans la démarche qui le renouvelle."
        )
    if not cycle.is_closed:
        raise ValidationError("Cette démarche n’est pas close.")
    state = S.LABELLED if cycle.labelled_on is not None else S.PREPARATION
    write(cycle, {"state": state, **_NO_END})
    return cycle
