"""Shapes seen in préfectures, each small enough to be read at once: a table, and where its figures land.

The expected figures are written by hand: cell, indicator, period, service (« – » for the préfecture),
value, then numerator and denominator when there are some.
"""

import io
from dataclasses import replace

import openpyxl
import pytest

from indicators.reading.definitions import Reading, RefusalKind
from indicators.reading.read import read_workbook
from tests.indicators.reading.catalogue import DEFINITIONS, PREFECTURE, SERVICES


def read(text: str, name: str = "mesures.csv", **answers: str) -> Reading:
    remembered = {key.replace("__", ":").replace("_", " "): said for key, said in answers.items()}
    return read_workbook(
        text.encode(),
        name,
        definitions=DEFINITIONS,
        services=SERVICES,
        prefecture=PREFECTURE,
        remembered=remembered,
    )


def landed(reading: Reading) -> list[str]:
    found = []
    for figure in reading.figures:
        value = (
            figure.status.value if figure.value is None else format(figure.value.normalize(), "f")
        )
        parts = [figure.cell, figure.indicator, figure.period.code, figure.service or "–", value]
        parts += [str(part) for part in (figure.numerator, figure.denominator) if part is not None]
        found.append(" ".join(parts))
    return sorted(found)


def lines(text: str) -> list[str]:
    return sorted(line.strip() for line in text.strip().splitlines())


