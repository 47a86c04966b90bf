"""The one gate: permissions, who holds them, and how a view asks (floor 0).

``Permission`` × ``Role`` is one table, ``GRANTS``. The middleware builds ``request.scope``; every view
carries ``@requires`` or ``@public``; templates ask the same table with ``{% if_may %}``.
Outside the scope: 404. Inside, not permitted: 403.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.enums import CENTRAL_ROLES, Role
from common.gates import View
from common.gates import public as public


if TYPE_CHECKING:
    from accounts.models import Prefecture, User


class Permission(StrEnum):
    """What can be permitted, « thing.verb »."""

    ACCOUNT_USE = "account.use"
    PREFECTURE_READ = "prefecture.read"
    PREFECTURE_EDIT = "prefecture.edit"
    USER_MANAGE = "user.manage"
    INSTALLATION_MANAGE = "installation.manage"
    REFERENTIAL_READ = "referential.read"
    REFERENTIAL_CORRECT = "referential.correct"
    CYCLE_READ = "cycle.read"
    CYCLE_EDIT = "cycle.edit"
    CYCLE_CHOOSE = "cycle.choose"
    CYCLE_VALIDATE = "cycle.validate"
    ASSESSMENT_READ = "assessment.read"
    ASSESSMENT_READ_PRIVATE = "assessment.read_private"
    ASSESSMENT_FILL = "assessment.fill"
    ASSESSMENT_REVIEW = "assessment.review"
    READINESS_READ = "readiness.read"
    EVIDENCE_READ = "evidence.read"
    EVIDENCE_EDIT = "evidence.edit"
    PROCEDURE_READ = "procedure.read"
    PROCEDURE_EDIT = "procedure.edit"
    PROCEDURE_APPROVE = "procedure.approve"
    PROCEDURE_ACKNOWLEDGE = "procedure.acknowledge"
    GROUP_READ = "group.read"
    GROUP_EDIT = "group.edit"
    DELIVERABLE_READ = "deliverable.read"
    DELIVERABLE_HAND_IN = "deliverable.hand_in"
    ACTION_READ = "action.read"
    ACTION_OPEN = "action.open"
    ACTION_REPORT = "action.report"
    ACTION_EDIT = "action.edit"
    ACTION_JUDGE = "action.judge"
    PLAN_VALIDATE = "plan.validate"
    INDICATOR_READ = "indicator.read"
    INDICATOR_ENTER = "indicator.enter"
    INDICATOR_VALIDATE = "indicator.validate"
    INDICATOR_TARGET = "indicator.target"
    INDICATOR_TARGET_NATIONAL = "indicator.target_national"
    COMMITTEE_READ = "committee.read"
    COMMITTEE_EDIT = "committee.edit"
    MINUTES_WRITE = "minutes.write"
    MINUTES_WRITE_ASSIGNED = "minutes.write_assigned"
    MINUTES_SIGN = "minutes.sign"
    DOCUMENT_READ = "document.read"
    DOCUMENT_REQUEST = "document.request"


P = Permission

PERMISSION_LABELS: dict[Permission, str] = {
    P.ACCOUNT_USE: "Utiliser son compte",
    P.PREFECTURE_READ: "Lire l’organisation de la préfecture (services, sites)",
    P.PREFECTURE_EDIT: "Modifier l’organisation de la préfecture",
    P.USER_MANAGE: "Gérer les comptes et les rôles",
    P.INSTALLATION_MANAGE: "Régler l’installation, créer des préfectures",
    P.REFERENTIAL_READ: "Lire les référentiels",
    P.REFERENTIAL_CORRECT: "Corriger ce qui est à confirmer dans un référentiel",
    P.CYCLE_READ: "Lire la démarche de labellisation",
    P.CYCLE_EDIT: "Modifier la démarche de labellisation",
    P.CYCLE_CHOOSE: "Choisir les modules au nom du préfet",
    P.CYCLE_VALIDATE: "Valider le périmètre au nom du ministère",
    P.ASSESSMENT_READ: "Lire les auto-diagnostics",
    P.ASSESSMENT_READ_PRIVATE: "Lire les remarques internes des auto-diagnostics",
    P.ASSESSMENT_FILL: "Remplir l’auto-diagnostic (un correspondant : de ses services)",
    P.ASSESSMENT_REVIEW: "Ouvrir, relire et clore les auto-diagnostics",
    P.READINESS_READ: "Lire la préparation à l’audit",
    P.EVIDENCE_READ: "Lire les pièces (un auditeur : celles qui peuvent lui être communiquées)",
    P.EVIDENCE_EDIT: "Déposer et joindre des pièces",
    P.PROCEDURE_READ: "Lire les fiches de procédure",
    P.PROCEDURE_EDIT: "Écrire les fiches de procédure",
    P.PROCEDURE_APPROVE: "Approuver les fiches de procédure",
    P.PROCEDURE_ACKNOWLEDGE: "Attester la lecture d’une fiche de procédure pour son service",
    P.GROUP_READ: "Lire les groupes de travail et la liste des correspondants",
    P.GROUP_EDIT: "Nommer les correspondants, former les groupes, fixer les livrables",
    P.DELIVERABLE_READ: "Lire les livrables attendus",
    P.DELIVERABLE_HAND_IN: "Remettre les livrables dont on répond",
    P.ACTION_READ: "Lire le plan d’actions",
    P.ACTION_OPEN: "Ouvrir une action (un correspondant : pour ses services)",
    P.ACTION_REPORT: "Tenir à jour les actions dont on répond",
    P.ACTION_EDIT: "Modifier toutes les actions, importer, choisir ce qui va au comité",
    P.ACTION_JUDGE: "Conclure sur l’effet d’une action",
    P.PLAN_VALIDATE: "Arrêter la version validée du plan d’une année",
    P.INDICATOR_READ: "Lire les indicateurs",
    P.INDICATOR_ENTER: "Saisir et importer des mesures (un correspondant : de ses services)",
    P.INDICATOR_VALIDATE: "Valider et publier les mesures, commenter les points faibles",
    P.INDICATOR_TARGET: "Fixer les cibles et les seuils de la préfecture",
    P.INDICATOR_TARGET_NATIONAL: "Fixer les cibles, les seuils et les identifiants PILOTE nationaux",
    P.COMMITTEE_READ: "Lire les comités et leurs séances",
    P.COMMITTEE_EDIT: "Modifier les comités, convoquer et tenir les séances",
    P.MINUTES_WRITE: "Rédiger les comptes rendus",
    P.MINUTES_WRITE_ASSIGNED: "Rédiger les comptes rendus des séances dont on est secrétaire",
    P.MINUTES_SIGN: "Viser et valider les comptes rendus",
    P.DOCUMENT_READ: "Lire les documents produits",
    P.DOCUMENT_REQUEST: "Demander la production d’un document",
}

_EVERYBODY = {P.ACCOUNT_USE, P.REFERENTIAL_READ}
# What an auditor reads too: the querysets keep for them what may be shown (``visible_to``).
_READERS = _EVERYBODY | {
    P.PREFECTURE_READ,
    P.CYCLE_READ,
    P.ASSESSMENT_READ,
    P.EVIDENCE_READ,
    P.PROCEDURE_READ,
    P.GROUP_READ,
    P.ACTION_READ,
    P.INDICATOR_READ,
    P.COMMITTEE_READ,
    P.DOCUMENT_READ,
}
_STAFF = _READERS | {
    P.READINESS_READ,
    P.DELIVERABLE_READ,
    P.DELIVERABLE_HAND_IN,
    P.PROCEDURE_ACKNOWLEDGE,
    P.ACTION_REPORT,
}
_WRITERS = {
    P.ASSESSMENT_READ_PRIVATE,
    P.ASSESSMENT_FILL,
    P.EVIDENCE_EDIT,
    P.PROCEDURE_EDIT,
    P.ACTION_OPEN,
    P.INDICATOR_ENTER,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset(_STAFF | {P.MINUTES_WRITE_ASSIGNED}),
    Role.CORRESPONDENT: frozenset(_STAFF | _WRITERS | {P.MINUTES_WRITE_ASSIGNED}),
    Role.QUALITY_REFERENT: frozenset(
        _STAFF
        | _WRITERS
        | {
            P.ASSESSMENT_REVIEW,
            P.PROCEDURE_APPROVE,
            P.GROUP_EDIT,
            P.ACTION_EDIT,
            P.ACTION_JUDGE,
            P.PLAN_VALIDATE,
            P.INDICATOR_VALIDATE,
            P.INDICATOR_TARGET,
            P.PREFECTURE_EDIT,
            P.CYCLE_EDIT,
            P.COMMITTEE_EDIT,
            P.MINUTES_WRITE,
            P.DOCUMENT_REQUEST,
        }
    ),
    Role.DIRECTION: frozenset(
        _STAFF
        | {
            P.ASSESSMENT_READ_PRIVATE,
            P.PROCEDURE_APPROVE,
            P.CYCLE_CHOOSE,
            P.PLAN_VALIDATE,
            P.MINUTES_SIGN,
            P.DOCUMENT_REQUEST,
        }
    ),
    Role.AUDITOR: frozenset(_READERS),
    Role.NATIONAL: frozenset(
        _EVERYBODY
        | {
            P.CYCLE_READ,
            P.CYCLE_VALIDATE,
            P.INDICATOR_READ,
            P.INDICATOR_TARGET_NATIONAL,
        }
    ),
    Role.ADMIN: frozenset(
        _EVERYBODY
        | {
            P.PREFECTURE_READ,
            P.PREFECTURE_EDIT,
            P.USER_MANAGE,
            P.INSTALLATION_MANAGE,
            P.REFERENTIAL_CORRECT,
        }
    ),
}

# A role or a permission forgotten in a table stops the server at start, not a user in the field.
if set(GRANTS) != set(Role) or set(PERMISSION_LABELS) != set(Permission):
    raise RuntimeError("accounts.access: GRANTS and PERMISSION_LABELS must be complete")


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, from where, and what they may do. Built once per request; tasks rebuild it."""

    user: "User | None" = None
    role: Role | None = None
    prefecture: "Prefecture | None" = None
    service_ids: frozenset[int] = field(default_factory=frozenset)
    permissions: frozenset[Permission] = field(default_factory=frozenset)

    @property
    def prefecture_id(self) -> int | None:
        return self.prefecture.pk if self.prefecture else None

    @property
    def sees_all_prefectures(self) -> bool:
        """Ministry and technical administrators; what they see there is still by permission."""
        return self.role in CENTRAL_ROLES

    def may(self, *any_of: Permission | str) -> bool:
        """Tell whether one of these permissions is held."""
        return any(Permission(item) in self.permissions for item in any_of)


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows owned by a préfecture. ``prefecture_path`` is the lookup that leads to it."""

    prefecture_path = "prefecture"

    def visible_to(self, scope: Scope) -> "ScopedQuerySet":
        """Keep the rows of the scope's préfecture (all for the central roles, none for nobody)."""
        if scope.sees_all_prefectures:
            return self
        if scope.prefecture_id is None:
            return self.none()
        return self.filter(**{self.prefecture_path: scope.prefecture_id})


def requires(
    *any_of: Permission, subject: type[models.Model] | None = None
) -> Callable[[View], View]:
    """Gate a view: 404 when its subject lies outside the scope, 403 without one of ``any_of``.

    ``subject`` is fetched by the URL's ``slug`` or ``pk`` through ``visible_to`` and handed to the
    view in place of that argument. The 404 comes first: a stranger must not learn that it exists.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            scope: Scope = request.scope  # type: ignore[attr-defined]
            if scope.user is not None and scope.role is None:
                # Signed in, but no role is current: a page that says so and whom to ask.
                return render(request, "accounts/no_role.html", status=403)
            if subject is not None:
                lookup = "slug" if "slug" in kwargs else "pk"
                visible = subject._default_manager.visible_to(scope)  # type: ignore[attr-defined]
                args = (get_object_or_404(visible, **{lookup: kwargs.pop(lookup)}), *args)
            if not scope.may(*any_of):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        gated.gate = any_of  # type: ignore[attr-defined]
        return gated

    return decorate
