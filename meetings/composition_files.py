"""The composition of a committee as a table: its columns, reading (every fault told), writing. Pure.

One line is one member in one body; a body without anybody takes one line with blank names. What the
file means for a committee is decided in ``services.imports``.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from common.people import full_name
from common.spreadsheets import UnreadableFileError, Value, is_filled, read_lines, write_table
from common.typography import NBSP, number_in_words
from common.written import plain_key
from meetings import composition_cells as cells
from meetings.enums import BodyCategory
from meetings.rules.composition import overlap, person_key


MAX_ROWS = 2000
# A title may stand above the head of the table.
MAX_LINES_ABOVE = 10


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend in the file: where (the title of a column, or blank) and what."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f", colonne «{NBSP}{self.column}{NBSP}»" if self.column else ""
        return f"Ligne {self.line}{where}{NBSP}: {self.message}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file. ``values`` has a key for each column of the file, dates in ISO.

    A value that has a fault is kept as it was written.
    """

    line: int
    values: dict[str, Any]
    faults: tuple[Fault, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can store."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Row":
        """Return the row that ``as_dict`` stored."""
        faults = tuple(Fault(**fault) for fault in stored["faults"])
        return cls(stored["line"], stored["values"], faults)

    def is_faulty(self, name: str) -> bool:
        """Tell whether the value of this column could not be read."""
        return any(fault.column == TITLES[name] for fault in self.faults)

    @property
    def has_person(self) -> bool:
        return bool(self.values.get("last_name") or self.values.get("function"))

    @property
    def person(self) -> str:
        """« Mme Pascale SILBERMANN », or the function alone; blank when the line is a body's."""
        name = full_name(
            self.values.get("civility") or "",
            self.values.get("first_name") or "",
            self.values.get("last_name") or "",
        )
        return name or self.values.get("function") or ""

    @property
    def body_key(self) -> str:
        return plain_key(self.values["organisation"])

    @property
    def person_key(self) -> tuple[str, str]:
        """What makes two lines the same person; without a name, the function stands for it."""
        named = person_key(self.values.get("first_name") or "", self.values.get("last_name") or "")
        return (
            named
            if any(named)
            else ("", f"fonction {plain_key(self.values.get('function') or '')}")
        )

    @property
    def mandate(self) -> tuple[date | None, date | None]:
        """First and last day of the mandate, for a row whose dates are readable."""
        start, end = (self.values.get(name) for name in ("starts_on", "ends_on"))
        return (
            date.fromisoformat(start) if start else None,
            date.fromisoformat(end) if end else None,
        )


@dataclass(frozen=True, slots=True)
class ReadComposition:
    """A file as read: its rows, and the titles of the columns that mean nothing here."""

    rows: list[Row]
    ignored: list[str] = field(default_factory=list)

    @property
    def fault_count(self) -> int:
        return sum(len(row.faults) for row in self.rows)


# --- Columns ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it fills, its title in our files, its other titles, how it is read."""

    name: str
    title: str
    aliases: tuple[str, ...]
    convert: Callable[[Value], Any]


COLUMNS = (
    Column(
        "organisation",
        "organisme",
        ("nom de l’organisme", "structure", "institution", "entité", "organisation"),
        cells.short_text(200),
    ),
    Column(
        "category", "catégorie", ("catégorie de l’organisme", "type", "collège"), cells.category
    ),
    Column(
        "seats", "sièges", ("nombre de sièges", "nb de sièges", "siège"), cells.whole_number(1, 99)
    ),
    Column(
        "body_order",
        "ordre",
        ("ordre protocolaire", "ordre de l’organisme"),
        cells.whole_number(0, 30000),
    ),
    Column("civility", "civilité", ("titre de civilité", "genre"), cells.civility),
    Column("first_name", "prénom", ("prénoms",), cells.short_text(80)),
    Column(
        "last_name",
        "nom",
        ("nom de famille", "nom du membre", "nom du représentant"),
        cells.short_text(80),
    ),
    Column("function", "fonction", ("fonctions", "qualité", "titre"), cells.short_text(160)),
    Column(
        "member_order",
        "rang",
        ("rang protocolaire", "ordre du membre"),
        cells.whole_number(0, 30000),
    ),
    Column(
        "email",
        "courriel",
        ("mail", "e-mail", "email", "mél", "adresse mail", "adresse électronique"),
        cells.email,
    ),
    Column("phone", "téléphone", ("tél", "tel", "numéro de téléphone", "portable"), cells.phone),
    Column(
        "starts_on",
        "début",
        ("début du mandat", "début de mandat", "date de début", "nommé le", "à compter du", "du"),
        cells.iso_date,
    ),
    Column(
        "ends_on",
        "fin",
        ("fin du mandat", "fin de mandat", "date de fin", "jusqu’au", "échéance", "au"),
        cells.iso_date,
    ),
)
TITLES = {column.name: column.title for column in COLUMNS}
_BY_KEY = {
    plain_key(title): column for column in COLUMNS for title in (column.title, *column.aliases)
}


# --- Reading ----------------------------------------------------------------------------------


def read_composition(data: bytes) -> ReadComposition:
    """Read a file. Raises ``UnreadableFileError`` when it is not such a table at all."""
    lines = read_lines(data)
    head = _head_of(lines)
    columns, ignored = _columns_of(lines[head])
    filled = [
        (number, line)
        for number, line in enumerate(lines[head + 1 :], start=head + 2)
        if is_filled(line)
    ]
    if not filled:
        raise UnreadableFileError(
            "Ce tableau n’a que sa ligne de titres. Remplissez-le, à raison d’un membre par ligne."
        )
    if len(filled) > MAX_ROWS:
        raise UnreadableFileError(
            f"Ce tableau compte {number_in_words(len(filled))} lignes ; la limite est de "
            f"{number_in_words(MAX_ROWS)}. Partagez-le entre plusieurs fichiers."
        )
    rows = [_row(number, line, columns) for number, line in filled]
    return ReadComposition(_with_faults_between(rows), ignored)


def _head_of(lines: Sequence[Sequence[Value]]) -> int:
    """Return the index of the line of titles: the first one with a column « organisme »."""
    for index, line in enumerate(lines[:MAX_LINES_ABOVE]):
        found = {
            _BY_KEY[key].name for cell in line if (key := plain_key(cells.as_text(cell))) in _BY_KEY
        }
        if "organisation" in found:
            return index
    first = next(line for line in lines if is_filled(line))
    titles = ", ".join(
        cells.quoted(cells.as_text(cell)) for cell in first[:8] if cells.as_text(cell)
    )
    raise UnreadableFileError(
        f"La colonne «{NBSP}organisme{NBSP}» manque : elle est indispensable. La première ligne porte "
        f"{titles}. Donnez aux colonnes les titres du modèle à télécharger."
    )


def _columns_of(titles: Sequence[Value]) -> tuple[dict[int, Column], list[str]]:
    """Return the known columns by their place, and the titles left aside."""
    columns: dict[int, Column] = {}
    ignored: list[str] = []
    for place, cell in enumerate(titles):
        title = cells.as_text(cell)
        column = _BY_KEY.get(plain_key(title))
        if column is not None:
            columns[place] = column
        elif title:
            ignored.append(title)
    counts = Counter(column.title for column in columns.values())
    repeated = [title for title, count in counts.items() if count > 1]
    if repeated:
        raise UnreadableFileError(
            f"Deux colonnes du tableau sont prises pour «{NBSP}{repeated[0]}{NBSP}». Renommez ou "
            "supprimez l’une des deux."
        )
    return columns, ignored


def _row(number: int, line: Sequence[Value], columns: dict[int, Column]) -> Row:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for place, column in columns.items():
        cell = line[place] if place < len(line) else ""
        try:
            values[column.name] = column.convert(cell)
        except cells.UnreadableValueError as error:
            values[column.name] = cells.as_text(cell)[:300]
            faults.append(Fault(number, column.title, str(error)))
    faulty = {fault.column for fault in faults}
    faults += [fault for fault in _row_faults(number, values, faulty) if fault.column not in faulty]
    return Row(number, values, tuple(faults))


def _row_faults(number: int, values: dict[str, Any], faulty: set[str]) -> Iterable[Fault]:
    """Yield what is wrong in a row though each of its cells is readable."""
    if not values["organisation"]:
        yield Fault(
            number, TITLES["organisation"], "l’organisme manque. Écrivez-le sur chaque ligne."
        )
    if not (values.get("last_name") or values.get("function")):
        told = [
            TITLES[name]
            for name in ("civility", "first_name", "email", "phone", "starts_on", "ends_on")
            if values.get(name)
        ]
        if told:
            yield Fault(
                number,
                TITLES["last_name"],
                f"le nom et la fonction manquent, alors que la ligne porte : {', '.join(told)}. "
                "Indiquez un nom ou, à défaut, une fonction.",
            )
    start, end = values.get("starts_on"), values.get("ends_on")
    if start and end and end < start and TITLES["starts_on"] not in faulty:
        yield Fault(number, TITLES["ends_on"], "la fin du mandat précède son début.")


def _with_faults_between(rows: list[Row]) -> list[Row]:
    """Add the faults that only several rows show: a body described in two ways, a line repeated."""
    told: dict[tuple[str, str], tuple[Any, int]] = {}
    seen: dict[tuple[str, tuple[str, str]], list[Row]] = defaultdict(list)
    checked = []
    for row in rows:
        faults = [*row.faults, *_contradictions(row, told)]
        if row.body_key and (repeated := _repeated(row, seen[row.body_key, row.person_key])):
            faults.append(repeated)
        seen[row.body_key, row.person_key].append(row)
        checked.append(Row(row.line, row.values, tuple(faults)))
    return checked


def _contradictions(row: Row, told: dict[tuple[str, str], tuple[Any, int]]) -> Iterable[Fault]:
    """Yield what contradicts an earlier line on the same body; ``told`` is what they said."""
    for name in ("category", "seats", "body_order"):
        value = row.values.get(name)
        if value in (None, "") or row.is_faulty(name) or not row.body_key:
            continue
        known, line = told.setdefault((row.body_key, name), (value, row.line))
        if known != value:
            yield Fault(
                row.line,
                TITLES[name],
                f"{cells.quoted(shown(name, value))} contredit la ligne {line}, qui porte "
                f"{cells.quoted(shown(name, known))} pour le même organisme.",
            )


def _repeated(row: Row, earlier: list[Row]) -> Fault | None:
    """Tell that a line repeats an earlier one on the same person (or on nobody) of the body."""
    if row.is_faulty("starts_on") or row.is_faulty("ends_on"):
        return None
    for other in earlier:
        if other.is_faulty("starts_on") or other.is_faulty("ends_on"):
            continue
        if overlap(row.mandate, other.mandate):
            who = row.person or row.values["organisation"]
            return Fault(
                row.line,
                TITLES["last_name" if row.has_person else "organisation"],
                f"{who} figure déjà à la ligne {other.line}"
                + (" pour le même organisme, sur la même période." if row.has_person else "."),
            )
    return None


def shown(name: str, value: Any) -> str:
    """Return a value of a row (or of a record) as people read it; blank when there is none."""
    if value in (None, ""):
        return ""
    if name == "category" and value in BodyCategory.values:
        return BodyCategory(value).label
    if name in ("starts_on", "ends_on"):
        try:
            day = value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            return str(value)
        return f"{day:%d/%m/%Y}"
    return str(value)


# --- Writing ----------------------------------------------------------------------------------


def write_composition(title: str, rows: Iterable[dict[str, Any]], fmt: str) -> bytes:
    """Return the table as a file that ``read_composition`` reads back; keys are those of ``Row``."""
    table = [[_cell(column.name, row.get(column.name)) for column in COLUMNS] for row in rows]
    return write_table(title, [column.title for column in COLUMNS], table, fmt)


def _cell(name: str, value: Any) -> Value | None:
    return shown(name, value) if name == "category" else value


# Shown in the template to download: how the table is filled, to be replaced.
EXAMPLE_ROWS: tuple[dict[str, Any], ...] = (
    {
        "organisation": "Chambre de commerce et d’industrie (exemple, à remplacer)",
        "category": BodyCategory.CHAMBER,
        "seats": 1,
        "body_order": 10,
        "civility": "Mme",
        "first_name": "Prénom",
        "last_name": "Nom",
        "function": "trésorière",
        "member_order": 10,
        "email": "prenom.nom@exemple.fr",
        "phone": "02 00 00 00 00",
        "starts_on": date(2021, 4, 1),
        "ends_on": date(2024, 3, 31),
    },
    {
        "organisation": "Association sans représentant désigné (exemple, à remplacer)",
        "category": BodyCategory.ASSOCIATION,
        "seats": 1,
        "body_order": 20,
    },
)
