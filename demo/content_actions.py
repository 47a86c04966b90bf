"""The plan of actions of the demo, as data.

Of the published minutes: the 52 % of users satisfied with the delays of appointments for foreigners, the
deputy head and the section head recruited, the slots added online, and that the effect would be
measured at the next survey. No such survey is known: no effect is told. All the rest is invented.
Days are dates for what is past, and days from the loading for what is judged on the day of reading.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from action_plans.enums import ActionKind, Direction, MeasureUnit, Priority
from demo.content_assessments import CURRENT


Day = date | int | None
FICTITIOUS = "Action de démonstration."
HIGH, NORMAL, LOW = Priority.HIGH, Priority.NORMAL, Priority.LOW
CORRECTIVE, IMPROVEMENT = ActionKind.CORRECTIVE, ActionKind.IMPROVEMENT
CORRECTION, PREVENTIVE = ActionKind.CORRECTION, ActionKind.PREVENTIVE


@dataclass(frozen=True, slots=True)
class Gap:
    """A row of auto-diagnostic: acronym of the service, code of the commitment, campaign."""

    service: str
    code: str
    campaign: str = CURRENT.name


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A step; ``done`` is the day when it was done."""

    title: str
    due: Day = None
    done: Day = None


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """A measure typed by hand. ``read`` is a later value with its day, answers and source."""

    label: str
    baseline: str = ""
    on: Day = None
    source: str = ""
    target: str = ""
    again: Day = None
    unit: MeasureUnit = MeasureUnit.PERCENT
    direction: Direction = Direction.UP
    size: int | None = None
    read: tuple[str, date, int | None, str] | None = None

    @property
    def values(self) -> dict[str, object]:
        """Return the plain fields of the measure."""
        return {
            "label": self.label,
            "unit": self.unit,
            "direction": self.direction,
            "baseline": Decimal(self.baseline) if self.baseline else None,
            "baseline_size": self.size,
            "baseline_source": self.source,
            "target": Decimal(self.target) if self.target else None,
        }


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """An action. ``acts`` are codes of the workflow with their reasons; ``proves`` are titles of pieces.

    ``origins``: gaps, the text of a decision or of a question of a committee, or a sentence.
    """

    title: str
    axis: str
    service: str
    codes: tuple[str, ...] = ()
    problem: str = ""
    cause: str = ""
    kind: ActionKind = CORRECTIVE
    priority: Priority = NORMAL
    owner: str = ""
    owner_name: str = ""
    owner_email: str = ""
    starts: Day = None
    due: Day = None
    means: str = ""
    cost: str = ""
    progress: int = 0
    acts: tuple[tuple[str, str], ...] = ()
    done: Day = None
    verdict_unknown: str = ""
    steps: tuple[StepFacts, ...] = ()
    origins: tuple[Gap | str, ...] = ()
    measures: tuple[MeasureFacts, ...] = ()
    proves: tuple[str, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
    is_highlighted: bool = False


START, FINISH = ("start", ""), ("finish", "")
RECEPTION, PHONE = "Accueil et délais", "Accueil téléphonique"
WRITING, TOWNS, STEERING = "Écrits et site internet", "Collectivités", "Écoute et pilotage"
AXES = (RECEPTION, PHONE, WRITING, TOWNS, STEERING)

# Decisions of the working group, in the draft of its minutes.
LOST_CALLS = "Compter les appels perdus chaque semaine et les présenter au groupe. (Démonstration.)"
SIGNAGE = "Refaire la signalétique du hall avec des pictogrammes. (Démonstration.)"
DECISIONS = ((LOST_CALLS, "Standard téléphonique", 20), (SIGNAGE, "Accueil général", 45))
# The question of the committee that an action answers: the beginning of its text.
VISITS = "Comment connaît-on le nombre de connexions"
