"""Every write of the app. What is refused raises ``ValidationError`` with a French message."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from axes.utils import reset as reset_lockout
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.enums import CENTRAL_ROLES, Role
from accounts.models import Membership, Prefecture, Service, Site, User
from common.editing import is_stale
from common.models import Revised


def _write(instance: Revised, values: dict[str, Any]) -> None:
    if instance.pk is not None and is_stale(instance):
        raise ValidationError(
            "Quelqu’un vient de modifier cette fiche. Rechargez la page, puis recommencez."
        )
    for name, value in values.items():
        setattr(instance, name, value)
    instance.full_clean()
    instance.save()


# --- Préfectures, services, sites -------------------------------------------------------------
@transaction.atomic
def create_prefecture(*, values: dict[str, Any]) -> Prefecture:
    """Create a préfecture from its fields."""
    prefecture = Prefecture()
    _write(prefecture, values)
    return prefecture


@transaction.atomic
def update_prefecture(*, prefecture: Prefecture, values: dict[str, Any]) -> Prefecture:
    """Change some fields of a préfecture."""
    _write(prefecture, values)
    return prefecture


@transaction.atomic
def create_service(
    *, prefecture: Prefecture, name: str, acronym: str = "", site: Site | None = None
) -> Service:
    """Create a service of a préfecture, housed in one of its sites or not."""
    service = Service(prefecture=prefecture)
    return _write_service(service, name, acronym, site)


@transaction.atomic
def update_service(*, service: Service, name: str, acronym: str, site: Site | None) -> Service:
    """Rename or move a service."""
    return _write_service(service, name, acronym, site)


def _write_service(service: Service, name: str, acronym: str, site: Site | None) -> Service:
    if site is not None and site.prefecture_id != service.prefecture_id:
        raise ValidationError({"site": "Ce site est celui d’une autre préfecture."})
    _write(service, {"name": name, "acronym": acronym, "site": site})
    return service


@transaction.atomic
def create_site(*, prefecture: Prefecture, name: str, address: str = "") -> Site:
    """Create a site of a préfecture."""
    site = Site(prefecture=prefecture)
    _write(site, {"name": name, "address": address})
    return site


@transaction.atomic
def update_site(*, site: Site, name: str, address: str) -> Site:
    """Change the name or the address of a site."""
    _write(site, {"name": name, "address": address})
    return site


# --- Accounts ---------------------------------------------------------------------------------
@transaction.atomic
def create_user(*, values: dict[str, Any], is_demo: bool = False) -> User:
    """Create an account without a password: its owner sets it by the invitation's link."""
    user = User(is_demo=is_demo)
    user.set_unusable_password()
    _write(user, {**values, "email": values["email"].strip().lower()})
    return user


@transaction.atomic
def update_user(*, user: User, values: dict[str, Any]) -> User:
    """Change the identity or the address of an account."""
    _write(user, {**values, "email": values["email"].strip().lower()})
    return user


@transaction.atomic
def close_account(*, user: User, by: User) -> User:
    """Close an account: its owner is signed out at their next page. Nothing is erased."""
    if user.pk == by.pk:
        raise ValidationError(
            "Vous ne pouvez pas fermer votre propre compte : demandez-le à un autre administrateur."
        )
    _write(user, {"is_active": False})
    return user


@transaction.atomic
def open_account(*, user: User) -> User:
    """Open a closed account again, with the roles it holds."""
    _write(user, {"is_active": True})
    return user


@transaction.atomic
def set_password(*, user: User, password: str) -> User:
    """Store the password that its owner has chosen (already checked by the form)."""
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def unlock_account(*, user: User) -> None:
    """Forget the failed sign-ins of an account (its owner has proved who they are)."""
    reset_lockout(username=user.email)


# --- Roles ------------------------------------------------------------------------------------
@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role | str,
    prefecture: Prefecture | None = None,
    services: Iterable[Service] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Give a role to somebody. Central roles take no préfecture, an auditor's needs an end."""
    membership = Membership(user=user)
    return _write_membership(membership, role, prefecture, services, starts_on, ends_on)


@transaction.atomic
def update_membership(
    *,
    membership: Membership,
    role: Role | str,
    services: Iterable[Service],
    starts_on: date | None,
    ends_on: date | None,
    by: User,
) -> Membership:
    """Change a role, its services or its dates; the préfecture stays."""
    ends_now = ends_on is not None and ends_on < timezone.localdate()
    starts_later = starts_on is not None and starts_on > timezone.localdate()
    if ends_now or starts_later or role != Role.ADMIN:
        _refuse_own_administration(membership, by)
    return _write_membership(membership, role, membership.prefecture, services, starts_on, ends_on)


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> Membership:
    """Take a role back at once.

    Its end is set to yesterday; a role that began today or later is erased (its history stays).
    """
    _refuse_own_administration(membership, by)
    yesterday = timezone.localdate() - timedelta(days=1)
    if membership.starts_on is not None and membership.starts_on > yesterday:
        membership.delete()
        return membership
    _write(membership, {"ends_on": yesterday})
    return membership


def _write_membership(
    membership: Membership,
    role: Role | str,
    prefecture: Prefecture | None,
    services: Iterable[Service],
    starts_on: date | None,
    ends_on: date | None,
) -> Membership:
    chosen = list(services)
    if any(service.prefecture_id != (prefecture and prefecture.pk) for service in chosen):
        raise ValidationError(
            {"services": "Un des services choisis n’est pas de la préfecture du rôle."}
        )
    if role in CENTRAL_ROLES and chosen:
        raise ValidationError({"services": "Ce rôle est national : il n’a pas de service."})
    _write(
        membership,
        {"role": role, "prefecture": prefecture, "starts_on": starts_on, "ends_on": ends_on},
    )
    membership.services.set(chosen)
    return membership


def _refuse_own_administration(membership: Membership, by: User) -> None:
    """An administrator who drops their own role could leave the installation without any."""
    if membership.user_id == by.pk and membership.role == Role.ADMIN:
        raise ValidationError(
            "Vous ne pouvez pas retirer votre propre rôle d’administrateur : "
            "demandez-le à un autre administrateur."
        )
