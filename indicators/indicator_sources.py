"""Dated events that the definitions themselves bring to the charts."""

from datetime import date

from django.urls import reverse

from accounts.models import Prefecture
from indicators.models import Indicator
from indicators.registry import DatedEvent, register_events
from indicators.selectors.definitions import changes_of_counting_rule


@register_events
def counting_rules(
    prefecture: Prefecture, indicator: Indicator, starts_on: date, ends_on: date
) -> list[DatedEvent]:
    """Tell when a référentiel changed what is counted: the figures before and after differ."""
    url = reverse("indicators:definition_detail", args=[indicator.code])
    return [
        DatedEvent(day, f"Règle de comptage changée ({name})", url)
        for day, name in changes_of_counting_rule(indicator)
        if starts_on <= day <= ends_on
    ]
