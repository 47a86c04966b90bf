"""Querysets of people and places, in the trade's words."""

from datetime import date
from typing import Any

from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.db.models import Q

from accounts.access import Scope, ScopedQuerySet


class UserManager(BaseUserManager[Any]):
    """Users are known by their e-mail, kept in lower case."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(email=(username or "").strip().lower())

    def visible_to(self, scope: Scope) -> models.QuerySet[Any]:
        """Accounts of the scope's préfecture; all of them for who manages users everywhere."""
        if scope.sees_all_prefectures:
            return self.all()
        return self.filter(memberships__prefecture=scope.prefecture_id).distinct()


class PrefectureQuerySet(ScopedQuerySet):
    prefecture_path = "pk"


class MembershipQuerySet(ScopedQuerySet):
    def active_on(self, day: date) -> "MembershipQuerySet":
        """Keep what is held on that day (both ends included)."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day),
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        )
