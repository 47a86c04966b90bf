"""Imports, exports and validated versions for the guards; see tests/examples.py."""

from datetime import date

from accounts.models import Prefecture
from action_plans.exchange.writing import write_plan
from action_plans.models import ActionImport, PlanVersion
from action_plans.selectors.exchange import plan_of
from action_plans.services.imports import receive_file
from action_plans.services.plan_versions import freeze_plan
from tests.action_plans.builders import make_action, make_step
from tests.cast import Cast
from tests.examples import example, growing


ONE_NEW = "Numéro;Intitulé;Révision\n;Former les agents;\n".encode()


@example("action_plans:action_export", scoped=False)
def export(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    make_action(prefecture)
    return {"fmt": "csv"}


@example("action_plans:import_detail", "action_plans:import_progress", "action_plans:import_apply")
@example("action_plans:import_cancel", "action_plans:import_undo", "action_plans:import_resume")
def handed_in(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": _import(cast, prefecture, ONE_NEW).pk}


def _import(cast: Cast, prefecture: Prefecture, data: bytes) -> ActionImport:
    return receive_file(
        prefecture=prefecture, file_name="plan.csv", data=data, by=cast.user("referente")
    )


@example("action_plans:plan_version_detail", "action_plans:plan_version_differences")
def version(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    make_action(prefecture)
    return {"pk": _version(cast, prefecture).pk}


def _version(cast: Cast, prefecture: Prefecture, name: str = "COPIL") -> PlanVersion:
    values = {
        "year": 2022,
        "validated_on": date(2022, 2, 3),
        "validated_by_name": name,
        "note": "",
    }
    return freeze_plan(prefecture=prefecture, values=values, by=cast.user("referente"))


@growing("action_plans:plan_version_list", reader="referente", budget=8)
def versions(cast: Cast, numbers: range) -> dict[str, object]:
    make_action(cast.prefecture)
    for number in numbers:
        _version(cast, cast.prefecture, f"COPIL {number}")
    return {}


def _grown(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_step(make_action(cast.prefecture, f"Action {number}", owner=cast.user("agent")))


@growing("action_plans:plan_version_differences", reader="referente", budget=30)
def differing(cast: Cast, numbers: range) -> dict[str, object]:
    found = PlanVersion.objects.first()
    if found is None:
        make_action(cast.prefecture, "Première")
        found = _version(cast, cast.prefecture)
    _grown(cast, numbers)
    return {"pk": found.pk}


@growing("action_plans:action_export", reader="referente", budget=36)
def exported(cast: Cast, numbers: range) -> dict[str, object]:
    _grown(cast, numbers)
    return {"fmt": "csv"}


@growing("action_plans:import_detail", reader="referente", budget=8)
def looked_at(cast: Cast, numbers: range) -> dict[str, object]:
    _grown(cast, numbers)
    data = write_plan(plan_of(cast.prefecture), "csv").replace(b";Action ", b";Geste ")
    return {"pk": _import(cast, cast.prefecture, data).pk}
