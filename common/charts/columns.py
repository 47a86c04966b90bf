"""Upright bars: the same amount over a few periods."""

from common.charts.axis import axis_of
from common.charts.canvas import INK, MAIN, PAPER, Canvas
from common.charts.data import BarChart
from common.charts.legend import draw_missing, legend, missing_entries
from common.charts.plot import Frame, draw_grid, draw_periods, draw_target, draw_unit, left_of
from common.charts.rows import target_entries
from common.numbers import bare_quantity


_WIDEST = 48.0


def draw(canvas: Canvas, chart: BarChart) -> float:
    """Draw the columns from zero, each with its value above when all the values have room."""
    values = [bar.value for bar in chart.bars]
    axis = axis_of([*values, chart.target], chart.unit, from_zero=True, most=5)
    top = draw_unit(canvas, chart.unit) + canvas.layout.line
    frame = Frame(
        left=left_of(canvas, axis),
        right=canvas.layout.width - 4,
        top=top,
        bottom=top + canvas.layout.plot_height,
        axis=axis,
        size=len(values),
        inset=(canvas.layout.width - left_of(canvas, axis) - 4) / max(len(values), 1) / 2,
    )
    draw_grid(canvas, frame)
    draw_periods(canvas, frame, [bar.label for bar in chart.bars])
    _draw_columns(canvas, frame, chart)
    draw_target(canvas, frame, (chart.target,) * len(values))
    _write_values(canvas, frame, chart)
    missing = missing_entries(bar.missing for bar in chart.bars if bar.value is None)
    entries = [*target_entries(chart), *missing]
    bottom = frame.bottom + canvas.layout.line * 1.3
    return legend(canvas, entries, bottom) if entries else bottom


def _draw_columns(canvas: Canvas, frame: Frame, chart: BarChart) -> None:
    width = min(_step(frame) * 0.7, _WIDEST)
    for rank, bar in enumerate(chart.bars):
        x = frame.x(rank)
        if bar.value is None:
            draw_missing(canvas, (x, frame.bottom - 8))
            continue
        zero, height = frame.y(0), frame.y(bar.value)
        corner = (x - width / 2, min(zero, height))
        canvas.rect(corner, width, abs(zero - height), fill=INK if bar.is_total else MAIN)


def _write_values(canvas: Canvas, frame: Frame, chart: BarChart) -> None:
    """Write each figure above its column, on a patch of paper that hides the lines behind it."""
    texts = [bare_quantity(bar.value, chart.unit, least=chart.decimals) for bar in chart.bars]
    known = [text for text, bar in zip(texts, chart.bars, strict=True) if bar.value is not None]
    if max(map(canvas.width_of, known), default=0) + 4 > _step(frame):
        return
    size = canvas.layout.size
    for rank, (bar, text) in enumerate(zip(chart.bars, texts, strict=True)):
        if bar.value is None:
            continue
        base = min(frame.y(0), frame.y(bar.value)) - 4
        width = canvas.width_of(text) + 4
        canvas.rect((frame.x(rank) - width / 2, base - size), width, size + 3, fill=PAPER)
        canvas.text((frame.x(rank), base), text, anchor="middle", bold=bar.is_total)


def _step(frame: Frame) -> float:
    return frame.spacing if frame.size > 1 else frame.right - frame.left
