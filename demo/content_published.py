"""Real values that préfectures and the State published, each with its source: never « démonstration ».

The préfectures have no account: they are there for what they published, under addresses that no real
one would take. What a source leaves out (the
day, the title meant) is said in the comment. Values whose counting rule is not that of an indicator
(mean delay of an appointment at the mairie, time of instruction alone) are left out: two counting
rules never stand in one series.
"""

from dataclasses import dataclass

from accounts.enums import Territory


@dataclass(frozen=True, slots=True)
class PublishedPrefecture:
    """A préfecture of which only published values are known."""

    code: str
    slug: str
    name: str
    of_name: str
    services: tuple[str, ...] = ()
    territory: Territory = Territory.METROPOLE


@dataclass(frozen=True, slots=True)
class PublishedFact:
    """A published value; ``value`` in the unit (a rate: 0 to 1), ``place`` the name of a service."""

    prefecture: str
    code: str
    period: str
    value: str
    source: str
    comment: str = ""
    place: str = ""


_AHP = (
    "Préfecture des Alpes-de-Haute-Provence, « Programme transparence », 1er trimestre 2020 "
    "(alpes-de-haute-provence.gouv.fr)"
)
_REUNION = (
    "Préfecture de La Réunion, enquête de satisfaction 2014, site des Messageries "
    "(administration.reunion.gouv.fr)"
)
_LOT = "Préfecture de Lot-et-Garonne, presse du 16 septembre 2014 (aqui.fr)"
_LOIRE = (
    "Préfecture de la Loire, comité local des usagers du 23 juin 2021 : trois points numériques"
)
_MINUTES = "Compte rendu du comité local des usagers de Loir-et-Cher (2022)"
_GREETING, _PHONE, _MAIL = "Accueil et orientation", "Accueil téléphonique", "Courriers"
_WINDOW = "Enquête du 3 au 30 juin 2014."
_BEFORE = "Enquête de novembre 2012."

PREFECTURES = (
    PublishedPrefecture(
        "04",
        "alpes-de-haute-provence-publications",
        "Alpes-de-Haute-Provence",
        "des Alpes-de-Haute-Provence",
    ),
    PublishedPrefecture("42", "loire-publications", "Loire", "de la Loire"),
    PublishedPrefecture("43", "haute-loire-publications", "Haute-Loire", "de la Haute-Loire"),
    PublishedPrefecture("47", "lot-et-garonne-publications", "Lot-et-Garonne", "de Lot-et-Garonne"),
    PublishedPrefecture(
        "974",
        "la-reunion-publications",
        "La Réunion",
        "de La Réunion",
        (_GREETING, _PHONE, _MAIL),
        territory=Territory.REUNION,
    ),
)

