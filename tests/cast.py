"""The people of the tests: one préfecture, a second one to prove separation, and the two above.

====================  ==================================================================
referente             quality referent of Loir-et-Cher
agent, correspondant  agent and correspondent of the service « accueil » of Loir-et-Cher
prefet                direction of Loir-et-Cher (signs)
auditeur              read-only in Loir-et-Cher, until a date
other_referent        quality referent of the other préfecture (Indre-et-Loire)
national, admin       ministry and technical administrator, in no préfecture
====================  ==================================================================
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.access import Scope
from accounts.enums import Role
from accounts.models import Membership, Prefecture, Service, Site, User
from accounts.scopes import ANONYMOUS, scope_of
from tests.client import StrictClient


PASSWORD = "qualité-publique-41"
LOGIN_BACKEND = "django.contrib.auth.backends.ModelBackend"
# name → civility, first name, surname, function, role, « home » | « other » | None
_PEOPLE: dict[str, tuple[str, str, str, str, Role, str | None]] = {
    "referente": ("Mme", "Pascale", "Martin", "référente qualité", Role.QUALITY_REFERENT, "home"),
    "agent": ("M.", "Louis", "Bernard", "agent d’accueil", Role.AGENT, "home"),
    "correspondant": ("M.", "Karim", "Petit", "chef de bureau", Role.CORRESPONDENT, "home"),
    "prefet": ("M.", "François", "Durand", "préfet de Loir-et-Cher", Role.DIRECTION, "home"),
    "auditeur": ("Mme", "Anne", "Leroy", "auditrice", Role.AUDITOR, "home"),
    "other_referent": ("M.", "Paul", "Moreau", "référent qualité", Role.QUALITY_REFERENT, "other"),
    "national": ("Mme", "Claire", "Simon", "chargée de mission", Role.NATIONAL, None),
    "admin": ("M.", "Hugo", "Laurent", "administrateur", Role.ADMIN, None),
}
NAMES = tuple(_PEOPLE)
HOME_NAMES = tuple(name for name, person in _PEOPLE.items() if person[5] == "home")


@dataclass
class Cast:
    """Two préfectures and their people; ``cast.user("agent")``, ``cast.client("agent")``…"""

    prefecture: Prefecture
    other_prefecture: Prefecture
    service: Service
    other_service: Service
    users: dict[str, User] = field(default_factory=dict)

    def user(self, name: str) -> User:
        return self.users[name]

    def membership(self, name: str) -> Membership:
        return Membership.objects.get(user=self.users[name])

    def scope(self, name: str) -> Scope:
        """Return the scope under which this person acts (« anonymous » has the empty one)."""
        if name == "anonymous":
            return ANONYMOUS
        return scope_of(self.users[name], today=timezone.localdate())

    def client(self, name: str) -> StrictClient:
        """Return a client signed in as this person (« anonymous » is signed in as nobody)."""
        client = StrictClient()
        if name != "anonymous":
            client.force_login(self.users[name], backend=LOGIN_BACKEND)
        return client


def build_cast() -> Cast:
    """Create the two préfectures, their services and everybody, with ``PASSWORD``.

    Accounts and roles in bulk, with their history: nearly every test begins by this.
    """
    home, accueil = _prefecture("41", "loir-et-cher", "Loir-et-Cher", "de Loir-et-Cher")
    other, other_accueil = _prefecture("37", "indre-et-loire", "Indre-et-Loire", "d’Indre-et-Loire")
    cast = Cast(home, other, accueil, other_accueil)
    places: dict[str | None, Prefecture | None] = {"home": home, "other": other, None: None}
    password = make_password(PASSWORD)
    cast.users = dict(zip(_PEOPLE, _users(password), strict=True))
    roles = [
        Membership(
            user=cast.users[name],
            role=role,
            prefecture=places[place],
            ends_on=timezone.localdate() + timedelta(days=30) if role == Role.AUDITOR else None,
        )
        for name, (*_, role, place) in _PEOPLE.items()
    ]
    for membership in bulk_create_with_history(roles, Membership):
        if membership.role in {Role.AGENT, Role.CORRESPONDENT}:
            membership.services.add(accueil)
    return cast


def _users(password: str) -> list[User]:
    users = [
        User(
            email=f"{name.replace('_', '-')}@exemple.fr",
            civility=civility,
            first_name=first_name,
            last_name=last_name,
            job_title=job_title,
            password=password,
        )
        for name, (civility, first_name, last_name, job_title, _, _) in _PEOPLE.items()
    ]
    return bulk_create_with_history(users, User)


def _prefecture(code: str, slug: str, name: str, of_name: str) -> tuple[Prefecture, Service]:
    prefecture = Prefecture(
        code=code, slug=slug, name=name, of_name=of_name, brand_block=f"Préfet\n{of_name}"
    )
    prefecture.save()
    site = Site(prefecture=prefecture, name="Site principal")
    site.save()
    service = Service(prefecture=prefecture, site=site, name="Accueil du public", acronym="SAP")
    service.save()
    return prefecture, service
