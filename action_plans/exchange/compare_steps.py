"""The sheet « Étapes » against the steps of the plan, and each step against the end of its action."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from action_plans.exchange.columns import STEPS
from action_plans.exchange.compare import (
    BLANKS,
    Comparison,
    MergedAction,
    assemble,
    compare_actions,
    foreign,
    outcome_of,
    start,
)
from action_plans.exchange.known import KnownAction, KnownPlan, KnownStep
from action_plans.exchange.merging import Merge, merge
from action_plans.exchange.outcome import LineOutcome, Outcome
from action_plans.exchange.reading import CellFault, Line, ReadPlan
from common.typography import NBSP
from common.written import plain_key


@dataclass(slots=True)
class MergedStep:
    """A line of « Étapes », merged; ``known`` is its step, ``None`` for a new one."""

    merge: Merge
    known: KnownStep | None
    action: KnownAction | None


def compare(read: ReadPlan, plan: KnownPlan, *, today: date, may_judge: bool) -> Outcome:
    """Return what the file would change. ``may_judge``: whether its author concludes on effects."""
    comparison = start(read, plan, today=today, may_judge=may_judge)
    actions = compare_actions(read, comparison)
    steps = _compare_steps(read, comparison)
    _check_ends(actions, steps, plan)
    return assemble(
        read, plan, [outcome_of(item) for item in actions], [_outcome_of(item) for item in steps]
    )


def _compare_steps(read: ReadPlan, comparison: Comparison) -> list[MergedStep]:
    titles: dict[int, dict[str, str]] = defaultdict(dict)
    for step in comparison.plan.steps.values():
        if not step.is_removed:
            titles[step.number][plain_key(step.values["title"])] = "déjà dans le plan"
    lines_of: dict[int, list[int]] = defaultdict(list)
    for line in read.steps:
        if line.values.get("key") is not None:
            lines_of[line.values["key"]].append(line.line)
    return [_compared(line, comparison.plan, titles, lines_of) for line in read.steps]


def _compared(
    line: Line,
    plan: KnownPlan,
    titles: dict[int, dict[str, str]],
    lines_of: dict[int, list[int]],
) -> MergedStep:
    action = plan.actions.get(line.values.get("number") or 0)
    key = line.values.get("key")
    known = plan.steps.get(key) if key is not None else None
    refusal = foreign(line, plan) or _without_action(line, action)
    refusal = refusal or (
        _lost_key(line, titles) if key is None else _wrong_key(line, known, lines_of[key])
    )
    if refusal:
        return MergedStep(Merge(line, faults=[*line.faults, refusal]), known, action)
    merged = merge(line, known, plan) if known else _new_step(line)
    if not merged.result("title", known.values["title"] if known else "") and not merged.faults:
        merged.refuse("title", "L’étape n’a pas de nom. Écrivez ce qui est à faire.")
    return MergedStep(merged, known, action)


def _without_action(line: Line, action: KnownAction | None) -> CellFault | None:
    if "number" not in line.values:
        return None
    number = line.values["number"]
    if number is None:
        return line.fault(
            "number",
            "Le numéro de l’action manque. Une action nouvelle reçoit son numéro à l’import : importez "
            "d’abord les actions, puis leurs étapes depuis un nouvel export.",
        )
    if action is None or action.is_removed:
        return line.fault(
            "number", f"Le plan n’a pas d’action n°{NBSP}{number}. Corrigez le numéro."
        )
    return None


def _lost_key(line: Line, titles: dict[int, dict[str, str]]) -> CellFault | None:
    if "key" not in line.values:
        return None
    if line.values.get("revision") is not None:
        return line.fault(
            "key",
            "Le repère manque, alors que la ligne porte une révision : c’est une étape du plan. "
            "Remettez son repère, ou videz aussi la révision si l’étape est nouvelle.",
        )
    number, title = line.values.get("number"), plain_key(line.values.get("title", ""))
    if number is None or not title:
        return None
    twin = titles[number].setdefault(title, f"à la ligne {line.line}")
    if twin == f"à la ligne {line.line}":
        return None
    return line.fault(
        "key",
        f"L’action n°{NBSP}{number} a une étape de ce nom, {twin}. Si c’est elle, remettez son repère "
        "et sa révision ; sinon, changez son nom.",
    )


def _wrong_key(line: Line, known: KnownStep | None, lines: list[int]) -> CellFault | None:
    others = [str(item) for item in lines if item != line.line]
    if others:
        return line.fault(
            "key", f"Ce repère est aussi à la ligne {', '.join(others)}. Gardez-en une."
        )
    if known is None or known.number != line.values.get("number"):
        return line.fault(
            "key",
            "Ce repère n’est pas celui d’une étape de cette action. Remettez celui du tableau exporté, "
            "ou videz-le si l’étape est nouvelle.",
        )
    if known.is_removed:
        return line.fault("key", "Cette étape a été retirée. Supprimez la ligne.")
    return None


def _new_step(line: Line) -> Merge:
    found = Merge(line, faults=list(line.faults))
    for column in STEPS.columns:
        value = line.values.get(column.name)
        if column.is_writable and value is not None and value != BLANKS.get(column.kind):
            found.change(column, None, value)
    return found


# --- Ends -------------------------------------------------------------------------------------


def _check_ends(actions: list[MergedAction], steps: list[MergedStep], plan: KnownPlan) -> None:
    """Refuse a step that would come after the end of its action, on the line that makes it so."""
    moved = {
        item.known.number: item
        for item in actions
        if item.known is not None and "due_on" in item.merge.changes
    }
    ends = {
        number: moved[number].merge.changes["due_on"].new
        if number in moved
        else action.values["due_on"]
        for number, action in plan.actions.items()
    }
    told: set[int] = set()
    for step in steps:
        if step.known is not None:
            told.add(step.known.key)
        if step.action is None or step.merge.faults:
            continue
        day = step.merge.result("due_on", step.known.values["due_on"] if step.known else None)
        end = ends[step.action.number]
        if not _is_after(day, end):
            continue
        if "due_on" in step.merge.changes or step.known is None:
            step.merge.refuse("due_on", _after_the_end(day, end, step.action.number))
        elif step.action.number in moved:
            _refuse_end(moved[step.action.number], step.known, day)
    for known in plan.steps.values():
        if known.key in told or known.is_removed or known.number not in moved:
            continue
        if _is_after(known.values["due_on"], ends[known.number]):
            _refuse_end(moved[known.number], known, known.values["due_on"])


def _is_after(day: Any, end: Any) -> bool:
    return day is not None and end is not None and day > end


def _after_the_end(day: date, end: date, number: int) -> str:
    return (
        f"L’étape est prévue le {day:%d/%m/%Y}, après l’échéance de l’action n°{NBSP}{number} "
        f"({end:%d/%m/%Y}). Avancez l’étape, ou reculez l’échéance de l’action."
    )


def _refuse_end(action: MergedAction, step: KnownStep, day: date) -> None:
    action.merge.refuse(
        "due_on",
        f"L’étape «{NBSP}{step.values['title']}{NBSP}» est prévue le {day:%d/%m/%Y}, après cette "
        "échéance. Avancez aussi l’étape, ou gardez une échéance plus tardive.",
    )


def _outcome_of(step: MergedStep) -> LineOutcome:
    merged, line = step.merge, step.merge.line
    return LineOutcome(
        sheet=STEPS.sheet,
        line=line.line,
        number=line.values.get("number"),
        title=line.values.get("title") or (step.known.values["title"] if step.known else ""),
        key=step.known.key if step.known else None,
        changes=() if merged.faults else tuple(merged.changes.values()),
        faults=tuple(merged.faults),
        notices=tuple(merged.notices),
        values={name: change.new for name, change in merged.changes.items()},
    )
