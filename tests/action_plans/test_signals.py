"""Origins and measures of an action: who may choose what, what is kept, what is read again."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from action_plans import registry
from action_plans.enums import ActionState, EffectOutcome
from action_plans.models import EffectReading, Origin, SuccessMeasure
from action_plans.registry import MeasuredPoint
from action_plans.selectors.signals import (
    actions_by_reference,
    measures_of,
    origins_of,
    orphan_signals,
)
from action_plans.services import effects, signals
from meetings.models import Decision, Question
from meetings.services.workflow import start_correction
from modules.enums import AssessmentResult, AssessmentState, SheetState
from modules.models import AssessmentRow, AssessmentSheet
from tests.action_plans.builders import make_action
from tests.action_plans.builders_signals import (
    SpecimenMeasure,
    declared,
    make_measure,
)
from tests.cast import Cast
from tests.meetings.scene import build_scene
from tests.modules.builders import Scene, make_assessment, make_scene


pytestmark = pytest.mark.django_db
ROW = "modules.assessment_row"
WAVE = date(2022, 12, 16)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast.prefecture)


@pytest.fixture
def specimens() -> Iterator[None]:
    with declared():
        yield


def gap(scene: Scene, name: str = "Auto-diagnostic 2022", **values: Any) -> AssessmentRow:
    """Return the first row of a new auto-diagnostic, which its service does not keep."""
    made = make_assessment(scene, name)
    row = AssessmentRow.objects.filter(sheet__assessment=made).order_by("pk").first()
    assert row is not None
    AssessmentRow.objects.filter(pk=row.pk).update(
        result=AssessmentResult.PARTIAL, comment="Le matin seul", private_note="SECRET", **values
    )
    row.refresh_from_db()
    return row


# --- Self-assessment --------------------------------------------------------------------------
def test_a_gap_gives_an_action_its_words(cast: Cast, scene: Scene) -> None:
    row, scope = gap(scene), cast.scope("referente")
    (fact,) = registry.origin_source(ROW).weak_points(scope)  # type: ignore[union-attr]
    commitment = row.commitment
    assert fact.reference == str(row.pk)
    assert fact.label == f"{commitment.code}, Accueil du public : {commitment.wording}"
    assert fact.detail == "Partiel : Le matin seul (Auto-diagnostic 2022)"
    assert fact.url.endswith(f"#ligne-{row.pk}")
    assert fact.suggestion["service"] == cast.service.pk
    assert fact.suggestion["commitments"] == [commitment.pk]
    assert "SECRET" not in repr(fact)


def test_an_auditor_sees_the_gaps_of_accepted_grids_only(cast: Cast, scene: Scene) -> None:
    row, scope = gap(scene), cast.scope("auditeur")
    source = registry.origin_source(ROW)
    assert source is not None
    assert source.describe(scope, [str(row.pk)]) == {}
    assert source.weak_points(scope) == []
    AssessmentSheet.objects.filter(pk=row.sheet_id).update(state=SheetState.ACCEPTED)
    (fact,) = source.weak_points(scope)
    assert "SECRET" not in repr(fact)


def test_the_name_of_a_hidden_origin_stays_and_its_detail_does_not(
    cast: Cast, scene: Scene
) -> None:
    row, action = gap(scene), make_action(cast.prefecture)
    signals.add_origin(
        action=action, source=ROW, reference=str(row.pk), scope=cast.scope("referente")
    )
    (line,) = origins_of(action, cast.scope("auditeur"))
    assert line.label.startswith(row.commitment.code)
    assert (line.detail, line.url) == ("", "")
    (line,) = origins_of(action, cast.scope("agent"))
    assert "Le matin seul" in line.detail


def test_last_year_s_action_answers_this_year_s_gap(cast: Cast, scene: Scene) -> None:
    """The same service, the same commitment, another campaign: one signal."""
    before, scope = gap(scene), cast.scope("referente")
    action = make_action(cast.prefecture)
    signals.add_origin(action=action, source=ROW, reference=str(before.pk), scope=scope)
    before.sheet.assessment.state = AssessmentState.CLOSED
    before.sheet.assessment.save()
    now = gap(scene, "Auto-diagnostic 2023")
    (fact,) = registry.origin_source(ROW).weak_points(scope)  # type: ignore[union-attr]
    assert (fact.reference, fact.former) == (str(now.pk), (str(before.pk),))
    assert orphan_signals(scope) == []
    signals.remove_origin(origin=action.origins.get())
    assert [item.fact.reference for item in orphan_signals(scope)] == [str(now.pk)]


def test_the_other_prefecture_gives_nothing(cast: Cast, scene: Scene) -> None:
    row, action = gap(scene), make_action(cast.other_prefecture)
    with pytest.raises(ValidationError, match="n’existe plus"):
        signals.add_origin(
            action=action, source=ROW, reference=str(row.pk), scope=cast.scope("other_referent")
        )
    assert Origin.objects.count() == 0


# --- Committee --------------------------------------------------------------------------------
def test_a_decision_keeps_its_reference_when_the_minutes_are_corrected(cast: Cast) -> None:
    scene, scope = build_scene(cast), cast.scope("referente")
    first = Decision.objects.create(minutes=scene.minutes, text="Afficher les délais", owner="MQ")
    action = make_action(cast.prefecture)
    signals.add_origin(
        action=action, source="meetings.decision", reference=str(first.pk), scope=scope
    )
    scene.validate()
    start_correction(meeting=scene.meeting, reason="Une faute")
    second = scene.refreshed().decisions.get()
    assert (second.pk != first.pk, second.lineage) == (True, first.pk)
    second.text = "Afficher les délais au guichet"
    second.save()
    (line,) = origins_of(action, scope)
    assert line.label == "Afficher les délais au guichet"
    assert line.url.endswith(f"#decision-{second.pk}")
    found = actions_by_reference(
        "meetings.decision", [str(second.lineage)], scope, timezone.localdate()
    )
    assert [item.action.pk for item in found[str(first.pk)]] == [action.pk]


def test_a_decision_taken_away_by_a_correction_is_gone(cast: Cast) -> None:
    scene, scope = build_scene(cast), cast.scope("referente")
    row = Decision.objects.create(minutes=scene.minutes, text="Afficher")
    scene.validate()
    start_correction(meeting=scene.meeting, reason="Une faute")
    scene.refreshed().decisions.get().mark_removed()
    source = registry.origin_source("meetings.decision")
    assert source is not None
    assert source.describe(scope, [str(row.pk)]) == {}


def test_an_answered_question_is_no_orphan(cast: Cast) -> None:
    scene, scope = build_scene(cast), cast.scope("referente")
    owed = Question.objects.create(minutes=scene.minutes, asker=scene.chair, text="Quand ?")
    Question.objects.create(
        minutes=scene.minutes, asker=scene.chair, text="Où ?", answer="Au guichet."
    )
    assert [item.fact.reference for item in orphan_signals(scope)] == [str(owed.pk)]


# --- Origins ----------------------------------------------------------------------------------
def test_the_same_origin_twice_is_refused_in_words(specimens: None, cast: Cast) -> None:
    action, scope = make_action(cast.prefecture), cast.scope("referente")
    given = {"action": action, "source": "tests.finding", "reference": "A1", "scope": scope}
    signals.add_origin(**given)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="déjà celle de l’action"):
        signals.add_origin(**given)  # type: ignore[arg-type]
    signals.add_typed_origin(action=action, label="Courrier d’un maire")
    with pytest.raises(ValidationError, match="déjà celle de l’action"):
        signals.add_typed_origin(action=action, label="Courrier d’un maire")
    assert action.origins.count() == 2


def test_an_origin_untied_can_be_put_back_once(cast: Cast) -> None:
    action, other = make_action(cast.prefecture), make_action(cast.prefecture, "Autre")
    origin = signals.add_typed_origin(action=action, label="Courrier", detail="Du 3 mars")
    number = signals.remove_origin(origin=origin)
    with pytest.raises(ValidationError, match="rétablie"):
        signals.restore_origin(action=other, history_id=number)
    back = signals.restore_origin(action=action, history_id=number)
    assert (back.label, back.detail) == ("Courrier", "Du 3 mars")
    with pytest.raises(ValidationError, match="déjà"):
        signals.restore_origin(action=action, history_id=number)


def test_a_source_whose_app_is_gone_stays_readable(cast: Cast) -> None:
    action = make_action(cast.prefecture)
    Origin.objects.create(action=action, source="gone.row", reference="1", label="Réclamation 7")
    (line,) = origins_of(action, cast.scope("referente"))
    assert (line.kind, line.label, line.url) == ("Source disparue", "Réclamation 7", "")


# --- Measures ---------------------------------------------------------------------------------
def test_a_typed_value_is_read_and_kept_once(cast: Cast) -> None:
    measure = make_measure(make_action(cast.prefecture), baseline_size=180)
    scope = cast.scope("referente")
    for _ in range(2):
        reading = effects.record_value(
            measure=measure,
            value=Decimal("0.63"),
            measured_on=WAVE,
            size=210,
            source_note="Enquête 2022",
            scope=scope,
        )
    assert EffectReading.objects.count() == 1
    assert reading.outcome == EffectOutcome.PROGRESS
    assert "La cible (60\u00a0%) est atteinte." in reading.sentence
    (line,) = measures_of(measure.action, WAVE)
    assert (line.baseline, line.target, line.outcome) == (
        "52\u00a0%",
        "60\u00a0%",
        EffectOutcome.PROGRESS,
    )


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2021, 12, 16), "plus récente"),
        (timezone.localdate() + timedelta(days=2), "pas encore venu"),
    ],
)
def test_a_value_of_a_wrong_day_is_refused(cast: Cast, day: date, said: str) -> None:
    measure = make_measure(make_action(cast.prefecture))
    with pytest.raises(ValidationError, match=said):
        effects.record_value(
            measure=measure, value=Decimal("0.6"), measured_on=day, scope=cast.scope("referente")
        )
    assert EffectReading.objects.count() == 0


def test_a_baseline_has_a_day_before_the_measure(cast: Cast) -> None:
    action, scope = make_action(cast.prefecture), cast.scope("referente")
    values = {"label": "Délai", "baseline": Decimal(12)}
    with pytest.raises(ValidationError, match="de quand date"):
        signals.add_measure(action=action, values=values, scope=scope)
    values |= {"baseline_on": WAVE, "measure_on": WAVE}
    with pytest.raises(ValidationError, match="doit suivre"):
        signals.add_measure(action=action, values=values, scope=scope)
    assert SuccessMeasure.objects.count() == 0


def test_what_is_due_is_told_until_it_is_measured(cast: Cast) -> None:
    measure = make_measure(make_action(cast.prefecture), measure_on=WAVE)
    action = measure.action
    assert not measures_of(action, WAVE - timedelta(days=1))[0].is_due
    assert measures_of(action, WAVE)[0].is_due
    effects.record_value(
        measure=measure, value=Decimal("0.6"), measured_on=WAVE, scope=cast.scope("referente")
    )
    assert not measures_of(action, WAVE)[0].is_due


def test_refreshing_adds_what_is_newer_only(
    specimens: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = make_action(cast.prefecture)
    make_measure(action, source="tests.survey", reference="Q4")
    make_measure(make_action(cast.other_prefecture), source="tests.survey", reference="Q4")
    assert effects.refresh_effects(prefecture=cast.prefecture) == 1
    older = MeasuredPoint(WAVE - timedelta(days=9), Decimal("0.4"), "Vague 1 bis", "Enquête")
    monkeypatch.setattr(SpecimenMeasure, "point", older)
    assert effects.refresh_effects(prefecture=cast.prefecture) == 0
    revised = MeasuredPoint(WAVE, Decimal("0.64"), "Vague 2", "Enquête, recalculée")
    monkeypatch.setattr(SpecimenMeasure, "point", revised)
    assert effects.refresh_effects(prefecture=cast.prefecture) == 1
    values = [str(item.value) for item in EffectReading.objects.order_by("pk")]
    assert values == ["0.630000", "0.640000"], "what was shown stays"


def test_a_closed_action_is_left_alone(specimens: None, cast: Cast) -> None:
    action = make_action(cast.prefecture)
    make_measure(action, source="tests.survey", reference="Q4")
    action.state = ActionState.EFFECTIVE
    action.save()
    assert effects.refresh_effects() == 0


def test_a_source_that_fails_keeps_the_others_from_nothing(
    specimens: None, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def effect(self: SpecimenMeasure, **given: Any) -> None:
        raise RuntimeError("panne")

    action = make_action(cast.prefecture)
    make_measure(action, source="tests.survey", reference="Q4")
    monkeypatch.setattr(SpecimenMeasure, "effect", effect)
    assert effects.refresh_effects() == 0
    assert "its source tests.survey failed" in caplog.text


def test_a_measure_of_a_source_takes_its_words(specimens: None, cast: Cast) -> None:
    measure = signals.add_measure(
        action=make_action(cast.prefecture),
        values={"label": "Autre chose", "unit": "days"},
        scope=cast.scope("referente"),
        source="tests.survey",
        reference="Q4",
    )
    assert (measure.label, measure.unit) == ("Usagers satisfaits du délai", "percent")
    with pytest.raises(ValidationError, match="d’elles-mêmes"):
        effects.record_value(
            measure=measure,
            value=Decimal("0.6"),
            measured_on=WAVE,
            scope=cast.scope("referente"),
        )
