"""Tags of the pages of the indicators."""

from typing import Any

from django import template
from django.template.context import Context

from indicators.selectors.entry import figure_words
from indicators.tabs import tabs_of


register = template.Library()
register.filter("figure", figure_words)


@register.inclusion_tag("components/section_tabs.html", takes_context=True)
def indicator_tabs(context: Context, current: str) -> dict[str, Any]:
    """Draw the parts of « Indicateurs »: ``{% indicator_tabs "definitions" %}``."""
    return {"tabs": tabs_of(current, context["request"].scope), "label": "Parties des indicateurs"}
