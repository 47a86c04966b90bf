"""How wide a text is in Marianne, and where it wraps: nothing is measured in a browser."""

from typing import Final


# Advance widths in hundredths of the size: the wider of Marianne's regular and bold faces, so that one
# table serves both and a label never overruns (a test compares it with the font files).
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
        57: "ç«»agkxyàâä",
        60: "eéèêëEÉÈÊËS023456789−+±€uùûüP",
        64: "hnoôöBT",
        67: "bdpqR",
        74: "ZYUÙÛ",
        76: "AKVÀÂCXÇ",
        80: "DG",
        84: "%OQÔwHN",
        95: "Mmæ",
        108: "œŒW",
    }.items()
    for char in chars
}
_OTHER: Final = 110


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
