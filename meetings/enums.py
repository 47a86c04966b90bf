"""Words of the committee: kinds, presence, opinions, states."""

from django.db import models

from common.enums import Tone


class CommitteeKind(models.TextChoices):
    """Kinds of meeting; the value is the acronym printed in titles and file names."""

    CLU = "CLU", "Comité local des usagers"
    CLUAC = "CLUAC", "Comité local des usagers et de l’amélioration continue"
    COPIL = "COPIL", "Comité de pilotage"
    WORKING_GROUP = "GT", "Groupe de travail"
    ANNUAL_REVIEW = "REVUE", "Revue annuelle"

    @property
    def of_title(self) -> str:
        """How it follows « Compte rendu » in titles: « du CLU », « de la revue annuelle »."""
        return _OF_TITLES[self]


_OF_TITLES = {
    CommitteeKind.CLU: "du CLU",
    CommitteeKind.CLUAC: "du CLUAC",
    CommitteeKind.COPIL: "du COPIL",
    CommitteeKind.WORKING_GROUP: "du groupe de travail",
    CommitteeKind.ANNUAL_REVIEW: "de la revue annuelle",
}


class BodyCategory(models.TextChoices):
    """What a body is; the order is the one of the lists."""

    STATE = "state", "Service de l’État"
    PARLIAMENT = "parliament", "Parlementaires"
    ELECTED = "elected", "Assemblée ou association d’élus"
    CHAMBER = "chamber", "Chambre consulaire ou organisation professionnelle"
    ASSOCIATION = "association", "Association"
    AUTHORITY = "authority", "Autorité indépendante"
    OTHER = "other", "Autre organisme"


class Presence(models.TextChoices):
    """Presence of a member or of a whole body."""

    PRESENT = "present", "Présent"
    EXCUSED = "excused", "Excusé"
    REPRESENTED = "represented", "Représenté"
    ABSENT = "absent", "Absent"

    @property
    def tone(self) -> Tone:
        return _PRESENCE_TONES[self]

    @property
    def key(self) -> str:
        """Key that sets this value in the attendance grid."""
        return _PRESENCE_KEYS[self]


_PRESENCE_TONES = {
    Presence.PRESENT: Tone.GOOD,
    Presence.EXCUSED: Tone.PROGRESS,
    Presence.REPRESENTED: Tone.PROGRESS,
    Presence.ABSENT: Tone.DRAFT,
}
_PRESENCE_KEYS = {
    Presence.PRESENT: "P",
    Presence.EXCUSED: "E",
    Presence.REPRESENTED: "R",
    Presence.ABSENT: "A",
}


class Verdict(models.TextChoices):
    """Opinion of the committee on a document submitted to it."""

    FAVOURABLE = "favourable", "Avis favorable"
    RESERVED = "reserved", "Avis favorable avec réserves"
    AGAINST = "against", "Avis défavorable"
    NONE = "none", "Pas d’avis rendu"

    @property
    def tone(self) -> Tone:
        return _VERDICT_TONES[self]


_VERDICT_TONES = {
    Verdict.FAVOURABLE: Tone.GOOD,
    Verdict.RESERVED: Tone.WATCH,
    Verdict.AGAINST: Tone.BAD,
    Verdict.NONE: Tone.NOT_APPLICABLE,
}


class MinutesState(models.TextChoices):
    """Life of one version of the minutes."""

    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "Soumis"
    VALIDATED = "validated", "Validé"
    DIFFUSED = "diffused", "Diffusé"

    @property
    def tone(self) -> Tone:
        return _MINUTES_TONES[self]


_MINUTES_TONES = {
    MinutesState.DRAFT: Tone.DRAFT,
    MinutesState.SUBMITTED: Tone.PROGRESS,
    MinutesState.VALIDATED: Tone.GOOD,
    MinutesState.DIFFUSED: Tone.GOOD,
}
# Versions in these states never change again.
FINAL_STATES = frozenset({MinutesState.VALIDATED, MinutesState.DIFFUSED})


class SignatureKind(models.TextChoices):
    """What a signatory did."""

    VISA = "visa", "Visa"
    SIGNATURE = "signature", "Signature"


class Slot(models.TextChoices):
    """Where a text stands in the minutes."""

    OPENING = "opening", "Ouverture de la séance"
    ITEM = "item", "Point de l’ordre du jour"
    CLOSING = "closing", "Clôture de la séance"


class DeliveryState(models.TextChoices):
    """Sending of the minutes to one person."""

    QUEUED = "queued", "En attente d’envoi"
    SENDING = "sending", "Envoi en cours"
    SENT = "sent", "Envoyé"
    FAILED = "failed", "Échec de l’envoi"

    @property
    def tone(self) -> Tone:
        return _DELIVERY_TONES[self]


_DELIVERY_TONES = {
    DeliveryState.QUEUED: Tone.DRAFT,
    DeliveryState.SENDING: Tone.PROGRESS,
    DeliveryState.SENT: Tone.GOOD,
    DeliveryState.FAILED: Tone.BAD,
}


class Severity(models.TextChoices):
    """How much a finding of the consistency panel weighs."""

    BLOCKING = "blocking", "À corriger avant de soumettre"
    WARNING = "warning", "À vérifier"

    @property
    def tone(self) -> Tone:
        return _SEVERITY_TONES[self]


_SEVERITY_TONES = {
    Severity.BLOCKING: Tone.BAD,
    Severity.WARNING: Tone.WATCH,
}


class MandateState(models.TextChoices):
    """Where a member's mandate stands on a day."""

    CURRENT = "current", "En cours"
    ENDING = "ending", "Bientôt fini"
    COMING = "coming", "À venir"
    ENDED = "ended", "Fini"

    @property
    def tone(self) -> Tone:
        return _MANDATE_TONES[self]


_MANDATE_TONES = {
    MandateState.CURRENT: Tone.GOOD,
    MandateState.ENDING: Tone.WATCH,
    MandateState.COMING: Tone.PROGRESS,
    MandateState.ENDED: Tone.DRAFT,
}


class ImportRowState(models.TextChoices):
    """What one line of an imported file would do."""

    ADDED = "added", "Ajout"
    CHANGED = "changed", "Changement"
    SAME = "same", "Inchangé"
    REFUSED = "refused", "Refusé"

    @property
    def tone(self) -> Tone:
        return _IMPORT_ROW_TONES[self]


_IMPORT_ROW_TONES = {
    ImportRowState.ADDED: Tone.GOOD,
    ImportRowState.CHANGED: Tone.PROGRESS,
    ImportRowState.SAME: Tone.DRAFT,
    ImportRowState.REFUSED: Tone.BAD,
}


class ImportState(models.TextChoices):
    """Life of an imported composition file."""

    PENDING = "pending", "À relire"
    APPLIED = "applied", "Appliqué"
    CANCELLED = "cancelled", "Abandonné"
