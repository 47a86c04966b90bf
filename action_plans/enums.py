"""Words of the action plan: states, kinds, priorities, verdicts, effects."""

from django.db import models

from common.enums import Tone


class ActionState(models.TextChoices):
    """Where an action stands. The last three end its life; only the référent gives a verdict."""

    TO_START = "to_start", "À lancer"
    ONGOING = "ongoing", "En cours"
    DONE = "done", "Réalisée"
    EFFECTIVE = "effective", "Efficace"
    INEFFECTIVE = "ineffective", "Inefficace"
    ABANDONED = "abandoned", "Abandonnée"

    @property
    def tone(self) -> Tone:
        return _STATE_TONES[self]


# States in which work is still owed: only these can be late.
OPEN_STATES = frozenset({ActionState.TO_START, ActionState.ONGOING})
# States that end the life of an action.
CLOSED_STATES = frozenset({ActionState.EFFECTIVE, ActionState.INEFFECTIVE, ActionState.ABANDONED})


class ActionKind(models.TextChoices):
    """What an action is for (domain.md, section 8)."""

    CORRECTION = "correction", "Correction immédiate"
    CORRECTIVE = "corrective", "Action corrective"
    PREVENTIVE = "preventive", "Action préventive"
    IMPROVEMENT = "improvement", "Amélioration"


class Priority(models.IntegerChoices):
    """Urgency, the first the most."""

    HIGH = 1, "Haute"
    NORMAL = 2, "Normale"
    LOW = 3, "Basse"

    @property
    def tone(self) -> Tone:
        return _PRIORITY_TONES[self]


class Verdict(models.TextChoices):
    """What the référent concludes on the effect; « on ne sait pas » is an honest answer."""

    EFFECTIVE = "effective", "Efficace"
    INEFFECTIVE = "ineffective", "Inefficace"
    UNKNOWN = "unknown", "On ne sait pas"

    @property
    def tone(self) -> Tone:
        return _VERDICT_TONES[self]


class EffectOutcome(models.TextChoices):
    """How a measure moved since the baseline, as its source computes it."""

    PROGRESS = "progress", "Progrès établi"
    UNPROVEN = "unproven", "Évolution non établie"
    REGRESSION = "regression", "Recul établi"
    UNKNOWN = "unknown", "Pas encore mesuré"

    @property
    def tone(self) -> Tone:
        return _OUTCOME_TONES[self]


class MeasureUnit(models.TextChoices):
    """Unit of a measure typed by hand. A rate is kept as a number from 0 to 1."""

    PERCENT = "percent", "%"
    DAYS = "days", "jours"
    WORKING_DAYS = "working_days", "jours ouvrés"
    MINUTES = "minutes", "minutes"
    COUNT = "count", "nombre"
    MARK10 = "mark10", "note sur 10"


class Direction(models.TextChoices):
    """Which way is better."""

    UP = "up", "Plus haut est mieux"
    DOWN = "down", "Plus bas est mieux"


class ImportState(models.TextChoices):
    """Where a table handed in stands."""

    READING = "reading", "Lecture en cours"
    READY = "ready", "À relire"
    APPLYING = "applying", "Import en cours"
    APPLIED = "applied", "Importé"
    UNDONE = "undone", "Annulé après coup"
    FAILED = "failed", "Illisible"
    CANCELLED = "cancelled", "Abandonné"

    @property
    def tone(self) -> Tone:
        return _IMPORT_TONES[self]

    @property
    def is_working(self) -> bool:
        """Whether somebody waits for a worker."""
        return self in (ImportState.READING, ImportState.APPLYING)


_STATE_TONES = {
    ActionState.TO_START: Tone.DRAFT,
    ActionState.ONGOING: Tone.PROGRESS,
    ActionState.DONE: Tone.GOOD,
    ActionState.EFFECTIVE: Tone.GOOD,
    ActionState.INEFFECTIVE: Tone.BAD,
    ActionState.ABANDONED: Tone.NOT_APPLICABLE,
}
_PRIORITY_TONES = {
    Priority.HIGH: Tone.WATCH,
    Priority.NORMAL: Tone.PROGRESS,
    Priority.LOW: Tone.DRAFT,
}
_VERDICT_TONES = {
    Verdict.EFFECTIVE: Tone.GOOD,
    Verdict.INEFFECTIVE: Tone.BAD,
    Verdict.UNKNOWN: Tone.NOT_MEASURED,
}
_OUTCOME_TONES = {
    EffectOutcome.PROGRESS: Tone.GOOD,
    EffectOutcome.UNPROVEN: Tone.WATCH,
    EffectOutcome.REGRESSION: Tone.BAD,
    EffectOutcome.UNKNOWN: Tone.NOT_MEASURED,
}
_IMPORT_TONES = {
    ImportState.READING: Tone.PROGRESS,
    ImportState.READY: Tone.WATCH,
    ImportState.APPLYING: Tone.PROGRESS,
    ImportState.APPLIED: Tone.GOOD,
    ImportState.UNDONE: Tone.NOT_APPLICABLE,
    ImportState.FAILED: Tone.BAD,
    ImportState.CANCELLED: Tone.NOT_APPLICABLE,
}
