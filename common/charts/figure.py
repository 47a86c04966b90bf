"""A chart ready to be shown: two drawings, its table, its events; plain data that can be frozen.

``draw(chart)`` is the only door. A document freezes its result (JSON keeps every field) and shows it
again by the same tag: the picture of last year stays the picture of last year.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.safestring import mark_safe

from common.charts import columns, lines, rows
from common.charts.canvas import NARROW, WIDE, Canvas
from common.charts.data import BarChart, Chart, IntervalChart, LineChart, ShareChart
from common.numbers import (
    PLACES,
    Missing,
    Number,
    Unit,
    as_shown,
    bare_quantity,
    number,
    usual_range,
)
from common.typography import NBSP, french_spaces


@dataclass(frozen=True, slots=True)
class Pin:
    """An event as it is listed under the chart: the number of its pin, its day, its words."""

    number: int
    day: str
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; figures stand at the right, under one another."""

    label: str
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """What ``{% chart %}`` shows. ``head`` and ``rows``: the table; the first cell names its row."""

    key: str
    question: str
    conclusion: str
    wide: str
    narrow: str
    pins: tuple[Pin, ...]
    head: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str


Table = tuple[tuple[Column, ...], tuple[tuple[str, ...], ...]]

_REMARK = Column("Remarque", False)


def draw(chart: Chart) -> Figure:
    """Return the figure of a chart of ``common.charts.data``; ``TypeError`` for anything else."""
    if isinstance(chart, LineChart):
        return _figure(chart, lines.draw, lines.describe(chart), _line_table(chart))
    if isinstance(chart, BarChart):
        drawing = columns.draw if chart.vertical else rows.draw_bars
        return _figure(chart, drawing, rows.describe_bars(chart), _bar_table(chart))
    if isinstance(chart, ShareChart):
        return _figure(chart, rows.draw_shares, rows.describe_shares(chart), _share_table(chart))
    if isinstance(chart, IntervalChart):
        said = rows.describe_intervals(chart)
        return _figure(chart, rows.draw_intervals, said, _interval_table(chart))
    raise TypeError(f"not a chart: {type(chart).__name__}")


def shown(figure: Figure | dict[str, Any]) -> dict[str, Any]:
    """Return the figure as its template reads it, whether just drawn or frozen.

    ``table``: each row as a list of (column, cell).
    """
    fields = asdict(figure) if isinstance(figure, Figure) else figure
    table = [list(zip(fields["head"], row, strict=True)) for row in fields["rows"]]
    # Written by ``draw`` and frozen as such: markup of this package.
    sheets = {name: mark_safe(fields[name]) for name in ("wide", "narrow")}  # noqa: S308
    return {**fields, **sheets, "table": table}


def _figure(
    chart: Any, drawing: Callable[[Canvas, Any], float], description: str, table: Table
) -> Figure:
    sheets = []
    for layout in (WIDE, NARROW):
        canvas = Canvas(layout)
        height = drawing(canvas, chart)
        sheets.append(
            canvas.svg(chart.key, height=height, title=chart.question, description=description)
        )
    events = lines.in_order(chart.events) if isinstance(chart, LineChart) else []
    return Figure(
        key=chart.key,
        question=french_spaces(chart.question),
        conclusion=french_spaces(chart.conclusion),
        wide=str(sheets[0]),
        narrow=str(sheets[1]),
        pins=tuple(
            Pin(rank, french_spaces(event.day), french_spaces(event.label))
            for rank, event in enumerate(events, start=1)
        ),
        head=table[0],
        rows=table[1],
        source=french_spaces(chart.source),
    )


