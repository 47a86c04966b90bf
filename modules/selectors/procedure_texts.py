"""Texts of the procedure sheets side by side: two versions, or two people on one draft."""

from dataclasses import dataclass
from datetime import datetime

from common.textdiff import Joined, Piece, join_texts, word_diff
from modules.models import ProcedureVersion


@dataclass(frozen=True, slots=True)
class Comparison:
    """From one version to a later one; no pieces when one of them has no text (a file)."""

    old: ProcedureVersion
    new: ProcedureVersion
    pieces: list[Piece]

    @property
    def is_same(self) -> bool:
        return self.old.text == self.new.text


def comparison_of(old: ProcedureVersion, new: ProcedureVersion) -> Comparison:
    """Compare the texts of two versions word by word."""
    pieces = word_diff(old.text, new.text) if old.text and new.text else []
    return Comparison(old, new, pieces)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people on one draft, for the panel of choices. ``revision``: of the stored text."""

    who: str
    when: datetime
    theirs: str
    pieces: list[Piece]
    joined: Joined
    revision: int
    base_revision: int


def conflict_of(version: ProcedureVersion, base: str, mine: str, base_revision: int) -> Conflict:
    """Describe what the stored draft and ``mine`` make of the text ``base`` (1 query)."""
    latest = version.history.select_related("history_user").order_by("-history_id").first()
    return Conflict(
        who=str(latest.history_user) if latest and latest.history_user else "Quelqu’un",
        when=latest.history_date if latest else version.written_at,
        theirs=version.text,
        pieces=word_diff(version.text, mine),
        joined=join_texts(base, version.text, mine),
        revision=version.revision,
        base_revision=base_revision,
    )
