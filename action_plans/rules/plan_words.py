"""How the plan counts its actions in words: « 5 actions, dont 1 en retard : 2 à lancer, 3 en cours »."""

from collections.abc import Mapping

from action_plans.enums import ActionState
from common.typography import french_spaces


# Words of a state for one action, and for several.
_WORDS = {
    ActionState.TO_START: ("à lancer", "à lancer"),
    ActionState.ONGOING: ("en cours", "en cours"),
    ActionState.DONE: ("réalisée", "réalisées"),
    ActionState.EFFECTIVE: ("efficace", "efficaces"),
    ActionState.INEFFECTIVE: ("inefficace", "inefficaces"),
    ActionState.ABANDONED: ("abandonnée", "abandonnées"),
}
if set(_WORDS) != set(ActionState):
    raise RuntimeError("every state needs its words")


def counts_in_words(counts: Mapping[ActionState, int], late: int) -> str:
    """Say how many actions there are by state; ``late`` of the open ones are past their day.

    >>> counts_in_words({ActionState.ONGOING: 3}, 1)
    '3 actions, dont 1 en retard\\xa0: 3 en cours'
    """
    total = sum(counts.values())
    if total == 0:
        return "Aucune action"
    parts = [
        f"{counts[state]} {_WORDS[state][0 if counts[state] == 1 else 1]}"
        for state in ActionState
        if counts.get(state)
    ]
    told = f"{total} action{'' if total == 1 else 's'}" + (
        f", dont {late} en retard" if late else ""
    )
    return french_spaces(f"{told} : {', '.join(parts)}")
