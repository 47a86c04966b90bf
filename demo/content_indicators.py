"""Indicators of the demo: how the figures of Loir-et-Cher went from 2019 to mid 2022.

All of them are invented and marked « démonstration » wherever they are read. The one real figure of
Loir-et-Cher (52 % in the survey of 2021) stands with the published values, in ``content_published``.
"""

from dataclasses import dataclass
from datetime import date

from demo.indicator_series import SeriesFacts
from indicators.reading.periods import Kind


SAMPLE = "Valeur de démonstration"
SAMPLE_TARGET = "Valeur de démonstration : aucune cible officielle n’est retrouvée."
# Figures up to these days are published, then validated, then still to check.
TARGETS_SINCE = date(2019, 1, 1)
PUBLISHED_UNTIL, VALIDATED_UNTIL = date(2021, 12, 31), date(2022, 3, 31)

_LOCKDOWN = "Accueil du public fermé pendant le confinement. (Démonstration.)"
_REMOTE = "Registre tenu sur papier, non relevé pendant le confinement. (Démonstration.)"
_SPRING = ("2020-03", "2020-04", "2020-05")
_SITES = (
    "Préfecture",
    "Sous-préfecture de Romorantin-Lanthenay",
    "Sous-préfecture de Vendôme",
)
# The sheet of appointments, kept as a workbook: « d’où vient ce chiffre ? » leads to its cells.
WORKBOOK = "suivi-rendez-vous-etrangers.ods"
WORKBOOK_NAME = "Suivi des rendez-vous des étrangers (démonstration)"
WORKBOOK_SHEET = "Rendez-vous"
WORKBOOK_CODE = "RDV-ETR"

# The actions that the survey of 2021 called for, and the one that the delay of appointments measures.
WEAK_POINT, BASELINE_PERIOD = "RDV-SAT:2021", "2021-T4"
MEASURED_ACTION = "Ajouter des plages de rendez-vous en ligne pour les étrangers"
APPOINTMENT_ACTIONS = (
    "Recruter l’adjointe au chef du bureau des étrangers",
    "Recruter une cheffe de section au bureau des étrangers",
    MEASURED_ACTION,
)

_CALLS = {
    "2019-01": "0.885",
    "2019-12": "0.90",
    "2020-05": "0.745",
    "2020-11": "0.84",
    "2021-06": "0.87",
    "2022-05": "0.925",
}

