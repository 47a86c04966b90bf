"""Querysets of people and places, in the trade's words."""

from datetime import date
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.db.models import Q

from accounts.access import Scope, ScopedQuerySet
from accounts.enums import AccountState


class UserQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> "UserQuerySet":
        """Accounts of the scope's préfecture; all of them for who manages users everywhere."""
        if scope.sees_all_prefectures:
            return self.all()
        return self.filter(memberships__prefecture=scope.prefecture_id).distinct()

    def in_state(self, state: AccountState) -> "UserQuerySet":
        """Keep the accounts of this state (same rule as ``User.state``, in SQL)."""
        if state == AccountState.CLOSED:
            return self.filter(is_active=False)
        without_password = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        opened = self.filter(is_active=True)
        if state == AccountState.INVITED:
            return opened.filter(without_password)
        return opened.exclude(without_password)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Users are known by their e-mail, kept in lower case."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(email=(username or "").strip().lower())


class PrefectureQuerySet(ScopedQuerySet):
    prefecture_path = "pk"


class MembershipQuerySet(ScopedQuerySet):
    def active_on(self, day: date) -> "MembershipQuerySet":
        """Keep what is held on that day (both ends included)."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day),
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        )
