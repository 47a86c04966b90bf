"""What the documents of the plan print: plain data, frozen when the document is made."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from accounts.models import Prefecture
from action_plans.enums import OPEN_STATES, ActionState, EffectOutcome, MeasureUnit, Verdict
from action_plans.models import Action, EffectReading, Origin, SuccessMeasure
from action_plans.rules.effects import value_in_words
from action_plans.rules.plan_words import counts_in_words
from action_plans.selectors.axes import SHOWN_AXIS_ORDER
from action_plans.selectors.timeline import in_year, undated
from common.typography import NBSP
from modules.models.scoping import kept


LEGEND = (
    ("À lancer", "décidée, pas encore commencée"),
    ("En cours", "commencée"),
    ("En retard", "à lancer ou en cours, alors que son échéance est passée"),
    ("Réalisée", "faite ; son effet reste à mesurer ou à conclure"),
    ("Efficace, inefficace", "conclusion du référent qualité, au vu des mesures"),
    ("Abandonnée", "arrêtée, avec son motif"),
)
_SHOWN_ORIGINS = 2


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """How the effect is measured, in words; ``effect`` is empty while nothing newer is known."""

    words: str
    effect: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """An action as printed. Dates are days; texts are as people wrote them."""

    number: int
    title: str
    problem: str
    origin: str
    axis: str
    service: str
    owner: str
    starts_on: date | None
    due_on: date | None
    done_on: date | None
    state: str
    state_code: str
    is_late: bool
    days_late: int
    progress: int
    reason: str
    verdict: str
    measures: list[MeasureFacts]

    @property
    def is_open(self) -> bool:
        """Whether work is still owed."""
        return self.state_code in OPEN_STATES


def actions_of_plan(prefecture: Prefecture, year: int | None, today: date) -> QuerySet[Any]:
    """Return the actions of a year, those open without a date too; all of them without a year."""
    rows: QuerySet[Any] = Action.objects.filter(kept(), prefecture=prefecture)
    if year is not None:
        dated = in_year(rows, year, today).order_by().values("pk")
        loose = undated(rows).filter(state__in=OPEN_STATES).order_by().values("pk")
        rows = rows.filter(Q(pk__in=dated) | Q(pk__in=loose))
    axis = (item.asc(nulls_last=True) for item in SHOWN_AXIS_ORDER)
    return rows.order_by(*axis, F("due_on").asc(nulls_last=True), "number")


def facts_of(actions: QuerySet[Any], today: date) -> list[ActionFacts]:
    """Describe the actions in their order: 4 queries."""
    measures = SuccessMeasure.objects.filter(kept()).order_by("pk")
    readings = EffectReading.objects.order_by("-measured_on", "-pk")
    rows = actions.select_related("axis", "service", "owner").prefetch_related(
        Prefetch("origins", Origin.objects.order_by("pk"), "all_origins"),
        Prefetch("measures", measures, "kept_measures"),
        Prefetch("kept_measures__readings", readings, "all_readings"),
    )
    return [_facts(row, today) for row in rows]


def _facts(row: Any, today: date) -> ActionFacts:
    is_late = row.is_late_on(today)
    return ActionFacts(
        number=row.number,
        title=row.title,
        problem=row.problem,
        origin=_origins(row.all_origins),
        axis=row.shown_axis.title if row.shown_axis else "",
        service=str(row.service or ""),
        owner=row.owner_label,
        starts_on=row.starts_on,
        due_on=row.due_on,
        done_on=row.done_on,
        state=row.current_state.label,
        state_code=row.state,
        is_late=is_late,
        days_late=(today - row.due_on).days if is_late else 0,
        progress=row.progress,
        reason=row.state_reason,
        verdict=row.current_verdict.label if row.current_verdict else "",
        measures=[_measure(item) for item in row.kept_measures],
    )


def _origins(origins: list[Origin]) -> str:
    shown = [origin.label for origin in origins[:_SHOWN_ORIGINS]]
    left = len(origins) - len(shown)
    return " ; ".join(shown + ([f"et {left} autre{'s' if left > 1 else ''}"] if left else []))


def _measure(measure: Any) -> MeasureFacts:
    unit = MeasureUnit(measure.unit)
    parts = []
    if measure.baseline is not None:
        on = f" ({measure.baseline_on:%d/%m/%Y})" if measure.baseline_on else ""
        parts.append(f"départ {value_in_words(measure.baseline, unit)}{on}")
    if measure.target is not None:
        parts.append(f"cible {value_in_words(measure.target, unit)}")
    if measure.measure_on:
        parts.append(f"à mesurer le{NBSP}{measure.measure_on:%d/%m/%Y}")
    latest = measure.all_readings[0] if measure.all_readings else None
    return MeasureFacts(
        words=f"{measure.label}{NBSP}: {', '.join(parts)}" if parts else measure.label,
        effect=latest.sentence if latest else "",
        outcome=latest.outcome if latest else EffectOutcome.UNKNOWN.value,
    )


# --- The plan ---------------------------------------------------------------------------------
def plan_data(prefecture: Prefecture, year: int | None, today: date) -> dict[str, Any]:
    """Return the plan by axis, with what each axis adds up to."""
    facts = facts_of(actions_of_plan(prefecture, year, today), today)
    groups = [
        {"title": title or "Sans axe", "rows": rows, "total": _total(rows)}
        for title, found in groupby(facts, lambda item: item.axis)
        for rows in [list(found)]
    ]
    return {"groups": groups, "total": _total(facts), "legend": LEGEND}


def _total(facts: Iterable[ActionFacts]) -> str:
    rows = list(facts)
    counts = Counter(ActionState(item.state_code) for item in rows)
    return counts_in_words(counts, sum(item.is_late for item in rows))


# --- What it changed --------------------------------------------------------------------------
def effects_data(prefecture: Prefecture, year: int | None, today: date) -> dict[str, Any]:
    """Return what was done, what it changed, what nobody knows, what remains, what was given up."""
    facts = facts_of(actions_of_plan(prefecture, year, today), today)
    finished = [
        item for item in facts if not item.is_open and item.state_code != ActionState.ABANDONED
    ]
    known = [item for item in finished if _is_known(item)]
    outcomes = Counter(_outcome(item) for item in finished)
    return {
        "total": _total(facts),
        "outcomes": [
            {"label": label, "count": outcomes[code]} for code, label in EffectOutcome.choices
        ],
        "finished_count": len(finished),
        "known": known,
        "unknown": [
            {"facts": item, "why": _why_unknown(item)} for item in finished if not _is_known(item)
        ],
        "remaining": sorted((item for item in facts if item.is_open), key=_by_due),
        "abandoned": [item for item in facts if item.state_code == ActionState.ABANDONED],
    }


def _by_due(item: ActionFacts) -> tuple[date, int]:
    return item.due_on or date.max, item.number


def _is_known(item: ActionFacts) -> bool:
    return item.verdict != Verdict.UNKNOWN.label and any(fact.effect for fact in item.measures)


def _outcome(item: ActionFacts) -> str:
    """Return the newest outcome of the first measure that has one; « unknown » without any."""
    read = (fact.outcome for fact in item.measures if fact.effect)
    return next(read, EffectOutcome.UNKNOWN.value)


def _why_unknown(item: ActionFacts) -> str:
    if item.verdict == Verdict.UNKNOWN.label:
        return item.reason
    if item.verdict:
        return f"Conclue « {item.verdict.lower()} » sans valeur relevée : {item.reason}"
    if item.measures:
        return "Aucune valeur n’a encore été relevée après l’action."
    return "Aucune mesure n’a été prévue pour cette action."


# --- For the committee ------------------------------------------------------------------------
def highlights_data(prefecture: Prefecture, today: date) -> dict[str, Any] | None:
    """Return the actions chosen for the committee; ``None`` when none is."""
    facts = facts_of(actions_of_plan(prefecture, None, today).filter(is_highlighted=True), today)
    if not facts:
        return None
    return {"rows": facts, "today": today}
