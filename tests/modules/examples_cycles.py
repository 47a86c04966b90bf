"""Objects of the acts of a démarche, for the guards."""

from accounts.models import Prefecture
from tests.cast import Cast
from tests.examples import example
from tests.modules import examples as shared


@example("modules:label_decide", "modules:label_cancel")
@example("modules:cycle_close", "modules:cycle_reopen")
def validated_cycle(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    cycle = shared.choose(shared.make_cycle(prefecture), cast.user("prefet"), 4)
    return {"pk": shared.validate(cycle, cast.user("national")).pk}
