"""Objects and rows of origins, measures and of the « fil rouge » for the guards; see tests/examples.py."""

from accounts.models import Prefecture
from action_plans.follow_up_links import link_to, owner_of
from action_plans.models import Origin
from action_plans.services.evidence import attach_evidence
from action_plans.services.signals import add_typed_origin, remove_origin
from meetings.models import Decision
from modules.models import AssessmentRow
from tests.action_plans.builders import make_action
from tests.action_plans.builders_signals import make_measure
from tests.cast import Cast
from tests.examples import example, growing
from tests.meetings.scene import build_scene
from tests.modules.builders import make_assessment, make_evidence, make_scene


@example("action_plans:origin_add", "action_plans:measure_add")
def action(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_action(prefecture).pk}


@example("action_plans:origin_remove")
def origin(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    made = add_typed_origin(action=make_action(prefecture), label="Courrier")
    return {"pk": made.action_id, "origin_pk": made.pk}


@example("action_plans:origin_restore")
def untied(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    made = add_typed_origin(action=make_action(prefecture), label="Courrier")
    return {"pk": made.action_id, "history_pk": remove_origin(origin=made)}


@example("action_plans:measure_edit", "action_plans:measure_value", "action_plans:measure_remove")
@example("action_plans:measure_restore")
def measure(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    made = make_measure(make_action(prefecture))
    return {"pk": made.action_id, "measure_pk": made.pk}


@example("action_plans:follow_up", scoped=False)
def link(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    made = make_action(prefecture, owner_name="Mme Zoé Garnier", owner_email="zoe@exemple.fr")
    owner = owner_of(made)
    assert owner is not None
    return {"token": link_to(made, owner).rstrip("/").rpartition("/")[2]}


@growing("action_plans:thread_list", reader="referente", budget=34)
def threads(cast: Cast, numbers: range) -> dict[str, object]:
    """Actions from rows, from decisions and typed, with pieces and measures; orphan signals."""
    scene = make_scene(cast.prefecture, name=f"Démarche {numbers.start}", commitments=8)
    rows = list(
        AssessmentRow.objects.filter(
            sheet__assessment=make_assessment(scene, f"Auto-diagnostic {numbers.start}")
        ).order_by("pk")
    )
    meeting = build_scene(cast, slug=f"seance-{numbers.start}")
    for number, row in zip(numbers, rows, strict=False):
        row.result = "partial"
        row.save()
        made = make_action(cast.prefecture, f"Action {number}", service=cast.service)
        decision = Decision.objects.create(minutes=meeting.minutes, text=f"Faire {number}")
        for source, reference in (
            ("modules.assessment_row", row.pk),
            ("meetings.decision", decision.pk),
        ):
            Origin.objects.create(
                action=made, source=source, reference=str(reference), label="Signal"
            )
        make_measure(made)
        proof = make_evidence(scene, title=f"Pièce {number}")
        attach_evidence(action=made, pieces=[proof], by=None)
        Decision.objects.create(minutes=meeting.minutes, text=f"Orpheline {number}")
    return {}


@growing("action_plans:origin_add", reader="referente", budget=16)
def searched(cast: Cast, numbers: range) -> dict[str, object]:
    made = make_action(cast.prefecture)
    scene = make_scene(cast.prefecture, name=f"Démarche {numbers.start}", commitments=8)
    found = make_assessment(scene, f"Auto-diagnostic {numbers.start}")
    AssessmentRow.objects.filter(sheet__assessment=found).update(result="partial")
    for number in numbers:
        add_typed_origin(action=made, label=f"Courrier {number}")
    return {"pk": made.pk}
