"""Working groups and their members."""

from django.db import transaction

from accounts.models import Service, User
from modules.models import GroupMember, LabelCycle, WorkingGroup
from modules.services.correspondents import person_values
from modules.services.writing import remove, restore, write


@transaction.atomic
def form_group(*, cycle: LabelCycle, name: str, theme: str = "", mission: str = "") -> WorkingGroup:
    """Form a working group."""
    group = WorkingGroup(cycle=cycle)
    write(group, {"name": name, "theme": theme, "mission": mission})
    return group


@transaction.atomic
def update_group(*, group: WorkingGroup, name: str, theme: str, mission: str) -> WorkingGroup:
    """Change the name, the theme or the mission of a group."""
    write(group, {"name": name, "theme": theme, "mission": mission})
    return group


@transaction.atomic
def remove_group(*, group: WorkingGroup) -> WorkingGroup:
    """Take a group off the pages; its members, deliverables and meetings stay as they are."""
    return remove(group)


@transaction.atomic
def restore_group(*, group: WorkingGroup) -> WorkingGroup:
    """Put a group back, unless another one took its name meanwhile."""
    return restore(group)


@transaction.atomic
def add_member(
    *,
    group: WorkingGroup,
    user: User | None = None,
    name: str = "",
    function: str = "",
    service: Service | None = None,
    is_pilot: bool = False,
) -> GroupMember:
    """Add somebody to a group; what is blank is taken from the account, if any."""
    member = GroupMember(group=group)
    _write_member(member, user, name, function, service, is_pilot)
    return member


@transaction.atomic
def update_member(
    *,
    member: GroupMember,
    user: User | None,
    name: str,
    function: str,
    service: Service | None,
    is_pilot: bool,
) -> GroupMember:
    """Change what is known of a member."""
    _write_member(member, user, name, function, service, is_pilot)
    return member


@transaction.atomic
def remove_member(*, member: GroupMember) -> GroupMember:
    """Take somebody out of a group; ``restore_member`` puts them back."""
    return remove(member)


@transaction.atomic
def restore_member(*, member: GroupMember) -> GroupMember:
    """Put somebody back in a group, unless they were added again meanwhile."""
    return restore(member)


def _write_member(
    member: GroupMember,
    user: User | None,
    name: str,
    function: str,
    service: Service | None,
    is_pilot: bool,
) -> None:
    person = person_values(user, name, function, "")
    del person["email"]  # a member of a group is reached through their account
    write(member, {"service": service, "is_pilot": is_pilot, **person})
