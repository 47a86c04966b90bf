"""Reads of the definitions, of what asks for them and of their targets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.access import Scope
from accounts.models import Prefecture
from indicators.conclusions import goal_words
from indicators.enums import TargetKind
from indicators.models import Indicator, Target
from indicators.rules import DatedTarget, TargetsInForce, targets_on
from modules.models import Commitment, Referential
from modules.selectors.cycles import current_cycle


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    """One indicator of the catalogue; ``commitments``: those of the référentiel that name it."""

    indicator: Indicator
    commitments: tuple[Commitment, ...]
    targets: TargetsInForce

    @property
    def target_words(self) -> str:
        """The target in force, « au moins 85 % »; empty without one."""
        return goal_words(self.targets, self.indicator.unit, self.indicator.direction)


@dataclass(slots=True)
class DefinitionGroup:
    """The indicators of a rubrique; without one, those that no commitment names."""

    title: str
    module_title: str = ""
    lines: list[DefinitionLine] = field(default_factory=list)


def definitions(scope: Scope) -> QuerySet[Any]:
    """Every definition that the scope reads, in the order of the files."""
    return Indicator.objects.visible_to(scope).order_by("position", "code")


def referential_to_show(scope: Scope, slug: str) -> Referential | None:
    """Return the référentiel asked for; else that of the démarche, else the newest that names any."""
    loaded = Referential.objects.order_by("-published_on", "-pk")
    if slug:
        return loaded.filter(slug=slug).first()
    cycle = current_cycle(scope.prefecture) if scope.prefecture else None
    if cycle is not None:
        return cycle.referential  # type: ignore[no-any-return]
    return loaded.filter(indicators__isnull=False).first()


def groups_for_page(
    rows: Iterable[Indicator], referential: Referential | None, scope: Scope, today: date
) -> list[DefinitionGroup]:
    """Return the indicators under the first rubrique that names them, then the others. 2 queries."""
    indicators = list(rows)
    asked = commitments_by_code(referential)
    targets = targets_by_indicator(scope)
    by_heading: dict[int, DefinitionGroup] = {}
    alone = DefinitionGroup("Sans engagement dans ce référentiel")
    for indicator in indicators:
        named_by = asked.get(indicator.code, [])
        line = DefinitionLine(
            indicator, tuple(named_by), targets_on(targets.get(indicator.pk, []), today)
        )
        if not named_by:
            alone.lines.append(line)
            continue
        heading = named_by[0].heading
        group = by_heading.setdefault(
            heading.pk, DefinitionGroup(heading.title, str(heading.module))
        )
        group.lines.append(line)
    order = [item[0].heading_id for item in asked.values()]
    ranks = {pk: rank for rank, pk in enumerate(dict.fromkeys(order))}
    groups = [by_heading[pk] for pk in sorted(by_heading, key=lambda pk: ranks[pk])]
    return [*groups, alone] if alone.lines else groups


def commitments_by_code(referential: Referential | None) -> dict[str, list[Commitment]]:
    """Return the commitments that name each code, in the order of the référentiel (1 query)."""
    found: dict[str, list[Commitment]] = defaultdict(list)
    if referential is None:
        return found
    rows = Commitment.objects.filter(referential=referential).select_related(
        "referential", "heading__module"
    )
    for commitment in rows.order_by("heading__module__number", "heading__position", "position"):
        for code in commitment.indicators:
            found[code].append(commitment)
    return found


@dataclass(frozen=True, slots=True)
class Asking:
    """What the référentiel to show asks for, by code.

    ``headings``: module and rubrique of the first engagement that names it. ``outside``: those that
    only modules left out of the démarche ask for; none without a démarche.
    """

    headings: Mapping[str, tuple[str, str]]
    outside: frozenset[str]


def asking_for(scope: Scope) -> Asking:
    """Return what the référentiel of the démarche asks for (5 queries at most)."""
    named = commitments_by_code(referential_to_show(scope, ""))
    kept = _modules_kept(scope.prefecture)
    headings, outside = {}, set()
    for code, commitments in named.items():
        inside = [item for item in commitments if item.heading.module_id in kept]
        heading = (inside or commitments)[0].heading
        headings[code] = (str(heading.module), heading.title)
        if kept and not inside:
            outside.add(code)
    return Asking(headings, frozenset(outside))


def _modules_kept(prefecture: Prefecture | None) -> frozenset[int]:
    cycle = current_cycle(prefecture) if prefecture else None
    if cycle is None:
        return frozenset()
    return frozenset(cycle.cycle_modules.order_by("pk").values_list("module", flat=True))


def commitments_naming(indicator: Indicator) -> list[Commitment]:
    """Return the commitments of every référentiel that name an indicator, newest référentiel first."""
    rows = Commitment.objects.select_related("referential", "heading__module").order_by(
        "-referential__published_on", "position"
    )
    # JSON lists cannot be asked the same way on both databases, and a référentiel has sixty rows.
    return [row for row in rows if indicator.code in row.indicators]


# --- Targets ----------------------------------------------------------------------------------
def targets_by_indicator(
    scope: Scope, indicator_ids: Iterable[int] | None = None
) -> dict[int, list[DatedTarget]]:
    """Return the national rows and those of the préfecture, by indicator (1 query).

    For whoever is in no préfecture, the national ones only.
    """
    rows = Target.objects.visible_to(scope).filter(removed_at__isnull=True)
    if scope.prefecture is None:
        rows = rows.filter(prefecture__isnull=True)
    if indicator_ids is not None:
        rows = rows.filter(indicator__in=list(indicator_ids))
    found: dict[int, list[DatedTarget]] = defaultdict(list)
    for row in rows.order_by("starts_on", "pk"):
        found[row.indicator_id].append(row.dated)
    return found


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A row of the page of a definition."""

    target: Target
    is_in_force: bool
    is_national: bool

    @property
    def kind(self) -> TargetKind:
        return TargetKind(self.target.kind)


def targets_for_page(indicator: Indicator, scope: Scope, today: date) -> list[TargetLine]:
    """Return the targets and alerts of an indicator, national first, newest first (1 query)."""
    rows = Target.objects.visible_to(scope).filter(indicator=indicator, removed_at__isnull=True)
    if scope.prefecture is None:
        rows = rows.filter(prefecture__isnull=True)
    lines = [
        TargetLine(row, row.holds_on(today), row.prefecture_id is None)
        for row in rows.select_related("indicator").order_by("-starts_on", "kind", "pk")
    ]
    return sorted(lines, key=lambda line: not line.is_national)


def removable_targets(indicator: Indicator, scope: Scope) -> QuerySet[Any]:
    """Return the rows that « Annuler » may bring back, removed ones included."""
    return Target.objects.visible_to(scope).filter(indicator=indicator)
