"""Freezing the plan of a year, as the steering committee validated it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from accounts.models import Prefecture, User
from action_plans.models import PlanVersion
from action_plans.selectors.plan_versions import plan_of_year
from action_plans.services.import_writing import lock_plan


_ABOUT = ("validated_on", "validated_by_name", "note")


@transaction.atomic
def freeze_plan(*, prefecture: Prefecture, values: Mapping[str, Any], by: User) -> PlanVersion:
    """Freeze the plan of ``values["year"]``; the same act sent twice gives one version.

    ``ValidationError`` when a value is refused, or when the plan of that year has no action.
    """
    lock_plan(prefecture)
    year = values["year"]
    plan = plan_of_year(prefecture, year)
    if not plan.actions:
        raise ValidationError(
            {"year": f"Le plan de {year} n’a aucune action : il n’y a rien à arrêter."}
        )
    frozen = plan.as_dict()
    earlier = PlanVersion.objects.filter(prefecture=prefecture, year=year)
    latest = earlier.order_by("-number").first()
    if latest is not None and latest.frozen == frozen and _says_the_same(latest, values):
        return latest
    last = earlier.aggregate(last=Max("number"))["last"] or 0
    version = PlanVersion(
        prefecture=prefecture, number=last + 1, frozen=frozen, frozen_by=by, **values
    )
    version.full_clean()
    version.save()
    return version


def _says_the_same(version: PlanVersion, values: Mapping[str, Any]) -> bool:
    return all(getattr(version, name) == values[name] for name in _ABOUT)
