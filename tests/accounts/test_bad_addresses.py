"""Addresses and filters that make no sense: a plain « not found » or no effect, never a crash."""

import pytest

from tests.cast import Cast


@pytest.mark.parametrize(
    "url",
    [
        "/administration/comptes/99999999999999999999/",
        "/administration/roles/99999999999999999999/",
        "/administration/services/99999999999999999999/",
        "/administration/prefectures/n-existe-pas/",
        "/modules/demarches/99999999999999999999/",
        "/modules/referentiels/n-existe-pas/",
    ],
)
def test_nothing_there(cast: Cast, url: str) -> None:
    for name in ("admin", "national", "referente"):
        assert cast.client(name).get(url).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/administration/comptes/?q=%00&state=x&role=y&page=-3",
        "/administration/services/?prefecture=%00",
        "/modules/?q=%00&step=%F0%9F%98%80&page=9999999999999999999999",
        f"/modules/?q={'a' * 5000}",
    ],
)
def test_filters_that_make_no_sense(cast: Cast, url: str) -> None:
    name = "national" if url.startswith("/modules") else "admin"
    assert cast.client(name).get(url).status_code == 200
