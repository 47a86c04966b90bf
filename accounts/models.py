"""Who and where: préfectures, sites, services, people and the roles they hold (floor 0)."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.access import ScopedQuerySet
from accounts.enums import CENTRAL_ROLES, AccountState, Role, RoleState, Territory
from accounts.managers import MembershipQuerySet, PrefectureQuerySet, UserManager
from common.enums import Civility
from common.models import Revised
from common.people import full_name, with_function


# Said by the table and, beside the field, by the form.
PLACE_MATCHES_ROLE = (
    "Choisissez une préfecture, sauf pour le ministère et l’administrateur technique qui n’en ont "
    "pas."
)
AUDITOR_NEEDS_END = "L’accès d’un auditeur est limité dans le temps : indiquez sa date de fin."


class Prefecture(Revised):
    """The State's office in a département; owner of nearly every row of the application."""

    code = models.CharField(
        "code du département",
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^(\d{2,3}|2[AB])$", "Attendu : 41, 2A ou 974, par exemple.")],
    )
    slug = models.SlugField("adresse courte", unique=True)
    name = models.CharField("nom", max_length=120, help_text="Par exemple : Loir-et-Cher")
    of_name = models.CharField(
        "nom avec son article", max_length=130, help_text="Par exemple : de Loir-et-Cher"
    )
    territory = models.CharField(
        "calendrier des jours fériés",
        max_length=3,
        choices=Territory.choices,
        default=Territory.METROPOLE,
    )
    brand_block = models.TextField(
        "bloc-marque",
        help_text="Une ligne par ligne du bloc, par exemple « Préfet » puis « de Loir-et-Cher ».",
    )
    address = models.TextField("adresse postale", blank=True)
    city = models.CharField("ville", max_length=80, blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.EmailField("courriel", blank=True)
    website = models.URLField("site internet", blank=True)
    history = HistoricalRecords()

    objects = PrefectureQuerySet.as_manager()

    class Meta:
        verbose_name = "préfecture"
        ordering = ("code",)

    def __str__(self) -> str:
        return f"Préfecture {self.of_name}"

    @property
    def brand_lines(self) -> list[str]:
        """Lines of the brand block, top to bottom."""
        return [line for line in self.brand_block.splitlines() if line.strip()]


class Site(Revised):
    """A place that receives the public or houses services."""

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="sites")
    name = models.CharField("nom", max_length=120)
    address = models.TextField("adresse", blank=True)
    history = HistoricalRecords()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "site"
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("prefecture", "name"),
                name="site_unique_name",
                violation_error_message="Un site de la préfecture porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Service(Revised):
    """A bureau, direction or mission; the unit to which roles and assessments attach."""

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="services")
    site = models.ForeignKey(
        Site, models.PROTECT, related_name="services", null=True, blank=True, verbose_name="site"
    )
    name = models.CharField("nom", max_length=160)
    acronym = models.CharField("sigle", max_length=20, blank=True)
    history = HistoricalRecords()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "service"
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("prefecture", "name"),
                name="service_unique_name",
                violation_error_message="Un service de la préfecture porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name


class User(Revised, AbstractBaseUser):
    """Somebody with an account, known by e-mail. Rights come from memberships only."""

    email = models.EmailField("courriel", unique=True)
    civility = models.CharField("civilité", max_length=4, choices=Civility.choices, blank=True)
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80)
    job_title = models.CharField("fonction", max_length=160, blank=True)
    is_active = models.BooleanField("ouverture du compte", default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["last_name"]

    objects = UserManager()

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering = ("last_name", "first_name")

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return full_name(self.civility, self.first_name, self.last_name)

    @property
    def signature_label(self) -> str:
        """« M. François PESNEAU, préfet de Loir-et-Cher »."""
        return with_function(self.full_name, self.job_title)

    @property
    def state(self) -> AccountState:
        """Whether one can sign in with it, as told in the list of accounts."""
        if not self.is_active:
            return AccountState.CLOSED
        return AccountState.OPEN if self.has_usable_password() else AccountState.INVITED

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; signing in changes no fact of the record: no new revision, no line of history."""
        fields = kwargs.get("update_fields")
        if fields is None or not set(fields) <= {"last_login", "password"}:
            super().save(*args, **kwargs)
            return
        self.skip_history_when_saving = True
        try:
            AbstractBaseUser.save(self, *args, **kwargs)
        finally:
            del self.skip_history_when_saving


class Membership(Revised):
    """A role held by somebody, in a préfecture and perhaps some of its services, for a time."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    prefecture = models.ForeignKey(
        Prefecture,
        models.CASCADE,
        related_name="memberships",
        null=True,
        blank=True,
        verbose_name="préfecture",
    )
    services = models.ManyToManyField(Service, blank=True, related_name="memberships")
    starts_on = models.DateField("à compter du", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    history = HistoricalRecords(m2m_fields=[services])

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "rôle"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=sorted(CENTRAL_ROLES), prefecture__isnull=True)
                | (~Q(role__in=sorted(CENTRAL_ROLES)) & Q(prefecture__isnull=False)),
                name="membership_prefecture_matches_role",
                violation_error_message=PLACE_MATCHES_ROLE,
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
                violation_error_message="La fin du rôle précède son début.",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "prefecture"),
                name="membership_unique",
                violation_error_message="Ce compte tient déjà ce rôle dans cette préfecture.",
            ),
            # A constraint of its own: NULL préfectures are all different for the one above.
            models.UniqueConstraint(
                fields=("user", "role"),
                condition=Q(prefecture__isnull=True),
                name="membership_unique_central",
                violation_error_message="Ce compte tient déjà ce rôle.",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.AUDITOR) | Q(ends_on__isnull=False),
                name="membership_auditor_has_end",
                violation_error_message=AUDITOR_NEEDS_END,
            ),
        ]

    def __str__(self) -> str:
        return " – ".join(str(part) for part in (self.get_role_display(), self.prefecture) if part)

    def state_on(self, day: date) -> RoleState:
        """Tell whether the role is held on that day (both ends included)."""
        if self.ends_on is not None and self.ends_on < day:
            return RoleState.ENDED
        if self.starts_on is not None and self.starts_on > day:
            return RoleState.FUTURE
        return RoleState.CURRENT
