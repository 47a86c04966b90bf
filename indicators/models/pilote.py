"""Under which identifier PILOTE knows an indicator: told by the ministry, or by a préfecture for itself."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from accounts.access import Scope
from accounts.models import Prefecture
from common.models import Revised
from indicators import limits
from indicators.models.catalogue import Indicator
from modules.enums import Certainty


_TWICE = "Quelqu’un vient de donner un identifiant à cet indicateur. Rechargez la page."


class PiloteIdentifierQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> "PiloteIdentifierQuerySet":
        """National rows, and those of the scope's préfecture."""
        if scope.sees_all_prefectures:
            return self
        return self.filter(Q(prefecture__isnull=True) | Q(prefecture=scope.prefecture_id))


class PiloteIdentifier(Revised):
    """The identifier of an indicator in PILOTE; national without a préfecture, blank once taken away.

    The official list was not found: « à confirmer » until somebody says the source.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="pilote_identifiers")
    prefecture = models.ForeignKey(
        Prefecture, models.CASCADE, null=True, blank=True, related_name="pilote_identifiers"
    )
    identifier = models.CharField(
        "identifiant PILOTE", max_length=limits.PILOTE_IDENTIFIER, blank=True
    )
    source = models.TextField("source", blank=True, max_length=limits.LONG_TEXT)
    certainty = models.CharField(
        "certitude", max_length=10, choices=Certainty.choices, default=Certainty.TO_CONFIRM
    )
    history = HistoricalRecords()

    objects = PiloteIdentifierQuerySet.as_manager()

    class Meta:
        verbose_name = "identifiant PILOTE"
        ordering = ("indicator", "prefecture")
        constraints: ClassVar = [
            # One for each owner: NULLs are all different for a plain constraint.
            models.UniqueConstraint(
                fields=("indicator",),
                condition=Q(prefecture__isnull=True),
                name="pilote_identifier_once_national",
                violation_error_message=_TWICE,
            ),
            models.UniqueConstraint(
                fields=("indicator", "prefecture"),
                condition=Q(prefecture__isnull=False),
                name="pilote_identifier_once_local",
                violation_error_message=_TWICE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identifier} – {self.indicator}"

    @property
    def certainty_state(self) -> Certainty:
        """Certainty as an enum, for its badge."""
        return Certainty(self.certainty)
