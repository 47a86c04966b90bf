"""Objects and rows of the documents of a démarche, for the guards."""

from accounts.models import Prefecture
from tests.cast import Cast
from tests.examples import example, growing
from tests.modules.builders import (
    accept_sheets,
    make_assessment,
    make_scene,
)


@example("modules:cycle_documents", "modules:cycle_document_request")
def documented_cycle(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene = make_scene(prefecture)
    accept_sheets(make_assessment(scene))
    return {"pk": scene.cycle.pk}


@growing("modules:cycle_documents", reader="referente", budget=14)
def documents_of_services(cast: Cast, numbers: range) -> dict[str, object]:
    scene = make_scene(cast.prefecture, extra_services=numbers.stop, name=f"Label {numbers.stop}")
    make_assessment(scene)
    return {"pk": scene.cycle.pk}
