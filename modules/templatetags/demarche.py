"""Tags of the pages of a démarche."""

from typing import Any

from django import template
from django.template.context import Context

from modules.cycle_tabs import tabs_of
from modules.models import LabelCycle


register = template.Library()


@register.inclusion_tag("components/section_tabs.html", takes_context=True)
def cycle_tabs(context: Context, cycle: LabelCycle, current: str) -> dict[str, Any]:
    """Draw the parts of a démarche: ``{% cycle_tabs cycle "evidence" %}``."""
    return {
        "tabs": tabs_of(cycle, current, context["request"].scope),
        "label": "Parties de la démarche",
    }
