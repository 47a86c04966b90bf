"""The account from which all others are made."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from accounts.models import Membership, User
from tests.client import StrictClient


pytestmark = pytest.mark.django_db


def open_account(email: str) -> str:
    out = StringIO()
    call_command("first_admin", email, nom="Laurent", stdout=out)
    return out.getvalue()


def test_the_account_is_opened_and_its_address_answers(client: StrictClient) -> None:
    answer = open_account("Admin@Exemple.fr")
    membership = Membership.objects.get()
    assert membership.user.email == "admin@exemple.fr"
    assert (membership.role, membership.prefecture) == (Role.ADMIN, None)
    assert not membership.user.has_usable_password()
    path = "/" + answer.splitlines()[-1].split("/", 3)[3]
    assert client.get(path, follow=True).status_code == 200


def test_an_address_already_used_is_refused() -> None:
    open_account("admin@exemple.fr")
    with pytest.raises(CommandError):
        open_account("admin@exemple.fr")
    assert User.objects.count() == 1
