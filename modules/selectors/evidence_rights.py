"""Who may write which piece: a correspondant theirs and those of their services, a référent all."""

from django.db.models import Q, QuerySet

from accounts.access import Permission, Scope
from accounts.models import Service
from accounts.selectors import services_to_choose
from modules.models import Evidence, EvidenceLink


def answers_for_all(scope: Scope) -> bool:
    """Whether the reader writes the pieces of every service: the référent."""
    return scope.may(Permission.EVIDENCE_EDIT) and scope.may(Permission.CYCLE_EDIT)


def may_edit(piece: Evidence, scope: Scope) -> bool:
    """Whether the reader may change this piece: one of their services, or added by them."""
    if not scope.may(Permission.EVIDENCE_EDIT):
        return False
    is_mine = scope.user is not None and piece.added_by_id == scope.user.pk
    return answers_for_all(scope) or is_mine or piece.service_id in scope.service_ids


def may_join(piece: Evidence, scope: Scope) -> bool:
    """Whether the reader may join this piece: those they may change, and the préfecture's."""
    is_shared = piece.service_id is None and scope.may(Permission.EVIDENCE_EDIT)
    return is_shared or may_edit(piece, scope)


def may_detach(link: EvidenceLink, scope: Scope) -> bool:
    """Whether the reader may take a piece off a commitment: theirs, or joined for their service."""
    is_ours = link.service_id in scope.service_ids and scope.may(Permission.EVIDENCE_EDIT)
    return is_ours or may_edit(link.evidence, scope)


def joinable(pieces: QuerySet[Evidence], scope: Scope) -> QuerySet[Evidence]:
    """Keep the pieces for which ``may_join`` is true."""
    if answers_for_all(scope):
        return pieces
    if not scope.may(Permission.EVIDENCE_EDIT):
        return pieces.none()
    return pieces.filter(
        Q(service__isnull=True) | Q(service__in=scope.service_ids) | Q(added_by=scope.user)
    )


def services_for_pieces(scope: Scope) -> QuerySet[Service]:
    """Services for which the reader may add or join a piece."""
    services: QuerySet[Service] = services_to_choose(scope.prefecture)
    return services if answers_for_all(scope) else services.filter(pk__in=scope.service_ids)