SHAPES = {
    "parts grouped under the matter they speak of": (
        "Mois;Courriels;;;Courriers;;\n"
        ";Reçus;Traités dans les délais;Taux;Reçus;Traités dans les délais;Taux\n"
        "janvier 2021;100;80;80 %;50;45;90 %\n",
        """
        D3 ECR-MAIL 2021-01 – 0.8 80 100
        G3 ECR-COUR 2021-01 – 0.9 45 50
        """,
    ),
    "the title says the matter, the columns its parts": (
        "Suivi des courriels 2021;;;\nMois;Reçus;Traités dans les délais;%\njanvier;100;80;80 %\n",
        "D3 ECR-MAIL 2021-01 – 0.8 80 100",
    ),
    "the same, in rows": (
        "Thème;Donnée;T1 2021\nCourriels;Reçus;100\n;Traités dans les délais;80\n;Taux;80 %\n",
        "C4 ECR-MAIL 2021-T1 – 0.8 80 100",
    ),
    "this year and the one before": (
        "Résultats – Année 2021;;;\nIndicateur;N-1;N;Évolution\nTaux d’appels aboutis;93 %;95 %;+2\n",
        """
        B3 TEL-ABOUTI 2020 – 0.93
        C3 TEL-ABOUTI 2021 – 0.95
        """,
    ),
    "a span of days is the quarter that it covers": (
        "Du 1er janvier au 31 mars 2021;\nIndicateur;Valeur\nTaux d’appels perdus;5 %\n",
        "B3 TEL-PERDU 2021-T1 – 0.05",
    ),
    "a letterhead names who keeps the table": (
        "Préfecture de Loir-et-Cher – Mission qualité;\nBilan du 1er trimestre 2021;\n"
        "Indicateur;Valeur\nCourriers répondus dans le délai (%);81\n",
        "B4 ECR-COUR 2021-T1 – 0.81",
    ),
    "a title names the service that a table measures": (
        "Préfecture de Loir-et-Cher – Sous-préfecture de Vendôme;\nBilan du 1er trimestre 2021;\n"
        "Indicateur;Valeur\nCourriers répondus dans le délai (%);81\n",
        "B4 ECR-COUR 2021-T1 vendome 0.81",
    ),
    "a signature dates no figure": (
        "Bilan du 1er trimestre 2021;\nBlois, le 31/05/2021;\nIndicateur;Valeur\nTaux d’appels perdus;5 %\n",
        "B4 TEL-PERDU 2021-T1 – 0.05",
    ),
    "days written in letters, at the end of months": (
        "Arrêté au;Taux d’appels aboutis (%)\n31 mars 2021;95\n30 avril 2021;92\n",
        """
        B2 TEL-ABOUTI 2021-03 – 0.95
        B3 TEL-ABOUTI 2021-04 – 0.92
        """,
    ),
    "the year stands in the corner": (
        "2021;janvier;février\nTaux d’appels aboutis (%);95;94\n",
        """
        B2 TEL-ABOUTI 2021-01 – 0.95
        C2 TEL-ABOUTI 2021-02 – 0.94
        """,
    ),
    "a provisional year is a year": (
        "Indicateurs;Unité;2020;2021 (provisoire);Moyenne 2020-2021\nRéclamations;nb;65;68;66\n",
        """
        C2 REC-NB 2020 – 65
        D2 REC-NB 2021 – 68
        """,
    ),
    "matters are no services": (
        "Téléphone;;;Courriels;\nMois;% d’appels aboutis;;Mois;Courriels traités dans les délais (%)\n"
        "janvier 2021;95;;janvier 2021;80\n",
        """
        B3 TEL-ABOUTI 2021-01 – 0.95
        E3 ECR-MAIL 2021-01 – 0.8
        """,
    ),
    "codes over labels": (
        "Période;ECR-MAIL\n;Courriels dans les délais\n2021-01;88\n2021-02;87\n",
        """
        B3 ECR-MAIL 2021-01 – 0.88
        B4 ECR-MAIL 2021-02 – 0.87
        """,
    ),
    "a count that is also a denominator, in a long list": (
        "Mois;Indicateur;Valeur\n01/2021;Réclamations reçues;3\n",
        "C2 REC-NB 2021-01 – 3",
    ),
    "abbreviations": (
        "Indicateur;T1 2021\nNb de réclam.;12\nTél. – appels perdus (%);5\n",
        """
        B2 REC-NB 2021-T1 – 12
        B3 TEL-PERDU 2021-T1 – 0.05
        """,
    ),
    "a place is called by the first half of its name": (
        "Fréquentation du point numérique;\nSite;janv.-21\nRomorantin;40\n",
        "B3 PAN-FREQ 2021-01 romo 40",
    ),
    "a label that is both the indicator and its numerator": (
        "Mois;Courriers reçus;Courriers traités dans les délais\n01/2021;0;0\n02/2021;10;8\n",
        """
        C2 ECR-COUR 2021-01 – not_applicable 0 0
        C3 ECR-COUR 2021-02 – 0.8 8 10
        """,
    ),
    "a rate that its neighbours name": (
        "Mois;Appels reçus;Appels traités;Taux d’aboutement\n01/2021;1000;900;90 %\n",
        "D2 TEL-ABOUTI 2021-01 – 0.9 900 1000",
    ),
    "counts that look like years": (
        "Année;Visites du site\n2019;2019\n2020;2020\n",
        """
        B2 WEB-VISITES 2019 – 2019
        B3 WEB-VISITES 2020 – 2020
        """,
    ),
    "months by their numbers": (
        "Année 2021;\nIndicateur;1;2;3\nTaux d’appels perdus (%);5;6;7\n",
        """
        B3 TEL-PERDU 2021-01 – 0.05
        C3 TEL-PERDU 2021-02 – 0.06
        D3 TEL-PERDU 2021-03 – 0.07
        """,
    ),
    "months by their initials": (
        "2021;J;F;M\nTaux d’appels perdus (%);5;6;7\n",
        """
        B2 TEL-PERDU 2021-01 – 0.05
        C2 TEL-PERDU 2021-02 – 0.06
        D2 TEL-PERDU 2021-03 – 0.07
        """,
    ),
    "months under their quarter": (
        "Trimestre;Mois;% d’appels perdus\nT1 2021;janvier;5\n;février;6\n",
        """
        C2 TEL-PERDU 2021-01 – 0.05
        C3 TEL-PERDU 2021-02 – 0.06
        """,
    ),
    "ends of years": (
        "Indicateur;Au 31/12/2020;Au 31/12/2021\nRéclamations reçues;71;65\n",
        """
        B2 REC-NB 2020 – 71
        C2 REC-NB 2021 – 65
        """,
    ),
    "the indicator stands in the corner": (
        "Courriels traités dans les délais (%);T1 2021\nBMI;80\nTotal;82\n",
        """
        B2 ECR-MAIL 2021-T1 bmi 0.8
        B3 ECR-MAIL 2021-T1 – 0.82
        """,
    ),
    "a target beside the name": (
        "Indicateur;T1 2021\nTaux d’appels perdus (objectif : 10 %);8 %\n",
        "B2 TEL-PERDU 2021-T1 – 0.08",
    ),
    "details of a whole": (
        "Réclamations reçues;2021\nPar courrier;1\ndont courriel;2\nTotal;3\n",
        "B4 REC-NB 2021 – 3",
    ),
    "a remark at the right": (
        "Mois;Taux d’appels perdus;\n01/2021;5 %;fermé le 12/01\n02/2021;6 %;12 appels de plus\n",
        """
        B2 TEL-PERDU 2021-01 – 0.05
        B3 TEL-PERDU 2021-02 – 0.06
        """,
    ),
    "a national row among departments": (
        "Taux d’appels perdus (%);\nDépartement;T1 2021\nLoir-et-Cher;5\nLoire;6\nNational;7\n",
        "B3 TEL-PERDU 2021-T1 – 0.05",
    ),
    "a count and its rate, side by side": (
        "Indicateur;janv. 2021;\n;Nb;%\nCourriels traités dans les délais;90;75 %\n",
        "C3 ECR-MAIL 2021-01 – 0.75 90",
    ),
    "a year alone over its months": (
        "Mois;Taux d’appels perdus (%)\n2020;\ndécembre;5\n2021;\njanvier;6\n",
        """
        B3 TEL-PERDU 2020-12 – 0.05
        B5 TEL-PERDU 2021-01 – 0.06
        """,
    ),
    "indicators under the name of a place": (
        "Guichet;T1 2021\nTemps d’attente moyen au guichet;12\nRéclamations reçues;3\n",
        """
        B2 ATT-GUICHET 2021-T1 – 12
        B3 REC-NB 2021-T1 – 3
        """,
    ),
    "a part that makes no rate, beside a measure": (
        "Mois;Appels reçus;Réclamations reçues\n01/2021;1000;3\n",
        "C2 REC-NB 2021-01 – 3",
    ),
    "small percentages among others": (
        "Mois;Taux d’appels aboutis;Taux d’appels perdus\n01/2021;99,6;0,4\n02/2021;98,8;1,2\n",
        """
        B2 TEL-ABOUTI 2021-01 – 0.996
        B3 TEL-ABOUTI 2021-02 – 0.988
        C2 TEL-PERDU 2021-01 – 0.004
        C3 TEL-PERDU 2021-02 – 0.012
        """,
    ),
    "a small percentage that says so": (
        "Mois;Taux d’appels aboutis (%);Taux d’appels perdus (%)\n01/2021;99,6;0,4\n",
        """
        B2 TEL-ABOUTI 2021-01 – 0.996
        C2 TEL-PERDU 2021-01 – 0.004
        """,
    ),
    "a form over the table": (
        "Service :;BMI;;Année :;2021\nIndicateur;janvier;février\nRéclamations reçues;3;4\n",
        """
        B3 REC-NB 2021-01 bmi 3
        C3 REC-NB 2021-02 bmi 4
        """,
    ),
    "a period beside the day of a meeting": (
        "Comité du 12 mars 2021 : 4e trimestre 2020;\nIndicateur;Valeur\nRéclamations reçues;3\n",
        "B3 REC-NB 2020-T4 – 3",
    ),
    "periods by their two ends": (
        "Début;Fin;Indicateur;Valeur\n01/01/2021;31/03/2021;Réclamations reçues;3\n",
        "D2 REC-NB 2021-T1 – 3",
    ),
    "the same quarter of two years": (
        "Année 2021\nIndicateur;T1 N-1;T1 N;YTD\nRéclamations reçues;5;12;12\n",
        """
        B3 REC-NB 2020-T1 – 5
        C3 REC-NB 2021-T1 – 12
        """,
    ),
    "the number of answers beside a rate": (
        "Indicateur;2021;Nb de répondants\nTaux de satisfaction globale;81 %;450\n",
        "B2 SAT-GLOB 2021 – 0.81 450",
    ),
    "a pivot table: the name of the columns over them, and totals of services": (
        "Somme de Valeur;;Mois;;\nIndicateur;Service;2021-01;2021-02;Total général\n"
        "Courriels reçus;BMI;10;20;30\n;MQ;5;6;11\n"
        "Courriels traités dans les délais;BMI;8;10;18\n;MQ;5;3;8\n",
        """
        C5 ECR-MAIL 2021-01 bmi 0.8 8 10
        D5 ECR-MAIL 2021-02 bmi 0.5 10 20
        C6 ECR-MAIL 2021-01 mq 1 5 5
        D6 ECR-MAIL 2021-02 mq 0.5 3 6
        """,
    ),
    "the total of a service, under its months": (
        "Service;Mois;Réclamations reçues\nBMI;01/2021;3\n;02/2021;4\nTotal BMI;;7\nTotal général;;7\n",
        """
        C2 REC-NB 2021-01 bmi 3
        C3 REC-NB 2021-02 bmi 4
        """,
    ),
    "the year beside its quarters, subtotals between services": (
        ";2020;;2021;\nRéclamations reçues;T1;Année;T1;Année\nBMI;1;4;2;5\n"
        "Sous-total séjour;1;4;2;5\nMQ;3;7;3;6\n",
        """
        B3 REC-NB 2020-T1 bmi 1
        C3 REC-NB 2020 bmi 4
        D3 REC-NB 2021-T1 bmi 2
        E3 REC-NB 2021 bmi 5
        B5 REC-NB 2020-T1 mq 3
        C5 REC-NB 2020 mq 7
        D5 REC-NB 2021-T1 mq 3
        E5 REC-NB 2021 mq 6
        """,
    ),
    "the total of the services under each year": (
        ";2020;;;2021;;\n;BMI;MQ;Total;BMI;MQ;Total\nRéclamations reçues;1;2;3;4;5;9\n",
        """
        B3 REC-NB 2020 bmi 1
        C3 REC-NB 2020 mq 2
        D3 REC-NB 2020 – 3
        E3 REC-NB 2021 bmi 4
        F3 REC-NB 2021 mq 5
        G3 REC-NB 2021 – 9
        """,
    ),
    "calls of notes, and evolutions in brackets": (
        "Indicateur (1);T1 2021;T2 2021 (2)\nTaux d’appels aboutis (3);92,5 % (a);93 % (+0,5 pt)\n",
        """
        B2 TEL-ABOUTI 2021-T1 – 0.925
        C2 TEL-ABOUTI 2021-T2 – 0.93
        """,
    ),
    "a title that is a rate, services over percentages": (
        "Courriels répondus dans le délai, par service et par mois\nMois;BMI;MQ\n01/2021;80%;70%\n",
        """
        B3 ECR-MAIL 2021-01 bmi 0.8
        C3 ECR-MAIL 2021-01 mq 0.7
        """,
    ),
    "départements under « Préfecture »": (
        "Préfecture;Indicateur;T1 2021\n41 - Loir-et-Cher;Réclamations reçues;3\n"
        "Loiret;Réclamations reçues;9\n",
        "C2 REC-NB 2021-T1 – 3",
    ),
    "a service and its indicator in the corner": (
        "BMI – Courriels répondus dans le délai;janv-21;févr-21\nTaux;80 %;81 %\n",
        """
        B2 ECR-MAIL 2021-01 bmi 0.8
        C2 ECR-MAIL 2021-02 bmi 0.81
        """,
    ),
    "the indicator in the corner, years under it": (
        "Courriels répondus dans le délai;janvier;février\n2020;80 %;81 %\n2021;82 %;83 %\n",
        """
        B2 ECR-MAIL 2020-01 – 0.8
        C2 ECR-MAIL 2020-02 – 0.81
        B3 ECR-MAIL 2021-01 – 0.82
        C3 ECR-MAIL 2021-02 – 0.83
        """,
    ),
    "one year over tables that have their own titles": (
        "Suivi 2021;\nCourriels répondus dans le délai;\nMois;Taux\njanvier;80 %\n;\n"
        "Courriers répondus dans le délai;\nMois;Taux\njanvier;90 %\n",
        """
        B4 ECR-MAIL 2021-01 – 0.8
        B8 ECR-COUR 2021-01 – 0.9
        """,
    ),
    "commas in the words of a file cut by semicolons": (
        "Mois;Taux d’appels aboutis;Remarque\n01/2021;92,5 %;a, b, c, d\n",
        "B2 TEL-ABOUTI 2021-01 – 0.925",
    ),
    "a rate in the row under its two numbers": (
        ";janv-21\nAppels reçus;1000\nAppels aboutis;900\nTaux (%);90 %\nCourriels reçus;100\n"
        "Courriels traités dans les délais;80\n%;80\n",
        """
        B4 TEL-ABOUTI 2021-01 – 0.9 900 1000
        B7 ECR-MAIL 2021-01 – 0.8 80 100
        """,
    ),
    "a section that says the matter of its rows": (
        "2021;T1\nAccueil téléphonique;\nReçus;1000\nAboutis;900\nTaux;90 %\nCourrier;\nReçus;100\n"
        "Traités dans les délais;80\nTaux;80 %\n",
        """
        B5 TEL-ABOUTI 2021-T1 – 0.9 900 1000
        B9 ECR-COUR 2021-T1 – 0.8 80 100
        """,
    ),
    "of which, right of the whole": (
        "Mois;Nb courriels reçus;dont traités sous 5 jours;%\njanv-21;100;80;80 %\n",
        "D2 ECR-MAIL 2021-01 – 0.8 80 100",
    ),
    "a place within the label of the indicator": (
        "Indicateur;T1 2021\nFréquentation du point numérique de Vendôme;30\n"
        "Nombre de réclamations – Mission qualité;3\n",
        """
        B2 PAN-FREQ 2021-T1 vendome 30
        B3 REC-NB 2021-T1 mq 3
        """,
    ),
    "one rate in all its spellings": (
        "Mois;Taux d’appels aboutis\njanv-21;95,16 %\nfévr-21;0,9516\nmars-21;95.16\navr-21;95\n",
        """
        B2 TEL-ABOUTI 2021-01 – 0.9516
        B3 TEL-ABOUTI 2021-02 – 0.9516
        B4 TEL-ABOUTI 2021-03 – 0.9516
        B5 TEL-ABOUTI 2021-04 – 0.95
        """,
    ),
    "headings that end with a colon": (
        "Indicateur :;T1 2021;T2 2021\nNombre de réclamations;3;4\n",
        """
        B2 REC-NB 2021-T1 – 3
        C2 REC-NB 2021-T2 – 4
        """,
    ),
    "a row of comments between two rows of figures": (
        "Indicateur;T1 2021;T2 2021\nNombre de réclamations;3;4\nCommentaire;baisse;hausse\n"
        "Délai permis de conduire;20;21\nVisa du référent;lu;vu\n",
        """
        B2 REC-NB 2021-T1 – 3
        C2 REC-NB 2021-T2 – 4
        B4 TIT-PERMIS 2021-T1 – 20
        C4 TIT-PERMIS 2021-T2 – 21
        """,
    ),
    "all the answers to the questions of a survey, beside the rate of one": (
        "Enquête 2021;;;\nQuestion;Très satisfait;Peu satisfait;Total\n"
        "Délai d’obtention d’un rendez-vous pour les étrangers;60;40;100\n;;;\n"
        "Mois;Délai permis de conduire;;\njanvier;20;;\n",
        "B6 TIT-PERMIS 2021-01 – 20",
    ),
    "« dep » over the départements": (
        "dep;indicator;period;value\n41;Réclamations reçues;2021-T1;3\n"
        "18;Réclamations reçues;2021-T1;9\n",
        "D2 REC-NB 2021-T1 – 3",
    ),
    "durations as a telephone exchange writes them": (
        "Mois;Temps d’attente moyen au guichet\n01/2021;00:03:15\n",
        "B2 ATT-GUICHET 2021-01 – 3.25",
    ),
}


