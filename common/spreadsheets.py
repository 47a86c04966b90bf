"""Tables that people upload and download: CSV, ODS, XLSX. The content decides, never the name."""

import csv
import io
import os
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import IO, NamedTuple

import puremagic
import python_calamine
import tablib

from common import spreadsheet_hidden, spreadsheet_ods, spreadsheet_reader, spreadsheet_xls
from common.byte_search import holds
from common.spreadsheet_answer import Block, Lines, Sheet, Value, sheets_of
from common.typography import number_in_words


MIME_TYPES = {
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_ARCHIVE_ENTRIES = 1000
MAX_CELLS = 500_000
MAX_ROWS = 50_000
READER_SECONDS = 60
# Asked of the system in large pieces, and kept until the end.
_MEMORY = {
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "MALLOC_TOP_PAD_": "16000000",
    "MALLOC_TRIM_THRESHOLD_": "1000000000",
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
}
DELIMITERS = (";", "\t", ",", "|")
# What a spreadsheet would take for a formula when it opens the file. A quote in front disarms it,
# and is taken off when the file comes back.
_FORMULA_MARKS = {"csv": ("=", "+", "-", "@"), "xlsx": ("=",), "ods": ()}
_ESCAPED = re.compile(r"^'(?='*[=+\-@])")
_HOW = "Enregistrez votre tableau au format ODS, XLSX ou CSV, puis choisissez ce nouveau fichier."
_DAMAGED = (
    "Ce classeur est endommagé ou incomplet. Ouvrez-le dans votre tableur, enregistrez-le de nouveau, "
    "puis choisissez ce nouveau fichier."
)
_PROTECTED = (
    "Ce classeur est protégé par un mot de passe. Ouvrez-le dans votre tableur avec ce mot de passe, "
    "enregistrez-en une copie sans mot de passe, puis choisissez cette copie."
)
_TOO_BIG = (
    "Ce classeur est démesuré : ses cellules remplies s’étendent trop loin ou ses textes sont trop "
    "longs. Copiez le tableau dans un classeur neuf, puis choisissez ce nouveau fichier."
)
_EMPTY = "Ce fichier est vide. Choisissez un fichier qui porte un tableau."
_TOO_LONG = (
    "{what} a {rows} lignes ; {most} au plus se lisent. Copiez dans un classeur neuf le "
    "tableau utile, sans ses lignes de détail, puis choisissez ce nouveau fichier."
)
# What a formula in error shows, as spreadsheets write it in English and in French.
_SHOWN_ERROR = (
    rb"(?:#(?:DIV/0|N/A|REF|NAME|NOM|VALUE|VALEUR|NUM|NOMBRE|NULL|NUL)"
    rb"(?:(?: |\xc2\xa0|\xe2\x80\xaf)?[!?])?|Err(?: |\xc2\xa0|\xe2\x80\xaf)?:\d{3})"
)
# A cell in error says so by its type (.xlsx), or shows it (.ods) beside an empty text or, with older
# spreadsheets, beside 0.
# Looked for by their rarest letter: half the time of « >#… » and of ``in``.
_MAY_BE_ERROR = re.compile(rb"#(?<=>#)")
_XLSX_ERROR = re.compile(rb'(<(?:\w+:)?c\b[^>]*?\b)t="e"')
# A formula that no spreadsheet has computed: written by a program, without its result.
UNCOMPUTED = "#CALCUL?"
_MAY_BE_UNCOMPUTED = re.compile(rb"</f>(?!<v>[^<])")
_XLSX_UNCOMPUTED = re.compile(
    rb"(<c\b(?![^>]*\bt=)[^>]*)>(<f\b[^>]*>[^<]*</f>)(?:<v ?/>|<v></v>)?(?=</c>)"
)
_ODS_ERROR = re.compile(
    rb"<table:table-cell\b[^>]*>(?=\s*<text:p>" + _SHOWN_ERROR + rb"</text:p>)"
    rb"|<table:table-cell\b[^>]*\bvalue-type=\"error\"[^>]*>"
)
_ODS_VALUE = re.compile(rb' office:(?:string-|boolean-|date-|time-)?value="[^"]*"')
_ODS_TYPE = re.compile(rb'(?<= office:value-type=")\w+')
_MAY_BE_ODS_ERROR = (_MAY_BE_ERROR, re.compile(rb"E(?<=>E)rr"), re.compile(rb'value-type="error"'))
_MAY_BE_MERGED_OR_HIDDEN = re.compile(rb":number-(?:columns|rows)-spanned|:visibility=")
_AFTER_ROOT = re.compile(rb"(?:\s|<!--[^>]*-->)+\Z")
_LEGACY_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Extension told by puremagic → words for people.
_OTHER_KINDS = {
    ".pdf": "un document PDF",
    ".html": "une page web",
    ".rtf": "un texte mis en forme (RTF)",
    ".png": "une image",
    ".jpg": "une image",
    ".gif": "une image",
    ".gz": "une archive",
    ".7z": "une archive",
    ".rar": "une archive",
    ".exe": "un programme",
}


class UnreadableFileError(Exception):
    """The file cannot be read at all; ``message`` says why and how to mend, in French."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


# --- Reading ----------------------------------------------------------------------------------


def read_lines(data: bytes) -> Lines:
    """Return the cells of the first filled sheet, line by line from the first line of the file.

    Blank lines are kept: ``lines[n]`` is line ``n + 1`` of the spreadsheet. Raises
    ``UnreadableFileError``.
    """
    return _sheets(data, max_rows=None)[0].lines


def read_sheets(data: bytes, *, max_rows: int = MAX_ROWS) -> list[Sheet]:
    """Return every filled sheet of a workbook (.xlsx, .xls, .ods) or of a CSV file, in their order.

    Raises ``UnreadableFileError``, also when a sheet has more than ``max_rows`` lines.
    """
    return _sheets(data, max_rows=max_rows)


def _sheets(data: bytes, *, max_rows: int | None) -> list[Sheet]:
    if not data.strip():
        raise UnreadableFileError(_EMPTY)
    if data.startswith((b"PK\x03\x04", _LEGACY_MARK)):
        sheets = _workbook_sheets(data, max_rows)
    else:
        sheets = [Sheet("", _csv_lines(_decoded(data), max_rows))]
    filled = [sheet for sheet in sheets if any(is_filled(line) for line in sheet.lines)]
    if not filled:
        raise UnreadableFileError(_EMPTY)
    return filled


def _unescaped(text: str) -> str:
    return _ESCAPED.sub("", text) if text.startswith("'") else text


def is_filled(line: Sequence[Value]) -> bool:
    """Tell whether a line holds anything but blanks."""
    return any(not isinstance(cell, str) or cell.strip() for cell in line)


def _message_of_failure(data: bytes) -> str:
    if not data.startswith(_LEGACY_MARK):
        return _DAMAGED
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _PROTECTED
    return (
        f"Ce fichier est d’un ancien format de bureautique (.xls, .doc…) qui ne se lit pas. {_HOW}"
    )


# --- CSV --------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str:
    """Return the text of a CSV file: UTF-8 or UTF-16 with their mark, UTF-8, else Windows-1252."""
    kind = _other_kind(data)
    if kind:
        raise UnreadableFileError(f"Ce fichier est {kind}, pas un tableau. {_HOW}")
    has_mark = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if has_mark else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise UnreadableFileError(f"Ce fichier n’est pas un tableau. {_HOW}")


def _other_kind(data: bytes) -> str:
    """Name what the file is, when its first bytes are those of something else than a table."""
    try:
        matches = puremagic.magic_string(data[:4096])
    except (puremagic.PureError, ValueError):
        return ""
    known = (_OTHER_KINDS.get(match.extension, "") for match in matches if match.confidence >= 0.3)
    return next((kind for kind in known if kind), "")


def _csv_lines(text: str, max_rows: int | None) -> Lines:
    text = re.sub(r"\Asep=.\r?\n", "\n", text)  # a hint that Excel writes for itself
    delimiter = max(DELIMITERS, key=lambda mark: _regularity(text, mark))
    lines: Lines = []
    # Line ends are the reader's affair: a cell may hold some.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines.extend(list(map(_unescaped, cells)) for cells in reader)
    except csv.Error as error:
        raise UnreadableFileError(
            f"La ligne {len(lines) + 1} de ce fichier CSV ne se lit pas : un guillemet droit n’y est "
            "pas fermé, ou une cellule est démesurée. Corrigez cette ligne, ou enregistrez le tableau "
            "au format ODS ou XLSX."
        ) from error
    if max_rows is not None and len(lines) > max_rows:
        raise UnreadableFileError(_too_long("", len(lines), max_rows))
    if sum(map(len, lines)) > MAX_CELLS:
        raise UnreadableFileError(_TOO_BIG)
    return lines


def _too_long(name: str, rows: int, most: int) -> str:
    what = f"La feuille « {name} »" if name else "Ce fichier"
    return _TOO_LONG.format(what=what, rows=number_in_words(rows), most=number_in_words(most))


def _regularity(text: str, delimiter: str) -> tuple[int, int]:
    """Return how many of the first lines this delimiter cuts alike, then the most cells of one.

    Decimal commas cut some lines too, but seldom their headings, and not alike.
    """
    head = "\n".join(text.splitlines()[:10])
    try:
        widths = [len(cells) for cells in csv.reader(head.split("\n"), delimiter=delimiter)]
    except csv.Error:
        return 0, 0
    alike = Counter(width for width in widths if width > 1)
    return max(alike.values(), default=0), max(widths)


# --- Workbooks --------------------------------------------------------------------------------


def _workbook_sheets(data: bytes, max_rows: int | None) -> list[Sheet]:
    root, libraries = (
        Path(module.__file__ or "").parents[1] for module in (spreadsheet_reader, python_calamine)
    )
    try:
        with tempfile.TemporaryFile() as given:  # a pipe would take it by 4 kB at a time
            prepared = _prepared(data, given)
            given.seek(0)
            limits = map(str, [MAX_CELLS, max_rows or 0, *prepared.places])
            command = [
                spreadsheet_reader.START,
                str(root),
                str(libraries),
                prepared.module,
                *limits,
            ]
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-I", "-S", "-c", *command],
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=READER_SECONDS,
                env=_reader_environment(),
            )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError(_TOO_BIG) from error
    if done.returncode == 0:
        try:
            sheets = sheets_of(done.stdout, _unescaped)
        except ValueError as error:
            raise UnreadableFileError(_DAMAGED) from error
        hidden = prepared.hidden
        return [replace(s, hidden=hidden[s.name]) if s.name in hidden else s for s in sheets]
    if done.returncode == spreadsheet_reader.PROTECTED:
        raise UnreadableFileError(_PROTECTED)
    if done.returncode == spreadsheet_reader.TOO_LONG and max_rows is not None:
        rows, _, name = done.stdout.decode().partition(" ")
        raise UnreadableFileError(_too_long(name, int(rows), max_rows))
    # Ended by a signal (negative): the memory or the time allowed was not enough.
    if done.returncode < 0 or done.returncode == spreadsheet_reader.TOO_BIG:
        raise UnreadableFileError(_TOO_BIG)
    raise UnreadableFileError(_message_of_failure(data))


def _reader_environment() -> dict[str, str]:
    """Return what the reader is told: no secret of the server, only how it takes its memory."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return kept | _MEMORY


class _Prepared(NamedTuple):
    """The name of the module that reads a file, what it must be told; what each sheet hides (.xlsx)."""

    module: str
    places: Sequence[int] = ()
    hidden: Mapping[str, tuple[Block, ...]] = MappingProxyType({})


def _prepared(data: bytes, target: IO[bytes]) -> _Prepared:
    """Write what is to be read; return who reads it."""
    if not data.startswith(_LEGACY_MARK):
        return _checked_archive(data, target)
    target.write(data)
    return _Prepared(spreadsheet_xls.__name__)


def _checked_archive(data: bytes, target: IO[bytes]) -> _Prepared:
    """Refuse, before any sheet is read, what is no workbook, is locked, cut short or unfolds too far.

    Writes what was checked, uncompressed; returns as ``_prepared`` does.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            is_huge = sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES
            if is_huge or len(entries) > MAX_ARCHIVE_ENTRIES:
                raise UnreadableFileError(_TOO_BIG)
            if any(entry.flag_bits & 1 for entry in entries) or _is_locked(archive):
                raise UnreadableFileError(_PROTECTED)
            if not _is_workbook(archive):
                raise UnreadableFileError(f"Ce fichier n’est pas un classeur ODS ou XLSX. {_HOW}")
            return _unfolded(data, archive, target)
    # zipfile raises these on damaged or exotic archives.
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        struct.error,
        EOFError,
        OSError,
    ) as error:
        raise UnreadableFileError(_DAMAGED) from error


def _unfolded(data: bytes, archive: zipfile.ZipFile, target: IO[bytes]) -> _Prepared:
    """Write the texts of the archive, those in error as what they show: the reader leaves them blank.

    Uncompressed, they are not unfolded once more to be read; pictures are not read at all.
    """
    hidden: dict[str, tuple[Block, ...]] = {}
    reader = _Prepared(spreadsheet_reader.__name__)
    with zipfile.ZipFile(target, "w") as copy:
        for name in dict.fromkeys(archive.namelist()):
            if name == "mimetype":
                copy.writestr(name, archive.read(name))
            elif name.lower().endswith((".xml", ".rels")):
                entry = archive.getinfo(name)
                packed = _unpacked(data, archive, entry)
                text = _legible(name, packed)
                copy.writestr(name, text)
                # What is copied as it is has just been summed.
                crc = copy.getinfo(name).CRC if text is packed else zlib.crc32(packed)
                if crc != entry.CRC:
                    raise zipfile.BadZipFile(name)
                del packed
                if name == "content.xml" and _MAY_BE_MERGED_OR_HIDDEN.search(text):
                    places = target.tell() - len(text), len(text)
                    reader = _Prepared(spreadsheet_ods.__name__, places)
                elif _is_sheet(name) and (blocks := spreadsheet_hidden.hidden_in(text)):
                    hidden[name] = blocks
                del text  # its memory serves for the next one
    return reader._replace(hidden=_by_name(archive, hidden)) if hidden else reader


def _is_sheet(name: str) -> bool:
    return name.lower().startswith("xl/worksheets/")


def _by_name(
    archive: zipfile.ZipFile, hidden: Mapping[str, tuple[Block, ...]]
) -> dict[str, tuple[Block, ...]]:
    """Return by the names of the sheets what is known by those of their texts."""
    parts = (spreadsheet_hidden.WORKBOOK, spreadsheet_hidden.LINKS)
    if not set(parts) <= set(archive.namelist()):
        return {}
    names = spreadsheet_hidden.names_of(*map(archive.read, parts))
    return {names[path]: blocks for path, blocks in hidden.items() if path in names}


def _legible(name: str, text: bytes) -> bytes:
    if not _ends_with_its_root(text):  # the reader would wait for its end for ever
        raise UnreadableFileError(_DAMAGED)
    if _is_sheet(name):
        if holds(text, b"f>") and _MAY_BE_UNCOMPUTED.search(text):
            shown = rb'\1 t="str">\2<v>' + UNCOMPUTED.encode() + b"</v>"
            text = _XLSX_UNCOMPUTED.sub(shown, text)
        if b"#" in text and _MAY_BE_ERROR.search(text):
            return _XLSX_ERROR.sub(rb'\1t="str"', text)
    if name == "content.xml" and any(mark.search(text) for mark in _MAY_BE_ODS_ERROR):
        return _ODS_ERROR.sub(_shown, text)
    return text


def _unpacked(data: bytes, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return what an entry holds, as ``archive.read`` does by copies that cost as much again.

    Its sum of control is left to whoever copies it.
    """
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return archive.read(entry)
    name_length, extra_length = struct.unpack_from("<HH", data, entry.header_offset + 26)
    start = entry.header_offset + 30 + name_length + extra_length
    packed = memoryview(data)[start : start + entry.compress_size]
    # Never more than announced, which is bounded.
    text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, entry.file_size + 1)
    if len(text) != entry.file_size:
        raise zipfile.BadZipFile(entry.filename)
    return text


