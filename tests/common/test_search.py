"""Searching without accents or capitals."""

from typing import Any

import pytest

from accounts.models import Service
from common.search import MOST_WORDS, fold, holding
from indicators.models import Indicator
from tests.cast import Cast
from tests.indicators.builders import make_indicator


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Délai d’ÉTÉ", "delai d'ete"),
        ("e\u0301te\u0301", "ete"),
        ("Œuvre, cœur, Æ", "oeuvre, coeur, ae"),
        ("Noël à Bâle, ça", "noel a bale, ca"),
        ("ÎLE-DE-FRANCE", "ile-de-france"),
        ("1\u00a0234\u202f%", "1 234 %"),
        ("n\u00ba 5\x00", "no 5"),
        ("", ""),
    ],
)
def test_fold(written: str, compared: str) -> None:
    assert fold(written) == compared


TEXTS = (
    "Délai d’obtention d’un RENDEZ-VOUS",
    "Cœur de l’ÉTÉ",
    "E\u0301tat des réclamations",
    "Taux 100 % _soulignés_ \\ fin",
    "Préfecture\u00a0: accueil",
)


@pytest.fixture
def services(cast: Cast) -> None:
    Service.objects.all().delete()
    for text in TEXTS:
        Service.objects.create(prefecture=cast.prefecture, name=text)


def found(query: str, *names: str) -> list[str]:
    rows = Service.objects.filter(holding(query, *(names or ("name",)))).order_by("pk")
    return list(rows.values_list("name", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("delai", [0]),
        ("DÉLAI", [0]),
        ("d'un rendez-vous", [0]),
        ("obtention DELAI", [0]),
        ("coeur ete", [1]),
        ("CŒUR", [1]),
        ("etat", [2]),
        ("ÉTAT RECLAMATIONS", [2]),
        ("%", [3]),
        ("_", [3]),
        ("\\", [3]),
        ("prefecture", [4]),
        ("delai accueil", []),
        ("", [0, 1, 2, 3, 4]),
        ("   ", [0, 1, 2, 3, 4]),
    ],
)
def test_every_word_is_found_whatever_its_accents(
    services: None, query: str, numbers: list[int]
) -> None:
    assert found(query) == [TEXTS[number] for number in numbers]


@pytest.mark.django_db
def test_what_is_searched_folds_like_what_searches(services: None) -> None:
    """The database folds as ``fold`` does: every text is found by its own folded words."""
    for text in TEXTS:
        assert found(fold(text)) == [text]


@pytest.mark.django_db
def test_words_may_be_in_several_fields_and_too_many_are_left_out(services: None) -> None:
    Service.objects.filter(name__holds="etat").update(acronym="BRÉ")
    assert found("bre reclamations", "name", "acronym") == [TEXTS[2]]
    assert found("bre delai", "name", "acronym") == []
    assert found("etat " * MOST_WORDS + "introuvable") == [TEXTS[2]]


@pytest.mark.django_db
def test_other_names_kept_as_a_list_are_searched() -> None:
    make_indicator("UN", synonyms=["Courriels répondus", "Œuvres"])
    make_indicator("DEUX", synonyms=["Appels"])

    def codes(query: str) -> list[Any]:
        rows = Indicator.objects.filter(holding(query, "synonyms"))
        return list(rows.values_list("code", flat=True))

    assert codes("REPONDUS oeuvres") == ["UN"]
    assert codes("appels") == ["DEUX"]
