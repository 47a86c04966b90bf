"""Writing many actions at once, with their history: a fixed number of queries for each batch.

``Action.save`` asks for a dozen queries; a table of 5 000 lines would take minutes. What was compared
is written as it is, revision and history included, exactly as saving one by one would leave it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.models import Prefecture, User
from action_plans.enums import ActionState, Verdict
from action_plans.exchange.cells import as_json
from action_plans.exchange.columns import ACTIONS, Kind
from action_plans.exchange.known import KnownPlan
from action_plans.exchange.outcome import LineOutcome, LineStatus, Outcome
from action_plans.models import Action, ActionCounter, Step
from action_plans.workflow import TRANSITIONS


BATCH = 500
MANY = ("modules", "commitments")
_ROWS = {"axis": "axis_id", "service": "service_id", "owner": "owner_id"}
_VERDICTS = {
    ActionState.EFFECTIVE: Verdict.EFFECTIVE.value,
    ActionState.INEFFECTIVE: Verdict.INEFFECTIVE.value,
}
# What goes together: put back as one, or left as one.
STATE_FIELDS = ("state", "state_reason", "state_since", "verdict", "verdict_on", "verdict_by_id")


@dataclass(slots=True)
class Written:
    """One row to write: its fields as they were and as they become; codes apart."""

    row: Any
    is_new: bool
    fields: dict[str, tuple[Any, Any]]
    many: dict[str, tuple[list[int], list[int]]]

    def as_change(self, kind: str, number: int) -> dict[str, Any]:
        """Return what the undo needs, as JSON holds it."""
        return {
            "row": kind,
            "key": self.row.pk,
            "number": number,
            "title": self.row.title,
            "created": self.is_new,
            "revision": self.row.revision,
            "fields": {
                name: [as_json(old), as_json(new)] for name, (old, new) in self.fields.items()
            },
            "many": {name: list(pair) for name, pair in self.many.items()},
        }


def take_numbers(prefecture: Prefecture, count: int) -> range:
    """Take the next numbers of the préfecture; its counter stays locked until the commit."""
    counter = lock_plan(prefecture)
    first = counter.last_number + 1
    counter.last_number += count
    counter.save(update_fields=["last_number"])
    return range(first, first + count)


def lock_plan(prefecture: Prefecture) -> ActionCounter:
    """Make imports of one préfecture wait for one another, until the transaction ends."""
    ActionCounter.objects.get_or_create(prefecture=prefecture)
    return ActionCounter.objects.select_for_update().get(prefecture=prefecture)


def lock_rows(prefecture: Prefecture) -> None:
    """Make whoever saves an action or a step of the plan wait until the transaction ends."""
    list(Action.objects.select_for_update().filter(prefecture=prefecture).values_list("pk"))
    steps = Step.objects.select_for_update(of=("self",)).filter(action__prefecture=prefecture)
    list(steps.values_list("pk"))


def write_outcome(
    *, prefecture: Prefecture, plan: KnownPlan, outcome: Outcome, by: User | None
) -> list[dict[str, Any]]:
    """Write every line that changes something; return what the undo needs, line by line."""
    today = timezone.localdate()
    lines = [line for line in outcome.lines if line.status != LineStatus.UNCHANGED]
    actions = _actions(prefecture, plan, [x for x in lines if x.sheet == ACTIONS.sheet], by, today)
    steps = _steps(plan, [line for line in lines if line.sheet != ACTIONS.sheet])
    save_rows(Action, actions, by)
    save_rows(Step, [written for written, _ in steps], by)
    return [
        *(written.as_change("action", written.row.number) for written in actions),
        *(written.as_change("step", number) for written, number in steps),
    ]


# --- From lines to rows -----------------------------------------------------------------------


def _actions(
    prefecture: Prefecture,
    plan: KnownPlan,
    lines: Sequence[LineOutcome],
    by: User | None,
    today: date,
) -> list[Written]:
    stored = Action.objects.in_bulk([line.key for line in lines if line.key is not None])
    held = {name: many_of(name, stored) for name in MANY}
    new = [line for line in lines if line.key is None]
    numbers = iter(take_numbers(prefecture, len(new)))
    written = []
    for line in lines:
        row = stored.get(line.key) if line.key is not None else None
        is_new = row is None
        row = row or Action(
            prefecture=prefecture, number=next(numbers), state_since=today, created_by=by
        )
        values = {
            **{
                _ROWS.get(name, name): _stored_value(plan, name, value)
                for name, value in line.values.items()
                if name not in MANY
            },
            **_state_values(line.transition, by, today),
        }
        many = {
            name: (
                sorted(held[name].get(row.pk, ())),
                sorted(plan.names[name].keys[code] for code in line.values[name]),
            )
            for name in MANY
            if name in line.values
        }
        written.append(set_values(row, values, many, is_new=is_new))
    return written


def _stored_value(plan: KnownPlan, name: str, value: Any) -> Any:
    if ACTIONS.column(name).kind == Kind.NAME:
        return plan.names[name].keys[value] if value else None
    return value


def _state_values(code: str, by: User | None, today: date) -> dict[str, Any]:
    """Return what an act sets besides the columns of the table."""
    if not code:
        return {}
    verdict = _VERDICTS.get(TRANSITIONS[code].target, "")
    return {
        "state_since": today,
        "verdict": verdict,
        "verdict_on": today if verdict else None,
        "verdict_by_id": by.pk if verdict and by is not None else None,
    }


def set_values(
    row: Any,
    values: Mapping[str, Any],
    many: Mapping[str, tuple[list[int], list[int]]],
    *,
    is_new: bool,
) -> Written:
    """Set the values of a row and raise its revision; remember what they were."""
    fields = {}
    for name, value in values.items():
        old = getattr(row, name)
        if old != value or is_new:
            fields[name] = (old, value)
            setattr(row, name, value)
    if not is_new:
        row.revision += 1
    return Written(row, is_new, fields, dict(many))


def _steps(plan: KnownPlan, lines: Sequence[LineOutcome]) -> list[tuple[Written, int]]:
    stored = Step.objects.in_bulk([line.key for line in lines if line.key is not None])
    parents = {line.number: plan.actions[line.number].key for line in lines if line.number}
    last = dict(
        Step.objects.filter(action__in=set(parents.values()))
        .values_list("action_id")
        .annotate(last=Max("position"))
        .order_by("action_id")
    )
    written = []
    for line in lines:
        if line.number is None:
            continue
        row = stored.get(line.key) if line.key is not None else None
        is_new = row is None
        if row is None:
            action = parents[line.number]
            last[action] = (last.get(action) or 0) + 1
            row = Step(action_id=action, position=last[action])
        written.append((set_values(row, line.values, {}, is_new=is_new), line.number))
    return written


# --- From rows to the database ----------------------------------------------------------------


def save_rows(model: type[Action] | type[Step], rows: Sequence[Written], by: User | None) -> None:
    """Write the rows, their codes and their history."""
    new = [item.row for item in rows if item.is_new]
    old = [item.row for item in rows if not item.is_new]
    if new:
        model.objects.bulk_create(new, batch_size=BATCH)
    if old:
        names = {name for item in rows if not item.is_new for name in item.fields}
        fixed = {"revision", "updated_at"} if model is Action else {"revision"}
        columns = sorted({model._meta.get_field(_field_of(name)).name for name in names} | fixed)
        opened = [getattr(row, "created_at", None) for row in old]
        # One statement for many rows, where an UPDATE with a CASE for each would take seconds.
        model.objects.bulk_create(
            old,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=columns,
        )
        # An insertion dates the row of today: not what is stored, and not what history must keep.
        for row, day in zip(old, opened, strict=True):
            row.created_at = day
    for name in MANY if model is Action else ():
        _save_many(name, {item.row.pk: item.many[name][1] for item in rows if name in item.many})
    _save_history(model, new, old, by)


def _field_of(name: str) -> str:
    return name.removesuffix("_id")


def many_of(name: str, keys: Iterable[int]) -> dict[int, set[int]]:
    """Return by action the keys of its modules or commitments (1 query)."""
    through, target = _through(name)
    held: dict[int, set[int]] = defaultdict(set)
    pairs = through.objects.filter(action_id__in=list(keys)).order_by("pk")
    for action, key in pairs.values_list("action_id", target):
        held[action].add(key)
    return held


def _through(name: str) -> tuple[Any, str]:
    field: Any = Action._meta.get_field(name)
    return field.remote_field.through, f"{field.m2m_reverse_field_name()}_id"


def _save_many(name: str, wanted: Mapping[int, Sequence[int]]) -> None:
    if not wanted:
        return
    through, target = _through(name)
    through.objects.filter(action_id__in=list(wanted)).delete()
    through.objects.bulk_create(
        (through(action_id=row, **{target: key}) for row, keys in wanted.items() for key in keys),
        batch_size=BATCH,
    )


def _save_history(
    model: type[Action] | type[Step], new: list[Any], old: list[Any], by: User | None
) -> None:
    history: Any = model.history  # type: ignore[union-attr]
    made = [
        *(history.bulk_history_create(new, batch_size=BATCH, default_user=by) if new else ()),
        *(
            history.bulk_history_create(old, batch_size=BATCH, update=True, default_user=by)
            if old
            else ()
        ),
    ]
    if model is Action and made:
        for name in MANY:
            _save_many_history(name, made)


def _save_many_history(name: str, made: Sequence[Any]) -> None:
    """Keep beside each row of history the codes that the action had then."""
    through, target = _through(name)
    kept = getattr(Action.history.model, name).model
    of_action = {row.id: row for row in made}
    links = through.objects.filter(action_id__in=list(of_action)).order_by("pk")
    kept.objects.bulk_create(
        (
            kept(history=of_action[action], id=key, action_id=action, **{target: other})
            for key, action, other in links.values_list("pk", "action_id", target)
        ),
        batch_size=BATCH,
    )
