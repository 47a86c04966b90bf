"""What a validated plan is made of, and what its pages show."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import Scope
from accounts.models import Prefecture
from action_plans.enums import ActionState
from action_plans.exchange.cells import shown
from action_plans.exchange.columns import ACTIONS, CHOICES
from action_plans.exchange.known import KnownAction, step_in_words
from action_plans.models import Action, PlanVersion
from action_plans.rules.plan_versions import (
    FrozenAction,
    FrozenPlan,
    PlanDifferences,
    differences,
)
from action_plans.selectors.exchange import plan_of


TODAY = "aujourdhui"
OWNER = "Responsable"
# What is said apart, or is of no use on paper.
_APART = {"title", "state", "axis", "owner", "owner_name", "owner_email"}
_LABELS = {"origins": "Origines", "measures": "Mesures de l’effet", "verdict": "Conclusion"}


def actions_of_year(prefecture: Prefecture, year: int) -> QuerySet[Any]:
    """Return the actions of the plan of a year: begun by its end, not finished before it."""
    return (
        Action.objects.filter(prefecture=prefecture)
        .kept()
        .exclude(starts_on__year__gt=year)
        .exclude(done_on__year__lt=year)
        .exclude(state=ActionState.ABANDONED, state_since__year__lt=year)
    )


def plan_of_year(prefecture: Prefecture, year: int) -> FrozenPlan:
    """Return the plan of a year as it stands, ready to be frozen (constant number of queries)."""
    rows = actions_of_year(prefecture, year)
    plan = plan_of(prefecture, rows)
    owners = {row.number: row.owner_label for row in rows.select_related("owner")}
    steps: dict[int, list[str]] = {}
    for step in plan.steps.values():
        if not step.is_removed:
            steps.setdefault(step.number, []).append(step_in_words(step))
    return FrozenPlan(
        year=year,
        prefecture=str(prefecture),
        taken_on=timezone.localdate().isoformat(),
        actions=tuple(
            _frozen(action, owners[number], tuple(steps.get(number, ())))
            for number, action in plan.actions.items()
        ),
    )


def _frozen(action: KnownAction, owner: str, steps: tuple[str, ...]) -> FrozenAction:
    fields = {OWNER: owner}
    for column in ACTIONS.columns:
        if not column.is_key and column.name not in _APART:
            text = shown(column, action.values[column.name])
            fields[_LABELS.get(column.name, column.title)] = text
    if not action.values["is_highlighted"]:
        fields.pop(ACTIONS.column("is_highlighted").title)
    state = action.values["state"]
    return FrozenAction(
        number=action.number,
        title=action.values["title"],
        state=state,
        state_label=CHOICES["state"][state],
        axis=action.values["axis"],
        fields={label: text for label, text in fields.items() if text},
        steps=steps,
    )


def versions_for_list(scope: Scope) -> QuerySet[Any]:
    """Return the validated versions, newest first, without what they hold."""
    return PlanVersion.objects.visible_to(scope).defer("frozen").select_related("frozen_by")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans compared: what they are called, and how the first became the second."""

    old_name: str
    new_name: str
    found: PlanDifferences
    choice: str


@dataclass(frozen=True, slots=True)
class ComparisonChoice:
    """Something to compare a version with: what the address carries, and its name."""

    value: str
    label: str


def comparison_choices(version: PlanVersion) -> list[ComparisonChoice]:
    """Return what a version can be compared with: the plan of today, then the other versions."""
    others = PlanVersion.objects.filter(prefecture=version.prefecture_id).exclude(pk=version.pk)
    return [
        ComparisonChoice(TODAY, "Plan d’aujourd’hui"),
        *(ComparisonChoice(str(item.pk), _named(item)) for item in others.defer("frozen")),
    ]


def compare_version(version: PlanVersion, asked: str) -> Comparison:
    """Compare a version with the plan of today or with another version, the older one first.

    ``asked`` is what the address carries; nonsense is the plan of today.
    """
    other = None
    if asked.isascii() and asked.isdigit() and len(asked) < 18:
        rows = PlanVersion.objects.filter(prefecture=version.prefecture_id)
        other = rows.exclude(pk=version.pk).filter(pk=int(asked)).first()
    frozen = FrozenPlan.from_dict(version.frozen)
    if other is None:
        now = plan_of_year(version.prefecture, version.year)
        name = f"Plan d’aujourd’hui ({_day(timezone.localdate())})"
        return Comparison(_named(version), name, differences(frozen, now), TODAY)
    old, new = sorted((version, other), key=lambda item: (item.frozen_at, item.pk))
    found = differences(FrozenPlan.from_dict(old.frozen), FrozenPlan.from_dict(new.frozen))
    return Comparison(_named(old), _named(new), found, str(other.pk))


def _named(version: PlanVersion) -> str:
    return f"{version} ({_day(version.validated_on)})"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
