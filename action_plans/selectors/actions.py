"""Reads of the actions: the list, what somebody answers for, one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, QuerySet, Value, When

from accounts.access import Scope
from accounts.models import Service
from action_plans.enums import OPEN_STATES, ActionState
from action_plans.models import Action, ActionComment, ActionEvidence, Step
from action_plans.rules.attention import lacks_measure
from action_plans.selectors.rights import mine
from common.search import holding
from modules.models import Commitment, Evidence, LabelCycle, Module
from modules.models.scoping import kept


# Sort keys of the list → order. Open actions come first when nobody asks for an order.
_IS_CLOSED = Case(
    When(state__in=OPEN_STATES, then=Value(0)), default=Value(1), output_field=IntegerField()
)
ORDERS: dict[str, tuple[Any, ...]] = {
    "": (_IS_CLOSED, F("due_on").asc(nulls_last=True), "number"),
    "number": ("number",),
    "-number": ("-number",),
    "title": ("title", "number"),
    "-title": ("-title", "-number"),
    "service": (F("service__name").asc(nulls_last=True), "number"),
    "-service": (F("service__name").desc(nulls_last=True), "number"),
    "due": (F("due_on").asc(nulls_last=True), "number"),
    "-due": (F("due_on").desc(nulls_last=True), "number"),
    "progress": ("progress", "number"),
    "-progress": ("-progress", "number"),
}


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action with what the day makes of it. Its service, axis and owner are already fetched."""

    action: Action
    is_late: bool
    days_late: int


def kept_actions(scope: Scope) -> QuerySet[Action]:
    """Actions of the préfecture that are on the pages."""
    rows: QuerySet[Action] = Action.objects.visible_to(scope).filter(kept())
    return rows


def actions_for_list(scope: Scope) -> QuerySet[Action]:
    """Actions with their service, axis and owner; ordered by ``ORDERS[""]``."""
    return kept_actions(scope).select_related("service", "axis", "owner").order_by(*ORDERS[""])


def lines_of(rows: Iterable[Action], today: date) -> list[ActionLine]:
    """Describe actions whose service, axis and owner are already fetched."""
    return [_line(row, today) for row in rows]


def _line(row: Action, today: date) -> ActionLine:
    is_late = row.is_late_on(today)
    days = (today - row.due_on).days if is_late and row.due_on else 0
    return ActionLine(action=row, is_late=is_late, days_late=days)


_SEARCHED = ("title", "problem", "cause", "partners", "owner_name", "owner__last_name")


def matching(rows: QuerySet[Action], search: str) -> QuerySet[Action]:
    """Keep the actions that hold every word; a number alone is that action."""
    words = search.split()
    if len(words) == 1 and words[0].isascii() and words[0].isdigit() and len(words[0]) < 9:
        return rows.filter(Q(number=int(words[0])) | holding(search, "title"))
    return rows.filter(holding(search, *_SEARCHED))


# --- Mine -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class MyAction:
    """An action that the reader answers for, with the steps that remain."""

    line: ActionLine
    steps: list[Step]
    done_count: int

    @property
    def step_count(self) -> int:
        return len(self.steps) + self.done_count


def my_actions(scope: Scope, today: date) -> list[MyAction]:
    """Return the open actions of the reader, late first (2 queries)."""
    rows = actions_for_list(scope).filter(mine(scope), state__in=OPEN_STATES)
    steps = Step.objects.filter(kept()).order_by("position", "pk")
    rows = rows.prefetch_related(Prefetch("steps", steps, "kept_steps"))
    return [_mine(row, today) for row in rows]


def _mine(row: Any, today: date) -> MyAction:
    left = [step for step in row.kept_steps if step.done_on is None]
    return MyAction(_line(row, today), left, len(row.kept_steps) - len(left))


