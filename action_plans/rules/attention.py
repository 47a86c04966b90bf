"""When an action calls for attention: constants of the plan, as data."""

from datetime import date, timedelta
from typing import Final

from action_plans.enums import ActionState


# An open action that nobody touched for this long is « en sommeil ».
STALLED_AFTER = timedelta(days=60)
# What was given up changes nothing: there is nothing to measure.
WITHOUT_NEED_OF_MEASURE: Final = frozenset({ActionState.ABANDONED})


def stalled_before(today: date) -> date:
    """Return the day: what last changed before it is stalled."""
    return today - STALLED_AFTER


def lacks_measure(state: str, has_measure: bool) -> bool:
    """Whether nothing will tell what an action changed, and something should."""
    return not has_measure and state not in WITHOUT_NEED_OF_MEASURE
