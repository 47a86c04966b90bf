"""The upright plot shared by lines and columns: its frame, grid, periods and target."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from common.charts.axis import Axis, thinned
from common.charts.canvas import AXIS, DASH_TARGET, GRID, QUIET, TARGET, Canvas
from common.numbers import Number, Unit


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the plot stands on the sheet, and where a rank and a value fall in it."""

    left: float
    right: float
    top: float
    bottom: float
    axis: Axis
    size: int
    inset: float = 12

    @property
    def spacing(self) -> float:
        """Distance between two periods."""
        return (self.right - self.left - 2 * self.inset) / max(self.size - 1, 1)

    def x(self, rank: int) -> float:
        if self.size == 1:
            return (self.left + self.right) / 2
        return self.left + self.inset + rank * self.spacing

    def edges(self, start: int, stop: int) -> tuple[float, float]:
        """Return where a stretch of periods begins and ends: half-way to its neighbours."""
        edge = self.spacing / 2
        left = self.left if start == 0 else self.x(start) - edge
        return left, self.right if stop == self.size else self.x(stop - 1) + edge

    def y(self, value: Number) -> float:
        return self.bottom - self.axis.share(value) * (self.bottom - self.top)


def draw_grid(canvas: Canvas, frame: Frame) -> None:
    for tick in frame.axis.ticks:
        height = frame.bottom - (frame.bottom - frame.top) * float(
            (tick - frame.axis.low) / (frame.axis.high - frame.axis.low)
        )
        stroke = AXIS if tick == frame.axis.low else GRID
        canvas.line((frame.left, height), (frame.right, height), stroke=stroke)
        label = frame.axis.label(tick)
        middle = height + canvas.layout.size * 0.35
        canvas.text((frame.left - 8, middle), label, anchor="end", fill=QUIET)


def draw_periods(canvas: Canvas, frame: Frame, labels: Sequence[str]) -> None:
    base = frame.bottom + canvas.layout.line
    for rank in thinned(labels, frame.spacing, canvas.layout.size):
        x, half = frame.x(rank), canvas.width_of(labels[rank]) / 2
        canvas.line((x, frame.bottom), (x, frame.bottom + 4))
        # A label never leaves the sheet: it moves along its tick.
        place = min(max(x, half), canvas.layout.width - half)
        canvas.text((place, base + 2), labels[rank], anchor="middle", fill=QUIET)


def draw_target(canvas: Canvas, frame: Frame, targets: Sequence[Number | None]) -> None:
    """Draw the target as steps: it changes between two periods, never slopes."""
    for start, stop, value in runs(targets):
        left, right = frame.edges(start, stop)
        height = frame.y(value)
        canvas.line((left, height), (right, height), stroke=TARGET, width=2, dash=DASH_TARGET)


def runs(values: Sequence[Number | None]) -> Iterator[tuple[int, int, Number]]:
    """Yield (first rank, rank after the last, value) of each stretch of one same value."""
    start = 0
    for rank in range(1, len(values) + 1):
        if rank == len(values) or values[rank] != values[start]:
            value = values[start]
            if value is not None:
                yield start, rank, value
            start = rank


def draw_unit(canvas: Canvas, unit: str) -> float:
    """Write the unit above the axis, unless its labels say it; return the height taken."""
    if unit in {Unit.PERCENT, Unit.COUNT}:
        return 0
    canvas.text((0, canvas.layout.size), f"en {Unit(unit).label}", fill=QUIET)
    return canvas.layout.line


def left_of(canvas: Canvas, axis: Axis) -> float:
    """Return the width that the labels of the axis take."""
    return max(canvas.width_of(axis.label(tick)) for tick in axis.ticks) + 8
