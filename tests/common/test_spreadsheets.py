"""Tables people upload: recognised by their content, refused in French, never trusted."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from common import spreadsheets
from common.spreadsheets import Sheet, UnreadableFileError, read_lines, read_sheets, write_table


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
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "mot de passe",
        ),
        (b'a;b\n1;"2\n3;4\n', "ligne 2"),
        (b"a;b\n" + b"x" * 140_000, "ligne 2"),
    ],
)
def test_refuses_what_is_no_table(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_refuses_other_archives_and_locked_or_damaged_workbooks() -> None:
    ods = write_table("x", HEADERS, ROWS, "ods")
    text = rewritten(ods, "mimetype", lambda _: b"application/vnd.oasis.opendocument.text")
    locked = rewritten(ods, "META-INF/manifest.xml", lambda c: c + b"<!-- encryption-data -->")
    assert "n’est pas un classeur" in refusal(text)
    assert "mot de passe" in refusal(locked)
    assert "endommagé" in refusal(ods[: len(ods) // 2])
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


def test_a_reader_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    dying = tmp_path / "reader.py"
    dying.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    monkeypatch.setattr(spreadsheets.spreadsheet_reader, "__file__", str(dying))
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


def test_reads_the_older_excel_format() -> None:
    legacy = Path(__file__).parents[1] / "data" / "indicators" / "delais-titres.xls"
    (sheet,) = read_sheets(legacy.read_bytes())
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


def test_formulas_in_error_are_read_as_what_they_show() -> None:
    in_error = workbook({"A1": "x", "B1": "#DIV/0!"})
    assert b't="e"' in zipfile.ZipFile(io.BytesIO(in_error)).read("xl/worksheets/sheet1.xml")
    assert read_sheets(in_error)[0].lines == [["x", "#DIV/0!"]]
    ods = rewritten(
        write_table("x", ["a"], [["#DIV/0!"]], "ods"),
        "content.xml",
        lambda content: content.replace(
            b'office:value-type="string"><text:p>#DIV',
            b'office:value-type="string" office:string-value="" calcext:value-type="error"'
            b' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
            b"<text:p>#DIV",
        ),
    )
    assert read_sheets(ods)[0].lines == [["a"], ["#DIV/0!"]]
