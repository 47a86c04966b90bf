"""Labels that agents write, against the catalogue that ships: near enough is read, else it is asked."""

import pytest

from demo.cycle import load_referentials
from indicators.reading.matching import Matcher, decided, indicator_matcher
from indicators.selectors.imports import reader_knowledge
from tests.cast import Cast


READ = {
    "Délai moyen de remise des passeports et CNI": {"TIT-CNIPASS"},
    # A count by itself, and what the share of people helped is made of.
    "Usagers accueillis au point numérique": {"PAN-FREQ", "PAN-ACC"},
    "Taux d’exercices PPI réalisés dans le délai légal": {"PPI"},
    "Taux de décroché": {"TEL-ABOUTI"},
}
# One word more says something else: whose it is, a person decides.
ASKED = [
    "Connexions wifi",
    "Taux de décroché le samedi",
    "Nombre de visites de l’élu",
    "Nombre de visiteurs uniques sur le site web",
]


@pytest.fixture
def matcher(cast: Cast) -> Matcher:
    load_referentials()
    return indicator_matcher(reader_knowledge(cast.prefecture).definitions)


def test_what_is_near_enough_is_read_and_the_rest_is_asked(matcher: Matcher) -> None:
    codes = {
        label: {match.target for match in decided(matcher.matches(label))}
        for label in [*READ, *ASKED]
    }
    assert codes == READ | dict.fromkeys(ASKED, set())
