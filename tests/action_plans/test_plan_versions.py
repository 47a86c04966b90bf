"""Validated versions: frozen for ever, read back, compared field by field."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from action_plans.models import PlanVersion, Step
from action_plans.rules.plan_versions import FieldChange, FrozenAction, FrozenPlan, differences
from action_plans.selectors.plan_versions import compare_version, plan_of_year
from action_plans.services.actions import move_action, open_action, remove_action, update_action
from action_plans.services.plan_versions import freeze_plan
from tests.action_plans.tables import make_plan
from tests.cast import Cast


def freeze(cast: Cast, year: int = 2022, **values: Any) -> PlanVersion:
    given = {
        "year": year,
        "validated_on": date(2022, 2, 3),
        "validated_by_name": "le comité de pilotage",
        "note": "",
        **values,
    }
    return freeze_plan(prefecture=cast.prefecture, values=given, by=cast.user("referente"))


def test_what_is_frozen_is_what_is_printed(cast: Cast) -> None:
    make_plan(cast)
    plan = FrozenPlan.from_dict(freeze(cast).frozen)
    assert [action.number for action in plan.actions] == [1, 2, 3]
    full = plan.actions[0]
    assert (full.title, full.state, full.state_label, full.axis) == (
        "Ajouter des plages de rendez-vous en ligne",
        "to_start",
        "À lancer",
        "Délais",
    )
    assert full.fields == {
        "Responsable": "M. Karim PETIT",
        "Priorité": "Haute",
        "Nature": "Action corrective",
        "Service": "Accueil du public",
        "Début": "03/01/2022",
        "Échéance": "30/06/2022",
        "Avancement": "45\u00a0%",
        "Modules": "1",
        "Engagements": "M1-1 ; M1-2",
        "Problème constaté": "Délais jugés trop longs :\n52 % de satisfaits.",
        "Coût (euros)": "1\u00a0250,50",
    }
    assert full.steps == ("Recruter, pour le 01/03/2022", "Ouvrir les plages, par M. Petit")
    assert [(axis, len(rows)) for axis, rows in plan.by_axis()] == [("Délais", 1), ("Sans axe", 2)]


def test_a_version_never_changes(cast: Cast) -> None:
    full, *_ = make_plan(cast)
    version = freeze(cast)
    before = version.frozen
    update_action(action=full, values={"title": "Un autre titre"})
    version.refresh_from_db()
    assert version.frozen == before
    version.note = "Corrigé après coup"
    with pytest.raises(ValidationError):
        version.save()
    # The same act sent twice is one version; another note is another version.
    assert freeze(cast, note="Deuxième").number == 2
    assert freeze(cast, note="Deuxième").number == 2
    assert PlanVersion.objects.count() == 2


def test_the_plan_of_a_year(cast: Cast) -> None:
    def opened(title: str, **values: Any) -> None:
        open_action(prefecture=cast.prefecture, values={"title": title, **values})

    opened("sans dates")
    opened("à venir", starts_on=date(2023, 1, 1))
    opened("finie avant", starts_on=date(2020, 1, 1), done_on=date(2021, 12, 31), state="done")
    opened("finie dans l’année", done_on=date(2022, 1, 1), state="done")
    opened("en retard", due_on=date(2021, 6, 30))
    opened("fin d’année", starts_on=date(2022, 12, 31))
    titles = [action.title for action in plan_of_year(cast.prefecture, 2022).actions]
    assert titles == ["sans dates", "finie dans l’année", "en retard", "fin d’année"]
    with pytest.raises(ValidationError, match="n’a aucune action"):
        freeze_plan(
            prefecture=cast.other_prefecture,
            values={
                "year": 2022,
                "validated_on": date(2022, 1, 1),
                "validated_by_name": "x",
                "note": "",
            },
            by=cast.user("other_referent"),
        )
    assert PlanVersion.objects.count() == 0


def test_differences_field_by_field(cast: Cast) -> None:
    full, bare, odd = make_plan(cast)
    version = freeze(cast)
    update_action(action=full, values={"due_on": date(2022, 9, 30), "partners": "CCI"})
    move_action(action=full, code="start", scope=cast.scope("referente"))
    Step.objects.filter(title="Recruter").update(done_on=date(2022, 2, 28))
    remove_action(action=odd)
    open_action(prefecture=cast.prefecture, values={"title": "Nouvelle"})
    comparison = compare_version(version, "aujourdhui")
    found = comparison.found
    assert [action.title for action in found.added] == ["Nouvelle"]
    assert [action.number for action in found.removed] == [3]
    (change,) = found.changed
    assert change.has_moved
    assert change.fields == (
        FieldChange("État", "À lancer", "En cours"),
        FieldChange("Échéance", "30/06/2022", "30/09/2022"),
        FieldChange("Partenaires", "", "CCI"),
        FieldChange(
            "Étapes",
            "Recruter, pour le 01/03/2022\nOuvrir les plages, par M. Petit",
            "Recruter, pour le 01/03/2022, faite le 28/02/2022\nOuvrir les plages, par M. Petit",
        ),
    )
    assert (found.same_count, found.moved_count) == (1, 1)
    later = freeze(cast, validated_on=date(2022, 10, 1))
    # Whichever is asked from, the older one comes first.
    assert compare_version(later, str(version.pk)).found == found
    assert (
        compare_version(version, str(later.pk)).old_name
        == "Plan d’actions 2022, version 1 (03/02/2022)"
    )


def test_two_plans_that_say_the_same() -> None:
    action = FrozenAction(1, "A", "done", "Réalisée", "", {"Service": "Accueil"}, ("Étape",))
    plan = FrozenPlan(2022, "41", "2022-02-03", (action,))
    assert differences(plan, FrozenPlan.from_dict(plan.as_dict())).is_empty


def test_pages(cast: Cast) -> None:
    make_plan(cast)
    create = reverse("action_plans:plan_version_create")
    data = {
        "year": "2022",
        "validated_on": "2022-02-03",
        "validated_by_name": "le COPIL",
        "note": "",
    }
    assert cast.client("agent").post(create, data).status_code == 403
    refused = cast.client("prefet").post(create, {**data, "year": "2001", "validated_by_name": ""})
    assert PlanVersion.objects.count() == 0
    assert list(refused.context["form"].errors) == ["validated_by_name"]
    response = cast.client("prefet").post(create, data)
    version = PlanVersion.objects.get()
    assert response.url == reverse("action_plans:plan_version_detail", args=[version.pk])
    reader = cast.client("auditeur")
    assert "Recruter, pour le 01/03/2022" in reader.get(response.url).content.decode()
    listing = reader.get(reverse("action_plans:plan_version_list")).content.decode()
    assert "Arrêter une version" not in listing
    compare = reverse("action_plans:plan_version_differences", args=[version.pk])
    assert "Les deux plans disent la même chose." in reader.get(compare).content.decode()
    assert reader.get(compare + "?avec=nimporte").status_code == 200
