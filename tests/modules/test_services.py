"""Writes of the démarche, and what they refuse."""

import json
from dataclasses import asdict
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.history import history_entries
from modules import services
from modules.enums import AuditKind, CycleState
from modules.models import LabelCycle, PlannedAudit
from modules.selectors import cycles as selectors
from modules.services.label import close_cycle
from tests.cast import Cast
from tests.modules.examples import (
    CHOSEN_ON,
    choose,
    make_cycle,
    make_referential,
    plan_certification,
    validate,
)


def numbers(cycle: LabelCycle) -> list[int]:
    return list(cycle.cycle_modules.order_by("position").values_list("module__number", flat=True))


@pytest.fixture
def cycle(cast: Cast) -> LabelCycle:
    return make_cycle(cast.prefecture)


@pytest.fixture
def validated(cast: Cast, cycle: LabelCycle) -> LabelCycle:
    choose(cycle, cast.user("prefet"), 4)
    return validate(cycle, cast.user("national"))


def test_opens_with_the_compulsory_module(cycle: LabelCycle) -> None:
    assert numbers(cycle) == [1]
    assert cycle.state == CycleState.PREPARATION


def test_name_is_unique_in_the_prefecture(cast: Cast, cycle: LabelCycle) -> None:
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        make_cycle(cast.prefecture)
    assert make_cycle(cast.other_prefecture).name == cycle.name


def test_slip_of_the_year_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="La date 01/09/21 est hors de la période"):
        services.create_cycle(
            prefecture=cast.prefecture,
            referential=make_referential(),
            name="Essai",
            started_on=date(21, 9, 1),
        )
    assert LabelCycle.objects.count() == 0


def test_choice_is_dated_and_signed(cast: Cast, cycle: LabelCycle) -> None:
    choose(cycle, cast.user("prefet"), 4)
    cycle.refresh_from_db()
    assert numbers(cycle) == [1, 4]
    assert cycle.chosen_on == CHOSEN_ON
    assert cycle.chosen_by == "M. François DURAND, préfet de Loir-et-Cher"
    assert cycle.choice_recorded_by == cast.user("prefet")


def test_choice_cannot_drop_the_compulsory_module(cast: Cast, cycle: LabelCycle) -> None:
    choose(cycle, cast.user("prefet"), 3, 4)
    choose(cycle, cast.user("prefet"))
    assert numbers(cycle) == [1]


def test_choice_of_another_referential_is_refused(cast: Cast, cycle: LabelCycle) -> None:
    stranger = make_referential("qualipref-2.0.yaml").modules.get(number=4)
    with pytest.raises(ValidationError, match="celui d’un autre référentiel"):
        services.prepare_modules(cycle=cycle, modules=[stranger])
    assert numbers(cycle) == [1]


def test_choice_of_tomorrow_is_refused(cast: Cast, cycle: LabelCycle) -> None:
    with pytest.raises(ValidationError, match="ne peut pas être daté d’un jour à venir"):
        services.record_choice(
            cycle=cycle,
            modules=cycle.referential.modules.filter(number=4),
            chosen_on=timezone.localdate() + timedelta(days=1),
            chosen_by_name="M. le préfet",
            by=cast.user("prefet"),
        )
    assert numbers(cycle) == [1]
    assert LabelCycle.objects.get().chosen_on is None


def test_validation_needs_the_choice(cast: Cast, cycle: LabelCycle) -> None:
    with pytest.raises(ValidationError, match="Le préfet n’a pas encore choisi"):
        validate(cycle, cast.user("national"))
    assert LabelCycle.objects.get().validated_on is None


def test_validation_follows_the_choice(cast: Cast, cycle: LabelCycle) -> None:
    choose(cycle, cast.user("prefet"), 4)
    with pytest.raises(ValidationError, match="sa date ne peut pas le précéder"):
        services.validate_perimeter(
            cycle=cycle,
            validated_on=CHOSEN_ON - timedelta(days=1),
            validated_by="ministère",
            by=cast.user("national"),
        )
    assert LabelCycle.objects.get().validated_on is None


def test_other_modules_ask_for_another_validation(cast: Cast, validated: LabelCycle) -> None:
    choose(validated, cast.user("prefet"), 4, 5)
    validated.refresh_from_db()
    assert numbers(validated) == [1, 4, 5]
    assert validated.chosen_on == CHOSEN_ON
    assert (validated.validated_on, validated.validated_by) == (None, "")


def test_same_modules_keep_the_validation(cast: Cast, validated: LabelCycle) -> None:
    services.prepare_modules(
        cycle=validated, modules=validated.referential.modules.filter(number=4)
    )
    choose(validated, cast.user("prefet"), 4)
    validated.refresh_from_db()
    assert validated.validated_on == date(2022, 2, 14)


def test_prepared_modules_ask_for_another_choice(validated: LabelCycle) -> None:
    services.prepare_modules(cycle=validated, modules=[])
    validated.refresh_from_db()
    assert numbers(validated) == [1]
    assert (validated.chosen_on, validated.chosen_by_name) == (None, "")
    assert validated.validated_on is None


