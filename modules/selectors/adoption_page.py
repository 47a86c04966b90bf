"""The summary of an adoption in words, the same before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modules.enums import ChangeKind
from modules.rules.adoption import Fate
from modules.rules.changes import KINDS, participle
from modules.selectors.adoption import AdoptionPlan


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """What became of a module: its commitments in words, its lines by fate."""

    number: int
    title: str
    kind: ChangeKind
    origin: str
    commitments: str
    as_is: int
    to_review: int
    new: int


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """``Adoption.summary`` ready to be read; ``raw`` holds the totals as they are kept."""

    raw: Mapping[str, Any]
    modules: list[ModuleLine]

    @property
    def as_is(self) -> int:
        return int(self.raw["rows"][Fate.AS_IS])

    @property
    def to_review(self) -> int:
        return int(self.raw["rows"][Fate.TO_REVIEW])

    @property
    def new(self) -> int:
        return int(self.raw["rows"][Fate.NEW])


def page_of_plan(plan: AdoptionPlan) -> SummaryPage:
    """Describe what an adoption would do."""
    return page_of_summary(plan.summary)


def page_of_summary(summary: Mapping[str, Any]) -> SummaryPage:
    """Describe what an adoption did."""
    return SummaryPage(summary, [_line(item) for item in summary["modules"]])


def _line(item: Mapping[str, Any]) -> ModuleLine:
    counts = [(kind, item["commitments"].get(kind.value, 0)) for kind in KINDS]
    return ModuleLine(
        number=item["number"],
        title=item["title"],
        kind=ChangeKind(item["kind"]),
        origin=", ".join(str(number) for number in item["old"]),
        commitments=", ".join(
            f"{number} {participle(kind, number)}" for kind, number in counts if number
        ),
        as_is=item["rows"][Fate.AS_IS],
        to_review=item["rows"][Fate.TO_REVIEW],
        new=item["rows"][Fate.NEW],
    )
