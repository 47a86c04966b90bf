"""The plan of actions of the demo: opened, moved, measured and commented through the services."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import Scope
from accounts.models import Prefecture, User
from accounts.scopes import scope_of
from action_plans.action_sources import ASSESSMENT_ROW
from action_plans.models import Action, ActionCounter, Axis
from action_plans.services.actions import conclude_unknown, move_action, open_action
from action_plans.services.comments import write_comment
from action_plans.services.effects import record_value
from action_plans.services.evidence import attach_evidence
from action_plans.services.signals import add_measure, add_origin, add_typed_origin
from action_plans.services.steps import add_step
from demo import content_actions as content
from demo.content_actions import ActionFacts, Day, Gap, MeasureFacts
from demo.content_actions_offices import OFFICE_ACTIONS
from demo.content_actions_reception import RECEPTION_ACTIONS
from demo.scenery import Scenery, scenery_of
from meetings.action_sources import DECISION, QUESTION
from meetings.models import Decision, Meeting, Question
from meetings.services.minutes import start_minutes
from modules.models import AssessmentRow, LabelCycle


def build_actions(*, cycle: LabelCycle, users: dict[str, User]) -> list[Action]:
    """Build the plan of Loir-et-Cher; the démarche, its grids and its committees are there already."""
    scenery = scenery_of(cycle, users, users["referente@loir-et-cher.demo"])
    scope = scope_of(scenery.by, today=timezone.localdate())
    axes = {
        title: Axis.objects.create(prefecture=scenery.prefecture, title=title, position=rank)
        for rank, title in enumerate(content.AXES)
    }
    return [
        _build(scenery, scope, axes[facts.axis], facts)
        for facts in (*RECEPTION_ACTIONS, *OFFICE_ACTIONS)
    ]


def build_decisions(*, meeting: Meeting) -> None:
    """Write what the working group decided in the draft of its minutes."""
    minutes = start_minutes(meeting=meeting)
    for position, (text, owner, days) in enumerate(content.DECISIONS):
        Decision.objects.create(
            minutes=minutes, position=position, text=text, owner=owner, due_on=_day(days)
        )


def remove_actions(prefectures: QuerySet[Prefecture]) -> None:
    """Remove the plan of these préfectures: its actions protect their services."""
    Action.objects.filter(prefecture__in=prefectures).delete()
    Axis.objects.filter(prefecture__in=prefectures).delete()
    ActionCounter.objects.filter(prefecture__in=prefectures).delete()


def _build(scenery: Scenery, scope: Scope, axis: Axis, facts: ActionFacts) -> Action:
    commitments = [scenery.commitments[code] for code in facts.codes]
    action = open_action(
        prefecture=scenery.prefecture,
        by=scenery.by,
        values={
            "title": facts.title,
            "problem": facts.problem,
            "cause": facts.cause,
            "kind": facts.kind,
            "axis": axis,
            "service": scenery.service(facts.service),
            "owner": scenery.user(facts.owner),
            "owner_name": facts.owner_name,
            "owner_email": facts.owner_email,
            "priority": facts.priority,
            "starts_on": _day(facts.starts),
            "due_on": _day(facts.due),
            "means": "\n".join(text for text in (facts.means, content.FICTITIOUS) if text),
            "cost": facts.cost or None,
            "is_highlighted": facts.is_highlighted,
            "commitments": commitments,
            "modules": sorted({item.heading.module_id for item in commitments}),
        },
    )
    _add_parts(scenery, scope, action, facts)
    _move(scope, action, facts)
    for measure in facts.measures:
        _add_measure(scope, action, measure)
    return action


def _add_parts(scenery: Scenery, scope: Scope, action: Action, facts: ActionFacts) -> None:
    for step in facts.steps:
        values = {"title": step.title, "due_on": _day(step.due), "done_on": _day(step.done)}
        add_step(action=action, values=values)
    for origin in facts.origins:
        _add_origin(scenery, scope, action, origin)
    pieces = scenery.prefecture.evidence.filter(title__in=facts.proves).order_by("pk")
    if facts.proves:
        attach_evidence(action=action, pieces=list(pieces), by=scenery.by)
    for author, text in facts.comments:
        write_comment(action=action, text=text, author=scenery.account(author))


def _add_origin(scenery: Scenery, scope: Scope, action: Action, origin: Gap | str) -> None:
    found = _reference(scenery, origin)
    if found is None:
        add_typed_origin(action=action, label=str(origin), by=scenery.by)
    else:
        add_origin(action=action, source=found[0], reference=found[1], scope=scope)


def _reference(scenery: Scenery, origin: Gap | str) -> tuple[str, str] | None:
    """Return the source and the reference of an origin; ``None`` for a sentence."""
    if isinstance(origin, Gap):
        row = AssessmentRow.objects.get(
            sheet__assessment__cycle=scenery.cycle,
            sheet__assessment__name=origin.campaign,
            sheet__service=scenery.services[origin.service],
            commitment__code=origin.code,
        )
        return ASSESSMENT_ROW, str(row.pk)
    here = {"minutes__meeting__committee__prefecture": scenery.prefecture}
    for source, model in ((DECISION, Decision), (QUESTION, Question)):
        said = model._default_manager.filter(text__startswith=origin, **here)
        known = said.order_by("pk").first()
        if known is not None:
            return source, str(known.lineage)
    return None


def _move(scope: Scope, action: Action, facts: ActionFacts) -> None:
    """Take the acts of its life, then write the days that they tell."""
    for code, reason in facts.acts:
        move_action(action=action, code=code, scope=scope, reason=reason)
    if facts.verdict_unknown:
        conclude_unknown(action=action, scope=scope, reason=facts.verdict_unknown)
    if facts.progress:
        action.progress = facts.progress
    if facts.done is not None:
        action.done_on = action.state_since = _day(facts.done) or action.state_since
        if action.verdict:
            read = [item.read[1] for item in facts.measures if item.read is not None]
            action.verdict_on = max([action.state_since, *read])
            action.state_since = action.verdict_on if action.is_closed else action.state_since
    elif facts.acts and facts.starts is not None:
        action.state_since = _day(facts.starts) or action.state_since
    action.save()


def _add_measure(scope: Scope, action: Action, facts: MeasureFacts) -> None:
    values = {**facts.values, "baseline_on": _day(facts.on), "measure_on": _day(facts.again)}
    measure = add_measure(action=action, values=values, scope=scope)
    if facts.read is not None:
        value, day, size, source = facts.read
        record_value(
            measure=measure,
            value=Decimal(value),
            measured_on=day,
            size=size,
            source_note=source,
            scope=scope,
        )


def _day(day: Day) -> date | None:
    """Return a day of the past, or one counted from the loading."""
    return timezone.localdate() + timedelta(days=day) if isinstance(day, int) else day