def own_services(scope: Scope) -> QuerySet[Service]:
    """Services of the reader, whose actions they follow too."""
    rows: QuerySet[Service] = Service.objects.filter(pk__in=scope.service_ids)
    return rows.order_by("name")


def my_done_actions(scope: Scope) -> QuerySet[Action]:
    """The last actions of the reader on which no work is owed."""
    rows = actions_for_list(scope).filter(mine(scope)).exclude(state__in=OPEN_STATES)
    return rows.order_by(F("done_on").desc(nulls_last=True), "-number")


# --- One of them ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class StepLine:
    """A step with what the day makes of it, and whether it can move up or down."""

    step: Step
    is_late: bool
    is_first: bool
    is_last: bool


def action_for_page(action: Action) -> Action:
    """Fetch what the page names (1 query and one for each list of rows it draws)."""
    found: Action = (
        Action.objects.filter(pk=action.pk)
        .select_related("prefecture", "service", "axis", "owner", "verdict_by", "created_by")
        .get()
    )
    return found


def steps_of(action: Action, today: date) -> list[StepLine]:
    """Return the steps on the page, in their order; none is late once the work is over."""
    rows = list(Step.objects.filter(kept(), action=action).order_by("position", "pk"))
    return [
        StepLine(row, action.is_open and row.is_late_on(today), rank == 0, rank == len(rows) - 1)
        for rank, row in enumerate(rows)
    ]


def comments_of(action: Action) -> QuerySet[ActionComment]:
    """Return the comments on the page, the oldest first."""
    rows: QuerySet[ActionComment] = ActionComment.objects.filter(kept(), action=action)
    return rows.select_related("author").order_by("written_at", "pk")


def pieces_of(action: Action, scope: Scope) -> QuerySet[ActionEvidence]:
    """Return the pieces of the action that this reader may see."""
    visible = Evidence.objects.visible_to(scope).filter(kept())
    rows: QuerySet[ActionEvidence] = ActionEvidence.objects.filter(
        action=action, evidence__in=visible.order_by().values("pk")
    )
    return rows.select_related("evidence").order_by("evidence__title", "pk")


def pieces_to_attach(action: Action, scope: Scope) -> QuerySet[Evidence]:
    """Return the pieces of the préfecture that are not yet those of the action."""
    rows: QuerySet[Evidence] = Evidence.objects.visible_to(scope).filter(kept())
    return (
        rows.exclude(action_links__action=action).select_related("service").order_by("title", "pk")
    )


# --- What blocks, what comes next -------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FollowUp:
    """Sentences of the right column: what holds the action back, and what comes next."""

    obstacles: list[str]
    next_act: str


def follow_up(action: Action, steps: list[StepLine], today: date, has_measure: bool) -> FollowUp:
    """Say what holds the action back; its owner and service are already fetched."""
    obstacles = []
    if action.is_late_on(today) and action.due_on:
        days = (today - action.due_on).days
        obstacles.append(f"L’échéance est passée de {days} jour{'s' if days > 1 else ''}.")
    late = [line for line in steps if line.is_late]
    if late:
        obstacles.append(f"Étape en retard : « {late[0].step.title} ».")
    left = sum(line.step.done_on is None for line in steps)
    if action.state == ActionState.DONE and left:
        words = "étapes ne sont pas faites" if left > 1 else "étape n’est pas faite"
        obstacles.append(f"L’action est réalisée, mais {left} {words}.")
    if action.is_open and not action.owner_label:
        obstacles.append("Personne n’en répond : désignez un responsable.")
    if action.is_open and action.due_on is None:
        obstacles.append("Aucune échéance n’est fixée.")
    if lacks_measure(action.state, has_measure):
        obstacles.append("Aucune mesure ne dira si l’action a servi.")
    return FollowUp(obstacles, _next_act(action, steps))


