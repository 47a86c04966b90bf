"""« Ce qui change » as plain data, ready to be frozen: for its document, and for an agenda item."""

from typing import Any

from accounts.access import Scope
from accounts.models import Prefecture
from common.textdiff import Change, Piece
from modules.enums import Certainty, ChangeKind
from modules.models import Referential
from modules.rules.changes import CommitmentChange, Comparison, ModuleChange
from modules.rules.changes_text import module_sentence
from modules.selectors.changes import changes_for_page
from modules.selectors.cycles import current_cycle


# Kind of the document (modules.document_kinds.changes): pages ask for it by its code.
WHATS_NEW = "modules.whats_new"


def changes_data(referential: Referential, scope: Scope) -> dict[str, Any] | None:
    """Return the whole comparison; ``None`` when the référentiel follows no other.

    ``consequence``: a sentence on the préfecture, and ``work`` what becomes of its answers (texts).
    ``modules``: number, title, ``kind``, ``sentence``, ``to_confirm``, ``note``, ``counts`` (texts),
    ``title_pieces`` (word by word, empty when it stays), ``changes`` of commitments, and ``kept``
    (``codes`` and wordings taken over as they are). ``new`` codes of a change: empty when the old
    ones stay.
    """
    page = changes_for_page(referential, scope)
    if page is None:
        return None
    found = page.consequences
    return {
        **_names(page.comparison),
        "consequence": found.sentence if found else "",
        "work": [item.line for item in found.work] if found else [],
        "modules": [_module(change) for change in page.comparison.modules],
        "has_doubt": _has_doubt(page.comparison),
    }


def news_of(prefecture: Prefecture) -> dict[str, Any] | None:
    """Return what the référentiel of the present démarche changes from the one before, in short.

    Not what would follow it: that another succeeds to it is decided elsewhere, not by loading it.

    ``modules``: number, ``sentence``, ``counts``; ``consequence``: a sentence on the préfecture. What
    the services answered is left out: minutes go out of the house. ``None`` without a démarche, or
    when its référentiel follows none.
    """
    cycle = current_cycle(prefecture)
    page = changes_for_page(cycle.referential, Scope(prefecture=prefecture)) if cycle else None
    if page is None:
        return None
    return {
        **_names(page.comparison),
        "consequence": page.consequences.sentence if page.consequences else "",
        "modules": [_in_short(change) for change in page.comparison.modules],
        "has_doubt": _has_doubt(page.comparison),
    }


def _names(comparison: Comparison) -> dict[str, Any]:
    return {
        "old": comparison.old.name,
        "new": comparison.new.name,
        "note": comparison.new.mapping_note,
    }


def _in_short(change: ModuleChange) -> dict[str, Any]:
    return {
        "number": change.main.number,
        "sentence": f"{module_sentence(change)}.",
        "to_confirm": _is_doubtful(change.certainty, (*change.old, *change.new)),
        "counts": change.counts_in_words,
    }


def _module(change: ModuleChange) -> dict[str, Any]:
    told = [item for item in change.commitments if item.kind is not ChangeKind.KEPT]
    is_retitled = bool(change.old and change.new and change.is_title_changed)
    return {
        **_in_short(change),
        "title": change.main.title,
        "kind": change.kind.label,
        "note": change.note,
        "title_pieces": _pieces(change.pieces) if is_retitled else [],
        "changes": [_commitment(item) for item in told],
        "kept": [
            {"codes": item.codes, "wording": " / ".join(text.wording for text in item.new)}
            for item in change.kept
        ],
    }


def _commitment(change: CommitmentChange) -> dict[str, Any]:
    pieces = change.pieces
    # Words crossed out in the middle of a sentence: it is written once more as it now reads.
    is_mixed = {Change.REMOVED, Change.SAME} <= {p.change for p in pieces if p.text.strip()}
    now = "\n".join(item.wording for item in change.new)
    return {
        "old": [item.code for item in change.old],
        "new": [item.code for item in change.new] if change.is_code_changed else [],
        "kind": change.kind.label,
        "to_confirm": _is_doubtful(change.certainty, (*change.old, *change.new)),
        "pieces": _pieces(pieces),
        "now": now if is_mixed else "",
        "note": change.note,
    }


def _pieces(pieces: list[Piece]) -> list[dict[str, str]]:
    """Return the pieces without the spaces at their ends: they meet between words only."""
    return [{"change": piece.change.value, "text": piece.text.strip(" ")} for piece in pieces]


def _is_doubtful(certainty: Certainty, rows: tuple[Any, ...]) -> bool:
    return Certainty.TO_CONFIRM in {certainty, *(row.certainty for row in rows)}


def _has_doubt(comparison: Comparison) -> bool:
    modules = [
        _is_doubtful(module.certainty, (*module.old, *module.new)) for module in comparison.modules
    ]
    commitments = [
        _is_doubtful(item.certainty, (*item.old, *item.new))
        for module in comparison.modules
        for item in module.commitments
    ]
    return any([*modules, *commitments])
