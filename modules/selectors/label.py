"""Reads around the label: which démarche it renews, what the page says of it."""

from typing import Any

from django.db.models import QuerySet

from modules.models import LabelCycle


def predecessors_to_choose(cycle: LabelCycle) -> QuerySet[Any]:
    """Other démarches of the préfecture that got the label: the one renewed is among them."""
    return (
        LabelCycle.objects.filter(prefecture=cycle.prefecture_id, labelled_on__isnull=False)
        .exclude(pk=cycle.pk)
        .order_by("-labelled_on", "-pk")
    )
