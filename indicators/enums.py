"""Words of the indicators: units, periodicities, states of a measure, where a figure comes from."""

from django.db import models

from common import numbers
from common.enums import Tone


# Unit of an indicator; how each is written is the affair of ``common.numbers``.
Unit = numbers.Unit


class Direction(models.TextChoices):
    """Which way is better; a count of visits has none."""

    UP = "up", "Plus haut est mieux"
    DOWN = "down", "Plus bas est mieux"
    NONE = "none", "Sans sens"


class Periodicity(models.TextChoices):
    """How often an indicator is measured."""

    MONTH = "month", "Mensuelle"
    QUARTER = "quarter", "Trimestrielle"
    HALF = "half", "Semestrielle"
    YEAR = "year", "Annuelle"


class Level(models.TextChoices):
    """What an indicator is measured for."""

    PREFECTURE = "prefecture", "Préfecture"
    SITE = "site", "Site"
    SERVICE = "service", "Service"


class Aggregation(models.TextChoices):
    """How figures of several places or periods make one. Percentages are never averaged."""

    RATIO = "ratio", "Somme des numérateurs sur somme des dénominateurs"
    SUM = "sum", "Somme"
    NONE = "none", "Ne s’additionne pas"


class TargetKind(models.TextChoices):
    """What a dated value asks for."""

    TARGET = "target", "Cible"
    ALERT = "alert", "Seuil d’alerte"


class MeasureStatus(models.TextChoices):
    """Whether there is a figure. « Non mesuré » and « sans objet » are never 0."""

    MEASURED = "measured", "Mesuré"
    NOT_MEASURED = "not_measured", "Non mesuré"
    NOT_APPLICABLE = "not_applicable", "Sans objet"

    @property
    def tone(self) -> Tone:
        return _STATUS_TONES[self]


class MeasureState(models.TextChoices):
    """How far a figure may be trusted."""

    ENTERED = "entered", "Saisie"
    VALIDATED = "validated", "Validée"
    PUBLISHED = "published", "Publiée"

    @property
    def tone(self) -> Tone:
        return _STATE_TONES[self]


class FigureOrigin(models.TextChoices):
    """How a figure came."""

    HAND = "hand", "Saisie à la main"
    FILE = "file", "Lue dans un fichier"
    COMPUTED = "computed", "Calculée par l’application"


class Standing(models.TextChoices):
    """Where a figure stands against its target."""

    MET = "met", "Cible atteinte"
    WATCH = "watch", "À surveiller"
    BELOW = "below", "Cible non atteinte"
    NO_TARGET = "no_target", "Sans cible"
    NOT_MEASURED = "not_measured", "Non mesuré"
    NOT_APPLICABLE = "not_applicable", "Sans objet"
    PARTIAL = "partial", "Données incomplètes"

    @property
    def tone(self) -> Tone:
        return _STANDING_TONES[self]


class ImportState(models.TextChoices):
    """Where the import of a workbook stands."""

    READING = "reading", "Lecture en cours"
    PREVIEW = "preview", "À vérifier"
    FAILED = "failed", "Illisible"
    APPLIED = "applied", "Appliqué"
    UNDONE = "undone", "Annulé"
    DROPPED = "dropped", "Abandonné"

    @property
    def tone(self) -> Tone:
        return _IMPORT_TONES[self]


class ImportEffect(models.TextChoices):
    """What a cell of a workbook would do to the figures."""

    REFUSED = "refused", "À corriger"
    QUESTION = "question", "À préciser"
    CHANGED = "changed", "À remplacer"
    ADDED = "added", "À ajouter"
    UNCHANGED = "unchanged", "Sans changement"
    LEFT_OUT = "left_out", "Laissé de côté"

    @property
    def tone(self) -> Tone:
        return _EFFECT_TONES[self]

    @property
    def done_label(self) -> str:
        """What it says once the import is applied."""
        return {"changed": "Remplacé", "added": "Ajouté"}.get(self.value, str(self.label))


_STATUS_TONES = {
    MeasureStatus.MEASURED: Tone.GOOD,
    MeasureStatus.NOT_MEASURED: Tone.NOT_MEASURED,
    MeasureStatus.NOT_APPLICABLE: Tone.NOT_APPLICABLE,
}
_STATE_TONES = {
    MeasureState.ENTERED: Tone.DRAFT,
    MeasureState.VALIDATED: Tone.PROGRESS,
    MeasureState.PUBLISHED: Tone.GOOD,
}
_STANDING_TONES = {
    Standing.MET: Tone.GOOD,
    Standing.WATCH: Tone.WATCH,
    Standing.BELOW: Tone.BAD,
    Standing.NO_TARGET: Tone.DRAFT,
    Standing.NOT_MEASURED: Tone.NOT_MEASURED,
    Standing.NOT_APPLICABLE: Tone.NOT_APPLICABLE,
    Standing.PARTIAL: Tone.NOT_MEASURED,
}
_EFFECT_TONES = {
    ImportEffect.REFUSED: Tone.BAD,
    ImportEffect.QUESTION: Tone.WATCH,
    ImportEffect.CHANGED: Tone.WATCH,
    ImportEffect.ADDED: Tone.GOOD,
    ImportEffect.UNCHANGED: Tone.DRAFT,
    ImportEffect.LEFT_OUT: Tone.NOT_APPLICABLE,
}
_IMPORT_TONES = {
    ImportState.READING: Tone.PROGRESS,
    ImportState.FAILED: Tone.BAD,
    ImportState.PREVIEW: Tone.PROGRESS,
    ImportState.APPLIED: Tone.GOOD,
    ImportState.UNDONE: Tone.WATCH,
    ImportState.DROPPED: Tone.DRAFT,
}
