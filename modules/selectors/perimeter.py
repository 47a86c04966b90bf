"""Who is concerned by what: the services and the commitments of a démarche."""

from accounts.models import Service
from modules.models import Commitment, LabelCycle


def services_by_module(cycle: LabelCycle) -> dict[int, list[Service]]:
    """Return the services concerned by each module retained (key: its id), in their order.

    A module for which none was named concerns every service of the préfecture. 3 queries.
    """
    everybody = list(Service.objects.filter(prefecture=cycle.prefecture_id).order_by("name", "pk"))
    retained = cycle.cycle_modules.order_by("position").prefetch_related("services")
    found = {}
    for item in retained:
        named = {service.pk for service in item.services.all()}
        found[item.module_id] = [s for s in everybody if not named or s.pk in named]
    return found


def commitments_of_perimeter(cycle: LabelCycle) -> list[Commitment]:
    """Return the commitments of the modules retained, in the order of the référentiel.

    With ``heading`` and ``heading.module``, 1 query.
    """
    return list(
        Commitment.objects.filter(heading__module__cycle_modules__cycle=cycle)
        .select_related("heading__module")
        .order_by("heading__module__number", "heading__position", "position", "pk")
    )
