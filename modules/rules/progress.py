"""Where a démarche stands and what comes next. Pure: plain values in, frozen dataclasses out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.typography import date_in_words
from modules.enums import AuditKind


class Step(StrEnum):
    """The four steps of a démarche."""

    CHOOSE = "Choisir"
    VALIDATE = "Valider"
    AUDIT = "Auditer"
    DECIDE = "Décider"


class StepState(StrEnum):
    """State of a step, in the words of the stepper component."""

    DONE = "done"
    CURRENT = "current"
    TODO = "todo"


@dataclass(frozen=True, slots=True)
class AuditDate:
    """An audit as the rules see it."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Progress:
    """State of each step, and the next audit if one is to come."""

    steps: tuple[tuple[Step, StepState], ...]
    next_audit: AuditDate | None

    @property
    def current(self) -> Step | None:
        """The step to work on; ``None`` when all are done."""
        return next((step for step, state in self.steps if state is StepState.CURRENT), None)


def progress(
    *,
    is_chosen: bool,
    is_validated: bool,
    audits: Sequence[AuditDate],
    today: date,
    is_labelled: bool = False,
    is_closed: bool = False,
) -> Progress:
    """Tell where a démarche stands on ``today``.

    Auditing is done once the certification audit has been held, its day included only when past; a
    label shows that it was held. ``is_closed``: nothing is to be done any more, whatever is not done.
    """
    certified = [audit.on for audit in audits if audit.kind == AuditKind.CERTIFICATION]
    is_audited = is_labelled or (bool(certified) and max(certified) < today)
    done = {
        Step.CHOOSE: is_chosen,
        Step.VALIDATE: is_validated,
        Step.AUDIT: is_audited,
        Step.DECIDE: is_labelled,
    }
    states: list[tuple[Step, StepState]] = []
    current_found = is_closed
    for step, is_done in done.items():
        if is_done:
            states.append((step, StepState.DONE))
        else:
            states.append((step, StepState.TODO if current_found else StepState.CURRENT))
            current_found = True
    to_come = sorted((audit for audit in audits if audit.on >= today), key=lambda item: item.on)
    return Progress(tuple(states), to_come[0] if to_come else None)


def sentence_of_next_step(state: Progress, *, is_audit_planned: bool) -> str:
    """Return what comes next before the label, in one French sentence."""
    match state.current:
        case Step.CHOOSE:
            return "Le préfet choisit les modules, en plus du module obligatoire."
        case Step.VALIDATE:
            return "Le ministère de l’Intérieur valide le périmètre choisi par le préfet."
        case Step.AUDIT if not is_audit_planned:
            return "La préfecture fixe les dates de l’audit interne et de l’audit de labellisation."
        case Step.AUDIT if state.next_audit is None:
            return "L’audit de labellisation reste à programmer."
        case Step.AUDIT:
            return "La préfecture prépare le prochain audit."
    return "Les audits sont passés. Enregistrez la décision dès que l’organisme l’a rendue."


def sentence_of_label(ends_on: date | None, today: date) -> str:
    """Return what comes next once the label is held, in one French sentence."""
    if ends_on is None:
        return "Le label est obtenu. Indiquez jusqu’à quand il vaut."
    if ends_on < today:
        return (
            f"Le label a pris fin le {date_in_words(ends_on)} : enregistrez son renouvellement dans "
            "la démarche suivante, ou clôturez celle-ci."
        )
    return (
        f"Le label vaut jusqu’au {date_in_words(ends_on)}. Pour le renouveler, ouvrez une nouvelle "
        "démarche."
    )
