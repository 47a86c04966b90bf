"""Who may do what with which action: one place, asked by services, views and templates.

A référent does everything; a correspondant opens and edits the actions of their services; an agent
keeps up to date the actions they answer for and those of their services.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.access import Permission, Scope
from accounts.models import Service
from accounts.selectors import services_to_choose
from action_plans.models import Action
from action_plans.workflow import Transition


P = Permission
NOT_YOURS = (
    "Cette action est suivie par un autre service : son responsable, ce service ou le référent "
    "qualité la tiennent à jour."
)


def edits_all(scope: Scope) -> bool:
    """Whether the reader changes every action of the préfecture: the référent."""
    return scope.may(P.ACTION_EDIT)


def may_edit(action: Action, scope: Scope) -> bool:
    """Whether the reader may change what is said of this action, or take it off the pages."""
    is_ours = scope.may(P.ACTION_OPEN) and action.service_id in scope.service_ids
    return edits_all(scope) or is_ours


def may_report(action: Action, scope: Scope) -> bool:
    """Whether the reader may say how far this action is: progress, steps, pieces."""
    if may_edit(action, scope):
        return True
    is_mine = scope.user is not None and action.owner_id == scope.user.pk
    return scope.may(P.ACTION_REPORT) and (is_mine or action.service_id in scope.service_ids)


def may_comment(action: Action, scope: Scope) -> bool:
    """Whether the reader may write a comment: who reports, and the direction."""
    return may_report(action, scope) or scope.may(P.PLAN_VALIDATE)


def may_read_comments(scope: Scope) -> bool:
    """Whether the reader sees comments, e-mail addresses and the history: not an auditor."""
    return scope.may(P.ACTION_REPORT)


def may_move(action: Action, scope: Scope, transition: Transition) -> bool:
    """Whether the reader may take this act; its state is another question."""
    if transition.is_judgement:
        return scope.may(P.ACTION_JUDGE)
    if transition.code == "abandon":
        return may_edit(action, scope)
    return may_report(action, scope)


@dataclass(frozen=True, slots=True)
class Rights:
    """What one reader may do with one action, for a template."""

    edit: bool
    report: bool
    comment: bool
    read_comments: bool


def rights_on(action: Action, scope: Scope) -> Rights:
    """Return what the reader may do with this action."""
    return Rights(
        edit=may_edit(action, scope),
        report=may_report(action, scope),
        comment=may_comment(action, scope),
        read_comments=may_read_comments(scope),
    )


def mine(scope: Scope) -> Q:
    """Actions that the reader answers for by name."""
    return Q(owner=scope.user)


def services_for_actions(scope: Scope) -> QuerySet[Service]:
    """Services for which the reader may open an action."""
    services: QuerySet[Service] = services_to_choose(scope.prefecture)
    return services if edits_all(scope) else services.filter(pk__in=scope.service_ids)
