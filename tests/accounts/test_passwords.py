"""Forgotten password, invitation, change of password."""

import re
from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse

from accounts import mails
from accounts.models import User
from accounts.tokens import InvitationTokenGenerator, invitation_tokens
from tests.accounts.examples import make_user
from tests.cast import PASSWORD, Cast
from tests.client import StrictClient


RESET = "/mot-de-passe-oublie/"
NEW = "Nouvelle-phrase-41-secrete"


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


def text_of(response: object) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def link_in(message: mail.EmailMessage) -> str:
    (link,) = re.findall(rf"{settings.PUBLIC_URL}(/\S+/\S+/)", str(message.body))
    return link


def choose(client: StrictClient, link: str, password: str = NEW) -> object:
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    return client.post(address, {"new_password1": password, "new_password2": password}, follow=True)


def test_reset_from_letter_to_sign_in(cast: Cast, client: StrictClient) -> None:
    user = cast.user("referente")
    response = client.post(RESET, {"email": " Referente@exemple.fr "}, follow=True)
    assert "Consultez votre messagerie" in text_of(response)
    (message,) = mail.outbox
    assert message.subject == "[Qualité] Choisir un nouveau mot de passe"
    assert message.to == [user.email]
    assert "Bonjour Mme Pascale MARTIN," in message.body
    assert "dans les 60 minutes" in message.body
    done = choose(client, link_in(message))
    assert "Votre mot de passe est enregistré" in text_of(done)
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_link_serves_once(cast: Cast, client: StrictClient) -> None:
    client.post(RESET, {"email": "referente@exemple.fr"})
    link = link_in(mail.outbox[0])
    choose(client, link)
    assert "Ce lien ne fonctionne plus" in text_of(StrictClient().get(link))


def test_forged_host_does_not_reach_the_letter(cast: Cast, client: StrictClient) -> None:
    with override_settings(ALLOWED_HOSTS=["*"]):
        client.post(RESET, {"email": "referente@exemple.fr"}, headers={"host": "pirate.example"})
    assert "pirate" not in mail.outbox[0].body
    assert settings.PUBLIC_URL in mail.outbox[0].body


def test_unknown_address_gets_the_same_answer(cast: Cast, client: StrictClient) -> None:
    known = client.post(RESET, {"email": "referente@exemple.fr"})
    unknown = client.post(RESET, {"email": "personne@exemple.fr"})
    assert known.url == unknown.url
    assert len(mail.outbox) == 1


def test_closed_account_gets_no_letter(cast: Cast, client: StrictClient) -> None:
    User.objects.filter(pk=cast.user("agent").pk).update(is_active=False)
    client.post(RESET, {"email": "agent@exemple.fr"})
    assert mail.outbox == []


def test_second_asking_within_the_minute_sends_nothing(cast: Cast, client: StrictClient) -> None:
    for _ in range(3):
        client.post(RESET, {"email": "referente@exemple.fr"})
    client.post(RESET, {"email": "agent@exemple.fr"})
    assert [message.to for message in mail.outbox] == [
        ["referente@exemple.fr"],
        ["agent@exemple.fr"],
    ]


def test_letter_that_did_not_leave_can_be_asked_again(
    cast: Cast, client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise SMTPException("down")

    monkeypatch.setattr(mails, "send_mail", refuse)
    assert client.post(RESET, {"email": "referente@exemple.fr"}).status_code == 302
    monkeypatch.undo()
    client.post(RESET, {"email": "referente@exemple.fr"})
    assert len(mail.outbox) == 1


def test_bad_address_is_told(db: None, client: StrictClient) -> None:
    assert "adresse de courriel valide" in text_of(client.post(RESET, {"email": "x"}))


@pytest.mark.parametrize("link", ["/mot-de-passe-oublie/MQ/abc/", "/invitation/zz/abc-def/"])
def test_broken_link(db: None, client: StrictClient, link: str) -> None:
    page = text_of(client.get(link))
    assert "Ce lien ne fonctionne plus" in page
    assert "Recevoir un nouveau lien" in page


def test_reset_lifts_the_lock(cast: Cast, client: StrictClient) -> None:
    with override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=2):
        bad = {"username": "referente@exemple.fr", "password": "faux"}
        assert [client.post("/connexion/", bad).status_code for _ in range(2)] == [200, 429]
        client.post(RESET, {"email": "referente@exemple.fr"})
        choose(client, link_in(mail.outbox[0]))
        good = {**bad, "password": NEW}
        assert client.post("/connexion/", good).status_code == 302


