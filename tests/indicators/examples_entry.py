"""Periods, rows and figures of the entry for the guards."""

from accounts.models import Prefecture
from indicators.enums import MeasureState
from tests.cast import Cast
from tests.examples import example, growing
from tests.indicators.builders import make_indicator, make_measure


@example(
    "indicators:entry_list",
    scoped=False,
)
def nothing(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {}


@example(
    "indicators:entry_grid",
    "indicators:entry_save",
    "indicators:period_recalculate",
    "indicators:period_validate",
    "indicators:period_publish",
    "indicators:period_remind",
    scoped=False,
)
def period(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    make_indicator()
    return {"period": "2021-T4"}


@example("indicators:entry_row", scoped=False)
def row(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    """Whoever does not answer for the row is told so, and nothing is written."""
    return {"period": "2021-T4", "key": f"{make_indicator().pk}-p"}


@example("indicators:measure_validate", "indicators:measure_reopen")
def measure(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    """A validated one: an auditor and the ministry read no figure before."""
    return {"pk": make_measure(prefecture, state=MeasureState.VALIDATED).pk}


@growing("indicators:entry_list", reader="referente", budget=20)
def periods(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        make_indicator(f"ESSAI-{number}", position=number)
    return {}


@growing("indicators:entry_grid", reader="referente", budget=22)
def grid(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        indicator = make_indicator(f"ESSAI-{number}", position=number)
        make_measure(cast.prefecture, indicator)
    return {"period": "2021-T4"}