def _next_act(action: Action, steps: list[StepLine]) -> str:
    ahead = next((line.step for line in steps if line.step.done_on is None), None)
    if action.is_open and ahead is not None:
        return f"Prochaine étape : « {ahead.title} »."
    match ActionState(action.state):
        case ActionState.TO_START:
            return "Lancer l’action."
        case ActionState.ONGOING if steps:
            return "Toutes les étapes sont faites : déclarer l’action réalisée."
        case ActionState.ONGOING:
            return "Déclarer l’action réalisée quand tout est fait."
        case ActionState.DONE if action.verdict:
            return "Conclure de nouveau quand l’effet sera connu."
        case ActionState.DONE:
            return "Mesurer l’effet, puis conclure."
    return ""


LIFE = ("À lancer", "En cours", "Réalisée", "Effet mesuré")
_RANKS = {ActionState.TO_START: 0, ActionState.ONGOING: 1, ActionState.DONE: 2}


def life_of(action: Action) -> list[dict[str, str]]:
    """Return the steps of ``components/stepper.html``; empty when the action was abandoned."""
    if action.state == ActionState.ABANDONED:
        return []
    rank = _RANKS.get(ActionState(action.state), 3)
    is_over = rank == 3
    states = ["done" if place < rank or is_over else "todo" for place in range(len(LIFE))]
    if not is_over:
        states[rank] = "current"
    return [{"label": label, "state": state} for label, state in zip(LIFE, states, strict=True)]


# --- Lists of choices -------------------------------------------------------------------------
def open_cycle(scope: Scope) -> LabelCycle | None:
    """The last démarche begun: its référentiel gives the modules and commitments to choose from."""
    cycles = LabelCycle.objects.visible_to(scope).order_by("-started_on", "-pk")
    found: LabelCycle | None = cycles.first()
    return found


def modules_to_choose(cycle: LabelCycle | None, action: Action | None) -> QuerySet[Module]:
    """Modules retained by the démarche, and those that the action already names."""
    chosen = Q(actions=action) if action is not None and action.pk else Q(pk__in=())
    retained = Q(cycle_modules__cycle=cycle) if cycle is not None else Q(pk__in=())
    rows: QuerySet[Module] = Module.objects.filter(chosen | retained)
    return rows.distinct().order_by("number", "pk")


def commitments_to_choose(cycle: LabelCycle | None, action: Action | None) -> QuerySet[Commitment]:
    """Commitments of those modules, with ``heading.module``."""
    keys = modules_to_choose(cycle, action).order_by().values("pk")
    chosen = Q(actions=action) if action is not None and action.pk else Q(pk__in=())
    rows: QuerySet[Commitment] = Commitment.objects.filter(Q(heading__module__in=keys) | chosen)
    return (
        rows.distinct()
        .select_related("heading__module")
        .order_by("heading__module__number", "heading__position", "position", "pk")
    )


def modules_in_use(scope: Scope) -> QuerySet[Module]:
    """Modules named by at least one action, for the filter."""
    rows: QuerySet[Module] = Module.objects.filter(
        pk__in=kept_actions(scope).order_by().values("modules")
    )
    return rows.order_by("number", "pk")


def owners_in_use(scope: Scope) -> list[tuple[str, str]]:
    """Return who answers for actions: (key of the account or « nom:… », name), 1 query."""
    rows = (
        kept_actions(scope)
        .order_by("owner__last_name", "owner__first_name", "owner_name")
        .values_list("owner", "owner__first_name", "owner__last_name", "owner_name")
        .annotate(Count("pk"))
    )
    found: dict[str, str] = {}
    for pk, first, last, name, _ in rows:
        if pk is not None:
            found[str(pk)] = f"{first} {last}".strip()
        elif name:
            found[f"nom:{name}"] = name
    return sorted(found.items(), key=lambda item: item[1].casefold())


def due_years(scope: Scope) -> list[int]:
    """Return the years in which something is due."""
    days = kept_actions(scope).order_by().dates("due_on", "year", order="DESC")
    return [day.year for day in days if day is not None]
