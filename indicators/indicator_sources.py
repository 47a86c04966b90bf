"""Dated events of the charts: what is counted changed, an action began or was done."""

from datetime import date

from django.urls import reverse
from django.utils.text import Truncator

from accounts.models import Prefecture
from action_plans.enums import ActionState
from action_plans.models import Action
from indicators.models import Indicator
from indicators.registry import DatedEvent, register_events
from indicators.selectors.definitions import changes_of_counting_rule
from indicators.selectors.signals import actions_naming


# An action that never began, or that was given up, explains no move.
_IDLE = frozenset({ActionState.TO_START, ActionState.ABANDONED})


@register_events
def counting_rules(
    prefecture: Prefecture, indicator: Indicator, starts_on: date, ends_on: date
) -> list[DatedEvent]:
    """Tell when a référentiel changed what is counted: the figures before and after differ."""
    url = reverse("indicators:definition_detail", args=[indicator.code])
    changes = changes_of_counting_rule([indicator.pk]).get(indicator.pk, [])
    return [
        DatedEvent(change.day, f"Règle de comptage changée ({change.name})", url)
        for change in changes
        if starts_on <= change.day <= ends_on
    ]


@register_events
def actions(
    prefecture: Prefecture, indicator: Indicator, starts_on: date, ends_on: date
) -> list[DatedEvent]:
    """Tell when the actions opened from the indicator, or measured by it, began and were done."""
    found = []
    for action in actions_naming(prefecture, indicator):
        days = ((action.starts_on, "lancée"), (action.done_on, "réalisée"))
        found += [
            DatedEvent(day, _named(action, what), _url(action))
            for day, what in days
            if day is not None and starts_on <= day <= ends_on and action.state not in _IDLE
        ]
    return found


def _named(action: Action, what: str) -> str:
    return f"Action n° {action.number} {what} : {Truncator(action.title).chars(80)}"


def _url(action: Action) -> str:
    return reverse("action_plans:action_detail", args=[action.pk])