def _line_table(chart: LineChart) -> Table:
    cells = _column([point.value for point in chart.points], chart.unit, chart.decimals)
    head = [Column("Période", False), _amount(chart.name, chart.unit)]
    columns_of_text: list[Sequence[str]] = [
        [point.label for point in chart.points],
        [
            cell if point.value is not None else str(Missing(point.missing).label)
            for cell, point in zip(cells, chart.points, strict=True)
        ],
    ]
    others = ((chart.target_label, chart.targets), (chart.comparison_label, chart.comparison))
    for label, values in others:
        if any(value is not None for value in values):
            head.append(_amount(label, chart.unit))
            columns_of_text.append(_column(values, chart.unit))
    usual = [_usual(chart, rank) for rank in range(len(chart.points))]
    if any(usual):
        head.append(Column("Variation habituelle", False))
        columns_of_text.append(usual)
    notes = [_note(chart, rank) for rank in range(len(chart.points))]
    if any(notes):
        head.append(_REMARK)
        columns_of_text.append(notes)
    return tuple(head), tuple(zip(*columns_of_text, strict=True))


def _usual(chart: LineChart, rank: int) -> str:
    """Return the limits that hold at a point, in words."""
    held = (item for item in chart.limits if item.holds_at(rank))
    words = [usual_range(item.lower, item.upper, chart.unit, chart.decimals) for item in held]
    return "".join(words)


def _note(chart: LineChart, rank: int) -> str:
    """Return what happened at a point: signal, events by their number, the caller's note."""
    pins = enumerate(lines.in_order(chart.events), start=1)
    said = ["signal"] if rank in chart.signals else []
    said += [f"événement{NBSP}{figure}" for figure, event in pins if event.index == rank]
    said += [french_spaces(chart.points[rank].note)] if chart.points[rank].note else []
    return " ; ".join(said).replace(" ;", f"{NBSP};")


def _bar_table(chart: BarChart) -> Table:
    cells = _column([bar.value for bar in chart.bars], chart.unit, chart.decimals)
    has_notes = any(bar.note for bar in chart.bars)
    head = [Column(chart.row_label, False), _amount(chart.name, chart.unit)]
    head += [_REMARK] if has_notes else []
    table = [
        (
            bar.label,
            cell if bar.value is not None else str(Missing(bar.missing).label),
            *((bar.note,) if has_notes else ()),
        )
        for bar, cell in zip(chart.bars, cells, strict=True)
    ]
    return tuple(head), tuple(table)


def _share_table(chart: ShareChart) -> Table:
    table = [
        (
            share.label,
            *(rows.share_of(share, rank) for rank in range(len(chart.categories))),
            number(sum(share.counts)),
        )
        for share in chart.shares
    ]
    head = [Column(category) for category in chart.categories]
    return (Column(chart.row_label, False), *head, Column("Réponses")), tuple(table)


def _interval_table(chart: IntervalChart) -> Table:
    unit = chart.unit
    cells = _column([item.value for item in chart.intervals], unit)
    table = [
        (
            item.label,
            cell if item.value is not None else str(Missing(item.missing).label),
            _bounds(item.lower, item.upper, unit),
            "" if item.size is None else number(item.size),
        )
        for item, cell in zip(chart.intervals, cells, strict=True)
    ]
    head = (
        Column(chart.row_label, False),
        _amount(chart.name, unit),
        _amount(french_spaces(f"Intervalle à {chart.confidence}"), unit),
        Column("Réponses"),
    )
    return head, tuple(table)


def _bounds(lower: Number | None, upper: Number | None, unit: str) -> str:
    if lower is None or upper is None:
        return ""
    low, high = (bare_quantity(value, unit, 1, fixed=True) for value in (lower, upper))
    return f"de {low} à {high}".replace(" ", NBSP)


def _amount(label: str, unit: str) -> Column:
    return Column(label if unit == Unit.COUNT else f"{label} ({Unit(unit).label})")


def _column(values: Sequence[Number | None], unit: str, least: int = 0) -> list[str]:
    """Write a column of figures with as many decimals each: those that the most precise shows."""
    known = [as_shown(value, unit) for value in values if value is not None]
    texts = [number(value, PLACES[Unit(unit)], least=least) for value in known]
    places = max((len(text.partition(",")[2]) for text in texts), default=0)
    return [
        "" if value is None else bare_quantity(value, unit, places, fixed=True) for value in values
    ]