# --- Invitation -------------------------------------------------------------------------------
def test_invitation_opens_the_account(cast: Cast, client: StrictClient) -> None:
    user = make_user(cast.prefecture)
    assert user.state == "invited"
    assert mails.send_invitation(user, cast.user("admin")) is True
    (message,) = mail.outbox
    assert message.subject == "[Qualité] Votre compte Qual-e-Pref est ouvert"
    assert "M. Hugo LAURENT vous ouvre un compte" in message.body
    assert "dans les 7 jours" in message.body
    choose(client, link_in(message))
    user.refresh_from_db()
    assert user.state == "open"
    assert user.check_password(NEW)


def test_invited_person_may_ask_for_a_new_link(cast: Cast, client: StrictClient) -> None:
    user = make_user(cast.prefecture)
    client.post(RESET, {"email": user.email})
    choose(client, link_in(mail.outbox[0]))
    user.refresh_from_db()
    assert user.check_password(NEW)


@pytest.mark.parametrize(
    ("age", "holds"),
    [
        (timedelta(0), True),
        (timedelta(days=6, hours=23), True),
        (timedelta(days=7, minutes=1), False),
    ],
)
def test_life_of_an_invitation(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, age: timedelta, holds: bool
) -> None:
    user = make_user(cast.prefecture)
    token = invitation_tokens.make_token(user)
    now = invitation_tokens._now()
    monkeypatch.setattr(InvitationTokenGenerator, "_now", lambda self: now + age)
    assert invitation_tokens.check_token(user, token) is holds


@pytest.mark.parametrize("token", [None, "", "abc", "-", "zzzz-0000", "é-1"])
def test_invitation_tokens_are_not_guessed(cast: Cast, token: str | None) -> None:
    assert invitation_tokens.check_token(cast.user("agent"), token) is False


def test_reset_token_is_not_an_invitation(cast: Cast, client: StrictClient) -> None:
    user = make_user(cast.prefecture)
    mails.send_invitation(user, cast.user("admin"))
    link = link_in(mail.outbox[0]).replace("/invitation/", RESET)
    assert "Ce lien ne fonctionne plus" in text_of(client.get(link))


# --- Change -----------------------------------------------------------------------------------
def change(client: StrictClient, old: str, new: str, again: str | None = None) -> object:
    data = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post(reverse("accounts:password_change"), data)


def test_change_ends_the_other_sessions(cast: Cast) -> None:
    here, elsewhere = cast.client("agent"), cast.client("agent")
    assert change(here, PASSWORD, NEW).url == reverse("accounts:profile")
    assert here.get(reverse("accounts:profile")).status_code == 200
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302
    assert User.objects.get(pk=cast.user("agent").pk).check_password(NEW)


@pytest.mark.parametrize(
    ("old", "new", "again", "message"),
    [
        ("faux", NEW, NEW, "Ce n’est pas votre mot de passe actuel."),
        (PASSWORD, "court", "court", "trop court"),
        (PASSWORD, NEW, "autre-chose-41", "ne correspondent pas"),
        (PASSWORD, "telechargement", "telechargement", "trop courant"),
    ],
)
def test_change_is_refused_in_french(
    cast: Cast, old: str, new: str, again: str, message: str
) -> None:
    response = change(cast.client("agent"), old, new, again)
    assert message in text_of(response)
    assert User.objects.get(pk=cast.user("agent").pk).check_password(PASSWORD)