PUBLISHED = (
    PublishedFact(
        "loir-et-cher",
        "RDV-SAT",
        "2021",
        "0.52",
        _MINUTES,
        "Enquête de satisfaction du 18 novembre au 16 décembre 2021. Le nombre de réponses n’est pas "
        "publié.",
    ),
    # --- Alpes-de-Haute-Provence -----------------------------------------------------------------
    PublishedFact("alpes-de-haute-provence-publications", "TEL-ABOUTI", "2019-T4", "0.94", _AHP),
    PublishedFact("alpes-de-haute-provence-publications", "TEL-ABOUTI", "2020-T1", "0.9516", _AHP),
    PublishedFact(
        "alpes-de-haute-provence-publications",
        "SAT-TITRES",
        "2020-T1",
        "0.78",
        _AHP,
        "Publié avec « + 8 points ».",
    ),
    PublishedFact(
        "alpes-de-haute-provence-publications",
        "TIT-CIV",
        "2020-T1",
        "5",
        _AHP,
        "Publié comme « stable ».",
    ),
    PublishedFact("alpes-de-haute-provence-publications", "TIT-PERMIS", "2020-T1", "27", _AHP),
    PublishedFact(
        "alpes-de-haute-provence-publications",
        "TIT-CNIPASS",
        "2020-T1",
        "28",
        _AHP,
        "À confirmer : la page lue est coupée, le titre concerné est déduit.",
    ),
    # --- La Réunion ------------------------------------------------------------------------------
    PublishedFact(
        "la-reunion-publications",
        "SAT-ITEM",
        "2012",
        "0.7901",
        _REUNION,
        "Année 2012.",
        place=_GREETING,
    ),
    PublishedFact(
        "la-reunion-publications",
        "SAT-ITEM",
        "2014",
        "0.8597",
        _REUNION,
        f"{_WINDOW} Horaires d’ouverture jugés adaptés : 68,86 % (52,48 % en novembre 2012).",
        place=_GREETING,
    ),
    PublishedFact(
        "la-reunion-publications", "SAT-ITEM", "2012", "0.1546", _REUNION, _BEFORE, place=_PHONE
    ),
    PublishedFact(
        "la-reunion-publications", "SAT-ITEM", "2014", "0.6830", _REUNION, _WINDOW, place=_PHONE
    ),
    PublishedFact(
        "la-reunion-publications",
        "SAT-ITEM",
        "2014",
        "0.75",
        _REUNION,
        f"{_WINDOW} À confirmer : le texte lu est coupé.",
        place=_MAIL,
    ),
    # --- Lot-et-Garonne --------------------------------------------------------------------------
    PublishedFact(
        "lot-et-garonne-publications",
        "SAT-ITEM",
        "2013",
        "0.94",
        _LOT,
        "Usagers satisfaits de l’accueil, fin 2013.",
    ),
    PublishedFact(
        "lot-et-garonne-publications",
        "REC-NB",
        "2014",
        "65",
        _LOT,
        "Année incomplète : du 1er janvier à septembre 2014. Une lettre, 2 courriels, 62 fiches déposées "
        "dans l’urne, dont 17 sur l’attente au guichet.",
    ),
    # --- Haute-Loire -----------------------------------------------------------------------------
    PublishedFact(
        "haute-loire-publications",
        "TEL-PERDU",
        "2012",
        "0.02",
        "Préfecture de la Haute-Loire, presse, vers 2012 (hauteloireinfos.fr)",
        "Vers 2012 : l’année exacte n’est pas connue. Limite nationale citée : 10 %.",
    ),
    # --- Loire: three shares that make 100 each month ----------------------------------------------
    *(
        PublishedFact(
            "loire-publications",
            code,
            f"2021-{month:02d}",
            value,
            _LOIRE,
            "À confirmer : les trois parts sont publiées, leur nom est déduit.",
        )
        for code, values in (
            ("PAN-ACC", ("0.5981", "0.5611", "0.6310", "0.7237", "0.8165")),
            ("PAN-EXP", ("0.0759", "0.1028", "0.0817", "0.0965", "0.0712")),
            ("PAN-RENS", ("0.3259", "0.3361", "0.2873", "0.1798", "0.1124")),
        )
        for month, value in enumerate(values, start=1)
    ),
)


@dataclass(frozen=True, slots=True)
class NationalFact:
    """A value published for the whole country."""

    code: str
    period: str
    value: str
    source: str


_BAROMETER = "Baromètre Marianne {year} : note moyenne {what} (modernisation.gouv.fr)"
_DEPUTIES = (
    "Réponse à une question à l’Assemblée nationale, vers 2018 (nosdeputes.fr, 15/668161) : {what}"
)
_BUDGET = (
    "Annexe de performance du programme 354 : exercices réalisés dans le délai (budget.gouv.fr)"
)
_PHONES = "Bilan du plan téléphone, 30 services, 1er trimestre 2025 : {what}"

NATIONAL = (
    NationalFact("MYST", "2017", "6.4", _BAROMETER.format(year=2018, what="de 2017")),
    NationalFact("MYST", "2018", "6.7", _BAROMETER.format(year=2018, what="de 611 sites")),
    NationalFact(
        "TIT-CNIPASS",
        "2018",
        "24",
        _DEPUTIES.format(what="du rendez-vous à la mise à disposition du titre"),
    ),
    NationalFact("TIT-PERMIS", "2018", "13.5", _DEPUTIES.format(what="permis de conduire")),
    NationalFact("PPI", "2020", "0.785", _BUDGET),
    NationalFact("PPI", "2021", "0.82", _BUDGET),
    NationalFact("PPI", "2022", "0.65", _BUDGET),
    NationalFact("TEL-AGENT", "2025-T1", "0.801", _PHONES.format(what="taux de décroché")),
    NationalFact("SAT-GLOB", "2025-T1", "0.87", _PHONES.format(what="satisfaction")),
)
