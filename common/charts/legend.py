"""What the lines and marks of a chart are, in words, under it; and its missing values."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from common.charts.canvas import DASH_TARGET, INK, TARGET, Canvas, Spot
from common.charts.text import wrap
from common.numbers import Missing


SAMPLE = 34.0

Draw = Callable[[Canvas, Spot], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """``draw(canvas, middle)`` draws the sample around its middle; ``text`` says what it is."""

    text: str
    draw: Draw


def legend(canvas: Canvas, entries: Sequence[Entry], top: float) -> float:
    """Write the entries from ``top`` down, as many on a line as hold; return the bottom."""
    layout = canvas.layout
    x, y = 0.0, top + layout.line * 1.3
    for entry in entries:
        room = layout.width - SAMPLE - 6
        lines = wrap(entry.text, room, layout.size)
        width = SAMPLE + 6 + max(canvas.width_of(line) for line in lines)
        if x and x + width > layout.width:
            x, y = 0.0, y + layout.line * 1.15
        entry.draw(canvas, (x + SAMPLE / 2, y - layout.size * 0.35))
        for rank, line in enumerate(lines):
            canvas.text((x + SAMPLE + 6, y + rank * layout.line), line)
        y += (len(lines) - 1) * layout.line
        x += width + 20
    return y + layout.size * 0.5


def line_sample(stroke: str, dash: str = "") -> Draw:
    """Return what draws a bit of line."""

    def drawn(canvas: Canvas, middle: Spot) -> None:
        x, y = middle
        ends = (x - SAMPLE / 2, y), (x + SAMPLE / 2, y)
        canvas.line(*ends, stroke=stroke, width=2, dash=dash)

    return drawn


def target_entry(text: str) -> Entry:
    """Return the entry of a target: one look in every chart."""
    return Entry(text, line_sample(TARGET, DASH_TARGET))


def draw_missing(canvas: Canvas, middle: Spot) -> None:
    """Draw the mark of a missing value."""
    canvas.cross(middle, 4, stroke=INK)


def missing_entries(reasons: Iterable[str]) -> list[Entry]:
    """Return the entry that says why values are missing, if any are."""
    words = " ou ".join(str(Missing(reason).label) for reason in dict.fromkeys(reasons))
    return [Entry(words.capitalize(), draw_missing)] if words else []
