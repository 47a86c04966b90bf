"""Strong and weak points of a period, what is written of them, and the section of the minutes."""

from collections.abc import Iterable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.access import Permission, Scope
from action_plans import registry
from action_plans.registry import OriginFact, OriginSource
from indicators.models import Commentary
from indicators.reading.periods import Period
from indicators.references import ORIGIN, FigureReference
from indicators.selectors.strengths import strengths_for
from indicators.services.commentary import save_commentary
from reports.registry import get_section
from tests.cast import Cast
from tests.indicators.builders import make_indicator
from tests.indicators.test_figures import NBSP, aim, record


pytestmark = pytest.mark.django_db
TODAY = date(2022, 1, 10)
T4 = Period.from_code("2021-T4")


def weak_and_strong(cast: Cast) -> None:
    for code, value in (("FAIBLE", 50), ("FORT", 95)):
        indicator = make_indicator(code)
        aim(indicator, "0.9")
        record(cast, indicator, "2020-T4", 80, 100)
        record(cast, indicator, "2021-T4", value, 100)
    record(cast, make_indicator("SANS-CIBLE"), "2021-T4", 1, 2)
    record(cast, make_indicator("MUET"), "2021-T3", 1, 2)
    make_indicator("JAMAIS")


def test_points_of_a_period(cast: Cast) -> None:
    weak_and_strong(cast)
    page = strengths_for(cast.scope("referente"), T4, TODAY)
    sorted_out = [
        [point.indicator.code for point in points]
        for points in (page.weak, page.strong, page.others, page.missing)
    ]
    assert sorted_out == [["FAIBLE"], ["FORT"], ["SANS-CIBLE"], ["MUET"]]
    assert page.conclusion == (
        "1 point faible et 1 point fort au 4e trimestre 2021, sur 3 indicateurs mesurés. "
        "1 indicateur n’a pas de chiffre. 1 point faible n’a pas encore de réponse."
    )
    assert f"−30{NBSP}points par rapport au 4e trimestre 2020" in page.weak[0].reading.sentence


def test_year_is_the_total_of_its_quarters(cast: Cast) -> None:
    indicator = make_indicator("FAIBLE")
    aim(indicator, "0.9")
    record(cast, indicator, "2021-T1", 1, 10)
    record(cast, indicator, "2021-T2", 80, 90)
    page = strengths_for(cast.scope("referente"), Period.from_code("2021"), TODAY)
    (point,) = page.weak
    assert point.figure.shown == f"81{NBSP}%"
    assert point.figure.short_gap == "Calculé sur 2 des 4 trimestres"


def test_period_that_is_none_is_not_found(cast: Cast) -> None:
    client = cast.client("referente")
    for code in ("2021-T5", "hier", "0000", "1066"):
        assert client.get(f"/indicateurs/synthese/{code}/").status_code == 404
    latest = client.get(reverse("indicators:strengths_latest"), {"periode": "2021"})
    assert latest.url == "/indicateurs/synthese/2021/"


def test_answer_is_written_once_and_read_by_all(cast: Cast) -> None:
    weak_and_strong(cast)
    url = reverse("indicators:commentary_edit", args=["2021-T4", "FAIBLE"])
    typed = {"comment": "Trois agents absents.", "answer": "Renfort en janvier."}
    for _ in range(2):  # sent twice: harmless
        answer = cast.client("referente").post(url, typed | {"revision": "1"})
        assert answer.status_code == 302
    row = Commentary.objects.get()
    assert (row.comment, row.answer, row.revision) == (*typed.values(), 1)
    page = cast.client("auditeur").get(reverse("indicators:strengths_detail", args=["2021-T4"]))
    assert page.status_code == 200
    agent = cast.client("agent")
    read = agent.get(reverse("indicators:strengths_detail", args=["2021-T4"])).text
    assert "Renfort en janvier." in read
    assert url not in read
    assert agent.post(url, typed).status_code == 403


def test_second_writer_sees_the_first_and_loses_nothing(cast: Cast) -> None:
    weak_and_strong(cast)
    url = reverse("indicators:commentary_edit", args=["2021-T4", "FAIBLE"])
    client = cast.client("referente")
    client.post(url, {"comment": "Premier constat", "answer": ""})
    refused = client.post(url, {"comment": "Second constat", "answer": ""})
    assert refused.status_code == 200
    assert "Premier constat" in refused.text
    assert "Second constat" in refused.text
    assert Commentary.objects.get().comment == "Premier constat"
    again = client.post(url, {"comment": "Second constat", "answer": "", "revision": "1"})
    assert again.status_code == 302
    assert Commentary.objects.get().comment == "Second constat"


def test_two_first_comments_at_once(cast: Cast) -> None:
    common = {
        "prefecture": cast.prefecture,
        "indicator": make_indicator(),
        "period": "2021-T4",
        "commentary": None,
        "answer": "",
        "by": cast.user("referente"),
    }
    save_commentary(comment="Le premier", **common)
    with pytest.raises(ValidationError, match="Le premier"):
        save_commentary(comment="Le second", **common)
    assert Commentary.objects.get().comment == "Le premier"


def test_section_of_the_minutes(cast: Cast) -> None:
    weak_and_strong(cast)
    record(cast, make_indicator("FORT"), "2021-T3", 10, 100)
    save_commentary(
        prefecture=cast.prefecture, indicator=make_indicator("FAIBLE"), period="2021-T4",
        commentary=None, comment="", answer="Renfort en janvier.", by=cast.user("referente"),
    )  # fmt: skip
    section = get_section("indicateurs").frozen(cast.prefecture)
    assert section is not None
    (weak,) = section["data"]["weak"]
    assert (weak["label"], weak["value"], weak["answer"]) == (
        "Indicateur FAIBLE",
        f"50{NBSP}%",
        "Renfort en janvier.",
    )
    assert section["data"]["missing"] == ["Indicateur MUET"]
    assert get_section("indicateurs").frozen(cast.other_prefecture) is None


class SpecimenOrigin(OriginSource):
    """Speaks for the figures as the action plan asks."""

    code = ORIGIN
    label = "Indicateur"
    permissions = (Permission.INDICATOR_READ,)

    def describe(self, scope: Scope, references: Iterable[str]) -> dict[str, OriginFact]:
        return {item: OriginFact(item, f"Chiffre {item}") for item in references}


def test_weak_point_leads_to_its_action(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._origins, ORIGIN, SpecimenOrigin())
    weak_and_strong(cast)
    url = reverse("indicators:figure_detail", args=["FAIBLE"])
    link = "/actions/nouvelle/?origine=indicators.indicator%3AFAIBLE%3A2021-T4"
    assert link in cast.client("referente").get(url).text
    assert link in cast.client("referente").get(
        reverse("indicators:strengths_detail", args=["2021-T4"])
    ).text.replace("%3a", "%3A")
    assert link not in cast.client("agent").get(url).text
    strong = reverse("indicators:figure_detail", args=["FORT"])
    assert "Ouvrir une action" not in cast.client("referente").get(strong).text


@pytest.mark.parametrize(
    "text", ["TEL-ABOUTI:2021-T4", "REC-DELAI:2021:service:3", "A:2021-01:site:9"]
)
def test_reference_of_a_figure(text: str) -> None:
    assert str(FigureReference.read(text)) == text


@pytest.mark.parametrize(
    "text", ["", "A", "A:2021-T5", "A:2021:bureau:3", "A:2021:service:", ":2021"]
)
def test_what_is_no_reference(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of two kinds
        FigureReference.read(text)
