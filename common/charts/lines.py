"""The line chart: values over time, target, usual variation, another line to compare, events."""

from collections.abc import Iterator, Sequence

from common.charts.axis import axis_of
from common.charts.canvas import (
    COMPARISON,
    DASH_COMPARISON,
    DASH_LIMIT,
    INK,
    MAIN,
    MAIN_PALE,
    PAPER,
    QUIET,
    Canvas,
    Spot,
)
from common.charts.data import Event, Limits, LineChart
from common.charts.legend import (
    Draw,
    Entry,
    draw_missing,
    legend,
    line_sample,
    missing_entries,
    target_entry,
)
from common.charts.plot import Frame, draw_grid, draw_periods, draw_target, draw_unit, left_of, runs
from common.numbers import Number, quantity, usual_range


PIN = 10.0  # radius of the numbered pin of an event
_CROWDED = 14.0  # spacing of the points below which markers shrink


def draw(canvas: Canvas, chart: LineChart) -> float:
    """Draw the chart; return the height that it takes."""
    pins = pin_rows(chart.events, canvas, len(chart.points))
    frame = _frame(canvas, chart, rows=max((row for _, row in pins), default=-1) + 1)
    for limits in chart.limits:
        _draw_limits(canvas, frame, limits)
    draw_grid(canvas, frame)
    draw_periods(canvas, frame, [point.short or point.label for point in chart.points])
    _draw_events(canvas, frame, pins)
    draw_target(canvas, frame, chart.targets)
    _draw_series(canvas, frame, chart.comparison, is_main=False)
    _draw_series(canvas, frame, [point.value for point in chart.points], is_main=True)
    _draw_marks(canvas, frame, chart)
    return legend(canvas, list(_entries(chart)), frame.bottom + canvas.layout.line * 1.3)


def describe(chart: LineChart) -> str:
    """Return in words what the eye sees: ends, extremes, target, what is missing, events."""
    known = [(point.label, point.value) for point in chart.points if point.value is not None]
    if not known:
        return "Aucune valeur mesurée."
    written = [(label, quantity(value, chart.unit, least=chart.decimals)) for label, value in known]
    low = min(known, key=lambda item: item[1])
    high = max(known, key=lambda item: item[1])
    said = [f"{written[0][0]} : {written[0][1]}."]
    if len(known) > 1:
        said.append(f"{written[-1][0]} : {written[-1][1]}.")
        said.append(
            f"Le plus bas : {quantity(low[1], chart.unit, least=chart.decimals)} ({low[0]}) ; "
            f"le plus haut : {quantity(high[1], chart.unit, least=chart.decimals)} ({high[0]})."
        )
    said += [f"{entry.text}." for entry in _entries(chart)][1:]
    if chart.events:
        said.append("Événements numérotés, listés sous le graphique.")
    return " ".join(said)


def pin_rows(events: Sequence[Event], canvas: Canvas, size: int) -> list[tuple[Event, int]]:
    """Return each event in order of time with the row of its pin, so that no pin hides another."""
    spacing = (canvas.layout.width - 130) / max(size - 1, 1)
    ends: list[float] = []
    placed = []
    for event in in_order(events):
        start = event.index * spacing
        row = next((row for row, end in enumerate(ends) if end <= start), len(ends))
        ends[row : row + 1] = [start + 2 * PIN + 4]
        placed.append((event, row))
    return placed


def in_order(events: Sequence[Event]) -> list[Event]:
    """Return the events as they are numbered: by rank, then as given."""
    return sorted(events, key=lambda event: event.index)


def _frame(canvas: Canvas, chart: LineChart, rows: int) -> Frame:
    values = [point.value for point in chart.points]
    sides = [side for item in chart.limits for side in (item.lower, item.mean, item.upper)]
    axis = axis_of([*values, *chart.comparison, *chart.targets, *sides], chart.unit, most=5)
    last = values[-1] if values else None
    label = (
        canvas.width_of(quantity(last, chart.unit, least=chart.decimals)) + 4
        if last is not None
        else 0
    )
    top = draw_unit(canvas, chart.unit) + rows * (2 * PIN + 4) + canvas.layout.size
    return Frame(
        left=left_of(canvas, axis),
        right=canvas.layout.width - max(label, 4),
        top=top,
        bottom=top + canvas.layout.plot_height,
        axis=axis,
        size=len(values),
    )


