"""Entry of a period: what is due, one row alone, the whole page, two people, doubts."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Service
from indicators.enums import Aggregation, Level, MeasureState, MeasureStatus, Periodicity, Unit
from indicators.models import Indicator, Measure, MeasureRevision
from indicators.reading.periods import Period
from indicators.selectors.entry import Perimeter, Slot, grid_for_page, owed_for_page, perimeter_of
from modules import services as modules_services
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure
from tests.modules.builders import small_referential


pytestmark = pytest.mark.django_db
QUARTER = Period.from_code("2021-T4")
D = Decimal


def post_row(cast: Cast, slot: Slot, who: str = "referente", **fields: str) -> Any:
    url = reverse("indicators:entry_row", args=[QUARTER, slot.key])
    return cast.client(who).post(url, {"revision": "0", **fields})


def count(code: str = "REC-NB", **fields: Any) -> Indicator:
    """An indicator that is one number."""
    whole = {"unit": Unit.COUNT, "aggregation": Aggregation.SUM, "numerator_label": ""}
    return make_indicator(code, **{**whole, "denominator_label": "", **fields})


# --- What is due ------------------------------------------------------------------------------
def test_levels_make_the_rows(cast: Cast) -> None:
    other = Service.objects.create(prefecture=cast.prefecture, name="Étrangers")
    make_indicator("TEL", position=1)
    count("REC", level=Level.SERVICE, position=2)
    count("ATT", level=Level.SITE, position=3)
    make_indicator("AN", periodicity=Periodicity.YEAR)
    grid = grid_for_page(cast.prefecture, QUARTER, cast.scope("referente"))
    assert [(row.slot.indicator.code, row.slot.place_label) for row in grid.rows] == [
        ("TEL", "Toute la préfecture"),
        ("ATT", "Site principal"),
        ("REC", str(cast.service)),
        ("REC", str(other)),
    ]
    assert grid.words == "0 sur 4"
    mine = grid_for_page(cast.prefecture, QUARTER, cast.scope("correspondant"))
    assert [row.slot.place_label for row in mine.rows] == [str(cast.service)]


def test_the_perimeter_of_the_demarche_decides(cast: Cast) -> None:
    """M1 is retained for one service, M2 is not retained: what only M2 asks for is not due."""
    referential = small_referential()
    other = Service.objects.create(prefecture=cast.prefecture, name="Étrangers")
    for code, name in (("M1-1", "UN"), ("M2-1", "DEUX")):
        commitment = referential.commitments.get(code=code)
        commitment.indicators = [name]
        commitment.save()
    cycle = modules_services.create_cycle(
        prefecture=cast.prefecture,
        referential=referential,
        name="Label 2022",
        started_on=date(2021, 9, 1),
    )
    cycle.cycle_modules.get().services.set([cast.service])
    one, two, alone = (
        count(code, level=Level.SERVICE, position=rank)
        for rank, code in enumerate(("UN", "DEUX", "SEUL"))
    )
    slots = perimeter_of(cast.prefecture).slots([one, two, alone])
    assert [(slot.indicator.code, slot.service) for slot in slots] == [
        ("UN", cast.service),
        ("SEUL", cast.service),
    ]
    # What was measured outside is shown all the same.
    make_measure(cast.prefecture, two, service=other)
    grid = grid_for_page(cast.prefecture, QUARTER, cast.scope("referente"))
    assert ("DEUX", other) in [(row.slot.indicator.code, row.slot.service) for row in grid.rows]


def test_slots_are_told_apart(cast: Cast) -> None:
    indicator = count(level=Level.SITE)
    perimeter = Perimeter([], list(cast.prefecture.sites.order_by("name")), {})
    (slot,) = perimeter.slots([indicator])
    assert slot.site is not None
    assert slot.key == f"{indicator.pk}-l{slot.site.pk}"


def test_what_is_owed(cast: Cast) -> None:
    make_measure(cast.prefecture, make_indicator("A"), state=MeasureState.VALIDATED)
    make_indicator("B")
    lines = owed_for_page(cast.prefecture, cast.scope("referente"), date(2022, 1, 15))
    found = {line.period.code: (line.words, line.validated, line.owing) for line in lines}
    assert found == {
        "2021-T4": ("1 sur 2", 1, ("Toute la préfecture",)),
        "2021-T3": ("0 sur 2", 0, ("Toute la préfecture",)),
    }


# --- One row ----------------------------------------------------------------------------------
def test_a_rate_is_computed_by_the_server(cast: Cast) -> None:
    slot = Slot(make_indicator())
    # What the page computed itself is not believed.
    answer = post_row(cast, slot, numerator="9 516", denominator="10 000", value="12")
    assert answer.status_code == 200
    found = answer.json()
    assert (found["revision"], found["shown"], found["is_done"]) == (1, "95,16\u00a0%", True)
    assert found["fields"]["value"] == "95,16"
    measure = Measure.objects.get()
    assert (measure.value, measure.numerator, measure.denominator) == (D("0.9516"), 9516, 10000)
    assert (measure.period, measure.starts_on, measure.ends_on) == (
        "2021-T4",
        date(2021, 10, 1),
        date(2021, 12, 31),
    )
    again = post_row(cast, slot, numerator="9 516", denominator="10 000")
    assert again.json()["revision"] == 1  # double submission: harmless


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"numerator": "12"}, "Il manque : Appels reçus"),
        ({"denominator": "12"}, "Il manque : Appels décrochés"),
        ({"numerator": "1", "denominator": "0"}, "Choisissez « sans objet »"),
        ({"numerator": "1", "denominator": "0,0000001"}, "Choisissez « sans objet »"),
        ({"numerator": "1", "denominator": "-3", "doubt": "Oui"}, "dénominateur est négatif"),
        ({"numerator": "1" * 9, "denominator": "0,000001", "doubt": "Oui"}, "trop grand"),
        ({"value": "beaucoup"}, "n’est pas un nombre"),
        ({"comment": "Grève"}, "Indiquez d’abord une valeur"),
    ],
)
def test_what_cannot_be_saved_says_what_to_do(
    cast: Cast, fields: dict[str, str], said: str
) -> None:
    answer = post_row(cast, Slot(make_indicator()), **fields)
    assert answer.status_code == 422
    assert said in answer.json()["message"].replace("\u00a0", " ")
    assert Measure.objects.count() == 0


def test_not_measured_and_not_applicable_are_not_zero(cast: Cast) -> None:
    slot = Slot(count())
    post_row(cast, slot, status="not_measured", value="12")
    measure = Measure.objects.get()
    assert (measure.status, measure.value) == (MeasureStatus.NOT_MEASURED, None)
    answer = post_row(cast, slot, status="measured", value="0", revision="1")
    assert answer.json()["shown"] == "0"
    assert post_row(cast, slot, status="not_applicable", revision="2").json()["shown"] == (
        "sans objet"
    )
    assert [row.before["value"] for row in MeasureRevision.objects.order_by("pk")] == [
        None,
        "0.000000",
    ]


def test_a_doubtful_figure_waits_for_a_reason(cast: Cast) -> None:
    slot = Slot(make_indicator())
    answer = post_row(cast, slot, numerator="12", denominator="10")
    assert answer.status_code == 422
    assert len(answer.json()["doubts"]) == 2
    assert Measure.objects.count() == 0
    reason = "Appels de la veille décrochés le matin"
    assert post_row(cast, slot, numerator="12", denominator="10", doubt=reason).status_code == 200
    assert Measure.objects.get().doubt == reason


def test_a_figure_out_of_its_history_is_doubted(cast: Cast) -> None:
    indicator = count()
    for number in range(10):
        period = Period.from_code(f"{2010 + number}-T4")
        make_measure(
            cast.prefecture,
            indicator,
            period.code,
            str(100 + number % 2),
            starts_on=period.start,
            ends_on=period.end,
        )
    answer = post_row(cast, Slot(indicator), value="900")
    assert "sort de ce qui est habituel" in answer.json()["doubts"][0]
    assert post_row(cast, Slot(indicator), value="101").status_code == 200


def test_the_second_person_sees_the_first_one_s_figure(cast: Cast) -> None:
    slot = Slot(count(level=Level.SERVICE), service=cast.service)
    post_row(cast, slot, who="correspondant", value="12")
    answer = post_row(cast, slot, value="15")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Karim PETIT a saisi cette mesure" in page
    assert 'data-value="12"' in page
    assert 'data-revision="1"' in page
    assert Measure.objects.get().value == 12
    # The same figure typed twice is no quarrel.
    assert post_row(cast, slot, value="12").status_code == 200
    assert post_row(cast, slot, value="15", revision="1").status_code == 200


def test_blank_erases_what_was_never_validated(cast: Cast) -> None:
    slot = Slot(count())
    post_row(cast, slot, value="12")
    assert post_row(cast, slot, value="", revision="1").json()["is_done"] is False
    assert Measure.objects.count() == 0


def test_a_correspondent_enters_for_their_services_only(cast: Cast) -> None:
    other = Service.objects.create(prefecture=cast.prefecture, name="Étrangers")
    indicator = count(level=Level.SERVICE)
    strangers = [
        (Slot(indicator, other), "correspondant"),
        (Slot(indicator, cast.other_service), "referente"),
        (Slot(make_indicator()), "correspondant"),
    ]
    for slot, who in strangers:
        answer = post_row(cast, slot, who, value="1")
        assert answer.status_code == 422
        assert "n’est pas attendue de vos services" in answer.json()["message"]
    assert Measure.objects.count() == 0
    mine = Slot(indicator, cast.service)
    assert post_row(cast, mine, "correspondant", value="1").status_code == 200


# --- The whole page, without JavaScript -------------------------------------------------------
def page_of(cast: Cast, client: Any) -> tuple[str, dict[str, str]]:
    """Return the page and what its form would send, untouched."""
    page = client.get(reverse("indicators:entry_grid", args=[QUARTER])).content.decode()
    grid = grid_for_page(cast.prefecture, QUARTER, cast.scope("referente"))
    sent = {}
    for row in grid.rows:
        prefix = f"row-{row.slot.key}"
        sent |= {f"{prefix}-{name}": value for name, value in row.fields.items()}
        sent |= {f"{prefix}-revision": str(row.revision), f"{prefix}-read": row.fingerprint}
    return page, sent


def test_the_page_saves_what_may_be_and_loses_nothing(cast: Cast) -> None:
    good, half, doubted = (Slot(make_indicator(code)) for code in ("A", "B", "C"))
    client = cast.client("referente")
    page, sent = page_of(cast, client)
    assert f'name="row-{good.key}-numerator"' in page
    sent |= {f"row-{good.key}-numerator": "1", f"row-{good.key}-denominator": "2"}
    sent |= {f"row-{half.key}-numerator": "3"}
    sent |= {f"row-{doubted.key}-value": "250", f"row-{doubted.key}-comment": "À revoir"}
    answer = client.post(reverse("indicators:entry_save", args=[QUARTER]), sent).content.decode()
    assert Measure.objects.get().indicator.code == "A"
    assert "Il manque" in answer
    assert "250" in answer
    assert "À revoir" in answer
    assert "serait-ce" in answer
    # Said at the top too, each with the way to its line.
    summary = answer.partition('class="fr-alert fr-alert--error')[2].partition("</div>")[0]
    assert "lignes ne sont pas enregistrées" in summary
    assert "Il manque" in summary
    assert "serait-ce" in summary
    assert 'href="#ligne-' in summary


def test_rows_left_alone_are_no_conflict(cast: Cast) -> None:
    one, two = Slot(count("A")), Slot(count("B"))
    client = cast.client("referente")
    _, sent = page_of(cast, client)
    post_row(cast, one, who="referente", value="12")
    post_row(cast, two, who="referente", value="30")
    sent |= {f"row-{two.key}-value": "31"}
    answer = client.post(reverse("indicators:entry_save", args=[QUARTER]), sent).content.decode()
    values = dict(Measure.objects.order_by("pk").values_list("indicator__code", "value"))
    assert values == {"A": 12, "B": 30}
    assert answer.count("data-conflict") == 1
    assert 'value="31"' in answer
    # « Garder ma saisie »: sent again, knowing.
    sent |= {f"row-{two.key}-revision": "1", "mine": two.key}
    client.post(reverse("indicators:entry_save", args=[QUARTER]), sent)
    assert Measure.objects.get(indicator__code="B").value == 31
    # « Prendre sa version »: what was typed is given up.
    sent |= {f"row-{two.key}-value": "99", "theirs": two.key}
    client.post(reverse("indicators:entry_save", args=[QUARTER]), sent)
    assert Measure.objects.get(indicator__code="B").value == 31


@pytest.mark.parametrize("code", ["0000", "0999-T4", "9999-12"])
def test_a_year_that_nobody_lived_is_not_found(cast: Cast, code: str) -> None:
    client = cast.client("referente")
    assert client.get(f"/indicateurs/saisie/{code}/").status_code == 404
    said = client.get(reverse("indicators:entry_list"), {"periode": code})
    assert "Cette période n’existe pas" in said.text


def test_the_chooser_opens_a_period(cast: Cast) -> None:
    client = cast.client("referente")
    url = reverse("indicators:entry_list")
    grid = reverse("indicators:entry_grid", args=["2020-S1"])
    assert client.get(url, {"periode": "2020-S1"}).headers["Location"] == grid
    assert "Cette période n’existe pas" in client.get(url, {"periode": "avril"}).content.decode()
    assert client.get("/indicateurs/saisie/2020-S3/").status_code == 404
