"""Bad or doubtful files: what, where, how to mend it; nothing is guessed, nothing is silent."""

import io
import random
from decimal import Decimal

import openpyxl
import pytest

from indicators.reading.definitions import Reading, RefusalKind
from indicators.reading.read import read_workbook
from tests.indicators.reading.catalogue import DEFINITIONS, PREFECTURE, SERVICES


GARBAGE = (
    "Mois;Service;Indicateur;Valeur;Unité;%;janvier;T1 2020;avrl-21;2020;202103;Total;Préfecture;Moyenne;"
    "Standard;Mairie;Taux d’appels aboutis;Appels reçus;Appels aboutis;Réclamations;Délai permis;12,5 %;"
    "0,95;95;1 234;n.d.;#DIV/0!;104/200;0/0;3 min 20;< 5;15/03/2020;Département;42;Note :;1e5;–"
)


def read(text: str | bytes, name: str = "mesures.csv", **answers: str) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    remembered = {
        key.replace("__", ":").replace("_", " "): answer for key, answer in answers.items()
    }
    return read_workbook(
        data,
        name,
        definitions=DEFINITIONS,
        services=SERVICES,
        prefecture=PREFECTURE,
        remembered=remembered,
    )


def rows(reading: Reading) -> list[tuple[object, ...]]:
    return [(f.cell, f.indicator, f.period.code, f.service, f.value) for f in reading.figures]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "est vide"),
        (b"a;b\n" + b"1;2\n" * 200_000, "Ce fichier a 200\u00a0001 lignes"),
        (b"%PDF-1.7\n%\xe2\xe3", "est un document PDF"),
        ("EncryptedPackage".encode("utf-16-le").rjust(900, b"\0"), "n’est pas un tableau"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "mot de passe",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_refusal(data: bytes, words: str) -> None:
    reading = read(data)
    (refusal,) = reading.refusals
    assert (refusal.sheet, refusal.cell, reading.figures) == ("", "", ())
    assert words in refusal.message


def test_a_file_without_measures_says_so() -> None:
    (refusal,) = read("Bonjour;le monde\nrien;ici\n").refusals
    assert "Aucun tableau de mesures n’est reconnu" in refusal.message


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Préfecture de la Loire;\nIndicateur;T1 2021\nTaux d’appels aboutis;95\n", "x.csv"),
        ("Indicateur;T1 2021\nTaux d’appels aboutis;95\n", "département 42.csv"),
    ],
)
def test_another_prefecture_is_refused_whole(text: str, name: str) -> None:
    reading = read(text, name)
    assert reading.figures == ()
    assert "désigne Loire (42), et non Loir-et-Cher (41)" in reading.refusals[0].message


def test_a_national_file_gives_its_own_rows() -> None:
    reading = read(
        "Département;Indicateur;Période;Valeur\n41 - Loir-et-Cher;Taux d’appels aboutis;2021-T1;95\n"
        "42 - Loire;Taux d’appels aboutis;2021-T1;93\n"
    )
    assert rows(reading) == [("D2", "TEL-ABOUTI", "2021-T1", None, Decimal("0.95"))]
    assert [(r.cell, r.kind.value) for r in reading.refusals] == [("D3", "left_out")]
    assert "autre département (Loire, 42)" in reading.refusals[0].message


def test_two_columns_for_one_indicator() -> None:
    reading = read(
        "Mois;Taux d’appels aboutis;Tx appels aboutis (%)\n01/2021;95;94\n02/2021;96;96\n"
    )
    assert rows(reading) == [("B3", "TEL-ABOUTI", "2021-02", None, Decimal("0.96"))]
    said = {refusal.cell: refusal.message for refusal in reading.refusals}
    assert set(said) == {"B2", "C2", "C3"}
    assert "pour janvier 2021 avec des valeurs différentes : ici 95, et C2 (94)" in said["B2"]
    assert said["C3"] == "Cette valeur est déjà lue en B3."


def test_one_period_twice_with_different_values() -> None:
    reading = read("Mois;Réclamations reçues\njanvier 2021;12\njanv.-21;13\n")
    assert reading.figures == ()
    assert [refusal.cell for refusal in reading.refusals] == ["B2", "B3"]
    assert "B3 (13)" in reading.refusals[0].message