def _draw_limits(canvas: Canvas, frame: Frame, limits: Limits) -> None:
    stop = frame.size if limits.stop is None else limits.stop
    left, right = frame.edges(limits.start, stop)
    high = frame.top if limits.upper is None else frame.y(limits.upper)
    low = frame.bottom if limits.lower is None else frame.y(limits.lower)
    canvas.rect((left, high), right - left, low - high, fill=MAIN_PALE)
    for value, height in ((limits.upper, high), (limits.lower, low)):
        if value is not None:
            canvas.line((left, height), (right, height), stroke=MAIN, width=1.5, dash=DASH_LIMIT)
    if limits.mean is not None:
        height = frame.y(limits.mean)
        canvas.line((left, height), (right, height), stroke=QUIET)


def _draw_series(
    canvas: Canvas, frame: Frame, values: Sequence[Number | None], *, is_main: bool
) -> None:
    stretch: list[Spot] = []
    stroke, dash = (MAIN, "") if is_main else (COMPARISON, DASH_COMPARISON)
    for rank, value in enumerate([*values, None]):
        if value is not None:
            stretch.append((frame.x(rank), frame.y(value)))
        elif stretch:
            if len(stretch) > 1:
                canvas.polyline(stretch, stroke=stroke, width=2.5 if is_main else 2, dash=dash)
            for spot in stretch:
                _marker(canvas, spot, is_main=is_main, is_small=frame.spacing < _CROWDED)
            stretch = []


def _marker(canvas: Canvas, spot: Spot, *, is_main: bool, is_small: bool = False) -> None:
    if is_main:
        canvas.circle(spot, 2.5 if is_small else 4, fill=MAIN, stroke=PAPER, width=1)
    else:
        canvas.diamond(spot, 3 if is_small else 5, stroke=COMPARISON)


def _draw_marks(canvas: Canvas, frame: Frame, chart: LineChart) -> None:
    """Ring the signals, cross what is missing on the axis, write the last value."""
    for rank, point in enumerate(chart.points):
        if point.value is None:
            draw_missing(canvas, (frame.x(rank), frame.bottom))
        elif rank in chart.signals:
            canvas.circle((frame.x(rank), frame.y(point.value)), 8, fill="none", stroke=INK)
    last = chart.points[-1] if chart.points else None
    if last is not None and last.value is not None:
        place = frame.x(len(chart.points) - 1) + 12, frame.y(last.value) + canvas.layout.size * 0.35
        canvas.text(
            place, quantity(last.value, chart.unit, least=chart.decimals), bold=True, fill=MAIN
        )


def _draw_events(canvas: Canvas, frame: Frame, pins: Sequence[tuple[Event, int]]) -> None:
    for figure, (event, row) in enumerate(pins, start=1):
        x = frame.x(event.index)
        y = frame.top - canvas.layout.size - row * (2 * PIN + 4) + 2
        canvas.line((x, y), (x, frame.bottom), stroke=INK, dash="1 3")
        canvas.circle((x, y), PIN, fill=INK)
        middle = (x, y + canvas.layout.size * 0.35)
        canvas.text(middle, str(figure), anchor="middle", bold=True, fill=PAPER)


def _entries(chart: LineChart) -> Iterator[Entry]:
    """Yield the legend, the main line first."""
    unit = chart.unit
    yield Entry(chart.name, _sample(MAIN, "", is_main=True))
    if any(value is not None for value in chart.comparison):
        yield Entry(chart.comparison_label, _sample(COMPARISON, DASH_COMPARISON, is_main=False))
    texts = chart.target_texts
    steps = [
        texts[start] if texts else quantity(value, unit) for start, _, value in runs(chart.targets)
    ]
    if steps:
        yield target_entry(f"{chart.target_label} : {', puis '.join(steps)}")
    levels = [item for item in chart.limits if item.mean is not None]
    if levels:
        written = [item.level or quantity(item.mean, unit, 1) for item in levels]
        yield Entry(f"Niveau moyen : {', puis '.join(written)}", line_sample(QUIET))
    if chart.limits:
        words = _limits_in_words(chart.limits[-1], chart)
        yield Entry(words, line_sample(MAIN, DASH_LIMIT))
    if chart.signals:
        yield Entry(
            "Signal : plus que la variation habituelle",
            lambda canvas, spot: canvas.circle(spot, 7, fill="none", stroke=INK),
        )
    yield from missing_entries(point.missing for point in chart.points if point.value is None)


def _limits_in_words(limits: Limits, chart: LineChart) -> str:
    words = usual_range(limits.lower, limits.upper, chart.unit, chart.decimals)
    return f"{limits.label} : {words}" if words else limits.label


def _sample(stroke: str, dash: str, *, is_main: bool) -> Draw:
    def drawn(canvas: Canvas, middle: Spot) -> None:
        line_sample(stroke, dash)(canvas, middle)
        _marker(canvas, middle, is_main=is_main)

    return drawn
