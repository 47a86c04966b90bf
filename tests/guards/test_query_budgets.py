"""Ten times the rows, the same number of queries; and never more than the page's budget."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.examples import GROWTHS
from tests.guards.repository import addresses


FEW, MANY = 2, 20


def queries(cast: Cast, url_name: str, arguments: dict[str, object]) -> list[str]:
    growth = GROWTHS[url_name]
    client = cast.client(growth.reader)
    url = reverse(url_name, kwargs=arguments) + growth.query
    client.get(url)  # the first visit fills caches (session, content types)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return [query["sql"] for query in captured]


def test_every_list_has_a_budget() -> None:
    lists = {a.name for a in addresses() if a.name.endswith("_list") and "GET" in a.methods}
    assert lists - set(GROWTHS) == set(), "register them with @growing in tests/<app>/examples.py"
    assert set(GROWTHS) <= {address.name for address in addresses()}


@pytest.mark.django_db
@pytest.mark.parametrize("url_name", sorted(GROWTHS))
def test_queries_do_not_follow_rows(url_name: str, cast: Cast) -> None:
    growth = GROWTHS[url_name]
    before = queries(cast, url_name, growth.make(cast, range(FEW)))
    after = queries(cast, url_name, growth.make(cast, range(FEW, MANY)))
    assert len(after) == len(before), "\n".join(["more rows, more queries:", *after])
    assert len(after) <= growth.budget, "\n".join([f"{len(after)} queries:", *after])
