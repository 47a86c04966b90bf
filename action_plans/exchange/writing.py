"""The plan as a file: ODS and XLSX with their steps and a page of explanations, CSV in one sheet. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from action_plans.exchange.cells import shown
from action_plans.exchange.columns import (
    ACTIONS,
    CHOICES,
    HELP_SHEET,
    STEPS,
    STEPS_COLUMN,
    Column,
    Kind,
)
from action_plans.exchange.known import KnownAction, KnownPlan, KnownStep
from common.spreadsheets import disarmed
from common.workbooks import Rate, WrittenSheet, write_workbook


HELP: tuple[tuple[str, str], ...] = (
    (
        "À quoi sert ce tableau",
        "Modifiez-le dans votre tableur, puis importez-le depuis la page « Actions » : vous verrez, "
        "cellule par cellule, ce qui changerait avant que rien ne soit modifié.",
    ),
    (
        "Une ligne, une action",
        "Gardez le numéro de chaque ligne. Une ligne sans numéro ni révision ouvre une nouvelle action. "
        "Une action qui ne figure plus dans le tableau reste dans le plan.",
    ),
    (
        "Révision",
        "Ne la modifiez pas : elle permet de voir si quelqu’un a changé la même action depuis l’export. "
        "Rien n’est écrasé sans vous le dire.",
    ),
    (
        "Cellule vide",
        "Vider une cellule efface ce qu’elle portait. Supprimer une colonne ne change rien.",
    ),
    ("Dates", "Écrivez-les en entier, comme 01/04/2022."),
    (
        "État",
        f"L’un de : {', '.join(CHOICES['state'].values())}. Un changement peut demander un motif.",
    ),
    ("Priorité", f"L’une de : {', '.join(CHOICES['priority'].values())}."),
    ("Nature", f"L’une de : {', '.join(CHOICES['kind'].values())}."),
    ("Modules, engagements", "Leurs numéros ou leurs codes, séparés par des points-virgules."),
    (
        "Étapes",
        "Une ligne par étape dans la feuille « Étapes ». Une étape sans repère ni révision est ajoutée à "
        "l’action dont elle porte le numéro.",
    ),
    (
        "Pour information",
        "Les origines, les mesures de l’effet et la conclusion ne se modifient pas par ce tableau.",
    ),
    (
        "Format",
        "Le format ODS garde tout. Un fichier CSV n’a qu’une feuille et peut perdre des zéros en tête.",
    ),
)


def write_plan(plan: KnownPlan, fmt: str, *, with_private: bool = True) -> bytes:
    """Return the plan as a file; ``fmt`` is « ods », « xlsx » or « csv ».

    ``with_private=False`` leaves out the addresses of people, for a reader who only reads.
    """
    columns = [item for item in ACTIONS.columns if with_private or not item.is_private]
    actions = [item for item in plan.actions.values() if not item.is_removed]
    numbers = {item.number for item in actions}
    steps = [item for item in plan.steps.values() if item.number in numbers and not item.is_removed]
    if fmt == "csv":
        return _csv(plan, columns, actions)
    sheets = [
        _sheet(ACTIONS.sheet, columns, (_action(plan, item) for item in actions)),
        _sheet(STEPS.sheet, STEPS.columns, (_step(plan, item) for item in steps)),
        WrittenSheet(HELP_SHEET, ("Sujet", "Explication"), HELP, (5.0, 18.0)),
    ]
    return write_workbook(sheets, fmt)


def _sheet(name: str, columns: Sequence[Column], rows: Iterable[dict[str, Any]]) -> WrittenSheet:
    return WrittenSheet(
        name,
        [item.title for item in columns],
        ([_cell(item, row[item.name]) for item in columns] for row in rows),
        [item.width for item in columns],
    )


def _action(plan: KnownPlan, action: KnownAction) -> dict[str, Any]:
    return {
        **action.values,
        "number": action.number,
        "revision": action.revision,
        "referential": plan.referential,
        "prefecture": plan.prefecture_code,
    }


def _step(plan: KnownPlan, step: KnownStep) -> dict[str, Any]:
    return {
        **step.values,
        "number": step.number,
        "key": step.key,
        "revision": step.revision,
        "prefecture": plan.prefecture_code,
    }


def _cell(column: Column, value: Any) -> Any:
    match column.kind:
        case Kind.PERCENT:
            return Rate(Decimal(value) / 100)
        case Kind.CHOICE | Kind.CODES:
            return shown(column, value)
    return value


def _csv(
    plan: KnownPlan,
    columns: Sequence[Column],
    actions: Sequence[KnownAction],
) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([*(item.title for item in columns), STEPS_COLUMN.title])
    for action in actions:
        row = _action(plan, action)
        cells = [_csv_cell(item, row[item.name]) for item in columns]
        writer.writerow([*cells, disarmed(action.values["steps"], "csv")])
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(column: Column, value: Any) -> str:
    if column.kind == Kind.MONEY:
        return "" if value is None else str(value).replace(".", ",")
    return disarmed(shown(column, value), "csv")
