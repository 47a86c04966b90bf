"""« Administration »: accounts, roles, préfectures, services, sites."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts import mails, services
from accounts.enums import Role
from accounts.models import Membership, Prefecture, Service, Site, User
from tests.accounts.examples import make_user
from tests.cast import Cast


def url(name: str, *args: object) -> str:
    return reverse(f"accounts:{name}", args=args)


def text_of(response: object) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


# --- Landing ----------------------------------------------------------------------------------
def test_landing_shows_what_the_role_may_do(cast: Cast) -> None:
    admin = text_of(cast.client("admin").get(url("administration")))
    assert "Comptes et rôles" in admin
    assert "Créer une préfecture" in admin
    referent = text_of(cast.client("referente").get(url("administration")))
    assert "Comptes et rôles" not in referent
    assert "Ma préfecture" in referent
    assert cast.client("prefet").get(url("administration")).status_code == 403


@pytest.mark.parametrize("name", ["referente", "prefet", "agent", "national"])
def test_accounts_are_for_administrators(cast: Cast, name: str) -> None:
    client = cast.client(name)
    assert client.get(url("user_list")).status_code == 403
    assert client.post(url("user_create"), {}).status_code == 403
    assert client.get(url("prefecture_create")).status_code == 403


# --- Accounts ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "pascale martin"}, ["referente@exemple.fr"]),
        ({"q": "ADMIN@"}, ["admin@exemple.fr"]),
        ({"role": "national"}, ["national@exemple.fr"]),
        ({"state": "invited"}, ["nouveau@loir-et-cher.fr"]),
        ({"state": "closed"}, []),
        ({"q": "martin", "role": "agent"}, []),
        ({"state": "nonsense", "q": "simon"}, ["national@exemple.fr"]),
    ],
)
def test_filters_of_the_list(cast: Cast, query: dict[str, str], expected: list[str]) -> None:
    make_user(cast.prefecture)
    response = cast.client("admin").get(url("user_list"), query)
    assert [row.user.email for row in response.context["rows"]] == expected
    if not expected:
        assert "Aucun compte ne répond à ces filtres." in text_of(response)


def test_list_tells_current_roles_only(cast: Cast) -> None:
    services.end_membership(membership=cast.membership("agent"), by=cast.user("admin"))
    rows = cast.client("admin").get(url("user_list"), {"q": "bernard"}).context["rows"]
    assert rows[0].roles == []


def test_list_is_paginated(cast: Cast) -> None:
    for number in range(30):
        make_user(cast.prefecture, f"Agent{number:02}")
    client = cast.client("admin")
    assert len(client.get(url("user_list")).context["rows"]) == 25
    assert len(client.get(url("user_list"), {"page": "2"}).context["rows"]) == 13
    assert client.get(url("user_list"), {"page": "mille"}).status_code == 200


def person(**changes: str) -> dict[str, str]:
    return {
        "civility": "Mme",
        "first_name": "Alice",
        "last_name": "Nouveau",
        "job_title": "agente",
        "email": "Alice.Nouveau@exemple.fr",
        **changes,
    }


def test_creates_and_invites(cast: Cast) -> None:
    response = cast.client("admin").post(url("user_create"), person())
    user = User.objects.get(email="alice.nouveau@exemple.fr")
    assert response.url == url("membership_create", user.pk)
    assert user.state == "invited"
    assert mail.outbox[0].to == ["alice.nouveau@exemple.fr"]


def test_creation_survives_a_dead_mail_server(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise OSError("no route")

    monkeypatch.setattr(mails, "send_mail", refuse)
    response = cast.client("admin").post(url("user_create"), person(), follow=True)
    assert "n’est pas parti" in text_of(response)
    user = User.objects.get(email="alice.nouveau@exemple.fr")
    monkeypatch.undo()
    told = cast.client("admin").post(url("user_invite", user.pk), follow=True)
    assert "L’invitation est envoyée à alice.nouveau@exemple.fr." in text_of(told)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": "agent@exemple.fr"}, "existe déjà"),
        ({"email": "AGENT@exemple.fr"}, "existe déjà"),
        ({"email": "alice"}, "adresse de courriel valide"),
        ({"last_name": "N" * 300}, "au plus 80 caractères"),
        ({"last_name": ""}, "Ce champ est obligatoire"),
    ],
)
def test_refused_creation_keeps_what_was_typed(
    cast: Cast, changes: dict[str, str], message: str
) -> None:
    count = User.objects.count()
    response = cast.client("admin").post(url("user_create"), person(**changes))
    assert message in text_of(response)
    assert 'value="agente"' in text_of(response)
    assert User.objects.count() == count
    assert mail.outbox == []


def test_edits_with_history(cast: Cast) -> None:
    user = cast.user("agent")
    client = cast.client("admin")
    data = person(email=user.email, last_name="Dupont", revision=str(user.revision))
    assert client.post(url("user_edit", user.pk), data).status_code == 302
    page = text_of(client.get(url("user_edit", user.pk)))
    assert "Mme Alice DUPONT" in page
    assert "« Bernard » → « Dupont »" in page
    assert "Hugo LAURENT" in page


def test_second_writer_is_told(cast: Cast) -> None:
    user = cast.user("agent")
    seen = user.revision
    services.update_user(
        user=User.objects.get(pk=user.pk),
        values={"email": user.email, "last_name": "Changé"},
    )
    data = person(email=user.email, last_name="Mien", revision=str(seen))
    response = cast.client("admin").post(url("user_edit", user.pk), data)
    assert "« Changé »" in text_of(response)
    user.refresh_from_db()
    assert user.last_name == "Changé"


def test_closes_and_opens(cast: Cast) -> None:
    client, user = cast.client("admin"), cast.user("agent")
    closed = text_of(client.post(url("user_close", user.pk), follow=True))
    assert "Le compte de M. Louis BERNARD est fermé." in closed
    assert "Rouvrir le compte" in closed
    client.post(url("user_open", user.pk))
    user.refresh_from_db()
    assert user.is_active


def test_administrator_does_not_lock_themself_out(cast: Cast) -> None:
    client, admin = cast.client("admin"), cast.user("admin")
    assert "votre propre compte" in text_of(client.post(url("user_close", admin.pk), follow=True))
    role = cast.membership("admin")
    assert "votre propre rôle" in text_of(client.post(url("membership_end", role.pk), follow=True))
    assert client.get(url("user_list")).status_code == 200


# --- Roles ------------------------------------------------------------------------------------
def test_gives_a_role_then_its_services(cast: Cast) -> None:
    user = make_user()
    client = cast.client("admin")
    data = {"role": Role.CORRESPONDENT, "prefecture": cast.prefecture.pk}
    response = client.post(url("membership_create", user.pk), data)
    membership = user.memberships.get()
    assert response.url == url("membership_edit", membership.pk)
    page = client.get(response.url)
    assert list(page.context["form"].fields["services"].queryset) == [cast.service]
    edited = {"role": Role.CORRESPONDENT, "services": [cast.service.pk], "revision": "1"}
    assert client.post(response.url, edited).status_code == 302
    assert list(membership.services.all()) == [cast.service]


def test_national_role_has_no_service(cast: Cast) -> None:
    user = make_user()
    client = cast.client("admin")
    response = client.post(url("membership_create", user.pk), {"role": Role.NATIONAL})
    assert response.url == url("user_edit", user.pk)
    membership = user.memberships.get()
    page = client.get(url("membership_edit", membership.pk))
    assert "services" not in page.context["form"].fields


@pytest.mark.parametrize(
    ("role", "in_home", "field", "message"),
    [
        (Role.AUDITOR, True, "ends_on", "indiquez sa date de fin"),
        (Role.AGENT, False, "prefecture", "Choisissez une préfecture"),
        (Role.ADMIN, True, "prefecture", "qui n’en ont pas"),
        (Role.AGENT, True, "__all__", "tient déjà ce rôle"),
    ],
)
def test_role_errors(cast: Cast, role: Role, in_home: bool, field: str, message: str) -> None:
    data = {"role": role, "prefecture": cast.prefecture.pk if in_home else ""}
    response = cast.client("admin").post(url("membership_create", cast.user("agent").pk), data)
    assert message in text_of(response)
    assert list(response.context["form"].errors) == [field]
    assert cast.user("agent").memberships.count() == 1


def test_role_cannot_become_national_in_a_prefecture(cast: Cast) -> None:
    membership = cast.membership("agent")
    data = {"role": Role.NATIONAL, "revision": "1"}
    response = cast.client("admin").post(url("membership_edit", membership.pk), data)
    assert "qui n’en ont pas" in str(response.context["form"].errors["role"])
    membership.refresh_from_db()
    assert membership.role == Role.AGENT


def test_service_of_another_prefecture_is_refused(cast: Cast) -> None:
    membership = cast.membership("agent")
    data = {"role": Role.AGENT, "services": [cast.other_service.pk], "revision": "1"}
    response = cast.client("admin").post(url("membership_edit", membership.pk), data)
    assert response.status_code == 200
    assert list(membership.services.all()) == [cast.service]


def test_takes_a_role_back(cast: Cast) -> None:
    membership = cast.membership("agent")
    response = cast.client("admin").post(url("membership_end", membership.pk), follow=True)
    assert "Rôle retiré : Agent – Préfecture de Loir-et-Cher." in text_of(response)
    membership.refresh_from_db()
    assert membership.ends_on == timezone.localdate() - timedelta(days=1)


# --- Préfectures, services, sites -------------------------------------------------------------
def test_creates_a_prefecture(cast: Cast) -> None:
    data = {
        "name": "Cher",
        "of_name": "du Cher",
        "code": "18",
        "slug": "cher",
        "territory": "FR",
        "brand_block": "Préfet\ndu Cher",
    }
    response = cast.client("admin").post(url("prefecture_create"), data)
    assert response.url == f"{url('service_list')}?prefecture=cher"
    assert Prefecture.objects.get(slug="cher").brand_lines == ["Préfet", "du Cher"]


def test_referent_edits_contact_details_only(cast: Cast) -> None:
    page = url("prefecture_edit", cast.prefecture.slug)
    client = cast.client("referente")
    assert "code" not in client.get(page).context["form"].fields
    data = {"brand_block": "Préfet\nde Loir-et-Cher", "city": "Blois", "code": "99"}
    assert client.post(page, {**data, "revision": "1"}).status_code == 302
    cast.prefecture.refresh_from_db()
    assert (cast.prefecture.city, cast.prefecture.code) == ("Blois", "41")
    other = url("prefecture_edit", cast.other_prefecture.slug)
    assert client.get(other).status_code == 404


def test_referent_keeps_services_and_sites(cast: Cast) -> None:
    client = cast.client("referente")
    slug = cast.prefecture.slug
    client.post(url("site_create", slug), {"name": "Annexe", "address": "1 rue Haute"})
    site = Site.objects.get(name="Annexe")
    client.post(url("service_create", slug), {"name": "Bureau", "acronym": "B", "site": site.pk})
    service = Service.objects.get(name="Bureau")
    assert (service.prefecture, service.site) == (cast.prefecture, site)
    edited = {"name": "Grand bureau", "acronym": "", "site": "", "revision": service.revision}
    client.post(url("service_edit", service.pk), edited)
    service.refresh_from_db()
    assert (service.name, service.site) == ("Grand bureau", None)
    client.post(url("site_edit", site.pk), {"name": "Annexe nord", "revision": site.revision})
    page = text_of(client.get(url("service_list")))
    assert "Grand bureau" in page
    assert "Annexe nord" in page


def test_site_of_another_prefecture_is_refused(cast: Cast) -> None:
    foreign = Site.objects.get(prefecture=cast.other_prefecture)
    response = cast.client("referente").post(
        url("service_create", cast.prefecture.slug), {"name": "Essai", "site": foreign.pk}
    )
    assert response.status_code == 200
    assert not Service.objects.filter(name="Essai").exists()


def test_duplicate_name_is_told(cast: Cast) -> None:
    response = cast.client("referente").post(
        url("service_create", cast.prefecture.slug), {"name": cast.service.name}
    )
    assert "Un service de la préfecture porte déjà ce nom." in text_of(response)


def test_services_of_the_prefecture_asked_for(cast: Cast) -> None:
    admin = cast.client("admin")
    asked = {"prefecture": cast.prefecture.slug}
    assert admin.get(url("service_list"), asked).context["prefecture"] == cast.prefecture
    # Préfectures come by code: 37 before 41.
    assert admin.get(url("service_list")).context["prefecture"] == cast.other_prefecture
    stranger = {"prefecture": cast.other_prefecture.slug}
    referent = cast.client("referente").get(url("service_list"), stranger)
    assert referent.context["prefecture"] == cast.prefecture


def test_empty_installation_says_where_to_begin(cast: Cast) -> None:
    Membership.objects.exclude(role=Role.ADMIN).delete()
    Service.objects.all().delete()
    Prefecture.objects.all().delete()
    admin = cast.client("admin")
    assert "créez la première" in text_of(admin.get(url("prefecture_list")))
    assert "créez la première" in text_of(admin.get(url("service_list")))
