"""Reads of the pieces of evidence."""

from collections import defaultdict

from django.db.models import Q

from accounts.access import Scope
from accounts.models import Service
from modules.models import Evidence, EvidenceLink, LabelCycle


def evidence_by_commitment(
    cycle: LabelCycle, service: Service | None, scope: Scope
) -> dict[int, list[Evidence]]:
    """Return the pieces joined to each commitment (key: its id), as this scope may see them.

    For ``service``: its own and those of the whole préfecture; ``None``: all of the démarche. Removed
    pieces are left out. Each piece comes with ``current.stored``. 1 query.
    """
    links = (
        EvidenceLink.objects.filter(
            cycle=cycle, evidence__in=Evidence.objects.visible_to(scope).filter(removed_at=None)
        )
        .select_related("evidence__current__stored")
        .order_by("evidence__title", "pk")
    )
    if service is not None:
        links = links.filter(Q(service=service) | Q(service__isnull=True))
    found: dict[int, dict[int, Evidence]] = defaultdict(dict)
    for link in links:
        found[link.commitment_id][link.evidence_id] = link.evidence
    return {commitment: list(pieces.values()) for commitment, pieces in found.items()}
