"""Imports of workbooks for the guards."""

from accounts.models import Prefecture
from indicators.enums import ImportState
from indicators.models import MeasureImport
from indicators.services.imports import receive_file
from tests.cast import Cast
from tests.examples import example, growing
from tests.indicators.builders import make_indicator


def rates(count: int = 2, year: int = 2021) -> bytes:
    """Return a CSV of a rate in as many months."""
    months = (f"{rank % 12 + 1:02d}/{year + rank // 12};9{rank % 10},5 %" for rank in range(count))
    return "\n".join(("Mois;Taux d’appels aboutis", *months)).encode()


def read_file(cast: Cast, prefecture: Prefecture, data: bytes | None = None) -> MeasureImport:
    """Return a file read by the référent of the préfecture."""
    make_indicator(label="Taux d’appels aboutis")
    is_home = prefecture == cast.prefecture
    by = cast.user("referente" if is_home else "other_referent")
    return receive_file(
        prefecture=prefecture, file_name="telephone.csv", data=data or rates(), by=by
    )


@example(
    "indicators:import_detail",
    "indicators:import_progress",
    "indicators:import_answer",
    "indicators:import_apply",
    "indicators:import_resume",
    "indicators:import_drop",
    "indicators:import_undo",
    "indicators:import_file",
    hidden_from=("correspondant",),
)
def imported(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": read_file(cast, prefecture).pk}


@growing("indicators:import_list", "indicators:import_create", reader="referente", budget=12)
def files(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        MeasureImport.objects.create(
            prefecture=cast.prefecture,
            file_name=f"telephone-{number}.csv",
            sha256=f"{number:064d}",
            state=ImportState.PREVIEW,
            read_by=cast.user("referente"),
        )
    return {}


@growing("indicators:import_detail", reader="referente", budget=25)
def cells(cast: Cast, numbers: range) -> dict[str, object]:
    return {"pk": read_file(cast, cast.prefecture, rates(len(numbers) * 3, 2010)).pk}
