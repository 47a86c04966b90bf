"""Tags of the pages of the action plan."""

from typing import Any

from django import template
from django.template.context import Context

from action_plans.plan_tabs import tabs_of


register = template.Library()


@register.inclusion_tag("components/section_tabs.html", takes_context=True)
def plan_tabs(context: Context, current: str) -> dict[str, Any]:
    """Draw the views of the plan: ``{% plan_tabs "list" %}``; the filters of the address follow."""
    request = context["request"]
    query = request.GET.copy()
    for name in ("page", "sort", "retire", "annee", "par", "quoi"):
        query.pop(name, None)
    return {
        "tabs": tabs_of(current, request.scope, query.urlencode()),
        "label": "Vues du plan d’actions",
    }
