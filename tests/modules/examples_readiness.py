"""Objects and rows of the readiness page and of the matrix for the guards."""

from accounts.models import Prefecture, Service
from modules.enums import AssessmentState
from modules.models import Procedure, ProcedureVersion, SelfAssessment
from tests.cast import Cast
from tests.examples import example, growing
from tests.modules.builders import OPENED_ON, Scene, make_assessment, make_evidence, make_scene


@example("modules:readiness", "modules:matrix")
def assessed_cycle(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene = make_scene(prefecture)
    make_assessment(scene)
    return {"pk": scene.cycle.pk}


def make_procedure(scene: Scene, *services: Service, reference: str = "FP-1") -> Procedure:
    """Write a sheet in force about the first commitment; to be read by these services, or by all."""
    made = Procedure.objects.create(
        prefecture=scene.cycle.prefecture, reference=reference, title="Accueillir"
    )
    made.approved = ProcedureVersion.objects.create(procedure=made, number=1)
    made.save()
    made.commitments.add(scene.commitments[0])
    made.services.set(services)
    return made


@growing("modules:readiness", reader="referente", budget=20)
@growing("modules:matrix", reader="referente", budget=20, query="?module=tous")
def points(cast: Cast, numbers: range) -> dict[str, object]:
    """More services, pieces and procedure sheets each time; the last self-assessment is read."""
    scene = _scene_with(cast.prefecture, numbers.stop)
    SelfAssessment.objects.filter(cycle=scene.cycle).update(
        state=AssessmentState.CLOSED, closed_on=OPENED_ON
    )
    make_assessment(scene, f"Auto-diagnostic {numbers.stop}")
    for number in numbers:
        make_evidence(scene, *scene.commitments, title=f"Pièce {number}")
        make_procedure(scene, scene.services[number], reference=f"FP-{number}")
    return {"pk": scene.cycle.pk}


def _scene_with(prefecture: Prefecture, services: int) -> Scene:
    existing = prefecture.label_cycles.order_by("pk").first()
    if existing is None:
        return make_scene(prefecture, extra_services=services)
    for rank in range(services):
        Service.objects.get_or_create(prefecture=prefecture, name=f"Service {rank + 1:02}")
    rows = existing.referential.commitments.order_by("position").select_related("heading__module")
    found = Service.objects.filter(prefecture=prefecture).order_by("pk")
    return Scene(existing, existing.referential, list(rows), list(found))
