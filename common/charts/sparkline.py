"""A line as small as a word, in a row of a list."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from common.charts.axis import axis_of
from common.charts.canvas import DASH_TARGET, MAIN, PAPER, TARGET, Canvas, Layout, Spot
from common.numbers import Number, quantity


_SHEET = Layout(width=120, size=12, plot_height=32, name="mini")
_EDGE = 5.0


def sparkline(
    key: str,
    label: str,
    values: Sequence[Number | None],
    unit: str,
    *,
    target: Number | None = None,
    decimals: int = 0,
) -> SafeString:
    """Return a small SVG of the values in order; a gap where one is missing, a dash for the target.

    ``key`` is a slug, unique on the page; ``label`` names what is drawn. Its description gives the
    first and the last figure, with ``decimals`` at least: it adds nothing to a row that writes the
    last one, and says as much.
    """
    canvas = Canvas(_SHEET)
    axis = axis_of([*values, target], unit)
    known = [value for value in values if value is not None]
    height = _SHEET.plot_height - 2 * _EDGE
    step = (_SHEET.width - 2 * _EDGE) / max(len(values) - 1, 1)

    def spot(rank: int, value: Number) -> Spot:
        return _EDGE + rank * step, _EDGE + (1 - axis.share(value)) * height

    if target is not None:
        y = spot(0, target)[1]
        canvas.line((0, y), (_SHEET.width, y), stroke=TARGET, width=1.5, dash=DASH_TARGET)
    stretch: list[Spot] = []
    for rank, value in enumerate([*values, None]):
        if value is not None:
            stretch.append(spot(rank, value))
            continue
        if len(stretch) > 1:
            canvas.polyline(stretch, stroke=MAIN)
        elif stretch:
            canvas.circle(stretch[0], 2, fill=MAIN)
        stretch = []
    if values and values[-1] is not None:
        last = spot(len(values) - 1, values[-1])
        canvas.circle(last, 3.5, fill=MAIN, stroke=PAPER, width=1)
    ends = [quantity(value, unit, least=decimals) for value in (*known[:1], *known[-1:])]
    said = f"De {' à '.join(ends)}." if known else "Sans valeur."
    return canvas.svg(key, height=_SHEET.plot_height, title=label, description=said)
