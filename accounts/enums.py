"""Roles and territories."""

from django.db import models

from common.enums import Tone


class Role(models.TextChoices):
    """What somebody is in a préfecture (or above); rights are in ``accounts.access`` only."""

    AGENT = "agent", "Agent"
    CORRESPONDENT = "correspondent", "Correspondant qualité"
    QUALITY_REFERENT = "quality_referent", "Référent qualité"
    DIRECTION = "direction", "Direction (préfet, secrétaire général)"
    AUDITOR = "auditor", "Auditeur"
    NATIONAL = "national", "Ministère de l’Intérieur"
    ADMIN = "admin", "Administrateur technique"


# Roles held above the préfectures: their membership names none.
CENTRAL_ROLES = frozenset({Role.NATIONAL, Role.ADMIN})


class Territory(models.TextChoices):
    """Calendar of public holidays (codes of the ``holidays`` library's French subdivisions)."""

    METROPOLE = "FR", "Métropole"
    ALSACE_MOSELLE = "6AE", "Alsace-Moselle"
    GUADELOUPE = "971", "Guadeloupe"
    MARTINIQUE = "972", "Martinique"
    GUYANE = "973", "Guyane"
    REUNION = "974", "La Réunion"
    MAYOTTE = "976", "Mayotte"
    SAINT_PIERRE = "PM", "Saint-Pierre-et-Miquelon"
    SAINT_BARTHELEMY = "BL", "Saint-Barthélemy"
    SAINT_MARTIN = "MF", "Saint-Martin"
    POLYNESIE = "PF", "Polynésie française"
    NOUVELLE_CALEDONIE = "NC", "Nouvelle-Calédonie"
    WALLIS_FUTUNA = "WF", "Wallis-et-Futuna"


class AccountState(models.TextChoices):
    """Whether somebody can sign in."""

    OPEN = "open", "Ouvert"
    INVITED = "invited", "Invité"
    CLOSED = "closed", "Fermé"

    @property
    def tone(self) -> Tone:
        return _ACCOUNT_TONES[self]


_ACCOUNT_TONES = {
    AccountState.OPEN: Tone.GOOD,
    AccountState.INVITED: Tone.PROGRESS,
    AccountState.CLOSED: Tone.DRAFT,
}


class RoleState(models.TextChoices):
    """Where a role stands in time."""

    CURRENT = "current", "En cours"
    FUTURE = "future", "À venir"
    ENDED = "ended", "Terminé"

    @property
    def tone(self) -> Tone:
        return _ROLE_TONES[self]


_ROLE_TONES = {
    RoleState.CURRENT: Tone.GOOD,
    RoleState.FUTURE: Tone.PROGRESS,
    RoleState.ENDED: Tone.DRAFT,
}