SERIES = (
    # --- Telephone -------------------------------------------------------------------------------
    SeriesFacts("TEL-ABOUTI", Kind.QUARTER, _CALLS, 21400, "0.012"),
    # Lost calls are the others: the same draw, turned over.
    SeriesFacts(
        "TEL-PERDU",
        Kind.QUARTER,
        {month: str(1 - float(level)) for month, level in _CALLS.items()},
        21400,
        "-0.012",
        twin="TEL-ABOUTI",
    ),
    # --- Writings --------------------------------------------------------------------------------
    SeriesFacts(
        "ECR-MAIL",
        Kind.MONTH,
        {"2019-01": "0.86", "2020-04": "0.72", "2020-12": "0.85", "2022-06": "0.93"},
        430,
        "0.04",
        "ACC",
    ),
    SeriesFacts(
        "ECR-MAIL",
        Kind.MONTH,
        {"2019-01": "0.74", "2020-05": "0.52", "2021-06": "0.66", "2022-06": "0.71"},
        960,
        "0.05",
        "SMI",
    ),
    SeriesFacts(
        "ECR-MAIL",
        Kind.MONTH,
        {"2019-01": "0.90", "2020-04": "0.86", "2022-06": "0.95"},
        210,
        "0.04",
        "BCL",
    ),
    SeriesFacts(
        "ECR-COUR",
        Kind.MONTH,
        {"2019-01": "0.78", "2020-05": "0.60", "2021-03": "0.76", "2022-06": "0.82"},
        240,
        "0.05",
        "SMI",
        absent=_SPRING,
        reasons=dict.fromkeys(_SPRING, _REMOTE),
    ),
    SeriesFacts(
        "ECR-COUR",
        Kind.MONTH,
        {"2019-01": "0.88", "2020-05": "0.80", "2022-06": "0.94"},
        130,
        "0.04",
        "BCL",
    ),
    # --- Complaints ------------------------------------------------------------------------------
    SeriesFacts("REC-NB", Kind.QUARTER, {"2019-01": "19", "2022-06": "26"}, None, "5", "SMI"),
    SeriesFacts("REC-NB", Kind.QUARTER, {"2019-01": "9", "2022-06": "6"}, None, "3", "ACC"),
    SeriesFacts("REC-NB", Kind.QUARTER, {"2019-01": "5", "2022-06": "4"}, None, "2", "STD"),
    SeriesFacts(
        "REC-DELAI",
        Kind.QUARTER,
        {"2019-01": "0.70", "2020-05": "0.55", "2021-09": "0.68", "2022-06": "0.74"},
        22,
        "0.08",
        "SMI",
    ),
    SeriesFacts(
        "REC-DELAI", Kind.QUARTER, {"2019-01": "0.90", "2022-06": "0.96"}, 9, "0.05", "ACC"
    ),
    SeriesFacts(
        "REC-MOYEN",
        Kind.QUARTER,
        {"2019-01": "17", "2020-05": "27", "2021-12": "22", "2022-06": "19"},
        22,
        "2",
        "SMI",
    ),
    SeriesFacts("REC-MOYEN", Kind.QUARTER, {"2019-01": "8", "2022-06": "6"}, 9, "1.5", "ACC"),
    # --- Counter and appointments ----------------------------------------------------------------
    *(
        SeriesFacts(
            "ATT-GUICHET",
            Kind.QUARTER,
            {"2019-01": first, "2020-09": "11", "2022-06": last},
            volume,
            "1.5",
            site,
            idle=("2020-04",),
            reasons={"2020-04": _LOCKDOWN},
        )
        for site, first, last, volume in zip(
            _SITES, ("17", "9", "8"), ("13", "7", "6"), (5200, 900, 1100), strict=True
        )
    ),
    SeriesFacts(
        "RDV-ETR",
        Kind.QUARTER,
        {
            "2019-01": "58",
            "2020-02": "62",
            "2020-08": "84",
            "2021-11": "72",
            "2022-02": "62",
            "2022-05": "40",
        },
        1850,
        "9",
        idle=("2020-04",),
        reasons={"2020-04": _LOCKDOWN},
    ),
    # --- Titles ----------------------------------------------------------------------------------
    SeriesFacts(
        "TIT-CNIPASS",
        Kind.QUARTER,
        {"2019-01": "23", "2020-05": "31", "2021-06": "26", "2022-05": "44"},
        7800,
        "1.5",
    ),
    SeriesFacts(
        "TIT-PERMIS",
        Kind.QUARTER,
        {"2019-01": "19", "2020-05": "29", "2022-05": "17"},
        2900,
        "1.5",
    ),
    SeriesFacts(
        "TIT-CIV", Kind.QUARTER, {"2019-01": "6", "2020-05": "9", "2022-05": "5"}, 14500, "0.8"
    ),
    SeriesFacts(
        "TIT-SEJ", Kind.YEAR, {"2019-07": "62", "2020-07": "91", "2021-07": "78"}, 4100, "2"
    ),
    SeriesFacts(
        "SAT-TITRES",
        Kind.QUARTER,
        {"2019-01": "0.74", "2020-05": "0.66", "2022-05": "0.79"},
        410,
        "0.02",
    ),
    # --- Satisfaction by service: one survey a year, none in 2020 -----------------------------------
    *(
        SeriesFacts(
            "SAT-ITEM",
            Kind.YEAR,
            {"2019-07": first, "2021-07": last},
            answers,
            "0.01",
            service,
            absent=("2020-01",),
            reasons={
                "2020-01": "Enquête reportée en raison de la crise sanitaire. (Démonstration.)"
            },
        )
        for service, first, last, answers in (
            ("ACC", "0.84", "0.89", 312),
            ("STD", "0.71", "0.78", 148),
            ("SMI", "0.66", "0.61", 227),
        )
    ),
    # --- Website and points numériques ---------------------------------------------------------------
    SeriesFacts(
        "WEB-VISITES",
        Kind.MONTH,
        {"2019-01": "38500", "2020-03": "72000", "2020-07": "46000", "2022-06": "57000"},
        None,
        "4200",
        absent=("2021-08",),
        reasons={"2021-08": "Mesure interrompue par le changement d’hébergement. (Démonstration.)"},
    ),
    *(
        SeriesFacts(
            "PAN-FREQ",
            Kind.MONTH,
            {"2019-01": first, "2022-06": last},
            None,
            spread,
            site,
            idle=("2020-04",),
            reasons={"2020-04": _LOCKDOWN},
        )
        for site, first, last, spread in zip(
            _SITES, ("340", "95", "110"), ("410", "130", "125"), ("60", "20", "20"), strict=True
        )
    ),
    # --- Local authorities -----------------------------------------------------------------------
    SeriesFacts(
        "COL-DELAI",
        Kind.YEAR,
        {"2019-07": "0.81", "2020-07": "0.70", "2021-07": "0.88"},
        760,
        "0.02",
    ),
)


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What Loir-et-Cher aims at, and from where it worries; values in the unit (a rate: 0 to 1)."""

    code: str
    target: str
    alert: str = ""


TARGETS = (
    TargetFacts("TEL-ABOUTI", "0.9", "0.85"),
    TargetFacts("ECR-MAIL", "0.8", "0.7"),
    TargetFacts("ECR-COUR", "0.85", "0.75"),
    TargetFacts("REC-DELAI", "0.9", "0.8"),
    TargetFacts("REC-MOYEN", "15", "20"),
    TargetFacts("ATT-GUICHET", "12", "15"),
    TargetFacts("RDV-ETR", "30", "45"),
    TargetFacts("RDV-SAT", "0.6"),
    TargetFacts("TIT-CNIPASS", "30", "40"),
    TargetFacts("TIT-PERMIS", "20", "25"),
    TargetFacts("SAT-TITRES", "0.75", "0.7"),
    TargetFacts("SAT-ITEM", "0.8", "0.7"),
    TargetFacts("COL-DELAI", "0.9", "0.8"),
)


@dataclass(frozen=True, slots=True)
class CommentaryFacts:
    """What the référente says of a period, and the answer given to a weak point."""

    code: str
    period: str
    comment: str
    answer: str = ""


COMMENTARIES = (
    CommentaryFacts(
        "RDV-SAT",
        "2021",
        "52 % des usagers étrangers interrogés sont satisfaits du délai d’obtention d’un rendez-vous : "
        "c’est le point à améliorer de l’enquête de novembre et décembre 2021.",
        "L’adjointe au chef du bureau des étrangers et une cheffe de section ont été recrutées ; des "
        "plages de rendez-vous en ligne ont été ajoutées. L’effet sera mesuré lors de la prochaine "
        "enquête de satisfaction.",
    ),
    CommentaryFacts(
        "RDV-ETR",
        "2021-T4",
        "Les rendez-vous annulés au printemps 2020 n’ont pas été rattrapés. (Démonstration.)",
        "Recrutements et nouvelles plages en ligne : voir le plan d’actions. (Démonstration.)",
    ),
    CommentaryFacts(
        "RDV-ETR",
        "2022-T2",
        "Le délai recule depuis l’ouverture de nouvelles plages, sans atteindre la cible. "
        "(Démonstration.)",
        "Les plages du matin sont maintenues jusqu’à la fin de l’année. (Démonstration.)",
    ),
    CommentaryFacts(
        "REC-DELAI",
        "2022-T2",
        "Une réclamation sur quatre adressée au service des migrations dépasse encore le délai annoncé. "
        "(Démonstration.)",
    ),
    CommentaryFacts(
        "TIT-CNIPASS",
        "2022-T2",
        "Le délai est compté à partir du jour du rendez-vous en mairie. La hausse suit celle des demandes "
        "du printemps 2022. (Démonstration.)",
        "Les mairies équipées sont invitées à proposer des créneaux le samedi matin. (Démonstration.)",
    ),
    CommentaryFacts(
        "TEL-ABOUTI",
        "2022-T2",
        "La cible est atteinte pour la première fois depuis la crise sanitaire. (Démonstration.)",
    ),
)
