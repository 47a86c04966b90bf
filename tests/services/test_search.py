"""A search answers alike on SQLite and on PostgreSQL."""

from tests.services.conftest import Installation


_SEARCH = r"""
from django.db import transaction
from accounts.models import Service
from common.search import fold, holding
from indicators.models import Indicator
from tests.common.test_search import TEXTS
from tests.indicators.builders import make_indicator

def found(query):
    rows = Service.objects.filter(holding(query, "name"), name__in=TEXTS).order_by("pk")
    return list(rows.values_list("name", flat=True))

with transaction.atomic():
    for text in TEXTS:
        Service.objects.create(prefecture_id=PREFECTURE, name=text)
    make_indicator("ESSAI", synonyms=["Courriels répondus"])
    told = [
        all(found(fold(text)) == [text] for text in TEXTS),
        [found(query) for query in ("DÉLAI d'un", "coeur ete", "%", "_", "\\")],
        Indicator.objects.filter(holding("REPONDUS", "synonyms")).count(),
    ]
    transaction.set_rollback(True)
answer(told)
"""
_EXPECTED = [
    True,
    [
        ["Délai d’obtention d’un RENDEZ-VOUS"],
        ["Cœur de l’ÉTÉ"],
        ["Taux 100 % _soulignés_ \\ fin"],
        ["Taux 100 % _soulignés_ \\ fin"],
        ["Taux 100 % _soulignés_ \\ fin"],
    ],
    1,
]


def test_a_search_answers_alike(installation: Installation) -> None:
    code = _SEARCH.replace("PREFECTURE", str(installation.people["prefecture"]))
    assert installation.stack.run(code) == _EXPECTED
