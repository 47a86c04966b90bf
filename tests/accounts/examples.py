"""Objects and rows of accounts for the guards; see tests/examples.py."""

from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts import services
from accounts.enums import Role
from accounts.models import Prefecture, Service, Site, User
from accounts.tokens import invitation_tokens
from tests.cast import Cast
from tests.examples import example, growing


def make_user(prefecture: Prefecture | None = None, name: str = "Nouveau") -> User:
    """Create an invited account, with a role in this préfecture when there is one."""
    place = prefecture.slug if prefecture else "sans-role"
    values = {
        "email": f"{name.lower()}@{place}.fr",
        "civility": "Mme",
        "first_name": "Alice",
        "last_name": name,
        "job_title": "agente",
    }
    user = services.create_user(values=values)
    if prefecture is not None:
        services.grant_role(user=user, role=Role.AGENT, prefecture=prefecture)
    return user


@example(
    "accounts:user_edit",
    "accounts:user_invite",
    "accounts:user_close",
    "accounts:user_open",
    "accounts:membership_create",
)
def user(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_user(prefecture).pk}


@example("accounts:membership_edit", "accounts:membership_end")
def membership(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_user(prefecture).memberships.get().pk}


@example("accounts:prefecture_edit", "accounts:service_create", "accounts:site_create")
def prefecture(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"slug": prefecture.slug}


@example("accounts:service_edit")
def service(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": Service.objects.get(prefecture=prefecture).pk}


@example("accounts:site_edit")
def site(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": Site.objects.get(prefecture=prefecture).pk}


@example("accounts:password_reset_confirm", "accounts:invitation", scoped=False)
def link(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    invited = make_user(prefecture)
    uid = urlsafe_base64_encode(force_bytes(invited.pk))
    return {"uidb64": uid, "token": invitation_tokens.make_token(invited)}


@growing("accounts:user_list", reader="admin", budget=11)
def users(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        make_user(cast.prefecture, f"Agent{number}")
    return {}


@growing("accounts:prefecture_list", reader="admin", budget=8)
def prefectures(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        made = services.create_prefecture(
            values={
                "code": f"{number + 50}",
                "slug": f"departement-{number}",
                "name": f"Département {number}",
                "of_name": f"du département {number}",
                "brand_block": "Préfet",
            }
        )
        make_user(made)
    return {}


@growing("accounts:service_list", reader="referente", budget=10)
def services_and_sites(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        site = services.create_site(prefecture=cast.prefecture, name=f"Site {number}")
        services.create_service(prefecture=cast.prefecture, name=f"Bureau {number}", site=site)
    return {}
