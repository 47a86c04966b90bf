"""Figures to read, for the guards."""

from datetime import date
from decimal import Decimal

from accounts.models import Prefecture
from indicators.enums import MeasureState
from tests.cast import Cast
from tests.examples import example, growing
from tests.indicators.builders import make_indicator, make_measure


def add_quarters(prefecture: Prefecture, code: str, numbers: range) -> None:
    """Give an indicator one figure per quarter, back from the end of 2021."""
    for number in numbers:
        year, quarter = 2021 - number // 4, 4 - number % 4
        make_measure(
            prefecture,
            make_indicator(code),
            f"{year}-T{quarter}",
            str(Decimal("0.80") + Decimal(number % 7) / 100),
            starts_on=date(year, 3 * quarter - 2, 1),
            ends_on=date(year, 3 * quarter, 30 if quarter in {2, 3} else 31),
        )


@example(
    "indicators:figure_detail",
    "indicators:sheet_request",
    scoped=False,
)
def indicator(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"code": make_indicator().code}


@example("indicators:figure_export", "indicators:prefecture_export", scoped=False)
def export(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"fmt": "csv"}


@example("indicators:points_export", scoped=False)
def points(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"code": make_indicator().code, "fmt": "csv"}


@example("indicators:strengths_detail", scoped=False)
def period(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"period": "2021-T4"}


@example("indicators:commentary_edit", scoped=False)
def commentary(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"period": "2021-T4", "code": make_indicator().code}


@example("indicators:measure_detail")
def measure(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    row = make_measure(prefecture, state=MeasureState.VALIDATED)
    return {"code": row.indicator.code, "pk": row.pk}


@growing("indicators:figure_list", reader="referente", budget=19)
def lines(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        add_quarters(cast.prefecture, f"ESSAI-{number}", range(3))
    return {}


@growing("indicators:figure_detail", reader="referente", budget=28)
def history(cast: Cast, numbers: range) -> dict[str, object]:
    add_quarters(cast.prefecture, "TEL-ABOUTI", numbers)
    return {"code": "TEL-ABOUTI"}


@growing("indicators:strengths_detail", reader="referente", budget=24)
def judged(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        add_quarters(cast.prefecture, f"ESSAI-{number}", range(3))
    return {"period": "2021-T4"}


@growing("indicators:prefecture_list", reader="national", budget=20)
def everywhere(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        code = f"{800 + number}"
        prefecture = Prefecture.objects.create(
            code=code, slug=f"essai-{code}", name=f"Essai {code}", of_name=f"d’Essai {code}"
        )
        make_measure(prefecture, state=MeasureState.PUBLISHED)
        make_measure(prefecture, make_indicator(f"ESSAI-{number}"), state=MeasureState.VALIDATED)
    return {}
