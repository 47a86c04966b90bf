"""The plan in the words of its table: what an export writes, what an import compares with.

The number of queries follows neither the actions nor the lines of the file.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.access import Scope
from accounts.enums import Role
from accounts.models import Membership, Prefecture, User
from action_plans.enums import Verdict
from action_plans.exchange.cells import canonical_line, canonical_text
from action_plans.exchange.columns import ACTIONS, STEPS, Kind
from action_plans.exchange.known import (
    Choices,
    KnownAction,
    KnownPlan,
    KnownStep,
    PastRevision,
    step_in_words,
)
from action_plans.exchange.reading import Line, ReadPlan
from action_plans.models import BY_HAND, Action, Axis, Origin, Step, SuccessMeasure
from action_plans.registry import origin_source
from common.numbers import quantity
from modules.models import Commitment, Module, Referential
from modules.selectors.cycles import current_cycle


_ACTION_COLUMNS = tuple(item for item in ACTIONS.columns if item.is_writable)
_STEP_COLUMNS = tuple(item for item in STEPS.columns if item.is_writable)
_ROWS = {"axis": "axis_id", "service": "service_id", "owner": "owner_id"}
_MANY = ("modules", "commitments")


@dataclass(frozen=True, slots=True)
class Names:
    """How the rows that actions name are written, by column and key; ``referential``: the usual one."""

    referential: str
    written: Mapping[str, Mapping[int, str]]
    choices: Mapping[str, Choices]


def names_of(prefecture: Prefecture) -> Names:
    """Read what an action of the préfecture may name (6 queries, and those of its démarche)."""
    referential = usual_referential(prefecture)
    rows: dict[str, list[tuple[int, tuple[str, ...]]]] = {
        "service": [
            (item.pk, (item.name, item.acronym, str(item))) for item in prefecture.services.all()
        ],
        "axis": [
            (item.pk, (item.title,))
            for item in Axis.objects.filter(prefecture=prefecture, removed_at__isnull=True)
        ],
        "owner": [(item.pk, (item.email, item.full_name)) for item in _members_of(prefecture)],
        "modules": [
            (item.pk, _ways(referential, item.referential.slug, str(item.number), "M", "Module "))
            for item in Module.objects.select_related("referential").order_by("pk")
        ],
        "commitments": [
            (item.pk, _ways(referential, item.referential.slug, item.code))
            for item in Commitment.objects.select_related("referential").order_by("pk")
        ],
    }
    choices = {
        name: Choices.of(_NOUNS[name][0], found, _NOUNS[name][1]) for name, found in rows.items()
    }
    written = {name: {key: ways[0] for key, ways in found} for name, found in rows.items()}
    return Names(referential, written, choices)


_NOUNS = {
    "service": ("service", "Les services se gèrent dans les pages de la préfecture."),
    "axis": ("axe", "Créez-le d’abord parmi les axes du plan, ou laissez la cellule vide."),
    "owner": (
        "compte de la préfecture",
        "Écrivez le courriel d’un compte, ou le nom dans « Nom du responsable ».",
    ),
    "modules": ("module", "Écrivez son numéro, comme 1."),
    "commitments": ("engagement", "Écrivez son code, comme M1-AP-1."),
}


def usual_referential(prefecture: Prefecture) -> str:
    """Return the référentiel of the present démarche, else the last published; blank without any."""
    cycle = current_cycle(prefecture)
    if cycle is not None:
        return str(cycle.referential.slug)
    latest = Referential.objects.order_by("-published_on", "pk").first()
    return latest.slug if latest is not None else ""


def _ways(usual: str, slug: str, code: str, *marks: str) -> tuple[str, ...]:
    """Return how a code is written, then how it may be read: alone when it is the usual référentiel's."""
    full = f"{slug}:{code}"
    if slug != usual:
        return (full,)
    return (code, full, *(f"{mark}{code}" for mark in marks))


def _members_of(prefecture: Prefecture) -> QuerySet[User]:
    held = Membership.objects.filter(prefecture=prefecture).active_on(timezone.localdate())
    staff = held.exclude(role=Role.AUDITOR).values("user")
    return User.objects.filter(Q(pk__in=staff), is_active=True).order_by("pk")


# --- Actions ----------------------------------------------------------------------------------


