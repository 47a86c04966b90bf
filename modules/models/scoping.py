"""What belongs to a démarche is read through it: by its préfecture, and by its auditors only."""

from django.db.models import Q

from accounts.access import Scope, ScopedQuerySet
from accounts.enums import Role


class CycleQuerySet(ScopedQuerySet):
    """Démarches. An auditor reads those that were opened to them, and no other."""

    def visible_to(self, scope: Scope) -> "ScopedQuerySet":
        visible = super().visible_to(scope)
        if scope.role == Role.AUDITOR:
            return visible.filter(auditors__user=scope.user)
        return visible


class OfCycleQuerySet(ScopedQuerySet):
    """Rows of a démarche. ``cycle_path`` is the lookup that leads to it."""

    cycle_path = "cycle"

    def visible_to(self, scope: Scope) -> "ScopedQuerySet":
        if scope.sees_all_prefectures:
            return self
        if scope.prefecture_id is None:
            return self.none()
        rows = self.filter(**{f"{self.cycle_path}__prefecture": scope.prefecture_id})
        if scope.role == Role.AUDITOR:
            return rows.filter(**{f"{self.cycle_path}__auditors__user": scope.user})
        return rows


def kept() -> Q:
    """Rows that were not taken off the pages."""
    return Q(removed_at__isnull=True)