@pytest.mark.parametrize(("text", "expected"), SHAPES.values(), ids=SHAPES.keys())
def test_every_figure_lands_where_a_person_would_put_it(text: str, expected: str) -> None:
    reading = read(text)
    assert landed(reading) == lines(expected)
    assert not reading.questions
    assert {refusal.kind for refusal in reading.refusals} <= {RefusalKind.LEFT_OUT}


DAYS = "Date;Appels reçus;Appels perdus\n" + "".join(
    f"{day:02}/01/2021;{60 + day};5\n" for day in range(1, 32)
)
WEEKS = "Semaine;Appels reçus;Appels perdus\n" + "".join(f"S{n};300;9\n" for n in range(1, 9))


@pytest.mark.parametrize(("text", "grain"), [(DAYS, "jour"), (WEEKS, "semaine")])
def test_days_and_weeks_are_neither_months_nor_halves(text: str, grain: str) -> None:
    reading = read(f"{text}Total;2356;155\n")
    (refusal,) = reading.refusals
    assert (len(reading.figures), reading.questions, reading.notices) == (0, (), ())
    assert f"Ce tableau compte par {grain}" in refusal.message
    assert refusal.cell == f"B2:C{text.count(chr(10)) + 1}"


@pytest.mark.parametrize(
    ("text", "cell", "words"),
    [
        ("Indicateur;2020-2021\nTaux d’appels aboutis;95 %\n", "B2", "d’une année à l’autre"),
        ("Indicateur;12 mai\nTaux d’appels aboutis;95 %\n", "B2", "« 12 mai » est un jour"),
        (
            "Indicateur;Type;Année;Valeur\nTaux d’appels aboutis;trimestre;2021;95 %\n",
            "D2",
            "« trimestre » ne dit pas lequel",
        ),
        ("Mois;Temps d’attente au guichet\n01/2021;03:15\n", "B2", "se lit de deux façons"),
        (
            "Indicateur;12 derniers mois\nTaux d’appels aboutis;95 %\n",
            "B2",
            "n’est ni un mois, ni un trimestre",
        ),
        (
            "Mois;Taux d’appels perdus (%)\njanvrier 2021;5\n",
            "B2",
            "« janvrier 2021 » n’est pas une période",
        ),
        ("Indicateur;T1 2021\nTaux d’appels perdus;env. 5 %\n", "B2", "n’est pas un nombre précis"),
        (
            "Indicateur;T1 2021\nDélai permis de conduire;4 semaines\n",
            "B2",
            "en jours ou en minutes",
        ),
        ("Mois;Visites du site\n01/2021;12.345\n", "B2", "se lit de deux façons"),
        (
            "Mois;Taux d’appels perdus\n01/2021;0,8\n02/2021;1,2\n",
            "B2",
            "écrivez « 0,8 % » ou « 80 % »",
        ),
        (
            "Mois;Taux d’appels aboutis\n01/2021;0,95\n02/2021;1,02\n",
            "B3",
            "« 1,02 % » ou « 102 % »",
        ),
        (
            "2021;Très satisfait;Satisfait\nStandard;40 %;45 %\n",
            "C2",
            "« Satisfait » est une réponse parmi d’autres",
        ),
    ],
)
def test_what_resembles_a_measure_is_refused_in_words(text: str, cell: str, words: str) -> None:
    reading = read(text)
    assert list(reading.figures) == []
    assert words in next(r.message for r in reading.refusals if r.cell == cell)


