"""What differs between two texts, word by word, and how to join two rewritings. Pure functions."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


# Words with the spaces that follow them, and line breaks alone.
_WORDS = re.compile(r"\n|[^\s]+[^\S\n]*|[^\S\n]+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n")
# Beyond this many comparisons two lists are taken as wholly different: a text made of one word
# repeated would otherwise hold the server for minutes.
MAX_COMPARISONS = 1_000_000


class Change(StrEnum):
    """What happened to a piece of text from the old to the new one."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive words with the same fate."""

    change: Change
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """Return the pieces that lead from ``old`` to ``new``; a removal comes before its replacement.

    >>> [(p.change.value, p.text) for p in word_diff("le préfet ouvre", "le maire ouvre")]
    [('same', 'le '), ('removed', 'préfet '), ('added', 'maire '), ('same', 'ouvre')]
    """
    before, after = _LINES.findall(old), _LINES.findall(new)
    pieces: list[Piece] = []
    for is_same, i1, i2, j1, j2 in _blocks(before, after):
        was, now = "".join(before[i1:i2]), "".join(after[j1:j2])
        pieces += [Piece(Change.SAME, was)] if is_same else _diff_of_words(was, now)
    return pieces


def _diff_of_words(old: str, new: str) -> list[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[Piece] = []
    for is_same, i1, i2, j1, j2 in _blocks(before, after):
        if is_same:
            pieces.append(Piece(Change.SAME, "".join(before[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece(Change.REMOVED, "".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(Piece(Change.ADDED, "".join(after[j1:j2])))
    return pieces


def _blocks(before: list[str], after: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """Return (same?, start and end in ``before``, start and end in ``after``), in order."""
    if len(before) * len(after) > MAX_COMPARISONS:
        return [(False, 0, len(before), 0, len(after))]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [(tag == "equal", i1, i2, j1, j2) for tag, i1, i2, j1, j2 in matcher.get_opcodes()]


@dataclass(frozen=True, slots=True)
class Joined:
    """Two rewritings in one text. ``overlaps``: both changed the same paragraphs, both are kept."""

    text: str
    overlaps: bool


@dataclass(frozen=True, slots=True)
class _Edit:
    """Paragraphs ``start`` to ``end`` of the base, replaced by ``new`` (empty: taken away)."""

    start: int
    end: int
    new: list[str]


def join_texts(base: str, theirs: str, mine: str) -> Joined:
    """Join two rewritings of ``base``, paragraph by paragraph.

    What only one of them changed (or took away) is taken as changed; where both changed the same
    paragraphs, theirs comes first and mine follows, for a person to choose.
    """
    old = _paragraphs(base)
    left, right = _edits(old, _paragraphs(theirs)), _edits(old, _paragraphs(mine))
    joined: list[str] = []
    overlaps = False
    place = 0
    for start, end in _clusters([*left, *right]):
        joined += old[place:start]
        was = old[start:end]
        one, two = _applied(old, left, start, end), _applied(old, right, start, end)
        if one == two or two == was:
            joined += one
        elif one == was:
            joined += two
        else:
            overlaps = True
            joined += one + [paragraph for paragraph in two if paragraph not in one]
        place = end
    return Joined("\n\n".join(joined + old[place:]), overlaps)


def _paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in _PARAGRAPH_BREAK.split(text) if part.strip()]


def _edits(old: list[str], new: list[str]) -> list[_Edit]:
    return [
        _Edit(i1, i2, new[j1:j2]) for is_same, i1, i2, j1, j2 in _blocks(old, new) if not is_same
    ]


def _clusters(edits: list[_Edit]) -> list[tuple[int, int]]:
    """Return the parts of the base where edits meet: they share a paragraph, or a point."""
    clusters: list[tuple[int, int]] = []
    for edit in sorted(edits, key=lambda item: (item.start, item.end)):
        if clusters:
            start, end = clusters[-1]
            if edit.start < end or edit.start == start == end == edit.end:
                clusters[-1] = (start, max(end, edit.end))
                continue
        clusters.append((edit.start, edit.end))
    return clusters


def _applied(old: list[str], edits: list[_Edit], start: int, end: int) -> list[str]:
    """Return this part of the base as one person rewrote it."""
    result: list[str] = []
    place = start
    for edit in edits:
        if edit.start < start or edit.end > end or _is_beside(edit, start, end):
            continue
        result += old[place : edit.start] + edit.new
        place = edit.end
    return result + old[place:end]


def _is_beside(edit: _Edit, start: int, end: int) -> bool:
    """Tell an insertion that touches this part without being in it: it has its own."""
    return edit.start == edit.end and start < end and edit.start in (start, end)
