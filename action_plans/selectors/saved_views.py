"""Searches that a person kept."""

from dataclasses import dataclass

from accounts.access import Scope
from action_plans.models import SavedView


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A saved search, and whether it is the one on the page."""

    view: SavedView
    is_current: bool


def views_of(scope: Scope, query: str) -> list[ViewLink]:
    """Return the searches of the reader in their préfecture (1 query)."""
    rows = SavedView.objects.visible_to(scope).order_by("name", "pk")
    return [ViewLink(row, bool(row.query) and row.query == query) for row in rows]
