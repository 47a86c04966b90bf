"""The figures of a file, those of long rows of numbers being made when they are looked at."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import NamedTuple, overload

from indicators.reading.cells import all_exact
from indicators.reading.definitions import Figure, Status
from indicators.reading.periods import Period


_FIGURE, _NONE, _MEASURED = repeat(Figure), repeat(None), repeat(Status.MEASURED)


class PlainRow(NamedTuple):
    """A row of plain numbers for one indicator: ``letters`` of their columns, ``row`` as people count."""

    sheet: str
    row: str
    indicator: str
    service: str | None
    confidence: float
    reason: str
    letters: Sequence[str]
    periods: Sequence[Period]
    numbers: Sequence[float]
    in_points: bool

    def figures(self) -> Iterator[Figure]:
        (
            sheet, row, indicator, service, confidence, reason, letters, periods, numbers, in_points,
        ) = self  # fmt: skip
        # Joining the addresses and cutting them is twice as fast as one by one.
        places = f"{row} ".join([*letters, ""]).split(" ")
        return map(
            tuple.__new__,  # Figure._make, without its Python frame
            _FIGURE,
            zip(
                repeat(sheet), places, repeat(indicator), periods, repeat(service),
                all_exact(numbers, in_points=in_points), _NONE, _NONE, _MEASURED,
                repeat(confidence), repeat(reason), strict=False,
            ),
        )  # fmt: skip


class FigureList(Sequence[Figure]):
    """A sequence of figures, in the order of the file.

    A workbook may hold a hundred thousand of them, which most readers take one by one: kept all at
    once, they would cost more time to the memory than it took to understand them.
    """

    def __init__(self, parts: Iterable[Figure | PlainRow]) -> None:
        self._parts = tuple(parts)
        self._count = sum(
            len(part.numbers) if isinstance(part, PlainRow) else 1 for part in self._parts
        )

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Figure]:
        return chain.from_iterable(
            part.figures() if isinstance(part, PlainRow) else (part,) for part in self._parts
        )

    @overload
    def __getitem__(self, place: int) -> Figure: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Figure, ...]: ...
    def __getitem__(self, place: int | slice) -> Figure | tuple[Figure, ...]:
        return tuple(self)[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self._parts)

    def __repr__(self) -> str:
        return repr(tuple(self))
