"""Reads of the account and administration pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.access import PERMISSION_LABELS, Permission, Scope
from accounts.enums import AccountState, Role, RoleState
from accounts.models import Membership, Prefecture, Service, Site, User


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One line of the sign-in page of a demonstration."""

    email: str
    roles: list[str]


def demo_accounts() -> list[DemoAccount]:
    """Return the open demo accounts with their roles, préfectures first (1 query)."""
    held = (
        Membership.objects.filter(user__is_demo=True, user__is_active=True)
        .select_related("user", "prefecture")
        .order_by(F("prefecture__code").desc(nulls_last=True), "pk")
    )
    roles: dict[str, list[str]] = {}
    for item in held:
        roles.setdefault(item.user.email, []).append(str(item))
    return [DemoAccount(email, labels) for email, labels in roles.items()]


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role of somebody, ready to be shown."""

    membership: Membership
    label: str
    place: str
    services: str
    state: RoleState


def role_rows(memberships: Iterable[Membership], today: date) -> list[RoleRow]:
    """Describe roles (their préfecture and services already fetched)."""
    return [
        RoleRow(
            membership=item,
            label=Role(item.role).label,
            place=str(item.prefecture or ""),
            services=", ".join(str(service) for service in item.services.all()),
            state=item.state_on(today),
        )
        for item in memberships
    ]


@dataclass(frozen=True, slots=True)
class UserRow:
    """One line of the list of accounts: the person and the roles held today, in words."""

    user: User
    state: AccountState
    roles: list[str]


def rows_for_users(users: Iterable[User], today: date) -> list[UserRow]:
    """Describe accounts (their memberships and préfectures already fetched)."""
    return [
        UserRow(
            user=user,
            state=user.state,
            roles=[
                str(membership)
                for membership in user.memberships.all()
                if membership.state_on(today) is RoleState.CURRENT
            ],
        )
        for user in users
    ]


def memberships_held(user: User, today: date) -> QuerySet[Any]:
    """Roles that ``user`` holds ``today``, in the order in which the scope picks them."""
    return (
        Membership.objects.filter(user=user)
        .active_on(today)
        .select_related("prefecture")
        .prefetch_related("services")
        .order_by("pk")
    )


def memberships_of(user: User) -> QuerySet[Any]:
    """Every role that ``user`` holds, held or will hold."""
    return (
        Membership.objects.filter(user=user)
        .select_related("prefecture")
        .prefetch_related("services")
        .order_by("pk")
    )


def permissions_in_words(scope: Scope) -> list[str]:
    """Return what the scope may do, in plain French, in the order of the table of permissions."""
    return [
        label
        for permission, label in PERMISSION_LABELS.items()
        if permission in scope.permissions and permission is not Permission.ACCOUNT_USE
    ]


def users_for_list(scope: Scope) -> QuerySet[Any]:
    """Accounts for the list, with their roles and préfectures (2 more queries whatever the rows)."""
    return (
        User.objects.visible_to(scope)
        .order_by("last_name", "first_name", "pk")
        .prefetch_related("memberships__prefecture")
    )


def _count(rows: QuerySet[Any], path: str, counted: str = "pk") -> Coalesce:
    """Number of rows whose ``path`` is the outer row: counted apart, joins would multiply them."""
    counts = (
        rows.filter(**{path: OuterRef("pk")})
        .order_by()
        .values(path)
        .annotate(total=Count(counted, distinct=True))
    )
    return Coalesce(Subquery(counts.values("total")), 0)


def prefectures_for_list(scope: Scope) -> QuerySet[Any]:
    """Préfectures with the number of their services, sites and open accounts."""
    open_roles = Membership.objects.filter(user__is_active=True)
    return (
        Prefecture.objects.visible_to(scope)
        .annotate(
            service_count=_count(Service.objects.all(), "prefecture"),
            site_count=_count(Site.objects.all(), "prefecture"),
            user_count=_count(open_roles, "prefecture", "user"),
        )
        .order_by("code")
    )


def prefectures_to_choose(scope: Scope) -> QuerySet[Any]:
    """Préfectures that the scope may pick from."""
    return Prefecture.objects.visible_to(scope).order_by("code")


def services_to_choose(prefecture: Prefecture | None) -> QuerySet[Any]:
    """Services that a role may be tied to: none for a national one."""
    if prefecture is None:
        return Service.objects.none()
    return Service.objects.filter(prefecture=prefecture).order_by("name")


def services_of(prefecture: Prefecture) -> QuerySet[Any]:
    """Services of a préfecture with the number of people who hold a role there."""
    return (
        Service.objects.filter(prefecture=prefecture)
        .select_related("site")
        .annotate(member_count=Count("memberships", distinct=True))
        .order_by("name")
    )


def sites_of(prefecture: Prefecture) -> QuerySet[Any]:
    """Sites of a préfecture."""
    return Site.objects.filter(prefecture=prefecture).order_by("name")


def user_for_reset(email: str) -> User | None:
    """The open account of this address, whether or not it already has a password."""
    return User.objects.filter(email=email.strip().lower(), is_active=True).first()
