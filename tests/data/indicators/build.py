"""Writes the ten workbooks of ``tests/indicators/reading``: ``python -m tests.data.indicators.build``.

Each imitates what somebody of a préfecture keeps: titles, merged cells, notes, totals, units in
words. The figures are made up. ``delais-titres.xls`` is ``_delais_titres()`` saved once by LibreOffice
(``soffice --headless --convert-to xls``), since nothing here writes that format.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import tablib
from openpyxl.worksheet.worksheet import Worksheet


FOLDER = Path(__file__).parent
Cells = Sequence[object]


def sheet(book: openpyxl.Workbook, title: str, lines: Sequence[Cells], *merged: str) -> Worksheet:
    page = book.create_sheet(title)
    for line in lines:
        page.append([None if cell == "" else cell for cell in line])
    for area in merged:
        page.merge_cells(area)
    return page


def new_book() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    return book


def telephonie() -> openpyxl.Workbook:
    """Months as true dates in rows; counts and a rate shown as a percentage; a total, a note."""
    book = new_book()
    page = sheet(
        book,
        "Standard",
        [
            ["Préfecture de Loir-et-Cher – suivi du standard téléphonique"],
            ["Édité le 12/07/2021"],
            [],
            [
                "Mois",
                "Appels reçus",
                "Appels aboutis",
                "Appels perdus",
                "Taux d’appels aboutis",
                "Observations",
            ],
            [date(2021, 1, 1), 1965, 1870, 95, 0.9517, ""],
            [date(2021, 2, 1), 1800, 1728, 72, 0.96, "congés scolaires"],
            [date(2021, 3, 1), 2100, 1953, 147, 0.93, ""],
            [date(2021, 4, 1), "n.d.", "n.d.", "n.d.", "n.d.", "panne de l’autocommutateur"],
            ["Total", 5865, 5551, 314, 0.9465, ""],
            [],
            ["Source : autocommutateur, extraction mensuelle."],
        ],
        "A1:F1",
    )
    for row in range(5, 10):
        page[f"A{row}"].number_format = "mmm-yy"
        page[f"E{row}"].number_format = "0.00%"
    return book


def trimestres() -> openpyxl.Workbook:
    """Indicators in rows with their unit, quarters in columns under merged years, a target."""
    book = new_book()
    sheet(
        book,
        "Tableau de bord",
        [
            ["", "Tableau de bord des indicateurs qualité"],
            [],
            ["", "Indicateur", "Unité", "Cible", 2020, "", "", "", 2021, ""],
            ["", "", "", "", "T1", "T2", "T3", "T4", "T1", "T2"],
            ["", "Taux d’appels aboutis", "%", 95, 95.16, 94, "n.d.", 93.5, 96, 95.2],
            ["", "Tx de courriels traités ds les délais", "%", 90, 88, 91.5, 92, 90, 87, 93],
            ["", "Délai permis de conduire", "jours", "", 27, 26, 28, 27, 25, 24],
            ["", "Réclamations et suggestions (nombre)", "nombre", "", 12, 9, 0, 14, "1 204", "-"],
            ["", "Satisfaction globale pour la délivrance des titres", "%", 80, 78, "s.o.", 80.5, 81, 82, 83],
        ],
        "B1:J1", "E3:H3", "I3:J3", "B3:B4", "C3:C4", "D3:D4",
    )  # fmt: skip
    return book


def par_service() -> tablib.Databook:
    """One sheet for each service; months without year, which the title gives."""
    book = tablib.Databook()
    for service, rows in {
        "Standard": [["janvier", "95,2 %", "88 %"], ["février", "96 %", "n.d."], ["mars", "93,75 %", "90 %"]],
        "BMI": [["janvier", "81 %", "70,5 %"], ["février", "82,4 %", "71 %"], ["mars", "sans objet", "72 %"]],
        "SP Vendôme": [["janvier", "99 %", "100 %"], ["février", "98 %", "0 %"], ["mars", "97,1 %", "95 %"]],
    }.items():  # fmt: skip
        lines = [
            [f"Indicateurs – {service}", "", ""],
            ["Année 2021", "", ""],
            ["", "", ""],
            ["Mois", "Appels aboutis (%)", "Courriels répondus dans les délais (%)"],
            *rows,
        ]
        book.add_sheet(tablib.Dataset(*lines, title=service))
    return book


LONG = """\
Code indicateur;Période;Service;Valeur;Numérateur;Dénominateur;Commentaire
TEL-ABOUTI;2021-01;Standard;95,2;952;1000;
TEL-ABOUTI;2021-02;Standard;96;960;1 000;
TEL-PERDU;2021-01;Standard;4,8;48;1000;
ECR-MAIL;2020-T4;BMI;;45;60;calculé par le service
TIT-PERMIS;2020-T4;;27;;;
REC-NB;2021;;65;;;relevé à la main
REC-NB;2020;;non mesuré;;;
ATT-GUICHET;2022-S1;Sous-préfecture de Vendôme;12 min 30;;;
MYST;2021;;7,2/10;;;
"""

AUTOCOM = """\
Export autocommutateur;;;;
Préfecture de Loir-et-Cher;;;;
;;;;
Période;Appels entrants;Appels traités;Appels perdus;Taux d'abandon
janv.-20;1 250;1 200;50;4,00 %
févr.-20;1 100;1 067;33;3,00 %
mars-20;980;882;98;10,00 %
avrl-20;900;850;50;5,56 %
"""

SITES = """\
Temps d’attente au guichet (en minutes)\t\t\t\t\t
Site\t01/2022\t02/2022\t03/2022\t04/2022\tMoyenne
Préfecture\t12,5\t11\t10,25\t-\t11,25
Sous-préfecture de Vendôme\t8\t7,5\tn.d.\t6\t7,17
Sous-préfecture de Romorantin-Lanthenay\t3 min 20\t4\t5\t5 min\t4,33
"""


def _delais_titres() -> openpyxl.Workbook:
    """Quarters in words in rows, one column for each title, units in the headings or the cells."""
    book = new_book()
    sheet(
        book,
        "Titres",
        [
            ["Délais de délivrance des titres"],
            ["Trimestre", "Délai CNI/passeports (en jours)", "Permis de conduire – délai (jours)",
             "Délai certificat d’immatriculation"],
            ["4e trimestre 2019", 30, 29, "5 jours"],
            ["1er trimestre 2020", 28, 27, "5 jours"],
            ["2e trimestre 2020", "n.c.", 41, "12 jours"],
            ["Nota : délai compté depuis le rendez-vous en mairie."],
        ],
    )  # fmt: skip
    return book


def blocs() -> openpyxl.Workbook:
    """Two tables on one sheet, of different shapes, with sections and a gap between."""
    book = new_book()
    sheet(
        book,
        "Synthèse 2021",
        [
            ["Préfet de Loir-et-Cher", "", "", "", ""],
            ["Synthèse qualité – année 2021", "", "", "", ""],
            [],
            ["1. Accueil téléphonique", "", "", "", ""],
            ["", "T1", "T2", "T3", "T4"],
            ["Taux d'appels aboutis", 0.95, 0.94, 0.93, 0.97],
            ["Taux d'appels perdus", 0.05, 0.06, 0.07, 0.03],
            [],
            [],
            ["2. Courriers et courriels", "", "", "", ""],
            ["Service", "Courriers reçus", "Courriers traités dans les délais", "Courriels reçus",
             "Courriels traités dans les délais"],
            ["BRGE", 400, 380, 250, 200],
            ["BMI", 1000, 700, 0, 0],
            ["Total", 1400, 1080, 250, 200],
        ],
    )  # fmt: skip
    return book


def feuilles_mois() -> tablib.Databook:
    """One sheet for each month; indicators in rows, services in columns, and the whole."""
    book = tablib.Databook()
    for month, rows in {
        "Janvier 2022": [[98.5, 91, 95.2], [3, 4, 7], [10, "sans objet", 10]],
        "Février 2022": [[97, 90, 94], [2, 0, 3], [12, 9, 11]],
    }.items():
        labels = ["Taux d’appels aboutis (%)", "Réclamations reçues", "Attente au guichet (min)"]
        lines: list[list[object]] = [
            [
                "Indicateurs",
                "Standard téléphonique",
                "Bureau des migrations et de l’intégration",
                "Ensemble",
            ],
            *([label, *values] for label, values in zip(labels, rows, strict=True)),
        ]
        book.add_sheet(tablib.Dataset(*lines, title=month))
    return book


def fusionnees() -> openpyxl.Workbook:
    """Services merged over several rows, indicators beside, months in columns as text."""
    book = new_book()
    sheet(
        book,
        "2021",
        [
            ["Service", "Indicateur", "janv. 2021", "fév. 2021", "mars 2021", "Évolution"],
            ["Standard", "Appels reçus", 1000, 1100, 900, "-10 %"],
            ["", "Appels aboutis", 950, 1045, 873, ""],
            ["", "% d’appels perdus", 0.05, 0.05, 0.03, ""],
            ["Point d’accueil numérique (PAN)", "Fréquentation point numérique", 120, "#DIV/0!", 98, "+2"],
            ["", "Note enquête mystère (/10)", "7,5", "", 8, ""],
        ],
        "A2:A4", "A5:A6",
    )  # fmt: skip
    return book


def main() -> None:
    for name, book in {
        "telephonie": telephonie(),
        "trimestres": trimestres(),
        "blocs": blocs(),
        "fusionnees": fusionnees(),
    }.items():
        book.save(FOLDER / f"{name}.xlsx")
    for name, books in {"par-service": par_service(), "feuilles-mois": feuilles_mois()}.items():
        (FOLDER / f"{name}.ods").write_bytes(books.export("ods"))
    (FOLDER / "format-long.csv").write_bytes(LONG.encode("utf-8-sig"))
    (FOLDER / "autocom.csv").write_bytes(AUTOCOM.replace("\n", "\r\n").encode("cp1252"))
    (FOLDER / "sites.csv").write_bytes(SITES.encode())


if __name__ == "__main__":
    main()