def test_an_unknown_service_is_asked() -> None:
    text = "Service;T1 2021;T2 2021\nStandard;95 %;94 %\nMairie de Blois;90 %;91 %\n"
    reading = read(text, "Taux d’appels aboutis.csv")
    assert [figure.service for figure in reading.figures] == ["std", "std"]
    (question,) = reading.questions
    assert (question.kind, question.cell) == ("service", "A3")
    assert question.text == "De quel service parle « Mairie de Blois » ?"
    assert [refusal.cell for refusal in reading.refusals] == ["B3:C3"]
    answered = read(text, "Taux d’appels aboutis.csv", service__mairie_de_blois="bmi")
    assert [figure.service for figure in answered.figures] == ["std", "std", "bmi", "bmi"]
    assert (answered.refusals, answered.shape) == ((), reading.shape)


def test_an_ambiguous_indicator_is_asked_with_its_candidates() -> None:
    text = "Mois;Taux de décroché\njanvier 2021;85 %\n"
    (question,) = read(text).questions
    assert (question.key, question.cell) == ("indicator:taux de decroche", "B1")
    assert [choice.value for choice in question.choices] == ["TEL-AGENT", "TEL-GLOBAL"]
    answered = read(text, indicator__taux_de_decroche="TEL-GLOBAL")
    assert rows(answered) == [("B2", "TEL-GLOBAL", "2021-01", None, Decimal("0.85"))]
    ignored = read(text, indicator__taux_de_decroche="-")
    assert (ignored.figures, ignored.questions) == ((), ())


def test_a_missing_year_or_period_is_asked() -> None:
    text = "Mois;Taux d’appels aboutis\njanvier;95\n"
    (question,) = read(text).questions
    assert (question.kind, question.text) == ("year", "De quelle année parle ce fichier ?")
    assert rows(read(text, **{question.key: "2021"}))[0][2] == "2021-01"
    assert rows(read(text, "suivi 2020.csv"))[0][2] == "2020-01"
    text = "Indicateur;Valeur\nTaux d’appels aboutis;95 %\n"
    (question,) = read(text).questions
    assert question.kind == "period"
    assert rows(read(text, **{question.key: "2020-T1"}))[0][2] == "2020-T1"


@pytest.mark.parametrize(
    "text",
    [
        "Trimestre;Délai permis de conduire (jours ouvrés)\nT1 2021;20\n",
        "Indicateur;Unité;T1 2021\nDélai permis de conduire;jours ouvrés;27\n",
    ],
)
def test_working_days_are_not_days(text: str) -> None:
    reading = read(text)
    assert reading.figures == ()
    assert "en « jours ouvrés » et l’indicateur" in reading.refusals[0].message


def test_lost_calls_are_never_answered_calls() -> None:
    reading = read("Mois;Appels perdus;Appels aboutis\njanvier 2021;5 %;95 %\n")
    assert rows(reading) == [
        ("B2", "TEL-PERDU", "2021-01", None, Decimal("0.05")),
        ("C2", "TEL-ABOUTI", "2021-01", None, Decimal("0.95")),
    ]


def test_a_proportion_among_percentages_of_another_size_is_not_guessed() -> None:
    reading = read("Mois;Taux d’appels aboutis\n01/2021;95\n02/2021;0,31\n03/2021;93\n")
    assert [figure.cell for figure in reading.figures] == ["B2", "B4"]
    assert "écrivez « 0,31 % » ou « 31 % »" in reading.refusals[0].message


def test_a_rate_that_contradicts_its_parts() -> None:
    reading = read(
        "Mois;Appels reçus;Appels aboutis;Taux d’appels aboutis\n01/2021;1000;900;95 %\n"
    )
    assert reading.figures == ()
    assert {refusal.cell for refusal in reading.refusals} == {"B2", "C2", "D2"}
    assert "contredit 900 sur 1000" in reading.refusals[0].message


def test_a_part_alone_makes_no_rate() -> None:
    (refusal,) = read("Mois;Appels reçus\njanvier 2021;1000\n").refusals
    assert refusal.message.endswith("il manque « Appels aboutis ».")


def test_years_are_no_figures_and_figures_no_years() -> None:
    reading = read("Indicateur;2019;2020;2021\nRéclamations reçues;2020;2019;65\n")
    assert rows(reading) == [
        ("B2", "REC-NB", "2019", None, 2020),
        ("C2", "REC-NB", "2020", None, 2019),
        ("D2", "REC-NB", "2021", None, 65),
    ]
    assert [row[2] for row in rows(read("Année;Réclamations reçues\n2019;65\n2020;70\n"))] == [
        "2019",
        "2020",
    ]


