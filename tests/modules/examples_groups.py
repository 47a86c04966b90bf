"""Objects and rows of the groups and deliverables for the guards; see tests/examples.py."""

from datetime import date, timedelta

from accounts.models import Prefecture, Service
from modules.models import GroupMember, LabelCycle
from modules.services.correspondents import name_correspondent
from modules.services.groups import add_member
from tests.cast import Cast
from tests.examples import example, growing
from tests.modules.builders import make_scene
from tests.modules.builders_groups import make_deliverable, make_group


def cycle_of(cast: Cast) -> LabelCycle:
    """The démarche of the home préfecture, opened once."""
    found: LabelCycle | None = LabelCycle.objects.filter(prefecture=cast.prefecture).first()
    return found or make_scene(cast.prefecture).cycle


@example("modules:group_list", "modules:group_create", "modules:correspondent_create")
@example("modules:deliverable_list", "modules:deliverable_create")
def cycle_of_groups(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_scene(prefecture).cycle.pk}


@example(
    "modules:correspondent_edit", "modules:correspondent_remove", "modules:correspondent_restore"
)
def correspondent(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene = make_scene(prefecture)
    named = name_correspondent(cycle=scene.cycle, service=scene.services[0], name="Mme Roux")
    return {"pk": scene.cycle.pk, "correspondent_pk": named.pk}


@example("modules:group_detail", "modules:group_edit", "modules:group_remove")
@example("modules:group_restore", "modules:member_create")
def group(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_group(make_scene(prefecture).cycle).pk}


@example("modules:member_edit", "modules:member_remove", "modules:member_restore")
def member(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    made: GroupMember = add_member(group=make_group(make_scene(prefecture).cycle), name="M. Noir")
    return {"pk": made.group_id, "member_pk": made.pk}


@example("modules:deliverable_detail", "modules:deliverable_edit", "modules:deliverable_remove")
@example("modules:deliverable_restore", "modules:deliverable_file", "modules:deliverable_begin")
@example("modules:deliverable_hand_in", "modules:deliverable_accept")
@example("modules:deliverable_send_back", "modules:deliverable_remind")
def deliverable(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene = make_scene(prefecture)
    return {"pk": make_deliverable(scene.cycle, service=scene.services[0]).pk}


@growing("modules:group_list", reader="referente", budget=22)
def many_groups(cast: Cast, numbers: range) -> dict[str, object]:
    cycle = cycle_of(cast)
    for number in numbers:
        service = Service.objects.create(prefecture=cast.prefecture, name=f"Bureau {number:02}")
        name_correspondent(cycle=cycle, service=service, user=cast.user("agent"))
        made = make_group(cycle, f"Groupe {number}")
        add_member(group=made, user=cast.user("agent"), is_pilot=True)
        make_deliverable(cycle, group=made)
    return {"pk": cycle.pk}


@growing("modules:group_detail", reader="referente", budget=26)
def many_members(cast: Cast, numbers: range) -> dict[str, object]:
    cycle = cycle_of(cast)
    made = cycle.groups.first() or make_group(cycle)
    for number in numbers:
        add_member(group=made, name=f"Membre {number}", service=cast.service)
        make_deliverable(cycle, group=made, title=f"Livrable {number}")
    return {"pk": made.pk}


@growing("modules:deliverable_list", reader="referente", budget=15, query="?whose=mine")
def many_deliverables(cast: Cast, numbers: range) -> dict[str, object]:
    cycle = cycle_of(cast)
    for number in numbers:
        make_deliverable(
            cycle,
            title=f"Livrable {number}",
            owner=cast.user("referente"),
            service=cast.service,
            group=make_group(cycle, f"Groupe {number}"),
            due_on=date(2022, 4, 1) + timedelta(days=number),
        )
    return {"pk": cycle.pk}
