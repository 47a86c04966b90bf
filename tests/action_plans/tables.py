"""A small plan for the tests of exchange, and its table edited as somebody would in a spreadsheet."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

from accounts.models import Prefecture, User
from action_plans.enums import ActionKind, Priority
from action_plans.exchange.columns import ACTIONS, STEPS
from action_plans.exchange.outcome import Outcome
from action_plans.exchange.writing import write_plan
from action_plans.models import Action, Axis, Step
from action_plans.selectors.exchange import plan_of
from action_plans.services.actions import open_action
from action_plans.services.imports import import_now
from common.spreadsheets import Value, read_sheets
from common.workbooks import Rate, WrittenSheet, write_workbook
from tests.cast import Cast
from tests.modules.builders import small_referential


TITLES = {column.name: column.title for column in ACTIONS.columns}
STEP_TITLES = {column.name: column.title for column in STEPS.columns}


def make_plan(cast: Cast) -> list[Action]:
    """Three actions: a full one with two steps, one that is nearly bare, one of odd texts."""
    referential = small_referential()
    axis = Axis.objects.create(prefecture=cast.prefecture, title="Délais")
    full = open_action(
        prefecture=cast.prefecture,
        values={
            "title": "Ajouter des plages de rendez-vous en ligne",
            "problem": "Délais jugés trop longs :\r\n52 % de satisfaits.",
            "kind": ActionKind.CORRECTIVE,
            "axis": axis,
            "service": cast.service,
            "owner": cast.user("correspondant"),
            "priority": Priority.HIGH,
            "starts_on": date(2022, 1, 3),
            "due_on": date(2022, 6, 30),
            "cost": Decimal("1250.5"),
            "progress": 45,
            "modules": list(referential.modules.filter(number=1)),
            "commitments": list(referential.commitments.all()[:2]),
        },
        by=cast.user("referente"),
    )
    Step.objects.create(action=full, position=1, title="Recruter", due_on=date(2022, 3, 1))
    Step.objects.create(action=full, position=2, title="Ouvrir les plages", owner_name="M. Petit")
    bare = open_action(prefecture=cast.prefecture, values={"title": "Refaire la signalétique"})
    odd = open_action(
        prefecture=cast.prefecture,
        values={
            "title": "=SOMME(A1) ; \"guillemets\" & 'apostrophes' 🙂",
            "means": "-12\n'+x\n\t007",
        },
    )
    return [full, bare, odd]


def export(prefecture: Prefecture, fmt: str = "ods") -> bytes:
    return write_plan(plan_of(prefecture), fmt)


class Table:
    """An export that is being edited: ``table.set("title", line=2, value="…")``."""

    def __init__(self, data: bytes) -> None:
        self.sheets = {sheet.name: sheet.lines for sheet in read_sheets(data)}

    def lines(self, sheet: str = "Actions") -> list[list[Value]]:
        return self.sheets[sheet]

    def place(self, name: str, sheet: str = "Actions") -> int:
        titles = TITLES if sheet == "Actions" else STEP_TITLES
        return self.lines(sheet)[0].index(titles[name])

    def set(self, name: str, line: int, value: Value, sheet: str = "Actions") -> "Table":
        self.lines(sheet)[line - 1][self.place(name, sheet)] = value
        return self

    def add(self, sheet: str = "Actions", **values: Value) -> "Table":
        lines = self.lines(sheet)
        lines.append([""] * len(lines[0]))
        for name, value in values.items():
            self.set(name, len(lines), value, sheet)
        return self

    def drop(self, name: str, sheet: str = "Actions") -> "Table":
        place = self.place(name, sheet)
        for line in self.lines(sheet):
            del line[place]
        return self

    def data(self, fmt: str = "ods") -> bytes:
        return write_workbook(
            [
                WrittenSheet(
                    name, [str(x) for x in head], [_cells(row) for row in rows], [3.0] * 40
                )
                for name, (head, *rows) in self.sheets.items()
            ],
            fmt,
        )


def _cells(row: list[Value]) -> list[Any]:
    return [Rate(Decimal(str(cell))) if isinstance(cell, float) else cell for cell in row]


def compared(
    cast: Cast, data: bytes, *, by: str | None = "referente", apply: bool = False
) -> Outcome:
    user: User | None = cast.user(by) if by else None
    outcome, _ = import_now(
        prefecture=cast.prefecture, file_name="plan.ods", data=data, by=user, apply=apply
    )
    return outcome


def changes(outcome: Outcome) -> list[tuple[str, Any, Any]]:
    """Return (cell, old, new) of every change."""
    return [(item.cell, item.old, item.new) for line in outcome.lines for item in line.changes]


def faults(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Return (sheet, cell, message) of everything refused, the table's first."""
    found = [*outcome.faults, *(fault for line in outcome.lines for fault in line.faults)]
    return [(item.sheet, item.cell, item.message.replace("\u00a0", " ")) for item in found]


def snapshot() -> tuple[Any, ...]:
    """Return everything that an import may write, to tell that nothing changed."""
    actions: Callable[..., Any] = Action.objects.order_by("pk").values_list
    return (
        list(actions("pk", "revision", "title", "state", "due_on", "owner", "service", "progress")),
        list(Step.objects.order_by("pk").values_list("pk", "revision", "title", "due_on")),
        Action.history.count(),
        Step.history.count(),
    )


def command(file: Path, *options: str) -> Mapping[str, Any]:
    """Run ``import_actions`` with ``--json``; ``exit`` tells how it ended."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("import_actions", str(file), *options, "--json", stdout=out, stderr=err)
    except (SystemExit, CommandError):
        code = 1
    return {**json.loads(out.getvalue()), "exit": code}