def test_nothing_but_a_title_and_values() -> None:
    reading = read("Indicateurs mars 2021\nTaux d’appels aboutis;95 %\nRéclamations reçues;12\n")
    assert rows(reading) == [
        ("B2", "TEL-ABOUTI", "2021-03", None, Decimal("0.95")),
        ("B3", "REC-NB", "2021-03", None, 12),
    ]
    assert {figure.confidence for figure in reading.figures} == {0.9}


def test_a_sheet_of_unknown_service_waits_for_an_answer() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for name in ("BMI", "Accueil"):
        page = book.create_sheet(name)
        page.append(["Mois", "Taux d’appels aboutis"])
        page.append(["01/2021", 0.95])
    del book["Sheet"]
    book.save(file)
    reading = read(file.getvalue(), "x.xlsx")
    assert [figure.service for figure in reading.figures] == ["bmi"]
    assert [(r.sheet, r.cell) for r in reading.refusals] == [("Accueil", "B2")]
    assert reading.questions[0].text == "De quel service parle la feuille « Accueil » ?"
    answered = read(file.getvalue(), "x.xlsx", service__accueil="std")
    assert [figure.service for figure in answered.figures] == ["bmi", "std"]


def test_words_in_a_column_of_figures_are_refused_one_by_one() -> None:
    reading = read("Mois;Réclamations reçues\n01/2021;grève\n02/2021;en cours\n03/2021;12\n")
    assert rows(reading) == [("B4", "REC-NB", "2021-03", None, 12)]
    assert [(r.cell, r.message) for r in reading.refusals] == [
        ("B2", "« grève » n’est pas un nombre."),
        ("B3", "« en cours » n’est pas un nombre."),
    ]


def test_garbage_is_never_a_failure_nor_two_figures_for_one_thing() -> None:
    words = GARBAGE.split(";")
    for seed in range(150):
        draw = random.Random(seed)  # noqa: S311
        lines = [";".join(draw.choices(["", *words], k=draw.randint(1, 6))) for _ in range(9)]
        reading = read("\n".join(lines), "suivi 2021.csv", period__="zz", year__="20")
        keys = [(f.indicator, f.period, f.service) for f in reading.figures]
        assert len(keys) == len(set(keys))
        assert all((f.value is None) == (f.status != "measured") for f in reading.figures)


def test_a_denominator_shared_by_two_rates_is_not_refused_with_one_of_them() -> None:
    reading = read(
        "Mois;Appels aboutis;Appels reçus;Taux d’appels aboutis;Appels perdus\n"
        "janvier 2021;900;1000;95 %;100\n"
    )
    assert rows(reading) == [("E2", "TEL-PERDU", "2021-01", None, Decimal("0.1"))]
    assert reading.figures[0].denominator == 1000
    assert [refusal.cell for refusal in reading.refusals] == ["D2", "B2"]


def test_a_refusal_tells_whether_there_is_something_to_mend() -> None:
    reading = read(
        "Mois;Taux d’appels aboutis;Cible;Truc inconnu;Taux d’appels aboutis\n"
        "janvier 2021;95 %;90 %;3;95 %\n"
        "février 2021;#DIV/0!;;;\n"
        "Moyenne;95 %;;;\n"
    )
    assert {(refusal.cell, refusal.kind.value) for refusal in reading.refusals} == {
        ("B3", "mistake"),
        ("B4", "left_out"),
        ("C2", "left_out"),
        ("D2", "unanswered"),
        ("E2", "left_out"),
    }
    answered = read("Mois;Truc inconnu\njanvier 2021;3\n", indicator__truc_inconnu="-")
    assert [refusal.kind.value for refusal in answered.refusals] == ["left_out"]
    assert [refusal.kind.value for refusal in read("a;b\nc;d\n").refusals] == ["no_table"]


