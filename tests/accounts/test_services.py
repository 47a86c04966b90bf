"""Writes of accounts, roles, préfectures, and what they refuse."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import services
from accounts.enums import AccountState, Role, RoleState
from accounts.models import Membership, Prefecture, Service, Site, User
from accounts.scopes import scope_of
from tests.accounts.examples import make_user
from tests.cast import Cast


TODAY = date(2022, 6, 30)


def prefecture_values(**changes: Any) -> dict[str, Any]:
    return {
        "code": "2A",
        "slug": "corse-du-sud",
        "name": "Corse-du-Sud",
        "of_name": "de la Corse-du-Sud",
        "brand_block": "Préfet\nde la Corse-du-Sud",
        **changes,
    }


# --- Préfectures, services, sites -------------------------------------------------------------
@pytest.mark.django_db
def test_creates_a_prefecture() -> None:
    made = services.create_prefecture(values=prefecture_values())
    assert str(Prefecture.objects.get()) == "Préfecture de la Corse-du-Sud"
    assert made.brand_lines == ["Préfet", "de la Corse-du-Sud"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"code": "4"}, "Attendu : 41, 2A ou 974"),
        ({"code": "2C"}, "Attendu : 41, 2A ou 974"),
        ({"code": "41"}, "existe déjà"),
        ({"slug": "loir-et-cher"}, "existe déjà"),
        ({"name": ""}, "Ce champ"),
        ({"territory": "Lune"}, "n’est pas un choix"),
    ],
)
def test_refuses_a_prefecture(cast: Cast, changes: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.create_prefecture(values=prefecture_values(**changes))
    assert message in " ".join(refusal.value.messages)
    assert Prefecture.objects.count() == 2


def test_names_are_unique_in_their_prefecture(cast: Cast) -> None:
    for create, model in ((services.create_service, Service), (services.create_site, Site)):
        create(prefecture=cast.prefecture, name="Accueil")
        create(prefecture=cast.other_prefecture, name="Accueil")
        count = model.objects.count()
        with pytest.raises(ValidationError, match="porte déjà ce nom"):
            create(prefecture=cast.prefecture, name="Accueil")
        assert model.objects.count() == count


def test_service_stays_in_a_site_of_its_prefecture(cast: Cast) -> None:
    foreign = Site.objects.get(prefecture=cast.other_prefecture)
    with pytest.raises(ValidationError, match="celui d’une autre préfecture"):
        services.create_service(prefecture=cast.prefecture, name="Essai", site=foreign)
    assert not Service.objects.filter(name="Essai").exists()


def test_stale_row_is_not_overwritten(cast: Cast) -> None:
    mine, theirs = (Service.objects.get(pk=cast.service.pk) for _ in range(2))
    services.update_service(service=theirs, name="Le leur", acronym="", site=None)
    with pytest.raises(ValidationError, match="Quelqu’un vient de modifier cette fiche"):
        services.update_service(service=mine, name="Le mien", acronym="", site=None)
    assert Service.objects.get(pk=cast.service.pk).name == "Le leur"


# --- Accounts ---------------------------------------------------------------------------------
def test_account_begins_without_a_password(cast: Cast) -> None:
    user = services.create_user(
        values={"email": " Alice@Exemple.FR", "civility": "Mme", "last_name": "Nouveau"}
    )
    assert user.email == "alice@exemple.fr"
    assert user.state is AccountState.INVITED
    services.set_password(user=user, password="une phrase secrète")
    assert user.state is AccountState.OPEN


def test_one_account_by_address(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.create_user(values={"email": "AGENT@exemple.fr", "last_name": "Double"})
    assert list(refusal.value.error_dict) == ["email"]
    assert User.objects.filter(last_name="Double").count() == 0


def test_closes_and_opens(cast: Cast) -> None:
    user = cast.user("agent")
    services.close_account(user=user, by=cast.user("admin"))
    assert user.state is AccountState.CLOSED
    assert scope_of(user, today=timezone.localdate()).permissions == frozenset()
    services.open_account(user=user)
    assert user.state is AccountState.OPEN


def test_nobody_closes_their_own_account(cast: Cast) -> None:
    admin = cast.user("admin")
    with pytest.raises(ValidationError, match="votre propre compte"):
        services.close_account(user=admin, by=admin)
    admin.refresh_from_db()
    assert admin.is_active


@pytest.mark.parametrize("state", list(AccountState))
def test_states_are_the_same_in_sql(cast: Cast, state: AccountState) -> None:
    make_user(cast.prefecture)
    services.close_account(user=cast.user("agent"), by=cast.user("admin"))
    closed = make_user(cast.prefecture, "Parti")
    services.close_account(user=closed, by=cast.user("admin"))
    expected = {user.pk for user in User.objects.order_by("pk") if user.state is state}
    assert expected
    assert {user.pk for user in User.objects.in_state(state)} == expected


# --- Roles ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"role": Role.AGENT}, "Choisissez une préfecture, sauf pour le ministère"),
        ({"role": Role.NATIONAL, "in_home": True}, "qui n’en ont pas"),
        ({"role": Role.AUDITOR, "in_home": True}, "limité dans le temps"),
        ({"role": Role.QUALITY_REFERENT, "in_home": True}, "tient déjà ce rôle"),
        (
            {"role": Role.AGENT, "in_home": True, "starts_on": TODAY, "ends_on": date(2022, 6, 1)},
            "La fin du rôle précède son début",
        ),
        ({"role": "roi", "in_home": True}, "n’est pas un choix"),
    ],
)
def test_refuses_a_role(cast: Cast, values: dict[str, Any], message: str) -> None:
    place = cast.prefecture if values.pop("in_home", False) else None
    count = Membership.objects.count()
    with pytest.raises(ValidationError) as refusal:
        services.grant_role(user=cast.user("referente"), prefecture=place, **values)
    assert message in " ".join(refusal.value.messages)
    assert Membership.objects.count() == count


def test_services_are_those_of_the_prefecture(cast: Cast) -> None:
    user = make_user()
    with pytest.raises(ValidationError, match="n’est pas de la préfecture du rôle"):
        services.grant_role(
            user=user,
            role=Role.AGENT,
            prefecture=cast.prefecture,
            services=[cast.other_service],
        )
    with pytest.raises(ValidationError, match="n’est pas de la préfecture du rôle"):
        services.grant_role(user=user, role=Role.NATIONAL, services=[cast.service])
    assert not user.memberships.exists()
    made = services.grant_role(
        user=user, role=Role.AGENT, prefecture=cast.prefecture, services=[cast.service]
    )
    assert scope_of(user, today=TODAY).service_ids == {cast.service.pk}
    assert str(made) == "Agent – Préfecture de Loir-et-Cher"


def test_takes_a_role_back_at_once(cast: Cast) -> None:
    membership = cast.membership("agent")
    services.end_membership(membership=membership, by=cast.user("admin"))
    assert membership.state_on(timezone.localdate()) is RoleState.ENDED
    scope = scope_of(cast.user("agent"), today=timezone.localdate())
    assert (scope.role, scope.permissions) == (None, frozenset())


def test_role_that_began_today_is_erased(cast: Cast) -> None:
    user = make_user()
    made = services.grant_role(
        user=user,
        role=Role.AGENT,
        prefecture=cast.prefecture,
        starts_on=timezone.localdate(),
    )
    services.end_membership(membership=made, by=cast.user("admin"))
    assert not user.memberships.exists()
    assert Membership.history.filter(user=user, history_type="-").count() == 1


def test_administrator_keeps_their_own_role(cast: Cast) -> None:
    admin, membership = cast.user("admin"), cast.membership("admin")
    with pytest.raises(ValidationError, match="votre propre rôle d’administrateur"):
        services.end_membership(membership=membership, by=admin)
    yesterday = timezone.localdate() - timedelta(days=1)
    for changes in (
        {"ends_on": yesterday},
        {"starts_on": timezone.localdate() + timedelta(days=1)},
        {"role": Role.NATIONAL},
    ):
        values = {"role": Role.ADMIN, "services": [], "starts_on": None, "ends_on": None, **changes}
        with pytest.raises(ValidationError, match="votre propre rôle d’administrateur"):
            services.update_membership(membership=membership, by=admin, **values)
    membership.refresh_from_db()
    assert membership.state_on(timezone.localdate()) is RoleState.CURRENT


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "state"),
    [
        (None, None, RoleState.CURRENT),
        (TODAY, TODAY, RoleState.CURRENT),
        (TODAY + timedelta(days=1), None, RoleState.FUTURE),
        (None, TODAY - timedelta(days=1), RoleState.ENDED),
    ],
)
def test_state_of_a_role(
    cast: Cast, starts_on: date | None, ends_on: date | None, state: RoleState
) -> None:
    user = make_user()
    made = services.grant_role(
        user=user,
        role=Role.AGENT,
        prefecture=cast.prefecture,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    assert made.state_on(TODAY) is state
    held = Membership.objects.filter(user=user).active_on(TODAY).exists()
    assert held is (state is RoleState.CURRENT)