def plan_of(
    prefecture: Prefecture, actions: QuerySet[Any] | None = None, scope: Scope | None = None
) -> KnownPlan:
    """Return the plan, removed actions included, or these ``actions`` of it (about 16 queries).

    ``scope``: origins that this reader may not see are left out.
    """
    names = names_of(prefecture)
    rows = actions if actions is not None else Action.objects.filter(prefecture=prefecture)
    found = list(rows.order_by("number").select_related(None).prefetch_related(None))
    keys = [item.pk for item in found] if actions is not None else None
    many = {name: _many(name, prefecture, names) for name in _MANY}
    others = _owners_gone(found, names)
    told = _told(prefecture, keys, scope)
    numbers = {item.pk: item.number for item in found}
    steps = _steps_of(prefecture, numbers)
    told["steps"] = _steps_told(steps, numbers)
    known = {}
    for item in found:
        values = _action_values(item, names, others, {n: many[n].get(item.pk, ()) for n in _MANY})
        values |= {name: texts.get(item.pk, "") for name, texts in told.items()}
        values["verdict"] = _verdict_in_words(item)
        known[item.number] = KnownAction(
            item.pk, item.number, item.revision, values, item.removed_at is not None
        )
    return KnownPlan(
        prefecture_code=prefecture.code,
        prefecture_name=prefecture.name,
        referential=names.referential,
        names=names.choices,
        actions=known,
        steps={step.key: step for step in steps},
    )