@pytest.mark.parametrize(
    ("name", "title"), [("2021", "Suivi 2020"), ("Mars 2021", "Fiche de février 2021")]
)
def test_a_sheet_copied_and_half_renamed_is_asked_about(name: str, title: str) -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    page = book.active
    page.title = name
    for line in ([title], ["Indicateur", "Valeur"], ["Réclamations reçues", 3]):
        page.append(line)
    book.create_sheet("Graphiques").append(["Évolution"])
    book.save(file)
    reading = read_workbook(
        file.getvalue(),
        "x.xlsx",
        definitions=DEFINITIONS,
        services=SERVICES,
        prefecture=PREFECTURE,
        remembered={},
    )
    assert list(reading.figures) == []
    assert [question.text for question in reading.questions] == [
        f"De quelle période parle la feuille « {name} » ?"
    ]


def test_an_unknown_service_of_a_list_is_asked() -> None:
    reading = read(
        "Service;Mois;Indicateur;Valeur\nBureau des armes;01/2021;Courriels traités dans les délais;90 %\n"
    )
    assert list(reading.figures) == []
    assert [question.text for question in reading.questions] == [
        "De quel service parle « Bureau des armes » ?"
    ]


def test_two_numbers_that_would_make_two_rates_make_none() -> None:
    both = [
        replace(
            one, numerator_label="Usagers satisfaits", denominator_label="Usagers ayant répondu"
        )
        if one.code.startswith("SAT")
        else one
        for one in DEFINITIONS
    ]
    reading = read_workbook(
        "Mois;Usagers satisfaits;Usagers ayant répondu\n01/2021;170;200\n".encode(),
        "x.csv",
        definitions=both,
        services=SERVICES,
        prefecture=PREFECTURE,
        remembered={},
    )
    assert list(reading.figures) == []
    assert "Ce nombre ferait à la fois" in next(
        r.message for r in reading.refusals if r.cell == "B2"
    )


