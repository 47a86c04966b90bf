"""The strictness itself: each net must catch its fish (tests/strict.py, tests/client.py)."""

import socket

import pytest
from _pytest.outcomes import Failed
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from accounts.access import public
from accounts.models import Prefecture, Service
from tests.client import StrictClient, html_defects


DONE: list[str] = []


def render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    "source",
    [
        "{{ unknown }}",
        "{{ known.unknown }}",
        "{{ unknown|upper }}",
        "{% for x in unknown %}{% endfor %}",
        "{% with a=unknown %}{% endwith %}",
    ],
)
def test_undefined_variable_fails(source: str) -> None:
    with pytest.raises(Failed, match="undefined template variable"):
        render(source, known={"a": 1})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% if unknown %}yes{% else %}no{% endif %}", "no"),
        ("{{ unknown|default:'rien' }}", "rien"),
        ("{{ known }}", "là"),
        ("{{ empty }}", ""),
    ],
)
def test_optional_variable_is_allowed(source: str, expected: str) -> None:
    assert render(source, known="là", empty="") == expected


@pytest.mark.parametrize(
    ("html", "defect"),
    [
        ("<script>alert(1)</script>", "inline <script>"),
        ("<p style='color:red'>a</p>", "inline style= on <p>"),
        ("<p onclick='a()'>a</p>", "inline onclick= on <p>"),
        ("<p>{{ name }}</p>", "leftover of a template in text: {{ name }}"),
        ("<p id='a'></p><p id='a'></p>", "id « a » is used more than once"),
        (
            "<html><a href='#a'>a</a></html>",
            "a link leads to « #a », which is not on the page",
        ),
        ("<form method='post' action='/x'></form>", "POST form to « /x » without CSRF token"),
        ("<a href='javascript:a()'>a</a>", "javascript: address on <a>"),
    ],
)
def test_html_defect_is_found(html: str, defect: str) -> None:
    assert html_defects(html) == [defect]


def test_clean_html_has_no_defect() -> None:
    assert (
        html_defects(
            "<script src='/a.js'></script><script type='application/json'>{}</script>"
            "<form method='post'><input name='csrfmiddlewaretoken' value='x'></form>"
            "<form method='get'></form><a href='#ailleurs'>a fragment may lead out</a>"
        )
        == []
    )


def test_network_is_closed() -> None:
    with pytest.raises(Failed, match="reach the network"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.django_db
def test_unordered_queryset_is_shuffled() -> None:
    assert "RAND" in str(Service.objects.order_by().query).upper()
    assert "RAND" not in str(Service.objects.order_by("pk").query).upper()


@public("test only")
def writing_page(request: HttpRequest) -> HttpResponse:
    Prefecture.objects.update(city="Blois")
    transaction.on_commit(lambda: DONE.append("committed"))
    return HttpResponse("ok")


@public("test only")
def unsafe_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p style='a'>a</p>")


urlpatterns = [path("write/", writing_page), path("unsafe/", unsafe_page)]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
class TestClient:
    def test_get_that_writes_fails(self) -> None:
        with pytest.raises(Failed, match="a GET wrote"):
            StrictClient().get("/write/")

    def test_post_writes_and_runs_what_waits_for_the_commit(self) -> None:
        DONE.clear()
        StrictClient().post("/write/")
        assert DONE == ["committed"]

    def test_unsafe_html_fails(self) -> None:
        with pytest.raises(Failed, match="inline style="):
            StrictClient().get("/unsafe/")


def test_cast_holds_its_roles(cast) -> None:  # type: ignore[no-untyped-def]
    assert cast.scope("referente").prefecture == cast.prefecture
    assert cast.scope("other_referent").prefecture == cast.other_prefecture
    assert cast.scope("national").sees_all_prefectures
    assert cast.scope("anonymous").permissions == frozenset()
    assert cast.scope("correspondant").service_ids == {cast.service.pk}