def test_a_hidden_sheet_is_told_and_not_read() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for title, value in (("2021", "95 %"), ("Brouillon", "12 %")):
        page = book.create_sheet(title)
        page.append(["Indicateur", "T1 2021"])
        page.append(["Taux d’appels aboutis", value])
    book["Brouillon"].sheet_state = "hidden"
    book.save(file)

    reading = read(file.getvalue(), "suivi.xlsx")

    assert [(f.sheet, f.cell, f.value) for f in reading.figures] == [
        ("2021", "B2", Decimal("0.95"))
    ]
    (refusal,) = reading.refusals
    assert (refusal.sheet, refusal.kind) == ("Brouillon", RefusalKind.LEFT_OUT)
    assert "masquée" in refusal.message


@pytest.mark.parametrize(
    ("text", "cells", "words"),
    [
        (
            "Mois;Courriels reçus;Courriels traités dans les délais;Taux\n01/2021;1,250;1000;80 %\n",
            ["B2"],
            "se lit de deux façons",
        ),
        ("Mois;Réclamations reçues\n01/2021;(5)\n02/2021;4\n", ["B2"], "sans parenthèses"),
        (
            "Indicateur;2020;2021\nTaux de satisfaction globale (%);81;82\n"
            "Taux d’appels aboutis (%);0,9;0,95\n",
            ["B3", "C3"],
            "se lit de deux façons",
        ),
        (
            "Période;Réclamations reçues;;Période;Taux d’appels aboutis\nT1 2021;5;;T3 2021;92 %\n",
            ["B2:E2"],
            "côte à côte",
        ),
        (
            "Taux d’appels aboutis;;;Taux d’appels perdus;\nT1 2021;92 %;;T1 2021;\n",
            ["B2"],
            "Aucun libellé",
        ),
    ],
)
def test_what_may_be_two_things_is_refused(text: str, cells: list[str], words: str) -> None:
    mistakes = [r for r in read(text).refusals if r.kind == RefusalKind.MISTAKE]
    assert [refusal.cell for refusal in mistakes] == cells
    assert all(words in refusal.message for refusal in mistakes)


@pytest.mark.parametrize(
    ("text", "cells", "words"),
    [
        ("Indicateur;Au 31/12/2021\nNombre de réclamations;3\n", ["B2"], "ne dit pas depuis quand"),
        (
            "Indicateur;2021\nDélai permis de conduire (en mois);3\n",
            ["B2"],
            "compte ici en « mois »",
        ),
        ("Indicateur;2021\nNombre de réclamations;5,5\n", ["B2"], "nombre entier"),
        # The last row as well as the others, and the first column of figures.
        (
            "Indicateur;T1 2021\nRéclamations reçues;3\nDélai permis de conduire;grève\n",
            ["B3"],
            "grève",
        ),
        (
            "Indicateur;T1 2021;T2 2021\nRéclamations reçues;grève;3\nDélai permis de conduire;grève;20\n",
            ["B2", "B3"],
            "grève",
        ),
    ],
)
def test_what_a_person_would_not_enter_is_told(text: str, cells: list[str], words: str) -> None:
    mistakes = [r for r in read(text).refusals if r.kind == RefusalKind.MISTAKE]
    assert [refusal.cell for refusal in mistakes] == cells
    assert all(words in refusal.message for refusal in mistakes)


@pytest.mark.parametrize(
    "label",
    [
        "Temps d’attente téléphonique",
        "Délai légal de délivrance des CNI et passeports",
        "Nombre de visites mystère",
        "Délai de délivrance des passeports d’urgence",
        "Réclamations reçues (courrier)",
        "Visites du site (en milliers)",
        "Taux d’appels aboutis national",
        "Temps d’attente pour un rendez-vous",
    ],
)
def test_another_measure_of_the_same_words_is_asked_about(label: str) -> None:
    reading = read(f"Indicateur;2021\n{label};37\n")
    assert reading.figures == ()
    assert [question.cell for question in reading.questions] == ["A2"]


@pytest.mark.parametrize("title", ["Objectifs 2021", "Cibles annuelles 2021"])
def test_a_title_of_targets_is_told(title: str) -> None:
    (refusal,) = read(f"{title};\nIndicateur;T1\nTaux d’appels aboutis;95 %\n").refusals
    assert (refusal.cell, refusal.kind) == ("B3", RefusalKind.LEFT_OUT)
    assert f"« {title} » annonce des cibles" in refusal.message


def test_a_table_without_a_column_of_measures_is_said() -> None:
    (refusal,) = read("Service;Trimestre\nBMI;12\nMQ;14\n").refusals
    assert (refusal.cell, refusal.kind) == ("A2:A3", RefusalKind.NO_TABLE)
