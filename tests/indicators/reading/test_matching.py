"""Labels: meaning rather than spelling, and never a blind guess."""

import pytest

from indicators.reading.definitions import IndicatorDefinition, Unit
from indicators.reading.matching import (
    Role,
    decided,
    decided_service,
    indicator_matcher,
    service_matcher,
)
from indicators.reading.words import split_unit
from tests.indicators.reading.catalogue import DEFINITIONS, SERVICES


INDICATORS, PLACES = indicator_matcher(DEFINITIONS), service_matcher(SERVICES)


def taken(label: str) -> list[tuple[str, Role]]:
    return [(match.target, match.role) for match in decided(INDICATORS.matches(label))]


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.code)
def test_every_label_of_the_catalogue_is_sure(definition: IndicatorDefinition) -> None:
    for label in (definition.label, *definition.synonyms):
        values = [match for match in INDICATORS.matches(label) if match.role == Role.VALUE]
        assert (values[0].target, values[0].score) == (definition.code, 1)


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Tx appels aboutis (%)", "TEL-ABOUTI"),
        ("Taux d'apels aboutit", "TEL-ABOUTI"),
        ("% d'appels perdus", "TEL-PERDU"),
        ("Taux d’appels non aboutis", "TEL-PERDU"),
        ("% de mails traités sous 5 jours", "ECR-MAIL"),
        ("Courriels traités dans le délai de 5 jours (%)", "ECR-MAIL"),
        ("Taux de mails répondus < 5 j", "ECR-MAIL"),
        ("Taux de réponse aux courriels dans les 5 jours ouvrés", "ECR-MAIL"),
        ("Taux de traitement des courriels dans les délais", "ECR-MAIL"),
        ("Part des courriers ayant reçu une réponse dans les 15 jours ouvrés", "ECR-COUR"),
        ("Délai carte grise", "TIT-CIV"),
        ("Délai moyen d'obtention d'un RDV étrangers", "RDV-ETR"),
        ("Attente moyenne au guichet (min)", "ATT-GUICHET"),
        ("Nombre de réclamations", "REC-NB"),
    ],
)
def test_other_words_for_the_same_thing(label: str, code: str) -> None:
    assert taken(label) == [(code, Role.VALUE)]


def test_parts_of_a_rate() -> None:
    received = [("TEL-ABOUTI", Role.DENOMINATOR), ("TEL-PERDU", Role.DENOMINATOR)]
    assert taken("Nb d'appels reçus") == received
    assert taken("Appels aboutis") == [("TEL-ABOUTI", Role.NUMERATOR)]
    assert taken("Appels non aboutis") == [("TEL-PERDU", Role.NUMERATOR)]
    assert taken("Mails reçus") == [("ECR-MAIL", Role.DENOMINATOR)]


@pytest.mark.parametrize(
    "label",
    [
        "Taux de décroché",  # by an agent, or in all
        "Taux de satisfaction",  # for titles, or in all
        "Délai",
        "Taux de réponse",
        "Délai permis de conduire (jours ouvrés)",  # the indicator counts plain days
        "Courriers hors délai",
        "Courriers répondus en plus de 15 jours",
        "% de courriels traités > 5 jours",
        "Traités dans les délais",  # letters or e-mails
        "Temps d’attente maximum au guichet",  # the indicator is the mean
        "Délai médian permis de conduire",
        "Observations",
    ],
)
def test_an_ambiguous_label_is_asked(label: str) -> None:
    assert taken(label) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("Taux d’appels aboutis", "TEL-PERDU"), ("Taux d’appels perdus", "TEL-ABOUTI"),
     ("Courriels traités dans les délais", "ECR-COUR"), ("Courriers traités dans les délais", "ECR-MAIL")],
)  # fmt: skip
def test_opposites_are_never_candidates(one: str, other: str) -> None:
    assert other not in {
        match.target for match in INDICATORS.matches(one) if match.role == Role.VALUE
    }


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("BMI", "bmi"),
        ("Bureau migrations intégration", "bmi"),
        ("SP Vendôme", "vendome"),
        ("Vendome", "vendome"),
        ("Sous-préfecture", None),
        ("Sous-préfecture de Blois", None),
        ("DCPPAT", None),
    ],
)
def test_services(label: str, key: str | None) -> None:
    assert decided_service(PLACES.matches(label)) == key


def test_units_leave_the_label() -> None:
    assert split_unit("Délai moyen (en jours ouvrés)") == ("delai moyen", "jours ouvrés")
    assert split_unit("Délai moyen (j ouvrés)") == ("delai moyen", "jours ouvrés")
    assert split_unit("Note (/10)") == ("note", "note sur 10")
    assert split_unit("Répondus sous 5 jours ouvrés")[1] == ""
    assert split_unit("%") == ("", "%")
    assert split_unit("Appels reçus") == ("appels recus", "")


def test_a_count_that_is_also_a_part() -> None:
    assert taken("Réclamations reçues") == [("REC-NB", Role.VALUE), ("REC-DELAI", Role.DENOMINATOR)]


def test_a_numerator_that_names_a_unit_is_read_word_for_word() -> None:
    matcher = indicator_matcher(
        [
            IndicatorDefinition(
                "REC-MOYEN", "Délai moyen de réponse aux réclamations", Unit.WORKING_DAYS,
                numerator_label="Total des jours ouvrés de réponse",
                denominator_label="Réclamations répondues",
            ),
            IndicatorDefinition(
                "MYST", "Note de l’enquête mystère", Unit.MARK,
                numerator_label="Somme des notes sur 10", denominator_label="Critères vérifiés",
            ),
        ]
    )  # fmt: skip
    for label, target in [
        ("Total des jours ouvrés de réponse", "REC-MOYEN"),
        ("Somme des notes sur 10", "MYST"),
    ]:
        best = matcher.matches(label)[0]
        assert (best.target, best.role, best.score) == (target, Role.NUMERATOR, 1)
