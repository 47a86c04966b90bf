"""Charts in rows: one line per service or question. Bars, shares of a whole, intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from common.charts.axis import Axis, axis_of
from common.charts.canvas import (
    AXIS,
    DARK,
    DASH_TARGET,
    GRID,
    INK,
    MAIN,
    PAPER,
    QUIET,
    SHARES,
    TARGET,
    Canvas,
    Spot,
)
from common.charts.data import BarChart, Interval, IntervalChart, Share, ShareChart
from common.charts.legend import SAMPLE, Entry, legend, target_entry
from common.charts.text import wrap
from common.numbers import Missing, Number, number, percent, quantity
from common.typography import NBSP


BAR = 20.0
_GAP = 12.0
_LABEL_SHARE = 0.34  # of the wide sheet; on the narrow one, labels stand above their bar


@dataclass(frozen=True, slots=True)
class Track:
    """Where the bars lie: from ``left``, on ``width``; ``middle`` is the height of this row."""

    left: float
    width: float
    middle: float = 0


DrawRow = Callable[[Canvas, Track, int], None]


def draw_bars(canvas: Canvas, chart: BarChart) -> float:
    """Draw the bars from zero, each with its value at the end of its row."""
    axis = axis_of([*(bar.value for bar in chart.bars), chart.target], chart.unit, from_zero=True)
    ends = [
        quantity(bar.value, chart.unit, least=chart.decimals, missing=bar.missing)
        for bar in chart.bars
    ]
    room = max(map(canvas.width_of, ends), default=0) + 10

    def row(canvas: Canvas, track: Track, rank: int) -> None:
        bar = chart.bars[rank]
        if bar.value is None:
            _write_missing(canvas, track, ends[rank])
            return
        start, end = (axis.share(value) * track.width for value in (0, bar.value))
        corner = (track.left + min(start, end), track.middle - BAR / 2)
        canvas.rect(corner, abs(end - start), BAR, fill=INK if bar.is_total else MAIN)
        _write_end(canvas, track, ends[rank], bold=bar.is_total)

    labels = [f"{bar.label} ({bar.note})" if bar.note else bar.label for bar in chart.bars]
    bold = [bar.is_total for bar in chart.bars]
    marks = _target_of(axis, chart.target)
    bottom = _rows(canvas, labels, row, room=room, marks=marks, bold=bold)
    return legend(canvas, target_entries(chart), bottom) if marks else bottom


def draw_shares(canvas: Canvas, chart: ShareChart) -> float:
    """Draw each row as one bar cut in parts; a part too thin for its figure keeps it in the table."""
    colours = SHARES[len(chart.categories)]

    def row(canvas: Canvas, track: Track, rank: int) -> None:
        share = chart.shares[rank]
        total = sum(share.counts)
        base = track.middle + canvas.layout.size * 0.35
        if not total:
            _write_missing(canvas, track, str(Missing(share.missing).label))
            return
        x = track.left
        for count, colour in zip(share.counts, colours, strict=True):
            width = track.width * count / total
            if count:
                _part(canvas, (x, track.middle - BAR * 0.6), width, colour)
            text = percent(count / total, 0)
            if canvas.width_of(text) + 8 <= width:
                fill = PAPER if colour in DARK else INK
                canvas.text((x + width / 2, base), text, anchor="middle", fill=fill)
            x += width

    labels = [_label_with_size(share.label, sum(share.counts)) for share in chart.shares]
    bottom = _rows(canvas, labels, row, room=0)
    entries = [
        Entry(category, partial(_swatch, colour=colour))
        for category, colour in zip(chart.categories, colours, strict=True)
    ]
    return legend(canvas, entries, bottom)


def draw_intervals(canvas: Canvas, chart: IntervalChart) -> float:
    """Draw a dot for each estimate and, around it, how far the truth may be."""
    known = [spot for row in chart.intervals for spot in (row.value, row.lower, row.upper)]
    axis = axis_of([*known, chart.target], chart.unit, most=5)
    ends = [quantity(item.value, chart.unit, 1, missing=item.missing) for item in chart.intervals]
    room = max(map(canvas.width_of, ends), default=0) + 10

    def row(canvas: Canvas, track: Track, rank: int) -> None:
        item = chart.intervals[rank]
        if item.value is None:
            _write_missing(canvas, track, ends[rank])
            return
        _interval(canvas, track, axis, item)
        _write_end(canvas, track, ends[rank], bold=True)

    labels = [_label_with_size(item.label, item.size) for item in chart.intervals]
    marks = _target_of(axis, chart.target)
    bottom = _rows(canvas, labels, row, room=room, marks=marks, axis=axis)
    text = f"Valeur estimée et son intervalle de confiance à {chart.confidence}"
    return legend(canvas, [Entry(text, _sample_interval), *target_entries(chart)], bottom)


def _rows(
    canvas: Canvas,
    labels: Sequence[str],
    draw: DrawRow,
    *,
    room: float,
    marks: Sequence[float] = (),
    axis: Axis | None = None,
    bold: Sequence[bool] = (),
) -> float:
    """Place the labels and draw each row; ``room`` is kept at the right, ``marks`` are vertical lines.

    On the wide sheet labels stand at the left of their bar; on the narrow one, above it.
    """
    layout = canvas.layout
    beside = layout.width > 500
    column = layout.width * _LABEL_SHARE if beside else 0.0
    track = Track(left=column, width=layout.width - column - room)
    wrapped = [wrap(label, (column or layout.width) - 14, layout.size) for label in labels]
    line_height = layout.line
    heights = [
        max(len(lines) * line_height, BAR) + _GAP
        if beside
        else len(lines) * line_height + BAR + _GAP + 4
        for lines in wrapped
    ]
    bottom = _GAP / 2 + sum(heights)
    if axis:
        _ticks(canvas, track, axis, bottom)
    top = _GAP / 2
    for rank, (lines, height) in enumerate(zip(wrapped, heights, strict=True)):
        text_height = len(lines) * line_height
        middle = top + (height - _GAP) / 2 if beside else top + text_height + 4 + BAR / 2
        first = middle - text_height / 2 + layout.size if beside else top + layout.size
        for line, text in enumerate(lines):
            is_bold = bool(bold) and bold[rank]
            canvas.text((0, first + line * line_height), text, bold=is_bold)
        draw(canvas, Track(track.left, track.width, middle), rank)
        # The line of the target stays off the labels that stand above their bar.
        half = height / 2 if beside else BAR / 2 + 3
        for share in marks:
            _mark(canvas, track.left + share * track.width, middle - half, middle + half)
        top += height
    canvas.line((track.left, 0), (track.left, bottom), stroke=AXIS)
    return bottom + (line_height * 1.3 if axis else 0) + 4


def _mark(canvas: Canvas, x: float, top: float, bottom: float) -> None:
    """Draw a piece of the target line, with a white edge that shows on a bar."""
    canvas.line((x, top), (x, bottom), stroke=PAPER, width=4)
    canvas.line((x, top), (x, bottom), stroke=TARGET, width=2, dash=DASH_TARGET)


def _ticks(canvas: Canvas, track: Track, axis: Axis, bottom: float) -> None:
    step = track.width / (len(axis.ticks) - 1)
    widest = max(canvas.width_of(axis.label(tick)) for tick in axis.ticks)
    every = 1 if widest + 10 <= step else 2
    for rank, tick in enumerate(axis.ticks):
        x = track.left + rank * step
        canvas.line((x, 0), (x, bottom), stroke=GRID)
        if rank % every == 0:
            place = max(x, canvas.width_of(axis.label(tick)) / 2)
            base = bottom + canvas.layout.line
            canvas.text((place, base), axis.label(tick), anchor="middle", fill=QUIET)


def _write_missing(canvas: Canvas, track: Track, text: str) -> None:
    canvas.text((track.left + 6, track.middle + canvas.layout.size * 0.35), text, fill=QUIET)


def _write_end(canvas: Canvas, track: Track, text: str, *, bold: bool) -> None:
    """Write the figure of a row in the column kept at the right, where no line crosses it."""
    base = track.middle + canvas.layout.size * 0.35
    canvas.text((canvas.layout.width, base), text, anchor="end", bold=bold)


def _label_with_size(label: str, size: int | None) -> str:
    return label if size is None else f"{label} (n{NBSP}={NBSP}{number(size)})"


def _part(canvas: Canvas, corner: Spot, width: float, colour: str) -> None:
    canvas.rect(corner, width, BAR * 1.2, fill=colour, stroke=PAPER)


def _swatch(canvas: Canvas, middle: Spot, *, colour: str) -> None:
    x, y = middle
    canvas.rect((x - SAMPLE / 2, y - 7), SAMPLE, 14, fill=colour, stroke=AXIS)


def _interval(canvas: Canvas, track: Track, axis: Axis, item: Interval) -> None:
    def x(value: Number) -> float:
        return track.left + axis.share(value) * track.width

    if item.lower is not None and item.upper is not None:
        low, high = x(item.lower), x(item.upper)
        _whisker(canvas, low, high, track.middle)
    if item.value is not None:
        canvas.circle((x(item.value), track.middle), 5, fill=MAIN, stroke=PAPER, width=1)


def _whisker(canvas: Canvas, low: float, high: float, middle: float) -> None:
    canvas.line((low, middle), (high, middle), stroke=MAIN, width=2)
    for end in (low, high):
        canvas.line((end, middle - 5), (end, middle + 5), stroke=MAIN, width=2)


def _sample_interval(canvas: Canvas, middle: Spot) -> None:
    x, y = middle
    _whisker(canvas, x - SAMPLE / 2 + 1, x + SAMPLE / 2 - 1, y)
    canvas.circle(middle, 5, fill=MAIN, stroke=PAPER, width=1)


def _target_of(axis: Axis, target: Number | None) -> list[float]:
    return [] if target is None else [axis.share(target)]


def target_entries(chart: BarChart | IntervalChart) -> list[Entry]:
    """Return the entry of the target, if there is one."""
    if chart.target is None:
        return []
    text = chart.target_text if isinstance(chart, BarChart) else ""
    return [target_entry(f"{chart.target_label} : {text or quantity(chart.target, chart.unit)}")]


def describe_bars(chart: BarChart) -> str:
    """Return in words: the extremes, the target, what is missing."""
    known = [bar for bar in chart.bars if bar.value is not None]
    if not known:
        return "Aucune valeur mesurée."
    high = max(known, key=lambda bar: bar.value or 0)
    low = min(known, key=lambda bar: bar.value or 0)
    said = [
        f"{high.label} : {quantity(high.value, chart.unit, least=chart.decimals)}, la valeur la plus haute."
    ]
    if high is not low:
        said.append(
            f"{low.label} : {quantity(low.value, chart.unit, least=chart.decimals)}, la plus basse."
        )
    said += [f"{entry.text}." for entry in target_entries(chart)]
    if missing := len(chart.bars) - len(known):
        said.append(f"Sans valeur : {missing}.")
    return " ".join(said)


def describe_shares(chart: ShareChart) -> str:
    """Return in words the part of the first category in each row that has answers."""
    first = chart.categories[0]
    said = [
        f"{share.label} : {percent(share.counts[0] / total, 0)} « {first} »."
        for share in chart.shares
        if (total := sum(share.counts))
    ]
    return " ".join(said) or "Aucune réponse."


def describe_intervals(chart: IntervalChart) -> str:
    """Return in words each estimate with its interval."""
    said = [
        f"{item.label} : {quantity(item.value, chart.unit, 1)}{interval_in_words(item, chart.unit)}."
        for item in chart.intervals
        if item.value is not None
    ]
    said += [f"{entry.text}." for entry in target_entries(chart)]
    return " ".join(said) or "Aucune valeur mesurée."


def interval_in_words(item: Interval, unit: str) -> str:
    """Return « , entre 45,1 % et 58,8 % », or nothing when the interval is not known."""
    if item.lower is None or item.upper is None:
        return ""
    return f", entre {quantity(item.lower, unit, 1)} et {quantity(item.upper, unit, 1)}"


def share_of(share: Share, rank: int) -> str:
    """Return « 52 % (104) », or why there is none."""
    total = sum(share.counts)
    if not total:
        return str(Missing(share.missing).label)
    return f"{percent(share.counts[rank] / total, 1)} ({share.counts[rank]})"
