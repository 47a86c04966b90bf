"""« Ce qui change » as plain data, for its document and for the agenda item « nouveautés »."""

from typing import Any

from accounts.access import Scope
from accounts.models import Prefecture
from common.textdiff import Piece
from modules.enums import Certainty, ChangeKind
from modules.models import Referential
from modules.rules.changes import CommitmentChange, ModuleChange
from modules.selectors.changes import changes_for_page
from modules.selectors.cycles import current_cycle


# Kind of the document (modules.document_kinds.changes): pages ask for it by its code.
WHATS_NEW = "modules.whats_new"


def changes_data(referential: Referential, scope: Scope) -> dict[str, Any] | None:
    """Return the comparison word by word, module by module; ``None`` when it follows no other.

    ``pieces`` are lists of (change, text). ``sentence`` and ``work`` speak of the préfecture.
    """
    page = changes_for_page(referential, scope)
    if page is None:
        return None
    found = page.consequences
    return {
        "old": page.comparison.old.name,
        "new": page.comparison.new.name,
        "note": page.comparison.new.mapping_note,
        "sentence": found.sentence if found else "",
        "work": [item.line for item in found.work] if found else [],
        "modules": [_module(change) for change in page.comparison.modules],
    }


def news_of(prefecture: Prefecture) -> dict[str, Any] | None:
    """Return what changes for the démarche that a préfecture is in; ``None`` when nothing does.

    The référentiel that follows its own, when one is loaded; else its own and the one before. What
    the services answered is left out: the minutes are read by everybody.
    """
    cycle = current_cycle(prefecture)
    if cycle is None:
        return None
    following = cycle.referential.successors.order_by("-published_on", "pk").first()
    return changes_data(following or cycle.referential, Scope(prefecture=prefecture))


def _module(change: ModuleChange) -> dict[str, Any]:
    told = [item for item in change.commitments if item.kind != ChangeKind.KEPT]
    return {
        "number": change.main.number,
        "title": change.main.title,
        "kind": change.kind.label,
        "is_same": change.is_same,
        "to_confirm": change.certainty == Certainty.TO_CONFIRM,
        "pieces": _pieces(change.pieces) if change.old and change.new else [],
        "is_title_changed": bool(change.old and change.new and change.is_title_changed),
        "note": change.note,
        "counts": change.counts_in_words if change.counts else "",
        "commitments": [_commitment(item) for item in told],
    }


def _commitment(change: CommitmentChange) -> dict[str, Any]:
    return {
        "old": [item.code for item in change.old],
        "new": [item.code for item in change.new],
        "kind": change.kind.label,
        "to_confirm": change.certainty == Certainty.TO_CONFIRM,
        "note": change.note,
        "pieces": _pieces(change.pieces),
    }


def _pieces(pieces: list[Piece]) -> list[list[str]]:
    return [[piece.change.value, piece.text] for piece in pieces]
