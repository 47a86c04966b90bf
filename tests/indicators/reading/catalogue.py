"""Definitions for the tests: the catalogue of indicators seen in préfectures, and one préfecture."""

from indicators.reading.definitions import (
    IndicatorDefinition,
    KnownPrefecture,
    KnownService,
    Unit,
)


def definition(
    code: str,
    label: str,
    unit: Unit,
    *synonyms: str,
    numerator: str = "",
    denominator: str = "",
) -> IndicatorDefinition:
    return IndicatorDefinition(code, label, unit, synonyms, numerator, denominator)


DEFINITIONS = (
    definition(
        "TEL-ABOUTI",
        "Taux d’appels aboutis",
        Unit.PERCENT,
        "Taux d’aboutement des appels",
        "Accessibilité téléphonique",
        numerator="Appels aboutis|Appels traités",
        denominator="Appels reçus|Appels entrants|Total des appels",
    ),
    definition(
        "TEL-PERDU",
        "Taux d’appels perdus",
        Unit.PERCENT,
        "Taux d’abandon",
        numerator="Appels perdus",
        denominator="Appels reçus|Appels entrants|Total des appels",
    ),
    definition(
        "TEL-AGENT",
        "Taux de décroché par un agent",
        Unit.PERCENT,
        numerator="Appels décrochés par un agent",
        denominator="Appels nécessitant un agent",
    ),
    definition(
        "TEL-GLOBAL", "Taux de décroché global", Unit.PERCENT, "Taux de décroché SVI compris"
    ),
    definition(
        "ECR-MAIL",
        "Taux de courriels traités dans les délais",
        Unit.PERCENT,
        "Réponse aux courriels dans les délais",
        numerator="Courriels traités dans les délais",
        denominator="Courriels reçus",
    ),
    definition(
        "ECR-COUR",
        "Taux de courriers traités dans les délais",
        Unit.PERCENT,
        "Réponse aux courriers dans les délais",
        numerator="Courriers traités dans les délais",
        denominator="Courriers reçus",
    ),
    definition("ECR-AR", "Accusés de réception envoyés dans les délais", Unit.PERCENT),
    definition("REC-MOYEN", "Délai moyen de réponse aux réclamations", Unit.WORKING_DAYS),
    definition(
        "REC-DELAI",
        "Taux de réclamations répondues dans les délais",
        Unit.PERCENT,
        numerator="Réclamations répondues dans les délais",
        denominator="Réclamations reçues",
    ),
    definition(
        "REC-NB",
        "Nombre de réclamations et suggestions",
        Unit.COUNT,
        "Réclamations reçues",
        "Nombre de réclamations",
    ),
    definition(
        "ATT-GUICHET", "Temps d’attente moyen au guichet", Unit.MINUTES, "Attente au guichet"
    ),
    definition("RDV-ETR", "Délai d’obtention d’un rendez-vous pour les étrangers", Unit.DAYS),
    definition(
        "TIT-CNIPASS",
        "Délai de délivrance des CNI et passeports",
        Unit.DAYS,
        "Délai CNI/passeports",
    ),
    definition(
        "TIT-PERMIS",
        "Délai de délivrance du permis de conduire",
        Unit.DAYS,
        "Délai permis de conduire",
    ),
    definition(
        "TIT-CIV",
        "Délai de délivrance du certificat d’immatriculation",
        Unit.DAYS,
        "Délai certificat d’immatriculation",
    ),
    definition("TIT-SEJ", "Délai de renouvellement des titres de séjour", Unit.DAYS),
    definition(
        "SAT-TITRES",
        "Taux de satisfaction pour la délivrance des titres",
        Unit.PERCENT,
        "Satisfaction globale pour la délivrance des titres",
    ),
    definition("SAT-GLOB", "Taux de satisfaction globale", Unit.PERCENT),
    definition(
        "WEB-VISITES", "Nombre de connexions au site internet", Unit.COUNT, "Visites du site"
    ),
    definition("PAN-FREQ", "Fréquentation du point numérique", Unit.COUNT),
    definition("MYST", "Note de l’enquête mystère", Unit.MARK),
    definition("CRI-EXO", "Exercices de communication de crise", Unit.COUNT),
)
SERVICES = (
    KnownService("std", "Standard téléphonique", "", ("Standard",)),
    KnownService("brge", "Bureau de la réglementation générale et des élections", "BRGE"),
    KnownService("bmi", "Bureau des migrations et de l’intégration", "BMI"),
    KnownService("vendome", "Sous-préfecture de Vendôme"),
    KnownService("romo", "Sous-préfecture de Romorantin-Lanthenay"),
    KnownService("mq", "Mission qualité", "MQ"),
    KnownService("pan", "Point d’accueil numérique", "PAN"),
)
PREFECTURE = KnownPrefecture("41", "Loir-et-Cher")
