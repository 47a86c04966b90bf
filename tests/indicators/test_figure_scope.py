"""What the list holds: the modules of the démarche, and how long ago the last figures came."""

from datetime import date

import pytest
from django.urls import reverse

from indicators.enums import MeasureState, Periodicity
from indicators.models import Indicator, Measure
from indicators.reading.periods import Period
from indicators.selectors import paper
from indicators.selectors.entry import missing_slots
from indicators.selectors.figures import silent_since
from modules import services
from modules.models import Module
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure
from tests.modules.builders import small_referential


pytestmark = pytest.mark.django_db
LIST = reverse("indicators:figure_list")


@pytest.fixture
def scene(cast: Cast) -> None:
    """M1 is retained, M2 is not; UN is asked by both, DEUX by M2 only, SEUL by nobody."""
    referential = small_referential()
    for code, names in (("M1-1", ["UN"]), ("M2-1", ["UN", "DEUX"])):
        commitment = referential.commitments.get(code=code)
        commitment.indicators = names
        commitment.save()
    services.create_cycle(
        prefecture=cast.prefecture,
        referential=referential,
        name="Label 2022",
        started_on=date(2021, 9, 1),
    )
    for rank, code in enumerate(("UN", "DEUX", "SEUL")):
        make_measure(cast.prefecture, make_indicator(code, position=rank))


def codes(cast: Cast, **query: str) -> list[str]:
    page = cast.client("referente").get(LIST, query).context["page"]
    return [line.indicator.code for line in page.lines]


@pytest.mark.usefixtures("scene")
def test_only_the_modules_of_the_demarche_are_listed_unless_asked(cast: Cast) -> None:
    assert codes(cast) == ["UN", "SEUL"]
    assert codes(cast, module="tous") == ["UN", "DEUX", "SEUL"]
    second = str(Module.objects.get(number=2))
    assert codes(cast, module=second) == ["DEUX"]
    answer = cast.client("referente").get(LIST, {"q": "indicateur"})
    assert "1 autre indicateur, de modules qui ne sont pas dans votre démarche" in answer.text
    assert 'href="?q=indicateur&amp;module=tous"' in answer.text
    assert answer.context["page"].left_out == 1
    # The same on paper and in the letters.
    data = paper.dashboard_data(cast.scope("referente"), date(2022, 1, 10))
    printed = [fact.code for group in data["groups"] for fact in group.lines]
    assert sorted(printed) == ["SEUL", "UN"]
    owed = missing_slots(cast.prefecture, Period.from_code("2022-T1"))
    assert [slot.indicator.code for slot in owed] == ["UN", "SEUL"]


def test_without_a_demarche_everything_is_listed(cast: Cast) -> None:
    for code in ("UN", "DEUX"):
        make_measure(cast.prefecture, make_indicator(code))
    assert sorted(codes(cast)) == ["DEUX", "UN"]
    assert "de modules qui ne sont pas" not in cast.client("referente").get(LIST).text


@pytest.mark.parametrize(
    ("periodicity", "latest", "today", "month"),
    [
        (Periodicity.QUARTER, date(2021, 12, 31), date(2022, 4, 6), None),
        (Periodicity.QUARTER, date(2021, 12, 31), date(2022, 4, 7), "décembre 2021"),
        (Periodicity.QUARTER, date(2022, 3, 31), date(2022, 6, 30), None),
        (Periodicity.MONTH, date(2022, 3, 31), date(2022, 5, 6), None),
        (Periodicity.MONTH, date(2022, 3, 31), date(2022, 5, 7), "mars 2022"),
    ],
)
def test_silence_begins_a_week_after_a_period_without_a_figure(
    periodicity: Periodicity, latest: date, today: date, month: str | None
) -> None:
    found = silent_since([Indicator(periodicity=periodicity)], latest, today)
    assert (found.label if found else None) == month


def test_the_list_says_how_long_ago_the_last_figures_came(cast: Cast) -> None:
    make_measure(cast.prefecture)
    text = cast.client("referente").get(LIST).text
    assert "Aucun chiffre depuis décembre 2021" in text
    assert reverse("indicators:entry_list") in text
    auditor = cast.client("auditeur")
    assert "Aucun chiffre" not in auditor.get(LIST).text  # none that they may read
    Measure.objects.update(state=MeasureState.VALIDATED)
    assert "Aucun chiffre validé depuis décembre 2021" in auditor.get(LIST).text
    reader = cast.client("prefet").get(LIST).text
    assert "Aucun chiffre depuis décembre 2021" in reader
    assert "Saisir les mesures attendues" not in reader
    chosen = cast.client("referente").get(LIST, {"period": "2021-T4"}).text
    assert "Aucun chiffre depuis" not in chosen
