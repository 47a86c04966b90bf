"""The plan as it stands, in the words of the table: what an export writes, what an import compares with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from action_plans.exchange.cells import CellError, quoted
from common.written import plain_key


# So few names are all told when none looks like what was written.
FEW = 12


@dataclass(frozen=True, slots=True)
class Choices:
    """What a cell may name: the keys of the rows by their name, and other ways of writing the names.

    ``noun`` opens the sentences (« service »); ``remedy`` ends them when nothing looks alike.
    """

    noun: str
    keys: Mapping[str, int]
    aliases: Mapping[str, str]
    remedy: str

    @classmethod
    def of(cls, noun: str, rows: Iterable[tuple[int, tuple[str, ...]]], remedy: str) -> "Choices":
        """Build it from (key, (name, other ways…)). Two rows written alike: that way names neither."""
        keys: dict[str, int] = {}
        ways: dict[str, set[str]] = {}
        for key, (name, *others) in rows:
            keys[name] = key
            for way in (name, *others):
                ways.setdefault(plain_key(way), set()).add(name)
        aliases = {way: next(iter(names)) for way, names in ways.items() if way and len(names) == 1}
        return cls(noun, keys, aliases, remedy)

    def resolve(self, text: str) -> str:
        """Return the name of the row that a text names; ``CellError`` offers the closest ones."""
        if text in self.keys:
            return text
        found = self.aliases.get(plain_key(text))
        if found is not None:
            return found
        close = get_close_matches(plain_key(text), list(self.aliases), n=3, cutoff=0.5)
        names = list(dict.fromkeys(self.aliases[way] for way in close))
        if names:
            advice = f"Les plus proches : {', '.join(map(quoted, names))}."
        elif 0 < len(self.keys) <= FEW:
            advice = f"Sont connus : {', '.join(map(quoted, self.keys))}."
        else:
            advice = self.remedy
        raise CellError(f"{quoted(text)} n’est pas un {self.noun} connu. {advice}")


@dataclass(frozen=True, slots=True)
class PastRevision:
    """What a row was at one of its revisions, and who made it so."""

    revision: int
    values: Mapping[str, Any]
    who: str
    when: datetime


@dataclass(frozen=True, slots=True)
class KnownAction:
    """An action of the plan; ``values`` are canonical, by column. ``past``: oldest first."""

    key: int
    number: int
    revision: int
    values: Mapping[str, Any]
    is_removed: bool = False
    past: tuple[PastRevision, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownStep:
    """A step of the plan, as ``KnownAction``."""

    key: int
    number: int
    revision: int
    values: Mapping[str, Any]
    is_removed: bool = False
    past: tuple[PastRevision, ...] = ()


def step_in_words(step: KnownStep) -> str:
    """Return « Recruter, par M. Petit, pour le 01/03/2022 »."""
    parts = [step.values["title"]]
    if step.values["owner_name"]:
        parts.append(f"par {step.values['owner_name']}")
    if step.values["due_on"] is not None:
        parts.append(f"pour le {step.values['due_on']:%d/%m/%Y}")
    if step.values["done_on"] is not None:
        parts.append(f"faite le {step.values['done_on']:%d/%m/%Y}")
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """Everything that a file is compared with. ``names``: choices by the name of their column."""

    prefecture_code: str
    prefecture_name: str
    referential: str
    names: Mapping[str, Choices]
    actions: Mapping[int, KnownAction] = field(default_factory=dict)
    steps: Mapping[int, KnownStep] = field(default_factory=dict)

    def full_codes(self, codes: Iterable[str], referential: str) -> list[str]:
        """Return codes read under a référentiel as they are written under the present one."""
        prefix = "" if referential in ("", self.referential) else f"{referential}:"
        return [code if ":" in code else f"{prefix}{code}" for code in codes]
