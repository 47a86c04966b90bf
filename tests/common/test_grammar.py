"""Articles before the verbose names of the application."""

import pytest

from common.grammar import with_article


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("séance", "la séance"),
        ("compte rendu", "le compte rendu"),
        ("comité", "le comité"),
        ("décision", "la décision"),
        ("heure de début", "l’heure de début"),
        ("organisme", "l’organisme"),
        ("services", "les services"),
        ("avis", "l’avis"),
        ("présidence", "la présidence"),
        ("préfecture", "la préfecture"),
        ("civilité", "la civilité"),
        ("procès-verbal", "le procès-verbal"),
        ("à compter du", "« à compter du »"),
        ("jusqu’au", "« jusqu’au »"),
    ],
)
def test_with_article(noun: str, expected: str) -> None:
    assert with_article(noun) == expected
