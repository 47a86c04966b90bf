"""Builds the demonstration, in one transaction, and takes it away."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.enums import CENTRAL_ROLES, Role
from accounts.models import Prefecture, User
from accounts.services import (
    create_prefecture,
    create_service,
    create_site,
    create_user,
    grant_role,
)
from demo import content
from demo.actions import build_actions, build_decisions, remove_actions
from demo.committee import (
    build_committee,
    build_group_committee,
    build_other_committee,
    remove_committees,
)
from demo.content_demarche import RECEPTION
from demo.content_published import PREFECTURES as PUBLISHED
from demo.cycle import build_cycle, load_referentials
from demo.demarche import (
    build_demarche,
    build_former_cycle,
    build_other_cycle,
    remove_demarches,
)
from demo.errors import DemoError
from demo.indicators import (
    build_indicators,
    build_published,
    link_actions,
    remove_indicators,
)
from reports.models import Document


# An auditor's access is limited in time; the demo's runs from the day it is loaded.
AUDITOR_ACCESS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was built, for the command's answer."""

    prefectures: list[str]
    accounts: list[dict[str, str]]
    meeting: str


@transaction.atomic
def load_demo() -> DemoSummary:
    """Build the whole demo. ``DemoError`` when one of its préfectures is already there."""
    slugs = _slugs()
    present = Prefecture.objects.filter(slug__in=slugs).values_list("name", flat=True)
    if present:
        raise DemoError(
            f"La base contient déjà {', '.join(present)}. Pour reconstruire la démonstration, "
            "lancez « manage.py demo --rebuild »."
        )
    prefectures = {row["slug"]: create_prefecture(values=dict(row)) for row in content.PREFECTURES}
    users = _build_accounts(prefectures)
    home, other = prefectures["loir-et-cher"], prefectures["autre"]
    load_referentials()
    cycle = build_cycle(prefecture=home, users=users)
    build_former_cycle(successor=cycle, users=users)
    groups = build_demarche(cycle=cycle, users=users)
    build_other_cycle(prefecture=other, users=users)
    meeting = build_committee(prefecture=home, users=users)
    build_decisions(meeting=build_group_committee(group=groups[RECEPTION]))
    build_other_committee(prefecture=other)
    build_indicators(prefecture=home, by=users["referente@loir-et-cher.demo"])
    build_published(by=users["national@ministere.demo"])
    build_actions(cycle=cycle, users=users)
    link_actions(prefecture=home, by=users["referente@loir-et-cher.demo"])
    return DemoSummary(
        prefectures=[str(prefecture) for prefecture in prefectures.values()],
        accounts=[
            {"email": account.email, "role": Role(account.role).label}
            for account in content.ACCOUNTS
        ],
        meeting=meeting.slug,
    )


def _slugs() -> list[str]:
    """Return the addresses of the demo's préfectures, those of the published values too."""
    return [
        *(row["slug"] for row in content.PREFECTURES),
        *(facts.slug for facts in PUBLISHED),
    ]


def is_empty() -> bool:
    """Tell whether nobody has begun to use this installation."""
    return not User.objects.exists() and not Prefecture.objects.exists()


def _build_accounts(prefectures: dict[str, Prefecture]) -> dict[str, User]:
    """Create sites, services and accounts; return the accounts by e-mail."""
    for slug, places in content.SITES.items():
        for name, address in places:
            create_site(prefecture=prefectures[slug], name=name, address=address)
    services = {
        (slug, name): create_service(prefecture=prefectures[slug], name=name, acronym=acronym)
        for slug, rows in content.SERVICES.items()
        for name, acronym in rows
    }
    # One hash for all: the password is public, and Argon2 is slow on purpose.
    password = make_password(content.DEMO_PASSWORD)
    users = {}
    for account in content.ACCOUNTS:
        user = create_user(
            values={
                "email": account.email,
                "civility": account.civility,
                "first_name": account.first_name,
                "last_name": account.last_name,
                "job_title": account.job_title,
            },
            is_demo=True,
        )
        user.password = password
        user.save(update_fields=["password"])
        central = account.role in CENTRAL_ROLES
        grant_role(
            user=user,
            role=account.role,
            prefecture=None if central else prefectures[account.prefecture],
            services=[services[account.prefecture, account.service]] if account.service else [],
            ends_on=timezone.localdate() + AUDITOR_ACCESS if account.role == Role.AUDITOR else None,
        )
        users[account.email] = user
    return users


@transaction.atomic
def rebuild_demo() -> DemoSummary:
    """Take the demo away and build it again; other préfectures and accounts are not touched."""
    _remove_demo()
    return load_demo()


def _remove_demo() -> None:
    """Remove the demo's préfectures with all they own, then its accounts.

    Children first, because minutes, documents and signatures protect what they speak of.
    """
    slugs = _slugs()
    users = User.objects.filter(is_demo=True)
    if Prefecture.objects.filter(slug__in=slugs).exists() and not users.exists():
        raise DemoError(
            "Une préfecture porte l’adresse d’une préfecture de démonstration sans venir d’elle : "
            "rien n’est retiré. Changez son adresse courte, puis recommencez."
        )
    prefectures = Prefecture.objects.filter(slug__in=slugs)
    remove_actions(prefectures)
    remove_committees(prefectures)
    remove_indicators(prefectures)
    for document in Document.objects.filter(prefecture__in=prefectures).order_by("pk"):
        document.file.delete(save=False)
        document.delete()
    remove_demarches(prefectures)
    prefectures.delete()
    users.delete()
