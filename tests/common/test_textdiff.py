"""What differs between two texts, and two rewritings in one."""

import pytest

from common.textdiff import Change, join_texts, word_diff


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("", "tout est neuf"),
        ("tout part", ""),
        ("un\n\ndeux trois", "un\n\ndeux  quatre\ncinq"),
        ("les délais jugés longs", "les délais, jugés trop longs"),
    ],
)
def test_pieces_give_back_both_texts(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(p.text for p in pieces if p.change != Change.ADDED) == old
    assert "".join(p.text for p in pieces if p.change != Change.REMOVED) == new


def test_only_the_changed_word_is_marked() -> None:
    pieces = word_diff("le préfet ouvre la séance", "le maire ouvre la séance")
    assert [(p.change, p.text) for p in pieces] == [
        (Change.SAME, "le "),
        (Change.REMOVED, "préfet "),
        (Change.ADDED, "maire "),
        (Change.SAME, "ouvre la séance"),
    ]


BASE = "un\n\ndeux\n\ntrois"


@pytest.mark.parametrize(
    ("theirs", "mine", "text", "overlaps"),
    [
        (BASE, BASE, BASE, False),
        ("UN\n\ndeux\n\ntrois", "un\n\ndeux\n\nTROIS", "UN\n\ndeux\n\nTROIS", False),
        ("deux\n\ntrois", "un\n\ndeux\n\ntrois\n\nquatre", "deux\n\ntrois\n\nquatre", False),
        ("un\n\nDEUX\n\ntrois", "un\n\nDeux\n\ntrois", "un\n\nDEUX\n\nDeux\n\ntrois", True),
        ("UN\n\ndeux\n\ntrois", "un\n\nDEUX\n\ntrois", "UN\n\nDEUX\n\ntrois", False),
        ("un\n\ndeux", "un\n\nDEUX\n\ntrois", "un\n\nDEUX", False),
        ("a\n\nun\n\ndeux\n\ntrois", "UN\n\ndeux\n\ntrois", "a\n\nUN\n\ndeux\n\ntrois", False),
        (f"{BASE}\n\na", f"{BASE}\n\nb", f"{BASE}\n\na\n\nb", True),
        (f"{BASE}\n\na", f"{BASE}\n\na", f"{BASE}\n\na", False),
        ("UN\n\nDEUX\n\ntrois", "un\n\nmien\n\ntrois", "UN\n\nDEUX\n\nun\n\nmien\n\ntrois", True),
        ("un\n\nDEUX\n\ntrois", "un\n\nDEUX\n\ntrois", "un\n\nDEUX\n\ntrois", False),
        ("", "un\n\ndeux\n\ntrois", "", False),
        ("", f"{BASE}\n\nfin", "fin", False),
    ],
)
def test_two_rewritings_are_joined(theirs: str, mine: str, text: str, overlaps: bool) -> None:
    joined = join_texts(BASE, theirs, mine)
    assert (joined.text, joined.overlaps) == (text, overlaps)


def test_without_a_common_base_both_texts_are_kept() -> None:
    joined = join_texts("", "le leur", "le mien")
    assert (joined.text, joined.overlaps) == ("le leur\n\nle mien", True)


def test_a_text_made_to_last_is_answered_all_the_same() -> None:
    old, new = "mot " * 12_000, "mot " * 11_999 + "fin"
    pieces = word_diff(old, new)
    assert [p.change for p in pieces] == [Change.REMOVED, Change.ADDED]
    assert join_texts("a\n\n" * 16_000, "b", "c").text == "b\n\nc"
