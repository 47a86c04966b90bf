"""Undoing an import: each value is put back, unless somebody changed it since, which is then said."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from action_plans.enums import ImportState
from action_plans.exchange.cells import as_json
from action_plans.models import Action, ActionImport, Step
from action_plans.services.import_writing import (
    MANY,
    STATE_FIELDS,
    Written,
    lock_plan,
    lock_rows,
    many_of,
    save_rows,
    set_values,
)
from common.typography import NBSP


@transaction.atomic
def undo_import(*, imported: ActionImport, by: User) -> ActionImport:
    """Put back what an import changed; what was changed since stays, and is told in ``outcome["kept"]``.

    ``ValidationError`` when it is not applied. Twice changes nothing.
    """
    stored = (
        ActionImport.objects.select_for_update(of=("self",))
        .select_related("prefecture")
        .get(pk=imported.pk)
    )
    if stored.state == ImportState.UNDONE:
        return stored
    if stored.state != ImportState.APPLIED:
        raise ValidationError("Cet import n’est pas appliqué : il n’y a rien à annuler.")
    lock_plan(stored.prefecture)
    lock_rows(stored.prefecture)
    kept: list[str] = []
    for kind, model in (("action", Action), ("step", Step)):
        changes = [change for change in stored.changes if change["row"] == kind]
        save_rows(model, list(_put_back(model, changes, kept)), by)
    stored.state, stored.undone_by, stored.undone_at = ImportState.UNDONE, by, timezone.now()
    stored.outcome = {**stored.outcome, "kept": kept}
    stored.save(update_fields=["state", "undone_by", "undone_at", "outcome"])
    return stored


def _put_back(
    model: type[Action] | type[Step], changes: Sequence[Mapping[str, Any]], kept: list[str]
) -> Iterable[Written]:
    rows = model.objects.in_bulk([change["key"] for change in changes])
    held = {name: many_of(name, rows) for name in MANY} if model is Action else {}
    alive = _still_there(model, changes)
    for change in changes:
        row = rows.get(change["key"])
        if row is None:
            kept.append(f"{_named(change)}{NBSP}: elle n’existe plus.")
        elif change["created"]:
            yield from _taken_off(row, change, kept)
        else:
            codes = {name: sorted(held[name].get(row.pk, ())) for name in change["many"]}
            yield from _reverted(row, change, codes, alive, kept)


def _named(change: Mapping[str, Any]) -> str:
    if change["row"] == "action":
        return f"Action n°{NBSP}{change['number']}"
    return f"Action n°{NBSP}{change['number']}, étape «{NBSP}{change['title']}{NBSP}»"


def _taken_off(row: Any, change: Mapping[str, Any], kept: list[str]) -> Iterable[Written]:
    """Take off a row that the import opened, when nobody worked on it since."""
    if row.removed_at is not None:
        return
    if row.revision != change["revision"]:
        kept.append(f"{_named(change)}{NBSP}: modifiée depuis l’import, elle reste dans le plan.")
        return
    yield set_values(row, {"removed_at": timezone.now()}, {}, is_new=False)


def _reverted(
    row: Any,
    change: Mapping[str, Any],
    codes: Mapping[str, list[int]],
    alive: Mapping[str, set[int]],
    kept: list[str],
) -> Iterable[Written]:
    fields, many = change["fields"], change["many"]
    moved = {name for name, (_, new) in fields.items() if as_json(getattr(row, name)) != new}
    moved |= {
        name
        for name, (old, _) in fields.items()
        if old is not None and name in alive and old not in alive[name]
    }
    if moved & set(STATE_FIELDS) and "state" in fields:
        # A state goes with its reason and its conclusion: put back together, or not at all.
        moved |= set(STATE_FIELDS) & set(fields)
    moved |= {name for name, (_, new) in many.items() if codes[name] != new}
    values = {
        name: row._meta.get_field(name.removesuffix("_id")).to_python(old)
        if not name.endswith("_id")
        else old
        for name, (old, _) in fields.items()
        if name not in moved
    }
    back = {name: (codes[name], old) for name, (old, _) in many.items() if name not in moved}
    if told := sorted({_label(row, name) for name in moved}):
        names = ", ".join(f"«{NBSP}{label}{NBSP}»" for label in told)
        kept.append(f"{_named(change)}{NBSP}: {names} a changé depuis, et reste tel quel.")
    if values or back:
        yield set_values(row, values, back, is_new=False)


def _label(row: Any, name: str) -> str:
    return str(row._meta.get_field(name.removesuffix("_id")).verbose_name)


def _still_there(
    model: type[Action] | type[Step], changes: Sequence[Mapping[str, Any]]
) -> dict[str, set[int]]:
    """Return by field the rows that an old value names and that still exist (1 query for each field)."""
    named: dict[str, set[int]] = {}
    for change in changes:
        for name, (old, _) in change["fields"].items():
            if name.endswith("_id") and old is not None and not change["created"]:
                named.setdefault(name, set()).add(old)
    found = {}
    for name, keys in named.items():
        related: Any = model._meta.get_field(name.removesuffix("_id")).related_model
        rows = related._base_manager.filter(pk__in=keys).order_by("pk")
        found[name] = set(rows.values_list("pk", flat=True))
    return found
