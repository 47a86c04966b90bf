"""A form sent after the session ended leads back to its page, never to an address without GET."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast


pytestmark = pytest.mark.django_db
PAGE = "/comites/"


def _login_for(path: str) -> str:
    return f"{reverse('accounts:login')}?next={path}"


def test_a_page_comes_back_to_itself(client: Client) -> None:
    assert client.get(PAGE).url == _login_for(PAGE)


def test_a_form_comes_back_to_the_page_it_was_on(client: Client) -> None:
    response = client.post(
        reverse("accounts:keep_alive"), headers={"Referer": f"http://testserver{PAGE}"}
    )
    assert response.url == _login_for(PAGE)


@pytest.mark.parametrize("referer", ["", "https://ailleurs.example/comites/"])
def test_a_form_from_elsewhere_comes_back_home(client: Client, referer: str) -> None:
    headers = {"Referer": referer} if referer else {}
    response = client.post(reverse("accounts:keep_alive"), headers=headers)
    assert response.url == _login_for(reverse("home"))


def test_people_with_a_session_are_not_concerned(cast: Cast) -> None:
    assert cast.client("agent").post(reverse("accounts:keep_alive")).status_code == 204