def _action_values(
    row: Any, names: Names, gone_owners: Mapping[int, str], many: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    """Return the canonical values of an action, or of one of its past revisions."""
    values: dict[str, Any] = {}
    for column in _ACTION_COLUMNS:
        if column.name in _ROWS:
            key = getattr(row, _ROWS[column.name])
            others = gone_owners if column.name == "owner" else {}
            written = names.written[column.name].get(key) or others.get(key, "")
            values[column.name] = written if key is not None else ""
        elif column.kind == Kind.CODES:
            values[column.name] = many[column.name]
        else:
            values[column.name] = _canonical(column.kind, getattr(row, column.name))
    return values


def _canonical(kind: Kind, value: Any) -> Any:
    if kind == Kind.LINE:
        return canonical_line(value)
    if kind == Kind.TEXT:
        return canonical_text(value)
    return value


def _many(name: str, prefecture: Prefecture, names: Names) -> dict[int, tuple[str, ...]]:
    """Return the codes of every action of the préfecture (1 query)."""
    field = Action._meta.get_field(name)
    through = field.remote_field.through  # type: ignore[union-attr]
    target = field.m2m_reverse_field_name()  # type: ignore[union-attr]
    pairs = through.objects.filter(action__prefecture=prefecture).order_by("pk")
    return _codes(pairs.values_list("action_id", f"{target}_id"), names.written[name])


def _codes(
    pairs: Iterable[tuple[int, int]], written: Mapping[int, str]
) -> dict[int, tuple[str, ...]]:
    held: dict[int, set[str]] = defaultdict(set)
    for row, key in pairs:
        if key in written:
            held[row].add(written[key])
    return {row: tuple(sorted(codes)) for row, codes in held.items()}


def _owners_gone(rows: Iterable[Any], names: Names) -> dict[int, str]:
    """Return the e-mails of the owners who hold no role any more (1 query at most)."""
    known = names.written["owner"]
    gone = {row.owner_id for row in rows if row.owner_id is not None} - set(known)
    if not gone:
        return {}
    return dict(User.objects.filter(pk__in=gone).order_by("pk").values_list("pk", "email"))


def _steps_of(prefecture: Prefecture, numbers: Mapping[int, int]) -> list[KnownStep]:
    rows = Step.objects.filter(action__prefecture=prefecture).order_by(
        "action__number", "position", "pk"
    )
    return [
        KnownStep(
            row.pk,
            numbers[row.action_id],
            row.revision,
            _step_values(row),
            row.removed_at is not None,
        )
        for row in rows
        if row.action_id in numbers
    ]


def _steps_told(steps: Iterable[KnownStep], numbers: Mapping[int, int]) -> dict[int, str]:
    """Return by action what a CSV file says of its steps."""
    by_number: dict[int, list[str]] = defaultdict(list)
    for step in steps:
        if not step.is_removed:
            by_number[step.number].append(step_in_words(step))
    return {key: "\n".join(by_number[number]) for key, number in numbers.items()}


def _step_values(row: Any) -> dict[str, Any]:
    return {item.name: _canonical(item.kind, getattr(row, item.name)) for item in _STEP_COLUMNS}


# --- For information --------------------------------------------------------------------------


def _told(
    prefecture: Prefecture, keys: list[int] | None, scope: Scope | None
) -> dict[str, dict[int, str]]:
    """Return by action the texts of the columns that are there for information (2 queries)."""
    wanted = Q(action__prefecture=prefecture)
    if keys is not None:
        wanted &= Q(action__in=keys)
    origins: dict[int, list[str]] = defaultdict(list)
    for origin in Origin.objects.filter(wanted).order_by("pk"):
        if _may_see(origin, scope):
            origins[origin.action_id].append(_origin_in_words(origin))
    measures: dict[int, list[str]] = defaultdict(list)
    for measure in SuccessMeasure.objects.filter(wanted, removed_at__isnull=True).order_by("pk"):
        measures[measure.action_id].append(_measure_in_words(measure))
    return {
        "origins": {key: "\n".join(lines) for key, lines in origins.items()},
        "measures": {key: "\n".join(lines) for key, lines in measures.items()},
    }


def _may_see(origin: Origin, scope: Scope | None) -> bool:
    source = origin_source(origin.source)
    return scope is None or source is None or scope.may(*source.permissions)


def _origin_in_words(origin: Origin) -> str:
    source = origin_source(origin.source) if origin.source != BY_HAND else None
    return f"{source.label} : {origin.label}" if source is not None else origin.label


def _measure_in_words(measure: SuccessMeasure) -> str:
    parts = [measure.label]
    if measure.baseline is not None:
        parts.append(f"départ {quantity(measure.baseline, measure.unit)}")
    if measure.target is not None:
        parts.append(f"cible {quantity(measure.target, measure.unit)}")
    if measure.measure_on is not None:
        parts.append(f"à mesurer le {measure.measure_on:%d/%m/%Y}")
    return ", ".join(parts)


def _verdict_in_words(action: Action) -> str:
    if not action.verdict:
        return ""
    day = f", le {action.verdict_on:%d/%m/%Y}" if action.verdict_on is not None else ""
    return f"{Verdict(action.verdict).label}{day}"


# --- What was changed since an export ---------------------------------------------------------


def plan_for_import(prefecture: Prefecture, read: ReadPlan) -> KnownPlan:
    """Return the plan with what the lines of an older export need: the past of their rows."""
    plan = plan_of(prefecture)
    actions = {
        found.key: line.values["revision"]
        for line in read.actions
        if (found := plan.actions.get(line.values.get("number") or 0)) and _is_old(line, found)
    }
    steps = {
        step.key: line.values["revision"]
        for line in read.steps
        if (step := plan.steps.get(line.values.get("key") or 0)) and _is_old(line, step)
    }
    past_actions = _past_actions(prefecture, actions) if actions else {}
    past_steps = _past(Step, steps, lambda row: _step_values(row)) if steps else {}
    return replace(
        plan,
        actions={
            number: replace(item, past=past_actions[item.key]) if item.key in past_actions else item
            for number, item in plan.actions.items()
        },
        steps={
            key: replace(item, past=past_steps[key]) if key in past_steps else item
            for key, item in plan.steps.items()
        },
    )


def _is_old(line: Line, row: KnownAction | KnownStep) -> bool:
    return (line.values.get("revision") or row.revision) < row.revision


def _past_actions(
    prefecture: Prefecture, revisions: Mapping[int, int]
) -> dict[int, tuple[PastRevision, ...]]:
    names = names_of(prefecture)
    history = Action.history.model
    rows = list(_past_rows(Action, revisions))
    ids = [row.history_id for row in rows]
    many = {}
    for relation in history._history_m2m_fields:
        through = getattr(history, relation.name).model
        pairs = through.objects.filter(history_id__in=ids).order_by("pk")
        target = f"{relation.m2m_reverse_field_name()}_id"
        many[relation.name] = _codes(
            pairs.values_list("history_id", target), names.written[relation.name]
        )
    others = _owners_gone(rows, names)
    return _grouped(
        rows,
        lambda row: _action_values(
            row, names, others, {name: many[name].get(row.history_id, ()) for name in _MANY}
        ),
    )


def _past(
    model: type[Step], revisions: Mapping[int, int], values_of: Any
) -> dict[int, tuple[PastRevision, ...]]:
    return _grouped(_past_rows(model, revisions), values_of)


def _past_rows(model: Any, revisions: Mapping[int, int]) -> QuerySet[Any]:
    """Return the rows of history of these things since the oldest revision asked for (1 query)."""
    return (
        model.history.filter(id__in=list(revisions), revision__gte=min(revisions.values()))
        .select_related("history_user")
        .order_by("history_id")
    )


def _grouped(rows: Iterable[Any], values_of: Any) -> dict[int, tuple[PastRevision, ...]]:
    """Group by thing; of the rows of one revision, the last is the whole (its codes follow its save)."""
    found: dict[int, dict[int, PastRevision]] = defaultdict(dict)
    for row in rows:
        who = str(row.history_user) if row.history_user else "Quelqu’un"
        when = timezone.localtime(row.history_date)
        found[row.id][row.revision] = PastRevision(row.revision, values_of(row), who, when)
    return {key: tuple(items.values()) for key, items in found.items()}
