"""Reading a composition file: titles, cells, and every fault told with its line and its column."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from common.spreadsheets import MIME_TYPES, UnreadableFileError
from meetings.composition_files import (
    COLUMNS,
    EXAMPLE_ROWS,
    MAX_ROWS,
    ReadComposition,
    Row,
    read_composition,
    write_composition,
)
from meetings.models import Body, Member


DATA = Path(__file__).parent.parent / "data"


def read(*lines: str) -> ReadComposition:
    return read_composition("\n".join(lines).encode())


def faults(*lines: str) -> list[str]:
    """Return the faults of a file as told, with plain spaces."""
    return [str(fault).replace("\u00a0", " ") for row in read(*lines).rows for fault in row.faults]


def one(title: str, cell: str) -> Any:
    """Return how one cell is read, in a file that has this column."""
    values = read(f"organisme;nom;{title}", f"CCI;X;{cell}").rows[0].values
    return next(
        value for name, value in values.items() if name not in ("organisation", "last_name")
    )


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read_composition(data)
    return caught.value.message.replace("\u00a0", " ")


@pytest.mark.parametrize("fmt", MIME_TYPES)
def test_files_of_a_real_spreadsheet(fmt: str) -> None:
    """A title above the head, French titles, a blank line, « ; » in a cell, a telephone as a number."""
    rows = read_composition((DATA / f"composition.{fmt}").read_bytes()).rows
    assert [row.line for row in rows] == [3, 4, 6]
    assert all(row.faults == () for row in rows)
    assert rows[0].values == {
        "organisation": "Préfecture",
        "category": "state",
        "seats": 2,
        "body_order": 1,
        "civility": "M.",
        "first_name": "François",
        "last_name": "Pesneau",
        "function": "préfet",
        "member_order": 1,
        "email": "prefet@exemple.fr",
        "phone": "0254000000",
        "starts_on": "2021-04-01",
        "ends_on": "",
    }
    assert rows[1].values["organisation"] == "Chambre de commerce; et d’industrie"
    assert not rows[2].has_person


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    text = f"Organisme{delimiter}PRÉNOM{delimiter}Nom\r\nEmmaüs{delimiter}Zoé{delimiter}Œuvrard\r\n"
    assert read_composition(text.encode(encoding)).rows == [
        Row(2, {"organisation": "Emmaüs", "first_name": "Zoé", "last_name": "Œuvrard"})
    ]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Début du mandat", "starts_on"),
        ("DATE DE FIN", "ends_on"),
        ("E-mail", "email"),
        ("Mél.", "email"),
        ("Tél", "phone"),
        ("Nombre de sièges", "seats"),
        ("nb de sieges", "seats"),
        (" Qualité ", "function"),
        ("Ordre protocolaire", "body_order"),
        ("civilite", "civility"),
    ],
)
def test_titles_are_recognised(title: str, name: str) -> None:
    assert name in read(f"organisme;{title}", "CCI;").rows[0].values


def test_unknown_columns_are_left_aside_and_named() -> None:
    assert read("organisme;Couleur;nom;", "CCI;bleu;X;").ignored == ["Couleur"]


@pytest.mark.parametrize(
    ("title", "cell", "value"),
    [
        ("début", "01/04/2021", "2021-04-01"),
        ("début", "1/4/2021", "2021-04-01"),
        ("début", "01.04.2021", "2021-04-01"),
        ("début", "2021-04-01", "2021-04-01"),
        ("début", "2021-04-01 00:00:00", "2021-04-01"),
        ("début", "1er avril 2021", "2021-04-01"),
        ("début", "15 AOUT 2021", "2021-08-15"),
        ("début", "", ""),
        ("civilité", "monsieur", "M."),
        ("civilité", "Mr", "M."),
        ("civilité", "MADAME", "Mme"),
        ("catégorie", "Élus", "elected"),
        ("catégorie", "chambre consulaire ou organisation professionnelle", "chamber"),
        ("catégorie", "Autorité indépendante", "authority"),
        ("sièges", " 4 ", 4),
        ("fonction", "  président   de l'UDAF ", "président de l’UDAF"),
        ("courriel", "o'brien@exemple.fr", "o'brien@exemple.fr"),
        ("téléphone", "'+33 2 54", "+33 2 54"),
    ],
)
def test_cells_are_read(title: str, cell: str, value: object) -> None:
    assert faults(f"organisme;nom;{title}", f"CCI;X;{cell}") == []
    assert one(title, cell) == value


@pytest.mark.parametrize(
    ("title", "cell", "message"),
    [
        ("début", "avrl-21", "« avrl-21 » n’est pas une date. Écrivez 01/04/2021."),
        ("début", "04/2021", "« 04/2021 » n’est pas une date. Écrivez 01/04/2021."),
        ("fin", "31/02/2022", "« 31/02/2022 » n’est pas une date. Écrivez 01/04/2021."),
        ("fin", "44287", "« 44287 » n’est pas une date. Écrivez 01/04/2021."),
        ("fin", "01/01/0202", "« 01/01/0202 » : l’année doit aller de 1950 à 2100."),
        ("civilité", "Dr", "« Dr » n’est pas une civilité. Écrivez M. ou Mme."),
        ("sièges", "0", "« 0 » n’est pas un nombre de 1 à 99."),
        ("sièges", "deux", "« deux » n’est pas un nombre de 1 à 99."),
        ("rang", "-1", "« -1 » n’est pas un nombre de 0 à 30 000."),
        (
            "courriel",
            "sans arobase",
            "« sans arobase » n’est pas une adresse. Écrivez-la comme prenom.nom@exemple.fr.",
        ),
        (
            "fonction",
            "x" * 300,
            "ce texte compte 300 caractères ; la limite est de 160.",
        ),
        ("prénom", "x" * 81, "ce texte compte 81 caractères ; la limite est de 80."),
    ],
)
def test_faults_name_their_line_and_column(title: str, cell: str, message: str) -> None:
    assert faults(f"organisme;nom;{title}", "CCI;W;", f"CCI;X;{cell}") == [
        f"Ligne 3, colonne « {title} » : {message}"
    ]


def test_unknown_category_lists_the_known_ones() -> None:
    (told,) = faults("organisme;catégorie", "CCI;licorne")
    assert told.startswith("Ligne 2, colonne « catégorie » : « licorne » n’est pas une catégorie")
    assert "Parlementaires" in told


def test_every_fault_of_a_file_is_told_at_once() -> None:
    assert faults(
        "organisme;sièges;civilité;nom;fonction;courriel;début;fin",
        "CCI;x;Dr;Un;;pas;;",
        ";;;Deux;;;;",
        "CCI;;;;;a@b.fr;;",
        "CCI;;;Trois;;;01/01/2022;01/01/2021",
    ) == [
        "Ligne 2, colonne « sièges » : « x » n’est pas un nombre de 1 à 99.",
        "Ligne 2, colonne « civilité » : « Dr » n’est pas une civilité. Écrivez M. ou Mme.",
        "Ligne 2, colonne « courriel » : « pas » n’est pas une adresse. Écrivez-la comme "
        "prenom.nom@exemple.fr.",
        "Ligne 3, colonne « organisme » : l’organisme manque. Écrivez-le sur chaque ligne.",
        "Ligne 4, colonne « nom » : le nom et la fonction manquent, alors que la ligne porte : "
        "courriel. Indiquez un nom ou, à défaut, une fonction.",
        "Ligne 5, colonne « fin » : la fin du mandat précède son début.",
    ]


def test_lines_that_contradict_or_repeat_each_other() -> None:
    assert faults(
        "organisme;catégorie;sièges;prénom;nom;fonction;début;fin",
        "CCI du 41;chambre;2;Zoé;Garnier;;01/01/2020;31/12/2021",
        "cci du 41;;2;Zoe;GARNIER;;01/01/2022;",
        "CCI du 41;association;;ZOÉ;Garnier;;01/06/2023;",
        "UFC;;;;;trésorier;;",
        "UFC;;;;;Trésorier;;",
        "APF;;;;;;;",
        "APF;;;;;;;",
    ) == [
        "Ligne 4, colonne « catégorie » : « Association » contredit la ligne 2, qui porte « Chambre "
        "consulaire ou organisation professionnelle » pour le même organisme.",
        "Ligne 4, colonne « nom » : ZOÉ GARNIER figure déjà à la ligne 3 pour le même organisme, sur "
        "la même période.",
        "Ligne 6, colonne « nom » : Trésorier figure déjà à la ligne 5 pour le même organisme, sur "
        "la même période.",
        "Ligne 8, colonne « organisme » : APF figure déjà à la ligne 7.",
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"nom;fonction\nX;Y\n", "La colonne « organisme » manque"),
        (b"organisme;nom\n\n;\n", "n’a que sa ligne de titres"),
        (
            b"organisme;nom;nom de famille\nA;B;C\n",
            "Deux colonnes du tableau sont prises pour « nom »",
        ),
        (b"", "est vide"),
        (b"%PDF-1.7", "est un document PDF"),
        (b'organisme;nom\nA;"B\n', "ligne 2"),
    ],
)
def test_files_that_cannot_be_read_say_why(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_too_many_rows() -> None:
    def lines(count: int) -> bytes:
        return "\n".join(["organisme", *(f"Organisme {n}" for n in range(count))]).encode()

    assert len(read_composition(lines(MAX_ROWS)).rows) == 2000
    assert refusal(lines(MAX_ROWS + 1)).startswith(
        "Ce tableau compte 2 001 lignes ; la limite est de"
    )


@pytest.mark.parametrize("fmt", MIME_TYPES)
def test_the_template_can_be_imported(fmt: str) -> None:
    read_back = read_composition(write_composition("Composition", EXAMPLE_ROWS, fmt))
    assert read_back.fault_count == 0
    assert read_back.ignored == []
    assert read_back.rows[0].mandate == (date(2021, 4, 1), date(2024, 3, 31))
    assert set(read_back.rows[0].values) == {column.name for column in COLUMNS}


def test_rows_survive_their_storage() -> None:
    for row in read("organisme;nom;début", "CCI;X;01/04/2021", "CCI;Y;demain").rows:
        assert Row.from_dict(row.as_dict() | {"faults": [*row.as_dict()["faults"]]}) == row


@pytest.mark.parametrize(
    ("model", "name", "title"),
    [
        (Body, "name", "organisme"),
        (Member, "first_name", "prénom"),
        (Member, "last_name", "nom"),
        (Member, "function", "fonction"),
        (Member, "email", "courriel"),
        (Member, "phone", "téléphone"),
    ],
)
def test_limits_are_those_of_the_tables(model: Any, name: str, title: str) -> None:
    limit = model._meta.get_field(name).max_length
    titles = dict.fromkeys(("organisme", "nom", title))
    line = ";".join("x" * (limit + 1) if column == title else "X" for column in titles)
    (told,) = faults(";".join(titles), line)
    assert told.endswith(f"compte {limit + 1} caractères ; la limite est de {limit}.")
