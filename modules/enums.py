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


class ChangeKind(models.TextChoices):
    """What became of a module or a commitment from one référentiel to the next."""

    KEPT = "kept", "Repris"
    REWORDED = "reworded", "Reformulé"
    RENAMED = "renamed", "Renommé"
    NARROWED = "narrowed", "Restreint"
    MOVED = "moved", "Déplacé"
    MERGED = "merged", "Fusionné"
    SPLIT = "split", "Scindé"
    ADDED = "added", "Ajouté"
    REMOVED = "removed", "Retiré"

    @property
    def tone(self) -> Tone:
        return _CHANGE_TONES.get(self, Tone.PROGRESS)


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
_CHANGE_TONES = {
    ChangeKind.KEPT: Tone.NOT_APPLICABLE,
    ChangeKind.ADDED: Tone.GOOD,
    ChangeKind.REMOVED: Tone.BAD,
}
_STATE_TONES = {
    CycleState.PREPARATION: Tone.PROGRESS,
    CycleState.LABELLED: Tone.GOOD,
    CycleState.ENDED: Tone.DRAFT,
}