def test_the_wait_of_a_call_is_not_that_of_the_counter() -> None:
    text = "Mois;Appels reçus;Appels perdus;Tps moyen d’attente\n01/2021;1000;50;00:00:45\n"
    reading = read(text)
    (question,) = reading.questions
    assert question.text == "Quel indicateur désigne « Tps moyen d’attente » ?"
    assert landed(reading) == ["C2 TEL-PERDU 2021-01 – 0.05 50 1000"]
    answered = read(text, indicator__tps_moyen_d_attente="ATT-GUICHET")
    assert "D2 ATT-GUICHET 2021-01 – 0.75" in landed(answered)


def test_what_is_known_by_its_unit_says_how_it_was_understood() -> None:
    (figure,) = read("Indicateur;Unité;2021\nRéclamations;nb;12\n").figures
    assert (
        figure.reason == "« Réclamations » compris comme « Nombre de réclamations et suggestions »."
    )
    assert figure.confidence < 1


def test_a_total_is_not_compared_with_parts_that_wait_for_an_answer() -> None:
    reading = read(
        "Fréquentation du point numérique;\nSite;01/2021\nBlois;120\nVendôme;60\nTotal;180\n"
    )
    assert landed(reading) == ["B4 PAN-FREQ 2021-01 vendome 60", "B5 PAN-FREQ 2021-01 – 180"]
    assert (len(reading.questions), reading.notices) == (1, ())


def test_what_counts_for_the_whole_prefecture_is_not_given_to_the_service_of_a_title() -> None:
    text = "Suivi du standard téléphonique;\nMois;Taux d’appels aboutis (%)\n01/2021;95\n"
    levelled = [
        replace(one, level="prefecture") if one.code == "TEL-ABOUTI" else one for one in DEFINITIONS
    ]
    for definitions, service in ((DEFINITIONS, "std"), (levelled, None)):
        reading = read_workbook(
            text.encode(),
            "x.csv",
            definitions=definitions,
            services=SERVICES,
            prefecture=PREFECTURE,
            remembered={},
        )
        assert [figure.service for figure in reading.figures] == [service]
