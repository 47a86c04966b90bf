"""Reads of the plan as a whole: by service, by axis, and what calls for attention."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from action_plans.enums import ActionState
from action_plans.models import Action
from action_plans.selectors.actions import ActionLine, lines_of
from action_plans.selectors.axes import SHOWN_AXIS_ORDER
from action_plans.selectors.conditions import late, stalled, with_effect, without_measure


# --- By service, by axis ----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a line and the address of its actions; empty when no page shows them apart."""

    label: str
    value: int
    url: str


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A service or an axis: its actions by state, then what calls for attention."""

    title: str
    total: int
    states: list[Figure]
    signs: list[Figure]


@dataclass(frozen=True, slots=True)
class Review:
    """The lines and their sum, which counts each action once."""

    lines: list[ReviewLine]
    total: ReviewLine


# What is counted apart: its name, the expressions that give the key and the order, the words for none.
_GROUPS: dict[str, tuple[str, dict[str, Any], str]] = {
    "service": (
        "service",
        {"group_title": F("service__name"), "group_key": F("service")},
        "Sans service",
    ),
    "axe": (
        "axis",
        dict(zip(("group_rank", "group_title", "group_key"), SHOWN_AXIS_ORDER, strict=True)),
        "Sans axe",
    ),
}


def review_by(actions: QuerySet[Any], grouping: str, today: date) -> Review:
    """Count the actions by service or by axis (« service », « axe »): 1 query."""
    name, order, nothing = _GROUPS[grouping]
    counted = (
        actions.order_by()
        .annotate(**order)
        .values(*order)
        .annotate(total=Count("pk"), **_counters(today))
        .order_by(*(F(item).asc(nulls_last=True) for item in order))
    )
    rows = list(counted)
    sums = {item: sum(row[item] for row in rows) for item in ("total", *_counters(today))}
    lines = [
        _line(
            row,
            row["group_title"] or nothing,
            f"{name}={row['group_key']}" if row["group_key"] else None,
        )
        for row in rows
    ]
    return Review(lines, _line(sums, "Ensemble", ""))


def _counters(today: date) -> dict[str, Count]:
    conditions = {f"in_{state.value}": Q(state=state) for state in ActionState}
    conditions |= {
        "late": late(today),
        "stalled": stalled(today),
        "effect": with_effect(),
        "bare": without_measure(),
    }
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


# Name, words, page that lists them, query of that page.
_SIGNS = (
    ("late", "En retard", "action_list", "state=late"),
    ("stalled", "En sommeil", "attention", "quoi=sommeil"),
    ("effect", "Effet lu", "", ""),
    ("bare", "Sans mesure", "attention", "quoi=sans-mesure"),
)


def _line(row: dict[str, Any], title: str, query: str | None) -> ReviewLine:
    """``query``: what keeps the actions of this line in a list; ``None`` when nothing does."""

    def figure(name: str, label: str, page: str, own: str) -> Figure:
        if query is None or not page or not row[name]:
            return Figure(label, row[name], "")
        asked = "&".join(part for part in (query, own) if part)
        return Figure(label, row[name], f"{reverse(f'action_plans:{page}')}?{asked}")

    return ReviewLine(
        title=title,
        total=row["total"],
        states=[
            figure(f"in_{state.value}", state.label, "action_list", f"state={state.value}")
            for state in ActionState
        ],
        signs=[figure(*sign) for sign in _SIGNS],
    )


# --- What calls for attention -----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Attention:
    """One reason for attention, with its actions still to be read."""

    code: str
    label: str
    explanation: str
    nothing: str
    actions: QuerySet[Any]
    count: int


def attentions(actions: QuerySet[Any], today: date) -> list[Attention]:
    """Return the reasons for attention, the most pressing first (1 query to count them all)."""
    reasons = (
        (
            "retard",
            "En retard",
            "L’échéance est passée et l’action n’est pas réalisée.",
            "Aucune action en retard.",
            late(today),
            (F("due_on").asc(), F("number").asc()),
        ),
        (
            "sommeil",
            "En sommeil",
            "Personne n’a rien écrit depuis 60 jours sur ces actions à mener.",
            "Aucune action ne dort : chacune a bougé depuis 60 jours.",
            stalled(today),
            (F("updated_at").asc(), F("number").asc()),
        ),
        (
            "sans-mesure",
            "Sans mesure",
            "Rien ne dira si ces actions ont eu un effet : donnez-leur une mesure.",
            "Chaque action a une mesure de son effet.",
            without_measure(),
            (F("due_on").asc(nulls_last=True), F("number").asc()),
        ),
    )
    counted = actions.order_by().aggregate(
        **{f"n{rank}": Count("pk", filter=item[4]) for rank, item in enumerate(reasons)}
    )
    return [
        Attention(
            code,
            label,
            why,
            nothing,
            actions.filter(condition).order_by(*order),
            counted[f"n{rank}"],
        )
        for rank, (code, label, why, nothing, condition, order) in enumerate(reasons)
    ]


@dataclass(frozen=True, slots=True)
class AttentionLine:
    """An action with what the day makes of it. ``days_unchanged``: since the action itself was."""

    line: ActionLine
    days_unchanged: int


def attention_lines(rows: Iterable[Action], today: date) -> list[AttentionLine]:
    """Describe actions whose service, axis and owner are already fetched."""
    return [
        AttentionLine(line, (today - timezone.localdate(line.action.updated_at)).days)
        for line in lines_of(rows, today)
    ]
