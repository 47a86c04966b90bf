"""The matrix: services across, commitments down, one module after the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import Service
from modules.models import Commitment, Module
from modules.rules.readiness import OPEN, STANDINGS, StandingWords, Tally, tally
from modules.selectors.readiness import short_name
from modules.selectors.readiness_points import Ground, ModulePoints, Point


# Value of ``?module=`` that unfolds them all, to print them.
ALL = "tous"


@dataclass(frozen=True, slots=True)
class MatrixFilter:
    """What is asked for. ``module``: a number, ``ALL``, or ``""`` for the first one."""

    module: int | str = ""
    service: int | None = None
    only_open: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A service: its short and full names, where its points stand."""

    service: Service
    name: str
    counts: Tally


@dataclass(frozen=True, slots=True)
class Cell:
    """A point ready to be drawn; ``url`` leads to its row in the grid, empty without one."""

    code: str
    words: StandingWords
    reason: str
    piece_count: int
    url: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A commitment, its cells in the order of the columns, where its points stand."""

    commitment: Commitment
    cells: list[Cell]
    counts: Tally


@dataclass(frozen=True, slots=True)
class Block:
    """A module. Folded, it has its counts only; ``hidden_count``: rows left out by the filter."""

    module: Module
    is_unfolded: bool
    counts: Tally
    columns: list[Column]
    rows: list[MatrixRow]
    hidden_count: int


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """The page. ``services``: those to choose among; ``service``: the one chosen, if any."""

    ground: Ground
    blocks: list[Block]
    services: list[Column]
    service: Service | None
    filters: MatrixFilter

    @property
    def is_all(self) -> bool:
        """Whether every module is unfolded."""
        return self.filters.module == ALL

    @property
    def legend(self) -> list[StandingWords]:
        return list(STANDINGS.values())


def matrix_of(ground: Ground, filters: MatrixFilter, urls: Mapping[int, str]) -> MatrixPage:
    """Lay the points out in rows and columns (no query).

    ``urls``: address of each grid, by its id. A number or a service that the démarche has not is as
    good as none.
    """
    services = ground.services
    service = next((item for item in services if item.pk == filters.service), None)
    numbers = [item.module.number for item in ground.modules]
    unfolded = _unfolded(filters.module, numbers)
    blocks = []
    for item in ground.modules:
        shown = [one for one in item.services if service is None or one == service]
        if item.module.number in unfolded:
            blocks.append(_unfolded_block(ground, item, shown, filters.only_open, urls))
        else:
            counts = _tally(item.points[key] for key in _keys(item.commitments, shown, item))
            blocks.append(Block(item.module, False, counts, [], [], 0))
    return MatrixPage(ground, blocks, _columns(services, ground.points), service, filters)


def _unfolded(asked: int | str, numbers: list[int]) -> set[int]:
    if asked == ALL:
        return set(numbers)
    return {asked} if isinstance(asked, int) and asked in numbers else set(numbers[:1])


def _keys(
    commitments: Iterable[Commitment], services: list[Service], item: ModulePoints
) -> list[tuple[int, int]]:
    keys = ((one.pk, service.pk) for one in commitments for service in services)
    return [key for key in keys if key in item.points]


def _tally(points: Iterable[Point]) -> Tally:
    return tally(point.verdict.standing for point in points)


def _columns(services: list[Service], points: Iterable[Point]) -> list[Column]:
    by_service: dict[int, list[Point]] = {service.pk: [] for service in services}
    for point in points:
        by_service[point.service.pk].append(point)
    return [
        Column(service, short_name(service), _tally(by_service[service.pk])) for service in services
    ]


def _unfolded_block(
    ground: Ground,
    item: ModulePoints,
    services: list[Service],
    only_open: bool,
    urls: Mapping[int, str],
) -> Block:
    rows, shown = [], []
    for commitment in item.commitments:
        points = [item.points[key] for key in _keys([commitment], services, item)]
        if only_open and not any(point.verdict.standing in OPEN for point in points):
            continue
        shown += points
        cells = [_cell(ground, point, urls) for point in points]
        rows.append(MatrixRow(commitment, cells, _tally(points)))
    hidden = len(item.commitments) - len(rows)
    return Block(item.module, True, _tally(shown), _columns(services, shown), rows, hidden)


def _cell(ground: Ground, point: Point, urls: Mapping[int, str]) -> Cell:
    sheet = ground.sheets.get(point.service.pk)
    url = urls[sheet.pk] if sheet else ""
    return Cell(
        code=point.verdict.standing.value,
        words=point.verdict.standing.words,
        reason=point.verdict.reason,
        piece_count=point.piece_count,
        url=f"{url}#ligne-{point.row}" if url and point.row else url,
    )
