"""Role × address × (own, other préfecture): what opens is exactly what the gate says.

Expected, for each person of the cast and each method that the view takes:
anonymous → sent to the login page; another préfecture's object → 404; role without the permission →
403; with it → the page, never 403, 404, 405 nor 500. Empty POSTs are sent on purpose.
"""

from http import HTTPStatus

import pytest
from django.db import transaction
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts.access import Permission
from tests.cast import HOME_NAMES, NAMES, Cast
from tests.client import StrictClient
from tests.examples import EXAMPLES
from tests.guards.repository import Address, addresses


ADDRESSES = addresses()
METHODS = ("GET", "POST")
REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


def url_of(address: Address, arguments: dict[str, object]) -> str:
    return reverse(address.name, kwargs=arguments)


def status(client: StrictClient, method: str, url: str) -> int:
    """Send the request and undo what it did, so that the next person finds the same object."""
    with transaction.atomic():
        response = client.generic(method, url)
        response.close()  # a file sent in pieces stays open until then
        transaction.set_rollback(True)
    if response.status_code == HTTPStatus.FOUND and response.url.startswith(
        resolve_url("accounts:login")
    ):
        return HTTPStatus.UNAUTHORIZED
    return int(response.status_code)


def decided_by_the_view(address: Address, cast: Cast, name: str) -> bool:
    """Tell whether the permission held is only one « for what is assigned to me »."""
    held = [item for item in address.gate if cast.scope(name).may(item)]
    return bool(held) and all(Permission(item).endswith("_assigned") for item in held)


def judge(address: Address, cast: Cast, name: str, got: int, *, foreign: bool) -> str | None:
    """Return what is wrong with this answer, or None."""
    if got >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"{name}: {got}"
    if address.is_public:
        return f"{name}: {got} on a public page" if got in {401, 403, 405} else None
    if name == "anonymous":
        expected = HTTPStatus.UNAUTHORIZED
    elif foreign and not cast.scope(name).sees_all_prefectures:
        expected = HTTPStatus.NOT_FOUND
    elif not cast.scope(name).may(*address.gate):
        expected = HTTPStatus.FORBIDDEN
    elif got == HTTPStatus.FORBIDDEN and decided_by_the_view(address, cast, name):
        return None
    else:
        return f"{name}: {got} though permitted" if got in REFUSED or got == 401 else None
    return None if got == expected else f"{name}: {got} instead of {int(expected)}"


def faults(
    address: Address, cast: Cast, names: tuple[str, ...], url: str, *, foreign: bool
) -> list[str]:
    methods = [method for method in METHODS if method in address.methods]
    found = [
        (method, judge(address, cast, name, status(client, method, url), foreign=foreign))
        for name in names
        for client in [cast.client(name)]
        for method in methods
    ]
    return [f"{method} {fault}" for method, fault in found if fault]


def test_every_address_with_arguments_has_an_example() -> None:
    missing = [a.name for a in ADDRESSES if a.arguments and a.name not in EXAMPLES]
    assert missing == [], "register them in tests/<app>/examples.py"
    assert set(EXAMPLES) <= {address.name for address in ADDRESSES}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda item: item.name)
def test_own_prefecture(address: Address, cast: Cast) -> None:
    example = EXAMPLES.get(address.name)
    url = url_of(address, example.make(cast, cast.prefecture) if example else {})
    # The other référent is a stranger to what belongs to the home préfecture.
    is_owned = example is not None and example.scoped
    names = ("anonymous", *NAMES)
    strangers = ("other_referent", *example.hidden_from) if is_owned else ()
    home = tuple(name for name in names if name not in strangers)
    assert faults(address, cast, home, url, foreign=False) == []
    assert faults(address, cast, strangers, url, foreign=True) == []


OWNED = [a for a in ADDRESSES if a.name in EXAMPLES and EXAMPLES[a.name].scoped]


@pytest.mark.django_db
@pytest.mark.parametrize("address", OWNED, ids=lambda item: item.name)
def test_other_prefecture(address: Address, cast: Cast) -> None:
    url = url_of(address, EXAMPLES[address.name].make(cast, cast.other_prefecture))
    assert faults(address, cast, HOME_NAMES, url, foreign=True) == []
    assert faults(address, cast, ("other_referent",), url, foreign=False) == []
