"""How a scope is built from memberships: for a request by the middleware, for a task by its user."""

from datetime import date

from accounts.access import GRANTS, Scope
from accounts.enums import Role
from accounts.models import Membership, User


ANONYMOUS = Scope()


def scope_of(user: User, *, today: date, membership_id: int | None = None) -> Scope:
    """Return the scope of ``user`` acting under one of their roles held ``today`` (2 queries).

    The chosen membership is used while it is still held, else the first one. A user without any
    current role gets an empty scope: they sign in and are told so.
    """
    held = list(
        Membership.objects.filter(user=user)
        .active_on(today)
        .select_related("prefecture")
        .prefetch_related("services")
    )
    if not held or not user.is_active:
        return Scope(user=user)
    membership = next((item for item in held if item.pk == membership_id), held[0])
    role = Role(membership.role)
    return Scope(
        user=user,
        role=role,
        prefecture=membership.prefecture,
        service_ids=frozenset(service.pk for service in membership.services.all()),
        permissions=GRANTS[role],
    )
