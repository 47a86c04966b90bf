"""Objects and rows of the procedure sheets for the guards; see tests/examples.py."""

from accounts.models import Prefecture, Service
from modules.services.procedures import acknowledge_procedure, start_version
from tests.cast import Cast
from tests.examples import example, growing
from tests.modules.builders import make_scene
from tests.modules.builders_groups import approve, make_procedure


@example("modules:procedure_detail", "modules:procedure_edit", "modules:procedure_commitments")
@example("modules:procedure_compare", "modules:procedure_acknowledge")
@example("modules:procedure_remove", "modules:procedure_restore", "modules:procedure_write")
@example("modules:procedure_text_save", "modules:procedure_upload", "modules:procedure_detach")
@example("modules:procedure_start", "modules:procedure_submit", "modules:procedure_approve")
@example("modules:procedure_send_back")
def procedure(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    """In force, so that the auditors see it, with a second version being written."""
    scene = make_scene(prefecture)
    made = make_procedure(cast, prefecture, service=scene.services[0], services=scene.services)
    approve(made, cast.user("prefet"))
    made.refresh_from_db()
    start_version(procedure=made, by=cast.user("referente"))
    return {"pk": made.pk}


@example("modules:procedure_file")
def version(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {**procedure(cast, prefecture), "number": 1}


@growing("modules:procedure_list", reader="agent", budget=16)
def procedures(cast: Cast, numbers: range) -> dict[str, object]:
    if not cast.prefecture.label_cycles.exists():
        make_scene(cast.prefecture)
    for number in numbers:
        made = make_procedure(
            cast,
            cast.prefecture,
            reference=f"FP-{number + 1:02}",
            service=cast.service,
            services=[cast.service],
        )
        approve(made, cast.user("prefet"))
        made.refresh_from_db()
        if number % 2:
            acknowledge_procedure(
                procedure=made, service=cast.service, number=1, scope=cast.scope("agent")
            )
    return {}


@growing("modules:procedure_detail", reader="referente", budget=30)
def readings(cast: Cast, numbers: range) -> dict[str, object]:
    made = cast.prefecture.procedures.first()
    if made is None:
        make_scene(cast.prefecture)
        made = make_procedure(cast, cast.prefecture, services=[cast.service])
        approve(made, cast.user("prefet"))
    for number in numbers:
        made.services.add(
            Service.objects.create(prefecture=cast.prefecture, name=f"Bureau {number:02}")
        )
    return {"pk": made.pk}
