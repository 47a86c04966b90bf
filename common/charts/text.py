"""How wide a text is in Marianne, and where it wraps: nothing is measured in a browser."""

from typing import Final


# Advance widths in hundredths of the size, read in Marianne-Bold.woff2 (the regular face is narrower
# or equal for nearly every letter: one table, and labels never overrun).
_WIDTHS: Final[dict[str, int]] = {
    char: width
    for width, chars in {
        27: " \u00a0.,;:'’",
        28: "ijlîï",
        33: "!-",
        36: "IÎÏ()J",
        41: "/°fr",
        46: "t1s",
        53: "?z",
        55: "–vFLc",
        57: "ç«»agkxyàâäq",
        60: "eéèêëEÉÈÊËS023456789−+±€uùûüP",
        64: "hnoôöBT",
        67: "bdpqR",
        72: "ZYUÙÛ",
        76: "AKVÀÂCXÇ",
        80: "DG",
        84: "%OQÔwHN",
        92: "MmæW",
        107: "œŒ",
    }.items()
    for char in chars
}
_OTHER: Final = 80


def text_width(text: str, size: float) -> float:
    """Return the width of one line, in the unit of ``size``; never less than what is drawn."""
    return sum(_WIDTHS.get(char, _OTHER) for char in text) * size / 100


def wrap(text: str, width: float, size: float) -> list[str]:
    """Cut a text in lines that hold in ``width``; a word too long for a line is cut too."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while text_width(line, size) > width and len(line) > 1:
            head = _fitting(line, width, size)
            lines.append(line[:head])
            line = line[head:]
    return [*lines, line]


def _fitting(word: str, width: float, size: float) -> int:
    """Return how many letters hold in the width (one at least)."""
    for length in range(len(word), 1, -1):
        if text_width(word[:length], size) <= width:
            return length
    return 1
