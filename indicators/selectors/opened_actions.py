"""The actions opened from figures, for the pages that show these figures."""

from collections.abc import Iterable
from datetime import date

from accounts.access import Scope
from action_plans.registry import origin_source
from action_plans.selectors.signals import OpenedActions, opened_from
from indicators.references import ORIGIN, FigureReference


def opened_actions(
    scope: Scope, references: Iterable[FigureReference], today: date
) -> dict[str, OpenedActions]:
    """Return by reference the actions opened from figures, and where to open one.

    Constant queries. Empty while no source of origins speaks for the indicators.
    """
    source = origin_source(ORIGIN)
    if source is None or not scope.may(*source.permissions):
        return {}
    facts = source.describe(scope, [str(item) for item in references])
    return opened_from(ORIGIN, facts.values(), scope, today)
