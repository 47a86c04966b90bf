"""Signing in and out, lock-out, session, people without a role."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.enums import Role
from accounts.middleware import MEMBERSHIP_KEY
from accounts.models import Membership
from tests.cast import PASSWORD, Cast
from tests.client import StrictClient


LOGIN = "/connexion/"


def text_of(response: object) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def credentials(email: str, password: str = PASSWORD) -> dict[str, str]:
    return {"username": email, "password": password}


# --- The door ---------------------------------------------------------------------------------
def test_signs_in_whatever_the_case(cast: Cast, client: StrictClient) -> None:
    response = client.post(LOGIN, credentials("  Referente@Exemple.FR "))
    assert response.status_code == 302
    assert response.url == reverse("home")
    assert int(client.session["_auth_user_id"]) == cast.user("referente").pk


def test_signing_in_leaves_no_line_in_the_history(cast: Cast, client: StrictClient) -> None:
    user = cast.user("referente")
    before = user.history.count()
    client.post(LOGIN, credentials(user.email))
    user.refresh_from_db()
    assert user.last_login is not None
    assert user.history.count() == before
    assert user.revision == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [("referente@exemple.fr", "faux"), ("inconnue@exemple.fr", PASSWORD)],
)
def test_one_answer_for_every_failure(
    cast: Cast, client: StrictClient, email: str, password: str
) -> None:
    response = client.post(LOGIN, credentials(email, password))
    assert "L’adresse ou le mot de passe ne convient pas." in text_of(response)
    assert "_auth_user_id" not in client.session
    assert f'value="{email}"' in text_of(response)


def test_empty_form_says_what_is_missing(db: None, client: StrictClient) -> None:
    page = text_of(client.post(LOGIN, {}))
    assert "Saisissez votre adresse électronique." in page
    assert "Saisissez votre mot de passe." in page


def test_closed_account_cannot_enter_nor_stay(cast: Cast, client: StrictClient) -> None:
    user = cast.user("agent")
    inside = cast.client("agent")
    services.close_account(user=user, by=cast.user("admin"))
    assert "ne convient pas" in text_of(client.post(LOGIN, credentials(user.email)))
    profile = reverse("accounts:profile")
    assert inside.get(profile).url == f"{LOGIN}?next={profile}"


def test_returns_to_the_page_asked_for(cast: Cast, client: StrictClient) -> None:
    asked = reverse("accounts:service_list")
    sent = client.get(asked)
    assert sent.url == f"{LOGIN}?next={asked}"
    assert "vous reviendrez à la page demandée" in text_of(client.get(sent.url))
    response = client.post(sent.url, credentials("referente@exemple.fr"))
    assert response.url == asked


def test_does_not_follow_a_foreign_address(cast: Cast, client: StrictClient) -> None:
    response = client.post(
        f"{LOGIN}?next=https://exemple.org/", credentials("referente@exemple.fr")
    )
    assert response.url == reverse("home")


def test_after_the_time_out_the_page_is_asked_again(cast: Cast) -> None:
    client = cast.client("referente")
    session = client.session
    session.set_expiry(-1)
    session.save()
    asked = reverse("accounts:service_list")
    assert client.get(asked).url == f"{LOGIN}?next={asked}"


def test_who_is_inside_needs_no_door(cast: Cast) -> None:
    assert cast.client("agent").get(LOGIN).url == reverse("home")


@pytest.mark.parametrize("shown", [True, False])
def test_demo_accounts_only_where_asked(cast: Cast, client: StrictClient, shown: bool) -> None:
    user = cast.user("referente")
    user.is_demo = True
    user.save()
    services.grant_role(user=user, role=Role.AGENT, prefecture=cast.other_prefecture)
    with override_settings(SHOW_DEMO_ACCOUNTS=shown):
        page = text_of(client.get(LOGIN))
    assert ("Ceci est une démonstration" in page) is shown
    assert page.count("referente@exemple.fr") == int(shown)
    assert ("Agent – Préfecture d’Indre-et-Loire" in page) is shown
    assert "prefet@exemple.fr" not in page


def test_no_banner_without_demo_accounts(cast: Cast, client: StrictClient) -> None:
    with override_settings(SHOW_DEMO_ACCOUNTS=True):
        assert "démonstration" not in text_of(client.get(LOGIN))


def test_signs_out_by_post_only(cast: Cast) -> None:
    client = cast.client("agent")
    logout = reverse("accounts:logout")
    assert client.get(logout).status_code == 405
    response = client.post(logout, follow=True)
    assert "Vous êtes déconnecté" in text_of(response)
    assert "_auth_user_id" not in client.session


def test_keep_alive(cast: Cast) -> None:
    url = reverse("accounts:keep_alive")
    client = cast.client("agent")
    assert client.post(url).status_code == 204
    assert client.get(url).status_code == 405
    assert StrictClient().post(url).status_code == 302


# --- Lock-out ---------------------------------------------------------------------------------
@pytest.fixture
def lockout() -> object:
    with override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=3, AXES_COOLOFF_TIME=0.5):
        yield


def fail(client: StrictClient, email: str, times: int = 3) -> object:
    for _ in range(times):
        response = client.post(LOGIN, credentials(email, "faux"))
    return response


@pytest.mark.usefixtures("lockout")
def test_locks_after_repeated_failures(cast: Cast, client: StrictClient) -> None:
    email = cast.user("referente").email
    assert fail(client, email, times=2).status_code == 200
    response = client.post(LOGIN, credentials(email.upper(), "faux"))
    assert response.status_code == 429
    page = text_of(response)
    assert "Connexion suspendue" in page
    assert "Trop d’essais ont échoué" in page
    until = response.context["until"] - timezone.now()
    assert timedelta(minutes=29) < until <= timedelta(minutes=30)
    assert "demandez-en un nouveau par courriel" in page
    assert client.post(LOGIN, credentials(email)).status_code == 429
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("lockout")
def test_others_are_not_locked(cast: Cast, client: StrictClient) -> None:
    fail(client, cast.user("referente").email)
    assert client.post(LOGIN, credentials(cast.user("agent").email)).status_code == 302


@pytest.mark.usefixtures("lockout")
def test_another_address_is_not_locked(cast: Cast, client: StrictClient) -> None:
    email = cast.user("referente").email
    fail(client, email)
    elsewhere = StrictClient(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post(LOGIN, credentials(email)).status_code == 302


@pytest.mark.usefixtures("lockout")
def test_lock_ends_by_itself(cast: Cast, client: StrictClient) -> None:
    email = cast.user("referente").email
    fail(client, email)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))
    assert client.post(LOGIN, credentials(email)).status_code == 302


@pytest.mark.usefixtures("lockout")
def test_unlock(cast: Cast, client: StrictClient) -> None:
    user = cast.user("referente")
    fail(client, user.email)
    services.unlock_account(user=user)
    assert client.post(LOGIN, credentials(user.email)).status_code == 302


# --- Roles ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "url_name"),
    [
        ("prefet", "meetings:committee_list"),
        ("national", "modules:cycle_list"),
        ("admin", "accounts:administration"),
    ],
)
def test_home_is_where_the_work_of_the_role_is(cast: Cast, name: str, url_name: str) -> None:
    assert cast.client(name).get(reverse("home")).url == reverse(url_name)


def test_without_a_current_role_everything_says_so(cast: Cast) -> None:
    Membership.objects.filter(user=cast.user("auditeur")).update(
        ends_on=timezone.localdate() - timedelta(days=1)
    )
    client = cast.client("auditeur")
    for url in (reverse("home"), reverse("accounts:profile"), reverse("modules:cycle_list")):
        response = client.get(url)
        assert response.status_code == 403
        page = text_of(response)
        assert "Aucun rôle en cours" in page
        assert "Auditeur – Préfecture de Loir-et-Cher" in page
        assert "auditeur@exemple.fr" in page
    assert client.post(reverse("accounts:logout")).status_code == 302


def test_profile_tells_roles_and_rights(cast: Cast) -> None:
    page = text_of(cast.client("prefet").get(reverse("accounts:profile")))
    assert "M. François DURAND" in page
    assert "Choisir les modules au nom du préfet" in page
    assert "Valider le périmètre" not in page
    assert "J’agis en tant que" not in page


def test_switches_between_roles(cast: Cast) -> None:
    user = cast.user("referente")
    second = services.grant_role(user=user, role=Role.AGENT, prefecture=cast.other_prefecture)
    client = cast.client("referente")
    assert "J’agis en tant que" in text_of(client.get(reverse("accounts:profile")))
    response = client.post(reverse("accounts:switch_role"), {"membership": second.pk})
    assert response.url == reverse("home")
    assert client.session[MEMBERSHIP_KEY] == second.pk
    scope = client.get(reverse("accounts:profile")).context["scope"]
    assert (scope.role, scope.prefecture) == (Role.AGENT, cast.other_prefecture)
    assert client.get(reverse("accounts:administration")).status_code == 403


def test_cannot_take_the_role_of_another(cast: Cast) -> None:
    client = cast.client("agent")
    stolen = cast.membership("admin")
    response = client.post(reverse("accounts:switch_role"), {"membership": stolen.pk})
    assert response.status_code == 422
    assert "n’est pas ou plus le vôtre" in text_of(response)
    assert MEMBERSHIP_KEY not in client.session


def test_cannot_take_a_role_that_has_ended(cast: Cast) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    ended = services.grant_role(
        user=cast.user("agent"),
        role=Role.QUALITY_REFERENT,
        prefecture=cast.prefecture,
        ends_on=yesterday,
    )
    client = cast.client("agent")
    response = client.post(reverse("accounts:switch_role"), {"membership": ended.pk})
    assert response.status_code == 422
    session = client.session
    session[MEMBERSHIP_KEY] = ended.pk
    session.save()
    assert client.get(reverse("accounts:profile")).context["scope"].role == Role.AGENT
