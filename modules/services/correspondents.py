"""Naming the correspondants qualité of the services."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Service, User
from modules.models import Correspondent, LabelCycle
from modules.services.writing import remove, restore, write


@transaction.atomic
def name_correspondent(
    *,
    cycle: LabelCycle,
    service: Service,
    user: User | None = None,
    name: str = "",
    function: str = "",
    email: str = "",
    named_on: date | None = None,
    is_deputy: bool = False,
) -> Correspondent:
    """Name somebody correspondant of a service; what is blank is taken from the account, if any."""
    row = Correspondent(cycle=cycle)
    _write(row, service, user, name, function, email, named_on, is_deputy)
    return row


@transaction.atomic
def update_correspondent(
    *,
    correspondent: Correspondent,
    service: Service,
    user: User | None,
    name: str,
    function: str,
    email: str,
    named_on: date | None,
    is_deputy: bool,
) -> Correspondent:
    """Change what is known of a correspondant."""
    _write(correspondent, service, user, name, function, email, named_on, is_deputy)
    return correspondent


@transaction.atomic
def remove_correspondent(*, correspondent: Correspondent) -> Correspondent:
    """Take a correspondant off the list; ``restore_correspondent`` puts them back."""
    return remove(correspondent)


@transaction.atomic
def restore_correspondent(*, correspondent: Correspondent) -> Correspondent:
    """Put a correspondant back, unless the same person was named meanwhile."""
    return restore(correspondent)


def person_values(user: User | None, name: str, function: str, email: str) -> dict[str, Any]:
    """Return who somebody is: what was typed, completed by the account.

    Raises ``ValidationError`` without a name and without an account.
    """
    if not name and user is None:
        raise ValidationError({"name": "Choisissez un compte, ou saisissez un nom."})
    return {
        "user": user,
        "name": name or (user.full_name if user else ""),
        "function": function or (user.job_title if user else ""),
        "email": email or (user.email if user else ""),
    }


def _write(
    row: Correspondent,
    service: Service,
    user: User | None,
    name: str,
    function: str,
    email: str,
    named_on: date | None,
    is_deputy: bool,
) -> None:
    if service.prefecture_id != row.cycle.prefecture_id:
        raise ValidationError({"service": "Ce service est celui d’une autre préfecture."})
    person = person_values(user, name, function, email)
    write(row, {"service": service, "named_on": named_on, "is_deputy": is_deputy, **person})
