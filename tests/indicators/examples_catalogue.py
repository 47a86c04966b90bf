"""Definitions and targets for the guards."""

from datetime import date
from decimal import Decimal

from accounts.models import Prefecture
from indicators.enums import TargetKind
from indicators.models import Target
from tests.cast import Cast
from tests.examples import example, growing
from tests.indicators.builders import make_indicator


def make_target(prefecture: Prefecture | None, value: str = "0.9", year: int = 2022) -> Target:
    """Return a target of one year; national without a préfecture."""
    return Target.objects.create(
        indicator=make_indicator(),
        prefecture=prefecture,
        kind=TargetKind.TARGET,
        value=Decimal(value),
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        source="Décision du comité de pilotage",
    )


@example(
    "indicators:definition_correct",
    "indicators:definition_detail",
    "indicators:target_create",
    "indicators:national_target_create",
    "indicators:pilote_identifier",
    scoped=False,
)
def definition(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"code": make_indicator().code}


@example("indicators:target_edit", "indicators:target_remove", "indicators:target_restore")
def target(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_target(prefecture).pk}


@example(
    "indicators:national_target_edit",
    "indicators:national_target_remove",
    "indicators:national_target_restore",
    scoped=False,
)
def national_target(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_target(None).pk}


@growing("indicators:definition_list", reader="referente", budget=16)
def definitions(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        make_indicator(f"ESSAI-{number}", position=number)
    return {}


@growing("indicators:definition_detail", reader="referente", budget=15)
def targets(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        make_target(cast.prefecture, year=2000 + number)
    return {"code": make_indicator().code}
