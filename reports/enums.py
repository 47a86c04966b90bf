"""States of a document."""

from django.db import models

from common.enums import Tone


class DocumentState(models.TextChoices):
    """Life of a document: QUEUED → RUNNING → READY or FAILED; a lost or failed one is queued again."""

    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours de production"
    READY = "ready", "Prêt"
    FAILED = "failed", "Échec"

    @property
    def tone(self) -> Tone:
        return _TONES[self]

    @property
    def is_pending(self) -> bool:
        """Tell whether a worker still has to finish it."""
        return self in PENDING


_TONES = {
    DocumentState.QUEUED: Tone.DRAFT,
    DocumentState.RUNNING: Tone.PROGRESS,
    DocumentState.READY: Tone.GOOD,
    DocumentState.FAILED: Tone.BAD,
}
PENDING = (DocumentState.QUEUED, DocumentState.RUNNING)
if set(_TONES) != set(DocumentState):
    raise RuntimeError("every state of a document needs a tone")


class Authenticity(models.TextChoices):
    """What the public verification page answers."""

    AUTHENTIC = "authentic", "Document authentique"
    SAME_FILE = "same_file", "Ce fichier est authentique"
    FORGED = "forged", "Ce fichier n’est pas celui que nous conservons"
    DRAFT = "draft", "Ce document est un projet"
    UNKNOWN_CODE = "unknown_code", "Code inconnu"
    UNKNOWN_FILE = "unknown_file", "Fichier inconnu"

    @property
    def alert_kind(self) -> str:
        """Kind of the alert component that carries the answer."""
        return _ALERTS[self]

    @property
    def explanation(self) -> str:
        """What the answer means and what to do next."""
        return _EXPLANATIONS[self]


_EXPLANATIONS = {
    Authenticity.AUTHENTIC: "Ce code est celui d’un document produit par la préfecture. Comparez "
    "le titre et la date ci-dessous avec ceux de votre exemplaire, ou déposez le fichier pour "
    "savoir s’il a été modifié.",
    Authenticity.SAME_FILE: "Le fichier déposé est exactement celui que le service a produit et "
    "conserve : il n’a pas été modifié.",
    Authenticity.FORGED: "Le code existe, mais le fichier déposé diffère de celui que le service "
    "conserve : il a été modifié, ou c’est un autre document. Demandez l’original à la préfecture.",
    Authenticity.DRAFT: "Ce document n’a pas été validé : il ne fait pas foi et son contenu a pu "
    "changer depuis. Demandez le document définitif à la préfecture.",
    Authenticity.UNKNOWN_CODE: "Aucun document ne porte ce code. Relisez chaque caractère : un code "
    "ne contient ni I, ni L, ni O, ni zéro, ni un.",
    Authenticity.UNKNOWN_FILE: "Ce fichier n’est celui d’aucun document conservé par le service. "
    "S’il porte un code de vérification, saisissez-le pour savoir à quel document il se rattache.",
}
_ALERTS = {
    Authenticity.AUTHENTIC: "success",
    Authenticity.SAME_FILE: "success",
    Authenticity.FORGED: "error",
    Authenticity.DRAFT: "warning",
    Authenticity.UNKNOWN_CODE: "error",
    Authenticity.UNKNOWN_FILE: "error",
}
if not set(_ALERTS) == set(_EXPLANATIONS) == set(Authenticity):
    raise RuntimeError("every answer of the verification page needs its words")