def _shown(cell: re.Match[bytes]) -> bytes:
    """Return the tag of a cell in error without its value: what it shows stands for it."""
    return _ODS_TYPE.sub(b"string", _ODS_VALUE.sub(b"", cell[0]))


def _ends_with_its_root(text: bytes) -> bool:
    """Tell, without parsing, whether the last tag closes the first one."""
    root = re.search(rb"<([A-Za-z_][^\s/>]*)([^>]*/>)?", text[:4096])
    end = text[-4096:].rstrip()
    if end.endswith(b"-->"):
        end = _AFTER_ROOT.sub(b"", end)
    return root is not None and end.endswith(b"/>" if root[2] else b"</" + root[1] + b">")


def _is_workbook(archive: zipfile.ZipFile) -> bool:
    names = archive.namelist()
    if "xl/workbook.xml" in names:
        return True
    return "mimetype" in names and archive.read("mimetype").startswith(MIME_TYPES["ods"].encode())


def _is_locked(archive: zipfile.ZipFile) -> bool:
    manifest = "META-INF/manifest.xml"
    return manifest in archive.namelist() and b"encryption-data" in archive.read(manifest)


# --- Writing ----------------------------------------------------------------------------------


def write_table(
    title: str, headers: Sequence[str], rows: Iterable[Sequence[Value | None]], fmt: str
) -> bytes:
    """Return a table as a file; ``fmt`` is a key of ``MIME_TYPES``, ``title`` names the sheet.

    CSV comes with a byte order mark and semicolons, as French spreadsheets expect; dates are
    ``01/04/2021`` there, true dates elsewhere. Texts that begin like a formula are disarmed.
    """
    safe = [[_written(cell, fmt) for cell in row] for row in rows]
    if fmt == "csv":
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([headers, *safe])
        return text.getvalue().encode("utf-8-sig")
    # Sheets refuse some characters and more than 31.
    table = tablib.Dataset(*safe, headers=headers, title=re.sub(r"[\\/*?:\[\]]", " ", title)[:31])
    exported = table.export(fmt)
    return exported if isinstance(exported, bytes) else exported.encode()


def disarmed(text: str, fmt: str) -> str:
    """Return the text as it is written in a cell: what a spreadsheet takes for a formula is quoted.

    A text that already begins by quotes and such a mark takes one more, so that reading gives it back.
    """
    marks = _FORMULA_MARKS[fmt]
    is_quoted = text[:1] == "'" and _ESCAPED.match(text) is not None
    return f"'{text}" if is_quoted or (marks and text.startswith(marks)) else text


def _written(cell: Value | None, fmt: str) -> Value:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return disarmed(cell, fmt)
    if fmt == "csv" and isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return cell
