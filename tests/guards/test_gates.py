"""Every view has a gate and says which HTTP methods it takes (docs/adr/0003)."""

import pytest

from accounts.access import Permission
from tests.guards.repository import Address, addresses


ADDRESSES = addresses()


def test_there_are_addresses() -> None:
    assert "home" in {address.name for address in ADDRESSES}


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda item: item.name)
def test_view_has_a_gate(address: Address) -> None:
    gate = address.gate
    if isinstance(gate, str):
        assert len(gate) > 10, f"{address.name}: say why it is public"
    else:
        assert gate, f"{address.name} carries neither @requires nor @public"
        assert all(isinstance(item, Permission) for item in gate)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda item: item.name)
def test_view_names_its_methods(address: Address) -> None:
    assert address.methods, f"{address.name}: add @require_safe, @require_POST or …_http_methods"


def test_names_are_unique() -> None:
    names = [address.name for address in ADDRESSES]
    assert sorted(set(names)) == names
