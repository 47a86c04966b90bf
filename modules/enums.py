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
    RENEWED = "renewed", "Label renouvelé"
    LOST = "lost", "Label perdu"
    ENDED = "ended", "Terminée"

    @property
    def tone(self) -> Tone:
        return _STATE_TONES[self]


# States of a démarche in which nothing is to be done any more.
CLOSED_STATES = frozenset({CycleState.RENEWED, CycleState.LOST, CycleState.ENDED})


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
    CycleState.RENEWED: Tone.GOOD,
    CycleState.LOST: Tone.BAD,
    CycleState.ENDED: Tone.DRAFT,
}


class CycleDocumentKind(models.TextChoices):
    """What a document of a démarche bears out."""

    CHOICE = "choice", "Choix du préfet"
    VALIDATION = "validation", "Validation du ministère"
    DECISION = "decision", "Décision de labellisation"
    OTHER = "other", "Autre document"


class AssessmentState(models.TextChoices):
    """Where an auto-diagnostic stands."""

    OPEN = "open", "En cours"
    CLOSED = "closed", "Clos"

    @property
    def tone(self) -> Tone:
        return Tone.PROGRESS if self is AssessmentState.OPEN else Tone.DRAFT


class SheetState(models.TextChoices):
    """Where the grid of a service stands."""

    TO_FILL = "to_fill", "À remplir"
    SUBMITTED = "submitted", "Transmise"
    SENT_BACK = "sent_back", "Renvoyée"
    ACCEPTED = "accepted", "Acceptée"

    @property
    def tone(self) -> Tone:
        return _SHEET_TONES[self]


class AssessmentResult(models.TextChoices):
    """Where a service stands on a commitment. « Non évalué » is no answer, « sans objet » is one."""

    CONFORMING = "conforming", "Conforme"
    PARTIAL = "partial", "Partiel"
    NONCONFORMING = "nonconforming", "Non conforme"
    NOT_APPLICABLE = "not_applicable", "Sans objet"
    NOT_ASSESSED = "not_assessed", "Non évalué"

    @property
    def tone(self) -> Tone:
        return _RESULT_TONES[self]


class Maturity(models.IntegerChoices):
    """The application's own scale: no official one was found (docs/glossary.md)."""

    STARTED = 1, "Engagée"
    APPLIED = 2, "Appliquée"
    FOLLOWED = 3, "Suivie"
    IMPROVED = 4, "Améliorée"


class EvidenceKind(models.TextChoices):
    """What a piece is."""

    PROCEDURE = "procedure", "Procédure, note de service"
    RECORD = "record", "Registre, tableau de suivi"
    STATISTICS = "statistics", "Statistiques, extraction"
    LETTER = "letter", "Courrier, courriel"
    REPORT = "report", "Rapport, compte rendu"
    PHOTO = "photo", "Photographie"
    SCREEN = "screen", "Capture d’écran"
    DISPLAY = "display", "Affiche, dépliant"
    TRAINING = "training", "Attestation, formation"
    OTHER = "other", "Autre pièce"


class Sensitivity(models.TextChoices):
    """Who may be handed a piece."""

    PUBLIC = "public", "Publique"
    AUDIT = "audit", "Communicable à l’auditeur"
    RESTRICTED = "restricted", "Interne, jamais communiquée à l’auditeur"


class EvidenceState(models.TextChoices):
    """Whether a piece still proves something, on a day."""

    VALID = "valid", "Valable"
    SOON = "soon", "Bientôt périmée"
    EXPIRED = "expired", "Périmée"

    @property
    def tone(self) -> Tone:
        return _EVIDENCE_TONES[self]


class ProcedureState(models.TextChoices):
    """Where a version of a procedure sheet stands."""

    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "À approuver"
    APPROVED = "approved", "En vigueur"
    REPLACED = "replaced", "Remplacée"

    @property
    def tone(self) -> Tone:
        return _PROCEDURE_TONES[self]


class DeliverableKind(models.TextChoices):
    """What is owed."""

    ASSESSMENT = "assessment", "Auto-diagnostic"
    PROCEDURE = "procedure", "Fiche de procédure"
    TRACKING = "tracking", "Outil de suivi"
    OTHER = "other", "Autre livrable"


class DeliverableState(models.TextChoices):
    """Where what is owed stands; « en retard » is computed from its day."""

    TODO = "todo", "À faire"
    DOING = "doing", "En cours"
    DELIVERED = "delivered", "Remis"
    ACCEPTED = "accepted", "Accepté"

    @property
    def tone(self) -> Tone:
        return _DELIVERABLE_TONES[self]


_SHEET_TONES = {
    SheetState.TO_FILL: Tone.DRAFT,
    SheetState.SUBMITTED: Tone.PROGRESS,
    SheetState.SENT_BACK: Tone.WATCH,
    SheetState.ACCEPTED: Tone.GOOD,
}
_RESULT_TONES = {
    AssessmentResult.CONFORMING: Tone.GOOD,
    AssessmentResult.PARTIAL: Tone.WATCH,
    AssessmentResult.NONCONFORMING: Tone.BAD,
    AssessmentResult.NOT_APPLICABLE: Tone.NOT_APPLICABLE,
    AssessmentResult.NOT_ASSESSED: Tone.NOT_MEASURED,
}
_EVIDENCE_TONES = {
    EvidenceState.VALID: Tone.GOOD,
    EvidenceState.SOON: Tone.WATCH,
    EvidenceState.EXPIRED: Tone.BAD,
}
_PROCEDURE_TONES = {
    ProcedureState.DRAFT: Tone.DRAFT,
    ProcedureState.SUBMITTED: Tone.PROGRESS,
    ProcedureState.APPROVED: Tone.GOOD,
    ProcedureState.REPLACED: Tone.NOT_APPLICABLE,
}
_DELIVERABLE_TONES = {
    DeliverableState.TODO: Tone.DRAFT,
    DeliverableState.DOING: Tone.PROGRESS,
    DeliverableState.DELIVERED: Tone.WATCH,
    DeliverableState.ACCEPTED: Tone.GOOD,
}


class LeftWork(models.TextChoices):
    """What becomes of the work done on a module that leaves the perimeter."""

    KEEP = "keep", "Le garder de côté : il revient si le module revient"
    DELETE = "delete", "Le supprimer pour de bon"
