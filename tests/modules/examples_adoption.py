"""Objects and rows of adoptions, for the guards."""

from accounts.models import Prefecture
from modules.services.adoption import adopt_referential
from tests.cast import Cast
from tests.examples import example, growing
from tests.modules.builders import make_assessment, make_scene, open_to_auditors
from tests.modules.builders_adoption import (
    DUE_ON,
    STARTED_ON,
    answered_scene,
    following_referential,
)


@example("modules:cycle_adopt")
def cycle_with_successor(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene, _ = answered_scene(prefecture)
    following_referential()
    return {"pk": scene.cycle.pk}


@example("modules:adoption_detail", "modules:adoption_undo")
def adoption(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene, _ = answered_scene(prefecture)
    made = adopt_referential(
        cycle=scene.cycle,
        referential=following_referential(),
        name="Reprise",
        started_on=STARTED_ON,
        due_on=DUE_ON,
        by=cast.user("referente"),
    )
    assert made.new_cycle is not None
    open_to_auditors(made.new_cycle)
    return {"pk": made.pk}


@growing("modules:cycle_adopt", reader="referente", budget=40)
def services_to_carry(cast: Cast, numbers: range) -> dict[str, object]:
    scene = make_scene(cast.prefecture, extra_services=numbers.stop, name=f"Label {numbers.stop}")
    make_assessment(scene)
    if numbers.start == 0:
        following_referential()
    return {"pk": scene.cycle.pk}
