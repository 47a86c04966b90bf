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
    return [(tag == "equal", *ends) for tag, *ends in matcher.get_opcodes()]


@dataclass(frozen=True, slots=True)
class Joined:
    """Two rewritings in one text. ``overlaps``: both changed the same paragraphs, both are kept."""

    text: str
    overlaps: bool


def join_texts(base: str, theirs: str, mine: str) -> Joined:
    """Join two rewritings of ``base``, paragraph by paragraph.

    What only one of them changed (or took away) is taken as changed; where both changed the same
    paragraphs, theirs comes first and mine follows, for a person to choose.
    """
    old, left, right = _paragraphs(base), _paragraphs(theirs), _paragraphs(mine)
    joined: list[str] = []
    overlaps = False
    o = a = b = 0
    for o_end, a_end, b_end in _common_points(old, left, right):
        was, one, two = old[o:o_end], left[a:a_end], right[b:b_end]
        if one == two or two == was:
            joined += one
        elif one == was:
            joined += two
        else:
            overlaps = True
            joined += one + [paragraph for paragraph in two if paragraph not in one]
        if o_end < len(old):
            joined.append(old[o_end])
        o, a, b = o_end + 1, a_end + 1, b_end + 1
    return Joined("\n\n".join(joined), overlaps)


def _paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in _PARAGRAPH_BREAK.split(text) if part.strip()]


def _common_points(old: list[str], left: list[str], right: list[str]) -> list[tuple[int, int, int]]:
    """Return the places (in the three lists) of each paragraph kept by both, then the three ends."""
    in_left, in_right = _kept(old, left), _kept(old, right)
    points = [(o, in_left[o], in_right[o]) for o in sorted(in_left.keys() & in_right.keys())]
    return [*points, (len(old), len(left), len(right))]


def _kept(old: list[str], new: list[str]) -> dict[int, int]:
    return {
        i1 + step: j1 + step
        for is_same, i1, i2, j1, _ in _blocks(old, new)
        if is_same
        for step in range(i2 - i1)
    }