def test_stale_row_is_not_overwritten(cast: Cast, cycle: LabelCycle) -> None:
    mine, theirs = LabelCycle.objects.get(), LabelCycle.objects.get()
    values = {"started_on": cycle.started_on, "context": ""}
    services.update_cycle(cycle=theirs, name="Le leur", **values)
    with pytest.raises(ValidationError, match="Quelqu’un vient de modifier cette page"):
        services.update_cycle(cycle=mine, name="Le mien", **values)
    assert LabelCycle.objects.get().name == "Le leur"


@pytest.mark.parametrize(
    "values",
    [
        {"chosen_on": None},
        {"chosen_by_name": ""},
        {"validated_by": ""},
        {"validated_on": date(2022, 1, 16)},
        {"chosen_on": None, "chosen_by_name": ""},
        {"state": CycleState.LABELLED, "validated_on": None, "validated_by": ""},
    ],
)
def test_database_refuses_half_acts(validated: LabelCycle, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LabelCycle.objects.update(**values)


# --- Audits -----------------------------------------------------------------------------------
def test_certification_needs_its_body(cycle: LabelCycle) -> None:
    with pytest.raises(ValidationError, match="Indiquez l’organisme"):
        services.plan_audit(cycle=cycle, kind=AuditKind.CERTIFICATION, on=date(2022, 7, 28))
    services.plan_audit(cycle=cycle, kind=AuditKind.INTERNAL, on=date(2022, 7, 13))
    assert PlannedAudit.objects.get().kind == AuditKind.INTERNAL


def test_audit_does_not_precede_the_demarche(cycle: LabelCycle) -> None:
    with pytest.raises(ValidationError, match="L’audit précède le début de la démarche"):
        plan_certification(cycle, date(2021, 8, 31))
    assert PlannedAudit.objects.count() == 0


def test_same_audit_once_a_day(cycle: LabelCycle) -> None:
    audit = plan_certification(cycle)
    with pytest.raises(ValidationError, match="Cet audit est déjà prévu ce jour-là"):
        plan_certification(cycle)
    services.remove_audit(audit=audit)
    plan_certification(cycle)
    with pytest.raises(ValidationError, match="il n’y a rien à rétablir"):
        services.restore_audit(audit=audit)
    assert PlannedAudit.objects.kept().count() == 1


def test_removed_audit_comes_back(cycle: LabelCycle) -> None:
    audit = plan_certification(cycle)
    services.remove_audit(audit=audit)
    assert not PlannedAudit.objects.kept().exists()
    services.restore_audit(audit=audit)
    assert PlannedAudit.objects.kept().get() == audit


# --- Facts and history ------------------------------------------------------------------------
def test_perimeter_facts(cast: Cast, validated: LabelCycle) -> None:
    plan_certification(validated)
    facts = selectors.perimeter_facts(cast.prefecture)
    assert facts is not None
    assert [(item.number, item.is_compulsory) for item in facts.modules] == [(1, True), (4, False)]
    assert facts.choice is not None
    assert facts.choice.by == "M. François DURAND, préfet de Loir-et-Cher"
    assert facts.choice.on_words.replace("\u00a0", " ") == "17 janvier 2022"
    assert facts.validation is not None
    assert facts.validation.on == "2022-02-14"
    assert [(item.on, item.body, item.note) for item in facts.audits] == [
        ("2022-07-28", "SOCOTEC", "décide de la labellisation")
    ]
    assert json.loads(json.dumps(asdict(facts))) == asdict(facts)


def test_perimeter_facts_take_the_present_demarche(cast: Cast, cycle: LabelCycle) -> None:
    assert selectors.perimeter_facts(cast.other_prefecture) is None
    later = services.create_cycle(
        prefecture=cast.prefecture,
        referential=cycle.referential,
        name="Qual-e-Pref 2025",
        started_on=date(2025, 1, 1),
    )
    facts = selectors.perimeter_facts(cast.prefecture)
    assert facts is not None
    assert (facts.cycle, facts.choice, facts.audits) == ("Qual-e-Pref 2025", None, [])
    close_cycle(
        cycle=later, closing="abandoned", ended_on=date(2025, 2, 1), end_reason="Faute d’agents"
    )
    ended = selectors.perimeter_facts(cast.prefecture)
    assert ended is not None
    assert ended.cycle == cycle.name


def test_history_tells_which_modules_came_and_went(cast: Cast, cycle: LabelCycle) -> None:
    (creation,) = history_entries(cycle)
    assert creation.sentence.endswith("a créé la démarche")
    LabelCycle.history.update(history_date=timezone.now() - timedelta(hours=1))
    choose(cycle, cast.user("prefet"), 4)
    details = "\n".join(history_entries(cycle)[0].details)
    assert (
        "Modules : Module n° 4 – Relations avec les collectivités territoriales (ajouté)" in details
    )
