"""Words of the démarche: certainty of the catalogue, states, kinds of audit."""

from django.db import models

from common.enums import Tone


class Certainty(models.TextChoices):
    """Whether a row of the catalogue rests on a source. Only the sourced may be shown as official."""

    SOURCED = "sourced", "Sourcé"
    TO_CONFIRM = "to_confirm", "À confirmer"

    @property
    def tone(self) -> Tone:
        return _CERTAINTY_TONES[self]


class CycleState(models.TextChoices):
    """Where a démarche stands as a whole; its steps are dates of their own."""

    PREPARATION = "preparation", "En préparation"
    LABELLED = "labelled", "Labellisée"
    ENDED = "ended", "Terminée"

    @property
    def tone(self) -> Tone:
        return _STATE_TONES[self]


class AuditKind(models.TextChoices):
    """The two audits of a cycle."""

    INTERNAL = "internal", "Audit interne"
    CERTIFICATION = "certification", "Audit de labellisation"


_CERTAINTY_TONES = {Certainty.SOURCED: Tone.GOOD, Certainty.TO_CONFIRM: Tone.WATCH}
_STATE_TONES = {
    CycleState.PREPARATION: Tone.PROGRESS,
    CycleState.LABELLED: Tone.GOOD,
    CycleState.ENDED: Tone.DRAFT,
}
