"""Tables people upload: recognised by their content, refused in French, never trusted."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from common import spreadsheet_hidden, spreadsheet_xls, spreadsheets
from common.spreadsheet_answer import Block
from common.spreadsheets import Sheet, UnreadableFileError, read_lines, read_sheets, write_table


DATA = Path(__file__).parents[1] / "data"
HEADERS = ["organisme", "début", "téléphone"]
ROWS = [["CCI d’ici", date(2021, 4, 1), "+33 2 54"], ["=1+1", None, "@x"]]


def rewritten(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the archive with one of its files changed; the first one stays stored, as ODS wants."""
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(copy, "w") as target:
        for rank, entry in enumerate(source.infolist()):
            content = source.read(entry)
            target.writestr(
                entry.filename,
                change(content) if entry.filename == name else content,
                zipfile.ZIP_DEFLATED if rank else zipfile.ZIP_STORED,
            )
    return copy.getvalue()


def workbook(cells: dict[str, str]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for place, value in cells.items():
        book.active[place] = value
    book.save(file)
    return file.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read_lines(data)
    return caught.value.message


@pytest.mark.parametrize("fmt", spreadsheets.MIME_TYPES)
def test_what_is_written_is_read_back(fmt: str) -> None:
    day = "01/04/2021" if fmt == "csv" else date(2021, 4, 1)
    assert read_lines(write_table("Essai / 1", HEADERS, ROWS, fmt)) == [
        HEADERS,
        ["CCI d’ici", day, "+33 2 54"],
        ["=1+1", "", "@x"],
    ]


def test_csv_disarms_formulas_and_opens_in_french_spreadsheets() -> None:
    data = write_table("x", HEADERS, ROWS, "csv")
    assert data.startswith(b"\xef\xbb\xbforganisme;")
    assert data.decode("utf-8-sig").splitlines()[1:] == [
        "CCI d’ici;01/04/2021;'+33 2 54",
        "'=1+1;;'@x",
    ]


def test_xlsx_holds_no_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_table("x", HEADERS, ROWS, "xlsx"))).active
    assert [cell.data_type for cell in sheet["A"]] == ["s", "s", "s"]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ("a;é\n1;2".encode(), [["a", "é"], ["1", "2"]]),
        ("a;é\n1;2".encode("utf-8-sig"), [["a", "é"], ["1", "2"]]),
        ("a;é\n1;2".encode("cp1252"), [["a", "é"], ["1", "2"]]),
        ("a;é\n1;2".encode("utf-16"), [["a", "é"], ["1", "2"]]),
        (b"a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        (b"a\tb;c\td\n1\t2\t3", [["a", "b;c", "d"], ["1", "2", "3"]]),
        (b"sep=;\na;b\n", [[], ["a", "b"]]),
        (b'a;b\n"1\n1";2\n\n3;4', [["a", "b"], ["1\n1", "2"], [], ["3", "4"]]),
        (b"seul\nx", [["seul"], ["x"]]),
    ],
)
def test_reads_every_csv(data: bytes, lines: list[list[str]]) -> None:
    assert read_lines(data) == lines


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "est vide"),
        (b" \n;;\n", "est vide"),
        (b"%PDF-1.7\n%\xe2\xe3", "est un document PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "est une image"),
        (b"<html><table><tr><td>a;b", "est une page web"),
        (b"{\\rtf1\\ansi", "RTF"),
        (bytes(range(256)), "n’est pas un tableau"),
        (b"\x90\x81;\x8d", "n’est pas un tableau"),
        (b"PK\x03\x04" + b"x" * 400, "endommagé"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ancien format"),
        (b'a;b\n1;"2\n3;4\n', "ligne 2"),
        (b"a;b\n" + b"x" * 140_000, "ligne 2"),
    ],
)
def test_refuses_what_is_no_table(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_refuses_other_archives_and_damaged_workbooks() -> None:
    ods = write_table("x", HEADERS, ROWS, "ods")
    text = rewritten(ods, "mimetype", lambda _: b"application/vnd.oasis.opendocument.text")
    assert "n’est pas un classeur" in refusal(text)
    assert "endommagé" in refusal(ods[: len(ods) // 2])
    named = io.BytesIO(ods)
    with zipfile.ZipFile(named, "a") as archive:
        archive.writestr("é.xml", b"<a/>")
    assert "endommagé" in refusal(named.getvalue().replace("é.xml".encode(), b"\xd1A.xml"))
    assert "endommagé" in refusal(rewritten(ods, "content.xml", lambda c: c[: len(c) // 2]))


def test_refuses_workbooks_that_unfold_too_far() -> None:
    far = workbook({"A1": "organisme", "XFD1048576": "x"})
    assert len(far) < 6000
    assert "démesuré" in refusal(far)
    ods = write_table("x", HEADERS, ROWS, "ods")
    fat = rewritten(ods, "styles.xml", lambda c: c + b" " * spreadsheets.MAX_UNPACKED_BYTES)
    assert "démesuré" in refusal(fat)
    many = b"\n".join([b";" * 999] * 600)
    assert "démesuré" in refusal(b"a" + many)


def test_refuses_a_cell_repeated_without_end() -> None:
    """The sizes of the archive do not betray it."""
    ods = write_table("x", ["organisme"], [["A"]], "ods")
    repeated = rewritten(
        ods,
        "content.xml",
        lambda content: content.replace(
            b"<table:table-cell",
            b'<table:table-cell table:number-columns-repeated="16384" ',
        ).replace(b"<table:table-row", b'<table:table-row table:number-rows-repeated="1048000" '),
    )
    assert any(word in refusal(repeated) for word in ("démesuré", "endommagé"))


def test_skips_empty_sheets() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.create_sheet("Liste")["B2"] = "organisme"
    book.save(file)
    assert read_lines(file.getvalue()) == [["", ""], ["", "organisme"]]


def test_a_reader_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    dying = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    monkeypatch.setattr(spreadsheets.spreadsheet_reader, "START", dying)
    assert "démesuré" in refusal(workbook({"A1": "organisme"}))


def test_the_reader_is_told_no_secret_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    ending = "import os, sys; sys.exit({} if 'SECRET_KEY' in os.environ else {})"
    codes = spreadsheets.spreadsheet_reader.PROTECTED, spreadsheets.spreadsheet_reader.TOO_BIG
    monkeypatch.setattr(spreadsheets.spreadsheet_reader, "START", ending.format(*codes))
    assert "démesuré" in refusal(workbook({"A1": "organisme"}))


def two_sheets() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Vide"
    book.create_sheet("Un")["A2"] = "x"
    book.create_sheet("Deux").append(["'=y", 2.5, date(2021, 4, 1)])
    book.save(file)
    return file.getvalue()


def test_reads_every_filled_sheet() -> None:
    assert read_sheets(two_sheets()) == [
        Sheet("Un", [[""], ["x"]]),
        Sheet("Deux", [["=y", 2.5, date(2021, 4, 1)]]),
    ]
    assert read_sheets(b"a;b") == [Sheet("", [["a", "b"]])]


def test_a_hidden_sheet_says_so_and_is_never_the_first() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["ancien"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Suivi").append(["a", 1])
    book.create_sheet("Listes").append(["b"])
    book["Listes"].sheet_state = "veryHidden"
    book.save(file)

    sheets = read_sheets(file.getvalue())

    assert [(sheet.name, sheet.is_hidden) for sheet in sheets] == [
        ("Sheet", True),
        ("Suivi", False),
        ("Listes", True),
    ]
    assert read_lines(file.getvalue()) == [["a", 1]]


def test_reads_the_older_excel_format() -> None:
    (sheet,) = read_sheets((DATA / "indicators" / "delais-titres.xls").read_bytes())
    assert sheet.name == "Titres"
    assert sheet.lines[2] == ["4e trimestre 2019", 30, 29, "5 jours"]


def test_refuses_too_many_lines_in_words() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Détail"
    book.active["A1200"] = "x"
    book.save(file)
    for data, what in (
        (file.getvalue(), "La feuille « Détail » a 1\u00a0200 lignes ; 1\u00a0000 au plus"),
        (b"x\n" * 1200, "Ce fichier a 1\u00a0200 lignes"),
    ):
        with pytest.raises(UnreadableFileError) as caught:
            read_sheets(data, max_rows=1000)
        assert what in caught.value.message


@pytest.mark.parametrize("name", ["protege.xlsx", "protege.ods", "protege.xls"])
def test_a_password_is_said_with_how_to_take_it_off(name: str) -> None:
    data = (DATA / "spreadsheets" / name).read_bytes()
    assert refusal(data) == (
        "Ce classeur est protégé par un mot de passe. Ouvrez-le dans votre tableur avec ce mot de passe, "
        "enregistrez-en une copie sans mot de passe, puis choisissez cette copie."
    )


def test_formulas_in_error_are_read_as_what_they_show() -> None:
    in_error = workbook({"A1": "x", "B1": "#DIV/0!"})
    assert b't="e"' in zipfile.ZipFile(io.BytesIO(in_error)).read("xl/worksheets/sheet1.xml")
    assert read_sheets(in_error)[0].lines == [["x", "#DIV/0!"]]
    (legacy,) = read_sheets((DATA / "spreadsheets" / "erreurs.xls").read_bytes())
    assert legacy.lines[1] == ["Nombre de réclamations", 7, "#DIV/0!", "#N/A", 9]
    assert legacy.lines[2] == ["Délai permis de conduire", 21, "", "#REF!", 24]
    assert legacy.merged == (Block(2, 1, 2, 2),)


def ods_of(rows: str, before: str = "") -> bytes:
    """Return an .ods workbook whose sheet « x » holds these rows."""
    return rewritten(
        write_table("x", ["a"], [], "ods"),
        "content.xml",
        lambda content: re.sub(
            rb"(<office:document-content.*?)(<table:table-row.*</table:table-row>)",
            lambda whole: before.encode() + whole[1] + rows.encode(),
            content,
            flags=re.DOTALL,
        ),
    )


@pytest.mark.parametrize(
    ("attributes", "shown", "value"),
    [
        ('value-type="string" office:string-value="" calcext:value-type="error"', "#DIV/0!", "#DIV/0!"),
        ('value-type="string" office:string-value="" calcext:value-type="error"', "Err:502", "Err:502"),
        ('value-type="float" office:value="0"', "#VALEUR\u00a0!", "#VALEUR\u00a0!"),
        ('value-type="percentage" office:value="0"', "Err:502", "Err:502"),
        ('value-type="float" office:value="12"', "# 12", 12),
        ('value-type="float" office:value="12"', "Erreurs : 12", 12),
    ],
)  # fmt: skip
def test_an_error_of_an_ods_workbook_is_no_number(
    attributes: str, shown: str, value: str | float
) -> None:
    data = ods_of(
        "<table:table-row><table:table-cell"
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
        f' table:formula="of:=1/0" office:{attributes}><text:p>{shown}</text:p></table:table-cell>'
        "</table:table-row>"
    )
    assert read_sheets(data)[0].lines == [[value]]


SPANNED = 'table:number-columns-spanned="{}" table:number-rows-spanned="{}"'
ONE = '<table:table-cell office:value-type="float" office:value="1" {}><text:p>1</text:p></table:table-cell>'
NOTHING, COVERED = "<table:table-cell {}/>", "<table:covered-table-cell {}/>"


def row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def test_merged_cells_of_an_ods_workbook_are_where_its_cells_are() -> None:
    two, three = (f'table:number-columns-repeated="{count}"' for count in (2, 3))
    aside = NOTHING.format(two)
    group = row(aside, ONE.format(""), ONE.format(SPANNED.format(2, 1)), repeated=2)
    data = ods_of(
        row(NOTHING.format(""), repeated=3)
        + row(aside, ONE.format(SPANNED.format(3, 2)), COVERED.format(two), ONE.format(""))
        + row(aside, COVERED.format(three), ONE.format(SPANNED.format(1, 1)))
        + row(aside, repeated=2)
        + f"<table:table-row-group>{group}</table:table-row-group>"
        + row(NOTHING.format(SPANNED.format(2, 2)), repeated=1_048_566)
    )
    (sheet,) = read_sheets(data)
    assert [(y, x) for y, line in enumerate(sheet.lines) for x, cell in enumerate(line) if cell] == [
        (3, 2), (3, 5), (4, 5), (7, 2), (7, 3), (8, 2), (8, 3),
    ]  # fmt: skip
    assert sheet.merged == (Block(3, 2, 4, 4), Block(7, 3, 7, 4), Block(8, 3, 8, 4))


def test_what_an_ods_workbook_hides_is_told_up_to_its_last_cell() -> None:
    columns = "".join(
        f"<table:table-column {attributes}/>"
        for attributes in (
            "",
            'table:visibility="collapse" table:number-columns-repeated="16383"',
        )
    )
    hidden = row(ONE.format(""), ONE.format(""), repeated=2).replace(
        "<table:table-row", '<table:table-row table:visibility="filter"'
    )
    (sheet,) = read_sheets(ods_of(columns + row(ONE.format("")) + hidden))
    assert sheet.hidden == (Block(0, 1, 1_048_575, 1), Block(1, 0, 2, 16_383))


def test_what_an_xlsx_workbook_hides_is_told_of_its_own_sheet() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.create_sheet("Été & hiver")
    for page in book:
        for number in range(1, 7):
            page.append([number, number])
    for number in (2, 3, 5):
        page.row_dimensions[number].hidden = True
    page.column_dimensions["B"].hidden = True
    book.save(file)
    first, second = read_sheets(file.getvalue())
    assert (first.hidden, second.name) == ((), "Été & hiver")
    assert second.hidden == (
        Block(1, 0, 2, 16_383), Block(4, 0, 4, 16_383), Block(0, 1, 1_048_575, 1),
    )  # fmt: skip
    unnumbered = b'<sheetData><row/><row hidden="true"/></sheetData>'
    assert spreadsheet_hidden.hidden_in(unnumbered) == (Block(1, 0, 1, 16_383),)


def test_entities_are_not_read() -> None:
    many = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    assert "endommagé" in refusal(ods_of(row(ONE.format(SPANNED.format(2, 1))), many))


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def test_what_excel_writes_after_a_chart_is_read() -> None:
    """Nothing here writes .xls as Excel does: a cell that holds an error, blocks after the charts."""
    stream = b"".join(
        [
            record(spreadsheet_xls.BEGIN, bytes(16)),
            record(spreadsheet_xls.ERROR, struct.pack("<HHHBB", 4, 2, 15, 0x17, 1)),
            record(spreadsheet_xls.ERROR, struct.pack("<HHHBB", 4, 3, 15, 1, 0)),  # « vrai »
            record(spreadsheet_xls.BEGIN, bytes(16)) + record(spreadsheet_xls.END),
            record(spreadsheet_xls.MERGED, struct.pack("<5H", 1, 6, 7, 1, 3)),
            record(spreadsheet_xls.ROW, struct.pack("<HHHHHHHH", 4, 0, 4, 300, 0, 0, 0x120, 0)),
            record(spreadsheet_xls.ROW, struct.pack("<HHHHHHHH", 5, 0, 4, 300, 0, 0, 0x100, 0)),
            record(spreadsheet_xls.COLUMNS, struct.pack("<HHHHHH", 1, 2, 0, 15, 1, 0)),
            record(spreadsheet_xls.COLUMNS, struct.pack("<HHHHHH", 3, 3, 9, 15, 2, 0)),
            record(spreadsheet_xls.END),
            record(spreadsheet_xls.MERGED, struct.pack("<5H", 1, 8, 8, 1, 3)),
        ]
    )
    sheet = spreadsheet_xls.beside(stream, 0)
    assert sheet.errors == {4: {2: "#REF!"}}
    assert sheet.blocks == [(6, 1, 7, 3)]
    assert sheet.hidden == [(4, 0, 4, 16_383), (0, 1, 1_048_575, 2)]
