"""Searches that somebody keeps under a name."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict

from accounts.access import Scope
from action_plans.models import SavedView
from modules.services.writing import write


# A table of links, not a second plan.
MAX_VIEWS = 30


@transaction.atomic
def save_view(*, scope: Scope, name: str, query: str) -> SavedView:
    """Keep a search; under a name already used, the newer search replaces the older."""
    rows = SavedView.objects.filter(user=scope.user, prefecture=scope.prefecture)
    view = rows.filter(name=name).first()
    if view is None and rows.count() >= MAX_VIEWS:
        raise ValidationError(
            f"Vous avez déjà {MAX_VIEWS} vues : supprimez-en une, puis recommencez."
        )
    view = view or SavedView(user=scope.user, prefecture=scope.prefecture)
    write(view, {"name": name, "query": cleaned_query(query)})
    return view


@transaction.atomic
def rename_view(*, view: SavedView, name: str) -> SavedView:
    """Give another name; ``ValidationError`` when another view of the person bears it."""
    write(view, {"name": name})
    return view


@transaction.atomic
def delete_view(*, view: SavedView) -> None:
    """Delete a search."""
    SavedView.objects.filter(pk=view.pk).delete()


def cleaned_query(query: str) -> str:
    """Return the filters of an address, without its page nor what is empty."""
    kept = QueryDict(mutable=True)
    for name, values in QueryDict(query).lists():
        if name not in {"page", "retire"} and any(values):
            kept.setlist(name, values)
    return kept.urlencode()
