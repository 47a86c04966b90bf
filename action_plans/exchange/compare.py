"""What a file would change in the plan, and why a line is refused. Pure: nothing is read nor written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from action_plans.enums import CLOSED_STATES, ActionState
from action_plans.exchange.cells import CellError, quoted
from action_plans.exchange.columns import ACTIONS, CHOICES, DEFAULTS, STEPS_COLUMN, Kind
from action_plans.exchange.known import KnownAction, KnownPlan
from action_plans.exchange.merging import Merge, merge, resolved, told_aside
from action_plans.exchange.outcome import LineOutcome, Outcome
from action_plans.exchange.reading import CellFault, Line, ReadPlan
from action_plans.workflow import transition_between, transitions_from
from common.typography import NBSP
from common.written import plain_key


_READ_ONLY = (
    *(item for item in ACTIONS.columns if item.kind == Kind.READ),
    STEPS_COLUMN,
)
_WRITABLE = tuple(item for item in ACTIONS.columns if item.is_writable)
# « 41 », « 2A », « 974 ».
CODE_LENGTH = 3
BLANKS: dict[Kind, Any] = {
    Kind.LINE: "",
    Kind.TEXT: "",
    Kind.NAME: "",
    Kind.CODES: (),
    Kind.FLAG: False,
    Kind.PERCENT: 0,
}


@dataclass(slots=True)
class Comparison:
    """A file being compared: who may conclude, the present day, what earlier lines said."""

    plan: KnownPlan
    today: date
    may_judge: bool
    lines_of: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    new_titles: dict[str, int] = field(default_factory=dict)
    titles: dict[str, KnownAction] = field(default_factory=dict)


@dataclass(slots=True)
class MergedAction:
    """A line of « Actions », merged; ``known`` is its action, ``None`` for a new one."""

    merge: Merge
    known: KnownAction | None
    transition: str = ""


def start(read: ReadPlan, plan: KnownPlan, *, today: date, may_judge: bool) -> Comparison:
    """Prepare what every line needs of the others."""
    comparison = Comparison(plan, today, may_judge)
    for line in read.actions:
        if line.values.get("number") is not None:
            comparison.lines_of[line.values["number"]].append(line.line)
    for action in plan.actions.values():
        if not action.is_removed:
            comparison.titles[plain_key(action.values["title"])] = action
    return comparison


def compare_actions(read: ReadPlan, comparison: Comparison) -> list[MergedAction]:
    """Compare every line of « Actions »."""
    return [_compared(line, comparison) for line in read.actions]


def _compared(line: Line, comparison: Comparison) -> MergedAction:
    number = line.values.get("number")
    if "number" not in line.values:
        # Its number does not read: nothing else can be said of the line.
        return MergedAction(Merge(line, faults=list(line.faults)), None)
    known = comparison.plan.actions.get(number) if number is not None else None
    if refusal := _misplaced(line, comparison, known):
        return MergedAction(Merge(line, faults=[*line.faults, refusal]), known)
    before: Mapping[str, Any] = {"state": DEFAULTS["state"]} if known is None else known.values
    merged = _new_action(line, comparison) if known is None else merge(line, known, comparison.plan)
    merged.notices.extend(
        told_aside(line, before, _READ_ONLY) if known is None or _is_fresh(line, known) else ()
    )
    found = MergedAction(merged, known)
    _check_state(found, before["state"], comparison)
    _check_values(found, before)
    return found


def _is_fresh(line: Line, known: KnownAction) -> bool:
    return line.values.get("revision") == known.revision


def foreign(line: Line, plan: KnownPlan) -> CellFault | None:
    """Refuse a line that was exported from the plan of another préfecture."""
    code = line.values.get("prefecture", "")
    if not code or code == plan.prefecture_code:
        return None
    if len(code) > CODE_LENGTH:
        return line.fault(
            "prefecture",
            f"{quoted(code)} n’est pas un code de préfecture : les cellules de cette ligne ont sans doute "
            "glissé d’une colonne. Remettez-les sous leurs titres.",
        )
    return line.fault(
        "prefecture",
        f"Cette ligne vient de la préfecture {code}, et ce plan est celui de {plan.prefecture_name} "
        f"({plan.prefecture_code}). Choisissez le tableau de votre préfecture.",
    )


def _misplaced(line: Line, comparison: Comparison, known: KnownAction | None) -> CellFault | None:
    """Refuse a line that names no action, or not one only; ``None`` when it names one or is new."""
    number = line.values.get("number")
    if refusal := foreign(line, comparison.plan):
        return refusal
    if number is None:
        return _lost_number(line, comparison)
    others = [str(item) for item in comparison.lines_of[number] if item != line.line]
    if others:
        return line.fault(
            "number",
            f"Le numéro {number} est aussi à la ligne {', '.join(others)}. Gardez une seule ligne par "
            "action ; videz le numéro d’une ligne qui serait une nouvelle action.",
        )
    if known is None:
        return line.fault(
            "number",
            f"Aucune action de ce plan ne porte le numéro {number}. Corrigez-le, ou videz la cellule "
            "si l’action est nouvelle : son numéro lui sera donné.",
        )
    if known.is_removed:
        return line.fault(
            "number",
            f"L’action n°{NBSP}{number} a été retirée du plan. Rétablissez-la d’abord, ou supprimez "
            "cette ligne.",
        )
    return None


def _lost_number(line: Line, comparison: Comparison) -> CellFault | None:
    if line.values.get("revision") is not None:
        return line.fault(
            "number",
            "Le numéro manque, alors que la ligne porte une révision : c’est une action du plan qui a "
            "perdu son numéro. Remettez-le, ou videz aussi la révision si l’action est nouvelle.",
        )
    key = plain_key(line.values.get("title", ""))
    if not key:
        return None
    twin = comparison.titles.get(key)
    if twin is not None:
        return line.fault(
            "number",
            f"L’action n°{NBSP}{twin.number} porte déjà cet intitulé. Si c’est elle, écrivez "
            f"{twin.number} ici et remettez sa révision ; sinon, changez l’intitulé.",
        )
    first = comparison.new_titles.setdefault(key, line.line)
    if first != line.line:
        return line.fault(
            "title",
            f"La ligne {first} ouvre déjà une action de ce nom. Supprimez l’une des deux, ou changez "
            "son intitulé.",
        )
    return None


def _new_action(line: Line, comparison: Comparison) -> Merge:
    found = Merge(line, faults=list(line.faults))
    for column in _WRITABLE:
        blank = DEFAULTS.get(column.name, BLANKS.get(column.kind))
        if column.name not in line.values:
            continue
        value = line.values[column.name]
        if column.kind == Kind.CHOICE and value is None:
            continue
        try:
            value = resolved(line, column, blank, comparison.plan)
        except CellError as error:
            found.refuse(column.name, error.message)
            continue
        if value != blank:
            found.change(column, None, value)
    return found


# --- State ------------------------------------------------------------------------------------


def _check_state(found: MergedAction, state: str, comparison: Comparison) -> None:
    """Ask the workflow whether the state may change so, and note what that brings along."""
    merged = found.merge
    target = merged.result("state", state)
    reason = merged.changes.get("state_reason")
    if target == state:
        if state == ActionState.ABANDONED and reason is not None and not reason.new:
            merged.refuse("state_reason", "Dites pourquoi l’action est abandonnée.")
        return
    transition = transition_between(state, target)
    if transition is None:
        merged.refuse("state", _not_a_move(state, target, found.known is None))
        return
    if transition.is_judgement and not comparison.may_judge:
        merged.refuse("state", "Le référent qualité conclut sur l’effet d’une action.")
        return
    if transition.needs_reason and (reason is None or not reason.new):
        cell = "state_reason" if "state_reason" in merged.line.values else "state"
        merged.refuse(
            cell,
            f"{transition.label} demande un motif. Dites pourquoi dans la colonne « Motif » "
            "(un motif écrit pour ce changement, pas l’ancien).",
        )
        return
    found.transition = transition.code
    _bring_along(found, target, comparison)


def _bring_along(found: MergedAction, target: str, comparison: Comparison) -> None:
    """Note what the buttons of the page would set too, unless the file says otherwise."""
    merged = found.merge
    known = found.known.values if found.known else {}

    def bring(name: str, value: Any) -> None:
        column = ACTIONS.column(name)
        old = known.get(name, BLANKS.get(column.kind))
        if name not in merged.changes and old != value:
            merged.change(column, old if found.known else None, value, cell_of="state")

    bring("state_reason", "")
    if target == ActionState.DONE and not _was_concluded(known):
        bring("done_on", comparison.today)
        bring("progress", 100)
    elif target == ActionState.ONGOING:
        bring("done_on", None)


def _was_concluded(known: Any) -> bool:
    return known.get("state") in CLOSED_STATES


def _not_a_move(state: str, target: str, is_new: bool) -> str:
    labels = CHOICES["state"]
    moves = [quoted(labels[item.target.value]) for item in transitions_from(state)]
    start = (
        f"Une nouvelle action ne commence pas {quoted(labels[target])}."
        if is_new
        else f"Une action {quoted(labels[state])} ne devient pas {quoted(labels[target])}."
    )
    return f"{start} Écrivez {quoted(labels[state])}, ou l’un de ces états : {', '.join(moves)}."


def _check_values(found: MergedAction, before: Any) -> None:
    merged = found.merge
    if not merged.result("title", before.get("title", "")) and not merged.faults:
        merged.refuse("title", "L’intitulé manque. Écrivez ce qui est à faire.")
    first, last = (merged.result(name, before.get(name)) for name in ("starts_on", "due_on"))
    if first and last and last < first and {"starts_on", "due_on"} & set(merged.changes):
        merged.refuse(
            "due_on" if "due_on" in merged.line.values else "starts_on",
            f"L’échéance ({last:%d/%m/%Y}) précède le début ({first:%d/%m/%Y}). Corrigez l’une des "
            "deux dates.",
        )


# --- Result -----------------------------------------------------------------------------------


def outcome_of(action: MergedAction) -> LineOutcome:
    """Return what becomes of a line of « Actions »."""
    merged, known = action.merge, action.known
    line = merged.line
    title = line.values.get("title") or (known.values["title"] if known else "")
    return LineOutcome(
        sheet=ACTIONS.sheet,
        line=line.line,
        number=line.values.get("number"),
        title=title,
        key=known.key if known else None,
        changes=() if merged.faults else tuple(merged.changes.values()),
        faults=tuple(merged.faults),
        notices=tuple(merged.notices),
        values={name: change.new for name, change in merged.changes.items()},
        transition=action.transition,
    )


def assemble(
    read: ReadPlan, plan: KnownPlan, actions: Iterable[LineOutcome], steps: Iterable[LineOutcome]
) -> Outcome:
    """Put the lines together; count the actions that the file does not name."""
    named = {line.values.get("number") for line in read.actions}
    kept = (action for action in plan.actions.values() if not action.is_removed)
    return Outcome(
        lines=(*actions, *steps),
        faults=tuple(read.faults),
        notices=tuple(read.notices),
        untouched=sum(action.number not in named for action in kept) if read.actions else 0,
    )
