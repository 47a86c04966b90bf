"""The actions opened from the rows of a grid, and where to open one: drawn on the pages of modules."""

from collections.abc import Collection

from django.utils import timezone

from accounts.access import Permission, Scope
from action_plans.action_sources import ASSESSMENT_ROW, facts_of_rows
from action_plans.selectors.signals import OpenedActions, opened_from
from modules.models import AssessmentRow
from modules.registry import register_row_panel


@register_row_panel("action_plans/signals/row_actions.html")
def row_actions(rows: Collection[AssessmentRow], scope: Scope) -> dict[int, OpenedActions]:
    """Every row that has an action, and, for who may open one, all of them.

    A row becomes a gap without the page being loaded again: the style sheet hides the link of those
    that are none.
    """
    facts = facts_of_rows(rows)
    opened = opened_from(ASSESSMENT_ROW, facts, scope, timezone.localdate())
    may_open = scope.may(Permission.ACTION_OPEN)
    return {
        int(reference): found for reference, found in opened.items() if found.actions or may_open
    }
