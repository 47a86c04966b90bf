"""A validated plan: what is frozen, and how two plans differ. Pure.

What is frozen is what is printed, in words: a label that changes in a later release changes nothing
to what was validated.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from common.textdiff import Piece, word_diff


WITHOUT_AXIS = "Sans axe"
STEPS = "Étapes"
STATE = "État"
# Beyond so many characters, what changed is shown inside the text.
LONG = 80


@dataclass(frozen=True, slots=True)
class FrozenAction:
    """An action as printed. ``state`` is its code; ``fields`` are texts by label, blank ones left out."""

    number: int
    title: str
    state: str
    state_label: str
    axis: str
    fields: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[str, ...] = ()

    def text(self, label: str) -> str:
        """Return the text under a label; blank when there was none."""
        return self.fields.get(label, "")


@dataclass(frozen=True, slots=True)
class FrozenPlan:
    """The plan of a year on a day (ISO), actions by number."""

    year: int
    prefecture: str
    taken_on: str
    actions: tuple[FrozenAction, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON holds: equal to what is read back from it."""
        stored: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return stored

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "FrozenPlan":
        """Return the plan that ``as_dict`` made; labels that a later release adds are blank."""
        actions = tuple(
            FrozenAction(
                number=item["number"],
                title=item["title"],
                state=item["state"],
                state_label=item["state_label"],
                axis=item["axis"],
                fields=dict(item["fields"]),
                steps=tuple(item["steps"]),
            )
            for item in stored["actions"]
        )
        return cls(stored["year"], stored["prefecture"], stored["taken_on"], actions)

    def by_axis(self) -> list[tuple[str, list[FrozenAction]]]:
        """Return the actions under their axis, in the order of their titles, those without one last."""
        groups: dict[str, list[FrozenAction]] = {}
        for action in self.actions:
            groups.setdefault(action.axis, []).append(action)
        named = sorted((axis, rows) for axis, rows in groups.items() if axis)
        return [*named, *([(WITHOUT_AXIS, groups[""])] if "" in groups else [])]

    def state_counts(self) -> list[tuple[str, str, int]]:
        """Return (code, label, number of actions) for the states there are, as first met."""
        counts: dict[tuple[str, str], int] = {}
        for action in self.actions:
            key = (action.state, action.state_label)
            counts[key] = counts.get(key, 0) + 1
        return [(code, label, count) for (code, label), count in counts.items()]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one action: texts as printed, blank when there was none."""

    label: str
    old: str
    new: str

    @property
    def is_long(self) -> bool:
        """Whether it is read better word by word than side by side."""
        return max(len(self.old), len(self.new)) > LONG

    @property
    def pieces(self) -> list[Piece]:
        """The words that stayed, went and came."""
        return word_diff(self.old, self.new)


@dataclass(frozen=True, slots=True)
class ActionChange:
    """An action that is in both plans and differs. ``before`` and ``after`` carry its states."""

    before: FrozenAction
    after: FrozenAction
    fields: tuple[FieldChange, ...]

    @property
    def has_moved(self) -> bool:
        """Whether its state changed."""
        return self.before.state != self.after.state


@dataclass(frozen=True, slots=True)
class PlanDifferences:
    """How a plan became another one."""

    added: tuple[FrozenAction, ...]
    removed: tuple[FrozenAction, ...]
    changed: tuple[ActionChange, ...]
    same_count: int

    @property
    def moved_count(self) -> int:
        """How many actions changed state."""
        return sum(change.has_moved for change in self.changed)

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed)


def differences(old: FrozenPlan, new: FrozenPlan) -> PlanDifferences:
    """Compare two plans by the numbers of their actions.

    >>> plan = FrozenPlan(2022, "41", "2022-02-03", (FrozenAction(1, "A", "done", "Réalisée", ""),))
    >>> differences(plan, plan).is_empty
    True
    """
    before = {action.number: action for action in old.actions}
    after = {action.number: action for action in new.actions}
    changed = tuple(
        ActionChange(before[number], action, fields)
        for number, action in after.items()
        if number in before and (fields := _fields(before[number], action))
    )
    common = before.keys() & after.keys()
    return PlanDifferences(
        added=tuple(action for number, action in after.items() if number not in before),
        removed=tuple(action for number, action in before.items() if number not in after),
        changed=changed,
        same_count=len(common) - len(changed),
    )


def _fields(old: FrozenAction, new: FrozenAction) -> tuple[FieldChange, ...]:
    pairs = [
        ("Intitulé", old.title, new.title),
        (STATE, old.state_label, new.state_label),
        ("Axe", old.axis, new.axis),
        *(
            (label, old.text(label), new.text(label))
            for label in dict.fromkeys([*old.fields, *new.fields])
        ),
        (STEPS, "\n".join(old.steps), "\n".join(new.steps)),
    ]
    return tuple(FieldChange(*pair) for pair in pairs if pair[1] != pair[2])
